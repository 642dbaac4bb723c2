"""Django's name card of this app."""

from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    """Names the app."""

    name = "screening"
    label = "screening"

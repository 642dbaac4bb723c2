"""Django's name card of this app."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Names the app."""

    name = "trustfund.notices"
    label = "notices"

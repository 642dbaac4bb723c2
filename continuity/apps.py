"""Django's name card of this app."""

from django.apps import AppConfig


class ContinuityConfig(AppConfig):
    """Names the app."""

    name = "continuity"
    label = "continuity"

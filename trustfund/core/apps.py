"""Django's name card of this app."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Names the app."""

    name = "trustfund.core"
    label = "core"

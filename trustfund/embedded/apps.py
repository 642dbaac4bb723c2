"""Django's name card of this app."""

from django.apps import AppConfig


class EmbeddedConfig(AppConfig):
    """Names the app."""

    name = "trustfund.embedded"
    label = "embedded"

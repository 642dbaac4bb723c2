"""Django's name card of this app."""

from django.apps import AppConfig


class DonorsConfig(AppConfig):
    """Names the app."""

    name = "donors"
    label = "donors"

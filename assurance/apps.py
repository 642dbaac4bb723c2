"""Django's name card of this app."""

from django.apps import AppConfig


class AssuranceConfig(AppConfig):
    """Names the app."""

    name = "assurance"
    label = "assurance"

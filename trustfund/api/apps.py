"""Django's name card of this app."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Names the app."""

    name = "trustfund.api"
    label = "api"

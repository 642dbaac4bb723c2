"""Django's name card of this app."""

from django.apps import AppConfig


class BankConfig(AppConfig):
    """Names the app."""

    name = "bank"
    label = "bank"

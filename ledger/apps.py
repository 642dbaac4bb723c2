"""Django's name card of this app."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Names the app."""

    name = "ledger"
    label = "ledger"

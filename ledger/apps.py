"""Django's name card of this app."""

from django.apps import AppConfig
from django.core import checks


class LedgerConfig(AppConfig):
    """Names the app, and registers what it checks."""

    name = "ledger"
    label = "ledger"

    def ready(self) -> None:
        """Register the check of the clock. Imported here, because models are not loaded before."""
        from ledger.checks import check_clock  # noqa: PLC0415 - Django allows no earlier

        checks.register(check_clock, checks.Tags.database)

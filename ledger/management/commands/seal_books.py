"""Seal what is finished, now rather than at the next minute."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from ledger import operations


class Command(BaseCommand):
    """`manage.py seal_books`: the same that beat does every minute."""

    help = "Seal every finished entry and fold it into the roll-ups."

    def handle(self, *args: Any, **options: Any) -> None:
        """Seal, and say how many seals that made."""
        del args, options
        self.stdout.write(_("%(n)s seals made.") % {"n": operations.seal_books()})

"""Make the roll-ups of the books anew."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from ledger import operations


class Command(BaseCommand):
    """`manage.py rebuild_rollups`: derived figures are written anew; the books themselves are not touched."""

    help = "Make the roll-ups anew from the entries that are sealed."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild, and say how far."""
        del args, options
        self.stdout.write(_("The roll-ups of %(n)s seals are made anew.") % {"n": operations.rebuild_rollups()})

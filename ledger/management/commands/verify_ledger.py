"""Recompute the books from raw rows and name the first difference."""

from argparse import ArgumentParser
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from ledger.models import Entry, Seal
from ledger.queries.verification import differences, see_one_moment


class Command(BaseCommand):
    """`manage.py verify_ledger`: ends with 1 and a sentence if anything in the books is not as it should be."""

    help = "Recompute entries, lines, balances, roll-ups and seals from raw rows and name the first difference."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take how many differences to name."""
        parser.add_argument("--most", type=int, default=1, help="how many differences to name (1)")

    def handle(self, *args: Any, **options: Any) -> None:
        """
        Check the books as they stand at one moment.

        :raises CommandError: with the first differences, if there are any
        """
        del args
        with transaction.atomic(durable=True):
            see_one_moment()
            found = list(islice(differences(), options["most"]))
            entries, seal = Entry.objects.count(), Seal.objects.order_by("-n").first()
        if found:
            raise CommandError("\n".join(found))
        self.stdout.write(
            _("%(entries)s entries are sound; %(sealed)s of them are sealed, up to seal %(n)s with head %(root)s.")
            % {
                "entries": entries,
                "sealed": seal.size if seal else 0,
                "n": seal.n if seal else 0,
                "root": bytes(seal.root).hex() if seal else "-",
            }
        )

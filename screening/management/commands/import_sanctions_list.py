"""`manage.py import_sanctions_list un FILE --actor …`: take a published list into force and look at everybody anew."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from screening import operations, queries
from screening.readers import LARGEST_BYTES, Source
from trustfund.core import clock
from trustfund.core.models import User
from trustfund.core.refusals import Refusal


class Command(BaseCommand):
    """Loads a list as a person of the secretariat would in the browser."""

    help = "Take a published sanctions list into force: un, ofac or eu, and the file as its publisher gives it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name the list, the file and who loads it."""
        parser.add_argument("source", choices=[str(source) for source in Source])
        parser.add_argument("file", type=Path)
        parser.add_argument("--actor", required=True, help="e-mail address of a secretariat officer")

    def handle(self, *args: Any, **options: Any) -> None:
        """
        Load it, then look at everybody.

        :raises CommandError: if the file or the person is not there, or the list is refused or cannot be read
        """
        del args
        path: Path = options["file"]
        actor = User.objects.filter(email__iexact=options["actor"]).first()
        if actor is None:
            raise CommandError(f"Nobody signs in as {options['actor']}. Name a secretariat officer.")
        if not path.is_file() or path.stat().st_size > LARGEST_BYTES:
            raise CommandError(f"{path} is no file, or larger than 64 MB.")
        try:
            file = operations.record_list(
                source=Source(options["source"]), content=path.read_bytes(), actor=actor, at=clock.now()
            )
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        if not file.is_readable:
            raise CommandError(f"{file.trouble} Screening is closed until a good list is loaded.")
        edition = queries.edition()
        waiting = list(queries.unscreened(edition).values_list("pk", flat=True)) if edition.is_whole else []
        for party_id in waiting:
            operations.screen_party(party_id=party_id, actor=None, at=clock.now())
        self.stdout.write(f"{file}: {file.entries} entries, {file.names} names. {len(waiting)} parties looked at.")

"""Brings a published file of exchange rates into the books: every row's fate is said, then what is new is recorded."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from donors import operations, queries, rate_files
from donors.models import RateFile
from donors.rate_files import Published
from trustfund.core import clock
from trustfund.core.models import User
from trustfund.core.refusals import Refusal
from trustfund.core.roles import RoleName


class Command(BaseCommand):
    """Reads the file whole; one that contradicts itself is refused whole."""

    help = (
        "Record the rates of a published file: UN operational rates (XML), or the ECB's reference rates (CSV or zip)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Say what can be said on the command line."""
        parser.add_argument("file", type=Path, help="a file of rates as the UN or the ECB publishes it")
        parser.add_argument("--actor", metavar="EMAIL", required=True, help="who brings it; of the secretariat")
        parser.add_argument("--only-look", action="store_true", help="say what would be recorded, and record nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """
        Say every row's fate, and take the file unless it is only to be looked at.

        :raises CommandError: if the file or the person is refused
        """
        del args
        actor = User.objects.filter(email__iexact=options["actor"]).first()
        if actor is None or not actor.holds(RoleName.SECRETARIAT):
            raise CommandError(_("Say who brings the file: --actor and the address of a secretariat officer."))
        try:
            content = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(
                _("%(file)s cannot be read: %(reason)s.") % {"file": options["file"], "reason": error.strerror}
            ) from None
        try:
            file = operations.bring_rate_file(name=options["file"].name, content=content, actor=actor, at=clock.now())
            for sentence in _fates(file):
                self.stdout.write(sentence)
            if options["only_look"]:
                return
            taken = operations.take_rate_file(file_id=file.pk, actor=actor, at=clock.now())
        except Refusal as refusal:
            raise CommandError(refusal.message) from None
        number = taken.taken or 0
        self.stdout.write(_taken(taken, number))


def _taken(file: RateFile, number: int) -> str:
    if file.values_money:
        words = ngettext(
            "%(number)s rate is recorded from %(file)s.", "%(number)s rates are recorded from %(file)s.", number
        )
    else:
        words = ngettext("%(number)s day is kept from %(file)s.", "%(number)s days are kept from %(file)s.", number)
    return words % {"number": number, "file": file.reference}


def _fates(file: RateFile) -> Iterator[str]:
    """Yield a sentence for each rate of a file, or for each day of the ECB's that is not simply new or the same."""
    content = bytes(file.content)
    if not file.values_money:
        days = queries.fates_of_days(rate_files.reference_days(content))
        for fate in queries.Fate:
            if number := sum(day.fate is fate for day in days):
                yield _("%(number)s days: %(fate)s") % {"number": number, "fate": fate.value}
        return
    for row in queries.fates_of_rates(rate_files.operational_rates(content), clock.today()):
        said = f"{row.fate.value}. {row.reason}" if row.reason else row.fate.value
        if isinstance(row.row, Published):
            yield f"{row.row.currency} {row.row.units_per_usd} from {row.row.effective_on}: {said}"
        else:
            yield f"{row.row.currency}: {said}"

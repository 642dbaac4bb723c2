"""`manage.py import_projects FILE…`: bring in published country-based pooled fund projects as submitted proposals."""

import time
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from disbursements.operations.imports import bring_in_project
from disbursements.published_projects import CURRENCY, numbered_rows, row_of
from disbursements.queries.imports import total_brought_in
from ledger import queries as ledger_queries
from trustfund.core import clock
from trustfund.core.models import User
from trustfund.core.money import Money, total
from trustfund.core.refusals import AlreadyDone, Refusal
from trustfund.core.roles import RoleName

_EVERY = 250


@dataclass
class Tally:
    """What became of the rows."""

    read: int = 0
    new: int = 0
    known: int = 0
    refused: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    amounts: Money = field(default_factory=lambda: Money.zero(CURRENCY))
    raised: int = 0
    raised_by: Money = field(default_factory=lambda: Money.zero(CURRENCY))


class Command(BaseCommand):
    """Reads each row, calls one operation for it, and says at the end what came in and what did not, and why."""

    help = "Bring in published country-based pooled fund projects as submitted proposals. Safe to run twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what can be typed."""
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--on-bad-row", choices=["stop", "continue"], default="stop")
        parser.add_argument("--limit", type=int, default=None, metavar="N", help="read at most N rows in all")
        parser.add_argument("--actor", default="", metavar="EMAIL", help="who of the secretariat brings them in")

    def handle(self, *args: Any, **options: Any) -> None:
        """
        Bring the rows in.

        :raises CommandError: if a file cannot be read, a row is refused under `stop`, or the totals differ
        """
        del args
        actor = _actor(options["actor"])
        count = Tally()
        started = time.monotonic()
        for path, line, fields in _rows(options["files"], options["limit"]):
            count.read += 1
            self._bring_in(path, line, fields, actor, count, stop=options["on_bad_row"] == "stop")
            if count.read % _EVERY == 0:
                rate = count.read / (time.monotonic() - started)
                self.stdout.write(_("%(read)s rows read, %(rate).0f a second") % {"read": count.read, "rate": rate})
        self._report(count, time.monotonic() - started)

    def _bring_in(
        self, path: Path, line: int, fields: dict[str, str] | None, actor: User, count: Tally, *, stop: bool
    ) -> None:
        try:
            row = row_of(fields)
            try:
                bring_in_project(row=row, source=path.name, line=line, actor=actor, at=clock.now())
            except AlreadyDone:
                count.known += 1
            else:
                count.new += 1
        except Refusal as refusal:
            reason = f"{path.name}:{line}: {refusal.message}"
            if stop:
                raise CommandError(
                    _("%(reason)s Nothing of this row came in; rows before it did.") % {"reason": reason}
                ) from None
            self.stderr.write(reason)
            count.refused.append(reason)
            return
        count.codes.append(row.code)
        count.amounts += row.amount
        if row.raised_by:
            count.raised += 1
            count.raised_by += row.raised_by

    def _report(self, count: Tally, seconds: float) -> None:
        write = self.stdout.write
        write(
            _("%(read)s rows in %(seconds).1f seconds: %(new)s brought in, %(known)s known before, %(refused)s refused")
            % {
                "read": count.read,
                "seconds": seconds,
                "new": count.new,
                "known": count.known,
                "refused": len(count.refused),
            }
        )
        for reason in count.refused:
            write(_("refused: %(reason)s") % {"reason": reason})
        if count.raised:
            write(
                _("%(number)s printed direct costs, rounded to seven digits, were raised by %(amount)s to obey 7 %%")
                % {"number": count.raised, "amount": count.raised_by}
            )
        held = total_brought_in(count.codes)
        write(_("total of these rows in the files: %(total)s") % {"total": count.amounts})
        write(_("total of these rows in the fund:  %(total)s") % {"total": held})
        lines = ledger_queries.trial_balance()
        for currency in sorted({line.currency for line in lines} | {CURRENCY}):
            debits = total((line.debit for line in lines if line.currency == currency), currency)
            credits_ = total((line.credit for line in lines if line.currency == currency), currency)
            write(_("trial balance in %(currency)s: %(rest)s") % {"currency": currency, "rest": debits - credits_})
            if debits != credits_:
                raise CommandError(_("The trial balance is not zero. Stop posting and call an auditor."))
        if held != count.amounts:
            raise CommandError(_("The totals differ. Compare the files with the list of proposals."))


def _rows(files: list[Path], limit: int | None) -> Iterator[tuple[Path, int, dict[str, str] | None]]:
    read = 0
    for path in files:
        try:
            with path.open(encoding="utf-8-sig", newline="") as lines:
                for line, fields in numbered_rows(lines):
                    if limit is not None and read >= limit:
                        return
                    read += 1
                    yield path, line, fields
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(_("%(file)s cannot be read: %(why)s") % {"file": path, "why": error}) from None
        except Refusal as refusal:
            raise CommandError(f"{path.name}: {refusal.message}") from None


def _actor(email: str) -> User:
    secretariat = User.objects.filter(is_active=True, roles__name=RoleName.SECRETARIAT, roles__ended_at=None).order_by(
        "joined_at"
    )
    found = list(secretariat.filter(email__iexact=email) if email else secretariat[:2])
    if len(found) != 1:
        raise CommandError(
            _("Say who of the secretariat brings these in: --actor EMAIL. Every row is recorded under that name.")
        )
    return found[0]

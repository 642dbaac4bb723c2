"""Brings a published file of contributions into the books, through the operations; run twice, it doubles nothing."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from donors import operations, rates
from donors.contributions import BadRow, Contribution, Stage, read
from donors.models import Pledge
from ledger import chart
from ledger import queries as ledger_queries
from trustfund.core import clock
from trustfund.core.models import User
from trustfund.core.money import Money, total
from trustfund.core.refusals import Refusal
from trustfund.core.roles import RoleName


@dataclass
class Sums:
    """What one currency adds up to, in USD: signed, only announced, received."""

    signed: Money = field(default_factory=lambda: Money.zero(rates.FUND_CURRENCY))
    announced: Money = field(default_factory=lambda: Money.zero(rates.FUND_CURRENCY))
    received: Money = field(default_factory=lambda: Money.zero(rates.FUND_CURRENCY))

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(self.signed + other.signed, self.announced + other.announced, self.received + other.received)


class Command(BaseCommand):
    """Reads the file whole, then brings it over row by row, and ends with totals that must equal the file's."""

    help = "Bring contributions (pledges and receipts, amounts in USD) of a CERF file into the books."

    def add_arguments(self, parser: CommandParser) -> None:
        """Say what can be said on the command line."""
        parser.add_argument("file", type=Path, help="a CSV file as CERF publishes it")
        parser.add_argument("--on-bad-row", choices=["stop", "continue"], default="stop")
        parser.add_argument("--actor", metavar="EMAIL", help="who brings it over; of the secretariat")
        parser.add_argument(
            "--fee-rate", default="0", help="the fund's fee as a fraction of each receipt, such as 0.01"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """
        Bring the file over.

        :raises CommandError: if the file or a row is refused and it was not told to go on, or if the totals differ
        """
        del args
        actor = _actor(options["actor"])
        fee_rate = _fee_rate(options["fee_rate"])
        goes_on = options["on_bad_row"] == "continue"
        rows, bad = _read(options["file"])
        if bad and not goes_on:
            raise CommandError(_("%(row)s\nNothing was brought over.") % {"row": _sentence(bad[0])})

        brought: list[Contribution] = []
        for number, row in enumerate(rows, start=1):
            try:
                done = operations.bring_over(row, fee_rate=fee_rate, actor=actor, at=clock.now())[1]
            except Refusal as refusal:
                bad.append(BadRow(row.line, row.code, refusal.message))
                if not goes_on:
                    raise CommandError(
                        _("%(row)s\nThe %(count)s rows before it are in; run this again when it is mended.")
                        % {"row": _sentence(bad[-1]), "count": len(brought)}
                    ) from refusal
                done = _("refused")
            else:
                brought.append(row)
            self.stdout.write(f"[{number}/{len(rows)}] {row.code} {row.donor}: {done}")
        self._close(brought, bad)

    def _close(self, brought: list[Contribution], bad: list[BadRow]) -> None:
        """Print what is not in, the totals beside the file's, and the trial balance; refuse if they differ."""
        self.stdout.write("")
        self.stdout.write(
            _("Rows brought over: %(count)s. Rows refused: %(bad)s.") % {"count": len(brought), "bad": len(bad)}
        )
        for row in sorted(bad, key=lambda row: row.line):
            self.stdout.write("  " + _sentence(row))
        says, stands = _sums_of_file(brought), _sums_of_books(brought)
        self.stdout.write("")
        for currency in sorted(says):
            self._print_sums(currency, stands[currency])
        self._print_sums(_("All"), sum(stands.values(), Sums()))
        different = [currency for currency in says if says[currency] != stands[currency]]
        self.stdout.write("")
        nothing_left = self._print_trial_balance()
        if different or not nothing_left:
            raise CommandError(
                _("The books do not say what the file says (%(what)s). Compare them before you go on.")
                % {"what": ", ".join(different) or _("trial balance")}
            )
        self.stdout.write(_("The totals equal the file's, and the trial balance is zero."))

    def _print_sums(self, name: str, sums: Sums) -> None:
        self.stdout.write(
            _("%(name)s: pledged %(pledged)s (of this only announced %(announced)s), received %(received)s")
            % {
                "name": name,
                "pledged": sums.signed + sums.announced,
                "announced": sums.announced,
                "received": sums.received,
            }
        )

    def _print_trial_balance(self) -> bool:
        lines = ledger_queries.trial_balance()
        is_zero = True
        for currency in sorted({line.currency for line in lines}):
            debits = total((line.debit for line in lines if line.currency == currency), currency)
            credits_ = total((line.credit for line in lines if line.currency == currency), currency)
            is_zero = is_zero and debits == credits_
            self.stdout.write(
                _("Trial balance: debits %(debits)s, credits %(credits)s, difference %(difference)s")
                % {"debits": debits, "credits": credits_, "difference": debits - credits_}
            )
        return is_zero


def _actor(email: str | None) -> User:
    people = User.objects.filter(is_active=True, roles__name=RoleName.SECRETARIAT, roles__ended_at=None).distinct()
    found = list(people.filter(email__iexact=email) if email else people.order_by("email")[:2])
    if len(found) != 1:
        raise CommandError(_("Say who brings the file over: --actor and the e-mail address of a secretariat officer."))
    return found[0]


def _fee_rate(text: str) -> Decimal:
    try:
        rate = Decimal(text)
    except InvalidOperation:
        rate = Decimal("NaN")
    if not rate.is_finite() or not 0 <= rate < 1:
        raise CommandError(_("The fee is a fraction of each receipt, such as 0.01."))
    return rate


def _read(file: Path) -> tuple[list[Contribution], list[BadRow]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(read(lines))
    except OSError as error:
        raise CommandError(
            _("%(file)s cannot be read: %(reason)s.") % {"file": file, "reason": error.strerror}
        ) from None
    except UnicodeDecodeError:
        raise CommandError(_("%(file)s is not UTF-8 text. Save it so and try again.") % {"file": file}) from None
    except Refusal as refusal:
        raise CommandError(refusal.message) from None
    return [row for row in rows if isinstance(row, Contribution)], [row for row in rows if isinstance(row, BadRow)]


def _sentence(row: BadRow) -> str:
    return _("Line %(line)s %(code)s: %(reason)s") % {"line": row.line, "code": row.code, "reason": row.reason}


def _sums_of_file(rows: list[Contribution]) -> dict[str, Sums]:
    sums: defaultdict[str, Sums] = defaultdict(Sums)
    for row in rows:
        nothing = Money.zero(rates.FUND_CURRENCY)
        is_announced = row.stage is Stage.PIPELINE
        sums[row.currency] += Sums(
            signed=nothing if is_announced else row.pledged,
            announced=row.pledged if is_announced else nothing,
            received=row.received,
        )
    return sums


def _sums_of_books(rows: list[Contribution]) -> dict[str, Sums]:
    """Return the same sums from the books: signed pledges from the ledger, receipts as they stand."""
    sums: defaultdict[str, Sums] = defaultdict(Sums)
    in_books = ledger_queries.balances_under(f"{chart.PLEDGED}.", rates.FUND_CURRENCY)
    nothing = Money.zero(rates.FUND_CURRENCY)
    codes = [row.code for row in rows]
    for pledge in Pledge.objects.filter(external_reference__in=codes).prefetch_related("receipts"):
        standing = [receipt.gross_usd for receipt in pledge.receipts.all() if not receipt.is_reversed]
        sums[pledge.payment_currency] += Sums(
            signed=-in_books.get(chart.under(chart.PLEDGED, pledge.reference), nothing),
            announced=nothing if pledge.is_signed else pledge.amount,
            received=total(standing, rates.FUND_CURRENCY),
        )
    return sums

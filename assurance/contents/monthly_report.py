"""The monthly audit report: position, trial balance, what was booked, decided and paid."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.conf import settings
from django.utils.translation import gettext as _

from assurance import wording
from assurance.contents.agreement import require_same
from assurance.contents.position import sources_and_uses
from assurance.lines import SourcesAndUses
from assurance.periods import Month
from committee.models import Decision
from disbursements.queries.goods import let_pass_between
from ledger import chart
from ledger import queries as ledger_queries
from ledger.queries import TrialBalanceLine
from trustfund.core.money import Money, total


@dataclass(frozen=True)
class DecisionLine:
    """A decision of the committee in the month."""

    reference: str
    motion: str
    title: str
    amount: Money
    outcome: str
    decided_at: datetime

    @property
    def outcome_label(self) -> object:
        """The word for how it ended."""
        return wording.OUTCOMES[self.outcome]


@dataclass(frozen=True)
class PaymentLine:
    """One step of a payment that moved money in the month, as the ledger booked it."""

    reference: str
    kind: str
    effective_on: date
    amount: Money


@dataclass(frozen=True)
class OverrideLine:
    """What the committee let pass outside an exemption in the month."""

    decision: str
    about: str
    words: str
    reason: str


@dataclass(frozen=True)
class MonthlyReport:
    """The month for the auditors: position, trial balance, what was booked, decided, paid, and let pass."""

    as_of: date
    first_day: date
    position: SourcesAndUses
    trial_balance: tuple[TrialBalanceLine, ...]
    trial_totals: tuple[TrialBalanceLine, ...]
    entries: tuple[tuple[str, int], ...]
    decisions: tuple[DecisionLine, ...]
    payments: tuple[PaymentLine, ...]
    overrides: tuple[OverrideLine, ...]


def monthly_report(month: Month) -> MonthlyReport:
    """
    Return the audit report of a month.

    :raises BooksDisagree: if the statement does not add up, or the trial balance does not balance in a currency
    """
    lines = tuple(ledger_queries.trial_balance(month.last))
    return MonthlyReport(
        as_of=month.last,
        first_day=month.first,
        position=sources_and_uses(month.last),
        trial_balance=lines,
        trial_totals=tuple(_trial_totals(lines)),
        entries=tuple(sorted(ledger_queries.counts_by_kind(month.first, month.last).items())),
        decisions=tuple(_decisions(month)),
        payments=tuple(_payments(month)),
        overrides=tuple(_overrides(month)),
    )


def _trial_totals(lines: Iterable[TrialBalanceLine]) -> Iterable[TrialBalanceLine]:
    by_currency: dict[str, list[TrialBalanceLine]] = {}
    for line in lines:
        by_currency.setdefault(line.currency, []).append(line)
    for currency, those in sorted(by_currency.items()):
        debit = total((line.debit for line in those), currency)
        credit = total((line.credit for line in those), currency)
        require_same(_("trial balance in %(currency)s") % {"currency": currency}, debit, credit)
        yield TrialBalanceLine(code="", name="", currency=currency, debit=debit, credit=credit)


def _decisions(month: Month) -> Iterable[DecisionLine]:
    begins = datetime.combine(month.first, time.min, tzinfo=UTC)
    ends = datetime.combine(month.following().first, time.min, tzinfo=UTC)
    decided = Decision.objects.filter(decided_at__gte=begins, decided_at__lt=ends).select_related("motion")
    for decision in decided.order_by("decided_at", "reference"):
        yield DecisionLine(
            reference=decision.reference,
            motion=decision.motion.reference,
            title=decision.motion.title,
            amount=decision.motion.amount,
            outcome=decision.outcome,
            decided_at=decision.decided_at,
        )


def _overrides(month: Month) -> Iterable[OverrideLine]:
    begins = datetime.combine(month.first, time.min, tzinfo=UTC)
    ends = datetime.combine(month.following().first, time.min, tzinfo=UTC)
    for one in let_pass_between(begins, ends):
        tranche = one.declaration.tranche.reference if one.declaration else ""
        shipment = one.shipment.reference if one.shipment else ""
        yield OverrideLine(
            decision=one.decision,
            about=f"{one.exemption.reference} {tranche or shipment}".strip(),
            words=" ".join(one.words),
            reason=one.reason,
        )


def _payments(month: Month) -> Iterable[PaymentLine]:
    """Yield the payments that left cash, arrived or came back; what is moved is what account 1200 gained or lost."""
    for entry in ledger_queries.entries_between(month.first, month.last, kind_prefix="payment."):
        moved = [line.money for line in entry.lines.select_related("account") if line.account.code == chart.IN_TRANSIT]
        if moved:
            yield PaymentLine(
                reference=entry.reference,
                kind=entry.kind,
                effective_on=entry.effective_on,
                amount=abs(total(moved, settings.FUND_CURRENCY)),
            )

"""How a promise has come along: every step with its own day and the day on which it was written down (R14)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from django.utils.translation import gettext as _

from donors.models import Call, Pledge
from donors.queries.versions import versions_of
from donors.states import Status


@dataclass(frozen=True)
class Step:
    """
    One step of a pledge.

    :ivar is_out_of_order: whether it happened before a step that was written down earlier; it is shown, never refused
    """

    state: str
    words: str
    value_on: date
    entered_at: datetime
    is_out_of_order: bool = False

    @property
    def days_between(self) -> int:
        """How many days after it happened it was written down."""
        return (self.entered_at.astimezone(UTC).date() - self.value_on).days


def steps_of(pledge: Pledge) -> list[Step]:
    """Return the steps of a pledge in the order in which they were written down, earliest first."""
    steps = sorted([*_promise(pledge), *_calls(pledge), *_money(pledge)], key=lambda step: step.entered_at)
    latest = date.min
    found = []
    for step in steps:
        found.append(replace(step, is_out_of_order=step.value_on < latest))
        latest = max(latest, step.value_on)
    return found


def _promise(pledge: Pledge) -> Iterator[Step]:
    yield Step(Status.ANNOUNCED, _("Announced"), pledge.announced_on, pledge.recorded_at)
    conditions = list(pledge.conditions.order_by("number"))
    if conditions and pledge.agreement is not None:
        yield Step(Status.CONDITIONAL, _("Signed under conditions"), pledge.agreement.signed_on, pledge.recorded_at)
    for condition in conditions:
        if condition.met_on is not None and condition.met_at is not None:
            words = _("Condition %(number)s met") % {"number": condition.number}
            yield Step("met", words, condition.met_on, condition.met_at)
    for version in versions_of(pledge):
        if version.number == 1:
            yield Step(Status.SIGNED, _("Signed, in the books"), version.in_force_on, version.recorded_at)
        else:
            words = _("Amended: %(amount)s, version %(version)s of the agreement") % {
                "amount": version.amount,
                "version": version.agreement.version,
            }
            yield Step("amended", words, version.in_force_on, version.recorded_at)


def _calls(pledge: Pledge) -> Iterator[Step]:
    calls = Call.objects.filter(instalment__pledge=pledge).select_related("instalment", "withdrawal")
    for call in calls.order_by("issued_at"):
        about = {"number": call.instalment.number, "amount": call.amount}
        words = _("Instalment %(number)s called: %(amount)s") % about
        yield Step(Status.CALLED, words, call.issued_at.astimezone(UTC).date(), call.issued_at)
        if call.is_withdrawn:
            at = call.withdrawal.withdrawn_at
            words = _("Call of instalment %(number)s withdrawn: %(amount)s") % about
            yield Step("withdrawn", words, at.astimezone(UTC).date(), at)


def _money(pledge: Pledge) -> Iterator[Step]:
    for receipt in pledge.receipts.order_by("recorded_at", "reference"):
        words = _("%(reference)s: %(amount)s received") % {"reference": receipt.reference, "amount": receipt.received}
        yield Step("received", words, receipt.value_on, receipt.recorded_at)
        if receipt.reversed_on is not None and receipt.reversed_at is not None:
            words = _("%(reference)s reversed") % {"reference": receipt.reference}
            yield Step("reversed", words, receipt.reversed_on, receipt.reversed_at)
    for one in pledge.write_offs.exclude(posted_on=None).order_by("carried_out_at"):
        if one.posted_on is not None and one.carried_out_at is not None:
            words = _("%(reference)s: %(amount)s written off") % {"reference": one.reference, "amount": one.amount}
            yield Step(Status.WRITTEN_OFF, words, one.posted_on, one.carried_out_at)

"""What conditional pledges wait for: each condition with what is counted for it, and totals that stand apart."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet, Sum

from committee import queries as committee_queries
from committee.matters import Kind
from committee.models import Motion
from donors import rates
from donors.conditions import Counts, Matching, Stand
from donors.models import Condition, Pledge, Receipt
from donors.states import IN_THE_BOOKS, Status
from trustfund.core.models import User
from trustfund.core.money import Money


@dataclass(frozen=True)
class Matched:
    """What others have given for a matching condition, and what that unlocks."""

    counted: Money
    needed: Money
    unlocked: Money
    cap: Money


@dataclass(frozen=True)
class ConditionRow:
    """A condition as people read it."""

    condition: Condition
    stand: Stand
    matched: Matched | None

    @property
    def words(self) -> str:
        """The rule as a sentence."""
        return self.condition.rule.words

    @property
    def can_be_shown(self) -> bool:
        """Whether an approval is waited for."""
        return self.condition.kind == Condition.APPROVAL and self.stand == Stand.WAITING

    @property
    def can_be_confirmed(self) -> bool:
        """Whether what was shown waits for a second person."""
        return self.stand == Stand.SHOWN


def counted_for(rule: Matching, pledge: Pledge, on: date) -> Money:
    """Return what other donors gave or signed since the rule's day, by a day, in USD."""
    if rule.counts == Counts.RECEIPTS:
        standing = Receipt.objects.filter(value_on__gte=rule.since, value_on__lte=on, reversed_at=None)
        counted = standing.exclude(pledge__donor=pledge.donor_id).aggregate(total=Sum("gross_usd_minor"))["total"]
    else:
        owed = [str(status) for status in IN_THE_BOOKS - {Status.WRITTEN_OFF}]
        signed = Pledge.objects.filter(signed_on__gte=rule.since, signed_on__lte=on, status__in=owed)
        counted = signed.exclude(donor=pledge.donor_id).aggregate(total=Sum("usd_minor"))["total"]
    return Money(counted or 0, rates.FUND_CURRENCY)


def condition_rows(pledge: Pledge, on: date) -> list[ConditionRow]:
    """Return the conditions of a pledge as they stand on a day."""
    return [
        ConditionRow(condition, condition.stand(on), _matched(condition, pledge, on))
        for condition in pledge.conditions.select_related("shown_by", "met_by").order_by("number")
    ]


def _matched(condition: Condition, pledge: Pledge, on: date) -> Matched | None:
    rule = condition.rule
    if not isinstance(rule, Matching):
        return None
    counted = counted_for(rule, pledge, on)
    return Matched(counted=counted, needed=rule.needed, unlocked=rule.unlocked(counted), cap=rule.cap)


def open_matching() -> QuerySet[Condition]:
    """Return the matching conditions that conditional pledges still wait for."""
    waiting = Condition.objects.filter(kind=Condition.MATCHING, met_at=None, pledge__status=Status.CONDITIONAL.value)
    return waiting.select_related("pledge").order_by("pledge__reference", "number")


def unmet_conditions(pledge: Pledge) -> QuerySet[Condition]:
    """Return the conditions of a pledge that are not met."""
    return pledge.conditions.filter(met_at=None).order_by("number")


def conditional_totals() -> list[Money]:
    """Return what is promised under conditions, one sum a currency: it stands in no other total."""
    found = Pledge.objects.filter(status=Status.CONDITIONAL.value).order_by().values_list("currency")
    return [Money(minor, currency) for currency, minor in found.annotate(total=Sum("minor")).order_by("currency")]


def approvals_to_confirm(person: User) -> QuerySet[Condition]:
    """Return the approvals that somebody else has shown and that wait for a second person."""
    shown = Condition.objects.filter(shown_at__isnull=False, met_at=None, pledge__status=Status.CONDITIONAL.value)
    return shown.exclude(shown_by=person).select_related("pledge__donor").order_by("shown_at")


def ready_pledges() -> QuerySet[Pledge]:
    """Return the conditional pledges whose conditions are all met: they can come into the books."""
    waiting = Condition.objects.filter(met_at=None).values("pledge")
    found = Pledge.objects.filter(status=Status.CONDITIONAL.value).exclude(pk__in=waiting)
    return found.select_related("donor").order_by("reference")


def motion_about_condition(pledge: Pledge) -> Motion | None:
    """Return the latest motion on accepting a conditional pledge, or nothing."""
    motion = committee_queries.motion_about(pledge.pk, 1)
    return motion if motion is not None and motion.kind == Kind.CONDITION else None

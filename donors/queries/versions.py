"""Which version of a promise is in force on a day, which instalments stand in it, and what it is worth."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from donors import rates
from donors.models import Agreement, Allocation, Instalment, Pledge, PledgeVersion, Termination, WrittenOffPart
from donors.redlines import Redline, redline
from donors.schedule import Schedule, require_adds_up
from donors.terms import Part, Promised
from trustfund.core.money import Money, total
from trustfund.core.refusals import Unacceptable


def versions_of(pledge: Pledge) -> list[PledgeVersion]:
    """Return what a pledge has promised since it came into the books, earliest first."""
    return list(pledge.versions.select_related("agreement", "recorded_by").order_by("number"))


def in_force(versions: Sequence[PledgeVersion], on: date) -> PledgeVersion | None:
    """Return the version in force on a day; before all of them the first: money may come before a signature (R14)."""
    begun = [version for version in versions if version.in_force_on <= on]
    return next(iter(begun[-1:] or versions), None)


def version_on(pledge: Pledge, on: date) -> PledgeVersion | None:
    """Return the version of a pledge in force on a day, or nothing before it is in the books."""
    return in_force(versions_of(pledge), on)


def version_known_at(pledge: Pledge, at: datetime) -> PledgeVersion:
    """Return the version of a pledge in the books that had been written down last at a moment, whatever came later."""
    versions = versions_of(pledge)
    known = [version for version in versions if version.recorded_at <= at]
    return (known[-1:] or versions)[0]


def worth_of(versions: Sequence[PledgeVersion]) -> list[rates.Worth]:
    """Return what a pledge is worth in USD as it is settled, version by version."""
    return [
        rates.Worth(Money(version.settled_minor, version.currency), version.amount, version.usd_value)
        for version in versions
    ]


def settled_of(pledge: Pledge) -> Money:
    """Return how much of a pledge its standing receipts settle."""
    settled = pledge.receipts.filter(reversed_at=None).aggregate(total=Sum("settles_minor"))["total"]
    return Money(settled or 0, pledge.currency)


def standing_on(on: date, prefix: str = "") -> Q:
    """Return the condition that an instalment stands in the version of its pledge that is in force on a day."""
    begun = Q(**{f"{prefix}in_force_on": None}) | Q(**{f"{prefix}in_force_on__lte": on})
    goes_on = Q(**{f"{prefix}replacement": None}) | Q(**{f"{prefix}replacement__replaced_on__gt": on})
    return begun & goes_on


def ended_by_notice(on: date) -> Exists:
    """Return the condition that a notice which came by a day ends an instalment's agreement before it falls due."""
    notices = Termination.objects.filter(
        agreement_reference=OuterRef("pledge__agreement__reference"),
        received_on__lte=on,
        ends_on__lt=OuterRef("due_on"),
    )
    return Exists(notices)


def standing_instalments(pledge: Pledge) -> QuerySet[Instalment]:
    """Return the instalments of a pledge as it stands now, the earliest due first."""
    return pledge.instalments.filter(replacement=None).order_by("due_on", "number")


def kept_and_free(pledge: Pledge) -> tuple[list[Instalment], list[Instalment]]:
    """
    Return the instalments of a pledge that stay, and those that an amendment may still change.

    Those stay on which money stands, and those of which the committee has given something up.
    """
    standing = list(standing_instalments(pledge))
    paid = Allocation.objects.filter(instalment__in=standing, receipt__reversed_at=None)
    given_up = WrittenOffPart.objects.filter(instalment__in=standing)
    stays = {*paid.values_list("instalment", flat=True), *given_up.values_list("instalment", flat=True)}
    return [part for part in standing if part.pk in stays], [part for part in standing if part.pk not in stays]


def require_rest(pledge: Pledge, kept: Sequence[Instalment], rest: Schedule) -> Money:
    """
    Return what a pledge promises with these instalments still to be paid.

    :raises Unacceptable: if the whole schedule could not stand
    """
    if any(part.currency != pledge.currency for _day, part in rest):
        raise Unacceptable(
            _("The instalments must be in the pledge's currency, %(currency)s.") % {"currency": pledge.currency}
        )
    whole = sorted([*((part.due_on, part.amount) for part in kept), *rest], key=lambda part: part[0])
    amount = total((part for _day, part in whole), pledge.currency)
    require_adds_up(amount, whole)
    return amount


@dataclass(frozen=True)
class Plan:
    """What an amendment would make of a pledge's instalments."""

    amount: Money
    kept: tuple[Instalment, ...]
    replaced: tuple[Instalment, ...]
    added: Schedule
    next_number: int

    @property
    def is_real(self) -> bool:
        """Whether the schedule would differ."""
        return bool(self.replaced or self.added)

    @property
    def parts(self) -> tuple[Part, ...]:
        """The whole schedule as it would stand, by number."""
        stays = (Part(part.number, part.due_on, part.amount) for part in self.kept)
        new = (Part(number, day, part) for number, (day, part) in enumerate(self.added, start=self.next_number))
        return tuple(sorted((*stays, *new), key=lambda part: part.number))


def plan_of(pledge: Pledge, rest: Schedule | None) -> Plan:
    """
    Return what becomes of a pledge's instalments if these are the ones still to be paid; without them, nothing does.

    Those on which money stands stay, and so do those that would be the same; new ones are numbered behind them.

    :raises Unacceptable: if the whole schedule could not stand
    """
    kept, free = kept_and_free(pledge)
    wanted = [(part.due_on, part.amount) for part in free] if rest is None else rest
    amount = require_rest(pledge, kept, wanted)
    same = {(part.due_on, part.amount) for part in free}
    stays = [*kept, *(part for part in free if (part.due_on, part.amount) in wanted)]
    return Plan(
        amount=amount,
        kept=tuple(stays),
        replaced=tuple(part for part in free if (part.due_on, part.amount) not in wanted),
        added=sorted((part for part in wanted if part not in same), key=lambda part: part[0]),
        next_number=max((part.number for part in stays), default=0) + 1,
    )


def promised_now(pledge: Pledge) -> Promised:
    """Return what a pledge promises now."""
    parts = tuple(Part(part.number, part.due_on, part.amount) for part in standing_instalments(pledge))
    return Promised(pledge.reference, pledge.amount, parts)


def redline_of(agreement: Agreement) -> Redline | None:
    """Return what an amendment changed of its agreement and the pledges under it; nothing for a first version."""
    before = Agreement.objects.filter(reference=agreement.reference, version=agreement.version - 1).first()
    if before is None:
        return None
    moved = list(agreement.pledge_versions.select_related("pledge").order_by("pledge__reference"))
    pledges = [version.pledge_id for version in moved]
    earlier = {(one.pledge_id, one.number): one for one in PledgeVersion.objects.filter(pledge__in=pledges)}
    parts = list(Instalment.objects.filter(pledge__in=pledges).select_related("replacement").order_by("number"))
    pairs = tuple(
        (_promised_in(old, version.pledge.reference, parts), _promised_in(version, version.pledge.reference, parts))
        for version in moved
        if (old := earlier.get((version.pledge_id, version.number - 1))) is not None
    )
    return redline(before.terms, agreement.terms, pairs)


def _promised_in(version: PledgeVersion, reference: str, parts: Sequence[Instalment]) -> Promised:
    """Return what a pledge promised in one of its versions, out of all instalments it ever had."""
    stood = (part for part in parts if part.pledge_id == version.pledge_id and part.version <= version.number)
    kept = (part for part in stood if _ends_with(part) is None or (_ends_with(part) or 0) > version.number)
    return Promised(reference, version.amount, tuple(Part(part.number, part.due_on, part.amount) for part in kept))


def _ends_with(part: Instalment) -> int | None:
    """Return the version that replaced an instalment, or nothing."""
    found = getattr(part, "replacement", None)
    return None if found is None else int(found.version)


def versions_of_agreement(agreement: Agreement) -> QuerySet[Agreement]:
    """Return every version of an agreement, latest first."""
    return Agreement.objects.filter(reference=agreement.reference).select_related("recorded_by").order_by("-version")


def latest_version_of(agreement: Agreement) -> Agreement:
    """Return the version of an agreement that no other amends."""
    return versions_of_agreement(agreement).select_related("donor")[0]

"""Which version of a promise is in force on a day, which instalments stand in it, and what it is worth."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from donors import rates
from donors.models import Agreement, Allocation, Instalment, Pledge, PledgeVersion, Termination, WrittenOffPart
from donors.schedule import Schedule, require_adds_up
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


def versions_of_agreement(agreement: Agreement) -> QuerySet[Agreement]:
    """Return every version of an agreement, latest first."""
    return Agreement.objects.filter(reference=agreement.reference).select_related("recorded_by").order_by("-version")


def latest_version_of(agreement: Agreement) -> Agreement:
    """Return the version of an agreement that no other amends."""
    return versions_of_agreement(agreement).select_related("donor")[0]

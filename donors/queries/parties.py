"""Who gives and who speaks for them, and which of it a person may see."""

from typing import Any, Final

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from donors.models import Agreement, Donor, Pledge, Receipt, Representative
from donors.states import IN_THE_BOOKS
from trustfund.core.models import User
from trustfund.core.roles import RoleName

# Who sees every donor. A donor's representative sees their own; seconded staff see none, whatever their role.
READERS: Final = (RoleName.SECRETARIAT, RoleName.AUDITOR)


def sees_donors(user: User) -> bool:
    """Return whether a person sees every donor."""
    return user.holds(*READERS) and not user.is_seconded


def donor_of(user: User) -> Donor | None:
    """Return the donor a person represents now, if any."""
    if user.is_seconded or not user.holds(RoleName.DONOR_REPRESENTATIVE):
        return None
    return Donor.objects.filter(representatives__person=user, representatives__ended_at=None).first()


def language_of(donor: Donor) -> str:
    """Return the language a donor is written to in: of whoever has spoken for it longest, if the fund speaks it."""
    speaks = donor.representatives.filter(ended_at=None).order_by("appointed_at", "pk")
    language = speaks.values_list("person__language", flat=True).first()
    return language if language in dict(settings.LETTER_LANGUAGES) else settings.LANGUAGE_CODE


def donors_visible_to(user: User) -> QuerySet[Donor]:
    """Return the donors a person may know of: all, their own, or none."""
    if sees_donors(user):
        return Donor.objects.all()
    own = donor_of(user)
    return Donor.objects.none() if own is None else Donor.objects.filter(pk=own.pk)


def pledges_visible_to(user: User) -> QuerySet[Pledge]:
    """Return the pledges a person may open."""
    return Pledge.objects.filter(donor__in=donors_visible_to(user)).select_related("donor", "agreement")


def receipts_visible_to(user: User) -> QuerySet[Receipt]:
    """Return the receipts a person may open, latest recorded first."""
    return (
        Receipt.objects.filter(pledge__donor__in=donors_visible_to(user))
        .select_related("pledge__donor", "rate", "recorded_by", "reversed_by", "confirmed_by", "line")
        .order_by("-recorded_at", "-reference")
    )


def pledges_of(user: User) -> QuerySet[Pledge]:
    """Return the pledges of the donor whom a person represents, latest first."""
    own = donor_of(user)
    found = Pledge.objects.none() if own is None else Pledge.objects.filter(donor=own)
    return found.select_related("donor", "agreement").order_by("-announced_on", "-reference")


def donors_with_totals() -> QuerySet[Donor]:
    """Return the donors by name, each with its signed pledges and its standing receipts in minor units of USD."""
    pledged = (
        Pledge.objects.filter(donor=OuterRef("pk"), status__in=[str(status) for status in IN_THE_BOOKS])
        .order_by()
        .values("donor")
        .annotate(total=Sum("usd_minor"))
        .values("total")
    )
    received = (
        Receipt.objects.filter(pledge__donor=OuterRef("pk"), reversed_at=None)
        .order_by()
        .values("pledge__donor")
        .annotate(total=Sum("gross_usd_minor"))
        .values("total")
    )
    return Donor.objects.annotate(
        pledged_usd_minor=Coalesce(Subquery(pledged), 0), received_usd_minor=Coalesce(Subquery(received), 0)
    ).order_by("name")


def agreements_of(donor: Donor) -> QuerySet[Agreement]:
    """Return a donor's agreements in their latest versions, latest first."""
    amended = Agreement.objects.filter(reference=OuterRef("reference"), version__gt=OuterRef("version"))
    return donor.agreements.exclude(Exists(amended)).order_by("-signed_on", "-reference")


def people_who_represent() -> QuerySet[Any, Any]:
    """Return the ids of the people who speak for a donor now."""
    return Representative.objects.filter(ended_at=None).values("person")

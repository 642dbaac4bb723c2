"""What an id stands for, and where this person may read of it: the way back from the books, which know no reasons."""

from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from bank import permissions as bank_permissions
from bank.models import BankFile, BankLine
from committee import permissions as committee_permissions
from committee import queries as committee_queries
from disbursements.models import (
    Amendment,
    DirectCost,
    Hold,
    Movement,
    Override,
    RefundOffset,
    ReserveUse,
    Route,
    ShortfallPlan,
    Suspension,
    Tranche,
)
from disbursements.postings import CONTINUITY_RESERVE
from disbursements.queries import exemptions as exemption_queries
from disbursements.queries.partners import visible_programmes, visible_proposals
from disbursements.queries.payments import visible_payments
from donors import permissions as donor_permissions
from donors import queries as donor_queries
from donors.models import Match, Unidentified
from trustfund.core.models import User
from trustfund.core.roles import RoleName

_TREASURY: Final = (
    RoleName.SECRETARIAT,
    RoleName.CERTIFYING_OFFICER,
    RoleName.TREASURY_OFFICER,
    RoleName.AUDITOR,
)
_COMMITTEE: Final = (RoleName.COMMITTEE_MEMBER, RoleName.ALTERNATE, RoleName.CHAIR)


def address_of(subject: UUID, person: User) -> str | None:
    """Return the page about the thing with this id; nothing if there is none, or none that this person may open."""
    return next((found for kind in _KINDS for found in kind(subject, person)), None)


def _payment(subject: UUID, person: User) -> Iterator[str]:
    if visible_payments(person).filter(pk=subject).exists():
        yield reverse("disbursements:payment", args=[subject])


def _proposal(subject: UUID, person: User) -> Iterator[str]:
    if person.role_names <= {RoleName.DONOR_REPRESENTATIVE}:
        return
    proposals = visible_proposals(person)
    if proposals.filter(pk=subject).exists():
        yield reverse("disbursements:proposal", args=[subject])
    for proposal_id in Tranche.objects.filter(pk=subject, proposal__in=proposals).values_list("proposal_id", flat=True):
        yield reverse("disbursements:proposal", args=[proposal_id])
    amended = Amendment.objects.filter(pk=subject, proposal__in=proposals)
    for proposal_id in amended.values_list("proposal_id", flat=True):
        yield reverse("disbursements:proposal", args=[proposal_id])
    programmes = visible_programmes(person)
    if programmes.filter(pk=subject).exists():
        yield reverse("disbursements:programme", args=[subject])
    for programme_id in Suspension.objects.filter(pk=subject, programme__in=programmes).values_list(
        "programme_id", flat=True
    ):
        yield reverse("disbursements:programme", args=[programme_id])
    if RefundOffset.objects.filter(pk=subject, claim__programme__in=visible_programmes(person)).exists():
        yield reverse("disbursements:offset", args=[subject])


def _exemption(subject: UUID, person: User) -> Iterator[str]:
    if person.role_names <= {RoleName.DONOR_REPRESENTATIVE}:
        return
    exemptions = exemption_queries.visible_exemptions(person)
    if exemptions.filter(pk=subject).exists():
        yield reverse("disbursements:exemption", args=[subject])
    if exemption_queries.visible_requests(person).filter(pk=subject).exists():
        yield reverse("disbursements:exemption_request", args=[subject])
    if Override.objects.filter(pk=subject, exemption__in=exemptions).exists():
        yield reverse("disbursements:override", args=[subject])


def _money_in(subject: UUID, person: User) -> Iterator[str]:
    if donor_queries.receipts_visible_to(person).filter(pk=subject).exists():
        yield reverse("donors:receipt", args=[subject])
    if donor_queries.pledges_visible_to(person).filter(pk=subject).exists():
        yield reverse("donors:pledge", args=[subject])
    if donor_queries.holds_visible_to(person).filter(pk=subject).exists():
        yield reverse("donors:hold", args=[subject])
    if donor_queries.sees_donors(person):
        for donor_id in donor_queries.donors_asked_about(subject):
            yield reverse("donors:share", args=[donor_id])


def _given_back(subject: UUID, person: User) -> Iterator[str]:
    if donor_queries.write_offs_visible_to(person).filter(pk=subject).exists():
        yield reverse("donors:write_off", args=[subject])
    if donor_queries.refunds_visible_to(person).filter(pk=subject).exists():
        yield reverse("donors:refund", args=[subject])


def _bank(subject: UUID, person: User) -> Iterator[str]:
    if bank_permissions.may_see_bank(person):
        if BankFile.objects.filter(pk=subject).exists():
            yield reverse("bank:file", args=[subject])
        if BankLine.objects.filter(pk=subject).exists():
            yield reverse("bank:line", args=[subject])
    if donor_permissions.may_see_desk(person):
        if Unidentified.objects.filter(pk=subject).exists():
            yield reverse("donors:held", args=[subject])
        if Match.objects.filter(pk=subject).exists():
            yield reverse("donors:match", args=[subject])


def _motion(subject: UUID, person: User) -> Iterator[str]:
    motion = committee_queries.motion_of(subject)
    if motion is not None and (not motion.is_open or committee_permissions.may_read_open_motions(person)):
        yield reverse("pages:decision", args=[subject])


def _treasury(subject: UUID, person: User) -> Iterator[str]:
    if not person.holds(*_TREASURY):
        return
    if subject == CONTINUITY_RESERVE:
        yield reverse("disbursements:reserve")
    if Hold.objects.filter(pk=subject).exists():
        yield reverse("disbursements:hold", args=[subject])
    if Route.objects.filter(pk=subject).exists():
        yield reverse("disbursements:route", args=[subject])
    for movement in Movement.objects.filter(pk=subject):
        yield f"{reverse('disbursements:treasury')}?{urlencode({'q': movement.reference})}"


def _before_the_committee(subject: UUID, person: User) -> Iterator[str]:
    """Return what treasury laid before the committee: who decides reads it too."""
    if not person.holds(*_TREASURY, *_COMMITTEE):
        return
    if ReserveUse.objects.filter(pk=subject).exists():
        yield reverse("disbursements:reserve_use", args=[subject])
    if DirectCost.objects.filter(pk=subject).exists():
        yield reverse("disbursements:direct_cost", args=[subject])
    if ShortfallPlan.objects.filter(pk=subject).exists():
        yield reverse("disbursements:shortfall_plan", args=[subject])


_KINDS: Final[tuple[Callable[[UUID, User], Iterator[str]], ...]] = (
    _payment,
    _proposal,
    _exemption,
    _money_in,
    _given_back,
    _bank,
    _motion,
    _treasury,
    _before_the_committee,
)

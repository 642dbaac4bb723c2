"""Asking about offsets: what was taken off which tranche, what a claim still asks for, and what waits for whom."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from disbursements.models import Programme, RefundClaim, RefundOffset, Tranche
from disbursements.payment_states import LIVE
from disbursements.queries.partners import visible_programmes
from disbursements.states import ProgrammeStatus, TrancheStatus
from trustfund.core import step_up
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.refusals import Missing
from trustfund.core.roles import RoleName


def offsets() -> QuerySet[RefundOffset]:
    """Return offsets with what a page prints of them, latest first."""
    return RefundOffset.objects.select_related(
        "claim__programme__organisation",
        "tranche__proposal__programme__organisation",
        "tranche__version",
        "proposed_by",
        "answer__answered_by",
    ).order_by("-proposed_at", "-reference")


def offset_of(offset_id: UUID, person: User) -> RefundOffset:
    """
    Return an offset that a person sees, as they see the programme that owes.

    :raises Missing: if there is none for this person
    """
    found = offsets().filter(pk=offset_id, claim__programme__in=visible_programmes(person)).first()
    if found is None:
        raise Missing(_("There is no such offset. Look it up on the closure of its programme."))
    return found


def offsets_against(programme: Programme) -> list[RefundOffset]:
    """Return the offsets of what a programme owes back, latest first."""
    return list(offsets().filter(claim__programme=programme))


def taken_off(tranches: Sequence[UUID]) -> dict[UUID, list[RefundOffset]]:
    """Return what was taken off tranches, for each that has had something taken off; in one query."""
    found: dict[UUID, list[RefundOffset]] = {}
    for offset in (
        RefundOffset.objects.filter(tranche__in=tranches, answer__agrees=True)
        .select_related("claim__programme")
        .order_by("reference")
    ):
        found.setdefault(offset.tranche_id, []).append(offset)
    return found


def taken_off_in_all(tranche: Tranche) -> Money:
    """Return what was taken off a tranche, all offsets together."""
    return _whole(RefundOffset.objects.filter(tranche=tranche, answer__agrees=True), tranche.currency)


def settled_by_offset(claim: RefundClaim) -> Money:
    """Return how much of a claim was taken off tranches."""
    return _whole(RefundOffset.objects.filter(claim=claim, answer__agrees=True), claim.currency)


def waiting_of(claim: RefundClaim) -> Money:
    """Return how much of a claim is proposed to be taken off and not answered yet."""
    return _whole(RefundOffset.objects.filter(claim=claim, answer=None), claim.currency)


def _whole(found: QuerySet[RefundOffset], currency: str) -> Money:
    return Money(found.aggregate(whole=Sum("amount_minor"))["whole"] or 0, currency)


def payable_to_the_debtor(programme: Programme) -> QuerySet[Tranche]:
    """Return the tranches due to an organisation itself, of its open programmes, that no payment is under way for."""
    return (
        Tranche.objects.filter(
            status=TrancheStatus.DUE,
            proposal__programme__organisation=programme.organisation_id,
            proposal__programme__status=ProgrammeStatus.OPEN,
        )
        .exclude(payments__status__in=[str(status) for status in LIVE])
        .select_related("proposal__programme", "version")
        .order_by("expected_on", "reference")
    )


def waiting_for(person: User, most: int) -> list[RefundOffset]:
    """Return at most so many offsets that wait for this officer's agreement, the longest waiting first."""
    if person.is_seconded or not person.holds(RoleName.CERTIFYING_OFFICER):
        return []
    found = offsets().filter(answer=None).exclude(proposed_by=person).exclude(tranche__proposal__proposer=person)
    return list(found.order_by("proposed_at", "reference")[:most])


def fingerprint_of(offset: RefundOffset, nonce: UUID) -> str:
    """Return the SHA-256 that the second factor for taking it off is bound to."""
    return step_up.fingerprint(
        {
            "offset": offset.reference,
            "owed by": offset.claim.programme.reference,
            "tranche": offset.tranche.reference,
            "amount": str(offset.amount.amount),
            "currency": offset.currency,
            "step": "take off",
            "nonce": str(nonce),
        }
    )

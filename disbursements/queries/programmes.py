"""Programmes and organisations as lists show them, and what a programme was promised."""

from collections.abc import Sequence

from django.conf import settings
from django.db.models import Count, Q, QuerySet, Sum

from disbursements.models import BlockShare, Organisation, Programme, Proposal
from disbursements.queries.partners import visible_organisations, visible_programmes
from disbursements.states import ProgrammeStatus, ProposalStatus
from trustfund.core.models import User
from trustfund.core.money import Money


def programmes_list(person: User, *, words: str = "", status: str = "") -> QuerySet[Programme]:
    """Return the programmes that a person sees, latest first, narrowed by what was typed into the filters."""
    found = visible_programmes(person).order_by("-opened_at", "-reference")
    if words.strip():
        found = found.filter(
            Q(title__icontains=words.strip())
            | Q(reference__icontains=words.strip())
            | Q(organisation__name__icontains=words.strip())
        )
    if status in ProgrammeStatus.values:
        found = found.filter(status=status)
    return found


def with_approved(programmes: Sequence[Programme]) -> list[tuple[Programme, Money]]:
    """Return programmes, each with what the committee has approved for it, in one query for all."""
    approved = Proposal.objects.filter(programme__in=programmes, status=ProposalStatus.APPROVED)
    sums = dict(approved.values_list("programme").annotate(whole=Sum("amount_minor")))
    return [(one, Money(int(sums.get(one.pk, 0)), settings.FUND_CURRENCY)) for one in programmes]


def organisations_list(person: User, *, words: str = "") -> QuerySet[Organisation]:
    """Return the organisations that a person sees, by name, each with `programme_count`."""
    found = visible_organisations(person).order_by("name")
    if words.strip():
        found = found.filter(Q(name__icontains=words.strip()) | Q(reference__icontains=words.strip()))
    return found.annotate(programme_count=Count("programmes"))


def approved_for(programme: Programme) -> Money:
    """Return what the committee has approved for a programme, all its proposals together."""
    found = programme.proposals.filter(status=ProposalStatus.APPROVED).aggregate(whole=Sum("amount_minor"))
    return Money(int(found["whole"] or 0), settings.FUND_CURRENCY)


def shares_of(programme: Programme) -> list[BlockShare]:
    """Return a programme's split over the building blocks, the largest first."""
    return list(programme.block_shares.order_by("-percent", "block"))

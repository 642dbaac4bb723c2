"""For whom a programme partner speaks, and therefore which programmes and proposals a person sees at all."""

from uuid import UUID

from django.db.models import QuerySet

from disbursements.models import Organisation, PartnerLink, Programme, Proposal
from trustfund.core.models import User
from trustfund.core.roles import RoleName


def organisation_id_of(person: User) -> UUID | None:
    """Return the organisation a person speaks for now, if any."""
    return PartnerLink.objects.filter(person=person, ended_at=None).values_list("organisation_id", flat=True).first()


def visible_organisations(person: User) -> QuerySet[Organisation]:
    """Return the organisations a person sees: a partner their own, everybody else all."""
    if person.holds(RoleName.PROGRAMME_PARTNER):
        return Organisation.objects.filter(partner_links__person=person, partner_links__ended_at=None)
    return Organisation.objects.all()


def visible_programmes(person: User) -> QuerySet[Programme]:
    """Return the programmes a person sees: a partner those of their own organisation, everybody else all."""
    programmes = Programme.objects.select_related("organisation")
    if person.holds(RoleName.PROGRAMME_PARTNER):
        return programmes.filter(organisation__in=visible_organisations(person))
    return programmes


def visible_proposals(person: User) -> QuerySet[Proposal]:
    """Return the proposals a person sees: a partner those of their own organisation, everybody else all."""
    proposals = Proposal.objects.select_related("programme__organisation")
    if person.holds(RoleName.PROGRAMME_PARTNER):
        return proposals.filter(programme__organisation__in=visible_organisations(person))
    return proposals

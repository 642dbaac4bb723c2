"""What can happen to organisations after they were registered: assessed, on the channel, partners of programmes."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from disbursements import eligibility, locks, tranche_plans
from disbursements.locks.payments import organisation as hold_organisation
from disbursements.models import CapacityAssessment, ImplementingPartner, Organisation
from disbursements.operations.exemptions import keep_document
from disbursements.permissions import programmes as permissions
from disbursements.states import OrganisationKind
from disbursements.uploads import Upload
from trustfund.core import events
from trustfund.core.db import constraint_of, refused
from trustfund.core.models import User
from trustfund.core.refusals import AlreadyDone, Missing, Unacceptable

_LONGEST: Final = 200
_PART: Final = 400


@transaction.atomic(durable=True)
def assess_organisation(
    *,
    organisation_id: UUID,
    assessor: str,
    points: int,
    assessed_on: date,
    valid_until: date,
    actor: User,
    at: datetime,
    note: str = "",
    paper: Upload | None = None,
) -> CapacityAssessment:
    """
    Record what an assessment found of an organisation. Its tier follows from the points, and the tier plans tranches.

    :param assessor: who assessed it, by name
    :param points: 0 to 100; the table of `tranche_plans.POINTS` turns them into a tier
    :raises Missing: if there is no such organisation
    :raises NotPermitted: if the actor is not of the secretariat
    :raises Unacceptable: if assessor, points or days cannot be right
    """
    organisation = hold_organisation(organisation_id)
    permissions.may_assess(actor).enforce()
    tier = tranche_plans.tier_of(points)
    if not assessor.strip():
        raise Unacceptable(_("Say who assessed it. A finding of nobody is none."))
    if assessed_on > at.date() or valid_until <= assessed_on:
        raise Unacceptable(_("It was assessed not later than today, and is valid for a time after that."))
    assessment = CapacityAssessment.objects.create(
        organisation=organisation,
        assessor=assessor.strip()[:_LONGEST],
        points=points,
        tier=tier,
        assessed_on=assessed_on,
        valid_until=valid_until,
        note=note.strip(),
        document=keep_document(paper, by=actor, at=at) if paper is not None else None,
        recorded_by=actor,
        recorded_at=at,
    )
    events.record(
        "organisation.assessed",
        about=organisation.id,
        by=actor,
        at=at,
        reference=organisation.reference,
        tier=str(tier),
    )
    return assessment


@transaction.atomic(durable=True)
def record_channel(*, organisation_id: UUID, works_through_who: bool, actor: User, at: datetime) -> Organisation:
    """
    Record whether an organisation works through the World Health Organization's channel.

    :raises Missing: if there is no such organisation
    :raises NotPermitted: if the actor is not of the secretariat
    :raises AlreadyDone: if it is recorded so
    """
    organisation = hold_organisation(organisation_id)
    permissions.may_assess(actor).enforce()
    if organisation.works_through_who == works_through_who:
        raise AlreadyDone(_("It is recorded so already. Nothing needs to change."))
    organisation.mark_channel(works_through_who=works_through_who)
    events.record(
        "organisation.channel_recorded",
        about=organisation.id,
        by=actor,
        at=at,
        reference=organisation.reference,
        works_through_who=works_through_who,
    )
    return organisation


@transaction.atomic(durable=True)
def add_implementing_partner(
    *, programme_id: UUID, organisation_id: UUID, part: str, actor: User, at: datetime
) -> ImplementingPartner:
    """
    Let an organisation carry out a part of another's programme.

    :param part: what it does
    :raises Missing: if there is no such programme or organisation
    :raises NotPermitted: if the actor is not of the secretariat, or it is a donor government's own agency
    :raises Unacceptable: if it answers for the programme itself, or its part is not said
    :raises AlreadyDone: if it is a partner of the programme
    """
    programme = locks.programme(programme_id)
    permissions.may_describe(actor).enforce()
    organisation = Organisation.objects.filter(pk=organisation_id).first()
    if organisation is None:
        raise Missing(_("There is no such organisation. Register it first."))
    eligibility.may_take_part(OrganisationKind(organisation.kind), organisation.name).enforce()
    if organisation.pk == programme.organisation_id:
        raise Unacceptable(_("It answers for the programme itself, so it is no partner beside it."))
    if not part.strip():
        raise Unacceptable(_("Say which part of the programme it carries out."))
    try:
        with transaction.atomic():
            partner = ImplementingPartner.objects.create(
                programme=programme, organisation=organisation, part=part.strip()[:_PART], added_by=actor, added_at=at
            )
    except IntegrityError as error:
        if constraint_of(error) != "an_organisation_is_partner_of_a_programme_once":
            raise refused(error) from error
        raise AlreadyDone(_("It is a partner of this programme already.")) from None
    events.record("programme.partner_added", about=programme.id, by=actor, at=at, name=organisation.name)
    return partner


@transaction.atomic(durable=True)
def end_implementing_partner(*, partner_id: UUID, actor: User, at: datetime) -> ImplementingPartner:
    """
    Say that an organisation no longer carries out a part of a programme. The row stays as the record.

    :raises Missing: if there is no such partner
    :raises NotPermitted: if the actor is not of the secretariat
    :raises AlreadyDone: if it ended before
    """
    found = ImplementingPartner.objects.select_for_update(of=("self",)).select_related("organisation")
    partner = found.filter(pk=partner_id).first()
    permissions.may_describe(actor).enforce()
    if partner is None:
        raise Missing(_("There is no such partner. Open the programme and look again."))
    if partner.ended_at is not None:
        raise AlreadyDone(_("It is no partner of this programme any more."))
    partner.mark_ended(at=at)
    events.record(
        "programme.partner_ended", about=partner.programme_id, by=actor, at=at, name=partner.organisation.name
    )
    return partner

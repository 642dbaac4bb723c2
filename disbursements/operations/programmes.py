"""Everything that can happen to organisations, to who speaks for them, and to programmes."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from disbursements import blocks, eligibility, permissions, regions
from disbursements.blocks import Block
from disbursements.models import BlockShare, Organisation, PartnerLink, Programme
from disbursements.states import OrganisationKind
from screening import operations as screening
from screening.models import PartyRole
from trustfund.core import events
from trustfund.core.db import constraint_of, refused, require_transaction
from trustfund.core.models import User
from trustfund.core.numbering import next_reference
from trustfund.core.refusals import AlreadyDone, Missing, Unacceptable
from trustfund.core.roles import RoleName

_CHANNEL_DIGITS = 5


@transaction.atomic(durable=True)
def register_organisation(
    *,
    name: str,
    kind: OrganisationKind,
    actor: User,
    at: datetime,
    channel_code: str = "",
    works_through_who: bool = False,
) -> Organisation:
    """
    Register an organisation that the fund may work through.

    :param channel_code: its channel of delivery in the creditor reporting system, five digits, or nothing
    :raises NotPermitted: if the actor is not of the secretariat
    :raises Unacceptable: if it has no name, or the channel code is not five digits
    :raises AlreadyDone: if an organisation of this name is registered
    """
    permissions.may_register_organisation(actor).enforce()
    return add_organisation(
        name=name,
        kind=kind,
        channel_code=channel_code,
        works_through_who=works_through_who,
        actor=actor,
        at=at,
    )


def add_organisation(
    *,
    name: str,
    kind: OrganisationKind,
    channel_code: str,
    works_through_who: bool,
    actor: User,
    at: datetime,
) -> Organisation:
    """
    Add an organisation inside an operation that has asked who may.

    :raises Unacceptable: if it has no name, or the channel code is not five digits
    :raises AlreadyDone: if an organisation of this name is registered
    """
    require_transaction()
    plain = " ".join(name.split())
    if not plain:
        raise Unacceptable(_("An organisation needs a name. Write it as it stands in its own documents."))
    if channel_code and not (
        channel_code.isascii()
        and channel_code.isdigit()
        and len(channel_code) == _CHANNEL_DIGITS
        and channel_code[0] != "0"
    ):
        raise Unacceptable(_("A channel code has five digits, such as 41307. Leave it empty if there is none."))
    try:
        with transaction.atomic():
            organisation = Organisation.objects.create(
                reference=next_reference("ORG", at.date()),
                name=plain,
                kind=OrganisationKind(kind),
                channel_code=channel_code,
                works_through_who=works_through_who,
                registered_by=actor,
                registered_at=at,
            )
    except IntegrityError as error:
        if constraint_of(error) != "an_organisation_is_registered_once":
            raise refused(error) from error
        raise AlreadyDone(
            _("%(name)s is registered already. Use the organisation that is there.") % {"name": plain}
        ) from None
    screening.name_party(subject=organisation.id, role=PartyRole.PAYEE, name=plain, actor=actor, at=at)
    events.record("organisation.registered", about=organisation.id, by=actor, at=at, name=plain, organisation_kind=kind)
    return organisation


@transaction.atomic(durable=True)
def link_partner(*, person_id: UUID, organisation_id: UUID, actor: User, at: datetime) -> PartnerLink:
    """
    Let a programme partner speak for an organisation; a link to another one ends.

    :raises NotPermitted: if the actor is neither fund administrator nor of the secretariat
    :raises Missing: if there is no such person or organisation
    :raises Unacceptable: if the person is not a programme partner
    :raises AlreadyDone: if the person speaks for it already
    """
    person = User.objects.select_for_update().filter(pk=person_id).first()
    permissions.may_link_partner(actor).enforce()
    organisation = Organisation.objects.filter(pk=organisation_id).first()
    if person is None or organisation is None:
        raise Missing(_("There is no such person or organisation. Look both up in their lists."))
    if not person.holds(RoleName.PROGRAMME_PARTNER):
        raise Unacceptable(_("%(name)s is not a programme partner. Give the role first.") % {"name": person.name})
    for link in PartnerLink.objects.filter(person=person, ended_at=None):
        if link.organisation_id == organisation.id:
            raise AlreadyDone(
                _("%(name)s speaks for %(organisation)s already.")
                % {"name": person.name, "organisation": organisation.name}
            )
        link.mark_ended(at=at)
    link = PartnerLink.objects.create(person=person, organisation=organisation, linked_by=actor, linked_at=at)
    events.record("partner.linked", about=organisation.id, by=actor, at=at, name=person.name)
    return link


@transaction.atomic(durable=True)
def open_programme(
    *,
    organisation_id: UUID,
    title: str,
    region: str,
    starts_on: date,
    ends_on: date,
    shares: Mapping[Block, Decimal],
    actor: User,
    at: datetime,
) -> Programme:
    """
    Open a programme of an organisation, split over the building blocks of a health system.

    :param region: where it works, in words; never a point or an address
    :param shares: percent by building block, with at most two decimals, exactly 100 together
    :raises NotPermitted: if the actor is not of the secretariat, or it is a donor government's own agency
    :raises Missing: if there is no such organisation
    :raises Unacceptable: if title or region is empty, the region is a point, or it ends before it starts
    :raises NotTheWhole: if the shares are not exactly 100 %
    """
    permissions.may_open_programme(actor).enforce()
    organisation = Organisation.objects.filter(pk=organisation_id).first()
    if organisation is None:
        raise Missing(_("There is no such organisation. Register it first."))
    eligibility.may_take_part(OrganisationKind(organisation.kind), organisation.name).enforce()
    programme = add_programme(
        organisation=organisation,
        title=title,
        region=region,
        starts_on=starts_on,
        ends_on=ends_on,
        shares=shares,
        actor=actor,
        at=at,
    )
    events.record(
        "programme.opened",
        about=programme.id,
        by=actor,
        at=at,
        reference=programme.reference,
        title=programme.title,
        region=programme.region,
        organisation=organisation.name,
    )
    return programme


def add_programme(
    *,
    organisation: Organisation,
    title: str,
    region: str,
    starts_on: date,
    ends_on: date,
    shares: Mapping[Block, Decimal],
    actor: User,
    at: datetime,
) -> Programme:
    """
    Add a programme inside an operation that has asked who may, and that records it.

    :raises Unacceptable: if title or region is empty, the region is a point, or it ends before it starts
    :raises NotTheWhole: if the shares are not exactly 100 %
    """
    require_transaction()
    if not title.strip() or not region.strip():
        raise Unacceptable(_("A programme needs a title, and the region it works in, in words. Write both."))
    if ends_on < starts_on:
        raise Unacceptable(_("The programme ends before it starts. Change one of the two dates."))
    whole = blocks.require_whole(shares)
    programme = Programme.objects.create(
        reference=next_reference("PRG", at.date()),
        title=title.strip(),
        organisation=organisation,
        region=regions.require_words(region),
        starts_on=starts_on,
        ends_on=ends_on,
        opened_by=actor,
        opened_at=at,
    )
    BlockShare.objects.bulk_create(
        BlockShare(programme=programme, block=block, percent=percent) for block, percent in whole.items()
    )
    return programme

"""Saying who speaks for a donor and in which language they are written to, and when that ends."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from donors import locks, permissions
from donors.models import Representative
from trustfund.core import events
from trustfund.core.models import User
from trustfund.core.refusals import AlreadyDone, Missing, Unacceptable
from trustfund.core.roles import RoleName


@transaction.atomic(durable=True)
def appoint_representative(*, donor_id: UUID, person_id: UUID, actor: User, at: datetime) -> Representative:
    """
    Let a person speak for a donor: they see its pledges and may file its stop request.

    :raises Missing: if there is no such donor or person
    :raises NotPermitted: if the actor is neither of the secretariat nor the fund administrator
    :raises Unacceptable: if the person does not hold the role of a donor representative, or is seconded
    :raises AlreadyDone: if the person represents a donor now
    """
    donor = locks.donor(donor_id)
    permissions.may_appoint_representatives(actor).enforce()
    person = User.objects.select_for_update().filter(pk=person_id, is_active=True).first()
    if person is None:
        raise Missing(_("There is no such person. The fund administrator invites people."))
    if not person.holds(RoleName.DONOR_REPRESENTATIVE):
        raise Unacceptable(
            _("%(name)s is not a donor representative. The fund administrator gives that role first.")
            % {"name": person.name}
        )
    if person.is_seconded:
        raise Unacceptable(_("Seconded staff see no donors, so they cannot represent one."))
    if person.represents.filter(ended_at=None).exists():
        raise AlreadyDone(_("%(name)s represents a donor already. End that first.") % {"name": person.name})

    representative = Representative.objects.create(donor=donor, person=person, appointed_by=actor, appointed_at=at)
    events.record("representative.appointed", about=donor.id, by=actor, at=at, name=person.name)
    return representative


@transaction.atomic(durable=True)
def end_representative(*, representative_id: int, actor: User, at: datetime) -> Representative:
    """
    End a person's speaking for a donor, at once.

    :raises NotPermitted: if the actor is neither of the secretariat nor the fund administrator
    :raises Missing: if there is no such appointment now
    """
    permissions.may_appoint_representatives(actor).enforce()
    found = (
        Representative.objects.select_for_update(of=("self",))
        .select_related("donor", "person")
        .filter(pk=representative_id, ended_at=None)
        .first()
    )
    if found is None:
        raise Missing(_("This person speaks for no donor now. Reload the page."))
    found.mark_ended(by=actor, at=at)
    events.record("representative.ended", about=found.donor_id, by=actor, at=at, name=found.person.name)
    return found


@transaction.atomic(durable=True)
def choose_language(*, representative_id: int, language: str, actor: User, at: datetime) -> Representative:
    """
    Choose the language in which a representative is written to from now on.

    The donor's papers are set in the language of whoever has spoken for it longest.

    :raises Missing: if there is no such appointment now
    :raises NotPermitted: if the actor is neither of the secretariat nor the person themselves
    :raises Unacceptable: if the fund writes no letters in the language
    :raises AlreadyDone: if they are written to in it now
    """
    found = (
        Representative.objects.select_for_update(of=("self", "person"))
        .select_related("donor", "person")
        .filter(pk=representative_id, ended_at=None)
        .first()
    )
    if found is None:
        raise Missing(_("This person speaks for no donor now. Reload the page."))
    permissions.may_choose_language(actor, found.person).enforce()
    if language not in dict(settings.LETTER_LANGUAGES):
        raise Unacceptable(_("The fund writes no letters in this language. Choose one of the list."))
    if language == found.person.language:
        raise AlreadyDone(_("%(name)s is written to in this language already.") % {"name": found.person.name})

    found.person.mark_written_to_in(language)
    events.record("language.chosen", about=found.donor_id, by=actor, at=at, name=found.person.name, language=language)
    return found

"""Everything that can happen to people and their roles. The fund administrator appoints; nobody appoints themselves."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from trustfund.core import events, permissions
from trustfund.core.models import Role, User
from trustfund.core.refusals import AlreadyDone, Missing, Unacceptable
from trustfund.core.roles import RoleName, are_forbidden_together


@transaction.atomic(durable=True)
def appoint_first_administrator(*, email: str, name: str, password: str, at: datetime) -> User:
    """
    Make the first sign-in of an empty fund, who can then invite everybody else.

    :raises AlreadyDone: if anybody has a sign-in
    """
    _one_first_administrator_at_a_time()
    if User.objects.exists():
        raise AlreadyDone(_("This fund has people already. Ask its administrator to invite you."))
    person = _add_person(email=email, name=name, password=password, is_seconded=False, at=at)
    Role.objects.create(person=person, name=RoleName.FUND_ADMINISTRATOR, granted_by=None, granted_at=at)
    events.record("person.invited", about=person.id, by=None, at=at, name=name)
    events.record("role.granted", about=person.id, by=None, at=at, role=RoleName.FUND_ADMINISTRATOR)
    return person


def _one_first_administrator_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('appoint_first_administrator'))")


@transaction.atomic(durable=True)
def invite_person(
    *, email: str, name: str, password: str, actor: User, at: datetime, is_seconded: bool = False
) -> User:
    """
    Make a sign-in for a person; they add a second factor before anything opens to them.

    :raises NotPermitted: if the actor is not the fund administrator
    :raises Unacceptable: if the address is taken
    """
    permissions.may_appoint(actor).enforce()
    person = _add_person(email=email, name=name, password=password, is_seconded=is_seconded, at=at)
    events.record("person.invited", about=person.id, by=actor, at=at, name=name)
    return person


def _add_person(*, email: str, name: str, password: str, is_seconded: bool, at: datetime) -> User:
    if User.objects.filter(email__iexact=email).exists():
        raise Unacceptable(_("Somebody signs in with %(email)s already.") % {"email": email})
    person = User(email=email.lower(), name=name, is_seconded=is_seconded, joined_at=at)
    person.set_password(password)
    person.save()
    return person


@transaction.atomic(durable=True)
def grant_role(*, person_id: UUID, role: RoleName, actor: User, at: datetime) -> Role:
    """
    Give a person a role.

    :raises NotPermitted: if the actor is not the fund administrator, or means themselves
    :raises Missing: if there is no such person
    :raises AlreadyDone: if they hold it
    :raises Unacceptable: if the segregation table forbids it beside a role they hold
    """
    person = User.objects.select_for_update().filter(pk=person_id).first()
    permissions.may_appoint(actor).enforce()
    permissions.may_change_roles_of(actor, person_id).enforce()
    if person is None:
        raise Missing(_("There is no such person."))
    held = person.role_names
    if role in held:
        raise AlreadyDone(_("%(name)s holds this role already.") % {"name": person.name})
    for other in held:
        if are_forbidden_together(role, other):
            raise Unacceptable(
                _("%(name)s is %(other)s, and the fund never lets one person be that and %(role)s.")
                % {"name": person.name, "other": other.label, "role": role.label}
            )
    granted = Role.objects.create(person=person, name=role, granted_by=actor, granted_at=at)
    events.record("role.granted", about=person.id, by=actor, at=at, role=role)
    return granted


@transaction.atomic(durable=True)
def end_role(*, person_id: UUID, role: RoleName, actor: User, at: datetime) -> Role:
    """
    Take a role from a person, at once.

    :raises NotPermitted: if the actor is not the fund administrator, or means themselves
    :raises Missing: if they do not hold it
    """
    held = Role.objects.select_for_update().filter(person_id=person_id, name=role, ended_at=None).first()
    permissions.may_appoint(actor).enforce()
    permissions.may_change_roles_of(actor, person_id).enforce()
    if held is None:
        raise Missing(_("They do not hold this role."))
    held.mark_ended(by=actor, at=at)
    events.record("role.ended", about=person_id, by=actor, at=at, role=role)
    return held


@transaction.atomic(durable=True)
def close_sign_in(*, person_id: UUID, actor: User, at: datetime) -> User:
    """
    End every role of a person and close their sign-in; it works from their next click, and what they did stays theirs.

    :raises NotPermitted: if the actor is not the fund administrator, or means themselves
    :raises Missing: if there is no such person
    :raises AlreadyDone: if it is closed
    """
    person = User.objects.select_for_update().filter(pk=person_id).first()
    permissions.may_appoint(actor).enforce()
    permissions.may_change_roles_of(actor, person_id).enforce()
    if person is None:
        raise Missing(_("There is no such person."))
    if not person.is_active:
        raise AlreadyDone(_("%(name)s has no sign-in any more.") % {"name": person.name})
    for role in person.roles.filter(ended_at=None):
        role.mark_ended(by=actor, at=at)
    person.mark_left()
    events.record("person.left", about=person.id, by=actor, at=at, name=person.name)
    return person

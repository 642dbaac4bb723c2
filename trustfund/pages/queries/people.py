"""People and their roles, for the fund administrator's pages."""

from uuid import UUID

from django.db.models import Prefetch, QuerySet

from trustfund.core.models import Role, User


def everybody() -> "QuerySet[User]":
    """Return the people of the fund by name, each with the roles they hold now."""
    held = Role.objects.filter(ended_at=None).order_by("name")
    return User.objects.order_by("name", "email").prefetch_related(Prefetch("roles", held, to_attr="held_roles"))


def person_of(person_id: UUID) -> User | None:
    """Return a person, or nothing."""
    return User.objects.filter(pk=person_id).first()


def roles_of(person: User) -> "QuerySet[Role]":
    """Return every role a person holds or held, those that last at the head."""
    return person.roles.select_related("granted_by", "ended_by").order_by("-ended_at", "-granted_at")

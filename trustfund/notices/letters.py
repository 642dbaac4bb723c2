"""What a notice is: whom an event is told and how, and the letter that one person is written about it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from trustfund.core.models import Event, User
from trustfund.core.roles import RoleName
from trustfund.notices import people

Words = str | Promise
# Nobody is written to about what happened long ago: a fund that was restored or imported does not flood its people.
NEWS_FOR: Final = timedelta(days=3)
SECRETARIAT: Final = _("The secretariat")
COMMITTEE: Final = (RoleName.COMMITTEE_MEMBER, RoleName.ALTERNATE, RoleName.CHAIR)
TREASURY: Final = (RoleName.SECRETARIAT, RoleName.CERTIFYING_OFFICER, RoleName.TREASURY_OFFICER)


@dataclass(frozen=True)
class Letter:
    """What one person is written, in their language."""

    subject: str
    text: str
    link: str
    deadline: str = ""
    signature: str = ""


@dataclass(frozen=True)
class Notice:
    """
    Whom an event is told and how.

    :param roles: everybody who holds one of these
    :param also: people found from the event itself
    :param page: the name of the page that the letter links to
    :param about: whether that page is the one of the thing the event is about
    :param deadline: the fact of the event that says until when something can be done
    :param names_donors: whether seconded staff, who see no donors, are left out
    :param tells_doer: whether who did it is told as well; a receipt for one's own act
    :param signed: under whose name it is written, if not under the fund's
    :param news_for: how long after the event it is still told, where something has kept it from being told
    """

    subject: Words
    text: Words
    page: str
    roles: tuple[RoleName, ...] = ()
    also: tuple[Callable[[Event], QuerySet[User]], ...] = ()
    about: bool = True
    deadline: str = ""
    names_donors: bool = False
    tells_doer: bool = False
    signed: Words = ""
    news_for: timedelta = NEWS_FOR

    def people(self, event: Event) -> Iterable[User]:
        """Return the people to write to, each once, in the order of their addresses."""
        found = {person.pk: person for person in people.holding(*self.roles)} if self.roles else {}
        for find in self.also:
            found.update({person.pk: person for person in find(event)})
        if not self.tells_doer and event.by_id is not None:
            found.pop(event.by_id, None)
        meant = (person for person in found.values() if not (self.names_donors and person.is_seconded))
        return sorted(meant, key=lambda person: person.email)

    def letter(self, event: Event) -> Letter:
        """Return the letter in the language that is active."""
        facts = {
            "reference": people.reference_of(event),
            "name": event.facts.get("name", ""),
            "role": _role(event.facts.get("role", "")),
            "incident": event.facts.get("incident", ""),
            "fund": settings.FUND_NAME,
            "number": event.facts.get("instalment", ""),
            "when": _when(event),
        }
        path = reverse(self.page, args=[event.about] if self.about else [])
        return Letter(
            subject=" ".join((str(self.subject) % facts).split()),
            text=str(self.text) % facts,
            link=f"{settings.SITE_ADDRESS}{path}",
            deadline=_moment(event.facts.get(self.deadline, "")) if self.deadline else "",
            signature=str(self.signed),
        )


def _role(name: str) -> str:
    return str(RoleName(name).label) if name in RoleName.values else name


def _moment(text: str) -> str:
    if not text:
        return ""
    at = datetime.fromisoformat(text).astimezone(UTC)
    return f"{date_format(at, 'j F Y')}, {at:%H:%M} UTC"


def _when(event: Event) -> str:
    """Return how far off the due day was when it happened: "falls due in 7 days, on 30 June 2026"."""
    due_on = event.facts.get("due_on", "")
    if not due_on:
        return ""
    day = date.fromisoformat(due_on)
    days = (day - event.at.astimezone(UTC).date()).days
    if days > 0:
        words = ngettext("falls due in %(days)s day, on %(day)s", "falls due in %(days)s days, on %(day)s", days)
    elif days == 0:
        words = _now("falls due today, %(day)s")
    else:
        words = ngettext("fell due %(days)s day ago, on %(day)s", "fell due %(days)s days ago, on %(day)s", -days)
    return words % {"days": abs(days), "day": date_format(day, "j F Y")}


def decided(subject: Words, text: Words) -> Notice:
    """Return the notice of how a motion ended: to the committee and to whoever proposed it."""
    return Notice(
        subject=subject, text=text, roles=COMMITTEE, also=(people.the_proposer,), page="pages:decision", tells_doer=True
    )


def own_act(subject: Words, text: Words) -> Notice:
    """Return the receipt for one's own act at the committee's table."""
    return Notice(subject=subject, text=text, also=(people.the_doer,), page="pages:decision", tells_doer=True)


def payment(subject: Words, text: Words, *roles: RoleName) -> Notice:
    """Return the notice of a payment's step: to who takes the next one."""
    return Notice(subject=subject, text=text, roles=roles, page="disbursements:payment")


def of_an_exemption(subject: Words, text: Words) -> Notice:
    """Return the notice of what happened to an exemption: to the secretariat and to its programme's own partner."""
    return Notice(
        subject=subject,
        text=text,
        roles=(RoleName.SECRETARIAT,),
        also=(people.the_programmes_partners,),
        page="disbursements:exemption",
    )


def to_the_donor(subject: Words, text: Words, page: str, *roles: RoleName) -> Notice:
    """Return the notice to those who speak for a donor, and to some roles beside them."""
    return Notice(
        subject=subject,
        text=text,
        roles=roles,
        also=(people.the_donors_representatives,),
        page=page,
        names_donors=True,
    )


def to_the_person(subject: Words, text: Words) -> Notice:
    """Return the notice to the person whom an event is about."""
    return Notice(subject=subject, text=text, also=(people.the_person,), page="pages:home", about=False)


def bank_details(subject: Words, text: Words) -> Notice:
    """Return the notice of a change of bank details: to both parties, whoever made it."""
    return Notice(
        subject=subject,
        text=text,
        roles=(RoleName.SECRETARIAT, RoleName.TREASURY_OFFICER),
        also=(people.the_donors_representatives,),
        page="donors:bank_details",
        names_donors=True,
        tells_doer=True,
    )

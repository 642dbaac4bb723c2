"""What donors asked to stop, how the fund answers, and which agreements were ended by notice."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from donors.models import Agreement, Donor, Pledge, StopRequest, Termination
from trustfund.core.models import User


@dataclass(frozen=True)
class Answer:
    """What a donor's agreement says of ending it: the clause, the days of notice, and the end, if notice was given."""

    agreement: Agreement
    termination: Termination | None

    @property
    def days(self) -> int:
        """How many days of notice were agreed."""
        return self.agreement.termination_notice_days

    @property
    def ends_on(self) -> date | None:
        """The day on which it ends, if notice was given."""
        return self.termination.ends_on if self.termination else None


@dataclass(frozen=True)
class PublishedStopRequest:
    """A stop request as the public reads it, with what the donor's agreements say: days of notice, and their ends."""

    reference: str
    donor: str
    received_on: date
    text: str
    notice_days: tuple[int, ...]
    ends_on: tuple[date, ...]


def stop_requests_visible_to(user: User) -> QuerySet[StopRequest]:
    """Return the stop requests: shown to every donor and the committee, and to nobody who is seconded."""
    found = StopRequest.objects.none() if user.is_seconded else StopRequest.objects.all()
    return found.select_related("donor", "filed_by").order_by("-received_on", "-reference")


def published_stop_requests(most: int) -> list[PublishedStopRequest]:
    """Return the latest stop requests as everybody may read them: who asked what and when, never who filed it."""
    found = list(StopRequest.objects.select_related("donor").order_by("-received_on", "-reference")[:most])
    answers = answers_to(one.donor_id for one in found)
    return [
        PublishedStopRequest(
            reference=one.reference,
            donor=one.donor.name,
            received_on=one.received_on,
            text=one.text,
            notice_days=tuple(sorted({answer.days for answer in answers.get(one.donor_id, ())})),
            ends_on=tuple(sorted(answer.ends_on for answer in answers.get(one.donor_id, ()) if answer.ends_on)),
        )
        for one in found
    ]


def answers_to(donor_ids: Iterable[UUID]) -> dict[UUID, list[Answer]]:
    """Return how the fund answers some donors: by the latest version of each of their agreements, in two queries."""
    wanted = set(donor_ids)
    latest = (
        Agreement.objects.filter(donor__in=wanted).order_by("reference", "-version").distinct("reference")
        if wanted
        else ()
    )
    ended = {one.agreement_reference: one for one in Termination.objects.filter(agreement__donor__in=wanted)}
    found: dict[UUID, list[Answer]] = {}
    for agreement in latest:
        found.setdefault(agreement.donor_id, []).append(Answer(agreement, ended.get(agreement.reference)))
    return found


def with_answers(requests: Iterable[StopRequest]) -> list[StopRequest]:
    """Return stop requests, each with how the fund answers it: see `StopRequest.answers`."""
    found = list(requests)
    answers = answers_to(one.donor_id for one in found)
    for one in found:
        one.answers = answers.get(one.donor_id, [])
    return found


def terminations_of(donor: Donor) -> dict[str, Termination]:
    """Return the notices that a donor gave, by the agreement's reference."""
    return {one.agreement_reference: one for one in Termination.objects.filter(agreement__donor=donor)}


def termination_of(pledge: Pledge) -> Termination | None:
    """Return the notice that ends a pledge's agreement, or nothing."""
    if pledge.agreement is None:
        return None
    return Termination.objects.filter(agreement_reference=pledge.agreement.reference).first()

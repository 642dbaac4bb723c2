"""Who is meant by an event: the people it is about, found through what the apps keep."""

from django.db.models import QuerySet

from assurance.models import Statement
from committee import queries as committee_queries
from committee.models import Motion
from disbursements.models import PartnerLink, Report
from donors import queries as donor_queries
from donors.models import Pledge, Representative
from donors.states import OPEN
from trustfund.core.models import Event, User
from trustfund.core.roles import RoleName


def holding(*roles: RoleName) -> QuerySet[User]:
    """Return the active people who hold one of some roles."""
    return User.objects.filter(is_active=True, roles__name__in=roles, roles__ended_at=None).distinct()


def the_person(event: Event) -> QuerySet[User]:
    """Return the person an event is about."""
    return User.objects.filter(is_active=True, pk=event.about)


def the_doer(event: Event) -> QuerySet[User]:
    """Return who did it: for receipts that confirm one's own act."""
    return User.objects.filter(is_active=True, pk__in=[event.by_id])


def who_asked_for_the_statement(event: Event) -> QuerySet[User]:
    """Return who asked for a statement; the auditors, if the calendar did."""
    statement = Statement.objects.filter(pk=event.about).first()
    if statement is None or statement.requested_by_id is None:
        return holding(RoleName.AUDITOR)
    return User.objects.filter(is_active=True, pk=statement.requested_by_id)


def the_donors_representatives(event: Event) -> QuerySet[User]:
    """Return who speaks for the donor whose donor, pledge, receipt or call an event is about; never seconded staff."""
    speaking = (
        Representative.objects.filter(ended_at=None)
        .filter(donor__pk=event.about)
        .values("person_id")
        .union(
            Representative.objects.filter(ended_at=None, donor__pledges__pk=event.about).values("person_id"),
            Representative.objects.filter(ended_at=None, donor__pledges__receipts__pk=event.about).values("person_id"),
            Representative.objects.filter(ended_at=None, donor__pledges__instalments__calls__pk=event.about).values(
                "person_id"
            ),
        )
    )
    return User.objects.filter(is_active=True, is_seconded=False, pk__in=[row["person_id"] for row in speaking])


def who_handed_it_in(event: Event) -> QuerySet[User]:
    """Return who handed in the report an event is about."""
    handed_in = Report.objects.filter(pk=event.about).values("submitted_by_id")
    return User.objects.filter(is_active=True, pk__in=handed_in)


def the_refunded_donors_representatives(event: Event) -> QuerySet[User]:
    """Return those who speak for the donor to whom a refund goes."""
    speaking = Representative.objects.filter(ended_at=None, donor__refunds__pk=event.about).values("person_id")
    return User.objects.filter(is_active=True, is_seconded=False, pk__in=speaking)


def the_organisations_partners(event: Event) -> QuerySet[User]:
    """Return those who speak for the organisation whose bank details an event is about."""
    speaking = PartnerLink.objects.filter(ended_at=None, organisation__bank_accounts__pk=event.about)
    return User.objects.filter(is_active=True, pk__in=speaking.values("person_id"))


def the_donor_to_remind(event: Event) -> QuerySet[User]:
    """Return who is reminded of an instalment: nobody if it was paid since, or if nobody is to be reminded now."""
    nobody: QuerySet[User] = User.objects.none()
    pledge = Pledge.objects.select_related("donor").filter(pk=event.about).first()
    if pledge is None:
        return nobody
    unpaid = {part.number for part, _lacking in donor_queries.unpaid_instalments(pledge)}
    if pledge.status not in OPEN or event.facts.get("instalment") not in unpaid:
        return nobody
    meant = donor_queries.people_to_remind(pledge.donor, event.at.date())
    return User.objects.filter(is_active=True, pk__in=[person.pk for person in meant])


def partners_of_the_programme(event: Event) -> QuerySet[User]:
    """Return those who speak for the organisation of the programme an event is about."""
    speaking = PartnerLink.objects.filter(ended_at=None, organisation__programmes=event.about)
    return User.objects.filter(is_active=True, pk__in=speaking.values("person_id"))


def partners_of_the_proposal(event: Event) -> QuerySet[User]:
    """Return those who speak for the organisation of the proposal an event is about."""
    speaking = PartnerLink.objects.filter(ended_at=None, organisation__programmes__proposals=event.about)
    return User.objects.filter(is_active=True, pk__in=speaking.values("person_id"))


def the_debtors_partners(event: Event) -> QuerySet[User]:
    """Return those who speak for the organisation whose refund was taken off a payment."""
    speaking = PartnerLink.objects.filter(
        ended_at=None, organisation__programmes__refund_claim__offsets__pk=event.about
    )
    return User.objects.filter(is_active=True, pk__in=speaking.values("person_id"))


def the_programmes_partners(event: Event) -> QuerySet[User]:
    """Return those who speak for the organisation whose exemption an event is about."""
    speaking = PartnerLink.objects.filter(ended_at=None, organisation__programmes__exemptions=event.about)
    return User.objects.filter(is_active=True, pk__in=speaking.values("person_id"))


def the_proposer(event: Event) -> QuerySet[User]:
    """Return who proposed the motion an event is about."""
    proposers = Motion.objects.filter(pk=event.about).values("proposer_id")
    return User.objects.filter(is_active=True, pk__in=proposers)


def those_named(event: Event) -> QuerySet[User]:
    """Return the people whom an event names itself."""
    return User.objects.filter(is_active=True, pk__in=event.facts.get("people", []))


def those_who_have_not_voted(event: Event) -> QuerySet[User]:
    """Return whom an event names and who has still not voted on the motion it is about; nobody once it has ended."""
    motion = committee_queries.motion_of(event.about)
    if motion is None or not motion.takes_votes:
        return User.objects.none()
    awaited = {person.pk for person in committee_queries.room_of(motion, event.at).awaited}
    return those_named(event).filter(pk__in=awaited)


def reference_of(event: Event) -> str:
    """Return the reference of what an event is about: as it says itself, or of the motion it is about."""
    said = event.facts.get("reference") or event.facts.get("motion")
    if said:
        return str(said)
    motion = Motion.objects.filter(pk=event.about).only("reference").first()
    return motion.reference if motion else ""

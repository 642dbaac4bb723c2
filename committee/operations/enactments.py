"""What the committee decides about itself: seats and auditors proposed, and what was carried put in force."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from committee import locks, permissions, queries
from committee.matters import Kind, Matter
from committee.models import AuditorNomination, Decision, Enactment, Motion, RulesOfProcedure, SeatChange
from committee.operations.motions import lay_before, leave_concerned
from committee.operations.procedure import require_places
from committee.operations.seats import Seating, give_seat, person_to_seat, require_seating
from committee.rules import Bench, Outcome, Way
from trustfund.core import events
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.refusals import AlreadyDone, Missing, Unacceptable, WrongState


@dataclass(frozen=True)
class Hearing:
    """How a matter is put to the committee: in a meeting, until a moment, or until silence has agreed."""

    way: Way = Way.CORRESPONDENCE
    closes_at: datetime | None = None
    meeting_id: UUID | None = None


@transaction.atomic(durable=True)
def propose_seat_change(
    *,
    number: int,
    bench: Bench,
    holder_id: UUID | None,
    nominated_by: str,
    starts_on: date | None,
    ends_on: date | None,
    reason: str,
    hearing: Hearing,
    actor: User,
    at: datetime,
    alternate_id: UUID | None = None,
    chairs: bool = False,
) -> Motion:
    """
    Ask the committee to seat somebody, with the alternate who stands in, or to let a seat fall vacant.

    :param holder_id: who shall sit there; nobody lets the seat fall vacant
    :raises NotPermitted: if the actor is neither the fund administrator nor the chair
    :raises Missing: if there is no such person, or nobody sits on a seat that shall fall vacant
    :raises WrongState: if no rules are in force
    :raises Unacceptable: if no reason or nominating body is given, or the person may not sit there
    """
    locks.the_table()

    permissions.may_propose(actor, Kind.SEATS).enforce()
    if not reason.strip():
        raise Unacceptable(_("Say why this changes. It is kept in the record."))
    sitting = locks.current_term(number)
    if holder_id is None:
        if sitting is None:
            raise Missing(_("Nobody sits on seat %(number)s.") % {"number": number})
        holder = alternate = starts_on = ends_on = None
        chairs = False
    else:
        if not nominated_by.strip():
            raise Unacceptable(_("Name the body that nominated this member."))
        if starts_on is None or ends_on is None:
            raise Unacceptable(_("Say from when and until when the term runs."))
        holder, alternate = person_to_seat(holder_id), person_to_seat(alternate_id) if alternate_id else None
        require_seating(Seating(number, bench, holder, alternate, chairs, nominated_by, starts_on, ends_on))

    change = SeatChange.objects.create(
        number=number,
        bench=bench.value,
        holder=holder,
        alternate=alternate,
        chairs=chairs,
        nominated_by=nominated_by.strip(),
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason.strip(),
        proposed_by=actor,
        proposed_at=at,
    )
    matter = Matter(
        kind=Kind.SEATS,
        subject=change.id,
        version=1,
        title=_("Seat %(number)s: %(name)s") % {"number": number, "name": holder.name if holder else _("vacant")},
        summary=change.reason,
        amount=Money.zero(settings.FUND_CURRENCY),
        particulars=tuple(row for row in _who_sits(change, sitting.holder.name if sitting else "") if row[1]),
    )
    motion = _lay(matter, hearing, actor=actor, at=at)
    concerned = (sitting.holder if sitting else None, holder, alternate)
    leave_concerned(motion, {person.pk for person in concerned if person is not None}, at=at)
    return motion


def _who_sits(change: SeatChange, before: str) -> tuple[tuple[str, str], ...]:
    return (
        (_("Seat"), _("%(number)s, %(bench)s") % {"number": change.number, "bench": change.bench_name.label}),
        (_("Held by"), change.holder.name if change.holder else _("nobody, it falls vacant")),
        (_("Until now"), before),
        (_("Alternate"), change.alternate.name if change.alternate else ""),
        (_("Chairs"), _("yes") if change.chairs else ""),
        (_("Nominated by"), change.nominated_by if change.holder else ""),
        (
            _("Term"),
            _("%(start)s to %(end)s") % {"start": change.starts_on, "end": change.ends_on} if change.starts_on else "",
        ),
    )


@transaction.atomic(durable=True)
def nominate_auditor(
    *,
    firm: str,
    registration: str,
    starts_on: date,
    ends_on: date,
    fee: Money,
    reason: str,
    hearing: Hearing,
    actor: User,
    at: datetime,
) -> Motion:
    """
    Ask the committee to appoint a firm to audit the fund, for a term and a fee.

    :raises NotPermitted: if the actor is neither of the secretariat nor the chair
    :raises Unacceptable: if the firm, its licence or the reason is missing, the term ends too soon, or there is no fee
    """
    permissions.may_propose(actor, Kind.AUDITOR).enforce()
    if not firm.strip() or not registration.strip():
        raise Unacceptable(_("Name the firm, and where and under which number it is licensed to audit."))
    if ends_on <= starts_on:
        raise Unacceptable(_("The term ends before it starts. Choose a later end."))
    if fee.minor <= 0:
        raise Unacceptable(_("Enter the fee for the whole term."))
    if not reason.strip():
        raise Unacceptable(_("Say how the firm was chosen. It is kept in the record."))

    nomination = AuditorNomination.objects.create(
        firm=firm.strip(),
        registration=registration.strip(),
        starts_on=starts_on,
        ends_on=ends_on,
        fee_minor=fee.minor,
        currency=fee.currency,
        reason=reason.strip(),
        proposed_by=actor,
        proposed_at=at,
    )
    matter = Matter(
        kind=Kind.AUDITOR,
        subject=nomination.id,
        version=1,
        title=_("Appoint %(firm)s as auditor") % {"firm": nomination.firm},
        summary=nomination.reason,
        amount=fee,
        particulars=(
            (_("Firm"), nomination.firm),
            (_("Licensed"), nomination.registration),
            (_("Term"), _("%(start)s to %(end)s") % {"start": starts_on, "end": ends_on}),
            (_("Fee for the whole term"), str(fee)),
        ),
        interests=(nomination.firm,),
    )
    return _lay(matter, hearing, actor=actor, at=at, replaces=queries.latest_appointment())


def _lay(matter: Matter, hearing: Hearing, *, actor: User, at: datetime, replaces: Decision | None = None) -> Motion:
    return lay_before(
        matter,
        proposer=actor,
        closes_at=hearing.closes_at,
        actor=actor,
        at=at,
        way=hearing.way,
        meeting_id=hearing.meeting_id,
        replaces=replaces,
    )


@transaction.atomic(durable=True)
def put_in_force(*, decision_id: UUID, actor: User | None, at: datetime) -> Enactment:
    """
    Put in force what the committee carried about itself: new rules, a change of seats, an auditor.

    :param actor: nobody, when the clock does it
    :raises Missing: if there is no such decision
    :raises NotPermitted: if the actor is neither the chair nor the fund administrator
    :raises WrongState: if it was not carried, or another room puts it in force
    :raises AlreadyDone: if it is in force
    :raises Unacceptable: if a person may no longer sit where they were seated
    """
    locks.the_table()
    decision = locks.decision(decision_id)

    permissions.may_enact(actor).enforce()
    kind = decision.motion.asks
    if decision.outcome != Outcome.CARRIED or kind not in queries.OWN_KINDS:
        raise WrongState(_("There is nothing here to put in force: it was not carried, or concerns another room."))
    if queries.enactment_of(decision) is not None:
        raise AlreadyDone(_("This is in force already."))

    _CARRY_OUT[kind](decision, actor or decision.motion.proposer, at)
    return Enactment.objects.create(decision=decision, enacted_by=actor, enacted_at=at)


def _adopt(decision: Decision, by: User, at: datetime) -> None:
    proposal, last = queries.rules_proposal(decision.motion.subject), queries.rules_in_force()
    if proposal is None or last is None:
        raise Missing(_("The proposed rules are not there."))
    require_places(proposal.rules)
    adopted = RulesOfProcedure.objects.create(
        version=last.version + 1,
        title=proposal.title,
        figures=proposal.figures,
        adopted_by=by,
        adopted_at=at,
        decision=decision,
    )
    events.record(
        "rules.adopted",
        about=adopted.id,
        by=by,
        at=at,
        version=adopted.version,
        title=adopted.title,
        reference=decision.reference,
    )


def _seat(decision: Decision, by: User, at: datetime) -> None:
    change = queries.seat_change(decision.motion.subject)
    if change is None:
        raise Missing(_("The proposed change of seats is not there."))
    sitting = locks.current_term(change.number)
    if change.holder is not None and change.starts_on is not None and change.ends_on is not None:
        wanted = Seating(
            change.number,
            change.bench_name,
            change.holder,
            change.alternate,
            change.chairs,
            change.nominated_by,
            change.starts_on,
            change.ends_on,
        )
        require_seating(wanted)
        if sitting is not None:
            sitting.mark_vacated(at=at)
        give_seat(wanted, by=by, at=at, decision=decision)
    elif sitting is not None:
        sitting.mark_vacated(at=at)
        events.record(
            "seat.vacated", about=sitting.seat_id, by=by, at=at, seat=change.number, reason=decision.reference
        )


def _appoint(decision: Decision, by: User, at: datetime) -> None:
    nomination = queries.nomination(decision.motion.subject)
    if nomination is None:
        raise Missing(_("The nomination is not there."))
    events.record(
        "auditor.appointed", about=nomination.id, by=by, at=at, reference=decision.reference, name=nomination.firm
    )


_CARRY_OUT: Final[dict[Kind, Callable[[Decision, User, datetime], None]]] = {
    Kind.RULES: _adopt,
    Kind.SEATS: _seat,
    Kind.AUDITOR: _appoint,
}

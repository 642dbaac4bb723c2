"""Amending what was approved: asked of the committee with what was and what shall be, done as it decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from committee import operations as committee_operations
from committee import queries as committee_queries
from committee.matters import Kind, Matter
from disbursements import locks, states
from disbursements.budget import Moved, require_moved
from disbursements.categories import Category
from disbursements.locks import programmes as programme_locks
from disbursements.models import AmendedLine, AmendedTranche, Amendment, Programme, Proposal, Tranche
from disbursements.permissions import programmes as permissions
from disbursements.queries.budgets import approved_of, budgets_of
from disbursements.queries.reports import spent_by_category
from disbursements.queries.suspensions import tranches_to_amend
from disbursements.reporting import ReportStanding
from disbursements.states import AmendmentStatus, ProgrammeStatus, ProposalStatus
from trustfund.core import events
from trustfund.core.models import User
from trustfund.core.money import Money, total
from trustfund.core.numbering import next_reference
from trustfund.core.refusals import AlreadyDone, Missing, Unacceptable, WrongState

_FIRST: Final = 1
_TITLE: Final = 200
_RUNNING: Final = frozenset({ProgrammeStatus.OPEN, ProgrammeStatus.SUSPENDED})


@dataclass(frozen=True)
class Terms:
    """The condition and the day of a tranche."""

    condition: str
    expected_on: date


@transaction.atomic(durable=True)
def ask_to_amend(
    *,
    proposal_id: UUID,
    ends_on: date,
    terms: Mapping[UUID, Terms],
    budget: Mapping[Category, Money] | None = None,
    reason: str,
    closes_at: datetime,
    actor: User,
    at: datetime,
) -> Amendment:
    """
    Ask the committee to amend what it approved: the programme's end, tranches not met yet, money in other categories.

    The amount never changes: more money is asked for in a proposal of its own, and less is returned.

    :param terms: by tranche; one that is left out stays as it is
    :param budget: what every category shall have; it stays as it is if nothing is said
    :raises Missing: if there is no such proposal, or no such tranche of it that waits for its condition
    :raises NotPermitted: if the actor is not of the secretariat
    :raises WrongState: if the proposal is not approved, or its programme has ended
    :raises AlreadyDone: if the committee is asked already
    :raises Unacceptable: if no reason is given, nothing changes, a day or condition cannot be right, or a category is
        cut below what is reported as spent
    :raises DoesNotAddUp: if the categories add up to another total
    :raises IndirectTooHigh: if indirect support would be above 7 % of direct cost
    """
    proposal = locks.proposal(proposal_id)
    programme = locks.programme(proposal.programme_id)
    permissions.may_ask_committee(actor).enforce()
    if proposal.status != ProposalStatus.APPROVED:
        raise WrongState(_("This is not approved yet. Write another version of it instead."))
    if ProgrammeStatus(programme.status) not in _RUNNING:
        raise WrongState(_("The programme has ended, so nothing of it is amended."))
    if proposal.amendments.filter(status=AmendmentStatus.ASKED).exists():
        raise AlreadyDone(_("The committee is asked already. Wait for its answer."))
    if not reason.strip():
        raise Unacceptable(_("Say why it is amended. The reason is published with the decision."))
    changed = _changed(proposal, terms)
    moved = _moved(proposal, programme, budget)
    changes = _changes(programme, ends_on, changed, moved)
    if not changes:
        raise Unacceptable(_("Nothing differs from what was approved. Change something first."))
    _require_days(programme, ends_on, changed, at.date())
    subject = uuid4()
    motion = committee_operations.lay_before(
        Matter(
            kind=Kind.AMEND,
            subject=subject,
            version=_FIRST,
            title=_("Amend %(proposal)s") % {"proposal": f"{proposal.reference} {proposal.title}"[:_TITLE]},
            summary=reason.strip(),
            amount=Money.zero(settings.FUND_CURRENCY),
            particulars=(
                (_("Proposal"), f"{proposal.reference} {proposal.title}"),
                (_("Organisation"), programme.organisation.name),
                *changes,
            ),
            interests=(programme.organisation.name,),
        ),
        proposer=actor,
        closes_at=closes_at,
        actor=actor,
        at=at,
    )
    amendment = Amendment.objects.create(
        id=subject,
        reference=next_reference("AM", at.date()),
        proposal=proposal,
        reason=reason.strip(),
        ends_on=ends_on,
        motion_id=motion.id,
        asked_by=actor,
        asked_at=at,
    )
    AmendedTranche.objects.bulk_create(
        AmendedTranche(amendment=amendment, tranche=tranche, condition=one.condition, expected_on=one.expected_on)
        for tranche, one in changed
    )
    AmendedLine.objects.bulk_create(
        AmendedLine(
            amendment=amendment,
            category=row.category,
            before_minor=row.before.minor,
            after_minor=row.after.minor,
            currency=row.after.currency,
        )
        for row in moved
    )
    events.record(
        "amendment.asked",
        about=proposal.id,
        by=actor,
        at=at,
        reference=amendment.reference,
        motion=motion.reference,
    )
    return amendment


@transaction.atomic(durable=True)
def carry_out_amendment(*, amendment_id: UUID, actor: User | None, at: datetime) -> Amendment:
    """
    Write down what the committee answered; if it carried the motion, what it named changes.

    A tranche whose condition was met while the committee voted stays as it is, and the record names it. What was spent
    meanwhile does not stop money from moving: the committee decided, and the budget shows what is over it.

    :param actor: nobody when the timetable does it after the motion has ended
    :raises Missing: if there is no such amendment
    :raises NotPermitted: if the actor is neither of the secretariat nor the chair
    :raises WrongState: if it was answered before, or voting is open
    """
    proposal, programme, amendment = programme_locks.amendment(amendment_id)
    permissions.may_carry_out(actor).enforce()
    motion = committee_queries.motion_of(amendment.motion_id)
    if motion is None or motion.is_open:
        raise WrongState(_("The committee has not answered yet. Wait until voting ends."))
    decision = committee_queries.decision_on(amendment.id, _FIRST, Kind.AMEND)
    if decision is None or ProgrammeStatus(programme.status) not in _RUNNING:
        states.require_amendment_move(AmendmentStatus(amendment.status), to=AmendmentStatus.DROPPED)
        amendment.mark_dropped(at=at)
        events.record("amendment.dropped", about=proposal.id, by=actor, at=at, reference=amendment.reference)
        return amendment
    states.require_amendment_move(AmendmentStatus(amendment.status), to=AmendmentStatus.IN_FORCE)
    amendment.mark_in_force(decision=decision.reference, at=at)
    if programme.ends_on != amendment.ends_on:
        programme.mark_end(amendment.ends_on)
    rows = list(amendment.tranches.order_by("tranche__number"))
    held = [locks.tranche(row.tranche_id) for row in rows]
    waiting = {one.pk for one in tranches_to_amend(proposal)}
    for row, tranche in zip(rows, held, strict=True):
        if tranche.pk in waiting:
            tranche.mark_amended(condition=row.condition, expected_on=row.expected_on)
    events.record(
        "proposal.amended_by_decision",
        about=proposal.id,
        by=actor,
        at=at,
        reference=amendment.reference,
        decision=decision.reference,
        reason=amendment.reason,
        stayed=[tranche.reference for tranche in held if tranche.pk not in waiting],
    )
    return amendment


def _changed(proposal: Proposal, terms: Mapping[UUID, Terms]) -> list[tuple[Tranche, Terms]]:
    """Return the tranches that shall differ, tidied, in their order."""
    waiting = {one.pk: one for one in tranches_to_amend(proposal)}
    if set(terms) - set(waiting):
        raise Missing(_("One of these tranches does not wait for its condition any more. Reload the page."))
    tidy = {pk: Terms(" ".join(one.condition.split()), one.expected_on) for pk, one in terms.items()}
    return [
        (tranche, tidy[pk])
        for pk, tranche in sorted(waiting.items(), key=lambda each: each[1].number)
        if pk in tidy and tidy[pk] != Terms(tranche.condition, tranche.expected_on)
    ]


def _moved(proposal: Proposal, programme: Programme, budget: Mapping[Category, Money] | None) -> tuple[Moved, ...]:
    """Return the budget with what was and what shall be, if money moves in it."""
    if budget is None:
        return ()
    standing = budgets_of(approved_of(programme))
    before = standing.pop(proposal.pk)
    # Reports are the programme's, so what its other proposals plan in a category covers what is spent there first.
    spent = {
        category: money - total((one[category] for one in standing.values() if category in one), money.currency)
        for category, money in spent_by_category(programme, ReportStanding.ACCEPTED, ReportStanding.SUBMITTED).items()
    }
    return require_moved(before, budget, spent, proposal.currency)


def _changes(
    programme: Programme, ends_on: date, changed: list[tuple[Tranche, Terms]], moved: tuple[Moved, ...]
) -> tuple[tuple[str, str], ...]:
    """Return in words what was and what shall be."""
    rows = []
    if ends_on != programme.ends_on:
        rows.append((_("The programme ends on"), _between(_day(programme.ends_on), _day(ends_on))))
    for tranche, after in changed:
        if after.expected_on != tranche.expected_on:
            rows.append((tranche.reference, _between(_day(tranche.expected_on), _day(after.expected_on))))
        if after.condition != tranche.condition:
            rows.append((tranche.reference, _between(tranche.condition, after.condition)))
    rows += [(str(row.category.label), _between(str(row.before), str(row.after))) for row in moved if row.is_changed]
    if moved:
        whole = total((row.after for row in moved), moved[0].after.currency)
        rows.append((_("Budget in all"), _("%(amount)s, as before") % {"amount": whole}))
    return tuple(rows)


def _require_days(programme: Programme, ends_on: date, changed: list[tuple[Tranche, Terms]], today: date) -> None:
    if ends_on != programme.ends_on and not max(programme.starts_on, today) <= ends_on:
        raise Unacceptable(_("The programme cannot end before today. Change the day."))
    for tranche, after in changed:
        if not after.condition:
            raise Unacceptable(
                _("%(tranche)s would have no condition. Ask the committee to release it instead.")
                % {"tranche": tranche.reference}
            )
        if not programme.starts_on <= after.expected_on <= ends_on:
            raise Unacceptable(
                _("%(tranche)s would be expected outside the programme. Change one of the days.")
                % {"tranche": tranche.reference}
            )


def _day(on: date) -> str:
    return date_format(on, "j F Y")


def _between(before: str, after: str) -> str:
    return _("Before: %(before)s. Now: %(after)s") % {"before": before, "after": after}

"""What the committee room means for a proposal: tabled, answered, approved with its money reserved."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from committee import operations as committee_operations
from committee import queries as committee_queries
from committee.matters import Kind
from committee.models import Motion
from committee.rules import Way
from committee.states import Status as MotionStatus
from disbursements import eligibility, locks, permissions, postings, states
from disbursements.models import Proposal, Tranche
from disbursements.operations.proposals import require_current
from disbursements.queries import approvals as queries
from disbursements.queries import reviews as review_queries
from disbursements.queries.fund import spendable
from disbursements.queries.proposals import content_of, version_of
from disbursements.states import OrganisationKind, ProgrammeStatus, ProposalStatus, TrancheStatus
from ledger import chart
from ledger import operations as ledger
from trustfund.core import events, step_up
from trustfund.core.models import User
from trustfund.core.refusals import InsufficientFunds, Unacceptable, WrongState
from trustfund.core.step_up import Proof

_MOTION_TITLE: Final = 200
_PURPOSE: Final = "proposal.approve"
_ANSWERS: Final[dict[MotionStatus, ProposalStatus]] = {
    MotionStatus.CARRIED: ProposalStatus.CARRIED,
    MotionStatus.REJECTED: ProposalStatus.REJECTED,
    MotionStatus.LAPSED: ProposalStatus.LAPSED,
    # The motion was withdrawn, not the proposal: the secretariat has it back.
    MotionStatus.WITHDRAWN: ProposalStatus.IN_REVIEW,
}


@transaction.atomic(durable=True)
def table_proposal(
    *,
    proposal_id: UUID,
    number: int,
    closes_at: datetime | None,
    actor: User,
    at: datetime,
    way: Way = Way.CORRESPONDENCE,
    meeting_id: UUID | None = None,
) -> Motion:
    """
    Lay a version of a proposal before the committee: a motion opens on exactly this version.

    :param number: the version that the actor has read
    :param closes_at: when voting without a meeting ends; the meeting or the rules say it for the other ways
    :param way: in a meeting, without one, or by no objection where the rules let proposals be decided so
    :param meeting_id: on whose agenda it stands, if it is decided in a meeting
    :raises Missing: if there is no such proposal
    :raises NotPermitted: if the actor is not of the secretariat
    :raises NotPermitted: if the organisation does not work through the World Health Organization's channel
    :raises WrongState: if it is not submitted, in review or lapsed
    :raises Conflict: if somebody wrote another version meanwhile
    :raises Unacceptable: if a finding on one of the four principles is missing, voting would end too soon, or the
        rules let no proposal be decided by silence
    :raises Refusal: whatever else `committee.operations.open_motion` raises
    """
    proposal = locks.proposal(proposal_id)
    permissions.may_table(actor).enforce()
    states.require_proposal_move(ProposalStatus(proposal.status), to=ProposalStatus.TABLED)
    require_current(proposal, number)
    organisation = proposal.programme.organisation
    eligibility.may_receive(
        OrganisationKind(organisation.kind), organisation.name, works_through_who=organisation.works_through_who
    ).enforce()
    version = version_of(proposal)
    content = content_of(version)
    if not content.findings.are_complete:
        raise Unacceptable(_("A finding on one of the four principles is missing. Write all four, then table it."))
    if closes_at is not None and closes_at <= at:
        raise Unacceptable(_("Voting would end before it starts. Choose a later moment."))
    title = version.title if len(version.title) <= _MOTION_TITLE else version.title[: _MOTION_TITLE - 1] + "…"
    motion = committee_operations.open_motion(
        subject=proposal.id,
        version=version.number,
        kind=Kind.PROPOSAL,
        title=title,
        summary=version.summary,
        amount=version.amount,
        fingerprint=version.fingerprint,
        interests=[organisation.name],
        particulars=review_queries.particulars_of(proposal, version, at.date()),
        proposer=proposal.proposer,
        closes_at=closes_at,
        actor=actor,
        at=at,
        way=way,
        meeting_id=meeting_id,
    )
    proposal.mark_tabled(motion_id=motion.id, at=at)
    events.record(
        "proposal.tabled",
        about=proposal.id,
        by=actor,
        at=at,
        version=version.number,
        motion=motion.reference,
        closes_at=motion.closes_at.isoformat(),
        way=motion.way,
    )
    return motion


@transaction.atomic(durable=True)
def record_outcome(*, proposal_id: UUID, actor: User | None, at: datetime) -> Proposal:
    """
    Write down the committee's answer on a tabled proposal: carried, rejected, lapsed, or back with the secretariat.

    What somebody objected to stays tabled, as the motion of the meeting on whose agenda it was put.

    :param actor: nobody when the timetable does it after the motion has ended
    :raises Missing: if there is no such proposal
    :raises NotPermitted: if the actor is neither of the secretariat nor the chair
    :raises WrongState: if it is not tabled, its motion is still open, or no meeting was called since somebody objected
    """
    proposal = locks.proposal(proposal_id)
    permissions.may_record_outcome(actor).enforce()
    motion = queries.motion_on(proposal)
    if proposal.status == ProposalStatus.TABLED and motion is not None and motion.id != proposal.motion_id:
        return _follow(proposal, motion, actor=actor, at=at)
    if motion is not None and motion.state == MotionStatus.OBJECTED:
        raise WrongState(_("Somebody objected, and a meeting decides. Call one; it stands on its agenda at once."))
    if proposal.status != ProposalStatus.TABLED or motion is None or motion.is_open:
        raise WrongState(_("The committee has not answered on this proposal. Wait until voting ends."))
    answer = _ANSWERS[motion.state]
    states.require_proposal_move(ProposalStatus.TABLED, to=answer)
    if answer == ProposalStatus.IN_REVIEW:
        proposal.mark_in_review()
    else:
        proposal.mark_ended(answer, at=at)
    events.record("proposal.answered", about=proposal.id, by=actor, at=at, answer=str(answer), motion=motion.reference)
    return proposal


def _follow(proposal: Proposal, motion: Motion, *, actor: User | None, at: datetime) -> Proposal:
    """Let a proposal follow from the motion that was objected to onto the agenda of a meeting."""
    proposal.mark_brought_to_meeting(motion_id=motion.id)
    events.record(
        "proposal.brought_to_meeting",
        about=proposal.id,
        by=actor,
        at=at,
        motion=motion.reference,
        meeting=motion.meeting.reference if motion.meeting else "",
    )
    return proposal


@transaction.atomic(durable=True)
def approve_proposal(*, proposal_id: UUID, proof: Proof, nonce: UUID, actor: User, at: datetime) -> Proposal:
    """
    Approve a proposal that the committee has carried, reserve its money and make its tranches.

    Reserving is what makes approval safe: from here on no other approval can promise the same dollars.

    :param proof: a fresh second factor, bound to `queries.approvals.fingerprint_of(proposal, nonce)`
    :param nonce: the page's own number; the same page sent twice approves once
    :raises Missing: if there is no such proposal
    :raises NotPermitted: if the actor is not the chair, or proposed it
    :raises WrongState: if it is not before the committee, or voting is still open, or was on another version, or the
        programme is suspended or has ended
    :raises NoQuorum: if too few members have voted
    :raises NotCarried: if the vote was tied or lost
    :raises InsufficientFunds: if the fund cannot cover it
    :raises SecondFactorFailed: if the second factor is wrong or was used
    """
    proposal = locks.proposal(proposal_id)
    programme = locks.programme(proposal.programme_id)
    locks.fund()
    if queries.was_approved_from(proposal, nonce, by=actor):
        return proposal
    permissions.may_approve(actor, proposal).enforce()
    states.require_proposal_move(ProposalStatus(proposal.status), to=ProposalStatus.APPROVED)
    if programme.status != ProgrammeStatus.OPEN:
        raise WrongState(_("The programme stands still or has ended, so nothing is promised to it."))
    version = version_of(proposal)
    motion = queries.motion_on(proposal)
    if motion is None or motion.version != version.number or motion.fingerprint != version.fingerprint:
        raise WrongState(_("The committee has not voted on this version. Table it, then wait for the vote."))
    if motion.is_open:
        raise WrongState(_("Voting is still open. Close the motion first, then approve."))
    committee_queries.tally_of(motion).require_carried()
    left = spendable()
    if version.amount > left:
        raise InsufficientFunds(
            _("This asks for %(amount)s and %(left)s is spendable. Wait for receipts, or table a smaller version.")
            % {"amount": version.amount, "left": left}
        )
    confirmation = step_up.confirm(
        proof=proof,
        person=actor,
        purpose=_PURPOSE,
        fingerprint=queries.fingerprint_of(proposal, nonce),
        at=at,
    )

    ledger.open_under(chart.RESERVED, programme.reference, of=programme.title[:120], by=actor, at=at)
    ledger.post(postings.reserve(proposal, on=at.date()), by=actor, at=at)
    proposal.mark_approved(by=actor, confirmation=confirmation, at=at)
    for planned in version.planned_tranches.all():
        payable = not planned.condition
        tranche = Tranche.objects.create(
            proposal=proposal,
            version=version,
            reference=f"{proposal.reference}/{planned.number}",
            number=planned.number,
            title=planned.title,
            condition=planned.condition,
            expected_on=planned.expected_on,
            amount_minor=planned.amount_minor,
            currency=planned.currency,
            status=TrancheStatus.CONDITIONS_MET if payable else TrancheStatus.PLANNED,
        )
        if payable and planned.expected_on <= at.date():
            tranche.mark_due()
    events.record(
        "proposal.approved",
        about=proposal.id,
        by=actor,
        at=at,
        version=version.number,
        amount=str(version.amount),
        motion=motion.reference,
    )
    return proposal

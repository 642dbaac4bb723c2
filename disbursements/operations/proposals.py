"""Everything that can happen to a proposal outside the committee room, from its draft to its withdrawal."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from committee import operations as committee_operations
from disbursements import budget, locks, permissions, states
from disbursements.fingerprints import Content, fingerprint_of
from disbursements.models import BudgetLine, PlannedTranche, Programme, Proposal, ProposalVersion
from disbursements.queries.proposals import content_of, version_of
from disbursements.redlines import changes_between
from disbursements.states import ProgrammeStatus, ProposalStatus
from trustfund.core import events
from trustfund.core.db import require_transaction
from trustfund.core.models import User
from trustfund.core.numbering import next_reference
from trustfund.core.refusals import Conflict, Unacceptable, WrongState


@transaction.atomic(durable=True)
def draft_proposal(*, programme_id: UUID, content: Content, actor: User, at: datetime) -> Proposal:
    """
    Draft a proposal for a programme: its first version.

    :raises Missing: if there is no such programme
    :raises NotPermitted: if the actor is neither of the secretariat nor the organisation's own partner
    :raises WrongState: if the programme is closed
    :raises IndirectTooHigh: if indirect cost is above 7 % of direct cost
    :raises DoesNotAddUp: if the tranches do not add up to the budget
    :raises Unacceptable: if it has no title, no direct cost, or an amount in another currency than the fund's
    """
    programme = locks.programme(programme_id)
    permissions.may_draft(actor, programme).enforce()
    proposal = add_proposal(programme=programme, content=content, actor=actor, at=at)
    events.record("proposal.drafted", about=proposal.id, by=actor, at=at, version=1, amount=str(proposal.amount))
    return proposal


def add_proposal(*, programme: Programme, content: Content, actor: User, at: datetime) -> Proposal:
    """
    Add a proposal with its first version, inside an operation that has asked who may, and that records it.

    :raises WrongState: if the programme is closed
    :raises Unacceptable: if the content breaks a rule; see `draft_proposal`
    """
    require_transaction()
    if programme.status != ProgrammeStatus.OPEN:
        raise WrongState(_("This programme is suspended or closed, so nothing can be asked for it now."))
    planned = _require_content(content)
    proposal = Proposal.objects.create(
        reference=next_reference("PR", at.date()),
        programme=programme,
        title=content.title.strip(),
        amount_minor=planned.amount.minor,
        currency=planned.amount.currency,
        proposer=actor,
        drafted_at=at,
    )
    _add_version(proposal, 1, content, planned, by=actor, at=at)
    return proposal


@transaction.atomic(durable=True)
def amend_proposal(*, proposal_id: UUID, number: int, content: Content, actor: User, at: datetime) -> ProposalVersion:
    """
    Write a new version of a proposal, which goes back to draft. The old version stays as it was.

    If it lies before the committee, its motion ends and the votes on it are void: they were for other words.

    :param number: the version that the actor was looking at
    :raises Missing: if there is no such proposal
    :raises NotPermitted: if the actor is neither of the secretariat nor the organisation's own partner
    :raises WrongState: if the committee has carried it, or it was approved or withdrawn
    :raises Conflict: if somebody wrote another version meanwhile
    :raises Unacceptable: if nothing changed, or the content breaks a rule; see `draft_proposal`
    """
    proposal = locks.proposal(proposal_id)
    permissions.may_amend(actor, proposal).enforce()
    states.require_proposal_move(ProposalStatus(proposal.status), to=ProposalStatus.DRAFT)
    require_current(proposal, number)
    planned = _require_content(content)
    before = content_of(version_of(proposal))
    changes = changes_between(before, _tidy(content, planned))
    if not changes:
        raise Unacceptable(_("Nothing differs from version %(number)s. Change something first.") % {"number": number})
    version = _add_version(proposal, number + 1, content, planned, by=actor, at=at)
    _withdraw_motion(proposal, actor=actor, at=at)
    proposal.mark_amended(version)
    events.record(
        "proposal.amended",
        about=proposal.id,
        by=actor,
        at=at,
        version=version.number,
        changed=[change.field for change in changes],
    )
    return version


@transaction.atomic(durable=True)
def submit_proposal(*, proposal_id: UUID, number: int, actor: User, at: datetime) -> Proposal:
    """
    Hand a draft to the secretariat.

    :param number: the version that the actor has read through
    :raises Missing: if there is no such proposal
    :raises NotPermitted: if the actor is neither of the secretariat nor the organisation's own partner
    :raises WrongState: if it is no draft
    :raises Conflict: if somebody wrote another version meanwhile
    :raises Unacceptable: if it has no summary
    """
    proposal = locks.proposal(proposal_id)
    permissions.may_submit(actor, proposal).enforce()
    states.require_proposal_move(ProposalStatus(proposal.status), to=ProposalStatus.SUBMITTED)
    require_current(proposal, number)
    if not proposal.versions.exclude(summary="").filter(number=number).exists():
        raise Unacceptable(_("This proposal has no summary. Say in a few sentences what the money will do."))
    proposal.mark_submitted(at=at)
    events.record("proposal.submitted", about=proposal.id, by=actor, at=at, version=number)
    return proposal


@transaction.atomic(durable=True)
def begin_review(*, proposal_id: UUID, actor: User, at: datetime) -> Proposal:
    """
    Take a submitted proposal into review.

    :raises Missing: if there is no such proposal
    :raises NotPermitted: if the actor is not of the secretariat
    :raises WrongState: if it is not submitted
    """
    proposal = locks.proposal(proposal_id)
    permissions.may_review(actor).enforce()
    if proposal.status != ProposalStatus.SUBMITTED:
        raise WrongState(_("Only a submitted proposal is reviewed. Reload the page to see where it stands."))
    states.require_proposal_move(ProposalStatus(proposal.status), to=ProposalStatus.IN_REVIEW)
    proposal.mark_in_review()
    events.record("proposal.reviewed", about=proposal.id, by=actor, at=at, version=proposal.current_number)
    return proposal


@transaction.atomic(durable=True)
def withdraw_proposal(*, proposal_id: UUID, reason: str, actor: User, at: datetime) -> Proposal:
    """
    Withdraw a proposal for good, and its motion with it.

    :raises Missing: if there is no such proposal
    :raises NotPermitted: if the actor neither proposed it nor is of the secretariat
    :raises WrongState: if the committee has decided on its motion, or it was approved or withdrawn
    :raises Unacceptable: if no reason is given
    """
    proposal = locks.proposal(proposal_id)
    permissions.may_withdraw(actor, proposal).enforce()
    states.require_proposal_move(ProposalStatus(proposal.status), to=ProposalStatus.WITHDRAWN)
    if not reason.strip():
        raise Unacceptable(_("Say why it is withdrawn. The reason stays in the record."))
    _withdraw_motion(proposal, actor=actor, at=at)
    proposal.mark_ended(ProposalStatus.WITHDRAWN, at=at)
    events.record("proposal.withdrawn", about=proposal.id, by=actor, at=at, reason=reason.strip())
    return proposal


def _withdraw_motion(proposal: Proposal, *, actor: User, at: datetime) -> None:
    if proposal.status == ProposalStatus.TABLED and proposal.motion_id is not None:
        committee_operations.withdraw_motion(motion_id=proposal.motion_id, actor=actor, at=at)


def require_current(proposal: Proposal, number: int) -> None:
    """
    Insist that a version is the current one.

    :raises Conflict: if there is a newer one
    """
    if number != proposal.current_number:
        raise Conflict(
            _("This proposal was amended while you were reading: version %(number)s is current. Read it, then decide.")
            % {"number": proposal.current_number}
        )


def _require_content(content: Content) -> budget.Budget:
    if not content.title.strip():
        raise Unacceptable(_("A proposal needs a title. Say in one line what the money is for."))
    currency = settings.FUND_CURRENCY
    amounts = [line.amount for line in content.lines] + [part.amount for part in content.parts]
    if any(amount.currency != currency for amount in amounts):
        raise Unacceptable(_("The fund pays in %(currency)s. Write every amount in it.") % {"currency": currency})
    if not all(part.title.strip() for part in content.parts):
        raise Unacceptable(_("Each tranche needs a title, such as “First half”."))
    if content.people.disability > content.people.number:
        raise Unacceptable(_("More people with a disability than people in all cannot be. Check the numbers."))
    planned = budget.require_budget(content.lines, currency)
    budget.require_parts(content.parts, planned.amount)
    return planned


def _tidy(content: Content, planned: budget.Budget) -> Content:
    return Content(
        title=content.title.strip(),
        summary=content.summary.strip(),
        lines=planned.lines,
        parts=content.parts,
        findings=content.findings,
        people=content.people,
    )


def _add_version(
    proposal: Proposal, number: int, content: Content, planned: budget.Budget, *, by: User, at: datetime
) -> ProposalVersion:
    tidy = _tidy(content, planned)
    version = ProposalVersion.objects.create(
        proposal=proposal,
        number=number,
        title=tidy.title,
        summary=tidy.summary,
        amount_minor=planned.amount.minor,
        direct_minor=planned.direct.minor,
        indirect_minor=planned.indirect.minor,
        currency=planned.amount.currency,
        humanity=tidy.findings.humanity,
        neutrality=tidy.findings.neutrality,
        impartiality=tidy.findings.impartiality,
        independence=tidy.findings.independence,
        women=tidy.people.women,
        men=tidy.people.men,
        girls=tidy.people.girls,
        boys=tidy.people.boys,
        disability=tidy.people.disability,
        fingerprint=fingerprint_of(proposal.reference, number, tidy),
        created_by=by,
        created_at=at,
    )
    BudgetLine.objects.bulk_create(
        BudgetLine(
            version=version,
            category=line.category,
            amount_minor=line.amount.minor,
            currency=line.amount.currency,
            narrative=line.narrative,
        )
        for line in tidy.lines
    )
    PlannedTranche.objects.bulk_create(
        PlannedTranche(
            version=version,
            number=place,
            title=part.title,
            condition=part.condition,
            expected_on=part.expected_on,
            amount_minor=part.amount.minor,
            currency=part.amount.currency,
        )
        for place, part in enumerate(tidy.parts, start=1)
    )
    return version

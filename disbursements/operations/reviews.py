"""Scoring a proposal before the committee sees it, and filing the papers of its compliance file."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from disbursements import locks, score_cards
from disbursements.models import CompliancePaper, ReviewPoints, TechnicalReview
from disbursements.operations.exemptions import keep_document
from disbursements.operations.proposals import require_current
from disbursements.permissions import programmes as permissions
from disbursements.queries.proposals import version_of
from disbursements.score_cards import Points
from disbursements.states import ProposalStatus
from disbursements.uploads import Upload
from trustfund.core import events
from trustfund.core.db import constraint_of, refused
from trustfund.core.models import User
from trustfund.core.refusals import AlreadyDone, Unacceptable, WrongState

_BEFORE_TABLING: Final = frozenset({ProposalStatus.SUBMITTED, ProposalStatus.IN_REVIEW, ProposalStatus.LAPSED})
_ENDED: Final = frozenset({ProposalStatus.WITHDRAWN, ProposalStatus.REJECTED})
_TITLE: Final = 200


@transaction.atomic(durable=True)
def score_proposal(
    *, proposal_id: UUID, number: int, points: Points, comment: str, actor: User, at: datetime
) -> TechnicalReview:
    """
    Score the current version of a proposal, once, before it is tabled. The card is shown with the motion.

    :param number: the version that the actor has read
    :param points: 0 to 5 for every criterion
    :raises Missing: if there is no such proposal
    :raises NotPermitted: if the actor is no officer who may, wrote it, or declared an interest in its organisation
    :raises WrongState: if it is not handed in, or lies before the committee
    :raises Conflict: if somebody wrote another version meanwhile
    :raises Unacceptable: if a criterion has no points
    :raises AlreadyDone: if the actor has scored this version
    """
    proposal = locks.proposal(proposal_id)
    version = version_of(proposal)
    permissions.may_score(actor, proposal, version, at).enforce()
    if ProposalStatus(proposal.status) not in _BEFORE_TABLING:
        raise WrongState(_("A proposal is scored after it was handed in and before the committee sees it."))
    require_current(proposal, number)
    given = score_cards.require_points(points)
    try:
        with transaction.atomic():
            review = TechnicalReview.objects.create(
                version=version, reviewer=actor, comment=comment.strip(), reviewed_at=at
            )
    except IntegrityError as error:
        if constraint_of(error) != "a_reviewer_scores_a_version_once":
            raise refused(error) from error
        raise AlreadyDone(_("You have scored this version already. Scores are not changed.")) from None
    ReviewPoints.objects.bulk_create(
        ReviewPoints(review=review, criterion=criterion, points=one) for criterion, one in given.items()
    )
    events.record("proposal.scored", about=proposal.id, by=actor, at=at, version=number)
    return review


@transaction.atomic(durable=True)
def file_compliance(
    *,
    proposal_id: UUID,
    kind: CompliancePaper.Kind,
    title: str,
    actor: User,
    at: datetime,
    paper: Upload | None = None,
    reason: str = "",
) -> CompliancePaper:
    """
    File a paper of a proposal's compliance file, or say why none of this kind is needed. The latest of a kind counts.

    :raises Missing: if there is no such proposal
    :raises NotPermitted: if the actor is neither of the secretariat nor of the proposal's own organisation
    :raises WrongState: if the proposal was withdrawn or rejected
    :raises Unacceptable: if there is neither a paper nor a reason, or both
    """
    proposal = locks.proposal(proposal_id)
    permissions.may_file(actor, proposal).enforce()
    if ProposalStatus(proposal.status) in _ENDED:
        raise WrongState(_("This proposal has ended. Nothing more is filed for it."))
    if (paper is None) == (not reason.strip()):
        raise Unacceptable(_("File the paper, or say why none of this kind is needed: one of the two."))
    filed = CompliancePaper.objects.create(
        proposal=proposal,
        kind=kind,
        title=(title.strip() or str(kind.label))[:_TITLE],
        document=keep_document(paper, by=actor, at=at) if paper is not None else None,
        reason=reason.strip(),
        filed_by=actor,
        filed_at=at,
    )
    events.record("compliance.filed", about=proposal.id, by=actor, at=at, title=str(kind.label))
    return filed

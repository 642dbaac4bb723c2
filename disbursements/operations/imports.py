"""Bringing in proposals from a published list: each project once, through the same rules as one that is typed in."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from disbursements import permissions
from disbursements.blocks import WHOLE, Block
from disbursements.models import Organisation, Proposal, PublishedProject
from disbursements.operations.programmes import add_organisation, add_programme
from disbursements.operations.proposals import add_proposal
from disbursements.published_projects import PublishedRow
from disbursements.states import OrganisationKind
from trustfund.core import events
from trustfund.core.models import User
from trustfund.core.refusals import AlreadyDone, Conflict

# A published list names no building block; all is service delivery until the secretariat splits it.
_UNSPLIT: dict[Block, Decimal] = {Block.SERVICE_DELIVERY: WHOLE}


@transaction.atomic(durable=True)
def bring_in_project(*, row: PublishedRow, source: str, line: int, actor: User, at: datetime) -> Proposal:
    """
    Bring in one published project: its organisation if it is new, a programme, and a submitted proposal.

    The findings on the four principles are left to be written before it is tabled.

    :param source: the name of the file, and `line` where the project stands in it
    :raises NotPermitted: if the actor is not of the secretariat
    :raises AlreadyDone: if the project was brought in before, with the same figures
    :raises Conflict: if it was brought in before with other figures
    :raises Unacceptable: if it breaks a rule that a typed proposal must obey too
    """
    permissions.may_open_programme(actor).enforce()
    before = PublishedProject.objects.filter(code=row.code).first()
    if before is not None:
        if (before.total, before.direct, before.support) != (row.total, row.direct, row.support):
            raise Conflict(
                _("%(code)s was brought in with a total of %(total)s. Amend its proposal by hand.")
                % {"code": row.code, "total": before.total}
            )
        raise AlreadyDone(_("%(code)s was brought in before.") % {"code": row.code})

    organisation = Organisation.objects.filter(name__iexact=row.organisation).first() or add_organisation(
        name=row.organisation,
        kind=row.kind,
        channel_code=row.channel_code,
        works_through_who=row.kind == OrganisationKind.WHO,
        actor=actor,
        at=at,
    )
    programme = add_programme(
        organisation=organisation,
        title=row.content.title,
        region=row.region,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        shares=_UNSPLIT,
        actor=actor,
        at=at,
    )
    proposal = add_proposal(programme=programme, content=row.content, actor=actor, at=at)
    proposal.mark_submitted(at=at)
    PublishedProject.objects.create(
        proposal=proposal,
        code=row.code,
        source=source,
        line=line,
        allocation=row.allocation,
        status_code=row.status_code,
        submitted_at=row.submitted_at,
        approved_at=row.approved_at,
        total=row.total,
        direct=row.direct,
        support=row.support,
    )
    # One event for all of it: nobody is told thousands of times that something was drafted and submitted.
    events.record(
        "proposal.brought_in",
        about=proposal.id,
        by=actor,
        at=at,
        source=source,
        line=line,
        code=row.code,
        amount=str(row.amount),
    )
    return proposal

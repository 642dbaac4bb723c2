"""Calling instalments: a numbered notice that asks for what is due, and taking it back. It moves no money."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from donors import locks, permissions, queries, states
from donors.models import Call, Instalment, WithdrawnCall
from donors.states import Status
from trustfund.core import events
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.refusals import AlreadyDone, Unacceptable, WrongState

LONGEST_AHEAD_DAYS = 400


@transaction.atomic(durable=True)
def issue_call(*, instalment_id: int, actor: User, at: datetime) -> Call:
    """
    Call what an instalment lacks; its notice is set as a numbered paper in the donor's language.

    If something was paid or taken back since it was called, a new version says what is lacking now.

    :raises Missing: if there is no such instalment
    :raises NotPermitted: if the actor is not of the secretariat
    :raises WrongState: if no money can arrive against the pledge
    :raises Unacceptable: if the instalment lacks nothing, or falls due more than a year ahead
    :raises AlreadyDone: if just this is called already
    """
    instalment = locks.instalment(instalment_id)
    permissions.may_keep_donors(actor).enforce()
    states.require_open(Status(instalment.pledge.status))
    lacking = _lacking(instalment)
    if not lacking:
        raise Unacceptable(_("This instalment is paid in full, so there is nothing to call."))
    if (instalment.due_on - at.date()).days > LONGEST_AHEAD_DAYS:
        raise Unacceptable(_("This instalment falls due more than a year ahead. Call it when its year has come."))
    notice = queries.termination_of(instalment.pledge)
    if notice is not None and instalment.due_on > notice.ends_on:
        raise Unacceptable(
            _("The donor's notice ends the agreement on %(day)s, before this falls due, so it is not called.")
            % {"day": notice.ends_on.isoformat()}
        )
    before = queries.latest_call_of(instalment)
    if _is_called(before, lacking):
        raise AlreadyDone(
            _("%(amount)s of this instalment is called already. The notice is on the call's page.")
            % {"amount": lacking}
        )
    return _issue(instalment, lacking, before, actor, at)


@transaction.atomic(durable=True)
def issue_calls(*, within_days: int, actor: User, at: datetime) -> list[Call]:
    """
    Call every instalment that is late or falls due within some days and is not called as it stands.

    :raises NotPermitted: if the actor is not of the secretariat
    :raises Unacceptable: if the days are not 0 to 400
    """
    permissions.may_keep_donors(actor).enforce()
    if not 0 <= within_days <= LONGEST_AHEAD_DAYS:
        raise Unacceptable(_("Choose 0 to %(most)s days.") % {"most": LONGEST_AHEAD_DAYS})
    rows = queries.due_rows(at.date(), within_days=within_days, most=None)
    issued = []
    # Pledges are held in the order of their ids, so that two who call at once wait and do not meet head-on.
    for row in sorted(queries.instalments_to_call(rows), key=lambda row: (row.instalment.pledge_id, row.instalment.pk)):
        instalment = locks.instalment(row.instalment.pk)
        lacking = _lacking(instalment)
        before = queries.latest_call_of(instalment)
        if lacking and not _is_called(before, lacking):
            issued.append(_issue(instalment, lacking, before, actor, at))
    return issued


@transaction.atomic(durable=True)
def withdraw_call(*, call_id: UUID, reason: str, actor: User, at: datetime) -> WithdrawnCall:
    """
    Take back a call that should not have gone out; a numbered paper tells the donor. The instalment stays due.

    :param reason: why, as the donor reads it
    :raises Missing: if there is no such call
    :raises NotPermitted: if the actor is not of the secretariat
    :raises AlreadyDone: if it is withdrawn
    :raises WrongState: if a later call took its place, or what it asked for has come
    :raises Unacceptable: if no reason is given
    """
    call = locks.call(call_id)
    permissions.may_keep_donors(actor).enforce()
    if call.is_withdrawn:
        raise AlreadyDone(_("This call is withdrawn already. Call the instalment anew from the list of calls."))
    latest = queries.latest_call_of(call.instalment)
    if latest is not None and latest.pk != call.pk:
        raise WrongState(_("A later call took the place of this one. Withdraw that one."))
    if not _lacking(call.instalment):
        raise WrongState(_("What this call asked for has come, so there is nothing to withdraw."))
    reason = reason.strip()
    if not reason:
        raise Unacceptable(_("Write why it is withdrawn. The donor reads it."))

    withdrawn = WithdrawnCall.objects.create(call=call, reason=reason, withdrawn_by=actor, withdrawn_at=at)
    pledge = call.instalment.pledge
    if pledge.status == Status.CALLED and not queries.is_called(pledge):
        pledge.mark(Status.SIGNED)
    events.record(
        "call.withdrawn",
        about=call.id,
        by=actor,
        at=at,
        reference=f"{pledge.reference}/{call.instalment.number}",
        pledge=pledge.reference,
        instalment=call.instalment.number,
        amount=str(call.amount),
        reason=reason,
    )
    return withdrawn


def _is_called(before: Call | None, lacking: Money) -> bool:
    return before is not None and not before.is_withdrawn and before.amount == lacking


def _lacking(instalment: Instalment) -> Money:
    """Return what an instalment lacks now, its pledge held."""
    unpaid = {part.pk: lacking for part, lacking in queries.unpaid_instalments(instalment.pledge)}
    return unpaid.get(instalment.pk, Money.zero(instalment.currency))


def _issue(instalment: Instalment, lacking: Money, before: Call | None, actor: User, at: datetime) -> Call:
    pledge = instalment.pledge
    call = Call.objects.create(
        instalment=instalment,
        version=1 if before is None else before.version + 1,
        minor=lacking.minor,
        currency=lacking.currency,
        due_on=instalment.due_on,
        issued_by=actor,
        issued_at=at,
    )
    if pledge.status == Status.SIGNED:
        pledge.mark(Status.CALLED)
    events.record(
        "call.issued",
        about=call.id,
        by=actor,
        at=at,
        reference=f"{pledge.reference}/{instalment.number}",
        pledge=pledge.reference,
        instalment=instalment.number,
        amount=str(lacking),
        due_on=instalment.due_on.isoformat(),
    )
    return call

"""Taking a refund off the next payment: an organisation that owes unspent money is paid so much less, and owes less."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from disbursements import gates, locks, states
from disbursements.locks import payments as payment_locks
from disbursements.models import Programme, RefundClaim, RefundOffset, RefundOffsetAnswer, Tranche
from disbursements.permissions import reports as permissions
from disbursements.postings import payments as postings
from disbursements.queries import offsets as queries
from disbursements.queries import payments as payment_queries
from disbursements.queries.movements import held_by_organisation
from disbursements.states import ProgrammeStatus, TrancheStatus
from ledger import chart
from ledger import operations as ledger
from ledger.drafts import Draft
from trustfund.core import events, step_up
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.numbering import next_reference
from trustfund.core.refusals import AlreadyDone, Missing, Unacceptable, WrongState
from trustfund.core.step_up import Proof

_WORDS: Final = 1000
_TITLE: Final = 120
_PURPOSE: Final = "refund.take_off"
# Nothing travels, so it does not matter to which account or by which route.
_ABOUT_THE_WAY: Final = frozenset({"bank", "route"})


@transaction.atomic(durable=True)
def propose_offset(
    *, programme_id: UUID, tranche_id: UUID, amount: Money, reason: str, actor: User, at: datetime
) -> RefundOffset:
    """
    Ask that some of what an organisation owes back is taken off a tranche due to it. Nothing moves yet.

    :param programme_id: the programme whose unspent money is claimed back
    :param tranche_id: a tranche due to the same organisation, for another programme
    :raises Missing: if there is no such programme or tranche
    :raises NotPermitted: if the actor is not of the secretariat, or proposed what the tranche pays for
    :raises WrongState: if nothing is claimed back, the tranche is not due, or it is not paid to who owes
    :raises Unacceptable: if it is more than is owed or than the tranche, is nothing, or it is not said why
    """
    programme = locks.programme(programme_id)
    tranche = payment_locks.payable(tranche_id)
    permissions.may_offset(actor, tranche).enforce()
    claim = _claim_on(programme)
    _require_due_to_the_debtor(programme, tranche)
    waiting = queries.waiting_of(claim)
    if waiting:
        raise WrongState(
            _("%(waiting)s of this claim waits for a certifying officer already. Let that be answered first.")
            % {"waiting": waiting}
        )
    _require_fitting(programme, tranche, amount)
    if not 0 < len(reason.strip()) <= _WORDS:
        raise Unacceptable(_("Say why it is taken off, in at most 1,000 letters. The organisation reads it."))
    offset = RefundOffset.objects.create(
        reference=next_reference("OFS", at.date()),
        claim=claim,
        tranche=tranche,
        amount_minor=amount.minor,
        currency=amount.currency,
        reason=reason.strip(),
        proposed_by=actor,
        proposed_at=at,
    )
    _record("offset.proposed", offset, actor=actor, at=at)
    return offset


@transaction.atomic(durable=True)
def agree_to_offset(*, offset_id: UUID, proof: Proof, nonce: UUID, actor: User, at: datetime) -> RefundOffset:
    """
    Take a refund off a tranche: the organisation owes so much less, and is paid so much less.

    In the books it has given the money back and has had it for the other programme; no cash moves. What is taken off
    as a whole is paid.

    :param proof: a fresh second factor, bound to `queries.offsets.fingerprint_of(offset, nonce)`
    :raises Missing: if there is no such offset
    :raises NotPermitted: if the actor is no certifying officer, or asked for it, or proposed what the tranche pays for
    :raises AlreadyDone: if it was answered
    :raises WrongState: if nothing is owed any more, or the tranche is not due any more
    :raises GateClosed: if a gate before a payment of the tranche is not clear
    :raises Unacceptable: if less is owed now, or less of the tranche is left
    :raises SecondFactorFailed: if the second factor is wrong or was used
    """
    offset, programme, tranche = _hold(offset_id)
    locks.fund()
    permissions.may_answer_offset(actor, offset).enforce()
    _require_unanswered(offset)
    _claim_on(programme)
    _require_due_to_the_debtor(programme, tranche)
    _require_fitting(programme, tranche, offset.amount)
    account = payment_queries.current_account(programme.organisation_id)
    found = payment_queries.gates_before(tranche, account, at)
    gates.require_clear(tuple(gate for gate in found if gate.key not in _ABOUT_THE_WAY))
    confirmation = step_up.confirm(
        proof=proof, person=actor, purpose=_PURPOSE, fingerprint=queries.fingerprint_of(offset, nonce), at=at
    )
    _post(postings.take_off(offset, on=at.date()), programme, tranche.proposal.programme, actor=actor, at=at)
    RefundOffsetAnswer.objects.create(
        offset=offset, agrees=True, confirmation=confirmation, answered_by=actor, answered_at=at
    )
    if not payment_queries.amount_to_pay(tranche):
        states.require_tranche_move(TrancheStatus(tranche.status), to=TrancheStatus.PAID)
        tranche.mark_paid()
    _record("offset.agreed", offset, actor=actor, at=at)
    return offset


@transaction.atomic(durable=True)
def decline_offset(*, offset_id: UUID, note: str, actor: User, at: datetime) -> RefundOffset:
    """
    Say that a refund is not taken off, and why: the organisation gives the money back instead.

    :raises Missing: if there is no such offset
    :raises NotPermitted: if the actor is no certifying officer, or asked for it, or proposed what the tranche pays for
    :raises AlreadyDone: if it was answered
    :raises Unacceptable: if it is not said why
    """
    offset, _programme, _tranche = _hold(offset_id)
    permissions.may_answer_offset(actor, offset).enforce()
    _require_unanswered(offset)
    if not 0 < len(note.strip()) <= _WORDS:
        raise Unacceptable(_("Say why it is not taken off, in at most 1,000 letters. Whoever asked reads it."))
    RefundOffsetAnswer.objects.create(offset=offset, agrees=False, note=note.strip(), answered_by=actor, answered_at=at)
    _record("offset.declined", offset, actor=actor, at=at, note=note.strip())
    return offset


def _post(draft: Draft, *programmes: Programme, actor: User, at: datetime) -> None:
    """Post what is of two programmes, and before it open the accounts of either that it is the first to touch."""
    for leg in draft.legs:
        for programme in programmes:
            if chart.reference_of(leg.account) == programme.reference:
                head = chart.head_of(leg.account)
                ledger.open_under(head, programme.reference, of=programme.title[:_TITLE], by=actor, at=at)
    ledger.post_late(draft, by=actor, at=at)


def _hold(offset_id: UUID) -> tuple[RefundOffset, Programme, Tranche]:
    """Hold the programme that owes, then the tranche; and return the offset as it stands."""
    for programme_id, tranche_id in RefundOffset.objects.filter(pk=offset_id).values_list(
        "claim__programme_id", "tranche_id"
    ):
        programme = locks.programme(programme_id)
        tranche = payment_locks.payable(tranche_id)
        return queries.offsets().get(pk=offset_id), programme, tranche
    raise Missing(_("There is no such offset. Look it up on the closure of its programme."))


def _require_unanswered(offset: RefundOffset) -> None:
    if hasattr(offset, "answer"):
        raise AlreadyDone(_("%(who)s has answered this already.") % {"who": offset.answer.answered_by.name})


def _claim_on(programme: Programme) -> RefundClaim:
    if programme.status != ProgrammeStatus.REFUND_DUE:
        raise WrongState(_("Nothing is claimed back of this programme. Claim the unspent money first."))
    return programme.refund_claim


def _require_due_to_the_debtor(programme: Programme, tranche: Tranche) -> None:
    if tranche.proposal.programme.organisation_id != programme.organisation_id:
        raise WrongState(_("The tranche is due to another organisation, which owes nothing here. Choose another."))
    if payment_queries.payee_of(tranche).pk != programme.organisation_id:
        raise WrongState(_("The tranche is paid to a vendor, who owes nothing. Choose another."))
    if tranche.status != TrancheStatus.DUE:
        raise WrongState(
            _("%(tranche)s stands at “%(standing)s”. A refund is taken off what is due and not yet in payment.")
            % {"tranche": tranche.reference, "standing": TrancheStatus(tranche.status).label}
        )


def _require_fitting(programme: Programme, tranche: Tranche, amount: Money) -> None:
    if amount.minor <= 0 or amount.currency != settings.FUND_CURRENCY:
        raise Unacceptable(_("Write an amount above zero, in %(currency)s.") % {"currency": settings.FUND_CURRENCY})
    owed = held_by_organisation(programme)
    if amount > owed:
        raise Unacceptable(
            _("The organisation owes %(owed)s, and this takes off %(amount)s. Take off at most what it owes.")
            % {"owed": owed, "amount": amount}
        )
    left = payment_queries.amount_to_pay(tranche)
    if amount > left:
        raise Unacceptable(
            _("%(left)s of the tranche is left to pay, and this takes off %(amount)s. Take off at most that.")
            % {"left": left, "amount": amount}
        )


def _record(kind: str, offset: RefundOffset, *, actor: User, at: datetime, **facts: str) -> None:
    events.record(
        kind,
        about=offset.id,
        by=actor,
        at=at,
        reference=offset.reference,
        programme=offset.claim.programme.reference,
        tranche=offset.tranche.reference,
        amount=str(offset.amount),
        **facts,
    )

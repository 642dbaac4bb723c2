"""How a programme ends: its work is closed, unspent money comes back, its accounts are closed, and it is audited."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from disbursements import locks, states
from disbursements.models import ClosureStep, Programme, RefundClaim
from disbursements.permissions import reports as permissions
from disbursements.postings.payments import free
from disbursements.queries import closures, reports
from disbursements.reporting import ReportKind
from disbursements.states import ProgrammeStatus
from ledger import operations as ledger
from trustfund.core import events
from trustfund.core.models import User
from trustfund.core.refusals import Missing, Unacceptable, WrongState
from trustfund.core.roles import RoleName

_LONGEST_NOTE: Final = 1000
_OWNERS: Final = (RoleName.SECRETARIAT, RoleName.CERTIFYING_OFFICER)


@transaction.atomic(durable=True)
def close_operations(*, programme_id: UUID, owner_id: UUID, note: str, actor: User, at: datetime) -> Programme:
    """
    Say that a programme's work is over. What is still reserved for it is spendable again.

    :param owner_id: the officer who sees to the next step
    :raises Missing: if there is no such programme or officer
    :raises NotPermitted: if the actor is not of the secretariat
    :raises WrongState: if it is not open, its last day is to come, or a payment of it is under way
    :raises Unacceptable: if no ground is given, or the owner is no officer who reviews reports
    """
    programme = locks.programme(programme_id)
    locks.fund()
    permissions.may_close_operations(actor).enforce()
    states.require_programme_move(ProgrammeStatus(programme.status), to=ProgrammeStatus.OPERATIONALLY_CLOSED)
    if programme.ends_on >= at.date():
        raise WrongState(
            _("The programme runs to %(day)s. Close its work when that day is over.") % {"day": programme.ends_on}
        )
    left = closures.left_of(programme)
    if left.in_payment:
        raise WrongState(
            _("%(amount)s is on its way to the organisation. Wait until it has arrived, or cancel the payment.")
            % {"amount": left.in_payment}
        )
    if left.reserved:
        ledger.post(
            free(
                left.reserved,
                programme=programme.reference,
                reference=f"{programme.reference}/closed",
                on=at.date(),
                why=_("The work is over"),
                subject=programme.id,
            ),
            by=actor,
            at=at,
        )
    _step(programme, ProgrammeStatus.OPERATIONALLY_CLOSED, owner_id=owner_id, note=note, actor=actor, at=at)
    events.record(
        "programme.closed",
        about=programme.id,
        by=actor,
        at=at,
        reference=programme.reference,
        freed=str(left.reserved),
        note=note.strip(),
    )
    return programme


@transaction.atomic(durable=True)
def claim_refund(*, programme_id: UUID, owner_id: UUID, note: str, actor: User, at: datetime) -> RefundClaim:
    """
    Claim back what an organisation holds unspent, due in ninety days unless the setting says otherwise.

    :raises Missing: if there is no such programme or officer
    :raises NotPermitted: if the actor is not of the secretariat
    :raises WrongState: if the work is not closed, no certified final report was accepted, or nothing is unspent
    :raises Unacceptable: if no ground is given, or the owner is no officer who reviews reports
    """
    programme = locks.programme(programme_id)
    permissions.may_claim_refund(actor).enforce()
    states.require_programme_move(ProgrammeStatus(programme.status), to=ProgrammeStatus.REFUND_DUE)
    _require_final_report(programme)
    held = closures.left_of(programme).held
    if not held:
        raise WrongState(_("The organisation holds nothing unspent. Close the accounts in place of claiming."))
    claim = RefundClaim.objects.create(
        programme=programme,
        amount_minor=held.minor,
        currency=held.currency,
        due_on=at.date() + timedelta(days=settings.REFUND_DUE_DAYS),
        claimed_by=actor,
        claimed_at=at,
    )
    _step(programme, ProgrammeStatus.REFUND_DUE, owner_id=owner_id, note=note, actor=actor, at=at)
    events.record(
        "refund.claimed",
        about=programme.id,
        by=actor,
        at=at,
        reference=programme.reference,
        amount=str(held),
        due_on=claim.due_on.isoformat(),
    )
    return claim


@transaction.atomic(durable=True)
def close_accounts(*, programme_id: UUID, owner_id: UUID, note: str, actor: User, at: datetime) -> Programme:
    """
    Close a programme's accounts: everything transferred was spent and accepted, or came back.

    :raises Missing: if there is no such programme or officer
    :raises NotPermitted: if the actor is no certifying officer, or took an earlier step of the closure
    :raises WrongState: if the work is not closed, no certified final report was accepted, or something is left
    :raises Unacceptable: if no ground is given, or the owner is no officer who reviews reports
    """
    programme = locks.programme(programme_id)
    permissions.may_close_accounts(actor, programme).enforce()
    states.require_programme_move(ProgrammeStatus(programme.status), to=ProgrammeStatus.FINANCIALLY_CLOSED)
    _require_final_report(programme)
    left = closures.left_of(programme)
    if not left.is_nothing:
        raise WrongState(
            _("The organisation holds %(held)s, and %(reserved)s is set aside. Both must be nothing first.")
            % {"held": left.held, "reserved": left.reserved + left.in_payment}
        )
    _step(programme, ProgrammeStatus.FINANCIALLY_CLOSED, owner_id=owner_id, note=note, actor=actor, at=at)
    events.record(
        "accounts.closed", about=programme.id, by=actor, at=at, reference=programme.reference, note=note.strip()
    )
    return programme


@transaction.atomic(durable=True)
def note_audit(*, programme_id: UUID, note: str, actor: User, at: datetime) -> Programme:
    """
    Note that a programme was audited, by whom and with which opinion. It is the last step.

    :raises Missing: if there is no such programme
    :raises NotPermitted: if the actor is not of the secretariat
    :raises WrongState: if its accounts are not closed
    :raises Unacceptable: if the auditor's report is not named
    """
    programme = locks.programme(programme_id)
    permissions.may_note_audit(actor).enforce()
    states.require_programme_move(ProgrammeStatus(programme.status), to=ProgrammeStatus.AUDITED)
    _step(programme, ProgrammeStatus.AUDITED, owner_id=actor.pk, note=note, actor=actor, at=at)
    events.record(
        "programme.audited", about=programme.id, by=actor, at=at, reference=programme.reference, note=note.strip()
    )
    return programme


def _require_final_report(programme: Programme) -> None:
    if reports.latest_accepted(programme, ReportKind.FINAL_FINANCIAL) is None:
        raise WrongState(_("No certified final financial report was accepted yet. It comes first."))


def _step(programme: Programme, to: ProgrammeStatus, *, owner_id: UUID, note: str, actor: User, at: datetime) -> None:
    owner = User.objects.filter(pk=owner_id, is_active=True).first()
    if owner is None:
        raise Missing(_("There is no such officer, or their sign-in is closed."))
    if not owner.holds(*_OWNERS) or owner.is_seconded:
        raise Unacceptable(_("A closure is owned by an officer who reviews reports. Choose another."))
    if not 0 < len(note.strip()) <= _LONGEST_NOTE:
        raise Unacceptable(_("Say on what grounds, in at most 1,000 letters. It is kept in the record."))
    # The row comes first: PostgreSQL lets the state follow only where the row has led.
    ClosureStep.objects.create(programme=programme, to=to.value, by=actor, at=at, owner=owner, note=note.strip())
    programme.mark(to)

"""Giving up a part of a pledge: asked for by the secretariat, decided by the committee, then carried out."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from committee import operations as committee_operations
from committee import queries as committee_queries
from committee.matters import Kind, Matter
from donors import locks, permissions, postings, queries, states
from donors.models import StartsWith, WriteOff, WrittenOffPart
from donors.schedule import allocate
from donors.states import Status
from ledger import chart
from ledger import operations as ledger_operations
from trustfund.core import events
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.numbering import next_reference
from trustfund.core.refusals import AlreadyDone, Unacceptable, WrongState


@transaction.atomic(durable=True)
def ask_for_write_off(
    *,
    pledge_id: UUID,
    amount: Money,
    starts_with: StartsWith,
    reason: str,
    evidence: str,
    closes_at: datetime,
    actor: User,
    at: datetime,
) -> WriteOff:
    """
    Ask the committee to give up a part of a pledge. Nothing changes before it has decided.

    :param amount: in the pledge's currency, at most what is outstanding
    :param starts_with: which instalments it takes first
    :param closes_at: when voting ends
    :raises Missing: if there is no such pledge
    :raises NotPermitted: if the actor is not of the secretariat
    :raises WrongState: if nothing of the pledge is outstanding, or no rules of procedure are in force
    :raises AlreadyDone: if another write-off of this pledge is before the committee, or carried and not carried out
    :raises Unacceptable: if the amount cannot be, the reason or the evidence is missing, or voting would end too soon
    """
    pledge = locks.pledge(pledge_id)
    permissions.may_keep_donors(actor).enforce()
    states.require_move(Status(pledge.status), to=Status.WRITTEN_OFF)
    reason, evidence = reason.strip(), evidence.strip()
    if not reason or not evidence:
        raise Unacceptable(_("A write-off has a reason and evidence. Say why, and what shows it."))
    outstanding = queries.outstanding_of(pledge)
    _require_fits(amount, outstanding)
    waiting = queries.waits_for_committee(pledge)
    if waiting is not None:
        raise AlreadyDone(
            _("%(reference)s of this pledge is before the committee, or carried. Let it end first.")
            % {"reference": waiting.reference}
        )

    one = WriteOff.objects.create(
        reference=next_reference("WO", at.date()),
        pledge=pledge,
        minor=amount.minor,
        currency=amount.currency,
        starts_with=starts_with,
        reason=reason,
        evidence=evidence,
        asked_by=actor,
        asked_at=at,
    )
    motion = committee_operations.lay_before(
        _matter(one, outstanding), proposer=actor, closes_at=closes_at, actor=actor, at=at
    )
    events.record(
        "write_off.requested",
        about=one.id,
        by=actor,
        at=at,
        reference=one.reference,
        pledge=pledge.reference,
        amount=str(amount),
        motion=motion.reference,
    )
    return one


@transaction.atomic(durable=True)
def carry_out_write_off(*, write_off_id: UUID, actor: User, at: datetime) -> WriteOff:
    """
    Carry out what the committee has decided: the pledge's outstanding part goes down, and so do its instalments.

    :raises Missing: if there is no such write-off
    :raises NotPermitted: if the actor is not of the secretariat
    :raises AlreadyDone: if it is carried out
    :raises NotDecided: if the committee has not decided, NoQuorum or NotCarried if it did not carry it
    :raises WrongState: if so much came meanwhile that less is outstanding than was to be given up
    """
    one = locks.write_off(write_off_id)
    pledge = one.pledge
    permissions.may_keep_donors(actor).enforce()
    if one.is_carried_out:
        raise AlreadyDone(_("%(reference)s is carried out already.") % {"reference": one.reference})
    decision = committee_queries.require_decision(one.id, queries.VERSION, Kind.WRITE_OFF)
    unpaid = queries.unpaid_instalments(pledge)
    outstanding = queries.outstanding_of(pledge)
    if one.amount > outstanding:
        raise WrongState(
            _("Money has come since the committee decided: only %(outstanding)s is outstanding. Ask it anew.")
            % {"outstanding": outstanding}
        )

    ledger_operations.open_under(
        chart.WRITTEN_OFF, pledge.reference, of=pledge.reference, currency=pledge.currency, by=actor, at=at
    )
    ledger_operations.post(postings.write_off(one, on=at.date()), by=actor, at=at)
    ordered = unpaid if one.starts_with == StartsWith.OLDEST else unpaid[::-1]
    WrittenOffPart.objects.bulk_create(
        WrittenOffPart(write_off=one, instalment=instalment, minor=part.minor, currency=part.currency)
        for instalment, part in allocate(one.amount, ordered)
    )
    one.mark_carried_out(on=at.date(), by=actor, at=at)
    left = outstanding - one.amount
    given_up = queries.written_off_of(pledge)
    pledge.mark(
        states.after_receipts(
            outstanding=left.minor,
            pledged=pledge.minor,
            is_called=pledge.status == Status.CALLED,
            written_off=given_up.minor,
        )
    )
    events.record(
        "pledge.written_off",
        about=pledge.id,
        by=actor,
        at=at,
        reference=pledge.reference,
        write_off=one.reference,
        amount=str(one.amount),
        decision=decision.reference,
    )
    return one


def _require_fits(amount: Money, outstanding: Money) -> None:
    if amount.currency != outstanding.currency or amount.minor <= 0:
        raise Unacceptable(
            _("What is given up is more than zero, in the pledge's currency, %(currency)s.")
            % {"currency": outstanding.currency}
        )
    if amount > outstanding:
        raise Unacceptable(
            _("Only %(outstanding)s of this pledge is outstanding, so no more can be given up.")
            % {"outstanding": outstanding}
        )


def _matter(one: WriteOff, outstanding: Money) -> Matter:
    pledge = one.pledge
    return Matter(
        kind=Kind.WRITE_OFF,
        subject=one.id,
        version=queries.VERSION,
        title=_("Give up %(amount)s of %(pledge)s, %(donor)s")
        % {"amount": one.amount, "pledge": pledge.reference, "donor": pledge.donor.name},
        summary=one.reason,
        amount=one.amount,
        particulars=(
            (_("Donor"), pledge.donor.name),
            (_("Pledge"), f"{pledge.reference}, {pledge.amount}"),
            (_("Outstanding when asked"), str(outstanding)),
            (_("Takes first"), str(StartsWith(one.starts_with).label)),
            (_("Evidence"), one.evidence),
        ),
        interests=(pledge.donor.name,),
    )

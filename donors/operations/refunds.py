"""Giving money back to donors: requested by one, decided by the committee, paid by another with a second factor."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from committee import operations as committee_operations
from committee import queries as committee_queries
from committee.matters import Kind, Matter
from donors import locks, permissions, postings, queries, rates
from donors.models import Donor, Refund
from donors.residue import pro_rata
from ledger import chart
from ledger import operations as ledger_operations
from trustfund.core import events, step_up
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.numbering import next_reference
from trustfund.core.refusals import Unacceptable
from trustfund.core.step_up import Proof


@transaction.atomic(durable=True)
def request_refund(
    *, donor_id: UUID, amount: Money, reason: str, closes_at: datetime, actor: User, at: datetime
) -> Refund:
    """
    Ask the committee to give money back to a donor: by agreement, or at closure. Nothing moves before it has decided.

    :param amount: in USD, at most what the donor gave and has not had back or been promised
    :param closes_at: when voting ends
    :raises Missing: if there is no such donor
    :raises NotPermitted: if the actor is not of the secretariat
    :raises WrongState: if no rules of procedure are in force
    :raises Unacceptable: if the amount cannot be, the reason is missing, or voting would end too soon
    """
    donor = locks.donor(donor_id)
    permissions.may_keep_donors(actor).enforce()
    return _request(donor=donor, amount=amount, reason=reason.strip(), closes_at=closes_at, actor=actor, at=at)


@transaction.atomic(durable=True)
def request_residue_refunds(
    *, residue: Money, reason: str, closes_at: datetime, actor: User, at: datetime
) -> list[Refund]:
    """
    Ask the committee to give what remains back to all donors, pro rata to what each gave (R10): one refund for each.

    :param residue: in USD, at most what is spendable
    :raises NotPermitted: if the actor is not of the secretariat
    :raises WrongState: if no rules of procedure are in force
    :raises Unacceptable: if the amount cannot be, nobody gave anything, the reason is missing, or voting would end too
        soon
    """
    permissions.may_keep_donors(actor).enforce()
    spendable = queries.spendable()
    if residue.currency != rates.FUND_CURRENCY or not 0 < residue.minor <= spendable.minor:
        raise Unacceptable(
            _("What is given back is more than zero and at most what is spendable, %(spendable)s.")
            % {"spendable": spendable}
        )
    parts = pro_rata(residue, queries.given_by_all())
    donors = Donor.objects.select_for_update().filter(reference__in=parts).order_by("reference")
    return [
        _request(
            donor=donor,
            amount=parts[donor.reference],
            reason=reason.strip(),
            closes_at=closes_at,
            actor=actor,
            at=at,
        )
        for donor in donors
        if parts[donor.reference]
    ]


@transaction.atomic(durable=True)
def pay_refund(
    *, refund_id: UUID, bank_reference: str, paid_on: date, proof: Proof, nonce: UUID, actor: User, at: datetime
) -> Refund:
    """
    Let a refund that the committee has decided leave the fund, to the donor's verified and rested bank details.

    :param bank_reference: of the transfer
    :param paid_on: the day it leaves; today or before
    :param proof: a fresh second factor, bound to `queries.fingerprint_of_refund(refund, account, nonce)`
    :raises Missing: if there is no such refund
    :raises NotPermitted: if the actor is no treasury officer, or requested it; or the bank details are missing, not
        verified, or younger than 72 hours
    :raises WrongState: if it is paid
    :raises NotDecided: if the committee has not decided, NoQuorum or NotCarried if it did not carry it
    :raises Unacceptable: if the bank's reference is missing, or the day lies in the future or before the request
    :raises SecondFactorFailed: if the second factor is wrong or was used
    :raises InsufficientFunds: if so much is no longer spendable
    """
    refund = locks.refund(refund_id)
    permissions.may_pay_refund(actor, refund).enforce()
    decision = committee_queries.require_decision(refund.id, queries.VERSION, Kind.REFUND)
    account = queries.current_account_of(refund.donor)
    queries.may_be_paid_to(account, at).enforce()
    assert account is not None  # the verdict says so
    bank_reference = bank_reference.strip()
    if not bank_reference:
        raise Unacceptable(_("Write the bank's reference of the transfer."))
    if not refund.requested_at.date() <= paid_on <= at.date():
        raise Unacceptable(_("A refund leaves after it was requested, and not in the future. Check the date."))
    confirmation = step_up.confirm(
        proof=proof,
        person=actor,
        purpose="refund.pay",
        fingerprint=queries.fingerprint_of_refund(refund, account, nonce),
        at=at,
    )

    ledger_operations.open_under(
        chart.CONTRIBUTOR_REFUNDS, refund.donor.reference, of=refund.donor.name, by=actor, at=at
    )
    ledger_operations.post_late(postings.give_back(refund, on=paid_on), by=actor, at=at)
    refund.mark_paid(to=account, bank_reference=bank_reference, on=paid_on, confirmation=confirmation, by=actor, at=at)
    events.record(
        "refund.paid",
        about=refund.id,
        by=actor,
        at=at,
        reference=refund.reference,
        donor=refund.donor.name,
        amount=str(refund.amount),
        decision=decision.reference,
        account=account.masked_iban,
    )
    return refund


def _request(*, donor: Donor, amount: Money, reason: str, closes_at: datetime, actor: User, at: datetime) -> Refund:
    if not reason:
        raise Unacceptable(_("A refund has a reason. Say on what agreement or decision it rests."))
    most = queries.given_by(donor) - queries.promised_back(donor)
    if amount.currency != rates.FUND_CURRENCY or not 0 < amount.minor <= most.minor:
        raise Unacceptable(
            _("%(donor)s gave %(most)s that it has not had back or been promised. A refund is at most that, in USD.")
            % {"donor": donor.name, "most": most}
        )
    refund = Refund.objects.create(
        reference=next_reference("RFD", at.date()),
        donor=donor,
        minor=amount.minor,
        reason=reason,
        requested_by=actor,
        requested_at=at,
    )
    motion = committee_operations.lay_before(
        _matter(refund, most), proposer=actor, closes_at=closes_at, actor=actor, at=at
    )
    events.record(
        "refund.requested",
        about=refund.id,
        by=actor,
        at=at,
        reference=refund.reference,
        donor=donor.name,
        amount=str(amount),
        motion=motion.reference,
    )
    return refund


def _matter(refund: Refund, most: Money) -> Matter:
    return Matter(
        kind=Kind.REFUND,
        subject=refund.id,
        version=queries.VERSION,
        title=_("Give %(amount)s back to %(donor)s") % {"amount": refund.amount, "donor": refund.donor.name},
        summary=refund.reason,
        amount=refund.amount,
        particulars=(
            (_("Donor"), refund.donor.name),
            (_("Given and not had back"), str(most)),
            (_("Paid from"), _("what is spendable when it is paid")),
        ),
        interests=(refund.donor.name,),
    )

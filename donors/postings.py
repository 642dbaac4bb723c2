"""Every way in which pledges, receipts and refunds move money, as drafts for the ledger. Nothing is posted here."""

from datetime import date

from django.utils.translation import gettext as _

from donors.models import Pledge, PledgeVersion, Receipt, Refund, Unidentified, UnidentifiedReturn, WriteOff
from ledger import chart
from ledger.drafts import Draft, credit, debit, legs
from trustfund.core.money import Money


def promise(pledge: Pledge) -> Draft:
    """Return the draft that puts a signed pledge among the outstanding ones, effective on the day of signature."""
    if pledge.signed_on is None:
        raise ValueError("Only a signed pledge is in the books.")
    return Draft(
        kind="pledge.signed",
        reference=pledge.reference,
        effective_on=pledge.signed_on,
        legs=legs(
            debit(chart.under(chart.OUTSTANDING, pledge.reference), pledge.amount),
            credit(chart.under(chart.PLEDGED, pledge.reference), pledge.amount),
        ),
        memo=_("Pledge of %(donor)s") % {"donor": pledge.donor.name},
        subject=pledge.id,
    )


def amend(version: PledgeVersion, difference: Money) -> Draft:
    """Return the draft that adds to an outstanding pledge, or takes off it, what an amendment changes."""
    pledge = version.pledge
    return Draft(
        kind="pledge.amended",
        reference=f"{pledge.reference}/{version.number}",
        effective_on=version.in_force_on,
        legs=legs(
            debit(chart.under(chart.OUTSTANDING, pledge.reference), difference),
            credit(chart.under(chart.PLEDGED, pledge.reference), difference),
        ),
        memo=_("%(agreement)s amended, version %(version)s")
        % {"agreement": version.agreement.reference, "version": version.agreement.version},
        subject=pledge.id,
    )


def receive(receipt: Receipt) -> Draft:
    """
    Return the draft that books money that arrived, effective on its value date.

    The gross reaches cash; the pledge-date value is the contribution and the rest the donor's exchange difference (R3);
    the fee leaves again (R2); the net becomes spendable; the pledge is settled in its own currency. What was held as
    unidentified is cash already, so it comes out of what the fund owes.
    """
    pledge = receipt.pledge
    came_from = chart.CASH if receipt.held_id is None else chart.UNIDENTIFIED
    return Draft(
        kind="receipt.recorded",
        reference=receipt.reference,
        effective_on=receipt.value_on,
        legs=legs(
            debit(came_from, receipt.gross_usd),
            credit(chart.under(chart.CONTRIBUTIONS, pledge.donor.reference), receipt.pledge_rate_usd),
            credit(chart.under(chart.EXCHANGE_DIFFERENCE, pledge.donor.reference), receipt.difference_usd),
            debit(chart.AGENT_FEE, receipt.fee_usd),
            credit(chart.CASH, receipt.fee_usd),
            debit(chart.SPENDABLE, receipt.net_usd),
            credit(chart.CASH_CONTRA, receipt.net_usd),
            debit(chart.under(chart.RECEIVED, pledge.reference), receipt.settles),
            credit(chart.under(chart.OUTSTANDING, pledge.reference), receipt.settles),
        ),
        memo=_("%(payer)s, bank reference %(bank)s") % {"payer": receipt.payer, "bank": receipt.bank_reference},
        subject=receipt.id,
    )


def hold(held: Unidentified) -> Draft:
    """Return the draft that books money which nobody can name: cash, and owed to whoever sent it."""
    return Draft(
        kind="receipt.held",
        reference=held.reference,
        effective_on=held.value_on,
        legs=legs(debit(chart.CASH, held.usd), credit(chart.UNIDENTIFIED, held.usd)),
        memo=_("Not identified, bank line %(line)s") % {"line": held.line.reference},
        subject=held.id,
    )


def send_back(returned: UnidentifiedReturn) -> Draft:
    """Return the draft that takes money out of the fund which it held for whoever sent it."""
    return Draft(
        kind="receipt.sent_back",
        reference=returned.reference,
        effective_on=returned.returned_on,
        legs=legs(debit(chart.UNIDENTIFIED, returned.usd), credit(chart.CASH, returned.usd)),
        memo=returned.reason[:200],
        subject=returned.held_id,
    )


def write_off(one: WriteOff, *, on: date) -> Draft:
    """Return the draft that gives up a part of what is outstanding; no cash moves, for none had come."""
    return Draft(
        kind="pledge.written_off",
        reference=one.reference,
        effective_on=on,
        legs=legs(
            debit(chart.under(chart.WRITTEN_OFF, one.pledge.reference), one.amount),
            credit(chart.under(chart.OUTSTANDING, one.pledge.reference), one.amount),
        ),
        memo=_("Given up of %(pledge)s by decision of the committee") % {"pledge": one.pledge.reference},
        subject=one.id,
    )


def give_back(refund: Refund, *, on: date) -> Draft:
    """Return the draft of a refund: cash leaves, and what leaves was spendable."""
    return Draft(
        kind="refund.paid",
        reference=refund.reference,
        effective_on=on,
        legs=legs(
            debit(chart.under(chart.CONTRIBUTOR_REFUNDS, refund.donor.reference), refund.amount),
            credit(chart.CASH, refund.amount),
            debit(chart.CASH_CONTRA, refund.amount),
            credit(chart.SPENDABLE, refund.amount),
        ),
        memo=_("Refund to %(donor)s by decision of the committee") % {"donor": refund.donor.name},
        subject=refund.id,
    )

"""The order to the fund's bank: written once, when its payment is released, and kept under its hash."""

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from disbursements.bank_details import BankDetails, bank_details
from disbursements.models import Payment, PaymentFile
from disbursements.payment_orders import Order, written
from trustfund.core import documents
from trustfund.core.db import require_transaction
from trustfund.core.models import User
from trustfund.core.refusals import Unacceptable


def write_order(payment: Payment, *, actor: User, at: datetime) -> PaymentFile:
    """
    Write the order of a payment that is being released, in the release's own transaction.

    The bytes are on the disk before the row is committed. If the transaction fails they stay as a file that nothing
    names; a later release writes another, and no order is ever written over.

    :raises Unacceptable: if the fund's own account is not set, or the bank could not read the order
    """
    require_transaction()
    tranche = payment.tranche
    content = written(
        Order(
            reference=payment.reference,
            written_at=at,
            execute_on=payment.value_on,
            debtor=own_account(),
            creditor=payment.bank_account.details,
            amount=payment.amount,
            words=f"{tranche.reference} {tranche.proposal.programme.title}",
        )
    )
    return PaymentFile.objects.create(
        payment=payment,
        sha256=documents.store(content, documents.XML),
        size=len(content),
        written_by=actor,
        written_at=at,
    )


def own_account() -> BankDetails:
    """
    Return the account from which the fund pays; whoever runs the fund's server sets it, and no officer can.

    :raises Unacceptable: if it is not set, or cannot be right
    """
    if not settings.FUND_IBAN or not settings.FUND_BIC:
        raise Unacceptable(
            _("The fund's own account is not set, so no order can be written. Ask who runs the server to set it.")
        )
    return bank_details(
        holder=settings.FUND_NAME,
        iban=settings.FUND_IBAN,
        bic=settings.FUND_BIC,
        bank=settings.FUND_BIC,
        country=settings.FUND_BIC[4:6],
    )

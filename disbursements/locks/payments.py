"""Holding payments and bank details until the transaction ends. The order is always organisation, tranche, payment."""

from uuid import UUID

from django.utils.translation import gettext as _

from disbursements.locks.proposals import tranche
from disbursements.models import BankAccount, Organisation, Payment, Tranche
from trustfund.core.refusals import Missing

# What gates and pages read of a payment, in one query.
AROUND_A_PAYMENT = (
    "tranche__proposal__programme__organisation",
    "tranche__version",
    "bank_account__registered_by",
    "bank_account__verification__verified_by",
    "bank_account__successor",
    "replaces",
)


def organisation(organisation_id: UUID) -> Organisation:
    """
    Hold an organisation, so that its bank details do not change while somebody signs, nor the other way round.

    :raises Missing: if there is none
    """
    for one in Organisation.objects.select_for_update(no_key=True).filter(pk=organisation_id):
        return one
    raise Missing(_("There is no such organisation. Look it up in the list of organisations."))


def payable(tranche_id: UUID) -> Tranche:
    """
    Hold a tranche that may be paid, and before it the organisation that would be paid.

    :raises Missing: if there is none
    """
    found = Tranche.objects.filter(pk=tranche_id).values_list("proposal__programme__organisation_id", flat=True)
    for organisation_id in found:
        organisation(organisation_id)
    return tranche(tranche_id)


def payment(payment_id: UUID) -> Payment:
    """
    Hold a payment, and before it its organisation and its tranche.

    :raises Missing: if there is none
    """
    for tranche_id in Payment.objects.filter(pk=payment_id).values_list("tranche_id", flat=True):
        payable(tranche_id)
    for one in Payment.objects.select_for_update(of=("self",)).select_related(*AROUND_A_PAYMENT).filter(pk=payment_id):
        return one
    raise Missing(_("There is no such payment. Look it up in the list of payments."))


def bank_account(account_id: UUID) -> BankAccount:
    """
    Hold the organisation of bank details, and return them as they stand.

    :raises Missing: if there are none
    """
    for organisation_id in BankAccount.objects.filter(pk=account_id).values_list("organisation_id", flat=True):
        organisation(organisation_id)
    found = BankAccount.objects.select_related(
        "organisation", "registered_by", "verification__verified_by", "successor"
    ).filter(pk=account_id)
    for one in found:
        return one
    raise Missing(_("There are no such bank details. Look them up in the list of bank accounts."))

"""What can be asked of bank details: the list, one organisation's chain, and what a verification is bound to."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from disbursements.models import BankAccount, BankDetailsRead
from trustfund.core import step_up
from trustfund.core.refusals import Missing


def bank_accounts() -> QuerySet[BankAccount]:
    """Return all bank details with who registered and verified them, latest first."""
    return BankAccount.objects.select_related(
        "organisation", "registered_by", "verification__verified_by", "successor"
    ).order_by("-registered_at", "id")


def bank_account_of(account_id: UUID) -> BankAccount:
    """
    Return bank details.

    :raises Missing: if there are none
    """
    found = bank_accounts().filter(pk=account_id).first()
    if found is None:
        raise Missing(_("There are no such bank details. Look them up in the list of bank accounts."))
    return found


def reads() -> QuerySet[BankDetailsRead]:
    """Return who was shown bank details, latest first."""
    return BankDetailsRead.objects.select_related("account__organisation", "person").order_by("-at", "-id")


def fingerprint_of(account: BankAccount, nonce: UUID) -> str:
    """Return the SHA-256 that the second factor of a verification is bound to."""
    return step_up.fingerprint(
        {
            "organisation": account.organisation.reference,
            "account": account.fingerprint,
            "step": "verify",
            "nonce": str(nonce),
        }
    )

"""Bank details: registered by one officer, verified by another who calls back. A change is a new row."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from disbursements.bank_details import bank_details
from disbursements.locks import payments as locks
from disbursements.models import BankAccount, BankAccountVerification, BankDetailsRead
from disbursements.permissions import payments as permissions
from disbursements.queries import bank_accounts as queries
from disbursements.queries.payments import current_account
from screening import operations as screening
from screening.models import PartyRole
from trustfund.core import events, step_up
from trustfund.core.models import User
from trustfund.core.refusals import AlreadyDone, Unacceptable, WrongState
from trustfund.core.step_up import Proof

_SOURCE: Final = 200
_CALL_BACK: Final = 400
_CALLED: Final = 140
_NUMBER: Final = 40


@transaction.atomic(durable=True)
def register_bank_account(
    *,
    organisation_id: UUID,
    holder: str,
    iban: str,
    bic: str,
    bank: str,
    country: str,
    source: str,
    actor: User,
    at: datetime,
) -> BankAccount:
    """
    Register where an organisation's money is sent. From now on nothing is paid to the details before these.

    Nor is anything paid to these before they have rested for 72 hours and a second officer has called back.

    :param source: the letter or form on which the organisation gave them
    :raises Missing: if there is no such organisation
    :raises NotPermitted: if the actor is not of the secretariat
    :raises Unacceptable: if the IBAN, the BIC or the country cannot be right, or the source is not named
    :raises AlreadyDone: if these are the organisation's details now
    """
    organisation = locks.organisation(organisation_id)
    permissions.may_register_bank_account(actor).enforce()
    details = bank_details(holder=holder, iban=iban, bic=bic, bank=bank, country=country)
    if not source.strip():
        raise Unacceptable(_("Name the letter or form on which the organisation gave these details."))
    before = current_account(organisation.id)
    if before is not None and before.fingerprint == details.fingerprint:
        raise AlreadyDone(_("These are the organisation's details already. Nothing needs to change."))
    account = BankAccount.objects.create(
        organisation=organisation,
        supersedes=before,
        holder=details.holder,
        iban=details.iban,
        bic=details.bic,
        bank=details.bank,
        country=details.country,
        fingerprint=details.fingerprint,
        source=source.strip()[:_SOURCE],
        registered_by=actor,
        registered_at=at,
    )
    screening.name_party(
        subject=organisation.id, role=PartyRole.ACCOUNT_HOLDER, name=details.holder, actor=actor, at=at
    )
    events.record("bank_account.registered", about=account.id, by=actor, at=at, organisation=organisation.reference)
    return account


@transaction.atomic(durable=True)
def verify_bank_account(
    *,
    account_id: UUID,
    called: str,
    number: str,
    known_from: str,
    called_at: datetime,
    call_back: str,
    proof: Proof,
    nonce: UUID,
    actor: User,
    at: datetime,
) -> BankAccount:
    """
    Say that the organisation was called back on a number known before and that the details are its own.

    :param called: who was called
    :param number: on which number
    :param known_from: from where the fund knew that number before these details came
    :param call_back: what they said
    :param proof: a fresh second factor, bound to `queries.bank_accounts.fingerprint_of(account, nonce)`
    :raises Missing: if there are no such details
    :raises NotPermitted: if the actor is no officer of the fund, or registered them
    :raises AlreadyDone: if they are verified
    :raises WrongState: if other details have taken their place
    :raises Unacceptable: if it is not said who was called, where the number is from or what was said, or the call was
        before the details were registered or is still to come
    :raises SecondFactorFailed: if the second factor is wrong or was used
    """
    account = locks.bank_account(account_id)
    permissions.may_verify_bank_account(actor, account).enforce()
    if hasattr(account, "verification"):
        raise AlreadyDone(_("Another officer has verified these details already."))
    if hasattr(account, "successor"):
        raise WrongState(_("Other details have taken the place of these. Verify the latest ones."))
    said = [" ".join(words.split()) for words in (called, number, known_from, call_back)]
    if not all(said):
        raise Unacceptable(_("Say whom you called, on which number, where you had it from, and what they said."))
    if not account.registered_at <= called_at <= at:
        raise Unacceptable(_("The call comes after the details were registered, and not later than now."))
    confirmation = step_up.confirm(
        proof=proof,
        person=actor,
        purpose="bank_account.verify",
        fingerprint=queries.fingerprint_of(account, nonce),
        at=at,
    )
    BankAccountVerification.objects.create(
        account=account,
        called=said[0][:_CALLED],
        number=said[1][:_NUMBER],
        known_from=said[2][:_SOURCE],
        called_at=called_at,
        call_back=said[3][:_CALL_BACK],
        confirmation=confirmation,
        verified_by=actor,
        verified_at=at,
    )
    events.record(
        "bank_account.verified", about=account.id, by=actor, at=at, organisation=account.organisation.reference
    )
    return account


@transaction.atomic(durable=True)
def note_read(*, account_id: UUID | None, page: str, in_full: bool, actor: User, at: datetime) -> None:
    """
    Write down that somebody is shown bank details, before they are.

    :param account_id: whose; nothing where a page of the masked list is shown
    :raises NotPermitted: if the actor sees no bank details
    """
    permissions.may_see_bank_details(actor).enforce()
    BankDetailsRead.objects.create(account_id=account_id, page=page[:_NUMBER], in_full=in_full, person=actor, at=at)

"""Which bank accounts are the fund's own."""

import re
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bank import permissions
from bank.models import OwnAccount
from bank.readers import plain
from trustfund.core import events
from trustfund.core.db import constraint_of
from trustfund.core.models import User
from trustfund.core.money import decimals_of
from trustfund.core.refusals import AlreadyDone, Unacceptable

_BIC: Final = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?")
_NUMBER: Final = re.compile(r"[A-Z0-9]{4,40}")


@transaction.atomic(durable=True)
def register_own_account(
    *, name: str, number: str, currency: str, bank_name: str, bic: str = "", actor: User, at: datetime
) -> OwnAccount:
    """
    Register a bank account of the fund itself: only statements about such an account are taken in.

    :param number: its IBAN, or the number that the bank's statements name
    :raises NotPermitted: if the actor is not a treasury officer
    :raises Unacceptable: if the name, the number, the currency or the bank's code cannot be
    :raises AlreadyDone: if it is registered
    """
    permissions.may_keep_own_accounts(actor).enforce()
    name, bank_name, bic, number = name.strip(), bank_name.strip(), bic.strip().upper(), plain(number)
    decimals_of(currency)
    if not name or not bank_name:
        raise Unacceptable(_("An account has a name and a bank. Write both."))
    if not _NUMBER.fullmatch(number):
        raise Unacceptable(_("An account's number has 4 to 40 letters and digits. Copy it from the bank's statement."))
    if bic and not _BIC.fullmatch(bic):
        raise Unacceptable(_("A bank's code (BIC) has 8 or 11 letters and digits. Leave it empty if it has none."))
    account = OwnAccount(
        name=name,
        number=number,
        currency=currency,
        bank_name=bank_name,
        bic=bic,
        registered_by=actor,
        registered_at=at,
    )
    try:
        account.save(force_insert=True)
    except IntegrityError as error:
        if constraint_of(error) == "an_account_is_the_funds_once":
            raise AlreadyDone(_("This account is registered as the fund's already.")) from error
        raise
    events.record("own_account.registered", about=account.id, by=actor, at=at, name=name, currency=currency)
    return account

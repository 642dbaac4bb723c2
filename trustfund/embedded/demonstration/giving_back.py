"""Where money would go back to: a donor's bank details, registered by one officer, called back by another."""

from datetime import datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID, uuid5

from donors import queries
from donors.models import Donor
from donors.operations import bank_accounts
from trustfund.embedded.demonstration.stage import MONTHS, Stage, moment

# Swiss, with right check digits, and nobody's.
_IBAN: Final = "CH9300762011623852957"
_FORM: Final = UUID("6f0b6f5e-3f0c-4f57-9a57-2f6c1f6d9a10")


def plan(stage: Stage) -> None:
    """Put the registration and the call on the agenda."""
    stage.plan(moment(stage.day(MONTHS - 3, 9), 10), partial(_register, stage))


def _register(stage: Stage, at: datetime) -> None:
    account = bank_accounts.register_bank_details(
        donor_id=Donor.objects.get(name="Republic of Valdria").pk,
        holder="Treasury of the Republic of Valdria",
        iban=_IBAN,
        bic="EXMPCHGG",
        bank="Example Bank, Geneva",
        country="CH",
        source="Letter of the ministry, reference 2291",
        actor=stage.people["secretariat"],
        at=at,
    )
    stage.plan(at + timedelta(hours=26), partial(_call_back, stage, account.pk))


def _call_back(stage: Stage, details_id: UUID, at: datetime) -> None:
    account = queries.current_account_of(Donor.objects.get(name="Republic of Valdria"))
    assert account is not None
    nonce = uuid5(_FORM, str(details_id))
    bank_accounts.verify_bank_details(
        details_id=details_id,
        called="Head of the treasury's payments desk",
        number="+41 22 555 01 42",
        known_from="The agreement's list of contacts",
        called_at=at - timedelta(minutes=20),
        call_back="Read the number back sign by sign; it is theirs.",
        proof=stage.proof("certifier", queries.fingerprint_of_details(account, nonce)),
        nonce=nonce,
        actor=stage.people["certifier"],
        at=at,
    )

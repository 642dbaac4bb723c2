"""Write-offs, refunds and donors' bank details for tests, made through the operations and decided by a committee."""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction

from committee import operations as committee_operations
from committee.models import Decision
from committee.rules import NEUTRAL_COMMITTEE
from committee.states import Status
from donors import operations, queries
from donors.models import Donor, DonorBankAccount, Pledge, Refund, StartsWith, WriteOff
from tests import committee_worlds, donor_worlds, people
from tests.committee_worlds import CLOSES_AT, Committee
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.roles import RoleName

CARRIED_AT = CLOSES_AT + timedelta(minutes=1)
# A fortnight on, when details registered meanwhile have rested.
LATER = people.NOON + timedelta(days=14)
IBANS = ("CH9300762011623852957", "NO9386011117947", "DE89370400440532013000")


def decide(subject: UUID, *, carried: bool = True) -> Decision:
    """Let the committee decide what was laid before it."""
    motion = queries.motion_on(subject)
    assert motion is not None
    return committee_worlds.carry(motion) if carried else committee_worlds.defeat(motion)


def a_write_off(
    pledge: Pledge,
    amount: str,
    *,
    starts_with: StartsWith = StartsWith.LATEST,
    actor: User | None = None,
    closes_at: datetime = CLOSES_AT,
    at: datetime = people.NOON,
) -> WriteOff:
    """Ask for a part of a pledge to be given up."""
    return operations.ask_for_write_off(
        pledge_id=pledge.pk,
        amount=Money.of(amount, pledge.currency),
        starts_with=starts_with,
        reason="Parliament ended the contribution; the ministry's note says no more will be paid.",
        evidence="Note verbale 14/2026",
        closes_at=closes_at,
        actor=actor or donor_worlds.secretariat(),
        at=at,
    )


def carry_out(one: WriteOff, *, at: datetime = CARRIED_AT) -> WriteOff:
    """Carry out what the committee decided."""
    return operations.carry_out_write_off(write_off_id=one.pk, actor=donor_worlds.secretariat(), at=at)


def details(donor: Donor, *, iban: str = IBANS[0], at: datetime = people.NOON) -> DonorBankAccount:
    """Register a donor's bank details."""
    return operations.register_bank_details(
        donor_id=donor.pk,
        holder="Treasury of Valdria",
        iban=iban,
        bic="EXMPCHGG",
        bank="Example Bank",
        country="CH",
        source="Letter of the ministry, 3 July 2026",
        actor=donor_worlds.secretariat(),
        at=at,
    )


def verify(
    account: DonorBankAccount, *, by: User | None = None, at: datetime = people.NOON + timedelta(hours=2)
) -> DonorBankAccount:
    """Let another officer call the donor back."""
    by = by or people.someone(RoleName.CERTIFYING_OFFICER)
    nonce = uuid4()
    return operations.verify_bank_details(
        details_id=account.pk,
        called="Head of treasury",
        number="+41 22 000 00 00",
        known_from="The agreement of 2024, page 9",
        called_at=at - timedelta(minutes=10),
        call_back="Read the number back sign by sign; it is theirs.",
        proof=committee_worlds.signed(by, queries.fingerprint_of_details(account, nonce)),
        nonce=nonce,
        actor=by,
        at=at,
    )


def a_refund(donor: Donor, amount: str, *, actor: User | None = None) -> Refund:
    """Ask for money to be given back to a donor."""
    return operations.request_refund(
        donor_id=donor.pk,
        amount=Money.of(amount, "USD"),
        reason="Agreed when the donor left, exchange of letters of 1 July 2026.",
        closes_at=CLOSES_AT,
        actor=actor or donor_worlds.secretariat(),
        at=people.NOON,
    )


def pay(
    refund: Refund, *, by: User | None = None, at: datetime = LATER, on: date | None = None, reference: str = "OUT-1"
) -> Refund:
    """Let a refund leave the fund."""
    by = by or people.someone(RoleName.TREASURY_OFFICER)
    nonce = uuid4()
    account = queries.current_account_of(refund.donor)
    return operations.pay_refund(
        refund_id=refund.pk,
        bank_reference=reference,
        paid_on=on or at.date(),
        proof=committee_worlds.signed(by, queries.fingerprint_of_refund(refund, account, nonce)),
        nonce=nonce,
        actor=by,
        at=at,
    )


def a_committee() -> Committee:
    """Seat the committee."""
    return committee_worlds.a_committee()


def rules_alone() -> None:
    """Adopt rules of procedure and seat nobody: enough for a motion that is decided by hand."""
    committee_operations.adopt_rules(
        rules=NEUTRAL_COMMITTEE,
        title="Neutral committee",
        actor=people.someone(RoleName.FUND_ADMINISTRATOR),
        at=committee_worlds.SEATED_AT,
    )


def given_up(pledge: Pledge, amount: Money, starts_with: StartsWith) -> WriteOff:
    """Let a part of a pledge be given up on the day it is asked, its decision written by hand."""
    one = a_write_off(pledge, str(amount.amount), starts_with=starts_with)
    motion = queries.motion_on(one.pk)
    assert motion is not None
    with transaction.atomic():
        motion.mark_ended(status=Status.CARRIED, at=people.NOON)
        Decision.objects.create(
            reference=f"DEC-{one.reference}",
            motion=motion,
            outcome=Status.CARRIED.value,
            figures={},
            decided_at=people.NOON,
            closed_by=None,
        )
    return carry_out(one, at=people.NOON)

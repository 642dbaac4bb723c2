"""Donors, pledges and money for tests, made through the operations: for every test that needs a filled pool."""

from datetime import date
from decimal import Decimal
from itertools import count

from donors import operations, queries, schedule
from donors.conditions import Approval
from donors.models import (
    Agreement,
    Call,
    Donor,
    DonorKind,
    ExchangeRate,
    Hold,
    Pledge,
    Quiet,
    RateCorrection,
    RateFile,
    Receipt,
)
from tests import people, rate_files_world
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.roles import RoleName

_numbers = count(1)
SIGNED_ON = date(2024, 1, 12)
FIRST_DUE = date(2024, 6, 30)


def secretariat() -> User:
    """Return the person of the secretariat who records everything here."""
    found = User.objects.filter(email="secretariat@donors.example").first()
    return found or people.someone(RoleName.SECRETARIAT, name="Records Officer", email="secretariat@donors.example")


def a_donor(name: str = "", *, kind: DonorKind = DonorKind.MEMBER_STATE) -> Donor:
    """Register a donor with an invented name."""
    return operations.register_donor(
        name=name or f"Republic of Valdria {next(_numbers)}",
        kind=kind,
        office="Ministry for Foreign Affairs",
        country_code="",
        actor=secretariat(),
        at=people.NOON,
    )


def a_representative(donor: Donor, *, name: str = "", email: str = "") -> User:
    """Make a person and appoint them to speak for a donor."""
    person = people.someone(RoleName.DONOR_REPRESENTATIVE, name=name, email=email)
    operations.appoint_representative(donor_id=donor.pk, person_id=person.pk, actor=secretariat(), at=people.NOON)
    return person


def an_agreement(
    donor: Donor | None = None,
    *,
    currency: str = "EUR",
    fee_rate: str = "0.01",
    from_year: int = 2024,
    to_year: int = 2028,
) -> Agreement:
    """Sign an agreement of a donor."""
    return operations.sign_agreement(
        donor_id=(donor or a_donor()).pk,
        signed_on=SIGNED_ON,
        from_year=from_year,
        to_year=to_year,
        currency=currency,
        fee_rate=Decimal(fee_rate),
        actor=secretariat(),
        at=people.NOON,
    )


def a_signed_pledge(
    amount: str = "40000000.00",
    currency: str = "EUR",
    *,
    donor: Donor | None = None,
    years: int = 5,
    usd_value: str | None = None,
    fee_rate: str = "0.01",
    payment_currency: str | None = None,
    first_due: date = FIRST_DUE,
) -> Pledge:
    """
    Sign a pledge in equal yearly parts; by default EUR 40 million over five years, the first due on 30 June 2024.

    A pledge in another currency than USD is worth 1.10 USD a unit, unless `usd_value` says otherwise.
    """
    money = Money.of(amount, currency)
    worth = None
    if currency != "USD":
        worth = Money.of(usd_value, "USD") if usd_value else Money.rounded(money.amount * Decimal("1.10"), "USD")
    return operations.sign_pledge(
        agreement_id=an_agreement(donor, currency=currency, fee_rate=fee_rate).pk,
        amount=money,
        schedule=schedule.equal_parts(money, schedule.yearly(first_due, years)),
        announced_on=SIGNED_ON,
        signed_on=SIGNED_ON,
        usd_value=worth,
        payment_currency=payment_currency,
        actor=secretariat(),
        at=people.NOON,
    )


def a_rate(currency: str = "EUR", units_per_usd: str = "0.921", on: date = date(2024, 1, 1)) -> ExchangeRate:
    """Record an operational rate."""
    return operations.record_rate(
        currency=currency,
        effective_on=on,
        units_per_usd=Decimal(units_per_usd),
        actor=secretariat(),
        at=people.NOON,
    )


def a_call(pledge: Pledge) -> Call:
    """Call the first instalment of a pledge that lacks something."""
    return operations.issue_call(
        instalment_id=queries.unpaid_instalments(pledge)[0][0].pk, actor=secretariat(), at=people.NOON
    )


def a_quiet(donor: Donor) -> Quiet:
    """Leave a donor alone for a while."""
    return operations.keep_quiet(
        donor_id=donor.pk,
        person_id=None,
        until=date(2026, 12, 1),
        reason="They are in the middle of a change of government.",
        actor=secretariat(),
        at=people.NOON,
    )


def a_rate_correction(rate: ExchangeRate, units_per_usd: str = "10.42") -> RateCorrection:
    """Propose the correction of a mistyped rate."""
    return operations.propose_rate_correction(
        rate_id=rate.pk,
        units_per_usd=Decimal(units_per_usd),
        reason="Two digits changed places; the circular says 10.42.",
        actor=secretariat(),
        at=people.NOON,
    )


def a_rate_file(*rows: tuple[str, str, str]) -> RateFile:
    """Bring a published file of operational rates; nothing of it is recorded yet."""
    return operations.bring_rate_file(
        name="rates.xml",
        content=rate_files_world.un_file(*(rows or (("Andorra", "EUR", "0.9"), ("Nowhere", "XXQ", "1")))),
        actor=secretariat(),
        at=people.NOON,
    )


def a_receipt(
    pledge: Pledge,
    amount: str,
    *,
    on: date = date(2024, 6, 24),
    currency: str | None = None,
    settles: str | None = None,
    bank_reference: str = "",
) -> Receipt:
    """Record money that arrived against a pledge; `settles` is in the pledge's currency."""
    return operations.record_receipt(
        pledge_id=pledge.pk,
        received=Money.of(amount, currency or pledge.payment_currency),
        value_on=on,
        bank_reference=bank_reference or f"BANK-{next(_numbers):06d}",
        payer="Treasury of Valdria",
        settles=None if settles is None else Money.of(settles, pledge.currency),
        actor=secretariat(),
        at=people.NOON,
    )


def money_in(usd: str = "10000000.00") -> Receipt:
    """Fill the pool: a donor of its own pledges this much in USD and pays it at once, with no fee. All is spendable."""
    pledge = a_signed_pledge(usd, "USD", years=1, fee_rate="0")
    return a_receipt(pledge, usd, on=date(2024, 6, 28))


def a_conditional_pledge(donor: Donor | None = None, amount: str = "1000.00") -> Pledge:
    """Sign a pledge in EUR that waits for an approval by the end of June 2027."""
    money = Money.of(amount, "EUR")
    return operations.sign_conditional_pledge(
        agreement_id=an_agreement(donor).pk,
        amount=money,
        schedule=schedule.equal_parts(money, schedule.yearly(date(2027, 12, 31), 2)),
        announced_on=SIGNED_ON,
        conditions=[operations.Term(Approval("The parliament", date(2027, 6, 30)), "Subject to approval.")],
        actor=secretariat(),
        at=people.NOON,
    )


def a_held_pledge(donor: Donor | None = None, words: str = "It is reserved for children.") -> Hold:
    """Announce a pledge in words that tie it to something, and return what holds it."""
    pledge = operations.announce_pledge(
        donor_id=(donor or a_donor()).pk,
        amount=Money.of("500.00", "EUR"),
        announced_on=SIGNED_ON,
        words=words,
        actor=secretariat(),
        at=people.NOON,
    )
    return pledge.holds.get()

"""Registering donors, their people, agreements, rates, stop requests: what is refused, and that it changes nothing."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from donors import operations, queries, rates
from donors.models import Agreement, Donor, DonorKind, ExchangeRate, Representative, StopRequest
from ledger import queries as ledger_queries
from ledger.models import Account, Entry
from tests import donor_worlds, people
from trustfund.core.models import Event
from trustfund.core.refusals import AlreadyDone, Conflict, Missing, NotPermitted, Unacceptable
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db(transaction=True)

TOMORROW = date(2026, 7, 18)
NOBODY = "00000000-0000-0000-0000-000000000000"


def everything():
    """Return what a refusal must leave as it is."""
    models = (Donor, Representative, Agreement, ExchangeRate, StopRequest, Account, Entry, Event)
    return [model.objects.count() for model in models]


def stranger():
    return people.someone(*set(RoleName) & {RoleName.CHAIR})


def seconded():
    return people.someone(RoleName.SECRETARIAT, is_seconded=True)


def refused(operation, good, spoil, refusal, words):
    wrong = good | spoil()
    before = everything()
    with pytest.raises(refusal, match=words):
        operation(**wrong)
    assert everything() == before
    operation(**good)


DONOR = [
    (lambda: {"actor": stranger()}, NotPermitted, "Only the secretariat records"),
    (lambda: {"actor": seconded()}, NotPermitted, "Seconded staff see no donors"),
    (lambda: {"name": "  "}, Unacceptable, "A donor has a name"),
    (lambda: {"country_code": "VL"}, Unacceptable, "three capital letters"),
    (lambda: {"country_code": "vld"}, Unacceptable, "three capital letters"),
    (lambda: {"name": donor_worlds.a_donor("Orlene").name.upper()}, AlreadyDone, "ORLENE is registered already"),
]


@pytest.mark.parametrize(("spoil", "refusal", "words"), DONOR)
def test_a_donor_is_refused(spoil, refusal, words):
    good = {
        "name": "Republic of Valdria",
        "kind": DonorKind.MEMBER_STATE,
        "office": "Ministry for Foreign Affairs",
        "country_code": "VLD",
        "actor": donor_worlds.secretariat(),
        "at": people.NOON,
    }
    refused(operations.register_donor, good, spoil, refusal, words)


def test_a_registered_donor_has_a_reference_and_two_accounts():
    donor = donor_worlds.a_donor("  Republic   of Valdria ")
    assert (donor.reference, donor.name) == ("D-2026-001", "Republic of Valdria")
    assert ledger_queries.account_of("4010.D-2026-001").name == "Contributions: Republic of Valdria"
    assert ledger_queries.account_of("4020.D-2026-001").name == "Exchange difference: Republic of Valdria"
    assert list(Event.objects.filter(about=donor.pk).values_list("kind", flat=True)) == ["donor.registered"]


REPRESENTATIVE = [
    (lambda: {"donor_id": NOBODY}, Missing, "no such donor"),
    (lambda: {"person_id": NOBODY}, Missing, "no such person"),
    (lambda: {"actor": stranger()}, NotPermitted, "Only the secretariat and the fund administrator"),
    (lambda: {"actor": seconded()}, NotPermitted, "Seconded staff see no donors"),
    (lambda: {"person_id": stranger().pk}, Unacceptable, "is not a donor representative"),
    (
        lambda: {"person_id": people.someone(RoleName.DONOR_REPRESENTATIVE, is_seconded=True).pk},
        Unacceptable,
        "Seconded staff see no donors, so they cannot",
    ),
    (
        lambda: {"person_id": donor_worlds.a_representative(donor_worlds.a_donor()).pk},
        AlreadyDone,
        "represents a donor already",
    ),
]


@pytest.mark.parametrize(("spoil", "refusal", "words"), REPRESENTATIVE)
def test_a_representative_is_refused(spoil, refusal, words):
    good = {
        "donor_id": donor_worlds.a_donor().pk,
        "person_id": people.someone(RoleName.DONOR_REPRESENTATIVE).pk,
        "actor": donor_worlds.secretariat(),
        "at": people.NOON,
    }
    refused(operations.appoint_representative, good, spoil, refusal, words)


def test_who_no_longer_represents_a_donor_sees_it_no_more():
    donor = donor_worlds.a_donor()
    person = donor_worlds.a_representative(donor)
    assert queries.donor_of(person) == donor
    appointed = Representative.objects.get(person=person)
    administrator = people.someone(RoleName.FUND_ADMINISTRATOR)
    operations.end_representative(representative_id=appointed.pk, actor=administrator, at=people.NOON)
    assert queries.donor_of(person) is None
    with pytest.raises(Missing, match="speaks for no donor now"):
        operations.end_representative(representative_id=appointed.pk, actor=administrator, at=people.NOON)
    with pytest.raises(NotPermitted):
        operations.end_representative(representative_id=appointed.pk, actor=stranger(), at=people.NOON)


AGREEMENT = [
    (lambda: {"donor_id": NOBODY}, Missing, "no such donor"),
    (lambda: {"actor": stranger()}, NotPermitted, "Only the secretariat records"),
    (lambda: {"currency": "XXQ"}, Unacceptable, "XXQ is not a currency"),
    (lambda: {"signed_on": TOMORROW}, Unacceptable, "lies in the future"),
    (lambda: {"from_year": 2029}, Unacceptable, "1 to 25 years"),
    (lambda: {"to_year": 2049}, Unacceptable, "1 to 25 years"),
    (lambda: {"fee_rate": Decimal(1)}, Unacceptable, "fraction of each receipt"),
    (lambda: {"fee_rate": Decimal("-0.01")}, Unacceptable, "fraction of each receipt"),
    (lambda: {"fee_rate": Decimal("NaN")}, Unacceptable, "fraction of each receipt"),
    (lambda: {"fee_rate": Decimal("0.0100001")}, Unacceptable, "at most 6 decimals"),
]


@pytest.mark.parametrize(("spoil", "refusal", "words"), AGREEMENT)
def test_an_agreement_is_refused(spoil, refusal, words):
    good = {
        "donor_id": donor_worlds.a_donor().pk,
        "signed_on": date(2024, 1, 12),
        "from_year": 2024,
        "to_year": 2028,
        "currency": "EUR",
        "fee_rate": Decimal("0.01"),
        "actor": donor_worlds.secretariat(),
        "at": people.NOON,
    }
    refused(operations.sign_agreement, good, spoil, refusal, words)


def test_an_agreement_is_its_first_version_with_thirty_days_notice():
    agreement = donor_worlds.an_agreement()
    assert (agreement.reference, agreement.version, agreement.termination_notice_days) == ("AG-2026-001", 1, 30)
    assert agreement.fee_percent == 1


def test_an_agreement_is_brought_over_once():
    good = {
        "donor_id": donor_worlds.a_donor().pk,
        "signed_on": date(2024, 1, 12),
        "from_year": 2024,
        "to_year": 2028,
        "currency": "EUR",
        "fee_rate": Decimal(0),
        "external_reference": "26-VAL-001",
        "actor": donor_worlds.secretariat(),
        "at": people.NOON,
    }
    operations.sign_agreement(**good)
    with pytest.raises(AlreadyDone, match="26-VAL-001 has been brought over before"):
        operations.sign_agreement(**good)


def the_rate(**other: Any) -> ExchangeRate:
    good = {
        "currency": "EUR",
        "effective_on": date(2024, 6, 1),
        "units_per_usd": Decimal("0.921"),
        "actor": donor_worlds.secretariat(),
        "at": people.NOON,
    }
    return operations.record_rate(**good | other)


@pytest.mark.parametrize(
    ("wrong", "refusal", "words"),
    [
        ({"currency": "USD"}, Unacceptable, "own currency is USD"),
        ({"currency": "XXQ"}, Unacceptable, "XXQ is not a currency"),
        ({"units_per_usd": Decimal(0)}, Unacceptable, "more than zero"),
        ({"units_per_usd": Decimal("0.123456789")}, Unacceptable, "at most 8 decimals"),
        ({"source": " "}, Unacceptable, "A rate has a source"),
        ({}, AlreadyDone, "recorded already"),
        ({"units_per_usd": Decimal("0.93")}, Conflict, r"EUR 0\.921 per USD from 2024-06-01 for that day already"),
    ],
)
def test_a_rate_is_refused(wrong, refusal, words):
    the_rate()
    before = everything()
    with pytest.raises(refusal, match=words):
        the_rate(**wrong)
    assert everything() == before


def test_only_the_secretariat_records_rates():
    with pytest.raises(NotPermitted):
        the_rate(actor=people.someone(RoleName.TREASURY_OFFICER))
    assert ExchangeRate.objects.count() == 0


def test_the_newest_rate_in_force_wins_and_a_missing_one_is_a_refusal():
    the_rate()
    the_rate(effective_on=date(2024, 6, 14), units_per_usd=Decimal("0.933"))
    the_rate(effective_on=date(2024, 6, 10), units_per_usd=Decimal("0.5"), source="European Central Bank")
    found = [queries.rate_on("EUR", date(2024, 6, day)).units_per_usd for day in (1, 13, 14, 30)]
    assert found == [Decimal("0.921"), Decimal("0.921"), Decimal("0.933"), Decimal("0.933")]
    with pytest.raises(rates.RateMissing, match="no exchange rate for EUR on or before 2024-05-31"):
        queries.rate_on("EUR", date(2024, 5, 31))
    with pytest.raises(rates.RateMissing):
        queries.rate_on("SEK", date(2024, 6, 30))


STOP = [
    (lambda: {"donor_id": NOBODY}, Missing, "no such donor"),
    (lambda: {"actor": stranger()}, NotPermitted, "own representative or the secretariat"),
    (lambda: {"actor": seconded()}, NotPermitted, "Seconded staff"),
    (
        lambda: {"actor": donor_worlds.a_representative(donor_worlds.a_donor())},
        NotPermitted,
        "own representative or the secretariat",
    ),
    (lambda: {"text": " \n "}, Unacceptable, "Write what is asked"),
    (lambda: {"received_on": TOMORROW}, Unacceptable, "lies in the future"),
]


@pytest.mark.parametrize(("spoil", "refusal", "words"), STOP)
def test_a_stop_request_is_refused(spoil, refusal, words):
    good = {
        "donor_id": donor_worlds.a_donor().pk,
        "text": "Stop using our money.",
        "received_on": date(2026, 7, 1),
        "actor": donor_worlds.secretariat(),
        "at": people.NOON,
    }
    refused(operations.file_stop_request, good, spoil, refusal, words)


def test_a_stop_request_changes_nothing():
    receipt = donor_worlds.money_in("5000000.00")
    donor = receipt.pledge.donor
    speaker = donor_worlds.a_representative(donor)
    before = ledger_queries.trial_balance()
    standing = queries.standing_of(receipt.pledge, people.NOON.date())
    entries = Entry.objects.count()
    request = operations.file_stop_request(
        donor_id=donor.pk,
        text="Stop using the money we gave.",
        received_on=date(2026, 7, 16),
        actor=speaker,
        at=people.NOON,
    )
    assert request.reference == "SR-2026-001"
    assert ledger_queries.trial_balance() == before
    assert queries.standing_of(receipt.pledge, people.NOON.date()) == standing
    assert Entry.objects.count() == entries

"""Pledges: signed with a schedule that adds up, announced first or not, and standing in the books and in PostgreSQL."""

from datetime import date
from decimal import Decimal
from typing import Any

import psycopg2
import pytest

from donors import operations, queries, rates, schedule
from donors.models import Instalment, Pledge
from ledger import chart
from ledger import queries as ledger_queries
from ledger.models import Account, Entry
from tests import donor_worlds, people
from trustfund.core.models import Event
from trustfund.core.money import Money
from trustfund.core.refusals import AlreadyDone, Missing, NotPermitted, Unacceptable, WrongState
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db(transaction=True)

NOBODY = "00000000-0000-0000-0000-000000000000"
TODAY = people.NOON.date()
TOMORROW = date(2026, 7, 18)


def eur(amount):
    return Money.of(amount, "EUR")


def parts(amount, years=5):
    return schedule.equal_parts(amount, schedule.yearly(date(2024, 6, 30), years))


def everything():
    return [model.objects.count() for model in (Pledge, Instalment, Account, Entry, Event)]


def good_pledge(**other: Any) -> dict[str, Any]:
    return {
        "agreement_id": donor_worlds.an_agreement().pk,
        "amount": eur("40000000.00"),
        "schedule": parts(eur("40000000.00")),
        "announced_on": date(2024, 1, 2),
        "signed_on": date(2024, 1, 12),
        "actor": donor_worlds.secretariat(),
        "at": people.NOON,
    } | other


def test_a_signed_pledge_is_outstanding_in_its_own_currency():
    donor_worlds.a_rate("EUR", "0.8", date(2024, 1, 1))
    pledge = operations.sign_pledge(**good_pledge())
    assert (pledge.reference, pledge.status, pledge.usd_value) == (
        "PL-2026-001",
        "signed",
        Money.of("50000000.00", "USD"),
    )
    assert ledger_queries.balance_of(chart.under(chart.OUTSTANDING, "PL-2026-001")) == eur("40000000.00")
    assert ledger_queries.balance_of(chart.under(chart.PLEDGED, "PL-2026-001")) == eur("-40000000.00")
    assert ledger_queries.balance_of(chart.SPENDABLE) == Money.zero("USD")
    assert [(part.number, part.due_on, part.amount) for part in pledge.instalments.order_by("number")] == [
        (number, date(2023 + number, 6, 30), eur("8000000.00")) for number in range(1, 6)
    ]
    standing = queries.standing_of(pledge, TODAY)
    assert standing == queries.Standing(
        pledged=eur("40000000.00"),
        received=eur("0.00"),
        overdue=eur("24000000.00"),
        scheduled=eur("16000000.00"),
        outstanding=eur("40000000.00"),
    )
    assert queries.standing_of(pledge, date(2024, 1, 11)).pledged == eur("0.00")
    (event,) = Event.objects.filter(about=pledge.pk)
    assert event.kind == "pledge.signed"


def test_a_schedule_of_23_years_is_kept_to_the_minor_unit():
    agreement = donor_worlds.an_agreement(currency="GBP", from_year=2006, to_year=2028)
    amount = Money.of("1630000000.00", "GBP")
    pledge = operations.sign_pledge(
        **good_pledge(
            agreement_id=agreement.pk,
            amount=amount,
            schedule=parts(amount, 23),
            usd_value=Money.of("2980000000.00", "USD"),
        )
    )
    assert pledge.instalments.count() == 23
    assert queries.outstanding_of(pledge) == amount


REFUSED = [
    (lambda: {"agreement_id": NOBODY}, Missing, "no such agreement"),
    (lambda: {"actor": people.someone(RoleName.AUDITOR)}, NotPermitted, "Only the secretariat records"),
    (lambda: {"actor": people.someone(RoleName.SECRETARIAT, is_seconded=True)}, NotPermitted, "Seconded staff"),
    (lambda: {"amount": eur("0.00")}, Unacceptable, "A pledge is more than zero"),
    (lambda: {"amount": eur("-1.00")}, Unacceptable, "A pledge is more than zero"),
    (lambda: {"amount": eur("40000000.01")}, Unacceptable, "The difference is EUR 0.01"),
    (
        lambda: {"amount": Money.of("4.00", "NOK"), "schedule": parts(Money.of("4.00", "NOK"))},
        Unacceptable,
        "The agreement is in EUR and the pledge in NOK",
    ),
    (lambda: {"schedule": []}, Unacceptable, "at least one instalment"),
    (lambda: {"announced_on": TOMORROW}, Unacceptable, "in the future"),
    (lambda: {"signed_on": TOMORROW}, Unacceptable, "in the future"),
    (lambda: {"payment_currency": "XXQ"}, Unacceptable, "XXQ is not a currency"),
    (lambda: {"usd_value": None}, rates.RateMissing, "no exchange rate for EUR on or before 2024-01-12"),
    (lambda: {"usd_value": eur("1.00")}, Unacceptable, "more than zero, in USD"),
    (lambda: {"usd_value": Money.zero("USD")}, Unacceptable, "more than zero, in USD"),
    (lambda: {"external_reference": brought_over()}, AlreadyDone, "has been brought over before"),
]


def brought_over():
    operations.announce_pledge(
        donor_id=donor_worlds.a_donor().pk,
        amount=eur("1.00"),
        announced_on=date(2024, 1, 2),
        external_reference="26-VAL-001",
        actor=donor_worlds.secretariat(),
        at=people.NOON,
    )
    return "26-VAL-001"


@pytest.mark.parametrize(("spoil", "refusal", "words"), REFUSED)
def test_a_pledge_is_refused_and_nothing_changes(spoil, refusal, words):
    good = good_pledge(usd_value=Money.of("44000000.00", "USD"))
    wrong = good | spoil()
    before = everything()
    with pytest.raises(refusal, match=words):
        operations.sign_pledge(**wrong)
    assert everything() == before
    operations.sign_pledge(**good)


def test_a_pledge_in_usd_has_no_value_but_itself():
    agreement = donor_worlds.an_agreement(currency="USD")
    amount = Money.of("5.00", "USD")
    good = good_pledge(agreement_id=agreement.pk, amount=amount, schedule=parts(amount))
    with pytest.raises(Unacceptable, match="A pledge in USD is worth itself"):
        operations.sign_pledge(**good, usd_value=Money.of("5.01", "USD"))
    assert operations.sign_pledge(**good).usd_value == amount


def an_announced_pledge():
    donor = donor_worlds.a_donor()
    pledge = operations.announce_pledge(
        donor_id=donor.pk,
        amount=eur("40000000.00"),
        announced_on=date(2024, 1, 2),
        actor=donor_worlds.secretariat(),
        at=people.NOON,
    )
    return donor, pledge


def test_an_announced_pledge_is_in_no_total_until_it_is_signed():
    donor, pledge = an_announced_pledge()
    assert Entry.objects.count() == 0
    assert queries.standing_of(pledge, TODAY).pledged == eur("0.00")
    signed = operations.sign_announced_pledge(
        pledge_id=pledge.pk,
        agreement_id=donor_worlds.an_agreement(donor).pk,
        schedule=parts(eur("40000000.00")),
        signed_on=date(2024, 1, 12),
        usd_value=Money.of("44000000.00", "USD"),
        actor=donor_worlds.secretariat(),
        at=people.NOON,
    )
    assert (signed.pk, signed.status, signed.signed_on) == (pledge.pk, "signed", date(2024, 1, 12))
    assert queries.standing_of(signed, TODAY).outstanding == eur("40000000.00")


@pytest.mark.parametrize(
    ("spoil", "refusal", "words"),
    [
        (lambda: {"pledge_id": NOBODY}, Missing, "no such pledge"),
        (lambda: {"agreement_id": NOBODY}, Missing, "no such agreement"),
        (lambda: {"actor": people.someone(RoleName.CHAIR)}, NotPermitted, "Only the secretariat records"),
        (lambda: {"agreement_id": donor_worlds.an_agreement().pk}, Unacceptable, "another donor's"),
        (lambda: {"signed_on": TOMORROW}, Unacceptable, "in the future"),
        (lambda: {"schedule": parts(eur("39.00"))}, Unacceptable, "add up to EUR 39.00"),
        (lambda: {"pledge_id": donor_worlds.a_signed_pledge().pk}, WrongState, "is signed and cannot become signed"),
    ],
)
def test_an_announced_pledge_is_not_signed_wrongly(spoil, refusal, words):
    donor, pledge = an_announced_pledge()
    good = {
        "pledge_id": pledge.pk,
        "agreement_id": donor_worlds.an_agreement(donor).pk,
        "schedule": parts(eur("40000000.00")),
        "signed_on": date(2024, 1, 12),
        "usd_value": Money.of("44000000.00", "USD"),
        "actor": donor_worlds.secretariat(),
        "at": people.NOON,
    }
    wrong = good | spoil()
    before = everything()
    with pytest.raises(refusal, match=words):
        operations.sign_announced_pledge(**wrong)
    assert everything() == before
    operations.sign_announced_pledge(**good)


def refuses(superuser, sqlstate, statement, parameters=()):
    with pytest.raises(psycopg2.Error) as refused, superuser.cursor() as cursor:
        cursor.execute(statement, parameters)
    superuser.rollback()
    assert refused.value.pgcode == sqlstate


INSTALMENT = (
    "INSERT INTO donors_instalment (version, pledge_id, number, due_on, minor, currency) VALUES (1, %s, %s, %s, %s, %s)"
)


def test_postgresql_signs_no_pledge_whose_schedule_does_not_add_up(superuser):
    _donor, pledge = an_announced_pledge()
    agreement = donor_worlds.an_agreement(pledge.donor)
    sign = (
        "UPDATE donors_pledge SET status = 'signed', agreement_id = %s, signed_on = now(), usd_minor = 1 WHERE id = %s"
    )
    who = (str(agreement.pk), str(pledge.pk))
    refuses(superuser, "TF301", sign, who)
    with superuser.cursor() as cursor:
        cursor.execute(INSTALMENT, (str(pledge.pk), 1, "2024-06-30", pledge.minor - 1, "EUR"))
        with pytest.raises(psycopg2.Error) as refused:
            cursor.execute(sign, who)
    superuser.rollback()
    assert refused.value.pgcode == "TF301"
    with superuser.cursor() as cursor:
        cursor.execute(INSTALMENT, (str(pledge.pk), 1, "2024-06-30", pledge.minor, "EUR"))
        cursor.execute(INSTALMENT, (str(pledge.pk), 2, "2025-06-30", 5, "USD"))
        with pytest.raises(psycopg2.Error) as refused:
            cursor.execute(sign, who)
    superuser.rollback()
    assert refused.value.pgcode == "TF301"


def test_postgresql_closes_a_signed_schedule(superuser):
    pledge = donor_worlds.a_signed_pledge()
    refuses(superuser, "TF302", INSTALMENT, (str(pledge.pk), 9, "2031-06-30", 1, "EUR"))


@pytest.mark.parametrize(
    ("sqlstate", "statement"),
    [
        ("TF301", "UPDATE donors_pledge SET minor = minor + 1"),
        ("TF301", "UPDATE donors_pledge SET currency = 'USD'"),
        ("TF305", "UPDATE donors_pledge SET payment_currency = 'USD'"),
        ("TF305", "UPDATE donors_pledge SET announced_on = '2020-01-01'"),
        ("TF305", "UPDATE donors_pledge SET usd_minor = usd_minor + 1"),
        ("TF305", "UPDATE donors_pledge SET signed_on = '2020-01-01'"),
        ("TF305", "UPDATE donors_pledge SET status = 'announced', agreement_id = NULL, signed_on = NULL"),
        ("TF305", "UPDATE donors_pledge SET status = 'conditional', signed_on = NULL"),
        ("TF001", "DELETE FROM donors_pledge"),
        ("TF001", "TRUNCATE donors_pledge CASCADE"),
        ("TF001", "UPDATE donors_instalment SET minor = minor + 1"),
        ("TF001", "DELETE FROM donors_instalment"),
        ("TF001", "UPDATE donors_agreement SET fee_rate = 0"),
        ("TF001", "DELETE FROM donors_agreement"),
        ("TF001", "DELETE FROM donors_donor"),
        ("23514", "UPDATE donors_pledge SET status = 'forgiven'"),
    ],
)
def test_postgresql_lets_a_promise_stand(superuser, sqlstate, statement):
    donor_worlds.a_signed_pledge()
    refuses(superuser, sqlstate, statement)


def test_postgresql_keeps_a_rate_and_a_stop_request(superuser):
    donor_worlds.a_rate()
    operations.file_stop_request(
        donor_id=donor_worlds.a_donor().pk,
        text="Stop.",
        received_on=TODAY,
        actor=donor_worlds.secretariat(),
        at=people.NOON,
    )
    refuses(superuser, "TF001", "UPDATE donors_exchangerate SET units_per_usd = 1")
    refuses(superuser, "TF001", "DELETE FROM donors_stoprequest")


def test_overdue_instalments_are_found_longest_overdue_first():
    late = donor_worlds.a_signed_pledge("100.00")
    donor_worlds.a_rate("EUR", "1")
    donor_worlds.a_receipt(late, "25.00")
    found = [(part.number, lacking) for part, lacking in queries.overdue_instalments(TODAY)]
    assert found == [(2, eur("15.00")), (3, eur("20.00"))]
    assert [part.number for part, _lacking in queries.overdue_instalments(date(2024, 6, 30))] == []
    assert [part.number for part, _lacking in queries.overdue_instalments(date(2025, 7, 1))] == [2]


def test_the_pledge_date_value_of_a_pledge_is_that_of_the_day_of_signature():
    donor_worlds.a_rate("EUR", "0.9", date(2024, 1, 1))
    donor_worlds.a_rate("EUR", "0.8", date(2024, 1, 10))
    donor_worlds.a_rate("EUR", "0.7", date(2024, 1, 13))
    pledge = operations.sign_pledge(**good_pledge())
    assert pledge.usd_value == Money.rounded(Decimal(40_000_000) / Decimal("0.8"), "USD")

"""Interest, bank charges, expenditure and refunds: what each posts, that it is recorded once, and what is refused."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import psycopg2
import pytest

from disbursements import operations
from disbursements.models import Movement
from disbursements.queries import movements as queries
from ledger import chart
from ledger import queries as ledger_queries
from ledger.models import Entry
from tests import payment_worlds as worlds
from tests import people
from tests.payment_worlds import FIRST, POOL, SECOND, Fund
from trustfund.core.models import Event, User
from trustfund.core.money import Money
from trustfund.core.refusals import Conflict, InsufficientFunds, Missing, NotPermitted, Refusal, Unacceptable
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db

AT = worlds.ENDED_AT
ON = AT.date()
SPENDABLE = POOL - FIRST - SECOND


def usd(amount: str) -> Money:
    return Money.of(amount, "USD")


@pytest.fixture
def fund() -> Fund:
    return worlds.a_confirmed_payment()[0]


def interest(fund: Fund, **said: Any) -> Movement:
    return operations.record_interest(
        **{"reference": "INT-1", "earned": usd("1250.75"), "on": ON, "actor": fund.treasurer, "at": AT, **said}
    )


def charge(fund: Fund, **said: Any) -> Movement:
    return operations.record_bank_charge(
        **{"reference": "CHG-1", "charged": usd("30.13"), "on": ON, "actor": fund.treasurer, "at": AT, **said}
    )


def expenditure(fund: Fund, **said: Any) -> Movement:
    return operations.record_expenditure(
        **{
            "programme_id": fund.programme.pk,
            "reference": "FR-1",
            "spent": usd("1400000.00"),
            "on": ON,
            "actor": fund.secretariat,
            "at": AT,
            **said,
        }
    )


def refund(fund: Fund, **said: Any) -> Movement:
    return operations.record_refund(
        **{
            "programme_id": fund.programme.pk,
            "reference": "REF-1",
            "returned": usd("100000.00"),
            "on": ON,
            "actor": fund.treasurer,
            "at": AT,
            **said,
        }
    )


def heads(*codes: str) -> list[Money]:
    return [ledger_queries.total_under(code) for code in codes]


def test_interest_of_the_funds_account_is_cash_and_spendable(fund: Fund):
    interest(fund)

    assert heads("1100", "4100", "9400", "9490") == [
        POOL - FIRST + usd("1250.75"),
        usd("-1250.75"),
        SPENDABLE + usd("1250.75"),
        -(POOL - FIRST + usd("1250.75")),
    ]


def test_interest_that_an_organisation_gave_back_has_its_own_line(fund: Fund):
    movement = interest(fund, programme_id=fund.programme.pk)

    assert (movement.kind, movement.programme) == ("partner_interest", fund.programme)
    assert heads("4100", "4200", "9400") == [usd("0"), usd("-1250.75"), SPENDABLE + usd("1250.75")]


def test_a_bank_charge_is_a_use_of_funds_and_no_longer_spendable(fund: Fund):
    charge(fund)

    assert heads("1100", "5500", "9400") == [POOL - FIRST - usd("30.13"), usd("30.13"), SPENDABLE - usd("30.13")]


def test_expenditure_and_refund_empty_what_the_organisation_holds_to_the_cent(fund: Fund):
    expenditure(fund)
    refund(fund, returned=usd("300000.00"))

    assert queries.held_by_organisation(fund.programme) == usd("0")
    assert heads("9710", "5200", "9400", "1100") == [
        usd("1400000.00"),
        usd("-300000.00"),
        SPENDABLE + usd("300000.00"),
        POOL - FIRST + usd("300000.00"),
    ]
    net_funded = ledger_queries.total_under(chart.TRANSFERS) + ledger_queries.total_under(chart.REFUNDS)
    assert net_funded == usd("1400000.00")
    trial = ledger_queries.trial_balance()
    assert sum(line.debit.minor for line in trial) == sum(line.credit.minor for line in trial)


RECORD: list[Callable[..., Movement]] = [interest, charge, expenditure, refund]


@pytest.mark.parametrize("record", RECORD)
def test_the_same_reference_recorded_again_changes_nothing(fund: Fund, record: Callable[..., Movement]):
    first = record(fund)
    before = (Movement.objects.count(), Entry.objects.count(), Event.objects.count())

    assert record(fund) == first

    assert (Movement.objects.count(), Entry.objects.count(), Event.objects.count()) == before


@pytest.mark.parametrize("record", RECORD)
def test_the_same_reference_with_other_facts_is_refused(fund: Fund, record: Callable[..., Movement]):
    record(fund)

    with pytest.raises(Conflict, match="stands in the books"):
        record(fund, on=date(2026, 7, 1))


def _partner(fund: Fund) -> User:
    person = people.someone(RoleName.PROGRAMME_PARTNER)
    operations.link_partner(person_id=person.pk, organisation_id=fund.organisation.pk, actor=fund.secretariat, at=AT)
    return person


REFUSED: list[tuple[str, Callable[[Fund], Any], type[Refusal]]] = [
    ("interest by the secretariat", lambda fund: interest(fund, actor=fund.secretariat), NotPermitted),
    ("a charge by a certifier", lambda fund: charge(fund, actor=fund.certifier), NotPermitted),
    ("a refund by a partner", lambda fund: refund(fund, actor=_partner(fund)), NotPermitted),
    ("expenditure by treasury", lambda fund: expenditure(fund, actor=fund.treasurer), NotPermitted),
    (
        "expenditure by another's partner",
        lambda fund: expenditure(fund, actor=people.someone(RoleName.PROGRAMME_PARTNER)),
        NotPermitted,
    ),
    (
        "expenditure by seconded staff",
        lambda fund: expenditure(fund, actor=people.someone(RoleName.SECRETARIAT, is_seconded=True)),
        NotPermitted,
    ),
    ("nothing earned", lambda fund: interest(fund, earned=usd("0")), Unacceptable),
    ("less than nothing", lambda fund: charge(fund, charged=usd("-1")), Unacceptable),
    ("another currency", lambda fund: interest(fund, earned=Money.of("1", "EUR")), Unacceptable),
    ("no reference", lambda fund: charge(fund, reference="  "), Unacceptable),
    ("a day to come", lambda fund: interest(fund, on=ON + timedelta(days=1)), Unacceptable),
    ("no such programme", lambda fund: refund(fund, programme_id=uuid4()), Missing),
    ("more spent than held", lambda fund: expenditure(fund, spent=FIRST + usd("0.01")), InsufficientFunds),
    ("more returned than held", lambda fund: refund(fund, returned=FIRST + usd("0.01")), InsufficientFunds),
    ("more charged than spendable", lambda fund: charge(fund, charged=SPENDABLE + usd("0.01")), InsufficientFunds),
]


@pytest.mark.parametrize(("spoil", "refusal"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_what_cannot_be_right_is_refused_and_changes_nothing(
    fund: Fund, spoil: Callable[[Fund], Any], refusal: type[Refusal]
):
    before = (Movement.objects.count(), Entry.objects.count(), heads("1100", "9400", "9700"))

    with pytest.raises(refusal):
        spoil(fund)

    assert (Movement.objects.count(), Entry.objects.count(), heads("1100", "9400", "9700")) == before


def test_a_partner_reports_its_own_organisations_expenditure(fund: Fund):
    person = _partner(fund)

    assert expenditure(fund, actor=person).recorded_by == person


def test_before_any_transfer_nothing_can_be_spent():
    fund = worlds.a_fund()

    with pytest.raises(InsufficientFunds, match=r"holds USD 0\.00"):
        expenditure(fund, spent=usd("0.01"))


@pytest.mark.django_db(transaction=True)
def test_a_movement_is_never_changed_or_recorded_twice_even_by_a_superuser(superuser: Any):
    fund = worlds.a_fund()
    charge(fund)

    for statement, rule in (
        ("UPDATE disbursements_movement SET amount_minor = 1", "TF001"),
        ("DELETE FROM disbursements_movement", "TF001"),
        ("TRUNCATE disbursements_movement", "TF001"),
    ):
        with pytest.raises(psycopg2.Error) as caught, superuser, superuser.cursor() as cursor:
            cursor.execute(statement)
        assert caught.value.pgcode == rule
    with pytest.raises(psycopg2.Error) as caught, superuser, superuser.cursor() as cursor:
        cursor.execute(
            'INSERT INTO disbursements_movement (id, kind, reference, programme_id, amount_minor, currency, "on", memo,'
            " recorded_by_id, recorded_at) SELECT gen_random_uuid(), kind, reference, programme_id, amount_minor,"
            ' currency, "on", memo, recorded_by_id, recorded_at FROM disbursements_movement'
        )
    assert caught.value.diag.constraint_name == "a_movement_is_recorded_once"

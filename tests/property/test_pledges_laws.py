"""Laws of pledges: any schedule sums to its pledge; any order of receipts and reversals keeps what was promised."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TransactionTestCase

from donors import operations, queries, rates, schedule, states
from donors.models import Receipt, StartsWith
from ledger import chart
from ledger import queries as ledger_queries
from tests import donor_worlds, giving_back_worlds, people
from trustfund.core.money import Money, total

CURRENCIES = st.sampled_from(["USD", "EUR", "KRW", "BHD"])
TODAY = people.NOON.date()


@given(
    st.integers(1000, 10**15),
    CURRENCIES,
    st.integers(1, 25),
    st.booleans(),
    st.dates(date(1990, 1, 1), date(2100, 1, 1)),
)
def test_any_schedule_sums_to_its_pledge_in_parts_that_differ_by_one_unit_at_most(
    minor, currency, years, halves, start
):
    amount = Money(minor, currency)
    days = schedule.half_yearly(start, years) if halves else schedule.yearly(start, years)
    parts = schedule.equal_parts(amount, days)
    schedule.require_adds_up(amount, parts)
    moneys = [part for _day, part in parts]
    assert total(moneys, currency) == amount
    assert max(moneys).minor - min(moneys).minor <= 1
    assert moneys == sorted(moneys, reverse=True)


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=20), st.data())
def test_money_is_allocated_whole_oldest_first_and_never_beyond(lacking, data):
    money = Money(data.draw(st.integers(1, sum(lacking))), "EUR")
    unpaid = [(number, Money(part, "EUR")) for number, part in enumerate(lacking)]
    parts = schedule.allocate(money, unpaid)
    assert total((part for _number, part in parts), "EUR") == money
    assert [number for number, _part in parts] == list(range(len(parts)))
    assert all(part == unpaid[number][1] for number, part in parts[:-1])
    assert parts[-1][1] <= unpaid[parts[-1][0]][1]


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=12), st.integers(1, 10**12), st.randoms())
def test_a_pledge_settled_in_any_parts_is_booked_at_its_own_value(settled, pledge_usd, random):
    pledged, worth_of_it = Money(sum(settled), "EUR"), Money(pledge_usd, "USD")
    standing: list[tuple[int, Money]] = []
    waiting = list(settled)
    undone = 0
    while waiting:
        part = waiting.pop()
        worth = rates.valued(
            gross=Money(1, "USD"),
            worth_after=rates.at_pledge_rate(
                [rates.Worth(Money.zero("EUR"), pledged, worth_of_it)],
                Money(sum(minor for minor, _booked in standing) + part, "EUR"),
            ),
            booked_before=total((booked for _minor, booked in standing), "USD"),
            fee_rate=Decimal("0.01"),
        )
        standing.append((part, worth.pledge_rate))
        if undone < 5 and random.random() < 0.3:
            undone += 1
            waiting.append(standing.pop(random.randrange(len(standing)))[0])
    assert total((booked for _minor, booked in standing), "USD") == worth_of_it


STEP = st.sampled_from(["receipt", "receipt", "reversal", "amendment", "write-off"])


@pytest.mark.slow
class PledgesStand(TransactionTestCase):
    """Steps of receipts, reversals, amendments and write-offs on one pledge, against the real books."""

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.tuples(STEP, st.integers(1, 4000)), min_size=1, max_size=7))
    def test_any_order_keeps_pledged_received_outstanding_and_written_off(self, steps):
        giving_back_worlds.rules_alone()
        pledge = donor_worlds.a_signed_pledge("100.00", "EUR")
        donor_worlds.a_rate("EUR", "0.9", date(2024, 1, 1))
        standing: list[Receipt] = []
        given_up = Money(0, "EUR")
        # Every day of an amendment, and the schedule that was in force before it.
        history = [schedule_of(pledge, date(2024, 1, 31))]
        for number, (step, minor) in enumerate(steps):
            pledge.refresh_from_db()
            if step == "amendment" and pledge.status != states.Status.WRITTEN_OFF:
                amended_on = date(2025, 1, 1 + number)
                reschedule(pledge, minor, amended_on)
                history.append(schedule_of(pledge, amended_on))
            elif step == "write-off" and queries.outstanding_of(pledge):
                amount = Money(min(minor, queries.outstanding_of(pledge).minor), "EUR")
                giving_back_worlds.given_up(pledge, amount, StartsWith.LATEST if minor % 2 else StartsWith.OLDEST)
                given_up += amount
            elif step == "reversal" and standing:
                reverse(standing.pop(minor % len(standing)))
            else:
                left = queries.outstanding_of(pledge).minor
                if left:
                    standing.append(donor_worlds.a_receipt(pledge, str(Money(min(minor, left), "EUR").amount)))
            assert queries.written_off_of(pledge) == given_up == queries.standing_of(pledge, TODAY).written_off
            check(pledge, standing, history)


def schedule_of(pledge, on):
    """Return a day with the schedule in force on it."""
    return on, [(row.instalment.due_on, row.instalment.amount) for row in queries.instalment_rows(pledge, on)]


def reverse(receipt):
    """Undo a receipt today."""
    operations.reverse_receipt(
        receipt_id=receipt.pk,
        reason="Returned.",
        reversed_on=TODAY,
        actor=donor_worlds.secretariat(),
        at=people.NOON,
    )


def reschedule(pledge, minor, on):
    """Amend a pledge: what no money stands on becomes one to four parts, and the notice of termination a day longer."""
    terms = pledge.agreement.terms
    kept, _free = queries.kept_and_free(pledge)
    amount = Money(max(minor * 4, 4), "EUR")
    last = max([*(part.due_on.year for part in kept), 2029])
    rest = schedule.equal_parts(amount, schedule.yearly(date(last + 1, 1, 31), 1 + minor % 4))
    operations.amend_agreement(
        agreement_id=pledge.agreement_id,
        terms=replace(terms, signed_on=on, termination_notice_days=terms.termination_notice_days + 1),
        rescheduled=[operations.Rescheduled(pledge.pk, rest)],
        actor=donor_worlds.secretariat(),
        at=people.NOON,
    )


def check(pledge, standing, history):
    """Hold the books against what was done."""
    pledge.refresh_from_db()
    now = queries.standing_of(pledge, TODAY)
    settled = total((receipt.settles for receipt in standing), "EUR")
    assert now.pledged == pledge.amount == now.received + now.outstanding + now.written_off
    assert (now.received, now.outstanding) == (settled, queries.outstanding_of(pledge))
    assert now.overdue + now.scheduled == now.outstanding
    parts = queries.standing_instalments(pledge)
    assert total((part.amount for part in parts), "EUR") == pledge.amount
    schedule.require_adds_up(pledge.amount, [(part.due_on, part.amount) for part in parts])
    assert states.Status(pledge.status) is states.after_receipts(
        outstanding=now.outstanding.minor, pledged=pledge.minor, written_off=now.written_off.minor
    )
    net = total((receipt.net_usd for receipt in standing), "USD")
    assert ledger_queries.balance_of(chart.SPENDABLE) == net == ledger_queries.balance_of(chart.CASH)
    assert [schedule_of(pledge, on) for on, _parts in history] == history

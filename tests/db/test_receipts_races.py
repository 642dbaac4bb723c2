"""Two clerks at once: a bank line is received once, and a pledge is never settled beyond itself."""

from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import connection

from donors import operations, queries
from donors.models import Pledge, Receipt
from ledger import chart
from ledger import queries as ledger_queries
from tests import donor_worlds, people
from trustfund.core.money import Money
from trustfund.core.refusals import AlreadyDone, Refusal, Unacceptable, WrongState

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*receipts: dict[str, object]) -> list[object]:
    """Record receipts at the same moment, each in a thread and connection of its own; return what each ended with."""
    barrier, ends = Barrier(len(receipts)), []
    clerk = donor_worlds.secretariat()

    def record(receipt: dict[str, object]) -> None:
        barrier.wait()
        try:
            ends.append(operations.record_receipt(**receipt, actor=clerk, at=people.NOON))
        except Refusal as refusal:
            ends.append(refusal)
        finally:
            connection.close()

    threads = [Thread(target=record, args=[receipt]) for receipt in receipts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


def line(pledge: Pledge, amount: str, bank_reference: str) -> dict[str, object]:
    return {
        "pledge_id": pledge.pk,
        "received": Money.of(amount, "USD"),
        "value_on": date(2024, 6, 24),
        "bank_reference": bank_reference,
        "payer": "Treasury of Valdria",
    }


@pytest.mark.parametrize("turn", range(5))
def test_a_bank_line_recorded_by_two_clerks_against_two_pledges_is_received_once(turn):
    one = donor_worlds.a_signed_pledge("100.00", "USD", fee_rate="0")
    other = donor_worlds.a_signed_pledge("100.00", "USD", fee_rate="0")
    ends = at_once(line(one, "10.00", "BANK-1"), line(other, "10.00", "BANK-1"))
    assert sorted(type(end).__name__ for end in ends) == [AlreadyDone.__name__, Receipt.__name__]
    assert Receipt.objects.count() == 1
    assert ledger_queries.balance_of(chart.CASH) == Money.of("10.00", "USD")


@pytest.mark.parametrize("turn", range(5))
def test_two_receipts_that_are_too_much_together_end_with_exactly_one(turn):
    pledge = donor_worlds.a_signed_pledge("100.00", "USD", fee_rate="0")
    ends = at_once(line(pledge, "100.00", "BANK-1"), line(pledge, "60.00", "BANK-2"))
    stood = [end for end in ends if isinstance(end, Receipt)]
    assert len(stood) == 1
    assert next(type(end) for end in ends if end not in stood) in {Unacceptable, WrongState}
    standing = queries.standing_of(pledge, people.NOON.date())
    assert standing.received == stood[0].settles
    assert standing.received + standing.outstanding == Money.of("100.00", "USD")


def test_two_receipts_that_fit_are_both_received():
    pledge = donor_worlds.a_signed_pledge("100.00", "USD", fee_rate="0")
    ends = at_once(line(pledge, "40.00", "BANK-1"), line(pledge, "60.00", "BANK-2"))
    assert [type(end) for end in ends] == [Receipt, Receipt]
    assert Pledge.objects.get(pk=pledge.pk).status == "paid"

"""Against a bank that nobody here wrote, on loopback: taken, rejected, returned late, had before, and silent."""

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from bank.models import Fate
from bank.operations import import_file, register_own_account
from bank.queries import unused_lines
from disbursements import operations
from disbursements.models import BankAnswer, Payment, PaymentFile
from disbursements.operations import payment_ends
from disbursements.queries import bank_lines
from ledger import chart
from ledger import queries as ledger_queries
from tests import payment_worlds as worlds
from tests import people
from tests.payment_worlds import FIRST, POOL, Fund
from trustfund.core import documents
from trustfund.core.money import Money
from trustfund.core.refusals import AlreadyDone, WrongState
from trustfund.core.roles import RoleName

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

OWN, OWN_BIC = "NL41MOCK0000000001", "MOCKNL2A"
CLOSED = {**worlds.DETAILS, "iban": "NL84MOCK0000000003", "bic": "MOCKNL2A", "country": "NL"}
NO_BANK = {**worlds.DETAILS, "iban": "NL57MOCK0000000004", "bic": "ZZZZNL2A", "country": "NL"}
ANSWERED_AT = worlds.RELEASED_AT + timedelta(hours=1)
SETTLED_AT = worlds.ENDED_AT + timedelta(days=1)


class Bank:
    """The other end of the line."""

    def __init__(self, address: str) -> None:
        self.address = address

    def ask(self, path: str, content: bytes | None = None, *, method: str = "") -> Any:
        """Send a request and return the answer's JSON; a file that the bank refuses is answered all the same."""
        request = urllib.request.Request(
            self.address + path,
            data=content,
            method=method or ("POST" if content is not None else "GET"),
            headers={"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refused:
            return json.load(refused)

    def begin(self, **account: Any) -> None:
        """Begin anew, the fund's account in dollars."""
        self.ask("/_mock/reset", b"")
        said = {"currency": "USD", "balance": POOL.minor, **account}
        self.ask("/_mock/accounts/ACME", json.dumps(said).encode(), method="PATCH")

    def mail(self, kind: str) -> list[bytes]:
        """Collect the messages of a kind about the fund's account; the rest stays uncollected."""
        waiting = self.ask("/_mock/messages")
        return [
            one["body"].encode()
            for one in waiting
            if one["type"].startswith(kind) and one["account"] == "ACME" and "body" in one
        ]

    def wait_until(self, moment: datetime) -> None:
        """Move the bank's clock."""
        self.ask(f"/_mock/advance?to={moment:%Y-%m-%d}", b"")


@pytest.fixture(scope="module")
def server() -> Iterator[Bank]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    clock = f"{worlds.APPROVED_AT:%Y-%m-%dT%H:%M}"
    command = [sys.executable, "-m", "mockbank", "--port", str(port), "--clock", clock, "--quiet"]
    process = subprocess.Popen(command)
    found = Bank(f"http://127.0.0.1:{port}")
    for _attempt in range(100):
        try:
            found.ask("/_mock/health")
            break
        except OSError:
            time.sleep(0.05)
    yield found
    process.terminate()
    process.wait(timeout=10)


@pytest.fixture
def bank(server: Bank, settings: Any, tmp_path: Any) -> Bank:
    settings.FUND_IBAN, settings.FUND_BIC, settings.MEDIA_ROOT = OWN, OWN_BIC, tmp_path
    server.begin()
    return server


def a_released_payment(details: dict[str, str] | None = None) -> tuple[Fund, Payment, bytes]:
    """Release a payment to some details; return it with the order that the fund wrote for its bank."""
    fund = worlds.a_fund(with_account=False)
    worlds.a_verified_account(fund, details)
    _made, payment = worlds.a_released_payment(fund)
    return fund, payment, documents.read(PaymentFile.objects.get(payment=payment).sha256, documents.XML)


def take_in(fund: Fund, content: bytes) -> BankAnswer:
    return operations.take_in_answer(content=content, actor=fund.other_treasurer, at=ANSWERED_AT)


def read_statements(fund: Fund, bank: Bank, *, at: datetime = SETTLED_AT) -> None:
    """Bring in every statement and notice that the bank wrote so far."""
    for content in (*bank.mail("camt.053"), *bank.mail("camt.054")):
        file = import_file(content=content, actor=fund.treasurer, at=at)
        assert file.fate == Fate.IMPORTED, file.reason


def own_account(fund: Fund) -> None:
    register_own_account(
        name="Main account",
        number=OWN,
        currency="USD",
        bank_name="Mock",
        bic=OWN_BIC,
        actor=fund.treasurer,
        at=worlds.TABLED_AT,
    )


def test_an_order_that_the_bank_takes_is_sent_and_its_statement_confirms_it(bank: Bank):
    fund, payment, order = a_released_payment()
    own_account(fund)

    said = bank.ask("/payments", order)
    assert [one["outcome"] for one in said["payments"]] == ["accepted"]
    (status,) = bank.mail("pain.002")
    take_in(fund, status)
    payment.refresh_from_db()
    assert payment.status == "sent"

    bank.wait_until(SETTLED_AT)
    read_statements(fund, bank)
    seen = bank_lines.seen_of_payment(payment)
    assert seen is not None
    assert seen.debit is not None
    payment_ends.confirm_payment(
        payment_id=payment.pk,
        bank_reference="",
        credited_on=SETTLED_AT.date(),
        line_id=seen.debit.pk,
        nonce=worlds.uuid4(),
        actor=fund.other_treasurer,
        at=SETTLED_AT,
    )
    payment.refresh_from_db()
    step = payment.steps.get(kind="confirm")
    assert (payment.status, step.effective_on, step.bank_reference) == (
        "confirmed",
        seen.debit.value_on,
        seen.debit.bank_reference,
    )
    assert list(unused_lines()) == []


@pytest.mark.parametrize(("details", "code"), [(CLOSED, "AC04"), (NO_BANK, "RC01")])
def test_an_order_that_the_bank_rejects_comes_back_and_the_details_are_not_paid_again(
    bank: Bank, details: dict[str, str], code: str
):
    fund, payment, order = a_released_payment(details)

    bank.ask("/payments", order)
    take_in(fund, bank.mail("pain.002")[0])

    payment.refresh_from_db()
    assert (payment.status, payment.steps.get(kind="return").reason_code) == ("returned", code)
    assert ledger_queries.balance_of(chart.CASH) == POOL
    with pytest.raises(WrongState, match=f"{payment.reference} from these details: {code}"):
        worlds.prepare(fund, at=ANSWERED_AT)


def test_a_payment_that_settled_and_comes_back_days_later_is_reversed_from_the_statement(bank: Bank):
    bank.begin(behaviour="return-later", parameters={"days": 3, "reason": "AC06"})
    fund, payment, order = a_released_payment()
    own_account(fund)
    bank.ask("/payments", order)
    take_in(fund, bank.mail("pain.002")[0])
    worlds.confirm(fund, payment)

    later = worlds.ENDED_AT + timedelta(days=8)
    bank.wait_until(later)
    read_statements(fund, bank, at=later)
    payment.refresh_from_db()
    seen = bank_lines.seen_of_payment(payment)
    assert seen is not None
    assert seen.credit is not None
    payment_ends.return_payment(
        payment_id=payment.pk,
        reason=seen.reason,
        returned_on=later.date(),
        line_id=seen.credit.pk,
        nonce=worlds.uuid4(),
        actor=people.someone(RoleName.TREASURY_OFFICER),
        at=later,
    )

    payment.refresh_from_db()
    assert (payment.status, payment.steps.get(kind="return").reason_code) == ("returned", "AC06")
    assert (ledger_queries.balance_of(chart.CASH), ledger_queries.total_under(chart.TRANSFERS)) == (
        POOL,
        Money.zero("USD"),
    )
    assert list(unused_lines()) == []
    signers = list(payment.steps.values_list("by_id", flat=True))
    assert len(set(signers)) == len(signers) == 5


def test_an_order_sent_twice_is_refused_by_both_sides_and_paid_once(bank: Bank):
    fund, payment, order = a_released_payment()

    bank.ask("/payments", order)
    again = bank.ask("/payments", order)

    assert (again["status"], again["reason"]) == ("RJCT", "DUPL")
    first, second = bank.mail("pain.002")
    take_in(fund, second)
    payment.refresh_from_db()
    assert payment.status == "released"
    take_in(fund, first)
    payment.refresh_from_db()
    assert payment.status == "sent"
    with pytest.raises(AlreadyDone):
        take_in(fund, first)
    with pytest.raises(WrongState):
        worlds.release(fund, payment, by=fund.other_treasurer)
    assert PaymentFile.objects.count() == 1
    assert ledger_queries.balance_of(chart.IN_TRANSIT) == FIRST


def test_a_silent_bank_is_noticed_asked_and_believed_when_its_statement_speaks(bank: Bank):
    bank.begin(behaviour="silent")
    fund, payment, order = a_released_payment()
    own_account(fund)

    bank.ask("/payments", order)

    assert bank.mail("pain.002") == []
    assert operations.note_silent_banks(at=worlds.RELEASED_AT + timedelta(hours=25)) == [payment]
    operations.record_status_query(
        payment_id=payment.pk, asked="Desk", said="It is with the bank.", actor=fund.treasurer, at=SETTLED_AT
    )
    bank.wait_until(SETTLED_AT)
    read_statements(fund, bank)
    seen = bank_lines.seen_of_payment(payment)
    assert seen is not None
    assert seen.debit is not None
    assert (PaymentFile.objects.count(), payment.status) == (1, "released")

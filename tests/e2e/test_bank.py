"""A bank of PyPI's, not ours: credits arrive, its statements are taken in, and one that lacks an entry is refused."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from bank import queries as bank_queries
from bank.models import BankFile, BankLine, OwnAccount
from donors import operations, queries
from donors.operations import Part
from tests import bank_worlds, donor_worlds, people
from trustfund.core.money import Money

pytestmark = pytest.mark.django_db
Bank = Callable[..., Any]
IBAN = "NL41MOCK0000000001"


def a_free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture
def bank() -> Iterator[Bank]:
    """The bank on loopback, asked by path; its day begins on a Monday morning."""
    port = a_free_port()
    program = [str(Path(sys.executable).parent / "mock-bank"), "--port", str(port), "-q"]
    process = subprocess.Popen([*program, "--clock", "2026-07-13T08:00"], stdout=subprocess.DEVNULL)

    def ask(path: str, said: dict[str, Any] | None = None, *, method: str = "") -> Any:
        body = None if said is None else json.dumps(said).encode()
        request = Request(f"http://127.0.0.1:{port}{path}", data=body, method=method or None)
        request.add_header("Content-Type", "application/json")
        with urlopen(request, timeout=10) as answer:
            return json.loads(answer.read() or b"null")

    for _attempt in range(100):
        try:
            ask("/_mock/health")
            break
        except URLError:
            time.sleep(0.05)
    yield ask
    process.terminate()
    process.wait(timeout=10)


def files_of(bank: Bank) -> list[BankFile]:
    """Collect what the bank sent about the fund's account and bring it in, in the bank's order."""
    messages = bank("/_mock/mailbox")
    found = messages["messages"] if isinstance(messages, dict) else messages
    return [
        bank_worlds.bring(one["body"].encode()) for one in found if IBAN in one["body"] and "camt.05" in one["type"]
    ]


def test_money_arrives_from_a_bank_and_a_statement_that_lacks_an_entry_is_refused(bank):
    bank_worlds.an_account(IBAN, "EUR")
    donor_worlds.a_rate("EUR", "0.9")
    pledge = donor_worlds.a_signed_pledge("1500.00", "EUR", years=3)

    payer = {"name": "Treasury of Valdria", "iban": "NL14MOCK0000000002"}
    bank("/_mock/credits", {"account": "ACME", "amount": 50000, "reference": pledge.reference, "debtor": payer})
    bank("/_mock/credits", {"account": "ACME", "amount": 1234, "note": "PAYMENT", "debtor": payer})
    bank("/_mock/advance?days=1", {})
    files = files_of(bank)
    assert {file.fate for file in files} == {"imported"}, [file.reason for file in files]
    assert {file.form for file in files} == {"camt.053.001.08", "camt.054.001.08"}
    # The notice and the statement told the same two lines.
    lines = {line.amount: line for line in BankLine.objects.all()}
    assert set(lines) == {Money.of("500.00", "EUR"), Money.of("12.34", "EUR")}

    known = bank_queries.line_of(lines[Money.of("500.00", "EUR")].pk)
    (suggestion,) = queries.suggestions_for(known, known.left)
    assert (suggestion.candidate.pledge_id, suggestion.confidence.words) == (pledge.pk, "nearly certain")
    parts = [Part(line_id=known.pk, pledge_id=pledge.pk, amount=known.left)]
    operations.match_lines(parts=parts, actor=donor_worlds.secretariat(), at=people.NOON)
    unknown = lines[Money.of("12.34", "EUR")]
    operations.hold_unidentified(line_id=unknown.pk, actor=donor_worlds.secretariat(), at=people.NOON)
    assert queries.outstanding_of(pledge) == Money.of("1000.00", "EUR")

    bank("/_mock/accounts/ACME", {"behaviour": "statement-gap"}, method="PATCH")
    bank("/_mock/credits", {"account": "ACME", "amount": 700, "note": "PAYMENT", "debtor": payer})
    bank("/_mock/credits", {"account": "ACME", "amount": 900, "note": "PAYMENT", "debtor": payer})
    bank("/_mock/advance?days=1", {})
    fates = {file.form: file for file in files_of(bank)}
    assert fates["camt.054.001.08"].fate == "imported"
    gap = fates["camt.053.001.08"]
    assert (gap.fate, "does not close" in gap.reason) == ("refused", True)
    closing = bank_queries.latest_statement(OwnAccount.objects.get()).closing
    assert closing == Money.of("125512.34", "EUR")

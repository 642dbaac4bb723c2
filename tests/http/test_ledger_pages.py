"""The pages of the books: who sees them, what they show, and that no history makes them ask more."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from ledger import chart, operations, queries
from ledger.drafts import Draft, credit, debit
from ledger.models import Entry
from tests import people
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db

PAGES = [
    "/ledger/",
    "/ledger/accounts/",
    "/ledger/accounts/1100/",
    "/ledger/accounts/1100/statement.csv",
    "/ledger/accounts/1100/statement.xlsx",
    "/ledger/entries/1/",
    "/ledger/trial-balance/",
    "/ledger/trial-balance.csv",
    "/ledger/trial-balance.xlsx",
    "/ledger/general-ledger.csv",
    "/ledger/periods/",
]
FIRST = date(2026, 6, 1)
READERS = [
    RoleName.AUDITOR,
    RoleName.TREASURY_OFFICER,
    RoleName.CERTIFYING_OFFICER,
    RoleName.SECRETARIAT,
    RoleName.FUND_ADMINISTRATOR,
    RoleName.COMMITTEE_MEMBER,
    RoleName.ALTERNATE,
    RoleName.CHAIR,
]


def usd(amount: str) -> Money:
    return Money.of(amount, "USD")


@pytest.fixture
def treasurer(db: None) -> User:
    """A ledger of sixty interest receipts, a dollar each, one each day; the last one reversed."""
    person = people.someone(RoleName.TREASURY_OFFICER, name="Tamar Treasurer")
    with transaction.atomic():
        operations.open_chart(by=person, at=people.NOON)
        entries = [
            operations.post(
                Draft(
                    kind="interest.received",
                    reference=f"I-2026-{number:03d}",
                    effective_on=date(2026, 5, 1 + number % 30),
                    memo="=cmd" if number == 1 else "",
                    subject=uuid4(),
                    legs=(debit(chart.CASH, usd(f"{number}.01")), credit(chart.FUND_INTEREST, usd(f"{number}.01"))),
                ),
                by=person,
                at=people.NOON,
            )
            for number in range(1, 61)
        ]
        operations.reverse(
            entries[-1],
            reference="I-2026-060",
            memo="Bank error",
            effective_on=date(2026, 6, 1),
            by=person,
            at=people.NOON,
        )
    return person


def client_of(person: User) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    return client


@pytest.mark.parametrize("role", READERS)
@pytest.mark.parametrize("page", PAGES)
def test_those_who_decide_pay_and_audit_read_every_page(treasurer: User, page: str, role: RoleName) -> None:
    address = page.replace("entries/1/", f"entries/{Entry.objects.earliest('id').pk}/")
    assert client_of(people.someone(role)).get(address).status_code == 200


@pytest.mark.parametrize("role", [RoleName.DONOR_REPRESENTATIVE, RoleName.PROGRAMME_PARTNER])
@pytest.mark.parametrize("page", PAGES)
def test_donors_and_partners_do_not(treasurer: User, page: str, role: RoleName) -> None:
    assert client_of(people.someone(role)).get(page).status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_seconded_staff_do_not_and_learn_why(treasurer: User, page: str) -> None:
    assert client_of(people.someone(RoleName.AUDITOR, is_seconded=True)).get(page).status_code == 403


def test_strangers_are_sent_to_sign_in(treasurer: User) -> None:
    assert Client().get("/ledger/").status_code == 302


def test_the_search_shows_the_latest_booking_first_and_pages_by_key(treasurer: User) -> None:
    client = client_of(treasurer)
    first = client.get("/ledger/")
    assert [entry.reference for entry, _legs in first.context["found"][:3]] == [
        "I-2026-060",
        "I-2026-060",
        "I-2026-059",
    ]
    assert len(first.context["found"]) == 50
    second = client.get("/ledger/" + first.context["older"])
    assert [entry.reference for entry, _legs in second.context["found"]] == [
        f"I-2026-{number:03d}" for number in range(11, 0, -1)
    ]
    assert second.context["older"] == ""


@pytest.mark.parametrize(
    ("query", "references"),
    [
        ("reference=I-2026-007", ["I-2026-007"]),
        ("reference=I-2026-05", [f"I-2026-{number:03d}" for number in range(59, 49, -1)]),
        ("account=4100&first=2026-05-08&last=2026-05-08", ["I-2026-037", "I-2026-007"]),
        ("account=5500", []),
        ("amount=7.01&currency=USD", ["I-2026-007"]),
        ("amount=7.01&currency=EUR", []),
        ("amount=7.01&currency=USD&account=1100&kind=interest&person=tamar", ["I-2026-007"]),
        ("kind=entry.reversed", ["I-2026-060"]),
        ("person=nobody", []),
        ("before=", [f"I-2026-{number:03d}" for number in [60, *range(60, 11, -1)]]),
        ("before=9999999999999999999999", [f"I-2026-{number:03d}" for number in [60, *range(60, 11, -1)]]),
    ],
)
def test_the_search_narrows_by_each_field(treasurer: User, query: str, references: list[str]) -> None:
    answer = client_of(treasurer).get(f"/ledger/?{query}")
    assert answer.status_code == 200
    assert [entry.reference for entry, _legs in answer.context["found"]] == references


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("amount=seven&currency=USD", "Write the amount in digits 0 to 9, for example 1250000.00."),
        ("amount=7.001&currency=USD", "USD has 2 decimals; 7.001 has more."),
        ("first=2026-05-08&last=2026-05-07", "The range ends before it begins. Choose a later day."),
    ],
)
def test_a_search_that_cannot_be_read_says_why(treasurer: User, query: str, sentence: str) -> None:
    answer = client_of(treasurer).get(f"/ledger/?{query}")
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_an_entry_shows_its_legs_and_what_took_it_back(treasurer: User) -> None:
    client = client_of(treasurer)
    entry = Entry.objects.get(kind="interest.received", reference="I-2026-060")
    answer = client.get(f"/ledger/entries/{entry.pk}/")
    reversal = Entry.objects.get(kind="entry.reversed")
    assert answer.context["reversal"] == reversal
    assert f"/ledger/entries/{reversal.pk}/" in answer.content.decode()
    assert [(leg.account.code, leg.debit, leg.credit) for leg in answer.context["legs"]] == [
        ("1100", usd("60.01"), None),
        ("4100", None, usd("60.01")),
    ]
    assert "waits for the next seal" in answer.content.decode()
    back = client.get(f"/ledger/entries/{reversal.pk}/").content.decode()
    assert f"/ledger/entries/{entry.pk}/" in back
    assert client.get("/ledger/entries/999999/").status_code == 404


def test_an_account_shows_its_statement_with_running_balances_across_pages(treasurer: User) -> None:
    client = client_of(treasurer)
    first = client.get("/ledger/accounts/1100/")
    lines = first.context["statement"].lines
    held = sum(number for number in range(1, 60)) * 100 + 59
    assert (lines[0].entry.kind, lines[0].balance) == ("entry.reversed", Money(held, "USD"))
    second = client.get("/ledger/accounts/1100/" + first.context["older"])
    rest = second.context["statement"].lines
    assert (len(lines), len(rest), second.context["older"]) == (50, 11, "")
    balance = Money(0, "USD")
    for line in reversed([*lines, *rest]):
        balance += line.money
        assert line.balance == balance
    assert balance == first.context["balance"]
    assert client.get("/ledger/accounts/1999/").status_code == 404
    assert client.get("/ledger/accounts/1100/?beyond=nonsense").context["statement"].lines == lines


def test_a_statement_of_some_days_begins_with_what_was_there(treasurer: User) -> None:
    answer = client_of(treasurer).get("/ledger/accounts/1100/?first=2026-05-31&last=2026-06-01")
    assert [(str(line.money.amount), str(line.balance.amount)) for line in answer.context["statement"].lines] == [
        ("-60.01", "1770.59")
    ]


def test_the_months_of_an_account_add_up(treasurer: User) -> None:
    months = client_of(treasurer).get("/ledger/accounts/1100/").context["months"]
    assert len(months) == 12
    by_first = {month.first: month for month in months}
    may = by_first[date(2026, 5, 1)]
    assert (may.debit, may.credit, may.balance) == (usd("1830.60"), usd("0.00"), usd("1830.60"))
    june = by_first[date(2026, 6, 1)]
    assert (june.debit, june.credit, june.balance) == (usd("0.00"), usd("60.01"), usd("1770.59"))
    assert months[0].balance == usd("1770.59")


def test_a_statement_is_downloaded_with_exact_figures_and_no_formulas(treasurer: User) -> None:
    client = client_of(treasurer)
    answer = client.get("/ledger/accounts/1100/statement.csv?last=2026-05-02")
    assert answer["Content-Disposition"] == 'attachment; filename="account-1100.csv"'
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["Date", "Booked", "Entry", "Reference", "Kind", "Memo", "Debit", "Credit", "Balance", "Currency"]
    assert [(row[0], row[3], row[5], row[6], row[7], row[8]) for row in rows[1:4]] == [
        ("2026-05-01", "I-2026-030", "", "30.01", "", "30.01"),
        ("2026-05-01", "I-2026-060", "", "60.01", "", "90.02"),
        ("2026-05-02", "I-2026-001", "'=cmd", "1.01", "", "91.03"),
    ]
    sheet = load_workbook(io.BytesIO(client.get("/ledger/accounts/1100/statement.xlsx?last=2026-05-02").content)).active
    assert sheet is not None
    cells = [row[6].value for row in sheet.iter_rows(min_row=2)]
    assert [Decimal(str(cell)) for cell in cells] == [
        Decimal("30.01"),
        Decimal("60.01"),
        Decimal("1.01"),
        Decimal("31.01"),
    ]
    assert sheet["F4"].value == "'=cmd"


def test_the_trial_balance_is_even_on_every_day(treasurer: User) -> None:
    client = client_of(treasurer)
    for day in ("2026-04-30", "2026-05-15", "2026-06-01"):
        answer = client.get(f"/ledger/trial-balance/?on={day}")
        assert all(total.is_even for total in answer.context["sums"])
    assert [(total.currency, total.debit) for total in answer.context["sums"]] == [("USD", usd("1770.59"))]
    rows = list(csv.reader(io.StringIO(client.get("/ledger/trial-balance.csv").content.decode("utf-8-sig"))))
    assert rows[1:] == [
        ["1100", "Cash held by the fund", "USD", "1770.59", "0.00"],
        ["4100", "Interest earned by the fund", "USD", "0.00", "1770.59"],
    ]


def test_the_general_ledger_holds_every_line_with_its_running_balance(treasurer: User) -> None:
    text = client_of(treasurer).get("/ledger/general-ledger.csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))[1:]
    assert len(rows) == 122
    assert [row[0] for row in rows] == ["1100"] * 61 + ["4100"] * 61
    assert (rows[60][8], rows[121][8]) == ("1770.59", "-1770.59")


def test_the_tree_sums_what_lies_under_it(treasurer: User) -> None:
    classes = client_of(treasurer).get("/ledger/accounts/").context["classes"]
    assert [(branch.code, branch.sums) for branch in classes] == [
        ("1", [usd("1770.59")]),
        ("2", [usd("0.00")]),
        ("4", [usd("-1770.59")]),
        ("5", [usd("0.00")]),
        ("9", [usd("0.00")]),
    ]


def token_of(client: Client) -> str:
    page = client.get("/ledger/periods/").content.decode()
    return page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]


def test_a_treasurer_closes_and_reopens_a_period_in_the_browser(treasurer: User) -> None:
    client = client_of(treasurer)
    token = token_of(client)
    answer = client.post("/ledger/periods/close/", {"through": "2026-05-31", "csrfmiddlewaretoken": token})
    assert (answer.status_code, answer["Location"]) == (302, "/ledger/periods/")
    page = client.get("/ledger/periods/")
    assert (page.context["closed_to"], page.context["open_from"]) == (date(2026, 5, 31), date(2026, 6, 1))
    assert [(month.first, month.lines) for month in page.context["months"]] == [
        (date(2026, 6, 1), 2),
        (date(2026, 5, 1), 120),
    ]
    again = client.post("/ledger/periods/close/", {"through": "2026-05-31", "csrfmiddlewaretoken": token})
    assert again.status_code == 422
    assert "The open period begins on 2026-06-01." in again.content.decode()
    unsaid = client.post("/ledger/periods/reopen/", {"open_from": "2026-05-01", "csrfmiddlewaretoken": token})
    assert unsaid.status_code == 422
    late = client.post(
        "/ledger/periods/reopen/",
        {"open_from": "2026-06-01", "decision": "DP-2026-001", "csrfmiddlewaretoken": token},
    )
    assert late.status_code == 422
    done = client.post(
        "/ledger/periods/reopen/",
        {"open_from": "2026-05-01", "decision": "DP-2026-001", "csrfmiddlewaretoken": token},
    )
    assert done.status_code == 302
    assert client.get("/ledger/periods/").context["open_from"] == date(2026, 5, 1)
    assert client.post("/ledger/periods/close/", {"through": "", "csrfmiddlewaretoken": token}).status_code == 422


def test_nobody_else_moves_the_period(treasurer: User) -> None:
    auditor = client_of(people.someone(RoleName.AUDITOR))
    assert "/ledger/periods/close/" not in auditor.get("/ledger/periods/").content.decode()
    auditor.handler.enforce_csrf_checks = False
    assert auditor.post("/ledger/periods/close/", {"through": "2026-05-31"}).status_code == 403
    assert auditor.post("/ledger/periods/reopen/", {}).status_code == 403


@pytest.mark.parametrize(
    "page", ["/ledger/", "/ledger/accounts/", "/ledger/accounts/1100/", "/ledger/trial-balance/", "/ledger/periods/"]
)
def test_a_page_asks_the_same_number_of_queries_whatever_the_history(
    treasurer: User, page: str, django_assert_max_num_queries: object
) -> None:
    client = client_of(treasurer)
    client.get(page)
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        client.get(page)


def blocks_of_a_page(beyond: queries.StatementKey | None, *, latest_first: bool) -> int:
    """Return how many blocks PostgreSQL reads to find the lines of a page of cash, going by the key."""
    with CaptureQueriesContext(connection) as asked:
        assert queries.statement_of(queries.account_of(chart.CASH), beyond=beyond, latest_first=latest_first).lines
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + asked[-1]["sql"].replace("%", "%%"))
        ((found,),) = cursor.fetchall()
    (page,) = [one for one in found[0]["Plan"]["Plans"] if one.get("Subplan Name") == "CTE page"]
    return int(page["Shared Hit Blocks"] + page["Shared Read Blocks"])


@pytest.mark.parametrize("latest_first", [True, False])
def test_a_page_of_a_statement_is_found_by_its_key_however_far_back(treasurer: User, latest_first: bool) -> None:
    legs = (debit(chart.CASH, usd("1.00")), credit(chart.FUND_INTEREST, usd("1.00")))
    drafts = [
        Draft(kind="interest.received", reference=f"J-{n}", effective_on=FIRST + timedelta(days=n // 4), legs=legs)
        for n in range(4000)
    ]
    with transaction.atomic():
        operations.post_many(drafts, by=treasurer, at=people.NOON)
    far = FIRST + timedelta(days=60 if latest_first else 940)
    key = queries.StatementKey(far, 0, 0)
    near = blocks_of_a_page(None, latest_first=latest_first)
    assert blocks_of_a_page(key, latest_first=latest_first) <= near + 12

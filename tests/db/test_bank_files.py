"""Bringing in the bank's files: every sample meets its fate, no line comes in twice, nothing is missing between two."""

from datetime import date
from decimal import Decimal

import psycopg2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from bank import operations, queries, readers
from bank.models import Appearance, BankFile, BankLine, BankStatement, OwnAccount
from tests import bank_worlds, people
from tests.bank_worlds import Said
from tests.unit.test_bank_readers import EXPECTED, GOOD, HOSTILE, LAUGHS, TABLE, sample
from trustfund.core import documents
from trustfund.core.models import Event
from trustfund.core.money import Money
from trustfund.core.refusals import AlreadyDone, NotPermitted, Unacceptable
from trustfund.core.roles import RoleName

OUT, NO_BALANCE, NOT_NEXT = "does not close", "lacks its opening or closing balance", "does not follow"
# What becomes of a sample whose account is the fund's: how many lines it brings, or why it is refused.
FATES: dict[str, int | str] = {
    "camt053.v2.all-balance-types.xml": OUT,
    "camt053.v2.five.decimals.xml": OUT,
    "camt053.v2.minimal.ultimate.xml": OUT,
    "camt053.v2.minimal.xml": OUT,
    "camt053.v2.multi.statement.xml": 2,
    "camt053.v2.with-account-name.xml": NO_BALANCE,
    "camt053.v2.with-party-ids.xml": OUT,
    "camt053.v3.xml": OUT,
    "camt053.v4.xml": OUT,
    "camt053.v8.xml": OUT,
    "camt53.only-Dt-with-DtTm.xml": NO_BALANCE,
    "mockbank_m4_camt.053.001.08.xml": 1,
    "mockbank_m5_camt.053.001.08.xml": 0,
    "mockbank_m6_camt.053.001.08.xml": 0,
    "mockbank_m7_camt.053.001.08.xml": 2,
    "mockbank_m8_camt.053.001.08.xml": 0,
    "mockbank_m9_camt.053.001.08.xml": 0,
    "citi/mt940.txt": 3,
    "jejik/abnamro.sta": OUT,
    "jejik/generic.sta": 2,
    "jejik/ing.sta": OUT,
    "jejik/knab.sta": OUT,
    "jejik/postfinance.sta": OUT,
    "jejik/rabobank-iban.sta": 4,
    "jejik/rabobank.sta": OUT,
    "jejik/sns.sta": 2,
    "jejik/triodos.sta": OUT,
}


def fate_of(name: str) -> tuple[str, int | str]:
    """Return the expected fate of a sample: notices and reports come in with the entries that are booked."""
    expected = EXPECTED[name]
    if isinstance(expected, str):
        return "quarantined", expected
    found = FATES.get(name, sum(expected[1]))
    return ("refused" if isinstance(found, str) else "imported"), found


def register_accounts_of(content: bytes) -> None:
    try:
        reading = readers.read(content)
    except readers.Unreadable:
        return
    for number, currency in {(one.account, one.currency or "SEK") for one in reading.statements}:
        bank_worlds.an_account(number, currency)


@pytest.mark.django_db
@pytest.mark.parametrize("name", EXPECTED)
def test_every_sample_meets_its_fate(name, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    content = sample(name)
    register_accounts_of(content)
    file = bank_worlds.bring(content)
    fate, expected = fate_of(name)
    assert file.fate == fate, file.reason
    assert documents.read(file.sha256, ".bank") == content
    if isinstance(expected, str):
        assert expected in file.reason
        assert (BankStatement.objects.count(), BankLine.objects.count()) == (0, 0)
    else:
        assert BankLine.objects.count() == expected


@pytest.fixture(autouse=True)
def _own_shelf(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def everything():
    return [
        list(model.objects.order_by("pk").values_list()) for model in (BankFile, BankStatement, BankLine, Appearance)
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_is_quarantined_and_kept(name):
    content = HOSTILE[name]
    if not content or len(content) > readers.MOST_BYTES:
        with pytest.raises(Unacceptable):
            bank_worlds.bring(content)
        assert BankFile.objects.count() == 0
        return
    bank_worlds.an_account()
    file = bank_worlds.bring(content)
    assert file.fate == "quarantined"
    assert file.reason
    assert BankLine.objects.count() == 0
    assert documents.read(file.sha256, ".bank") == content


@pytest.mark.django_db
def test_a_file_brought_again_changes_nothing():
    bank_worlds.an_account()
    content = bank_worlds.a_statement(Said(amount="5.00", reference="B-1"))
    first = bank_worlds.bring(content)
    before = everything(), Event.objects.count()
    assert bank_worlds.bring(content) == first
    wrong = bank_worlds.a_statement(Said(amount="5.00", reference="B-2"), closing="7.00")
    refused = bank_worlds.bring(wrong)
    assert bank_worlds.bring(wrong) == refused
    hostile = GOOD.replace("<?xml version='1.0' encoding='UTF-8'?>", LAUGHS).encode()
    quarantined = bank_worlds.bring(hostile)
    assert bank_worlds.bring(hostile) == quarantined
    assert BankFile.objects.count() == 3
    assert everything()[1:] == before[0][1:]
    assert Event.objects.count() == before[1] + 2


@pytest.mark.django_db
def test_the_three_figures_of_a_statement_that_does_not_close_are_told():
    bank_worlds.an_account()
    file = bank_worlds.bring(
        bank_worlds.a_statement(Said(amount="5.00", reference="B-1"), opening="10.00", closing="14.99", name="S-1")
    )
    assert file.fate == "refused"
    assert "opens with 10.00 USD, its entries add up to 5.00, and it closes with 14.99." in file.reason
    assert "The difference is -0.01." in file.reason


@pytest.mark.django_db
def test_a_gap_between_two_statements_is_refused_until_what_is_missing_comes():
    bank_worlds.an_account()
    monday = bank_worlds.a_statement(Said(amount="100.00", reference="B-1"), on="2026-07-13")
    tuesday = bank_worlds.a_statement(Said(amount="20.00", reference="B-2"), opening="100.00", on="2026-07-14")
    wednesday = bank_worlds.a_statement(Said(amount="3.00", reference="B-3"), opening="120.00", on="2026-07-15")
    assert bank_worlds.bring(monday).fate == "imported"
    refused = bank_worlds.bring(wednesday)
    assert refused.fate == "refused"
    assert "opens with USD 120.00 on 2026-07-15" in refused.reason
    assert "close with USD 100.00 on 2026-07-13. The difference is USD 20.00" in refused.reason
    assert bank_worlds.bring(tuesday).fate == "imported"
    assert bank_worlds.bring(wednesday).fate == "imported"
    account = OwnAccount.objects.get()
    latest = queries.latest_statement(account)
    assert latest.closing == Money.of("123.00", "USD")
    assert queries.latest_statement(account, date(2026, 7, 14)).closing == Money.of("120.00", "USD")


@pytest.mark.django_db
def test_statements_may_come_from_the_latest_back():
    bank_worlds.an_account()
    later = bank_worlds.a_statement(Said(amount="20.00", reference="B-2"), opening="100.00", on="2026-07-14")
    earlier = bank_worlds.a_statement(Said(amount="100.00", reference="B-1"), on="2026-07-13")
    other = bank_worlds.a_statement(Said(amount="90.00", reference="B-0"), on="2026-07-12")
    assert [bank_worlds.bring(one).fate for one in (later, earlier, other)] == ["imported", "imported", "refused"]
    assert queries.latest_statement(OwnAccount.objects.get()).closing == Money.of("120.00", "USD")


@pytest.mark.django_db
def test_an_overlapping_file_brings_only_what_is_new():
    bank_worlds.an_account()
    one, two, three = (Said(amount=f"{n}.00", reference=f"B-{n}", on=f"2026-07-1{n}") for n in (3, 4, 5))
    bank_worlds.bring(bank_worlds.a_notice(one))
    bank_worlds.bring(bank_worlds.a_statement(one, on="2026-07-13"))
    bank_worlds.bring(bank_worlds.a_statement(one, two, on="2026-07-14", opens_on="2026-07-13"))
    whole = bank_worlds.bring(bank_worlds.a_statement(one, two, three, on="2026-07-15", opens_on="2026-07-13"))
    again = bank_worlds.bring(
        bank_worlds.a_statement(two, three, opening="3.00", on="2026-07-15", opens_on="2026-07-14")
    )
    assert [file.fate for file in (whole, again)] == ["imported", "imported"]
    assert list(BankLine.objects.order_by("booked_on").values_list("bank_reference", flat=True)) == [
        "B-3",
        "B-4",
        "B-5",
    ]
    assert queries.lines_of(again.statements.get()).count() == 2
    # What overlaps and does not agree is refused.
    wrong = bank_worlds.bring(
        bank_worlds.a_statement(two, three, opening="2.00", on="2026-07-15", opens_on="2026-07-14")
    )
    assert (wrong.fate, NOT_NEXT in wrong.reason) == ("refused", True)


@pytest.mark.django_db
def test_a_batch_that_a_notice_split_does_not_come_in_again_as_one():
    bank_worlds.an_account()
    said = Said(amount="100.00", reference="B-1", on="2026-07-16")
    notice = bank_worlds.a_notice(said).decode()
    details = notice[notice.index("<NtryDtls>") : notice.index("</NtryDtls>") + len("</NtryDtls>")]
    split = (
        "<NtryDtls>"
        + "".join(
            f"<TxDtls><Refs><EndToEndId>{name}</EndToEndId></Refs><Amt Ccy='USD'>{amount}</Amt></TxDtls>"
            for name, amount in (("A", "60.00"), ("B", "40.00"))
        )
        + "</NtryDtls>"
    )
    bank_worlds.bring(notice.replace(details, split).encode())
    file = bank_worlds.bring(bank_worlds.a_statement(said))
    assert file.fate == "imported"
    assert list(BankLine.objects.order_by("part").values_list("end_to_end_id", "minor")) == [("A", 6000), ("B", 4000)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (bank_worlds.a_statement(account="NL57MOCK0000000004"), "is not one of the fund's"),
        (bank_worlds.a_statement(currency="EUR"), "is not one of the fund's"),
        (
            bank_worlds.a_statement(*[Said(amount="90000000000000000.00", reference=f"B-{n}") for n in range(3)]),
            "is more than the fund can count",
        ),
        (
            bank_worlds.a_statement(Said(amount="5.001", reference="B-1")),
            "USD has 2 decimals; 5.001 has more",
        ),
        (
            bank_worlds.a_statement(Said(amount="5.00", reference="B-1")).replace(
                b"<Ntry><Amt Ccy='USD'>", b"<Ntry><Amt Ccy='EUR'>"
            ),
            "The account is in USD, and an entry is in EUR",
        ),
    ],
)
def test_what_cannot_be_is_refused(content, words):
    bank_worlds.an_account()
    file = bank_worlds.bring(content)
    assert (file.fate, words in file.reason) == ("refused", True), file.reason


@pytest.mark.django_db
def test_the_funds_own_table_comes_in():
    bank_worlds.an_account()
    file = bank_worlds.bring(TABLE.encode())
    assert (file.fate, file.form) == ("imported", "CSV")
    assert [str(line.amount) for line in BankLine.objects.order_by("reference")] == [
        "USD 5.00",
        "USD \N{MINUS SIGN}2.50",
    ]


@pytest.mark.django_db
def test_only_the_secretariat_and_treasury_bring_files_and_only_treasury_registers_accounts():
    content = bank_worlds.a_statement()
    for role in RoleName:
        person = people.someone(role)
        if role in {RoleName.SECRETARIAT, RoleName.TREASURY_OFFICER}:
            assert operations.import_file(content=content, actor=person, at=people.NOON).fate == "refused"
        else:
            with pytest.raises(NotPermitted):
                operations.import_file(content=content, actor=person, at=people.NOON)
    with pytest.raises(NotPermitted):
        operations.import_file(
            content=content, actor=people.someone(RoleName.SECRETARIAT, is_seconded=True), at=people.NOON
        )
    good = {"name": "A", "number": "NL1", "currency": "USD", "bank_name": "B", "at": people.NOON}
    with pytest.raises(NotPermitted):
        operations.register_own_account(**good, actor=people.someone(RoleName.SECRETARIAT))
    officer = bank_worlds.treasurer()
    for wrong in ({"number": "N-"}, {"name": " "}, {"bic": "X"}, {"currency": "XXQ"}):
        with pytest.raises(Unacceptable):
            operations.register_own_account(**good | {"number": "NL12 3456"} | wrong, actor=officer)
    operations.register_own_account(**good | {"number": "nl12 3456"}, actor=officer)
    with pytest.raises(AlreadyDone):
        operations.register_own_account(**good | {"number": "NL123456"}, actor=officer)


DAYS = st.lists(
    st.lists(st.integers(min_value=-5_000, max_value=5_000).filter(bool), max_size=2), min_size=2, max_size=4
)


class AnyOrderOfFiles(TestCase):
    """A bank's days, told by daily statements, notices and longer statements, in any order and again."""

    @settings(max_examples=40)
    @given(days=DAYS, data=st.data())
    def test_replaying_and_overlapping_files_bring_every_line_once(self, days, data):
        account = bank_worlds.an_account()
        files, opening, told = [], 0, []
        for number, amounts in enumerate(days, start=1):
            said = [
                Said(amount=str(Decimal(minor).scaleb(-2)), reference=f"B-{number}-{place}", on=f"2026-07-{number:02d}")
                for place, minor in enumerate(amounts)
            ]
            told.append((opening, said, opening + sum(amounts)))
            opening += sum(amounts)
        for number, (begins, said, _ends) in enumerate(told, start=1):
            files.append(
                bank_worlds.a_statement(
                    *said, opening=str(Decimal(begins).scaleb(-2)), on=f"2026-07-{number:02d}", name=f"D-{number}"
                )
            )
            files.append(bank_worlds.a_notice(*said, on=f"2026-07-{number:02d}"))
        first, last = sorted(data.draw(st.tuples(*[st.integers(0, len(days) - 1)] * 2)))
        files.append(
            bank_worlds.a_statement(
                *[one for _begins, said, _ends in told[first : last + 1] for one in said],
                opening=str(Decimal(told[first][0]).scaleb(-2)),
                on=f"2026-07-{last + 1:02d}",
                opens_on=f"2026-07-{first + 1:02d}",
                name="LONG",
            )
        )
        order = data.draw(st.permutations(files))
        # What is refused because something between is missing comes in once that has come in.
        while [bank_worlds.bring(content).fate for content in order] != ["imported"] * len(files):
            pass
        assert BankLine.objects.count() == sum(len(amounts) for amounts in days)
        assert sum(BankLine.objects.values_list("minor", flat=True)) == opening
        latest = queries.latest_statement(account)
        assert latest.closing == Money(opening, "USD")
        before = everything()
        for content in order:
            bank_worlds.bring(content)
        assert everything() == before


LINE = (
    "INSERT INTO bank_bankline (id, reference, account_id, brought_by_id, booked_on, value_on, minor, currency, "
    "bank_reference, end_to_end_id, party, party_account, creditor_reference, text, code, is_return, return_reason, "
    "content_hash, part, parts) SELECT gen_random_uuid(), 'X', account_id, {brought_by}, booked_on, value_on, minor, "
    "{currency}, bank_reference, '', '', '', '', '', '', false, '', {content_hash}, {part}, parts "
    "FROM bank_bankline LIMIT 1"
)
OTHER = "gen_random_uuid()"
SAME = {"brought_by": "brought_by_id", "currency": "currency", "content_hash": "content_hash", "part": "part"}
NEW_HASH = f"'{'0' * 64}'"
USE = (
    "INSERT INTO bank_lineuse (id, line_id, minor, purpose, subject, takes_back_id, used_by_id, used_at) "
    "SELECT gen_random_uuid(), id, {minor}, 'receipt', gen_random_uuid(), {takes_back}, "
    "(SELECT brought_by_id FROM bank_bankfile LIMIT 1), now() FROM bank_bankline LIMIT 1"
)
STATEMENT = (
    "INSERT INTO bank_bankstatement (id, reference, file_id, account_id, number, nth, said, bank_name_of_it, sequence, "
    "currency, opening_minor, moved_minor, closing_minor, opens_on, closes_on, place, brought_at) "
    "SELECT gen_random_uuid(), 'X', file_id, account_id, 9, 9, said, '', '', currency, opening_minor, {moved}, "
    "{closing}, opens_on, closes_on, place, brought_at FROM bank_bankstatement LIMIT 1"
)


@pytest.mark.django_db(transaction=True)
def test_postgresql_keeps_what_the_bank_said(superuser):
    bank_worlds.an_account()
    bank_worlds.bring(bank_worlds.a_statement(Said(amount="5.00", reference="B-1")))
    refused = [
        ("TF001", "UPDATE bank_bankline SET minor = 1"),
        ("TF001", "DELETE FROM bank_bankline"),
        ("TF001", "UPDATE bank_bankstatement SET closing_minor = 1"),
        ("TF001", "UPDATE bank_bankfile SET fate = 'imported'"),
        ("TF001", "DELETE FROM bank_appearance"),
        ("TF001", "UPDATE bank_lineuse SET minor = 1"),
        ("TF001", "DELETE FROM bank_ownaccount"),
        ("TF707", "UPDATE bank_ownaccount SET number = 'NL00'"),
        ("TF701", LINE.format(**SAME | {"brought_by": OTHER})),
        ("TF702", LINE.format(**SAME | {"content_hash": NEW_HASH})),
        ("TF702", LINE.format(**SAME | {"content_hash": NEW_HASH, "brought_by": OTHER, "currency": "'EUR'"})),
        (
            "TF703",
            "INSERT INTO bank_appearance (statement_id, line_id) SELECT statement_id, line_id FROM bank_appearance",
        ),
        ("TF704", STATEMENT.format(moved=500, closing=500)),
        ("23514", STATEMENT.format(moved=0, closing=500)),
        ("TF705", USE.format(minor=501, takes_back="NULL")),
        ("TF705", USE.format(minor=-1, takes_back="NULL")),
        ("23514", USE.format(minor=0, takes_back="NULL")),
    ]
    for sqlstate, statement in refused:
        with pytest.raises(psycopg2.Error) as error, superuser.cursor() as cursor:
            cursor.execute(statement)
        superuser.rollback()
        assert error.value.pgcode == sqlstate, statement

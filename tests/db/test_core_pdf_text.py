"""Reading PDFs that somebody hands in: a good one, and those that are no PDF, closed, broken or built to do harm."""

import zlib
from io import BytesIO

import pytest
from pypdf import PdfWriter

from trustfund.core import documents, pdf_child, pdf_text
from trustfund.core.refusals import Unacceptable


def pdf_of(stream: bytes, *, compressed: bool = False) -> bytes:
    """Return a PDF of one page with a content stream, written by hand."""
    body = zlib.compress(stream, 9) if compressed else stream
    coding = b"/Filter /FlateDecode " if compressed else b""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< " + coding + b"/Length " + str(len(body)).encode() + b" >>\nstream\n" + body + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Font << /F1 5 0 R >> >>",
    ]
    made, offsets = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        offsets.append(len(made))
        made += str(number).encode() + b" 0 obj\n" + one + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(made)
    made += b"xref\n0 7\n0000000000 65535 f \n" + table
    return made + b"trailer << /Size 7 /Root 1 0 R >>\nstartxref\n" + str(start).encode() + b"\n%%EOF\n"


GOOD = pdf_of(b"BT /F1 12 Tf 72 700 Td (The contribution is unearmarked.) Tj ET")


def closed() -> bytes:
    writer = PdfWriter(clone_from=BytesIO(GOOD))
    writer.encrypt("secret")
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def long() -> bytes:
    writer = PdfWriter()
    for _page in range(pdf_child.MOST_PAGES + 1):
        writer.add_blank_page(72, 72)
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def test_the_words_of_a_document_are_read_and_its_hash_known():
    found = pdf_text.read(GOOD)
    assert (found.text, found.pages) == ("The contribution is unearmarked.", 1)
    assert found.sha256 == documents.sha256_of(GOOD)


REFUSED = [
    (lambda: b"PK\x03\x04 a zip", "no PDF"),
    (lambda: b"", "no PDF"),
    (lambda: GOOD + b"\0" * pdf_text.MOST_BYTES, "at most 10 MB"),
    (lambda: b"%PDF-1.7 and nothing behind it", "cannot be read"),
    (lambda: b"%PDF-1.4\n" + b"<<" * 200_000, "cannot be read"),
    (closed, "closed by a password"),
    (long, "more pages than are read"),
]


@pytest.mark.parametrize(("content", "words"), REFUSED, ids=[words for _content, words in REFUSED])
def test_what_cannot_be_read_safely_is_refused(content, words):
    with pytest.raises(Unacceptable, match=words):
        pdf_text.read(content())


def test_a_small_file_that_unpacks_to_very_much_ends_its_own_process_only():
    bomb = pdf_of(b"\0" * (100 * 1024 * 1024), compressed=True)
    assert len(bomb) < pdf_text.MOST_BYTES
    with pytest.raises(Unacceptable, match=r"cannot be read|more words"):
        pdf_text.read(bomb)


def test_words_keep_no_control_characters():
    noisy = pdf_of(b"BT /F1 12 Tf 72 700 Td (bell\\007 and\\000 nothing) Tj ET")
    assert pdf_text.read(noisy).text == "bell and nothing"

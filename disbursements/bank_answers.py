"""
What a bank answers to an order: pain.002 of any version, read without trusting it. Pure.

The file is hostile until read: no entities, no document type, no network, no more than a megabyte.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext as _
from lxml import etree

from disbursements.payment_states import ReturnReason
from trustfund.core.refusals import Unacceptable

MOST_BYTES: Final = 1_000_000
_NAMESPACE: Final = re.compile(r"urn:iso:std:iso:20022:tech:xsd:pain\.002\.001\.\d{2}")
_ID: Final = 35
_WORDS: Final = 400
# The bank has this file already. What the first copy did stands: nothing came back.
DUPLICATE: Final = "DUPL"


class Meaning(StrEnum):
    """What a status comes to for the fund."""

    TAKEN = "taken"
    REJECTED = "rejected"
    PENDING = "pending"
    DUPLICATE = "duplicate"


_MEANS: Final[dict[str, Meaning]] = {
    **dict.fromkeys(("ACCP", "ACSP", "ACSC", "ACWC", "ACCC", "ACTC", "ACFC"), Meaning.TAKEN),
    "RJCT": Meaning.REJECTED,
    **dict.fromkeys(("PDNG", "RCVD", "PART"), Meaning.PENDING),
}


@dataclass(frozen=True, slots=True)
class Line:
    """
    What the bank says of one payment.

    :ivar end_to_end: the fund's reference of the payment, as the order gave it
    :ivar status: the bank's code, such as ACSP or RJCT
    :ivar reason: the bank's code of a rejection, such as AC04, or nothing
    """

    end_to_end: str
    status: str
    reason: str
    words: str

    @property
    def meaning(self) -> Meaning:
        """What it comes to."""
        if self.status == "RJCT" and self.reason == DUPLICATE:
            return Meaning.DUPLICATE
        return _MEANS[self.status]

    @property
    def return_reason(self) -> ReturnReason:
        """The reason under which the money comes back: the bank's code, or that it gave none we know."""
        return ReturnReason(self.reason) if self.reason in ReturnReason.values else ReturnReason.MS03


@dataclass(frozen=True, slots=True)
class Answer:
    """One status report: its own id, the id of the file it answers, and a line for each payment it speaks of."""

    message: str
    original: str
    group_status: str
    lines: tuple[Line, ...]


def read(content: bytes) -> Answer:
    """
    Return what a bank's answer says.

    A rejection of the whole file is a line of its own for the file, its end-to-end reference being the file's.

    :raises Unacceptable: if it is too large, no pain.002, has a document type, lacks an id, or has a status unheard of
    """
    body = _body(content)
    group = _one(body, "OrgnlGrpInfAndSts")
    original = _text(group, "OrgnlMsgId", _ID)
    status = _text(group, "GrpSts", 4, may_be_missing=True)
    lines = tuple(_lines(body))
    if status and not lines:
        lines = (_line(group, original, status),)
    if not lines:
        raise Unacceptable(_("The answer speaks of no payment. Ask the bank what it means, and take in its next one."))
    for line in lines:
        if line.status not in _MEANS:
            raise Unacceptable(
                _("“%(status)s” is no status that the fund knows. Ask the bank, and record its words by hand.")
                % {"status": line.status}
            )
    return Answer(_text(_one(body, "GrpHdr"), "MsgId", _ID), original, status, lines)


def _body(content: bytes) -> "etree._Element":
    if len(content) > MOST_BYTES:
        raise Unacceptable(_("The file is larger than a megabyte, and no bank's answer is. Choose the right file."))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise Unacceptable(_("The file is no XML that can be read. Fetch it from the bank again.")) from None
    # A document type is where entities come from, and no bank's message has one.
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unacceptable(_("The file has a document type, and no bank's answer does. It was not taken in."))
    namespace = etree.QName(root).namespace or ""
    if not _NAMESPACE.fullmatch(namespace) or etree.QName(root).localname != "Document":
        raise Unacceptable(_("The file is no pain.002. Choose the bank's answer to the payment order."))
    return _one(root, "CstmrPmtStsRpt")


def _lines(body: "etree._Element") -> Iterator[Line]:
    for batch in _all(body, "OrgnlPmtInfAndSts"):
        ones = _all(batch, "TxInfAndSts")
        of_batch = _text(batch, "PmtInfSts", 4, may_be_missing=True)
        if not ones and of_batch:
            yield _line(batch, _text(batch, "OrgnlPmtInfId", _ID), of_batch)
        for one in ones:
            yield _line(one, _text(one, "OrgnlEndToEndId", _ID), _text(one, "TxSts", 4))


def _line(part: "etree._Element", end_to_end: str, status: str) -> Line:
    why = _all(part, "StsRsnInf")
    code, words = "", []
    for information in why:
        for reason in _all(information, "Rsn"):
            code = code or _text(reason, "Cd", 4, may_be_missing=True)
            words.append(_text(reason, "Prtry", _ID, may_be_missing=True))
        words += [(more.text or "").strip() for more in _all(information, "AddtlInf")]
    return Line(end_to_end, status, code, " ".join(word for word in words if word)[:_WORDS])


def _all(parent: "etree._Element", name: str) -> "list[etree._Element]":
    return [child for child in parent if isinstance(child.tag, str) and etree.QName(child).localname == name]


def _one(parent: "etree._Element", name: str) -> "etree._Element":
    found = _all(parent, name)
    if len(found) != 1:
        raise Unacceptable(_("The answer has no %(part)s where the bank's format puts one.") % {"part": name})
    return found[0]


def _text(parent: "etree._Element", name: str, most: int, *, may_be_missing: bool = False) -> str:
    found = [(child.text or "").strip() for child in _all(parent, name)][:1]
    text = found[0] if found else ""
    if not text and not may_be_missing:
        raise Unacceptable(_("The answer has no %(part)s where the bank's format puts one.") % {"part": name})
    if len(text) > most:
        raise Unacceptable(_("The answer's %(part)s is longer than the bank's format allows.") % {"part": name})
    return text

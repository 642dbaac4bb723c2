"""
The order that a bank reads: pain.001.001.09, one payment a file, its reference in every place of identity. Pure.

It is checked against the published schema before it leaves. Names are written in the letters that every bank takes.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Final

from anyascii import anyascii
from django.utils.translation import gettext as _
from lxml import etree

from disbursements.bank_details import BankDetails
from trustfund.core.money import Money
from trustfund.core.refusals import Unacceptable

NAMESPACE: Final = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
_NAME: Final = 70
_WORDS: Final = 140
# The letters that the network between banks carries; anything else becomes a space.
_FOREIGN: Final = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]+")


@dataclass(frozen=True, slots=True)
class Order:
    """
    One payment as its bank is told.

    :ivar reference: the payment's own; the file, the batch and the payment are all known by it
    :ivar debtor: the fund's account
    :ivar words: what the organisation's bank prints after the reference
    """

    reference: str
    written_at: datetime
    execute_on: date
    debtor: BankDetails
    creditor: BankDetails
    amount: Money
    words: str


def plain(words: str, most: int) -> str:
    """Return words in the letters that every bank takes, shortened to what the field holds."""
    return " ".join(_FOREIGN.sub(" ", anyascii(words)).split())[:most].strip()


def written(order: Order) -> bytes:
    """
    Return the order as a file.

    :raises Unacceptable: if the schema does not take it, with what it says
    """
    amount = str(order.amount.amount)
    root = etree.Element(f"{{{NAMESPACE}}}Document", nsmap={None: NAMESPACE})  # type: ignore[dict-item]  # None is the default
    body = _add(root, "CstmrCdtTrfInitn")

    head = _add(body, "GrpHdr")
    _add(head, "MsgId", order.reference)
    _add(head, "CreDtTm", order.written_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    _add(head, "NbOfTxs", "1")
    _add(head, "CtrlSum", amount)
    _add(_add(head, "InitgPty"), "Nm", plain(order.debtor.holder, _NAME))

    batch = _add(body, "PmtInf")
    _add(batch, "PmtInfId", order.reference)
    _add(batch, "PmtMtd", "TRF")
    _add(batch, "NbOfTxs", "1")
    _add(batch, "CtrlSum", amount)
    _add(_add(batch, "ReqdExctnDt"), "Dt", order.execute_on.isoformat())
    _add(_add(batch, "Dbtr"), "Nm", plain(order.debtor.holder, _NAME))
    account = _add(batch, "DbtrAcct")
    _add(_add(account, "Id"), "IBAN", order.debtor.iban)
    _add(account, "Ccy", order.amount.currency)
    _add(_add(_add(batch, "DbtrAgt"), "FinInstnId"), "BICFI", order.debtor.bic)
    # The fund bears its own bank's charge, the organisation that of its own.
    _add(batch, "ChrgBr", "SHAR")

    one = _add(batch, "CdtTrfTxInf")
    _add(_add(one, "PmtId"), "EndToEndId", order.reference)
    _add(_add(one, "Amt"), "InstdAmt", amount).set("Ccy", order.amount.currency)
    _add(_add(_add(one, "CdtrAgt"), "FinInstnId"), "BICFI", order.creditor.bic)
    _add(_add(one, "Cdtr"), "Nm", plain(order.creditor.holder, _NAME))
    _add(_add(_add(one, "CdtrAcct"), "Id"), "IBAN", order.creditor.iban)
    _add(_add(one, "RmtInf"), "Ustrd", plain(f"{order.reference} {order.words}", _WORDS))

    try:
        _schema().assertValid(root)
    except etree.DocumentInvalid as fault:
        raise Unacceptable(
            _("The bank would not read this order: %(why)s. Nothing was sent; correct the details first.")
            % {"why": str(fault)}
        ) from None
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _add(parent: "etree._Element", name: str, text: str | None = None) -> "etree._Element":
    child = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    child.text = text
    return child


@cache
def _schema() -> "etree.XMLSchema":
    published = files("sepaxml") / "schemas" / "pain.001.001.09.xsd"
    return etree.XMLSchema(etree.parse(BytesIO(published.read_bytes())))

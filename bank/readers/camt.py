"""ISO 20022 camt.052, .053 and .054, versions 2 to 14, read by namespace. No entity, no network, no depth. Pure."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _
from lxml import etree

from bank.readers.reading import (
    MOST_ENTRIES,
    MOST_PARTS,
    Entry,
    Part,
    Reading,
    ReadStatement,
    Said,
    Unreadable,
    amount,
    currency,
    day,
    one_line,
    plain,
    reference,
)

_NAMESPACE: Final = re.compile(r"urn:iso:std:iso:20022:tech:xsd:(camt\.05([234])\.001\.([0-9]{2}))")
_OLDEST, _NEWEST = 2, 14
_DEEPEST: Final = 40
# The message's own element, and its statements', by the digit of the namespace.
_MESSAGES: Final = {
    "2": (Said.REPORT, "BkToCstmrAcctRpt", "Rpt"),
    "3": (Said.STATEMENT, "BkToCstmrStmt", "Stmt"),
    "4": (Said.NOTIFICATION, "BkToCstmrDbtCdtNtfctn", "Ntfctn"),
}
# What is booked counts; what is pending or for information may never be.
_BOOKED: Final = "BOOK"
_RETURNS: Final = frozenset({"RRTN", "RPCR", "RIMB", "RDDT", "RRCT", "UPCT", "UPDD", "RCHK"})
_Element = etree._Element  # noqa: SLF001 - the only name lxml has for it


def read_camt(content: bytes) -> Reading:
    """
    Return what a camt message says, whether or not its schema holds: banks' own files often break it.

    :raises Unreadable: if it is no XML, is not safe to read, or is no camt message the fund knows
    """
    root = _root(content)
    found = re.fullmatch(r"\{(.*)\}Document", str(root.tag))
    known = _NAMESPACE.fullmatch(found[1]) if found else None
    if found is None or known is None or not _OLDEST <= int(known[3]) <= _NEWEST:
        raise Unreadable(
            _("This is no camt.052, .053 or .054 of versions 2 to 14 but “%(name)s”. Ask the bank for one of these.")
            % {"name": str(root.tag)[:120]}
        )
    return _Message(found[1]).read(root, known[1], known[2])


def _root(content: bytes) -> _Element:
    # No bank's statement has a document type, and a file that declares one has something else in mind.
    if b"<!DOCTYPE" in content.replace(b"\x00", b""):
        raise _hostile()
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        dtd_validation=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(
            _("This is no sound XML (line %(line)s). Fetch the file from the bank again.") % {"line": error.lineno}
        ) from None
    except (ValueError, LookupError):
        raise Unreadable(_("This is no sound XML. Fetch the file from the bank again.")) from None
    tree = root.getroottree()
    if tree.docinfo.internalDTD is not None or tree.docinfo.doctype:
        raise _hostile()
    level, depth = root, 0
    for event, _element in etree.iterwalk(level, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > _DEEPEST:
            raise Unreadable(_("The file nests deeper than any statement does, so it is not read."))
    return root


def _hostile() -> Unreadable:
    return Unreadable(_("The file declares a document type, which no bank's statement does, so it is not read."))


class _Message:
    """One message of one namespace: all paths below are names within it."""

    def __init__(self, namespace: str) -> None:
        self.namespace = namespace

    def all(self, element: _Element | None, path: str) -> list[_Element]:
        """Return the elements at a path below another."""
        if element is None:
            return []
        return element.findall("/".join(f"{{{self.namespace}}}{name}" for name in path.split("/")))

    def one(self, element: _Element | None, *paths: str) -> _Element | None:
        """Return the first element at the first path that leads anywhere."""
        return next((found for path in paths for found in self.all(element, path)), None)

    def text(self, element: _Element | None, *paths: str) -> str:
        """Return the words at the first path that leads anywhere."""
        found = self.one(element, *paths)
        return "" if found is None else (found.text or "").strip()

    def read(self, root: _Element, form: str, digit: str) -> Reading:
        """Return the whole message."""
        said, message_name, statement_name = _MESSAGES[digit]
        message = self.one(root, message_name)
        if message is None:
            raise Unreadable(
                _("The file calls itself %(form)s and holds no %(name)s.") % {"form": form, "name": message_name}
            )
        statements = self.all(message, statement_name)
        if not statements:
            raise Unreadable(_("The message holds no statement. Ask the bank for the whole file."))
        if len(self.all(message, f"{statement_name}/Ntry")) > MOST_ENTRIES:
            raise Unreadable.too_many(MOST_ENTRIES)
        if len(self.all(message, f"{statement_name}/Ntry/NtryDtls/TxDtls")) > MOST_PARTS:
            raise Unreadable.too_many(MOST_PARTS)
        return Reading(
            form=form,
            message=reference(self.text(message, "GrpHdr/MsgId")),
            statements=tuple(self.statement(one, said) for one in statements),
        )

    def statement(self, element: _Element, said: Said) -> ReadStatement:
        """Return one statement with what is booked in it."""
        balances = self.balances(element)
        opening = balances.get("OPBD") or balances.get("PRCD")
        closing = balances.get("CLBD")
        made_on = self.text(element, "CreDtTm")
        closes_on = closing[2] if closing else self.when(element, "FrToDt/ToDt", "FrToDt/ToDtTm")
        fallback = closes_on or (day(made_on) if made_on else None)
        entries = [entry for entry in self.all(element, "Ntry") if self.text(entry, "Sts/Cd", "Sts") in {_BOOKED, ""}]
        # An entry of nothing is the bank's remark.
        read = tuple(one for entry in entries if (one := self.entry(entry, fallback)).amount)
        own = self.text(element, "Acct/Ccy") or next((one[1] for one in (opening, closing) if one), "")
        if not own and read:
            own = read[0].currency
        account = self.account(self.one(element, "Acct"))
        if not account:
            raise Unreadable(_("A statement does not name its account. Ask the bank for the whole file."))
        return ReadStatement(
            said=said,
            account=account,
            currency=currency(own) if own else "",
            reference=reference(self.text(element, "Id")),
            sequence=reference(self.text(element, "ElctrncSeqNb", "LglSeqNb")),
            opening=opening[0] if opening else None,
            closing=closing[0] if closing else None,
            opens_on=opening[2] if opening else self.when(element, "FrToDt/FrDt", "FrToDt/FrDtTm"),
            closes_on=fallback,
            entries=read,
            not_booked=len(self.all(element, "Ntry")) - len(entries),
        )

    def balances(self, element: _Element) -> dict[str, tuple[Decimal, str, date]]:
        """Return the balances by their code, each with its currency and day; the first of a code counts."""
        found: dict[str, tuple[Decimal, str, date]] = {}
        for balance in self.all(element, "Bal"):
            code = self.text(balance, "Tp/CdOrPrtry/Cd", "Tp/Cd")
            # An intermediate balance stands on one page of several; the pages' ends are the ends of the statement.
            if code in {"OPBD", "PRCD", "CLBD"} and code not in found:
                found[code] = (
                    self.signed(balance),
                    self.currency_of(balance),
                    day(self.text(balance, "Dt/Dt", "Dt/DtTm")),
                )
        return found

    def account(self, element: _Element | None) -> str:
        """Return an account's number, however it is written."""
        return plain(self.text(element, "Id/IBAN", "Id/Othr/Id", "Id/PrtryAcct/Id", "Id/BBAN", "Id/UPIC"))

    def when(self, element: _Element, *paths: str) -> date | None:
        """Return a day, or nothing where none is given."""
        words = self.text(element, *paths)
        return day(words) if words else None

    def currency_of(self, element: _Element) -> str:
        """Return the currency of an amount."""
        found = self.one(element, "Amt")
        return currency(None if found is None else found.get("Ccy"))

    def signed(self, element: _Element) -> Decimal:
        """Return an amount, negative if it is a debit."""
        direction = self.text(element, "CdtDbtInd")
        if direction not in {"CRDT", "DBIT"}:
            raise Unreadable(_("An amount says neither credit nor debit. Ask the bank for the whole file."))
        found = amount(self.text(element, "Amt"))
        return found if direction == "CRDT" else -found

    def entry(self, element: _Element, fallback: date | None) -> Entry:
        """Return one booked entry."""
        booked_on = self.when(element, "BookgDt/Dt", "BookgDt/DtTm")
        value_on = self.when(element, "ValDt/Dt", "ValDt/DtTm")
        booked_on = booked_on or value_on or fallback
        if booked_on is None:
            raise Unreadable(_("An entry has no day. Ask the bank for the whole file."))
        whole, its_currency = self.signed(element), self.currency_of(element)
        is_reversal = self.text(element, "RvslInd") in {"true", "1"}
        return Entry(
            amount=whole,
            currency=its_currency,
            booked_on=booked_on,
            value_on=value_on or booked_on,
            bank_reference=reference(self.text(element, "AcctSvcrRef", "NtryRef", "NtryDtls/TxDtls/Refs/AcctSvcrRef")),
            is_reversal=is_reversal,
            parts=tuple(self.parts(element, whole, its_currency, is_reversal=is_reversal)),
        )

    def parts(self, element: _Element, whole: Decimal, own: str, *, is_reversal: bool) -> Iterator[Part]:
        """
        Yield the payments that an entry is made of.

        A batch is split only if its details are in the account's currency and add up to it; else it stays one line.
        """
        details = self.all(element, "NtryDtls/TxDtls")
        amounts = [self.amount_of(one, whole, own) for one in details]
        if len(details) > 1 and None not in amounts and sum(one for one in amounts if one) == whole:
            for one, part in zip(details, amounts, strict=True):
                yield self.part(element, one, part or Decimal(0), is_reversal=is_reversal)
            return
        yield self.part(element, details[0] if len(details) == 1 else None, whole, is_reversal=is_reversal)

    def amount_of(self, detail: _Element, whole: Decimal, own: str) -> Decimal | None:
        """Return what a detail of a batch moves, signed; nothing if it does not say so in the account's currency."""
        for path in ("Amt", "AmtDtls/TxAmt/Amt"):
            found = self.one(detail, path)
            if found is not None and found.get("Ccy") == own:
                direction = self.text(detail, "CdtDbtInd")
                is_debit = direction == "DBIT" if direction else whole < 0
                return -amount(found.text) if is_debit else amount(found.text)
        return None

    def part(self, entry: _Element, detail: _Element | None, part: Decimal, *, is_reversal: bool) -> Part:
        """Return one payment: the other party is who paid what came in, or was paid what went out."""
        other = "Dbtr" if part >= 0 else "Cdtr"
        return_information = self.one(detail, "RtrInf")
        code = self.code(detail) or self.code(entry)
        return Part(
            amount=part,
            end_to_end_id=reference(self.text(detail, "Refs/EndToEndId")),
            party=one_line(
                self.text(
                    detail,
                    f"RltdPties/Ultmt{other}/Pty/Nm",
                    f"RltdPties/Ultmt{other}/Nm",
                    f"RltdPties/{other}/Pty/Nm",
                    f"RltdPties/{other}/Nm",
                    f"RltdPties/{other}/Agt/FinInstnId/Nm",
                )
            ),
            party_account=self.account(self.one(detail, f"RltdPties/{other}Acct")),
            creditor_reference=reference(
                self.text(detail, "RmtInf/Strd/CdtrRefInf/Ref", "RmtInf/Strd/CdtrRefInf/CdtrRef")
            ),
            text=one_line(
                " ".join(
                    found.text or ""
                    for found in [
                        *self.all(detail, "RmtInf/Ustrd"),
                        *self.all(detail, "RmtInf/Strd/AddtlRmtInf"),
                        *self.all(detail, "AddtlTxInf"),
                        *self.all(entry, "AddtlNtryInf"),
                    ]
                )
            ),
            code=code,
            is_return=is_reversal or return_information is not None or not _RETURNS.isdisjoint(code.split("/")),
            return_reason=reference(self.text(return_information, "Rsn/Cd", "Rsn/Prtry")),
        )

    def code(self, element: _Element | None) -> str:
        """Return the bank's code of what it was: domain, family and sub-family, or the bank's own."""
        own = [self.text(element, f"BkTxCd/Domn/{path}") for path in ("Cd", "Fmly/Cd", "Fmly/SubFmlyCd")]
        return reference("/".join(word for word in own if word) or self.text(element, "BkTxCd/Prtry/Cd"))

"""Bringing in a file: read, checked against what the account's statements told before, and kept whatever its fate."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from bank import locks, permissions, queries, readers
from bank.chain import Chain, Link, Place, place_of
from bank.models import Appearance, BankFile, BankLine, BankStatement, Fate, OwnAccount
from bank.readers import Entry, Reading, ReadStatement, Said, Unreadable
from trustfund.core import documents, events
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.numbering import next_reference
from trustfund.core.refusals import Unacceptable

SUFFIX: Final = ".bank"
_LONGEST_NAME: Final = 120
_AT_ONCE: Final = 1000


@transaction.atomic(durable=True)
def import_file(*, content: bytes, file_name: str = "", actor: User, at: datetime) -> BankFile:
    """
    Bring in a file of the bank and return what became of it: imported, quarantined or refused, with the reason.

    All of it comes in or nothing. What an account has been told before does not come in again, whatever file tells
    it, and a file that was imported changes nothing when it is brought again.

    :param file_name: as the browser called it; only shown
    :raises NotPermitted: if the actor is neither of the secretariat nor a treasury officer
    :raises Unacceptable: if the file is empty, or larger than any file that is kept
    """
    permissions.may_bring_files(actor).enforce()
    if not content:
        raise Unacceptable(_("The file is empty. Choose the bank's own file."))
    if len(content) > readers.MOST_BYTES:
        raise Unreadable.too_large(len(content))
    file = BankFile(
        sha256=documents.store(content, SUFFIX),
        size=len(content),
        file_name=_printable(file_name),
        brought_by=actor,
        brought_at=at,
    )
    try:
        reading = readers.read(content)
    except Unreadable as refusal:
        return _stays_out(file, Fate.QUARANTINED, refusal.message, at)
    file.form, file.message = reading.form, reading.message
    held = locks.accounts(statement.account for statement in reading.statements)
    known = queries.imported_file(file.sha256)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            _take_in(file, reading, held, at)
    except Unacceptable as refusal:
        return _stays_out(file, Fate.REFUSED, refusal.message, at)
    return file


def _printable(name: str) -> str:
    return "".join(letter for letter in name if letter.isprintable())[-_LONGEST_NAME:]


def _stays_out(file: BankFile, fate: Fate, reason: str, at: datetime) -> BankFile:
    """Record that a file stays out, once: the same file with the same fate is not told again."""
    before = queries.latest_file(file.sha256)
    if before is not None and (before.fate, before.reason) == (fate, reason):
        return before
    return _recorded(file, fate, reason, at)


def _recorded(file: BankFile, fate: Fate, reason: str, at: datetime) -> BankFile:
    file.reference = next_reference("BF", at.date(), digits=4)
    file.fate, file.reason = fate, reason
    file.save(force_insert=True)
    events.record(
        f"bank_file.{fate}",
        about=file.id,
        by=file.brought_by,
        at=at,
        reference=file.reference,
        form=file.form,
        reason=reason,
    )
    return file


def _take_in(file: BankFile, reading: Reading, held: Sequence[OwnAccount], at: datetime) -> None:
    """
    Take in every statement of a file, one after the other.

    :raises Unacceptable: if one of them cannot come in: then none does
    """
    _recorded(file, Fate.IMPORTED, "", at)
    for number, said in enumerate(reading.statements, start=1):
        account = _account_of(said, held)
        if said.said is Said.STATEMENT:
            _require_closes(said)
        _write(file, number, said, account, at)


def _account_of(said: ReadStatement, held: Sequence[OwnAccount]) -> OwnAccount:
    found = [one for one in held if one.number == said.account and said.currency in {one.currency, ""}]
    if len(found) != 1:
        raise Unacceptable(
            _(
                "The account %(number)s in %(currency)s is not one of the fund's. Check the file; if the account is "
                "the fund's, a treasury officer registers it first."
            )
            % {"number": said.account, "currency": said.currency or _("an unknown currency")}
        )
    (account,) = found
    strange = next((entry.currency for entry in said.entries if entry.currency != account.currency), None)
    if strange is not None:
        raise Unacceptable(
            _("The account is in %(own)s, and an entry is in %(strange)s. Ask the bank what it means.")
            % {"own": account.currency, "strange": strange}
        )
    return account


def _require_closes(said: ReadStatement) -> None:
    if said.opening is None or said.closing is None or said.opens_on is None or said.closes_on is None:
        raise Unacceptable(
            _("Statement %(name)s lacks its opening or closing balance, so nobody can check it. Ask the bank for both.")
            % {"name": said.reference}
        )
    if said.off_by:
        raise Unacceptable(
            _(
                "Statement %(name)s does not close: it opens with %(opening)s %(currency)s, its entries add up to "
                "%(moved)s, and it closes with %(closing)s. The difference is %(difference)s. Ask the bank for another."
            )
            % {
                "name": said.reference,
                "currency": said.currency,
                "opening": said.opening,
                "moved": said.moved,
                "closing": said.closing,
                "difference": said.off_by,
            }
        )


def _write(file: BankFile, number: int, said: ReadStatement, account: OwnAccount, at: datetime) -> None:
    """Write what is new, then what the statement tells, then the statement: PostgreSQL checks that it adds up."""
    told = list(said.told())
    known = queries.known_entries(account, [content_hash for content_hash, _entry in told])
    statement = BankStatement(
        reference=next_reference("BS", at.date(), digits=4),
        file=file,
        account=account,
        number=number,
        nth=account.statements.count() + 1,
        said=said.said,
        bank_name_of_it=said.reference,
        sequence=said.sequence,
        currency=account.currency,
        moved_minor=_minor(said.moved, account),
        opens_on=said.opens_on,
        closes_on=said.closes_on,
        place="",
        brought_at=at,
    )
    if said.said is Said.STATEMENT:
        statement.opening_minor = _minor(said.opening, account)
        statement.closing_minor = _minor(said.closing, account)
        statement.place = _place(statement, told, account)
    new = [
        line
        for content_hash, entry in told
        if content_hash not in known
        for line in _lines(statement, content_hash, entry, account)
    ]
    for position, line in enumerate(new, start=1):
        line.reference = f"{statement.reference}/{position}"
    BankLine.objects.bulk_create(new, batch_size=_AT_ONCE)
    line_ids = [line.pk for line in new] + [line_id for lines in known.values() for line_id in lines]
    Appearance.objects.bulk_create(
        [Appearance(statement=statement, line_id=line_id) for line_id in line_ids], batch_size=_AT_ONCE
    )
    statement.save(force_insert=True)


def _minor(amount: object, account: OwnAccount) -> int:
    """Return an amount in minor units, or refuse one that the currency cannot hold."""
    return Money.of(str(amount), account.currency).minor


def _lines(statement: BankStatement, content_hash: str, entry: Entry, account: OwnAccount) -> list[BankLine]:
    parts = [part for part in entry.parts if part.amount]
    return [
        BankLine(
            account=account,
            brought_by=statement,
            booked_on=entry.booked_on,
            value_on=entry.value_on,
            minor=_minor(part.amount, account),
            currency=account.currency,
            bank_reference=entry.bank_reference,
            end_to_end_id=part.end_to_end_id,
            party=part.party,
            party_account=part.party_account,
            creditor_reference=part.creditor_reference,
            text=part.text,
            code=part.code,
            is_return=part.is_return,
            return_reason=part.return_reason,
            content_hash=content_hash,
            part=number,
            parts=len(parts),
        )
        for number, part in enumerate(parts, start=1)
    ]


def _place(statement: BankStatement, told: Sequence[tuple[str, Entry]], account: OwnAccount) -> Place:
    """Return where the statement stands, or refuse with the figures between which something is missing."""
    chain = queries.chain_of(account)
    on_statements = queries.told_entries(account, [content_hash for content_hash, _entry in told])
    link = Link(
        opens_with=statement.opening_minor or 0,
        opens_on=statement.opens_on or date.min,
        closes_with=statement.closing_minor or 0,
        closes_on=statement.closes_on or date.min,
        untold=sum(_minor(entry.amount, account) for content_hash, entry in told if content_hash not in on_statements),
    )
    first_booked_on = min((entry.booked_on for _hash, entry in told), default=None)
    place = place_of(
        link,
        chain,
        is_known_point=chain is not None and queries.is_known_point(account, chain, link.opens_with, first_booked_on),
    )
    if place is None and chain is not None:
        raise _gap(statement, link, chain)
    return place or Place.FIRST


def _gap(statement: BankStatement, link: Link, chain: Chain) -> Unacceptable:
    currency = statement.currency
    return Unacceptable(
        _(
            "Statement %(name)s does not follow: it opens with %(opening)s on %(opens_on)s, and the account's "
            "statements close with %(closed)s on %(closed_on)s. The difference is %(difference)s: a statement "
            "or an entry between them is missing. Bring that in first."
        )
        % {
            "name": statement.bank_name_of_it or statement.number,
            "opening": Money(link.opens_with, currency),
            "opens_on": link.opens_on.isoformat(),
            "closed": Money(chain.closes_with, currency),
            "closed_on": chain.closes_on.isoformat(),
            "difference": Money(link.opens_with - chain.closes_with, currency),
        }
    )

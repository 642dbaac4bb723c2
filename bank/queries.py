"""Asking about the bank: statements and lines, what of them is not used yet, and what an account held on a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Abs, Coalesce

from bank.chain import Chain, Place
from bank.models import Appearance, BankFile, BankLine, BankStatement, Fate, LineUse, OwnAccount
from bank.readers import Said
from trustfund.core.money import Money


def _used() -> Coalesce:
    used = (
        LineUse.objects.filter(line=OuterRef("pk"))
        .order_by()
        .values("line")
        .annotate(total=Sum("minor"))
        .values("total")
    )
    return Coalesce(Subquery(used), 0)


def with_use(lines: QuerySet[BankLine]) -> QuerySet[BankLine]:
    """Return lines, each with how much of it is used: see `BankLine.left`."""
    return lines.annotate(used_minor=_used())


def unused_lines() -> QuerySet[BankLine]:
    """Return lines of which something is left to use, oldest first."""
    found = BankLine.objects.select_related("account").annotate(used_minor=_used())
    return found.filter(used_minor__lt=Abs("minor")).order_by("value_on", "reference")


def unused_credits() -> QuerySet[BankLine]:
    """Return what came in and waits to be matched, oldest first."""
    return unused_lines().filter(minor__gt=0)


def unused_debits() -> QuerySet[BankLine]:
    """Return what went out and waits to be explained, oldest first."""
    return unused_lines().filter(minor__lt=0)


def lines_by_end_to_end(ids: Iterable[str]) -> dict[str, list[BankLine]]:
    """
    Return the lines that wait, by the end-to-end id that a payment order gave them: its debit, and its return.

    What came in under an order's own id is its money coming back.
    """
    by_id: dict[str, list[BankLine]] = {}
    for line in unused_lines().filter(end_to_end_id__in={one for one in ids if one}):
        by_id.setdefault(line.end_to_end_id, []).append(line)
    return by_id


def lines() -> QuerySet[BankLine]:
    """Return all lines with their use, latest booked first."""
    return with_use(BankLine.objects.select_related("account")).order_by("-booked_on", "-reference")


def line_of(line_id: UUID) -> BankLine | None:
    """Return one line with its use, or nothing."""
    return with_use(BankLine.objects.select_related("account", "brought_by__file")).filter(pk=line_id).first()


def named_lines(name: str) -> QuerySet[BankLine]:
    """Return the lines that a name means: the bank's own reference or the fund's."""
    return with_use(BankLine.objects.filter(Q(bank_reference=name) | Q(reference=name)))


def uses_of(line: BankLine) -> QuerySet[LineUse]:
    """Return what a line was used for, earliest first."""
    return line.uses.select_related("used_by").order_by("used_at", "id")


def standing_uses(subject: UUID) -> QuerySet[LineUse]:
    """Return the uses of lines for something that are not taken back."""
    return LineUse.objects.filter(subject=subject, takes_back=None, taken_back_by=None).select_related("line__account")


def files() -> QuerySet[BankFile]:
    """Return the files, latest brought first."""
    return BankFile.objects.select_related("brought_by").order_by("-brought_at", "-reference")


def imported_file(sha256: str) -> BankFile | None:
    """Return the file with this content that was imported, if one was."""
    return BankFile.objects.filter(sha256=sha256, fate=Fate.IMPORTED).first()


def latest_file(sha256: str) -> BankFile | None:
    """Return the latest file with this content, whatever became of it."""
    return BankFile.objects.filter(sha256=sha256).order_by("-brought_at", "-reference").first()


def statements_of(file: BankFile) -> QuerySet[BankStatement]:
    """Return the statements that a file brought, in its order."""
    return file.statements.select_related("account").order_by("number")


def lines_of(statement: BankStatement) -> QuerySet[BankLine]:
    """Return the lines that a statement tells of, in the order of their coming."""
    told = Appearance.objects.filter(statement=statement).values("line")
    return with_use(BankLine.objects.filter(pk__in=told).select_related("account", "brought_by")).order_by(
        "booked_on", "reference"
    )


def subjects_in_use(subjects: Iterable[UUID]) -> set[UUID]:
    """Return which of some things have a line that stands for them."""
    standing = LineUse.objects.filter(subject__in=list(subjects), takes_back=None, taken_back_by=None)
    return set(standing.values_list("subject", flat=True))


def brought_by(file: BankFile) -> QuerySet[BankLine]:
    """Return the lines that a file was the first to tell."""
    return BankLine.objects.filter(brought_by__file=file)


def told_by(file: BankFile) -> QuerySet[Appearance]:
    """Return that the statements of a file tell of lines, new ones and known ones."""
    return Appearance.objects.filter(statement__file=file)


def statements_telling(line: BankLine) -> QuerySet[BankStatement]:
    """Return the statements, reports and notices that tell of a line, in the order of their coming."""
    return BankStatement.objects.filter(appearances__line=line).select_related("file").order_by("nth")


def with_words(lines: QuerySet[BankLine], words: str) -> QuerySet[BankLine]:
    """Return the lines that say some words: in a reference, the other party's name, or the text."""
    if not words:
        return lines
    return lines.filter(
        Q(reference__icontains=words)
        | Q(bank_reference__icontains=words)
        | Q(end_to_end_id__icontains=words)
        | Q(creditor_reference__icontains=words)
        | Q(party__icontains=words)
        | Q(text__icontains=words)
    )


def accounts_with_closing() -> list[tuple[OwnAccount, BankStatement | None]]:
    """Return the fund's own accounts, each with the statement that its statements end with, in two queries."""
    last = (
        BankStatement.objects.filter(said=Said.STATEMENT, place__in=[Place.FIRST, Place.AFTER])
        .order_by("account", "-nth")
        .distinct("account")
    )
    by_account = {statement.account_id: statement for statement in last}
    return [(account, by_account.get(account.pk)) for account in own_accounts()]


def own_accounts() -> QuerySet[OwnAccount]:
    """Return the fund's own accounts by name."""
    return OwnAccount.objects.select_related("registered_by").order_by("name", "currency")


def known_entries(account: OwnAccount, hashes: Iterable[str]) -> dict[str, list[UUID]]:
    """Return which entries of an account have come in before, by their hash, with the lines of each."""
    found: dict[str, list[UUID]] = {}
    rows = BankLine.objects.filter(account=account, content_hash__in=list(hashes)).order_by("part")
    for content_hash, line_id in rows.values_list("content_hash", "pk"):
        found.setdefault(content_hash, []).append(line_id)
    return found


def _told_on_statements() -> Any:
    return Exists(Appearance.objects.filter(line=OuterRef("pk"), statement__said=Said.STATEMENT))


def told_entries(account: OwnAccount, hashes: Iterable[str]) -> set[str]:
    """Return which entries of an account stand on a statement already, not only on a notice."""
    found = BankLine.objects.filter(account=account, content_hash__in=list(hashes)).filter(_told_on_statements())
    return set(found.values_list("content_hash", flat=True))


def chain_of(account: OwnAccount) -> Chain | None:
    """Return where an account's statements begin and end together; nothing while there is none."""
    statements = BankStatement.objects.filter(account=account, said=Said.STATEMENT)
    last = latest_statement(account)
    first = statements.filter(place__in=[Place.FIRST, Place.BEFORE]).order_by("-nth").first()
    if first is None or last is None:
        return None
    return Chain(
        opens_with=first.opening_minor or 0,
        opens_on=first.opens_on or date.min,
        closes_with=last.closing_minor or 0,
        closes_on=last.closes_on or date.min,
    )


def latest_statement(account: OwnAccount, on: date | None = None) -> BankStatement | None:
    """Return the statement that an account's statements end with: now, or those that close on or before a day."""
    found = BankStatement.objects.filter(
        account=account, said=Said.STATEMENT, place__in=[Place.FIRST, Place.AFTER, Place.BEFORE]
    )
    if on is None:
        return found.exclude(place=Place.BEFORE).order_by("-nth").first()
    return found.filter(closes_on__lte=on).order_by("-closes_on", "-nth").first()


def is_known_point(account: OwnAccount, chain: Chain, balance: int, first_booked_on: date | None) -> bool:
    """Return whether an account's statements had a balance where a statement that overlaps them opens with it."""
    told = BankStatement.objects.filter(account=account, said=Said.STATEMENT)
    if told.filter(Q(opening_minor=balance) | Q(closing_minor=balance)).exists():
        return True
    if first_booked_on is None:
        return False
    before = BankLine.objects.filter(account=account, booked_on__lt=first_booked_on).filter(_told_on_statements())
    moved = before.aggregate(total=Sum("minor"))["total"] or 0
    return chain.opens_with + moved == balance


def unconfirmed_lines() -> QuerySet[BankLine]:
    """Return lines that only a notice told of: no statement has confirmed them yet."""
    return with_use(BankLine.objects.select_related("account")).filter(~_told_on_statements()).order_by("booked_on")


@dataclass(frozen=True, slots=True)
class Held:
    """What an account's statements tell up to a day: where they begin, where they end, and what of them waits."""

    account: OwnAccount
    opens_on: date
    opening: Money
    closing: Money
    came_in_waits: Money
    went_out_waits: Money


def held_on(on: date) -> list[Held]:
    """Return what the fund's accounts held at the end of a day, by their statements; one without any is left out."""
    found = []
    for account in own_accounts():
        chain = chain_of(account)
        if chain is None or chain.opens_on > on:
            continue
        told = BankLine.objects.filter(account=account, booked_on__lte=on).filter(_told_on_statements())
        moved = told.aggregate(total=Sum("minor"))["total"] or 0
        waiting = told.annotate(used_minor=_used()).filter(used_minor__lt=Abs("minor"))
        came_in, went_out = (
            sum(abs(minor) - used for minor, used in which.values_list("minor", "used_minor"))
            for which in (waiting.filter(minor__gt=0), waiting.filter(minor__lt=0))
        )
        found.append(
            Held(
                account=account,
                opens_on=chain.opens_on,
                opening=Money(chain.opens_with, account.currency),
                closing=Money(chain.opens_with + moved, account.currency),
                came_in_waits=Money(came_in, account.currency),
                went_out_waits=Money(went_out, account.currency),
            )
        )
    return found


def used_by_subject(on: date) -> dict[tuple[UUID, str], int]:
    """Return what lines on statements up to a day are used for, in minor units, by subject and currency: in is more."""
    told = BankLine.objects.filter(booked_on__lte=on).filter(_told_on_statements())
    signed = Case(When(line__minor__gt=0, then=F("minor")), default=-F("minor"))
    rows = LineUse.objects.filter(line__in=told).values("subject", "line__currency").annotate(total=Sum(signed))
    return {(row["subject"], row["line__currency"]): row["total"] for row in rows}

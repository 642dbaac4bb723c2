"""Everything that can happen to the books: open an account, post, reverse, close a period. PostgreSQL does it."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _

from ledger import chart, permissions, queries
from ledger.chart import Kind
from ledger.drafts import Draft, late
from ledger.models import BOOKS, Account, Entry, PeriodChange, Seal
from ledger.refusals import NoDecision, PeriodOutOfOrder, refusal_of, refuse
from trustfund.core import events
from trustfund.core.currencies import NUMERIC_CODES
from trustfund.core.db import require_transaction, sqlstate_of
from trustfund.core.models import User
from trustfund.core.money import decimals_of
from trustfund.core.refusals import Unacceptable

SEAL_ENTRIES: Final = 2000
_ENTRY_FIELDS: Final = tuple(field.attname for field in Entry._meta.concrete_fields)  # noqa: SLF001 - Django's own name
_ENTRY: Final = f"SELECT {', '.join(str(field.column) for field in Entry._meta.concrete_fields)} FROM "  # noqa: S608, SLF001
_ACCOUNT = "SELECT id, code, name, kind, currency, may_be_overdrawn, closed, open_from, opened_by, opened_at FROM "


@contextmanager
def _refusals() -> Iterator[None]:
    """Turn what PostgreSQL refuses into the refusal of the same meaning; its detail names what it is about."""
    try:
        yield
    except DatabaseError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        refusal = refusal_of(sqlstate_of(error), getattr(diagnosis, "message_detail", None) or "")
        if refusal is None:
            raise
        raise refusal from error


def _move_clock(at: datetime) -> None:
    """
    Tell the database the moment of a story that is being loaded.

    It listens only while the movable clock is installed (see demonstration_clock.py); the real one ignores this.
    """
    if settings.DEMO:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('trustfund.moved_clock', %s, true)", [at.isoformat()])


def _array(values: Iterable[str | int]) -> str:
    """Return an array as text, which PostgreSQL reads faster than it parses and plans an ARRAY[...] in a query."""
    return "{" + ",".join(map(_element, values)) + "}"


def _element(value: str | int) -> str:
    if isinstance(value, int):
        return str(value)
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _entry(call: str, parameters: Sequence[Any]) -> Entry:
    # Made from the row directly: on the one hot path of the house, a raw query set costs as much as the posting itself.
    with _refusals(), connection.cursor() as cursor:
        cursor.execute(_ENTRY + call, parameters)
        (row,) = cursor.fetchall()
    return Entry.from_db(connection.alias, _ENTRY_FIELDS, row)


def open_account(
    *,
    code: str,
    name: str,
    kind: Kind,
    currency: str,
    may_be_overdrawn: bool = True,
    by: User,
    at: datetime,
) -> Account:
    """
    Open an account; one that is open already under this code, alike, is returned.

    :raises Unacceptable: if the currency is not one the fund knows
    :raises OtherAccount: if the code belongs to an account of another kind, currency or floor
    """
    require_transaction()
    decimals_of(currency)
    _move_clock(at)
    with _refusals():
        (account,) = Account.objects.raw(
            _ACCOUNT + "ledger_open_account(%s, %s, %s, %s::smallint, %s, %s)",
            [code, name, str(kind), NUMERIC_CODES[currency], may_be_overdrawn, str(by.pk)],
        )
    return account


def open_chart(*, by: User, at: datetime) -> list[Account]:
    """Open the fixed accounts of the chart, in the fund's currency; those that are open stay as they are."""
    return [
        open_account(
            code=post.code,
            name=post.name,
            kind=post.kind,
            currency=settings.FUND_CURRENCY,
            may_be_overdrawn=post.may_be_overdrawn,
            by=by,
            at=at,
        )
        for post in chart.FIXED
    ]


def open_under(
    head: str, reference: str, *, of: str, currency: str = settings.FUND_CURRENCY, by: User, at: datetime
) -> Account:
    """
    Open the account that a head of the chart has for one donor, pledge or programme, as the chart says it should be.

    :param of: whose account it is, for its name: "Reserved: Rural clinics"
    :raises KeyError: if the chart has no such head, which is a fault of the code
    :raises OtherAccount: if the code belongs to another account
    """
    post = chart.BY_CODE[head]
    return open_account(
        code=chart.under(head, reference),
        name=f"{post.name}: {of}",
        kind=post.kind,
        currency=currency,
        may_be_overdrawn=post.may_be_overdrawn,
        by=by,
        at=at,
    )


def post(draft: Draft, *, by: User, at: datetime) -> Entry:
    """
    Put an event in the books, once.

    The same event with the same content returns the entry that stands, so a retried task or a double click changes
    nothing.

    :raises UnknownAccount: if an account is not open yet
    :raises WrongCurrency: if a leg is in another currency than its account
    :raises OtherContent: if the event was posted with other legs, day, memo or subject
    :raises ClosedAccount: if an account is closed
    :raises ClosedPeriod: if the effective date lies before the open period
    :raises Overdrawn: if an account that may not be overdrawn would be (an InsufficientFunds)
    :raises ClockSetBack: if the database's clock stands before the last booking
    :raises WrongIsolation: if the transaction is not at READ COMMITTED
    """
    require_transaction()
    _move_clock(at)
    return _entry(
        "ledger_post(%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            draft.kind,
            draft.reference,
            draft.effective_on.isoformat(),
            str(by.pk),
            draft.memo,
            str(draft.subject) if draft.subject else None,
            _array(leg.account for leg in draft.legs),
            _array(NUMERIC_CODES[leg.money.currency] for leg in draft.legs),
            _array(leg.money.minor for leg in draft.legs),
        ],
    )


def post_late(draft: Draft, *, by: User, at: datetime) -> Entry:
    """
    Post an event that may belong to a closed period: then it goes to the open one, its own date in the memo.

    :raises Refusal: whatever `post` raises
    """
    return post(late(draft, queries.open_from()), by=by, at=at)


def post_many(drafts: Sequence[Draft], *, by: User, at: datetime) -> list[int]:
    """
    Put many events in the books, all or none, and return the ids of their entries in the order given.

    Events that stand with the same content are not posted again. A floor holds for the batch as a whole.

    :raises Refusal: whatever `post` raises
    """
    require_transaction()
    if not drafts:
        return []
    _move_clock(at)
    legs = [(number, leg) for number, draft in enumerate(drafts, start=1) for leg in draft.legs]
    with _refusals(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT ledger_post_many(%s::text[], %s::text[], %s::date[], %s::uuid, %s::text[], %s::uuid[], "
            "%s::integer[], %s::text[], %s::smallint[], %s::bigint[])",
            [
                [draft.kind for draft in drafts],
                [draft.reference for draft in drafts],
                [draft.effective_on for draft in drafts],
                str(by.pk),
                [draft.memo for draft in drafts],
                [str(draft.subject) if draft.subject else None for draft in drafts],
                [number for number, _leg in legs],
                [leg.account for _number, leg in legs],
                [NUMERIC_CODES[leg.money.currency] for _number, leg in legs],
                [leg.money.minor for _number, leg in legs],
            ],
        )
        ((ids,),) = cursor.fetchall()
    return list(ids)


def reverse(
    entry: Entry,
    *,
    reference: str,
    memo: str,
    effective_on: date,
    by: User,
    at: datetime,
    reinstating: bool = False,
) -> Entry:
    """
    Take an entry back by its opposite, which the database reads from the original by itself.

    :param reinstating: say so when the entry is itself a reversal, and what it took back should stand again
    :raises UnknownEntry: if there is no such entry
    :raises AlreadyReversed: if another entry reverses it
    :raises ReversalOfReversal: if it is a reversal and `reinstating` is false, or the other way round
    :raises Refusal: whatever `post` raises
    """
    require_transaction()
    _move_clock(at)
    return _entry(
        "ledger_reverse(%s::bigint, %s, %s::date, %s::uuid, %s, %s)",
        [entry.pk, reference, effective_on, str(by.pk), memo, reinstating],
    )


def close_account(code: str, *, at: datetime) -> Account:
    """
    Close an account for good; what it holds must have been moved away before.

    :raises UnknownAccount: if there is none of this code
    :raises NotEmpty: if its balance is not zero
    """
    require_transaction()
    _move_clock(at)
    with _refusals():
        (account,) = Account.objects.raw(_ACCOUNT + "ledger_close_account(%s)", [code])
    return account


@transaction.atomic(durable=True)
def close_period(*, through: date, actor: User, at: datetime) -> PeriodChange:
    """
    Close the books up to and including a day: nothing is posted with an earlier effective date from now on.

    Facts that arrive later are posted to the open period by `post_late`.

    :raises NotPermitted: if the actor is not a treasury officer
    :raises Unacceptable: if the day is not over yet
    :raises PeriodOutOfOrder: if the books are closed up to that day or a later one
    """
    permissions.may_close_period(actor).enforce()
    if through >= at.date():
        raise Unacceptable(_("%(day)s is not over yet. Close an earlier day.") % {"day": through.isoformat()})
    fence = queries.open_from()
    if through < fence:
        raise refuse(PeriodOutOfOrder, fence.isoformat())
    change = _move_fence(through + timedelta(days=1), "", by=actor, at=at)
    events.record("period.closed", about=BOOKS, by=actor, at=at, through=through.isoformat())
    return change


@transaction.atomic(durable=True)
def reopen_period(*, open_from: date, decision: str, actor: User, at: datetime) -> PeriodChange:
    """
    Reopen the books from a day on, because a decision says so.

    :param decision: the reference of the decision, such as "DP-2026-014"
    :raises NotPermitted: if the actor is not a treasury officer
    :raises NoDecision: if no decision is named
    :raises PeriodOutOfOrder: if that day is open already
    """
    permissions.may_reopen_period(actor).enforce()
    fence = queries.open_from()
    if open_from >= fence:
        raise refuse(PeriodOutOfOrder, fence.isoformat())
    if not decision.strip():
        raise refuse(NoDecision)
    change = _move_fence(open_from, decision, by=actor, at=at)
    events.record(
        "period.reopened", about=BOOKS, by=actor, at=at, open_from=open_from.isoformat(), decision=decision.strip()
    )
    return change


def _move_fence(open_from: date, decision: str, *, by: User, at: datetime) -> PeriodChange:
    _move_clock(at)
    with _refusals():
        (change,) = PeriodChange.objects.raw(
            "SELECT id, open_from, reopens, decision, actor, changed_at FROM ledger_move_fence(%s::date, %s, %s::uuid)",
            [open_from, decision, str(by.pk)],
        )
    return change


@transaction.atomic(durable=True)
def seal_next(*, most: int = SEAL_ENTRIES) -> Seal | None:
    """
    Seal the next window of entries and fold it into the roll-ups; nobody who posts waits for it.

    Nothing happens, and None is returned, if nothing is new or another sealer is at work.

    :param most: how many entries at most, except that one transaction is never split
    """
    seals = list(
        Seal.objects.raw("SELECT n, entries, size, root, previous, hash, sealed_at FROM ledger_seal_next(%s)", [most])
    )
    return seals[0] if seals else None


def seal_books() -> int:
    """Seal all that is finished, window by window, and return how many seals that made."""
    made = 0
    while seal_next() is not None:
        made += 1
    return made


@transaction.atomic(durable=True)
def rebuild_rollups() -> int:
    """Make the roll-ups anew from the entries, and return how many seals they cover."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_rebuild_rollups()")
        ((seals,),) = cursor.fetchall()
    return int(seals)

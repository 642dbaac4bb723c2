"""Finding entries, latest first, and reading their legs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Exists, F, OuterRef, QuerySet

from ledger.models import Account, Entry, Line, Seal
from trustfund.core.currencies import NUMERIC_CODES
from trustfund.core.models import User
from trustfund.core.money import Money

_FEW_DAYS: Final = timedelta(days=92)
_MOST_PEOPLE: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What an entry is looked up by. What is left out does not narrow the search."""

    account: str = ""
    first: date | None = None
    last: date | None = None
    money: Money | None = None
    kind: str = ""
    reference: str = ""
    person: str = ""


def find_entries(search: Search, *, before: int | None = None, size: int = 50) -> list[Entry]:
    """
    Return entries, the latest booking first.

    :param before: the id of the last entry seen, for the next page
    :param size: how many; ask for one more than is shown to learn whether there are more
    """
    found = Entry.objects.select_related("actor").order_by("-id")
    if before is not None:
        found = found.filter(id__lt=before)
    if search.first:
        found = found.filter(effective_on__gte=search.first)
    if search.last:
        found = found.filter(effective_on__lte=search.last)
    if search.first and search.last and search.last - search.first <= _FEW_DAYS:
        # Few days are found by their own index and then sorted; walking back by id would read all that came after them.
        found = found.order_by(-F("id"))
    if search.kind:
        found = found.filter(kind__startswith=search.kind)
    if search.reference:
        found = found.filter(reference__startswith=search.reference)
    if search.person:
        # The people first, so that PostgreSQL knows whether they booked nearly everything or next to nothing.
        people = User.objects.filter(name__icontains=search.person).values_list("pk", flat=True)
        found = found.filter(actor__in=list(people[:_MOST_PEOPLE]))
    return list(_with_legs(found, search)[:size])


def _with_legs(found: QuerySet[Entry], search: Search) -> QuerySet[Entry]:
    """Return the entries that have a leg on the account and of the amount asked for; one leg has both."""
    if not search.account and not search.money:
        return found
    lines = Line.objects.all()
    if search.money:
        minor, currency = search.money.minor, NUMERIC_CODES[search.money.currency]
        lines = lines.filter(amount__in=[minor, -minor], currency=currency)
    if not search.account:
        return found.filter(id__in=lines.values("entry_id"))
    account = Account.objects.filter(code=search.account).values_list("pk", flat=True).first()
    # Day and entry are the key of an account's lines: few are looked up one by one, many are merged in their order.
    keyed = lines.filter(account=account, effective_on=OuterRef("effective_on"), entry=OuterRef("pk"))
    return found.filter(Exists(keyed)) if account else found.none()


@dataclass(frozen=True, slots=True)
class Leg:
    """A leg of an entry with its account."""

    account: Account
    money: Money

    @property
    def debit(self) -> Money | None:
        """The money if it is a debit."""
        return self.money if self.money.minor > 0 else None

    @property
    def credit(self) -> Money | None:
        """The money, as a positive figure, if it is a credit."""
        return -self.money if self.money.minor < 0 else None


def legs_of(entries: Iterable[Entry]) -> dict[int, list[Leg]]:
    """Return the legs of some entries by the entry's id, in their order, read from the entries themselves."""
    entries = list(entries)
    accounts = Account.objects.in_bulk({number for entry in entries for number in entry.accounts})
    return {
        entry.pk: [Leg(accounts[number], money) for number, money in zip(entry.accounts, entry.moneys, strict=True)]
        for entry in entries
    }


def seal_of(entry: Entry) -> Seal | None:
    """Return the seal that covers an entry, or None while it waits for the next one."""
    found = Seal.objects.raw(
        "SELECT seal.n, seal.entries, seal.size, seal.root, seal.previous, seal.hash, seal.sealed_at "
        "FROM ledger_entry AS entry JOIN ledger_seal AS seal ON seal.xid_to > entry.xid "
        "WHERE entry.id = %s ORDER BY seal.xid_to LIMIT 1",
        [entry.pk],
    )
    return next(iter(found), None)

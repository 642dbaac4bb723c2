"""Finding entries, latest first, and reading their legs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from ledger.models import Account, Entry, Line, Seal
from trustfund.core.currencies import NUMERIC_CODES
from trustfund.core.money import Money


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
    found: QuerySet[Entry] = Entry.objects.select_related("actor").order_by("-id")
    if before is not None:
        found = found.filter(id__lt=before)
    if search.first:
        found = found.filter(effective_on__gte=search.first)
    if search.last:
        found = found.filter(effective_on__lte=search.last)
    if search.kind:
        found = found.filter(kind__startswith=search.kind)
    if search.reference:
        found = found.filter(reference__startswith=search.reference)
    if search.person:
        found = found.filter(actor__name__icontains=search.person)
    lines = Q()
    if search.account:
        lines &= Q(account__code=search.account)
    if search.money:
        lines &= Q(amount__in=[search.money.minor, -search.money.minor], currency=NUMERIC_CODES[search.money.currency])
    if lines:
        found = found.filter(id__in=Line.objects.filter(lines).values("entry_id"))
    return list(found[:size])


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

"""The books in memory: what PostgreSQL should do, in a page of plain Python. It shares no code with the ledger."""

from dataclasses import dataclass, field
from datetime import date

Legs = tuple[tuple[str, int], ...]


class Refused(Exception):
    """The model says no; the name is the refusal's code."""


@dataclass(frozen=True)
class ModelEntry:
    """An event as it stands."""

    number: int
    kind: str
    reference: str
    on: date
    legs: Legs
    reverses: int | None = None


@dataclass
class Model:
    """Accounts with a currency each, entries in the order of booking, a fence, and what was known at each booking."""

    currencies: dict[str, str]
    floored: frozenset[str]
    closed: set[str] = field(default_factory=set)
    entries: list[ModelEntry] = field(default_factory=list)
    open_from: date = date.min

    def balance(self, code: str, on: date | None = None, known: int | None = None) -> int:
        """Return what an account held on a day, as the first so many entries tell it."""
        return sum(
            amount
            for entry in self.entries[:known]
            for account, amount in entry.legs
            if account == code and (on is None or entry.on <= on)
        )

    def standing(self, kind: str, reference: str) -> ModelEntry | None:
        """Return the entry of an event."""
        return next((entry for entry in self.entries if (entry.kind, entry.reference) == (kind, reference)), None)

    def post(self, kind: str, reference: str, on: date, legs: Legs) -> int:
        """Post an event and return the number of the entry."""
        return self._book(ModelEntry(len(self.entries), kind, reference, on, legs))

    def post_many(self, events: list[tuple[str, str, date, Legs]]) -> list[int]:
        """Post all or none. The floors hold for the batch as a whole."""
        self._require_batch(events)
        before = list(self.entries)
        try:
            numbers = [
                self._book(ModelEntry(len(self.entries), *event), check_floor=False) for event in sorted(set(events))
            ]
            self._check_floors()
        except Refused:
            self.entries = before
            raise
        by_event = dict(zip(sorted(set(events)), numbers, strict=True))
        return [by_event[event] for event in events]

    def _require_batch(self, events: list[tuple[str, str, date, Legs]]) -> None:
        """Refuse a batch with several faults for the first: other content, a closed account, a closed period."""
        content: dict[tuple[str, str], tuple[date, Legs, int | None]] = {}
        new = []
        for kind, reference, on, legs in events:
            stands = self.standing(kind, reference)
            if stands is not None:
                content[kind, reference] = (stands.on, stands.legs, stands.reverses)
            else:
                new.append((on, legs))
            if content.setdefault((kind, reference), (on, legs, None)) != (on, legs, None):
                raise Refused("other_content")
        if any(account in self.closed for _on, legs in new for account, _amount in legs):
            raise Refused("closed_account")
        if any(on < self.open_from for on, _legs in new):
            raise Refused("closed_period")

    def reverse(self, number: int, reference: str, on: date, *, reinstating: bool) -> int:
        """Take an entry back."""
        original = self.entries[number]
        if (original.reverses is not None) != reinstating:
            raise Refused("reversal_of_reversal")
        kind = "entry.reinstated" if reinstating else "entry.reversed"
        legs = tuple((account, -amount) for account, amount in original.legs)
        stands = self.standing(kind, reference)
        if stands is None and any(entry.reverses == number for entry in self.entries):
            raise Refused("already_reversed")
        return self._book(ModelEntry(len(self.entries), kind, reference, on, legs, number))

    def move_fence(self, open_from: date, decision: str) -> None:
        """Close or reopen."""
        if open_from == self.open_from:
            raise Refused("period_out_of_order")
        if open_from < self.open_from and not decision:
            raise Refused("no_decision")
        self.open_from = open_from

    def close(self, code: str) -> None:
        """Close an account."""
        if self.balance(code):
            raise Refused("not_empty")
        self.closed.add(code)

    def _book(self, entry: ModelEntry, *, check_floor: bool = True) -> int:
        for account, _amount in entry.legs:
            if account not in self.currencies:
                raise Refused("unknown_account")
        stands = self.standing(entry.kind, entry.reference)
        if stands is not None:
            if (stands.on, stands.legs, stands.reverses) != (entry.on, entry.legs, entry.reverses):
                raise Refused("other_content")
            return stands.number
        if any(account in self.closed for account, _amount in entry.legs):
            raise Refused("closed_account")
        if entry.on < self.open_from:
            raise Refused("closed_period")
        self.entries.append(entry)
        if check_floor:
            try:
                self._check_floors()
            except Refused:
                self.entries.pop()
                raise
        return entry.number

    def _check_floors(self) -> None:
        if any(self.balance(code) < 0 for code in self.floored):
            raise Refused("overdrawn")

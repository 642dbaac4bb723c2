"""One thing that waits for a person."""

from dataclasses import dataclass
from datetime import date, datetime

from trustfund.core.money import Money

# How many of a kind are listed.
MOST = 50


@dataclass(frozen=True)
class Item:
    """One thing that waits: what, how much, until when and why it matters."""

    title: str
    url: str
    reference: str
    why: str
    icon: str
    amount: Money | None = None
    due: date | datetime | None = None
    due_words: str = ""

    @property
    def is_moment(self) -> bool:
        """Whether it is due at a time of day."""
        return isinstance(self.due, datetime)

    @property
    def order(self) -> tuple[bool, str]:
        """What is due first comes first; what has no day comes last."""
        return (self.due is None, self.due.isoformat() if self.due else "")

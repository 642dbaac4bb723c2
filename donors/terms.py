"""What an agreement says beside its figures: its paper, its clauses, and the days on which reports are due. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext as _

from donors.schedule import LONGEST_YEARS
from trustfund.core.money import Money, decimals_of
from trustfund.core.refusals import Unacceptable

_MONTH_DAY: Final = re.compile(r"(\d{2})-(\d{2})")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
# A day that every leap year has; others end February a day earlier.
_LEAP_YEAR: Final = 2000
LONGEST_WORDS: Final = 8000
_FEE_PLACES: Final = 6
_LONGEST_NOTICE: Final = 3650


class Report(StrEnum):
    """A report that is due every year, or once at the end."""

    IMPLEMENTER_NARRATIVE = "implementer_narrative"
    IMPLEMENTER_FINANCIAL = "implementer_financial"
    CONSOLIDATED = "consolidated"
    FINAL_NARRATIVE = "final_narrative"
    CERTIFIED_FINAL = "certified_final"

    @property
    def label(self) -> str:
        """The report as a table names it."""
        return {
            Report.IMPLEMENTER_NARRATIVE: _("Narrative report of the organisations"),
            Report.IMPLEMENTER_FINANCIAL: _("Financial report of the organisations"),
            Report.CONSOLIDATED: _("Consolidated report of the fund"),
            Report.FINAL_NARRATIVE: _("Final narrative report"),
            Report.CERTIFIED_FINAL: _("Certified final financial statement"),
        }[self]


@dataclass(frozen=True)
class MonthDay:
    """A day of every year, such as 31 March."""

    month: int
    day: int

    def __post_init__(self) -> None:
        """
        Insist that there is such a day.

        :raises Unacceptable: if no year has it
        """
        self.on(_LEAP_YEAR)

    def __str__(self) -> str:
        return f"{self.month:02d}-{self.day:02d}"

    @classmethod
    def of(cls, text: str) -> "MonthDay":
        """
        Return the day that month and day name, such as 03-31.

        :raises Unacceptable: if they name none
        """
        found = _MONTH_DAY.fullmatch(text)
        if found is None:
            raise _no_day(text)
        return cls(int(found[1]), int(found[2]))

    def on(self, year: int) -> date:
        """
        Return the day in a year; 29 February is the 28th where there is none.

        :raises Unacceptable: if no year has it
        """
        try:
            return date(year, self.month, self.day)
        except ValueError:
            if (self.month, self.day) == (2, 29):
                return date(year, 2, 28)
            raise _no_day(str(self)) from None


def _no_day(text: str) -> Unacceptable:
    return Unacceptable(_("%(text)s is no day of a year. Write month and day, such as 03-31.") % {"text": text})


# Rule R13. An agreement may say otherwise; its own days stand in its version.
USUAL_DAYS: Final[Mapping[Report, MonthDay]] = {
    Report.IMPLEMENTER_NARRATIVE: MonthDay(3, 31),
    Report.IMPLEMENTER_FINANCIAL: MonthDay(4, 30),
    Report.CONSOLIDATED: MonthDay(5, 31),
    Report.FINAL_NARRATIVE: MonthDay(6, 30),
    Report.CERTIFIED_FINAL: MonthDay(6, 30),
}


def usual_days() -> dict[str, str]:
    """Return the days of rule R13 as they are stored."""
    return {str(report): str(day) for report, day in USUAL_DAYS.items()}


@dataclass(frozen=True)
class Paper:
    """
    The signed document: its SHA-256, and what could be read of it if the fund holds it.

    :ivar content: the bytes, where they were handed in; empty where only the hash is known
    """

    sha256: str
    text: str = ""
    pages: int = 0
    content: bytes = b""

    def __post_init__(self) -> None:
        """
        Insist that the hash is one.

        :raises Unacceptable: if it is not 64 hex digits
        """
        if not _SHA256.fullmatch(self.sha256):
            raise Unacceptable(_("A SHA-256 has 64 digits 0 to 9 and a to f. Copy it from the document's own record."))


@dataclass(frozen=True)
class Wording:
    """
    What a version of an agreement says in words.

    :ivar is_enforceable: whether what is still to be paid could be enforced; the books treat it alike, the page says so
    """

    summary: str = ""
    termination_clause: str = ""
    report_days: Mapping[Report, MonthDay] = field(default_factory=lambda: USUAL_DAYS)
    is_enforceable: bool = False
    paper: Paper | None = None

    @property
    def text(self) -> str:
        """All its words, as they are read for earmarks."""
        parts = (self.summary, self.termination_clause, self.paper.text if self.paper else "")
        return "\n\n".join(part for part in parts if part)

    def require_whole(self) -> None:
        """
        Do nothing if this can stand in the record.

        :raises Unacceptable: if a day is missing, words are too long, or a hash comes without a summary
        """
        if set(self.report_days) != set(Report):
            raise Unacceptable(_("An agreement says when each report is due. Give all five days."))
        if len(self.summary) > LONGEST_WORDS or len(self.termination_clause) > LONGEST_WORDS:
            raise Unacceptable(_("Summary and clause have at most %(most)s characters.") % {"most": LONGEST_WORDS})
        if self.paper is not None and not self.paper.content and not self.summary:
            raise Unacceptable(_("A hash alone says nothing. Write what the document says, or hand in the document."))


@dataclass(frozen=True)
class Terms:
    """Everything that one version of an agreement says."""

    signed_on: date
    from_year: int
    to_year: int
    currency: str
    fee_rate: Decimal
    termination_notice_days: int
    wording: Wording

    def require_sound(self, today: date) -> None:
        """
        Do nothing if an agreement can say so.

        :raises Unacceptable: if the years, the fee, the notice or the day of signature cannot be
        """
        decimals_of(self.currency)
        if self.signed_on > today:
            raise Unacceptable(
                _("An agreement is recorded once it is signed. The day of signature lies in the future.")
            )
        if not 0 <= self.to_year - self.from_year < LONGEST_YEARS:
            raise Unacceptable(
                _("An agreement runs over 1 to %(longest)s years. Check both years.") % {"longest": LONGEST_YEARS}
            )
        if not self.fee_rate.is_finite() or not 0 <= self.fee_rate < 1:
            raise Unacceptable(_("The fee is a fraction of each receipt: zero or more, and less than one."))
        if self.fee_rate != round(self.fee_rate, _FEE_PLACES):
            raise Unacceptable(_("The fee has at most %(places)s decimals.") % {"places": _FEE_PLACES})
        if not 0 <= self.termination_notice_days <= _LONGEST_NOTICE:
            raise Unacceptable(
                _("Notice of termination is given 0 to %(longest)s days ahead.") % {"longest": _LONGEST_NOTICE}
            )
        self.wording.require_whole()


@dataclass(frozen=True)
class Part:
    """One instalment as a version has it."""

    number: int
    due_on: date
    amount: Money


@dataclass(frozen=True)
class Promised:
    """What one version of a pledge promises."""

    reference: str
    amount: Money
    parts: tuple[Part, ...]

"""What an amendment changes: the terms field by field, the text word by word, and each pledge's schedule. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from donors.terms import Part, Promised, Report, Terms
from trustfund.core.redlines import Change, Piece, changed, text_redline

_A_HUNDRED = 100


@dataclass(frozen=True)
class Redline:
    """Everything that differs between two versions of an agreement and of the pledges under it."""

    terms: tuple[Change, ...]
    text: tuple[Piece, ...]
    pledges: tuple[tuple[str, tuple[Change, ...]], ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return not self.terms and not self.text and not self.pledges


def redline(before: Terms, after: Terms, promises: tuple[tuple[Promised, Promised], ...] = ()) -> Redline:
    """Return what differs between two versions, and between what each pledge promised before and after."""
    pledges = ((new.reference, changed(_promised(old, new))) for old, new in promises)
    return Redline(
        terms=changed(_terms(before, after)),
        # An amendment that comes without a document of its own changes no text.
        text=text_redline(_read(before), _read(after)) if _read(after) else (),
        pledges=tuple((reference, changes) for reference, changes in pledges if changes),
    )


def _read(terms: Terms) -> str:
    return terms.wording.paper.text if terms.wording.paper else ""


def _terms(before: Terms, after: Terms) -> Iterator[tuple[str, str, str]]:
    yield _("Signed on"), _day(before), _day(after)
    yield _("Years"), f"{before.from_year} – {before.to_year}", f"{after.from_year} – {after.to_year}"
    yield _("Currency"), before.currency, after.currency
    yield _("Fee"), _percent(before.fee_rate), _percent(after.fee_rate)
    yield _("Notice of termination, days"), str(before.termination_notice_days), str(after.termination_notice_days)
    old, new = before.wording, after.wording
    yield _("Termination clause"), old.termination_clause, new.termination_clause
    yield _("Summary"), old.summary, new.summary
    yield _("Enforceable"), _yes(is_so=old.is_enforceable), _yes(is_so=new.is_enforceable)
    for report in Report:
        yield report.label, str(old.report_days[report]), str(new.report_days[report])
    yield _("SHA-256 of the document"), old.paper.sha256 if old.paper else "", new.paper.sha256 if new.paper else ""


def _day(terms: Terms) -> str:
    return date_format(terms.signed_on, "j F Y")


def _percent(rate: Decimal) -> str:
    return f"{(rate * _A_HUNDRED).normalize():f}%"


def _yes(*, is_so: bool) -> str:
    return _("yes") if is_so else _("no")


def _promised(before: Promised, after: Promised) -> Iterator[tuple[str, str, str]]:
    yield _("Amount"), str(before.amount), str(after.amount)
    old, new = {part.number: part for part in before.parts}, {part.number: part for part in after.parts}
    for number in sorted({*old, *new}):
        yield _("Instalment %(number)s") % {"number": number}, _part(old.get(number)), _part(new.get(number))


def _part(part: Part | None) -> str:
    return "" if part is None else f"{date_format(part.due_on, 'j F Y')}: {part.amount}"

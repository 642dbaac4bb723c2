"""What would become of the rows of a file of contributions, before anything is written; and which files wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from donors.contributions import BadRow, Contribution, Fate, Stage
from donors.models import ContributionFile, Pledge, Receipt
from trustfund.core.money import Money
from trustfund.core.refusals import Unacceptable

# After so long without a row, the worker that had a file is taken to be dead.
_STUCK_AFTER: Final = timedelta(minutes=2)


@dataclass(frozen=True)
class FateRow:
    """One row of a file and what becomes of it."""

    line: int
    code: str
    donor: str
    fate: Fate
    words: str
    pledged: Money | None = None


def foretold(rows: Sequence[Contribution | BadRow], today: date) -> list[FateRow]:
    """Return what would become of every row now, in two queries: recorded, already there, or refused and why."""
    codes = [row.code for row in rows if isinstance(row, Contribution)]
    pledges = {
        pledge.external_reference: pledge
        for pledge in Pledge.objects.filter(external_reference__in=codes).select_related("donor")
    }
    receipts = {
        receipt.bank_reference: receipt
        for receipt in Receipt.objects.filter(bank_reference__in=codes).order_by("recorded_at")
    }
    return [_foretold(row, pledges.get(row.code), receipts.get(row.code), today) for row in rows]


def _foretold(row: Contribution | BadRow, pledge: Pledge | None, receipt: Receipt | None, today: date) -> FateRow:
    if isinstance(row, BadRow):
        return FateRow(row.line, row.code, "", Fate.REFUSED, row.reason)
    fate, words = _fate(row, pledge, receipt, today)
    return FateRow(row.line, row.code, row.donor, fate, words, row.pledged)


def _fate(row: Contribution, pledge: Pledge | None, receipt: Receipt | None, today: date) -> tuple[Fate, str]:
    try:
        row.require_past(today)
    except Unacceptable as refusal:
        return Fate.REFUSED, refusal.message
    if pledge is not None and (pledge.amount, pledge.donor.name) != (row.pledged, row.donor):
        return Fate.REFUSED, _("%(reference)s stands in the books as %(amount)s of %(donor)s.") % {
            "reference": pledge.reference,
            "amount": pledge.amount,
            "donor": pledge.donor,
        }
    if receipt is not None and (
        receipt.is_reversed or (receipt.gross_usd, receipt.value_on) != (row.received, row.received_on)
    ):
        return Fate.REFUSED, _("Receipt %(reference)s was reversed, or stands with another amount or day.") % {
            "reference": receipt.reference
        }
    steps = []
    if pledge is None or (not pledge.is_signed and row.stage is not Stage.PIPELINE):
        steps.append(_("announced") if row.stage is Stage.PIPELINE else _("signed"))
    if row.received_on is not None and receipt is None:
        steps.append(_("received"))
    return (Fate.NEW, ", ".join(steps)) if steps else (Fate.THERE, _("nothing new"))


def written_fates(file: ContributionFile) -> list[FateRow]:
    """Return what became of the rows of a file so far."""
    rows = file.fates.order_by("line").values_list("line", "code", "donor", "fate", "words")
    return [FateRow(line, code, donor, Fate(fate), words) for line, code, donor, fate, words in rows]


def contribution_files() -> QuerySet[ContributionFile]:
    """Return the files that were brought, the latest first, without their bytes."""
    return ContributionFile.objects.defer("content").select_related("brought_by", "started_by").order_by("-brought_at")


def contribution_files_waiting(at: datetime) -> QuerySet[ContributionFile]:
    """Return the files that were started and that no worker seems to have."""
    found = ContributionFile.objects.filter(started_at__isnull=False, finished_at=None)
    return found.filter(moved_at__lt=at - _STUCK_AFTER).defer("content").order_by("started_at")

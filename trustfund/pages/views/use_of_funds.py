"""What became of a donor's money, notionally: a page of its own, a panel of the pledge's page, CSV and XLSX."""

from collections.abc import Iterator
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from donors import queries as donor_queries
from trustfund.core import clock
from trustfund.core.audience import audience, person_of
from trustfund.core.roles import RoleName
from trustfund.core.spreadsheets import Row, csv_file, xlsx_file
from trustfund.pages.queries.use_of_funds import Line, UseOfFunds, use_of_funds

_READERS = (RoleName.SECRETARIAT, RoleName.AUDITOR, RoleName.DONOR_REPRESENTATIVE)


@require_safe
@audience(RoleName.DONOR_REPRESENTATIVE)
def our_use_of_funds(request: HttpRequest) -> HttpResponse:
    """Lead a donor's representative to what became of their money."""
    own = donor_queries.donor_of(person_of(request))
    return redirect("donors:mine") if own is None else redirect("pages:use_of_funds", own.pk)


@require_safe
@audience(*_READERS)
def donor_use_of_funds(request: HttpRequest, donor_id: UUID) -> HttpResponse:
    """Show what a donor's contributions notionally became, in its own currency with USD beside it."""
    use = _use(request, donor_id)
    is_panel = bool(getattr(request, "htmx", False))
    return render(request, "pages/_use_of_funds.html" if is_panel else "pages/use_of_funds.html", {"use": use})


@require_safe
@audience(*_READERS)
def use_of_funds_csv(request: HttpRequest, donor_id: UUID) -> HttpResponse:
    """Hand out the same lines as CSV."""
    use = _use(request, donor_id)
    return csv_file(_name(use), _rows(use))


@require_safe
@audience(*_READERS)
def use_of_funds_xlsx(request: HttpRequest, donor_id: UUID) -> HttpResponse:
    """Hand out the same lines as a spreadsheet."""
    use = _use(request, donor_id)
    return xlsx_file(_name(use), _rows(use))


def _use(request: HttpRequest, donor_id: UUID) -> UseOfFunds:
    donor = get_object_or_404(donor_queries.donors_visible_to(person_of(request)), pk=donor_id)
    return use_of_funds(donor, clock.today())


def _name(use: UseOfFunds) -> str:
    return f"{use.donor.reference}-use-of-funds-{use.on.isoformat()}"


def _rows(use: UseOfFunds) -> Iterator[Row]:
    yield (
        _("By"),
        _("Reference"),
        _("Words"),
        _("Whole fund, USD"),
        _("Notional part, USD"),
        _("Own currency"),
        _("Notional part, own currency"),
        _("Is notional"),
    )
    for by, lines in ((_("programme"), use.programmes), (_("other"), use.others), (_("building block"), use.blocks)):
        yield from (_row(by, line) for line in lines)


def _row(by: str, line: Line) -> Row:
    own = line.own
    currency = own.currency if own is not None else None
    said = _("notional") if line.is_notional else _("as booked")
    return (by, line.reference, line.words, line.whole, line.part, currency, own, said)

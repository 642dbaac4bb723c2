"""What donors are late with, by age, and what it costs in months of programming: page, CSV and XLSX."""

from collections.abc import Iterator
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from continuity import permissions, pictures, queries, wording
from continuity.ageing import AGES
from donors import queries as donor_queries
from trustfund.core import clock
from trustfund.core.audience import audience, person_of
from trustfund.core.spreadsheets import Row, csv_file, xlsx_file

MOST: Final = 50


def enter(request: HttpRequest) -> None:
    """
    Let the person in, or answer 403 with the reason.

    :raises PermissionDenied: on a no
    """
    verdict = permissions.may_read(person_of(request))
    if not verdict:
        raise PermissionDenied(verdict.reason)


@require_safe
@audience(*permissions.READERS)
def arrears(request: HttpRequest) -> HttpResponse:
    """Show what is late, by donor and age, and for how long it would last."""
    enter(request)
    today = clock.today()
    found = queries.arrears(today)
    words = [wording.AGES[age] for age in AGES]
    context: dict[str, Any] = {
        "arrears": found,
        "age_words": words,
        "rows": [(row, list(zip(words, row.ages, strict=True))) for row in found.rows],
        "picture": pictures.ageing(found) if found.usd else None,
        "escalated": donor_queries.escalated(today, MOST),
        "sees_pledges": donor_queries.sees_donors(person_of(request)),
        "today": today,
    }
    return render(request, "continuity/arrears.html", context)


def _rows(request: HttpRequest) -> Iterator[Row]:
    enter(request)
    found = queries.arrears(clock.today())
    ages = [str(wording.AGES[age]) for age in AGES]
    yield (
        _("Donor"),
        _("Currency"),
        _("Instalments"),
        _("Longest, days"),
        *ages,
        _("In all"),
        _("In all, USD"),
        _("Rate"),
        _("Rate in force from"),
    )
    for row in found.rows:
        yield (
            row.donor.name,
            row.currency,
            row.instalments,
            row.longest_days,
            *row.ages,
            row.amount,
            row.usd,
            row.rate.units_per_usd.normalize() if row.rate else None,
            row.rate.effective_on if row.rate else None,
        )


@require_safe
@audience(*permissions.READERS)
def arrears_csv(request: HttpRequest) -> HttpResponse:
    """Hand out what is late as CSV."""
    return csv_file(f"arrears-{clock.today()}", _rows(request))


@require_safe
@audience(*permissions.READERS)
def arrears_xlsx(request: HttpRequest) -> HttpResponse:
    """Hand out what is late as a spreadsheet."""
    return xlsx_file(f"arrears-{clock.today()}", _rows(request))

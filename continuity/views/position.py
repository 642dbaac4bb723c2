"""The fund's position in the browser, as of any day, and as CSV."""

import csv
from datetime import date
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from assurance import contents, wording
from assurance.contents.pictures import where_the_money_is
from continuity import permissions, pictures, queries
from continuity.forms import AsOf
from continuity.tables import position_rows
from donors import queries as donor_queries
from trustfund.core import clock
from trustfund.core.audience import SIGNED_IN, audience, person_of

MOST_ESCALATED = 12


def _asked(request: HttpRequest) -> tuple[AsOf, date]:
    today = clock.today()
    form = AsOf({"as_of": request.GET.get("as_of", "") or today.isoformat()}, today=today)
    return form, form.cleaned_data["as_of"] if form.is_valid() else today


@audience(SIGNED_IN)
@require_GET
def position(request: HttpRequest) -> HttpResponse:
    """Show where the money is, for how long it lasts, and how much it leans on few donors."""
    form, day = _asked(request)
    runway = queries.runway(day)
    person = person_of(request)
    sees_donors = not person.is_seconded
    may_read = permissions.may_read(person)
    statement = contents.sources_and_uses(day)
    context: dict[str, Any] = {
        "form": form,
        "as_of": day,
        "statement": statement,
        "sections": wording.worded(statement),
        "rounding_note": wording.ROUNDING_NOTE,
        "held": runway.held,
        "runway": runway,
        "reserve_chart": pictures.reserve(runway.held),
        "money_chart": where_the_money_is(statement),
        "concentration": queries.donor_concentration(day) if sees_donors else None,
        "may_read_arrears": may_read,
        "escalated": donor_queries.escalated(clock.today(), MOST_ESCALATED) if may_read else [],
        "sees_pledges": donor_queries.sees_donors(person),
        "today": clock.today(),
    }
    status = HTTPStatus.OK if form.is_valid() else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "continuity/position.html", context, status=status)


@audience(SIGNED_IN)
@require_GET
def position_csv(request: HttpRequest) -> HttpResponse:
    """Return the position as CSV, UTF-8 with the mark that spreadsheets look for."""
    form, day = _asked(request)
    if not form.is_valid():
        return HttpResponse(
            form.errors.as_text(), content_type="text/plain; charset=utf-8", status=HTTPStatus.UNPROCESSABLE_ENTITY
        )
    runway = queries.runway(day)
    response = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="position-{day.isoformat()}.csv"'},
    )
    response.write("\ufeff")
    csv.writer(response).writerows(position_rows(contents.sources_and_uses(day), runway.held, runway))
    return response

"""Pages about money that nobody can name: all of it by age, and one piece with what it may be."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from donors import operations, permissions, queries
from donors.forms import LineSentBackForm, WordForm
from donors.models import Unidentified
from donors.views.desk import READERS, proposed_onward
from donors.views.door import PER_PAGE, act, answer, enter, onward, person_of
from ledger import queries as ledger_queries
from ledger.permissions import may_read
from trustfund.core import clock, events
from trustfund.core.audience import audience
from trustfund.core.models import User
from trustfund.core.roles import RoleName
from trustfund.core.spreadsheets import Row, csv_file, xlsx_file


@require_safe
@audience(*READERS)
def unidentified(request: HttpRequest) -> HttpResponse:
    """List the money that waits for a name, oldest first, with its ages."""
    enter(permissions.may_see_desk(person_of(request)))
    today = clock.today()
    held = list(queries.unidentified())
    ages = queries.ages_of(held, today)
    context = {
        "page": Paginator(held, PER_PAGE).get_page(request.GET.get("page")),
        "ages": ages,
        "whole": sum((age.usd for age in ages[1:]), start=ages[0].usd),
        "today": today,
        "matches": queries.open_matches()[:PER_PAGE],
    }
    return render(request, "donors/unidentified.html", context)


@require_safe
@audience(*READERS)
def unidentified_csv(request: HttpRequest) -> HttpResponse:
    """Send the same list as CSV."""
    enter(permissions.may_see_desk(person_of(request)))
    return csv_file("unidentified", _rows())


@require_safe
@audience(*READERS)
def unidentified_xlsx(request: HttpRequest) -> HttpResponse:
    """Send the same list as a spreadsheet."""
    enter(permissions.may_see_desk(person_of(request)))
    return xlsx_file("unidentified", _rows())


def _rows() -> Iterator[Row]:
    today = clock.today()
    yield (
        _("Reference"),
        _("Value date"),
        _("Days"),
        _("Currency"),
        _("Unidentified"),
        _("In USD"),
        _("Line"),
        _("Party"),
        _("Text"),
    )
    for held in queries.unidentified():
        yield (
            held.reference,
            held.value_on,
            (today - held.value_on).days,
            held.currency,
            held.left,
            held.usd_left,
            held.line.reference,
            held.line.party,
            held.line.text,
        )


@require_http_methods(["GET", "HEAD", "POST"])
@audience(*READERS)
def held(request: HttpRequest, held_id: UUID) -> HttpResponse:
    """Show unidentified money with what it may be, and say whose it is for another person to confirm."""
    person = person_of(request)
    enter(permissions.may_see_desk(person))
    found = _held(held_id)
    suggested = queries.suggestions_for(found.line, found.left) if found.left else []
    form = WordForm(
        request.POST if request.method == "POST" else None,
        initial={
            "pledge": request.GET.get("pledge") or (suggested[0].candidate.pledge_id if suggested else ""),
            "amount": str(found.left.amount),
        },
        currency=found.currency,
    )
    if form.is_bound:
        enter(permissions.may_keep_donors(person))
        proposed = act(
            form,
            lambda: operations.propose_match(
                pledge_id=form.cleaned_data["pledge"].pk,
                held_id=held_id,
                received=form.cleaned_data["received"],
                settles=form.cleaned_data["settled"],
                grounds=form.cleaned_data["grounds"],
                actor=person,
                at=clock.now(),
            ),
        )
        if proposed:
            return proposed_onward(proposed, request)
    return answer(form, request, "donors/held.html", **_context(person, found), suggestions=suggested)


def _held(held_id: UUID) -> Unidentified:
    try:
        return queries.held_with_rest(held_id)
    except Unidentified.DoesNotExist:
        raise Http404 from None


def _context(person: User, found: Unidentified) -> dict[str, Any]:
    return {
        "held": found,
        "receipts": found.receipts.select_related("pledge__donor").order_by("recorded_at"),
        "returns": found.returns.select_related("line").order_by("returned_at"),
        "matches": found.matches.select_related("pledge__donor", "proposed_by").order_by("-proposed_at"),
        "may_keep": permissions.may_keep_donors(person),
        "send_back": LineSentBackForm(most=found.left),
        "events": events.about(found.pk),
        "entries": ledger_queries.entries_about(found.pk)[:PER_PAGE] if may_read(person) else (),
        "today": clock.today(),
    }


@require_POST
@audience(RoleName.SECRETARIAT)
def send_back(request: HttpRequest, held_id: UUID) -> HttpResponse:
    """Book that the bank took unidentified money back."""
    person = person_of(request)
    enter(permissions.may_keep_donors(person))
    found = _held(held_id)
    form = LineSentBackForm(request.POST, most=found.left)
    returned = act(
        form,
        lambda: operations.send_back_unidentified(
            held_id=held_id,
            line_id=form.cleaned_data["line"].pk,
            reason=form.cleaned_data["reason"],
            actor=person,
            at=clock.now(),
        ),
    )
    if not returned:
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    else:
        messages.success(request, _("%(usd)s went back to whoever sent it.") % {"usd": returned.usd})
    return onward("held", found.pk)

"""Search, entry, account, chart of accounts and trial balance."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from ledger import queries
from ledger.forms import DayForm, RangeForm, SearchForm
from ledger.models import Account, Entry
from ledger.permissions import READERS
from ledger.queries import StatementKey
from ledger.views.reading import require_reader
from trustfund.core import charts, clock, events
from trustfund.core.audience import audience
from trustfund.core.charts import Point

PAGE = 50
TRIAL_BALANCE_PAGE = 200
_MOST_DIGITS = 18


@audience(*READERS)
def search(request: HttpRequest) -> HttpResponse:
    """Show entries, the latest booking first, narrowed by what the person asks for."""
    require_reader(request)
    form = SearchForm(request.GET or None)
    before = request.GET.get("before", "")
    entries = queries.find_entries(
        form.search,
        before=int(before) if before.isascii() and before.isdigit() and len(before) <= _MOST_DIGITS else None,
        size=PAGE + 1,
    )
    shown = entries[:PAGE]
    legs = queries.legs_of(shown)
    older = ""
    if len(entries) > PAGE:
        asked = {key: value for key, value in request.GET.items() if key != "before" and value}
        older = "?" + urlencode({**asked, "before": shown[-1].pk})
    return render(
        request,
        "ledger/search.html",
        {
            "form": form,
            "found": [(entry, legs[entry.pk]) for entry in shown],
            "older": older,
            "is_narrowed": form.is_bound and form.has_changed(),
        },
        status=422 if form.is_bound and form.errors else 200,
    )


@audience(*READERS)
def entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Show an entry: its legs, what it is about, what reversed it."""
    require_reader(request)
    found = get_object_or_404(Entry.objects.select_related("actor", "reverses", "reversal"), pk=entry_id)
    about = [other for other in queries.entries_about(found.subject)[:PAGE] if other != found] if found.subject else []
    return render(
        request,
        "ledger/entry.html",
        {
            "entry": found,
            "legs": queries.legs_of([found])[found.pk],
            "reversal": getattr(found, "reversal", None),
            "about": about,
            "seal": queries.seal_of(found),
            "record": events.about(found.subject)[:PAGE] if found.subject else [],
        },
    )


@audience(*READERS)
def account(request: HttpRequest, code: str) -> HttpResponse:
    """Show an account: what it holds, its last twelve months, and its statement, latest first."""
    require_reader(request)
    found = Account.objects.filter(code=code).first()
    if found is None:
        raise Http404(_("There is no account %(code)s.") % {"code": code})
    form = RangeForm(request.GET or None)
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    months = queries.months_of(found, upto=clock.today())
    statement = queries.statement_of(
        found,
        first=asked.get("first"),
        last=asked.get("last"),
        beyond=StatementKey.read(request.GET.get("beyond", "")),
        size=PAGE,
    )
    kept = {key: value for key in ("first", "last") if (value := request.GET.get(key, ""))}
    return render(
        request,
        "ledger/account.html",
        {
            "account": found,
            "balance": queries.balance_of(code),
            "months": months[::-1],
            "picture": charts.balance_line(
                title=_("Balance of %(account)s at the end of each month") % {"account": found.name},
                points=[Point(month.last, month.balance) for month in months],
            ),
            "statement": statement,
            "form": form,
            "older": "?" + urlencode({**kept, "beyond": str(statement.beyond)}) if statement.beyond else "",
            "range": "?" + urlencode(kept) if kept else "",
        },
        status=422 if form.is_bound and form.errors else 200,
    )


@audience(*READERS)
def chart(request: HttpRequest) -> HttpResponse:
    """Show the chart of accounts as a tree, with what each account held at the end of a day."""
    require_reader(request)
    form = DayForm(request.GET or None)
    on = form.cleaned_data["on"] if form.is_bound and form.is_valid() else None
    return render(
        request,
        "ledger/chart.html",
        {"form": form, "on": on, "classes": queries.chart_tree(on)},
        status=422 if form.is_bound and form.errors else 200,
    )


@audience(*READERS)
def trial_balance(request: HttpRequest) -> HttpResponse:
    """Show every account's balance at the end of a day, in two columns that are equal in each currency."""
    require_reader(request)
    form = DayForm(request.GET or None)
    on = form.cleaned_data["on"] if form.is_bound and form.is_valid() else None
    lines = queries.trial_balance(on)
    return render(
        request,
        "ledger/trial_balance.html",
        {
            "form": form,
            "on": on,
            "page": Paginator(lines, TRIAL_BALANCE_PAGE).get_page(request.GET.get("page")),
            "sums": queries.sums_of(lines),
        },
        status=422 if form.is_bound and form.errors else 200,
    )

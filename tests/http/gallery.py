"""A page with every piece on it, for looking at and for testing: nothing of it is reachable in the fund."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from tests.charts_world import all_charts, eur, meter, usd
from trustfund.core.audience import PUBLIC, audience
from trustfund.core.verdicts import YES, no
from trustfund.core.wording import PILLS

NOW = datetime(2026, 7, 17, 12, 0, tzinfo=UTC)


class Ballot(forms.Form):
    choice = forms.ChoiceField(
        label="How do you decide?",
        widget=forms.RadioSelect,
        choices=[("approve", "Approve"), ("reject", "Reject"), ("recuse", "Recuse myself")],
        error_messages={"required": "Choose how you decide"},
    )
    reason = forms.CharField(
        label="Reason",
        help_text="Kept in the permanent record.",
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Enter your reason"},
    )
    amount = forms.CharField(label="Type the amount", required=False)
    on = forms.DateField(label="Value date", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    bench = forms.ChoiceField(label="Bench", required=False, choices=[("a", "Donor bench"), ("b", "Independent bench")])
    read = forms.BooleanField(label="I have read version 3.", error_messages={"required": "Say that you have read it"})


def context(request: HttpRequest) -> dict[str, Any]:
    """Return what the gallery prints."""
    form = Ballot(request.POST if request.method == "POST" else None)
    return {
        "form": form,
        "has_errors": form.is_bound and not form.is_valid(),
        "hints": {"approve": "All tranches as conditioned", "recuse": "You leave this vote"},
        "amount": usd("4250000.00"),
        "negative": -usd("42559600.00"),
        "overdue": eur("3"),
        "iban": "CH93 0076 2011 6238 5295 7",
        "digest": "e09a5d317b1c20f4" * 4,
        "now": NOW,
        "closes_at": NOW + timedelta(days=4, hours=4),
        "day": NOW.date(),
        "charts": all_charts(),
        "meter": meter(),
        "states": [state for state in PILLS if "." not in state],
        "events": [
            SimpleNamespace(kind="payment.released", by="Ingrid Solheim", at=NOW, facts={"reference": "PAY-2026-0412"}),
            SimpleNamespace(
                kind="stop_request.filed", by="Ingrid Solheim", at=NOW, facts={"reason": "A new government."}
            ),
            SimpleNamespace(kind="motion.opened", by=None, at=NOW, facts={}),
        ],
        "page": Paginator(range(120), 50).page(2),
        "yes": YES,
        "no": no("You prepared this payment, so someone else must certify it."),
        "passkey_options": {
            "publicKey": {
                "challenge": "AAAA",
                "rpId": "localhost",
                "allowCredentials": [{"type": "public-key", "id": "AAAA"}],
            }
        },
    }


@audience(PUBLIC)
def gallery(request: HttpRequest) -> HttpResponse:
    """Print every piece once; a post answers as a form with errors does."""
    if "toast" in request.GET:
        messages.success(request, "Draft kept.")
        messages.error(request, "The vote has closed, so your vote was not counted.")
    told = context(request)
    text = engines["django"].from_string((Path(__file__).parent / "gallery.html").read_text("utf-8"))
    return HttpResponse(text.render(told, request), status=422 if told["has_errors"] else 200)


@audience(PUBLIC)
def broken(request: HttpRequest) -> HttpResponse:
    """Break, as nothing should."""
    raise RuntimeError(request.path)


@audience(PUBLIC)
def closed(request: HttpRequest) -> HttpResponse:
    """Refuse, as a page for another role does."""
    raise PermissionDenied(request.path)


urlpatterns = [
    path("gallery/", gallery),
    path("gallery/broken/", broken),
    path("gallery/closed/", closed),
    path("", include("trustfund.urls")),
]

"""My work: what waits for the person, what they did last, and what the fund may still promise."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from committee import permissions as committee_permissions
from committee import queries as committee_queries
from continuity import queries as continuity_queries
from trustfund.core import clock
from trustfund.core.audience import SIGNED_IN, audience, person_of
from trustfund.core.roles import RoleName
from trustfund.pages.queries import inbox

LATEST = 5


@require_GET
@audience(SIGNED_IN)
def home(request: HttpRequest) -> HttpResponse:
    """Show what waits for the person, by deadline, with amount and why it matters."""
    at, person = clock.now(), person_of(request)
    items = inbox.waiting_for(person, at)
    reads_votes = bool(committee_permissions.may_read_open_motions(person))
    return render(
        request,
        "pages/home.html",
        {
            "items": items,
            "waiting_count": len(items),
            "decided": list(committee_queries.decided_motions()[:LATEST]),
            "next_open": committee_queries.open_motions().filter(closes_at__gt=at).first() if reads_votes else None,
            "done": inbox.recently_done(person, LATEST),
            "held": None if person.holds(RoleName.PROGRAMME_PARTNER) else continuity_queries.held(at.date()),
            "now": at,
        },
    )

"""The page that a programme partner opens first: their own programmes, what is paid when, what is due from them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from disbursements.queries.partner_work import own_programmes
from trustfund.core import clock
from trustfund.core.audience import audience, person_of
from trustfund.core.roles import RoleName


@audience(RoleName.PROGRAMME_PARTNER)
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Show a partner their own programmes with tranches, what is due next, exemptions and results."""
    today = clock.today()
    context = {"rows": own_programmes(person_of(request), today), "today": today}
    return render(request, "disbursements/mine.html", context)

"""The mail log, for the fund administrator: what was sent to whom, and what was refused."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from trustfund.core.audience import audience
from trustfund.core.roles import RoleName
from trustfund.notices import queries


@audience(RoleName.FUND_ADMINISTRATOR)
def mail_log(request: HttpRequest) -> HttpResponse:
    """Show the log, latest first."""
    page = Paginator(queries.mails(), 50).get_page(request.GET.get("page"))
    return render(request, "notices/log.html", {"page": page, "waiting": queries.waiting_count()})

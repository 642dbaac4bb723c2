"""The pledge page, and the lists that lead there: a donor's own, and everybody's."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from donors import permissions, queries
from donors.views.charts import pledge_chart
from donors.views.conditions import conditions_for
from donors.views.door import PER_PAGE, enter, onward, person_of
from trustfund.core import clock
from trustfund.core.audience import audience
from trustfund.core.money import total
from trustfund.core.roles import RoleName


@require_safe
@audience(RoleName.DONOR_REPRESENTATIVE)
def mine(request: HttpRequest) -> HttpResponse:
    """Lead a donor's representative to their pledge, or list them if there are several or none."""
    person = person_of(request)
    found = Paginator(queries.with_outstanding(queries.pledges_of(person)), PER_PAGE).get_page(request.GET.get("page"))
    if found.paginator.count == 1:
        return onward("pledge", found[0].pk)
    return render(request, "donors/mine.html", {"donor": queries.donor_of(person), "page": found})


@require_safe
@audience(RoleName.SECRETARIAT, RoleName.AUDITOR)
def pledges(request: HttpRequest) -> HttpResponse:
    """List every pledge, the latest first."""
    person = person_of(request)
    enter(permissions.may_see_donors(person))
    every = queries.pledges_visible_to(person).order_by("-announced_on", "-reference")
    found = Paginator(queries.with_outstanding(every), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "donors/pledges.html",
        {
            "page": found,
            "conditional": queries.conditional_totals(),
            "overdue": queries.overdue_instalments(clock.today(), most=PER_PAGE),
            "today": clock.today(),
        },
    )


@require_safe
@audience(RoleName.SECRETARIAT, RoleName.AUDITOR, RoleName.DONOR_REPRESENTATIVE)
def pledge(request: HttpRequest, pledge_id: UUID) -> HttpResponse:
    """Show a pledge: what is overdue first, then its figures, schedule, receipts and record."""
    person = person_of(request)
    found = get_object_or_404(queries.pledges_visible_to(person), pk=pledge_id)
    today = clock.today()
    rows = queries.instalment_rows(found, today)
    late = [row for row in rows if row.is_overdue]
    receipts = queries.receipts_visible_to(person).filter(pledge=found).order_by("-value_on", "-reference")
    context: dict[str, Any] = {
        "pledge": found,
        "standing": queries.standing_of(found, today),
        "rows": rows,
        "late": late[0] if late else None,
        "more_late": len(late) - 1,
        "coming": next((row for row in rows if row.balance and not row.is_overdue), None),
        "termination": queries.termination_of(found),
        "write_offs": queries.write_offs_of(found)[:PER_PAGE],
        "contact": settings.DEFAULT_FROM_EMAIL,
        "received_usd": queries.usd_received(found, today),
        "received": total((row.received for row in rows), found.currency),
        "exchange_effect": queries.exchange_effect(found, today),
        "receipts": receipts[:PER_PAGE],
        "picture": pledge_chart(rows) if rows else None,
        "events": queries.record_of(found)[:PER_PAGE],
        "may_keep": permissions.may_keep_donors(person),
        "holds": found.holds.filter(accepted_at=None)[:PER_PAGE],
        "steps": queries.steps_of(found),
        "today": today,
    }
    if not found.is_signed:
        same_currency = queries.agreements_of(found.donor).filter(currency=found.currency)
        conditions, motion = conditions_for(found, person, today), queries.motion_about_condition(found)
        context |= {
            "agreements": same_currency[:PER_PAGE],
            "conditions": conditions,
            "motion": motion,
            "is_ready": all(row.condition.is_met for row in conditions) or (motion and motion.status == "carried"),
        }
    return render(request, "donors/pledge.html", context)

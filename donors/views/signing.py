"""A new pledge in three short steps: the amount, the schedule, and a last look before it is signed into the books."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from donors import operations, permissions, queries
from donors.forms import CheckForm, PledgeForm, ScheduleForm
from donors.models import Agreement
from donors.schedule import Schedule
from donors.views.charts import schedule_chart
from donors.views.door import act, answer, enter, onward, person_of
from trustfund.core import clock
from trustfund.core.audience import audience
from trustfund.core.money import Money
from trustfund.core.roles import RoleName


@require_http_methods(["GET", "HEAD", "POST"])
@audience(RoleName.SECRETARIAT)
def amount(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Take the first step: how much, and when it was promised."""
    agreement = _agreement(request, agreement_id)
    kept = _kept(request, agreement)
    form = PledgeForm(
        request.POST if request.method == "POST" else None,
        agreement=agreement,
        initial=kept.get("amount") or {"signed_on": agreement.signed_on, "announced_on": agreement.signed_on},
    )
    if not form.is_bound or not form.is_valid():
        return answer(form, request, "donors/pledge_amount.html", agreement=agreement)
    _keep(request, agreement, "amount", {name: str(form.cleaned_data.get(name) or "") for name in form.fields})
    return onward("pledge_schedule", agreement.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@audience(RoleName.SECRETARIAT)
def schedule(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Take the second step: when its parts fall due."""
    agreement = _agreement(request, agreement_id)
    promise = _promise(request, agreement)
    if promise is None:
        return onward("pledge_amount", agreement.pk)
    form = ScheduleForm(
        request.POST if request.method == "POST" else None,
        amount=promise["money"],
        initial=_kept(request, agreement).get("schedule")
        or {
            "years": min(agreement.to_year - agreement.from_year + 1, 25),
            "first_due_on": date(agreement.from_year, 6, 30),
        },
    )
    if not form.is_bound or not form.is_valid():
        return answer(form, request, "donors/pledge_schedule.html", agreement=agreement, amount=promise["money"])
    _keep(request, agreement, "schedule", {name: str(form.cleaned_data.get(name) or "") for name in form.fields})
    return onward("pledge_check", agreement.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@audience(RoleName.SECRETARIAT)
def check(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Take a last look, then sign the pledge into the books."""
    agreement = _agreement(request, agreement_id)
    promise = _promise(request, agreement)
    parts = _schedule(request, agreement, promise["money"]) if promise else None
    if promise is None or parts is None:
        return onward("pledge_amount", agreement.pk)
    person = person_of(request)
    form = CheckForm(request.POST if request.method == "POST" else None)
    pledge = form.is_bound and act(
        form,
        lambda: operations.sign_pledge(
            agreement_id=agreement.pk,
            amount=promise["money"],
            schedule=parts,
            announced_on=promise["announced_on"],
            signed_on=promise["signed_on"],
            usd_value=promise["usd_money"],
            actor=person,
            at=clock.now(),
        ),
    )
    if not pledge:
        return answer(
            form,
            request,
            "donors/pledge_check.html",
            agreement=agreement,
            promise=promise,
            parts=[(number, day, part) for number, (day, part) in enumerate(parts, start=1)],
            picture=schedule_chart(parts, clock.today()),
        )
    del request.session[_key(agreement)]
    messages.success(request, _("Pledge %(reference)s is in the books.") % {"reference": pledge.reference})
    return onward("pledge", pledge.pk)


def _agreement(request: HttpRequest, agreement_id: UUID) -> Agreement:
    person = person_of(request)
    enter(permissions.may_keep_donors(person))
    return get_object_or_404(
        Agreement.objects.filter(donor__in=queries.donors_visible_to(person)).select_related("donor"), pk=agreement_id
    )


def _key(agreement: Agreement) -> str:
    return f"pledge under {agreement.pk}"


def _kept(request: HttpRequest, agreement: Agreement) -> dict[str, Any]:
    kept = request.session.get(_key(agreement), {})
    return kept if isinstance(kept, dict) else {}


def _keep(request: HttpRequest, agreement: Agreement, step: str, answers: dict[str, str]) -> None:
    request.session[_key(agreement)] = _kept(request, agreement) | {step: answers}


def _promise(request: HttpRequest, agreement: Agreement) -> dict[str, Any] | None:
    """Return the first step's answers, read again, or nothing if it was not taken."""
    form = PledgeForm(_kept(request, agreement).get("amount") or {}, agreement=agreement)
    return form.cleaned_data if form.is_valid() else None


def _schedule(request: HttpRequest, agreement: Agreement, money: Money) -> Schedule | None:
    """Return the second step's schedule, made again, or nothing if it was not taken or no longer adds up."""
    form = ScheduleForm(_kept(request, agreement).get("schedule") or {}, amount=money)
    return form.cleaned_data["schedule"] if form.is_valid() else None

"""A new pledge in three short steps: the amount, the schedule, and a last look before it is signed into the books."""

from datetime import date
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from donors import operations, permissions, queries, rates
from donors.earmarks import Finding
from donors.forms import AnnouncementForm, CheckForm, PledgeForm, ScheduleForm
from donors.models import Agreement, Hold, Pledge
from donors.schedule import Schedule
from donors.states import Status
from donors.views.charts import schedule_chart
from donors.views.door import act, answer, enter, onward, person_of
from trustfund.core import clock
from trustfund.core.audience import audience
from trustfund.core.money import Money, total
from trustfund.core.refusals import Refusal
from trustfund.core.roles import RoleName


@require_http_methods(["GET", "HEAD", "POST"])
@audience(RoleName.SECRETARIAT)
def announce(request: HttpRequest, donor_id: UUID) -> HttpResponse:
    """Record what a donor announced, before anything is signed."""
    person = person_of(request)
    enter(permissions.may_keep_donors(person))
    found = get_object_or_404(queries.donors_visible_to(person), pk=donor_id)
    form = AnnouncementForm(request.POST if request.method == "POST" else None, initial={"announced_on": clock.today()})
    pledge = form.is_bound and act(
        form,
        lambda: operations.announce_pledge(
            donor_id=found.pk,
            amount=form.cleaned_data["money"],
            announced_on=form.cleaned_data["announced_on"],
            words=form.cleaned_data["words"],
            actor=person,
            at=clock.now(),
        ),
    )
    if not pledge:
        return answer(form, request, "donors/announce.html", donor=found)
    if pledge.holds.exists():
        messages.warning(request, _("%(reference)s is announced, and held.") % {"reference": pledge.reference})
    else:
        messages.success(
            request, _("%(reference)s is announced. It is in no total yet.") % {"reference": pledge.reference}
        )
    return onward("pledge", pledge.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@audience(RoleName.SECRETARIAT)
def amount(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Take the first step: how much, when it was promised, and on what conditions."""
    agreement = _agreement(request, agreement_id)
    if request.method != "POST" and "announced" in request.GET:
        _begin(request, agreement, request.GET["announced"])
    kept, announced = _kept(request, agreement), _announced(request, agreement)
    form = PledgeForm(
        request.POST if request.method == "POST" else None,
        agreement=agreement,
        announced=announced,
        initial=kept.get("amount") or {"signed_on": agreement.signed_on, "announced_on": agreement.signed_on},
    )
    if not form.is_bound or not form.is_valid():
        return answer(form, request, "donors/pledge_amount.html", agreement=agreement, announced=announced)
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


@require_POST
@audience(RoleName.SECRETARIAT)
def totals(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Say what the instalments that are being typed add up to. Nothing is kept."""
    agreement = _agreement(request, agreement_id)
    promise = _promise(request, agreement)
    if promise is None:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    form = ScheduleForm(request.POST, amount=promise["money"])
    form.is_valid()
    parts = form.typed
    added = total((part for _day, part in parts), agreement.currency)
    context = {
        "key": agreement.pk,
        "parts": len(parts),
        "first": min((day for day, _part in parts), default=None),
        "last": max((day for day, _part in parts), default=None),
        "added": added,
        "pledged": promise["money"],
        "difference": promise["money"] - added,
    }
    return render(request, "donors/_totals.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@audience(RoleName.SECRETARIAT)
def check(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Take a last look, then sign the pledge into the books, keep it as conditional, or hold its text."""
    agreement = _agreement(request, agreement_id)
    promise = _promise(request, agreement)
    parts = _schedule(request, agreement, promise["money"]) if promise else None
    if promise is None or parts is None:
        return onward("pledge_amount", agreement.pk)
    found = _tied(agreement, promise)
    if request.method == "POST" and "hold" in request.POST and found:
        return _hold(request, agreement, promise)
    form = CheckForm(request.POST if request.method == "POST" else None)
    pledge = form.is_bound and act(form, lambda: _sign(request, agreement, promise, parts))
    if not pledge:
        return answer(
            form,
            request,
            "donors/pledge_check.html",
            agreement=agreement,
            promise=promise,
            announced=_announced(request, agreement),
            found=found,
            holds=queries.open_holds_on(agreement, _announced(request, agreement)),
            share=queries.concentration_of(agreement.donor, promising=_usd(promise)),
            parts=[(number, day, part) for number, (day, part) in enumerate(parts, start=1)],
            picture=schedule_chart(parts, clock.today()),
        )
    request.session.pop(_key(agreement), None)
    if pledge.is_signed:
        messages.success(request, _("Pledge %(reference)s is in the books.") % {"reference": pledge.reference})
    else:
        messages.success(
            request,
            _("Pledge %(reference)s is recorded. It counts when its conditions are met.")
            % {"reference": pledge.reference},
        )
    return onward("pledge", pledge.pk)


def _sign(request: HttpRequest, agreement: Agreement, promise: dict[str, Any], parts: Schedule) -> Pledge:
    person, now = person_of(request), clock.now()
    announced = _announced(request, agreement)
    if announced is not None:
        return operations.sign_announced_pledge(
            pledge_id=announced.pk,
            agreement_id=agreement.pk,
            schedule=parts,
            signed_on=promise["signed_on"],
            usd_value=promise["usd_money"],
            actor=person,
            at=now,
        )
    if promise["conditions"]:
        return operations.sign_conditional_pledge(
            agreement_id=agreement.pk,
            amount=promise["money"],
            schedule=parts,
            announced_on=promise["announced_on"],
            conditions=promise["conditions"],
            words=promise["words"],
            actor=person,
            at=now,
        )
    return operations.sign_pledge(
        agreement_id=agreement.pk,
        amount=promise["money"],
        schedule=parts,
        announced_on=promise["announced_on"],
        signed_on=promise["signed_on"],
        usd_value=promise["usd_money"],
        words=promise["words"],
        actor=person,
        at=now,
    )


def _tied(agreement: Agreement, promise: dict[str, Any]) -> list[Finding]:
    """Return the earmarks in what the donor said and in the words of its conditions."""
    texts = [promise["words"], *(term.words for term in promise["conditions"])]
    return [finding for text in texts for finding in queries.findings_in(text, agreement.donor)]


def _hold(request: HttpRequest, agreement: Agreement, promise: dict[str, Any]) -> HttpResponse:
    """Keep what names an earmark: the words as an announced pledge that is held, else the condition's text."""
    person, now = person_of(request), clock.now()
    try:
        if queries.findings_in(promise["words"], agreement.donor):
            pledge = operations.announce_pledge(
                donor_id=agreement.donor_id,
                amount=promise["money"],
                announced_on=promise["announced_on"],
                words=promise["words"],
                actor=person,
                at=now,
            )
            hold = pledge.holds.first()
        else:
            text = next(one.words for one in promise["conditions"] if queries.findings_in(one.words, agreement.donor))
            hold = operations.hold_text(agreement_id=agreement.pk, of=Hold.CONDITION, text=text, actor=person, at=now)
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return onward("pledge_check", agreement.pk)
    if hold is None:
        return onward("holds")
    messages.success(request, _("%(reference)s holds the text. Ask the committee.") % {"reference": hold.reference})
    return onward("hold", hold.pk)


def _usd(promise: dict[str, Any]) -> Money | None:
    """Return what a promise is worth in USD for its donor's share, if a rate or the agreement says so."""
    if promise["conditions"]:
        return None
    if promise["usd_money"] is not None:
        given: Money = promise["usd_money"]
        return given
    money: Money = promise["money"]
    if money.currency == rates.FUND_CURRENCY:
        return money
    try:
        rate = queries.rate_on(money.currency, promise["signed_on"])
    except Refusal:
        return None
    return rates.gross_usd(money, rate.units_per_usd)


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


def _begin(request: HttpRequest, agreement: Agreement, announced: str) -> None:
    """Begin with a pledge of this donor in this currency that was announced before."""
    waiting = Pledge.objects.filter(donor=agreement.donor, currency=agreement.currency, status=Status.ANNOUNCED.value)
    found = next((pledge for pledge in waiting if str(pledge.pk) == announced), None)
    request.session[_key(agreement)] = {"announced": str(found.pk)} if found else {}


def _announced(request: HttpRequest, agreement: Agreement) -> Pledge | None:
    """Return the announced pledge that is being signed, if one is."""
    kept = _kept(request, agreement).get("announced")
    return Pledge.objects.filter(pk=kept, donor=agreement.donor).first() if kept else None


def _promise(request: HttpRequest, agreement: Agreement) -> dict[str, Any] | None:
    """Return the first step's answers, read again, or nothing if it was not taken."""
    announced = _announced(request, agreement)
    form = PledgeForm(_kept(request, agreement).get("amount") or {}, agreement=agreement, announced=announced)
    return form.cleaned_data if form.is_valid() else None


def _schedule(request: HttpRequest, agreement: Agreement, money: Money) -> Schedule | None:
    """Return the second step's schedule, made again, or nothing if it was not taken or no longer adds up."""
    form = ScheduleForm(_kept(request, agreement).get("schedule") or {}, amount=money)
    return form.cleaned_data["schedule"] if form.is_valid() else None

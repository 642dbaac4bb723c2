"""What the committee decides about itself: rules, seats and auditors proposed, checked, and put in force."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from committee import operations, permissions, queries
from committee.forms import (
    AuditorForm,
    FiguresForm,
    FoundingSeatForm,
    RulesForm,
    SeatChangeForm,
    VacateForm,
    figures_of,
    way_hints,
)
from committee.matters import Kind
from committee.models import Motion
from committee.rules import PRESET_WORDS, PRESETS, Rules, differences
from trustfund.core import clock
from trustfund.core.audience import PUBLIC, audience, person_of
from trustfund.core.refusals import Refusal
from trustfund.core.roles import RoleName
from trustfund.core.verdicts import Verdict

UNPROCESSABLE = 422
_DAYS_TO_VOTE = 10
_RULERS = (RoleName.FUND_ADMINISTRATOR, RoleName.CHAIR)


def insist(verdict: Verdict) -> None:
    """
    Answer a page's no with the page for it.

    :raises PermissionDenied: on a no, with its reason
    """
    if not verdict:
        raise PermissionDenied(verdict.reason)


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what was sent, for a form; None when the page is only opened."""
    return request.POST if request.method == "POST" else None


def _status(form: Any, *, is_checked: bool) -> int:
    return UNPROCESSABLE if form.is_bound and not is_checked else 200


def _hearing() -> dict[str, Any]:
    """Return what the fields of a hearing begin with: nothing is chosen but a day."""
    return {"closes_on": clock.add_working_days(clock.today(), _DAYS_TO_VOTE), "closes_at": "16:00"}


def _lay(request: HttpRequest, form: Any, act: Callable[[], Motion]) -> HttpResponse | None:
    """Lay a matter before the committee and go to its page; nothing, with the reason on the form, if it is refused."""
    try:
        motion = act()
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return None
    messages.success(request, _("Laid before the committee as %(reference)s.") % {"reference": motion.reference})
    return redirect("pages:decision", motion.id)


def _rules_in_force() -> Rules | None:
    found = queries.rules_in_force()
    return found.rules if found else None


@require_http_methods(["GET", "POST"])
@audience(*_RULERS)
def propose_rules(request: HttpRequest) -> HttpResponse:
    """Show every figure of the rules, then how what was typed differs from those in force; lay it when it is sure."""
    person, at = person_of(request), clock.now()
    before = _rules_in_force()
    if before is None:
        return _first_rules(request)
    insist(permissions.may_propose(person, Kind.RULES))
    version = queries.rules_in_force()
    preset = request.GET.get("preset", "")
    begins = figures_of(PRESETS[preset], str(PRESET_WORDS[preset].title)) if preset in PRESETS else None
    form = RulesForm(
        posted(request),
        initial={**(begins or figures_of(before, version.title if version else "")), **_hearing()},
        kind=Kind.RULES,
        under=before,
        meetings=queries.meetings_to_come(at),
    )
    is_valid = form.is_valid()
    if is_valid and "sure" in request.POST:
        done = _lay(
            request,
            form,
            lambda: operations.propose_rules(
                rules=form.rules,
                title=form.cleaned_data["title"],
                reason=form.cleaned_data["reason"],
                way=form.hearing.way,
                closes_at=form.hearing.closes_at,
                meeting_id=form.hearing.meeting_id,
                actor=person,
                at=at,
            ),
        )
        if done is not None:
            return done
        is_valid = False
    return _rules_page(request, form, before, is_checked=is_valid)


def _first_rules(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    insist(permissions.may_rule(person))
    preset = request.GET.get("preset", "neutral_committee")
    preset = preset if preset in PRESETS else "neutral_committee"
    form = FiguresForm(posted(request), initial=figures_of(PRESETS[preset], str(PRESET_WORDS[preset].title)))
    is_valid = form.is_valid()
    if is_valid and "sure" in request.POST:
        try:
            operations.adopt_rules(rules=form.rules, title=form.cleaned_data["title"], actor=person, at=clock.now())
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            is_valid = False
        else:
            messages.success(request, _("The first rules of procedure are in force. Now seat the members."))
            return redirect("committee:seats")
    return _rules_page(request, form, None, is_checked=is_valid)


def _rules_page(request: HttpRequest, form: FiguresForm, before: Rules | None, *, is_checked: bool) -> HttpResponse:
    return render(
        request,
        "committee/rules.html",
        {
            "form": form,
            "is_first": before is None,
            "is_checked": is_checked,
            "changes": differences(before, form.rules) if is_checked else (),
            "open_count": queries.open_motions().count(),
            "presets": [(name, words.title, words.words) for name, words in PRESET_WORDS.items()],
            "carried": _carried(form) if is_checked else (),
            "way_hints": way_hints(),
        },
        status=_status(form, is_checked=is_checked),
    )


def _carried(form: FiguresForm) -> list[tuple[str, str]]:
    data = form.data
    assert isinstance(data, QueryDict)
    return [(name, value) for name in form.fields for value in data.getlist(name) if value]


@require_http_methods(["GET", "POST"])
@audience(*_RULERS)
def propose_seat_change(request: HttpRequest) -> HttpResponse:
    """Ask who shall sit where, show it once more, and lay it before the committee when it is sure."""
    person, at = person_of(request), clock.now()
    insist(permissions.may_propose(person, Kind.SEATS))
    form = SeatChangeForm(
        posted(request),
        initial=_hearing(),
        rules=_rules_in_force(),
        holders=queries.people_who_may(*queries.SITS),
        alternates=queries.people_who_may(*queries.STANDS_IN),
        meetings=queries.meetings_to_come(at),
    )
    if form.is_valid():
        done = _lay(
            request,
            form,
            lambda: operations.propose_seat_change(
                **form.wanted, reason=form.cleaned_data["reason"], hearing=form.hearing, actor=person, at=at
            ),
        )
        if done is not None:
            return done
    return render(
        request,
        "committee/seat_change.html",
        {"form": form, "sittings": queries.sittings(at), "way_hints": way_hints()},
        status=_status(form, is_checked=False),
    )


@require_http_methods(["GET", "POST"])
@audience(RoleName.FUND_ADMINISTRATOR)
def fill_seat(request: HttpRequest) -> HttpResponse:
    """Seat a member at founding."""
    person, at = person_of(request), clock.now()
    form = FoundingSeatForm(
        posted(request),
        rules=_rules_in_force(),
        holders=queries.people_who_may(*queries.SITS),
        alternates=queries.people_who_may(*queries.STANDS_IN),
    )
    if form.is_valid():
        try:
            operations.seat_member(**form.wanted, actor=person, at=at)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Seated."))
            return redirect("committee:seats")
    return render(
        request,
        "committee/seat_fill.html",
        {"form": form, "is_founding": not queries.has_decided()},
        status=_status(form, is_checked=False),
    )


@require_http_methods(["GET", "POST"])
@audience(RoleName.FUND_ADMINISTRATOR)
def vacate_seat(request: HttpRequest) -> HttpResponse:
    """Write down that a seat has fallen vacant."""
    at = clock.now()
    taken = [(one.seat.number, one.term.holder.name) for one in queries.sittings(at) if one.term is not None]
    form = VacateForm(posted(request), seats=taken)
    if form.is_valid():
        try:
            operations.vacate_seat(**form.cleaned_data, actor=person_of(request), at=at)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Written down. The seat is vacant until the committee fills it."))
            return redirect("committee:seats")
    return render(request, "committee/seat_vacate.html", {"form": form}, status=_status(form, is_checked=False))


@require_GET
@audience(PUBLIC)
def auditors(request: HttpRequest) -> HttpResponse:
    """Show all the world who audits the fund, for how long, for what fee, and by which decision."""
    may_propose = request.user.is_authenticated and bool(permissions.may_propose(person_of(request), Kind.AUDITOR))
    return render(
        request,
        "committee/auditors.html",
        {"appointed": queries.appointed_auditors(), "may_propose": may_propose, "today": clock.today()},
    )


@require_http_methods(["GET", "POST"])
@audience(RoleName.SECRETARIAT, RoleName.CHAIR)
def nominate_auditor(request: HttpRequest) -> HttpResponse:
    """Ask which firm shall audit the fund, and lay it before the committee."""
    person, at = person_of(request), clock.now()
    form = AuditorForm(
        posted(request), initial=_hearing(), under=_rules_in_force(), meetings=queries.meetings_to_come(at)
    )
    if form.is_valid():
        done = _lay(
            request,
            form,
            lambda: operations.nominate_auditor(**form.nomination, hearing=form.hearing, actor=person, at=at),
        )
        if done is not None:
            return done
    return render(
        request,
        "committee/auditor_nominate.html",
        {"form": form, "way_hints": way_hints()},
        status=_status(form, is_checked=False),
    )


@require_POST
@audience(*_RULERS)
def put_in_force(request: HttpRequest, decision_id: UUID) -> HttpResponse:
    """Put in force what the committee carried about itself, if the clock could not."""
    try:
        enacted = operations.put_in_force(decision_id=decision_id, actor=person_of(request), at=clock.now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect("committee:motions")
    messages.success(request, _("It is in force."))
    return redirect("pages:decision", enacted.decision.motion_id)

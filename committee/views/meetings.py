"""Meetings in the browser: called, asked for in an emergency, held by their chair, and read by people of the fund."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from committee import operations, permissions, queries
from committee.forms import AttendanceForm, ItemForm, MeetingForm, NotesForm, PostponeForm, RequestForm
from committee.models import Meeting
from committee.states import MeetingStatus
from committee.views.procedure import UNPROCESSABLE, insist, posted
from trustfund.core import clock, events
from trustfund.core.audience import SIGNED_IN, audience, person_of
from trustfund.core.refusals import Refusal
from trustfund.core.roles import RoleName

PER_PAGE = 50
COMMITTEE = (RoleName.COMMITTEE_MEMBER, RoleName.ALTERNATE, RoleName.CHAIR)


@require_GET
@audience(SIGNED_IN)
def meetings(request: HttpRequest) -> HttpResponse:
    """List the meetings, and who asks for an emergency meeting, to people of the fund."""
    person, at = person_of(request), clock.now()
    if not permissions.may_read_open_motions(person):
        raise Http404
    sitting = queries.sitting_for(person, at) if person.holds(*COMMITTEE) else None
    rules = queries.rules_in_force()
    return render(
        request,
        "committee/meetings.html",
        {
            "page": Paginator(queries.meetings(), PER_PAGE).get_page(request.GET.get("page")),
            "requests": queries.open_requests(at)[:PER_PAGE],
            "needed": rules.rules.emergency_seats if rules else 0,
            "my_seat": sitting.seat if sitting else None,
            "may_call": permissions.may_call_meeting(person),
            "waiting": queries.waits_for_a_meeting()[:PER_PAGE],
        },
    )


def _meeting(request: HttpRequest, meeting_id: UUID) -> Meeting:
    found = queries.meeting_of(meeting_id)
    if found is None or not permissions.may_read_open_motions(person_of(request)):
        raise Http404
    return found


@require_GET
@audience(SIGNED_IN)
def meeting(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Show a meeting: its agenda, who is there, what was decided, and to the chair the way through it."""
    found = _meeting(request, meeting_id)
    return _meeting_page(request, found)


def _meeting_page(request: HttpRequest, found: Meeting, *, status: int = 200, **forms: Any) -> HttpResponse:
    person, at = person_of(request), clock.now()
    places = queries.places_at(found, at)
    is_held = found.state == MeetingStatus.OPEN
    may_preside = bool(permissions.may_preside(person))
    attendance = AttendanceForm(places=places) if is_held and permissions.may_take_attendance(person) else None
    notes = NotesForm() if is_held and may_preside else None
    may_call, is_called = bool(permissions.may_call_meeting(person)), found.state == MeetingStatus.CALLED
    return render(
        request,
        "committee/meeting.html",
        {
            "meeting": found,
            "places": places,
            "present": sum(1 for place in places if place.person),
            "agenda": queries.agenda_of(found),
            "is_held": is_held,
            "may_preside": may_preside,
            "may_open": may_preside and is_called,
            "attendance": forms.get("attendance", attendance),
            "notes": forms.get("notes", notes),
            "items": found.items.select_related("added_by").order_by("number"),
            "postponements": found.postponements.select_related("postponed_by").order_by("number"),
            "item": forms.get("item", ItemForm() if may_call and found.state != MeetingStatus.CLOSED else None),
            "postpone": forms.get("postpone", PostponeForm() if may_call and is_called else None),
            "record": events.about(found.pk)[:100],
            "now": at,
        },
        status=status,
    )


@require_http_methods(["GET", "POST"])
@audience(RoleName.CHAIR, RoleName.SECRETARIAT)
def call_meeting(request: HttpRequest) -> HttpResponse:
    """Ask when and where, and call the meeting."""
    person = person_of(request)
    insist(permissions.may_call_meeting(person))
    return _ask(
        request,
        MeetingForm(posted(request)),
        lambda said: operations.call_meeting(**said.times, actor=person, at=clock.now()).pk,
        is_emergency=False,
    )


@require_http_methods(["GET", "POST"])
@audience(*COMMITTEE)
def request_meeting(request: HttpRequest) -> HttpResponse:
    """Ask what cannot wait, when and where, and register the request for an emergency meeting."""
    person = person_of(request)

    def ask(said: Any) -> None:
        operations.request_meeting(reason=said.cleaned_data["reason"], **said.times, actor=person, at=clock.now())

    return _ask(request, RequestForm(posted(request)), ask, is_emergency=True)


def _ask(
    request: HttpRequest, form: MeetingForm, act: Callable[[Any], UUID | None], *, is_emergency: bool
) -> HttpResponse:
    if form.is_valid():
        try:
            meeting_id = act(form)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            if meeting_id is None:
                messages.success(request, _("Asked for. The other members are told."))
                return redirect("committee:meetings")
            messages.success(request, _("Called. The members are told."))
            return redirect("committee:meeting", meeting_id)
    rules = queries.rules_in_force()
    return render(
        request,
        "committee/meeting_form.html",
        {"form": form, "is_emergency": is_emergency, "rules": rules.rules if rules else None},
        status=UNPROCESSABLE if form.is_bound else 200,
    )


@require_POST
@audience(*COMMITTEE)
def support_meeting(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Join a request for an emergency meeting."""
    try:
        operations.support_meeting(request_id=request_id, actor=person_of(request), at=clock.now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Your seat has joined the request."))
    return redirect("committee:meetings")


@require_POST
@audience(RoleName.CHAIR)
def open_meeting(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Open a meeting."""
    _meeting(request, meeting_id)
    return _act(
        request,
        meeting_id,
        lambda: operations.open_meeting(meeting_id=meeting_id, actor=person_of(request), at=clock.now()),
        _("The meeting is open. Write down who is present."),
    )


def _act(request: HttpRequest, meeting_id: UUID, act: Callable[[], object], said: str) -> HttpResponse:
    try:
        act()
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, said)
    return redirect("committee:meeting", meeting_id)


@require_POST
@audience(RoleName.CHAIR, RoleName.SECRETARIAT)
def postpone_meeting(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Let a meeting be held later."""
    found = _meeting(request, meeting_id)
    form = PostponeForm(request.POST)
    if form.is_valid():
        try:
            operations.postpone_meeting(
                meeting_id=meeting_id,
                reason=form.cleaned_data["reason"],
                **form.times,
                actor=person_of(request),
                at=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Postponed. The members are told."))
            return redirect("committee:meeting", meeting_id)
    return _meeting_page(request, found, status=UNPROCESSABLE, postpone=form)


@require_POST
@audience(RoleName.CHAIR, RoleName.SECRETARIAT)
def add_to_agenda(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Put something beside the motions on the agenda."""
    found = _meeting(request, meeting_id)
    form = ItemForm(request.POST)
    if not form.is_valid():
        return _meeting_page(request, found, status=UNPROCESSABLE, item=form)
    return _act(
        request,
        meeting_id,
        lambda: operations.add_to_agenda(
            meeting_id=meeting_id,
            title=form.cleaned_data["title"],
            words=form.cleaned_data["words"],
            actor=person_of(request),
            at=clock.now(),
        ),
        _("It stands on the agenda."),
    )


@require_POST
@audience(RoleName.CHAIR, RoleName.SECRETARIAT)
def take_attendance(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Write down who is present."""
    found, at = _meeting(request, meeting_id), clock.now()
    form = AttendanceForm(request.POST, places=queries.places_at(found, at))
    if not form.is_valid():
        return _meeting_page(request, found, status=UNPROCESSABLE, attendance=form)
    return _act(
        request,
        meeting_id,
        lambda: operations.take_attendance(
            meeting_id=meeting_id, present=form.present, actor=person_of(request), at=at
        ),
        _("Written down who is present."),
    )


@require_POST
@audience(RoleName.CHAIR)
def open_vote(request: HttpRequest, motion_id: UUID) -> HttpResponse:
    """Let the meeting vote on a motion of its agenda."""
    motion = queries.motion_of(motion_id)
    if motion is None:
        raise Http404
    try:
        operations.open_vote(motion_id=motion_id, actor=person_of(request), at=clock.now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The vote is open. Each member who is present casts their own."))
    return redirect("pages:decision", motion_id)


@require_POST
@audience(RoleName.CHAIR)
def close_meeting(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Close a meeting and keep its notes."""
    found = _meeting(request, meeting_id)
    form = NotesForm(request.POST)
    if not form.is_valid():
        return _meeting_page(request, found, status=UNPROCESSABLE, notes=form)
    return _act(
        request,
        meeting_id,
        lambda: operations.close_meeting(
            meeting_id=meeting_id, notes=form.cleaned_data["notes"], actor=person_of(request), at=clock.now()
        ),
        _("The meeting is closed. Its minutes are issued in a moment."),
    )

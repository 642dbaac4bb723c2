"""Pages on which the secretariat asks the committee a question in one of its ways; here, whether a hold is lifted."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from committee import queries as committee_queries
from committee.forms import way_hints
from committee.matters import Kind
from committee.rules import Way
from disbursements.forms.treasury import AskForm
from disbursements.operations import holds
from disbursements.permissions import treasury as permissions
from disbursements.queries import holds as hold_queries
from disbursements.views.asking import do
from disbursements.views.programmes import UNPROCESSABLE, insist, posted
from trustfund.core import clock
from trustfund.core.audience import audience, person_of
from trustfund.core.refusals import Missing, Refusal
from trustfund.core.roles import RoleName

_DAYS_TO_VOTE = 5


def hearing_form(request: HttpRequest, kind: Kind) -> AskForm:
    """Return the form that asks why, and how the committee decides on something of a kind."""
    at = clock.now()
    rules = committee_queries.rules_in_force()
    return AskForm(
        posted(request),
        initial={
            "way": Way.CORRESPONDENCE.value,
            "closes_on": clock.add_working_days(at.date(), _DAYS_TO_VOTE),
            "closes_at": "16:00",
        },
        kind=kind,
        under=rules.rules if rules else None,
        meetings=committee_queries.meetings_to_come(at),
    )


def question(form: AskForm, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Show the form with what it is about, and the last time the committee was asked."""
    said = {"form": form, "way_hints": way_hints(), **context}
    status = UNPROCESSABLE if form.errors else None
    return render(request, "disbursements/question.html", said, status=status)


@audience(RoleName.SECRETARIAT)
@require_http_methods(["GET", "HEAD", "POST"])
def ask_to_lift(request: HttpRequest, hold_id: UUID) -> HttpResponse:
    """Ask what was found out about a hold, and lay before the committee whether it is lifted on POST."""
    person = person_of(request)
    insist(permissions.may_ask_committee(person))
    try:
        hold = hold_queries.hold_of(hold_id)
    except Missing as refusal:
        raise Http404(refusal.message) from refusal
    form = hearing_form(request, Kind.LIFT)
    if form.is_valid():
        try:
            motion = holds.ask_to_lift_hold(
                hold_id=hold.pk,
                reason=form.cleaned_data["reason"],
                hearing=form.hearing,
                actor=person,
                at=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            return _laid(request, motion.pk, motion.reference)
    context = {
        "title": _("Ask the committee to lift %(hold)s") % {"hold": hold.reference},
        "crumb": (reverse("disbursements:hold", args=[hold.pk]), hold.reference),
        "facts": [
            (_("On hold"), hold.about),
            (_("Kind of case"), hold.get_reason_display()),
            (_("What happened"), hold.why),
            (_("Evidence"), hold.evidence),
        ],
        "last": committee_queries.last_motion_on(hold.pk, Kind.LIFT),
    }
    return question(form, request, context)


def _laid(request: HttpRequest, motion_id: UUID, reference: str) -> HttpResponse:
    said = _("Laid before the committee as %(motion)s.") % {"motion": reference}
    return do(lambda: None, request, said, reverse("pages:decision", args=[motion_id]))

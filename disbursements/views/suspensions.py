"""Pages of programmes that stand still: why, for all the world; and the doors to suspend, resume and release."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from committee import queries as committee_queries
from committee.matters import Kind
from disbursements import operations
from disbursements.forms.exemptions import AskForm
from disbursements.forms.programme_work import SuspendForm
from disbursements.models import Suspension, Tranche
from disbursements.permissions import programmes as permissions
from disbursements.queries import suspensions as queries
from disbursements.queries.partners import visible_programmes
from disbursements.states import SuspensionStatus, TrancheStatus
from disbursements.views.asking import Ask, answer, do
from disbursements.views.programmes import PAGE, insist, posted
from disbursements.views.questions import hearing_form, question
from disbursements.views.shipments import DAYS_TO_VOTE
from trustfund.core import clock
from trustfund.core.audience import PUBLIC, audience, person_of
from trustfund.core.refusals import Refusal
from trustfund.core.roles import RoleName

_CARRY_OUT: Final = (RoleName.SECRETARIAT, RoleName.CHAIR)


@audience(PUBLIC)
@require_safe
def suspension_list(request: HttpRequest) -> HttpResponse:
    """Show all the world which programmes stand still, why, and when it is looked at again."""
    context = {"standing": queries.in_force()[:PAGE], "ended": queries.ended()[:PAGE], "today": clock.today()}
    return render(request, "disbursements/suspensions.html", context)


@audience(RoleName.SECRETARIAT)
@require_http_methods(["GET", "HEAD", "POST"])
def ask_to_suspend(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """Ask for the whole case, and lay it before the committee on POST."""
    person = person_of(request)
    programme = get_object_or_404(visible_programmes(person), pk=programme_id)
    insist(permissions.may_ask_committee(person))
    form = SuspendForm(posted(request), initial={"closes_on": clock.add_working_days(clock.today(), DAYS_TO_VOTE)})
    back = reverse("disbursements:programme", args=[programme.pk])
    ask = Ask(
        title=_("Ask the committee to suspend it"),
        button=_("Lay it before the committee"),
        back=back,
        crumbs=((back, programme.reference),),
        lead=_("Nothing stops without a reason. All of this is published: %(title)s") % {"title": programme.title},
    )

    def act() -> str:
        operations.ask_to_suspend(
            programme_id=programme.pk, case=form.case, closes_at=form.closes_at, actor=person, at=clock.now()
        )
        return back

    return answer(ask, request, form, act, _("It lies before the committee. The programme goes on until it decides."))


@audience(RoleName.SECRETARIAT)
@require_http_methods(["GET", "HEAD", "POST"])
def ask_to_resume(request: HttpRequest, suspension_id: UUID) -> HttpResponse:
    """Ask what has changed, and lay it before the committee on POST."""
    person = person_of(request)
    suspension = get_object_or_404(Suspension.objects.select_related("programme"), pk=suspension_id)
    insist(permissions.may_ask_committee(person))
    form = AskForm(posted(request), initial={"closes_on": clock.add_working_days(clock.today(), DAYS_TO_VOTE)})
    form.fields["reason"].label = _("What has changed")
    back = reverse("disbursements:programme", args=[suspension.programme_id])
    ask = Ask(
        title=_("Ask the committee to let it go on"),
        button=_("Lay it before the committee"),
        back=back,
        crumbs=((back, suspension.programme.reference),),
        lead=suspension.programme.title,
    )

    def act() -> str:
        operations.ask_to_resume(
            suspension_id=suspension.pk,
            because=form.cleaned_data["reason"],
            closes_at=form.closes_at,
            actor=person,
            at=clock.now(),
        )
        return back

    return answer(ask, request, form, act, _("It lies before the committee. The programme stands still until then."))


@audience(*_CARRY_OUT)
@require_POST
def carry_out(request: HttpRequest, suspension_id: UUID) -> HttpResponse:
    """Write down what the committee answered, and suspend the programme or let it go on."""
    suspension = get_object_or_404(Suspension, pk=suspension_id)
    stands = suspension.status == SuspensionStatus.IN_FORCE
    operation = operations.carry_out_resumption if stands else operations.carry_out_suspension
    return do(
        lambda: operation(suspension_id=suspension.pk, actor=person_of(request), at=clock.now()),
        request,
        _("Done as the committee decided."),
        reverse("disbursements:programme", args=[suspension.programme_id]),
    )


@audience(RoleName.SECRETARIAT)
@require_http_methods(["GET", "HEAD", "POST"])
def ask_to_release(request: HttpRequest, tranche_id: UUID) -> HttpResponse:
    """Ask why a tranche should be released all the same, and lay it before the committee on POST."""
    person = person_of(request)
    tranche = get_object_or_404(Tranche.objects.select_related("proposal"), pk=tranche_id)
    insist(permissions.may_ask_committee(person))
    form = hearing_form(request, Kind.RELEASE)
    back = reverse("disbursements:proposal", args=[tranche.proposal_id])
    if form.is_valid():
        try:
            operations.ask_to_release(
                tranche_id=tranche.pk,
                reason=form.cleaned_data["reason"],
                closes_at=form.hearing.closes_at,
                way=form.hearing.way,
                meeting_id=form.hearing.meeting_id,
                actor=person,
                at=clock.now(),
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("It lies before the committee. Nothing is released before it decides."))
            return redirect(back)
    context = {
        "title": _("Ask the committee to release %(tranche)s") % {"tranche": tranche.reference},
        "crumb": (back, tranche.proposal.reference),
        "facts": [
            (_("Tranche"), f"{tranche.title}, {tranche.amount}"),
            (_("Condition"), tranche.condition or "–"),
            (_("State"), TrancheStatus(tranche.status).label),
        ],
        "last": committee_queries.last_motion_on(tranche.pk, Kind.RELEASE),
    }
    return question(form, request, context)


@audience(*_CARRY_OUT)
@require_POST
def carry_out_release(request: HttpRequest, tranche_id: UUID) -> HttpResponse:
    """Count the condition of a tranche as met, if the committee has released it."""
    tranche = get_object_or_404(Tranche, pk=tranche_id)
    return do(
        lambda: operations.carry_out_release(tranche_id=tranche.pk, actor=person_of(request), at=clock.now()),
        request,
        _("Released by the committee's decision."),
        reverse("disbursements:proposal", args=[tranche.proposal_id]),
    )

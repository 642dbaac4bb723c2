"""Pages about who gives: the list, one donor, its people and its agreements."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from donors import operations, permissions, queries
from donors.forms import AgreementForm, DonorForm, LanguageForm, RepresentativeForm
from donors.models import Agreement, Representative
from donors.terms import Terms
from donors.views.door import PER_PAGE, act, answer, enter, onward, person_of
from trustfund.core import clock, events
from trustfund.core.audience import audience
from trustfund.core.models import User
from trustfund.core.refusals import Refusal
from trustfund.core.roles import RoleName
from trustfund.core.verdicts import Verdict


@require_safe
@audience(RoleName.SECRETARIAT, RoleName.AUDITOR)
def donors(request: HttpRequest) -> HttpResponse:
    """List every donor with what it pledged and what came, in USD."""
    person = person_of(request)
    enter(permissions.may_see_donors(person))
    found = Paginator(queries.donors_with_totals(), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "donors/donors.html",
        {"page": found, "may_keep": permissions.may_keep_donors(person)},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@audience(RoleName.SECRETARIAT)
def register_donor(request: HttpRequest) -> HttpResponse:
    """Register a donor."""
    person = person_of(request)
    enter(permissions.may_keep_donors(person))
    form = DonorForm(request.POST if request.method == "POST" else None)
    donor = form.is_bound and act(
        form, lambda: operations.register_donor(**form.cleaned_data, actor=person, at=clock.now())
    )
    if not donor:
        return answer(form, request, "donors/register.html")
    messages.success(request, _("%(name)s is registered. Record its agreement next.") % {"name": donor.name})
    return onward("donor", donor.pk)


@require_safe
@audience(RoleName.SECRETARIAT, RoleName.AUDITOR, RoleName.DONOR_REPRESENTATIVE)
def donor(request: HttpRequest, donor_id: UUID) -> HttpResponse:
    """Show one donor: its agreements, pledges and people."""
    person = person_of(request)
    found = get_object_or_404(queries.donors_visible_to(person), pk=donor_id)
    today = clock.today()
    pledges = queries.pledges_visible_to(person).filter(donor=found).order_by("-announced_on", "-reference")
    shown = Paginator(queries.with_outstanding(pledges), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "donor": found,
        "page": shown,
        "agreements": queries.agreements_of(found),
        "representatives": [
            (one, dict(settings.LETTER_LANGUAGES).get(one.person.language), _may_choose(person, one))
            for one in found.representatives.filter(ended_at=None).select_related("person")
        ],
        "stop_requests": queries.with_answers(queries.stop_requests_visible_to(person).filter(donor=found)),
        "terminations": queries.terminations_of(found).values(),
        "may_terminate": permissions.may_file_stop_request(person, found),
        "events": events.about(found.id)[:PER_PAGE],
        "may_keep": permissions.may_keep_donors(person),
        "may_appoint": permissions.may_appoint_representatives(person),
        "holds": queries.holds_visible_to(person).filter(donor=found)[:PER_PAGE],
        "may_see_shares": permissions.may_see_donors(person),
        "today": today,
    }
    return render(request, "donors/donor.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@audience(RoleName.SECRETARIAT)
def appoint(request: HttpRequest, donor_id: UUID) -> HttpResponse:
    """Say who speaks for a donor."""
    person = person_of(request)
    enter(permissions.may_appoint_representatives(person))
    found = get_object_or_404(queries.donors_visible_to(person), pk=donor_id)
    form = RepresentativeForm(request.POST if request.method == "POST" else None)
    done = form.is_bound and act(
        form,
        lambda: operations.appoint_representative(
            donor_id=donor_id, person_id=form.cleaned_data["person"].pk, actor=person, at=clock.now()
        ),
    )
    if not done:
        return answer(form, request, "donors/appoint.html", donor=found)
    messages.success(
        request, _("%(name)s speaks for %(donor)s from now on.") % {"name": done.person.name, "donor": found.name}
    )
    return onward("donor", found.pk)


def _may_choose(person: User, representative: Representative) -> Verdict:
    return permissions.may_choose_language(person, representative.person)


@require_http_methods(["GET", "HEAD", "POST"])
@audience(RoleName.SECRETARIAT, RoleName.DONOR_REPRESENTATIVE)
def language(request: HttpRequest, representative_id: int) -> HttpResponse:
    """Choose in which language a representative is written to."""
    person = person_of(request)
    speaking = Representative.objects.filter(ended_at=None, donor__in=queries.donors_visible_to(person))
    found = get_object_or_404(speaking.select_related("donor", "person"), pk=representative_id)
    enter(permissions.may_choose_language(person, found.person))
    form = LanguageForm(request.POST if request.method == "POST" else None, initial={"language": found.person.language})
    done = form.is_bound and act(
        form,
        lambda: operations.choose_language(
            representative_id=found.pk, language=form.cleaned_data["language"], actor=person, at=clock.now()
        ),
    )
    if not done:
        return answer(form, request, "donors/language.html", representative=found)
    messages.success(
        request,
        _("%(name)s is written to in %(language)s from now on.")
        % {"name": done.person.name, "language": dict(settings.LETTER_LANGUAGES)[done.person.language]},
    )
    return onward("donor", found.donor_id)


@require_POST
@audience(RoleName.SECRETARIAT)
def end_representative(request: HttpRequest, representative_id: int) -> HttpResponse:
    """End a person's speaking for a donor."""
    person = person_of(request)
    enter(permissions.may_keep_donors(person))
    try:
        ended = operations.end_representative(representative_id=representative_id, actor=person, at=clock.now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return onward("donors")
    messages.success(request, _("%(name)s no longer speaks for the donor.") % {"name": ended.person.name})
    return onward("donor", ended.donor_id)


@require_http_methods(["GET", "HEAD", "POST"])
@audience(RoleName.SECRETARIAT)
def sign_agreement(request: HttpRequest, donor_id: UUID) -> HttpResponse:
    """Record a signed agreement."""
    person = person_of(request)
    enter(permissions.may_keep_donors(person))
    found = get_object_or_404(queries.donors_visible_to(person), pk=donor_id)
    posted = request.method == "POST"
    form = AgreementForm(request.POST if posted else None, request.FILES if posted else None)
    agreement = form.is_bound and act(form, lambda: _sign(found.pk, form.cleaned_data["terms"], person))
    if not agreement:
        return answer(form, request, "donors/agreement_new.html", donor=found)
    if agreement.holds.exists():
        messages.warning(
            request,
            _("Agreement %(reference)s is recorded, and held: its text names an earmark.")
            % {"reference": agreement.reference},
        )
        return onward("agreement", agreement.pk)
    messages.success(
        request, _("Agreement %(reference)s is recorded. Record its pledge next.") % {"reference": agreement.reference}
    )
    return onward("pledge_amount", agreement.pk)


def _sign(donor_id: UUID, terms: Terms, person: User) -> Agreement:
    return operations.sign_agreement(
        donor_id=donor_id,
        signed_on=terms.signed_on,
        from_year=terms.from_year,
        to_year=terms.to_year,
        currency=terms.currency,
        fee_rate=terms.fee_rate,
        termination_notice_days=terms.termination_notice_days,
        wording=terms.wording,
        actor=person,
        at=clock.now(),
    )

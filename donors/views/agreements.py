"""Pages about what donors signed: an agreement in all its versions, its document, and an amendment in three steps."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from donors import operations, permissions, queries
from donors.forms import AgreementForm, CheckForm, RescheduleForm
from donors.forms.agreements import paper_of
from donors.models import Agreement, Hold, Pledge
from donors.operations import Rescheduled
from donors.redlines import redline
from donors.terms import Terms
from donors.views.door import PER_PAGE, act, answer, enter, onward, person_of
from trustfund.core import clock, documents, events
from trustfund.core.audience import audience
from trustfund.core.money import total
from trustfund.core.refusals import Refusal
from trustfund.core.roles import RoleName

READERS = (RoleName.SECRETARIAT, RoleName.AUDITOR, RoleName.DONOR_REPRESENTATIVE)


def _found(request: HttpRequest, agreement_id: UUID) -> Agreement:
    """Return an agreement of a donor whom the person may know of, or answer that there is none."""
    known = Agreement.objects.filter(donor__in=queries.donors_visible_to(person_of(request)))
    return get_object_or_404(known.select_related("donor", "recorded_by"), pk=agreement_id)


@require_safe
@audience(*READERS)
def agreement(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Show a version of an agreement: what it says, what it changed, its document, and what was promised under it."""
    person = person_of(request)
    found = _found(request, agreement_id)
    versions = list(queries.versions_of_agreement(found))
    under = queries.pledges_visible_to(person).filter(agreement__reference=found.reference).order_by("reference")
    context = {
        "agreement": found,
        "versions": versions,
        "is_latest": versions[0].pk == found.pk,
        "changes": queries.redline_of(found),
        "reports": [(report.label, day.on(clock.today().year)) for report, day in found.reports.items()],
        "pledges": queries.with_outstanding(under)[:PER_PAGE],
        "holds": queries.holds_visible_to(person).filter(agreement__reference=found.reference)[:PER_PAGE],
        "events": events.about(*(version.pk for version in versions))[:PER_PAGE],
        "may_keep": permissions.may_keep_donors(person),
    }
    return render(request, "donors/agreement.html", context)


@require_safe
@audience(*READERS)
def document(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Hand out the signed document exactly as it was handed in."""
    found = _found(request, agreement_id)
    if not found.document_is_held:
        raise Http404(_("The fund does not hold this document; it knows its hash only."))
    response = HttpResponse(documents.read(found.document_sha256), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{found.reference}-version-{found.version}.pdf"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@audience(RoleName.SECRETARIAT)
def amend(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Take the first step of an amendment: what it says."""
    before = _to_amend(request, agreement_id)
    kept = _kept(request, before).get("terms")
    form = AgreementForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        amends=before,
        initial=kept or AgreementForm.of(before),
    )
    if not form.is_bound or not form.is_valid():
        return answer(form, request, "donors/agreement_amend.html", agreement=before)
    paper = form.cleaned_data["terms"].wording.paper
    if paper is not None and paper.content:
        documents.store(paper.content)
    typed = {name: str(form.cleaned_data.get(name) or "") for name in form.fields if name != "document"}
    typed["sha256"] = paper.sha256 if paper else ""
    _keep(request, before, "terms", typed | {"is_held": bool(paper and paper.content)})
    return onward("agreement_amend_schedules", before.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@audience(RoleName.SECRETARIAT)
def amend_schedules(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Take the second step: what becomes of the instalments of each pledge."""
    before = _to_amend(request, agreement_id)
    if _terms(request, before) is None:
        return onward("agreement_amend", before.pk)
    forms = _schedules(before, request.POST if request.method == "POST" else _kept(request, before).get("schedules"))
    bound = request.method == "POST"
    if not bound or not all(form.is_valid() for form in forms):
        return render(
            request,
            "donors/agreement_amend_schedules.html",
            {"agreement": before, "forms": forms},
            status=422 if bound else 200,
        )
    typed = {
        form.add_prefix(name): request.POST.get(form.add_prefix(name), "") for form in forms for name in form.fields
    }
    _keep(request, before, "schedules", typed)
    return onward("agreement_amend_check", before.pk)


@require_POST
@audience(RoleName.SECRETARIAT)
def amend_totals(request: HttpRequest, agreement_id: UUID, pledge_id: UUID) -> HttpResponse:
    """Say what a pledge would promise with the instalments that are being typed. Nothing is kept."""
    before = _to_amend(request, agreement_id)
    form = next((one for one in _schedules(before, request.POST) if one.pledge.pk == pledge_id), None)
    if form is None:
        raise Http404
    form.is_valid()
    whole = [*((part.due_on, part.amount) for part in form.kept), *form.typed_or_kept]
    amount = total((part for _day, part in whole), form.pledge.currency)
    return render(
        request,
        "donors/_totals.html",
        {
            "key": form.pledge.pk,
            "parts": len(whole),
            "added": amount,
            "pledged": form.pledge.amount,
            "difference": amount - form.pledge.amount,
            "is_amendment": True,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@audience(RoleName.SECRETARIAT)
def amend_check(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Take a last look at the redline, then put the amendment in the books, or hold its text for the committee."""
    person = person_of(request)
    before = _to_amend(request, agreement_id)
    terms = _terms(request, before)
    forms = _schedules(before, _kept(request, before).get("schedules"))
    if terms is None or not all(form.is_valid() for form in forms):
        return onward("agreement_amend", before.pk)
    if request.method == "POST" and "hold" in request.POST:
        return _hold(request, before, terms)
    form = CheckForm(request.POST if request.method == "POST" else None)
    changes = [
        Rescheduled(one.pledge.pk, one.rest, one.cleaned_data.get("added"))
        for one in forms
        if one.cleaned_data["schedule"] is not None
    ]
    done = form.is_bound and act(
        form,
        lambda: operations.amend_agreement(
            agreement_id=before.pk, terms=terms, rescheduled=changes, actor=person, at=clock.now()
        ),
    )
    if not done:
        plans = [(one, queries.plan_of(one.pledge, one.cleaned_data["schedule"])) for one in forms]
        pairs = tuple(
            (now, replace(now, amount=plan.amount, parts=plan.parts))
            for one, plan in plans
            for now in (queries.promised_now(one.pledge),)
        )
        return answer(
            form,
            request,
            "donors/agreement_amend_check.html",
            agreement=before,
            terms=terms,
            changes=redline(before.terms, terms, pairs),
            found=queries.findings_in(terms.wording.text, before.donor),
            is_early=terms.signed_on < before.signed_on,
        )
    del request.session[_key(before)]
    messages.success(request, _("%(version)s is in force.") % {"version": done})
    if terms.signed_on < before.signed_on:
        messages.warning(
            request, _("It was signed before the version that it amends, and counts from that one's day on.")
        )
    return onward("agreement", done.pk)


def _hold(request: HttpRequest, before: Agreement, terms: Terms) -> HttpResponse:
    try:
        hold = operations.hold_text(
            agreement_id=before.pk,
            of=Hold.AMENDMENT,
            text=terms.wording.text,
            actor=person_of(request),
            at=clock.now(),
        )
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return onward("agreement_amend_check", before.pk)
    messages.success(
        request, _("%(reference)s holds the text. Ask the committee, and come back.") % {"reference": hold.reference}
    )
    return onward("hold", hold.pk)


def _to_amend(request: HttpRequest, agreement_id: UUID) -> Agreement:
    enter(permissions.may_keep_donors(person_of(request)))
    return _found(request, agreement_id)


def _schedules(before: Agreement, data: Any) -> list[RescheduleForm]:
    """Return a form for each pledge that an amendment may change, filled with what was typed."""
    found = Pledge.objects.filter(agreement__reference=before.reference, versions__isnull=False)
    found = found.exclude(status="written_off").distinct().order_by("reference")
    forms = []
    for pledge in found:
        kept, free = queries.kept_and_free(pledge)
        forms.append(RescheduleForm(data or None, pledge=pledge, kept=kept, free=free))
    return forms


def _terms(request: HttpRequest, before: Agreement) -> Terms | None:
    """Return the first step's terms, made again, with the document read from where it is kept."""
    kept = _kept(request, before).get("terms")
    if not kept:
        return None
    form = AgreementForm(kept, amends=before)
    if not form.is_valid():
        return None
    terms: Terms = form.cleaned_data["terms"]
    paper = paper_of(kept["sha256"], is_held=kept["is_held"])
    return replace(terms, wording=replace(terms.wording, paper=paper))


def _key(before: Agreement) -> str:
    return f"amendment of {before.pk}"


def _kept(request: HttpRequest, before: Agreement) -> dict[str, Any]:
    kept = request.session.get(_key(before), {})
    return kept if isinstance(kept, dict) else {}


def _keep(request: HttpRequest, before: Agreement, step: str, answers: dict[str, Any]) -> None:
    request.session[_key(before)] = _kept(request, before) | {step: answers}

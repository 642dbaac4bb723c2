"""Pages between the fund and its bank: orders to fetch, answers to take in, and what a silent bank said."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from disbursements.forms.treasury import AnswerForm, StatusQueryForm
from disbursements.operations import bank_answers as operations
from disbursements.permissions import treasury as permissions
from disbursements.queries import bank_files as queries
from disbursements.views.payments import OFFICERS, PAGE, load
from disbursements.views.programmes import UNPROCESSABLE, insist, posted
from disbursements.views.reads import note_read
from trustfund.core import clock, documents
from trustfund.core.audience import audience, person_of
from trustfund.core.documents import DocumentAltered
from trustfund.core.refusals import Missing, Refusal
from trustfund.core.roles import RoleName

_PAYERS = (RoleName.CERTIFYING_OFFICER, RoleName.TREASURY_OFFICER)
_CONFLICT = 409


@audience(RoleName.TREASURY_OFFICER)
@require_safe
def order(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    """Hand out the order for the bank, exactly as it was written when the payment was released."""
    insist(permissions.may_read_order(person_of(request)))
    payment = load(request, payment_id)
    try:
        file = queries.file_of(payment)
        content = documents.read(file.sha256, documents.XML)
    except Missing as refusal:
        raise Http404(refusal.message) from refusal
    except DocumentAltered as refusal:
        return HttpResponse(refusal.message, status=_CONFLICT, content_type="text/plain; charset=utf-8")
    note_read(request, payment.bank_account, "order", in_full=True)
    answer = HttpResponse(content, content_type="application/xml")
    answer["Content-Disposition"] = f'attachment; filename="{payment.reference}.xml"'
    return answer


@audience(*OFFICERS, RoleName.AUDITOR)
@require_http_methods(["GET", "HEAD", "POST"])
def answers(request: HttpRequest) -> HttpResponse:
    """Show what banks answered; certifying and treasury officers take in another answer on POST."""
    verdict = permissions.may_take_in_answer(person_of(request))
    if request.method == "POST":
        insist(verdict)
    form = AnswerForm(posted(request), request.FILES or None)
    if form.is_valid():
        try:
            taken = operations.take_in_answer(
                content=form.cleaned_data["answer"], actor=person_of(request), at=clock.now()
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("%s is taken in. The payment stands where the bank says.") % taken.message)
            return redirect("disbursements:bank_answers")
    context = {
        "form": form,
        "page": Paginator(queries.answers(), PAGE).get_page(request.GET.get("page")),
        "verdict": verdict,
    }
    return render(request, "disbursements/bank_answers.html", context, status=UNPROCESSABLE if form.errors else None)


@audience(*_PAYERS)
@require_http_methods(["GET", "HEAD", "POST"])
def status_query(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    """Ask what a silent bank said about an order, and write it down on POST."""
    insist(permissions.may_take_in_answer(person_of(request)))
    payment = load(request, payment_id)
    form = StatusQueryForm(posted(request))
    if form.is_valid():
        try:
            operations.record_status_query(
                payment_id=payment.pk, actor=person_of(request), at=clock.now(), **form.cleaned_data
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("It is in the record. The order is not sent again."))
            return redirect("disbursements:payment", payment.pk)
    context = {
        "form": form,
        "title": _("What the bank says of %(payment)s") % {"payment": payment.reference},
        "intro": _("Ask the bank by another way than the file. The order is never sent a second time."),
        "verb": _("Write it down"),
        "back": "disbursements:release_queue",
    }
    return render(request, "disbursements/plain_form.html", context, status=UNPROCESSABLE if form.errors else None)

"""Pages on which a refund is taken off a payment: asking for it, and one with a certifying officer's answer."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from disbursements.forms.offsets import AGREE, AnswerForm, OffsetForm
from disbursements.models import RefundOffset
from disbursements.operations import offsets as operations
from disbursements.permissions import reports as permissions
from disbursements.queries import offsets as queries
from disbursements.queries import payments as payment_queries
from disbursements.queries.movements import held_by_organisation
from disbursements.queries.partners import visible_programmes
from disbursements.views.asking import Ask, answer
from disbursements.views.programmes import READERS, UNPROCESSABLE, insist, posted
from ledger import queries as ledger_queries
from ledger.permissions import may_read
from trustfund.core import clock, events, step_up
from trustfund.core.audience import audience, person_of
from trustfund.core.refusals import Missing, Refusal
from trustfund.core.roles import RoleName

_ENTRIES = 50


@audience(RoleName.SECRETARIAT)
@require_http_methods(["GET", "HEAD", "POST"])
def new_offset(request: HttpRequest, programme_id: UUID) -> HttpResponse:
    """Ask how much of what is owed is taken off which tranche, and lay it before a certifying officer on POST."""
    person = person_of(request)
    programme = get_object_or_404(visible_programmes(person), pk=programme_id)
    insist(permissions.may_offset(person))
    owed = held_by_organisation(programme)
    tranches = queries.payable_to_the_debtor(programme)
    form = OffsetForm(posted(request), tranches=tranches, initial={"amount": str(owed.amount)})

    def act() -> str:
        offset = operations.propose_offset(
            programme_id=programme.pk,
            tranche_id=form.cleaned_data["tranche"].pk,
            amount=form.cleaned_data["amount"],
            reason=form.cleaned_data["reason"],
            actor=person,
            at=clock.now(),
        )
        return reverse("disbursements:offset", args=[offset.pk])

    above = reverse("disbursements:closure", args=[programme.pk])
    ask = Ask(
        title=_("Take a refund off a payment"),
        button=_("Ask a certifying officer"),
        back=above,
        crumbs=((reverse("disbursements:closures"), _("Closure")), (above, programme.reference)),
        lead=_(
            "The organisation is paid so much less for another programme, and owes so much less of this one. No money "
            "moves; a certifying officer agrees first."
        ),
        facts=((_("Organisation"), programme.organisation.name), (_("Owed of this programme"), str(owed))),
    )
    return answer(ask, request, form, act, _("Asked for. A certifying officer agrees to it or not."))


@audience(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def offset_detail(request: HttpRequest, offset_id: UUID) -> HttpResponse:
    """Show what is taken off what; a certifying officer agrees with a fresh second factor, or declines, on POST."""
    person, offset = person_of(request), _load(request, offset_id)
    verdict = permissions.may_answer_offset(person, offset)
    if request.method == "POST":
        insist(verdict)
    form = AnswerForm(posted(request))
    if form.is_valid():
        try:
            _answer(form, request, offset)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            said = _("Taken off.") if form.agrees else _("Declined. The organisation gives the money back instead.")
            messages.success(request, said)
            return redirect("disbursements:offset", offset.pk)
    print_ = queries.fingerprint_of(offset, form.number)
    context = {
        "offset": offset,
        "form": form,
        "agree": AGREE,
        "print": print_,
        "passkey_options": step_up.passkey_options(person, print_),
        "verdict": verdict,
        "left": payment_queries.amount_to_pay(offset.tranche),
        "owed": held_by_organisation(offset.claim.programme),
        "record": events.about(offset.pk),
        "entries": ledger_queries.entries_about(offset.pk)[:_ENTRIES] if may_read(person) else (),
    }
    return render(request, "disbursements/offset.html", context, status=UNPROCESSABLE if form.errors else None)


def _answer(form: AnswerForm, request: HttpRequest, offset: RefundOffset) -> None:
    person, at = person_of(request), clock.now()
    if form.agrees:
        operations.agree_to_offset(
            offset_id=offset.pk, proof=form.proof, nonce=form.cleaned_data["nonce"], actor=person, at=at
        )
    else:
        operations.decline_offset(offset_id=offset.pk, note=form.cleaned_data["note"], actor=person, at=at)


def _load(request: HttpRequest, offset_id: UUID) -> RefundOffset:
    try:
        return queries.offset_of(offset_id, person_of(request))
    except Missing as refusal:
        raise Http404(refusal.message) from refusal

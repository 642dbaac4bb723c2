"""Pages that show payments: the release queue, the list with its CSV, and one payment with its gates."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from disbursements.forms.payments import PaymentFilter
from disbursements.gates import Gate
from disbursements.models import BankAnswerLine, Payment, PaymentFile, StatusQuery
from disbursements.payment_states import PaymentStatus, StepKind
from disbursements.permissions import payments as permissions
from disbursements.permissions.treasury import may_queue, may_read_order, may_take_in_answer
from disbursements.queries import bank_files, bank_lines, rules
from disbursements.queries import offsets as offset_queries
from disbursements.queries import payments as queries
from disbursements.queries.bank_lines import Seen
from disbursements.views.reads import note_read
from ledger import queries as ledger_queries
from ledger.permissions import may_read
from trustfund.core import clock, events
from trustfund.core.audience import SIGNED_IN, audience, person_of
from trustfund.core.refusals import Missing
from trustfund.core.roles import RoleName
from trustfund.core.verdicts import Verdict

PAGE = 50
# Of the queue, less: every line weighs all gates and signatures anew.
QUEUE_PAGE = 25
_CHUNK = 500
# What a spreadsheet would read as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

OFFICERS = (RoleName.SECRETARIAT, RoleName.CERTIFYING_OFFICER, RoleName.TREASURY_OFFICER)


@dataclass(frozen=True)
class Turn:
    """A step that could come next: its address, its words, and whether this person may take it."""

    url_name: str
    label: str
    icon: str
    verdict: Verdict
    is_quiet: bool = False


@audience(*OFFICERS, RoleName.AUDITOR)
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Show what waits for a signature by value date, what is in transit, and which tranches can be prepared."""
    page = Paginator(queries.release_queue(), QUEUE_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": queries.standings(list(page.object_list), clock.now()),
        "in_transit": queries.in_transit()[:PAGE],
        "tranches": queries.tranches_to_pay()[:PAGE],
        "may_prepare": person_of(request).holds(RoleName.SECRETARIAT) and not person_of(request).is_seconded,
        "now": clock.now(),
        "silent_since": clock.now() - timedelta(hours=rules.in_force().answer_hours),
    }
    return render(request, "disbursements/release_queue.html", context)


@audience(SIGNED_IN)
@require_safe
def payment_list(request: HttpRequest) -> HttpResponse:
    """Show the payments this person sees, filtered, latest first."""
    form = PaymentFilter(request.GET)
    found = queries.visible_payments(person_of(request))
    if form.is_valid():
        found = queries.filtered(found, status=form.cleaned_data["status"], words=form.cleaned_data["q"])
    page = Paginator(queries.as_listed(found), PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "query": request.GET.urlencode(),
        "sees_queue": person_of(request).holds(*OFFICERS, RoleName.AUDITOR),
    }
    return render(request, "disbursements/payments.html", context)


@audience(SIGNED_IN)
@require_safe
def payments_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Send the same list as CSV. Bank details are never in it."""
    form = PaymentFilter(request.GET)
    found = queries.visible_payments(person_of(request))
    if form.is_valid():
        found = queries.filtered(found, status=form.cleaned_data["status"], words=form.cleaned_data["q"])
    head = ["reference", "status", "tranche", "programme", "organisation", "currency", "amount", "value_on"]
    head += ["prepared_at", "released_at", "ended_at", "replaces"]
    return csv_of("payments", head, (_row(payment) for payment in queries.as_listed(found).iterator(chunk_size=_CHUNK)))


@audience(SIGNED_IN)
@require_safe
def detail(request: HttpRequest, payment_id: UUID) -> HttpResponse:
    """Show one payment: gates with evidence, beneficiary, signatures, whose turn it is, record and entries."""
    payment = load(request, payment_id)
    standing = queries.standing_of(payment, clock.now())
    sees_details = permissions.may_see_bank_details(person_of(request))
    if sees_details:
        note_read(request, payment.bank_account, "payment")
    context = {
        "payment": payment,
        "standing": standing,
        "gates": standing.gates or _gates_kept(standing),
        "sees_details": sees_details,
        "bank": _bank_of(request, payment) if sees_details else None,
        "turns": turns_of(request, payment),
        "events": events.about(payment.pk),
        "record_of_gates": not standing.gates,
        "taken_off": offset_queries.taken_off([payment.tranche_id]).get(payment.tranche_id, ()),
        "entries": ledger_queries.entries_about(payment.pk)[:PAGE] if may_read(person_of(request)) else (),
    }
    return render(request, "disbursements/payment.html", context)


@dataclass(frozen=True)
class Bank:
    """What the bank has to do with a payment: its order, what it answered, and whether it is silent."""

    file: PaymentFile | None
    answers: Iterable[BankAnswerLine]
    asked: Iterable[StatusQuery]
    is_silent: bool
    silent_since: datetime | None
    may_fetch: Verdict
    may_answer: Verdict
    may_queue: Verdict
    seen: Seen | None


def _bank_of(request: HttpRequest, payment: Payment) -> Bank:
    person, hours = person_of(request), rules.in_force().answer_hours
    file = getattr(payment, "file", None)
    answers = list(bank_files.answers_to(payment))
    silent_since = payment.released_at + timedelta(hours=hours) if payment.released_at and file else None
    waits = payment.status == PaymentStatus.RELEASED and not answers and silent_since is not None
    return Bank(
        file=file,
        answers=answers,
        asked=payment.status_queries.select_related("asked_by").order_by("-asked_at"),
        is_silent=waits and silent_since is not None and clock.now() >= silent_since,
        silent_since=silent_since,
        may_fetch=may_read_order(person),
        may_answer=may_take_in_answer(person),
        may_queue=may_queue(person),
        seen=bank_lines.seen_of_payment(payment),
    )


def load(request: HttpRequest, payment_id: UUID) -> Payment:
    """
    Return a payment that the person sees.

    :raises Http404: if there is none, or not for this person
    """
    try:
        return queries.payment_of(payment_id, person_of(request))
    except Missing as refusal:
        raise Http404(refusal.message) from refusal


def turns_of(request: HttpRequest, payment: Payment) -> list[Turn]:
    """Return the steps that could come next, each with whether this person may take it; none for onlookers."""
    if not person_of(request).holds(*OFFICERS):
        return []
    words = {
        StepKind.CERTIFY: ("disbursements:certify_payment", _("Check and certify"), "shield-check", False),
        StepKind.RELEASE: ("disbursements:release_payment", _("Check and release"), "fingerprint", False),
        StepKind.CONFIRM: ("disbursements:confirm_payment", _("Confirm arrival"), "circle-check", False),
        StepKind.RETURN: ("disbursements:return_payment", _("Record a return"), "arrow-back-up", True),
        StepKind.CANCEL: ("disbursements:cancel_payment", _("Cancel payment"), "x", True),
    }
    open_to = {
        PaymentStatus.PREPARED: (StepKind.CERTIFY, StepKind.CANCEL),
        PaymentStatus.CERTIFIED: (StepKind.RELEASE, StepKind.CANCEL),
        PaymentStatus.RELEASED: (StepKind.CONFIRM, StepKind.RETURN),
        PaymentStatus.SENT: (StepKind.CONFIRM, StepKind.RETURN),
        PaymentStatus.CONFIRMED: (StepKind.RETURN,),
    }.get(PaymentStatus(payment.status), ())
    return [
        Turn(
            url_name=words[kind][0],
            label=words[kind][1],
            icon=words[kind][2],
            verdict=permissions.may_take(kind, person_of(request), payment),
            is_quiet=words[kind][3],
        )
        for kind in open_to
    ]


def _gates_kept(standing: queries.Standing) -> list[Gate]:
    """Return the gates as they stood at the last signature that looked at them."""
    kept = [step.gates for step in standing.steps if step.gates]
    return [Gate(**gate) for gate in kept[-1]] if kept else []


def _row(payment: Payment) -> list[str]:
    programme = payment.tranche.proposal.programme
    moments = (payment.prepared_at, payment.released_at, payment.ended_at)
    return [
        payment.reference,
        payment.status,
        payment.tranche.reference,
        programme.reference,
        programme.organisation.name,
        payment.currency,
        str(payment.amount.amount),
        payment.value_on.isoformat(),
        *(moment.isoformat(timespec="seconds") if moment else "" for moment in moments),
        payment.replaces.reference if payment.replaces else "",
    ]


def csv_of(name: str, head: list[str], rows: Iterable[list[str]]) -> StreamingHttpResponse:
    """Return rows as a CSV download, written as they are read; nothing in it is read as a formula."""

    def lines() -> Iterator[str]:
        yield _line(head)
        for row in rows:
            yield _line(row)

    answer = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def _line(cells: list[str]) -> str:
    safe = [f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells]
    return ",".join('"' + cell.replace('"', '""') + '"' for cell in safe) + "\r\n"

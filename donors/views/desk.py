"""The receipts desk: the bank's lines that wait on the left, what each may be on the right."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bank import queries as bank_queries
from bank.models import BankLine
from donors import operations, permissions, queries
from donors.forms import DeclineForm, SplitForm, WordForm
from donors.models import Match
from donors.views.door import act, answer, enter, onward, person_of
from trustfund.core import clock, events
from trustfund.core.audience import audience
from trustfund.core.models import User
from trustfund.core.refusals import Refusal
from trustfund.core.roles import RoleName

READERS: Final = (RoleName.SECRETARIAT, RoleName.TREASURY_OFFICER, RoleName.AUDITOR)
_PER_PAGE: Final = 20
_OUT: Final = "out"


@require_safe
@audience(*READERS)
def desk(request: HttpRequest) -> HttpResponse:
    """Show the lines that wait, and what the first of them may be."""
    person = person_of(request)
    enter(permissions.may_see_desk(person))
    page = _page(request)
    first = page["page"].object_list[0] if page["page"].object_list else None
    return render(request, "donors/desk.html", page | _beside(person, first))


@require_http_methods(["GET", "HEAD", "POST"])
@audience(*READERS)
def desk_line(request: HttpRequest, line_id: UUID) -> HttpResponse:
    """Show what a line may be, and match it."""
    person = person_of(request)
    enter(permissions.may_see_desk(person))
    line = bank_queries.line_of(line_id)
    if line is None:
        raise Http404
    beside = _beside(person, line)
    if request.method == "POST":
        enter(permissions.may_keep_donors(person))
        form = _split_form(line, beside["others"], request.POST)
        receipts = act(
            form,
            lambda: operations.match_lines(parts=form.cleaned_data["parts"], actor=person, at=clock.now()),
        )
        if receipts:
            net = sum((receipt.net_usd for receipt in receipts[1:]), start=receipts[0].net_usd)
            messages.success(
                request,
                ngettext(
                    "%(names)s: %(net)s reached the pool and is spendable.",
                    "%(names)s: %(net)s reached the pool and are spendable.",
                    len(receipts),
                )
                % {"names": ", ".join(receipt.reference for receipt in receipts), "net": net},
            )
            return onward("desk")
        beside["form"] = form
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    return render(request, "donors/desk.html", _page(request, line) | beside, status=status)


def _page(request: HttpRequest, chosen: BankLine | None = None) -> dict[str, Any]:
    goes_out = request.GET.get("way") == _OUT or (chosen is not None and not chosen.is_credit)
    waiting = bank_queries.unused_debits() if goes_out else bank_queries.unused_credits()
    return {
        "page": Paginator(waiting, _PER_PAGE).get_page(request.GET.get("page")),
        "goes_out": goes_out,
        "other_way": (bank_queries.unused_credits() if goes_out else bank_queries.unused_debits()).count(),
        "matches": queries.open_matches()[:_PER_PAGE],
    }


def _beside(person: User, line: BankLine | None) -> dict[str, Any]:
    """Return what stands beside a line: suggestions and forms for what came in, what was taken back for what left."""
    context: dict[str, Any] = {"line": line, "may_keep": permissions.may_keep_donors(person), "others": []}
    if line is None or not line.left:
        return context
    if not line.is_credit:
        return context | {"taken_back": queries.taken_back_by(line)}
    suggested = queries.suggestions_for(line, line.left)
    others = queries.other_credits_of(line)
    best = suggested[0] if suggested and not suggested[0].needs_two else None
    initial = {"pledge_1": best.candidate.pledge_id, "amount_1": str(best.amount.amount)} if best else {}
    return context | {
        "suggestions": suggested,
        "others": others,
        "typed": queries.typed_receipts_like(line),
        "form": _split_form(line, others, initial=initial or {"amount_1": str(line.left.amount)}),
    }


def _split_form(line: BankLine, others: list[BankLine], said: Any = None, **more: Any) -> SplitForm:
    return SplitForm(said, line=line, others=others, **more)


@require_http_methods(["GET", "HEAD", "POST"])
@audience(RoleName.SECRETARIAT)
def propose(request: HttpRequest, line_id: UUID) -> HttpResponse:
    """Say what a line in another currency settles, for another person to confirm."""
    person = person_of(request)
    enter(permissions.may_keep_donors(person))
    line = bank_queries.line_of(line_id)
    if line is None:
        raise Http404
    form = WordForm(
        request.POST if request.method == "POST" else None,
        initial={"pledge": request.GET.get("pledge", ""), "amount": str(line.left.amount)},
        currency=line.currency,
    )
    proposed = form.is_bound and act(
        form,
        lambda: operations.propose_match(
            pledge_id=form.cleaned_data["pledge"].pk,
            line_id=line_id,
            received=form.cleaned_data["received"],
            settles=form.cleaned_data["settled"],
            grounds=form.cleaned_data["grounds"],
            actor=person,
            at=clock.now(),
        ),
    )
    if not proposed:
        return answer(form, request, "donors/propose.html", line=line)
    return proposed_onward(proposed, request)


def proposed_onward(match: Match, request: HttpRequest) -> HttpResponse:
    """Say that a match waits for another person, and lead to its page."""
    messages.success(
        request, _("%(reference)s waits for a second person. Nothing has moved.") % {"reference": match.reference}
    )
    return onward("match", match.pk)


def _do(request: HttpRequest, operation: Callable[[], str], back: str, *parts: Any) -> HttpResponse:
    """Act once, say how it ended, and go back."""
    try:
        messages.success(request, operation())
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return onward(back, *parts)


@require_POST
@audience(RoleName.SECRETARIAT)
def hold(request: HttpRequest, line_id: UUID) -> HttpResponse:
    """Book what is left of a line as unidentified."""
    person = person_of(request)
    enter(permissions.may_keep_donors(person))

    def act_once() -> str:
        held = operations.hold_unidentified(line_id=line_id, actor=person, at=clock.now())
        return _("%(reference)s: %(amount)s is held, and nobody can spend it.") % {
            "reference": held.reference,
            "amount": held.amount,
        }

    return _do(request, act_once, "desk")


def _id(request: HttpRequest, name: str) -> UUID:
    try:
        return UUID(request.POST.get(name, ""))
    except (ValueError, ValidationError):
        raise Http404 from None


@require_POST
@audience(RoleName.SECRETARIAT)
def tie(request: HttpRequest, line_id: UUID) -> HttpResponse:
    """Say that a line is a receipt which was typed by hand."""
    person = person_of(request)
    enter(permissions.may_keep_donors(person))
    receipt_id = _id(request, "receipt")

    def act_once() -> str:
        receipt = operations.tie_receipt_to_line(receipt_id=receipt_id, line_id=line_id, actor=person, at=clock.now())
        return _("The line is receipt %(reference)s. Nothing was recorded again.") % {"reference": receipt.reference}

    return _do(request, act_once, "desk")


@require_POST
@audience(RoleName.SECRETARIAT)
def set_aside(request: HttpRequest, line_id: UUID) -> HttpResponse:
    """Say that a debit took back a credit that nothing uses."""
    person = person_of(request)
    enter(permissions.may_keep_donors(person))
    credit_id = _id(request, "credit")

    def act_once() -> str:
        operations.set_aside_return(credit_id=credit_id, debit_id=line_id, actor=person, at=clock.now())
        return _("Both lines are explained. Nothing was posted.")

    return _do(request, act_once, "desk")


@require_safe
@audience(*READERS)
def match(request: HttpRequest, match_id: UUID) -> HttpResponse:
    """Show a match that needs two people: what was said, and the decision."""
    person = person_of(request)
    enter(permissions.may_see_desk(person))
    return answer(DeclineForm(), request, "donors/match.html", **_match_context(person, _match(match_id)))


def _match(match_id: UUID) -> Match:
    found = queries.match_of(match_id)
    if found is None:
        raise Http404
    return found


def _match_context(person: User, found: Match) -> dict[str, Any]:
    """Return what the page of a match shows, its form left out."""
    return {
        "match": found,
        "may_confirm": permissions.may_confirm_match(person, found),
        "may_decline": permissions.may_decline_match(person, found),
        "may_open_receipt": permissions.may_see_donors(person),
        "events": events.about(found.pk),
    }


@require_POST
@audience(RoleName.SECRETARIAT, RoleName.TREASURY_OFFICER)
def confirm(request: HttpRequest, match_id: UUID) -> HttpResponse:
    """Agree to a match: the money is recorded."""
    person = person_of(request)
    enter(permissions.may_see_desk(person))
    found = _match(match_id)

    def act_once() -> str:
        receipt = operations.confirm_match(match_id=found.pk, actor=person, at=clock.now())
        return _("%(reference)s: %(net)s reached the pool and is spendable.") % {
            "reference": receipt.reference,
            "net": receipt.net_usd,
        }

    return _do(request, act_once, "match", found.pk)


@require_POST
@audience(RoleName.SECRETARIAT, RoleName.TREASURY_OFFICER)
def decline(request: HttpRequest, match_id: UUID) -> HttpResponse:
    """Say that a match does not stand."""
    person = person_of(request)
    enter(permissions.may_see_desk(person))
    found = _match(match_id)
    form = DeclineForm(request.POST)
    declined = act(
        form,
        lambda: operations.decline_match(
            match_id=found.pk, because=form.cleaned_data["because"], actor=person, at=clock.now()
        ),
    )
    if not declined:
        return answer(form, request, "donors/match.html", **_match_context(person, found))
    messages.success(request, _("The match does not stand. The money waits as before."))
    return redirect("donors:match", found.pk)

"""What every page of the donors does at its door: who is here, what they may find, and how a no is shown."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from trustfund.core.models import User
from trustfund.core.refusals import Refusal
from trustfund.core.verdicts import Verdict

PER_PAGE = 50


def person_of(request: HttpRequest) -> User:
    """Return who is signed in; the audience lets nobody else through."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def enter(verdict: Verdict) -> None:
    """
    Let the person in, or answer 403 with the reason.

    :raises PermissionDenied: on a no
    """
    if not verdict:
        raise PermissionDenied(verdict.reason)


def act(form: Form, operation: Callable[[], Any]) -> Any:
    """Return what the operation returns, or nothing: the form was wrong, or now carries the refusal."""
    if not form.is_valid():
        return None
    try:
        return operation()
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return None


def answer(form: Form, request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    """Return a page with a form: 422 when what was sent did not go through."""
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound and form.errors else HTTPStatus.OK
    return render(request, template, {"form": form, **context}, status=status)


def onward(name: str, *parts: Any) -> HttpResponse:
    """Return the way to another page of the donors."""
    return redirect(f"donors:{name}", *parts)

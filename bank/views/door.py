"""What every page of the bank does at its door: who is here, and how a no is shown."""

from http import HTTPStatus
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bank import permissions
from trustfund.core.audience import person_of
from trustfund.core.models import User
from trustfund.core.verdicts import Verdict

PER_PAGE: Final = 50


def reader_of(request: HttpRequest) -> User:
    """
    Return who is signed in, if they may read the bank's words.

    :raises PermissionDenied: if they may not
    """
    person = person_of(request)
    enter(permissions.may_see_bank(person))
    return person


def enter(verdict: Verdict) -> None:
    """
    Let the person in, or answer 403 with the reason.

    :raises PermissionDenied: on a no
    """
    if not verdict:
        raise PermissionDenied(verdict.reason)


def answer(form: Form, request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    """Return a page with a form: 422 when what was sent did not go through."""
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound and form.errors else HTTPStatus.OK
    return render(request, template, {"form": form, **context}, status=status)

"""Pages that hold one form and do one thing: asked by the same template, answered in the same way."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from disbursements.views.programmes import UNPROCESSABLE
from trustfund.core.refusals import Refusal


@dataclass(frozen=True)
class Ask:
    """
    What a page with one form says around it.

    :ivar crumbs: addresses and words of the pages above it
    :ivar facts: label and words of what the form is about
    :ivar aside: an address and words of what else can be done
    """

    title: str
    button: str
    back: str
    crumbs: tuple[tuple[str, str], ...] = ()
    lead: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    aside: tuple[tuple[str, str], ...] = field(default_factory=tuple)


def answer(ask: Ask, request: HttpRequest, form: forms.Form, act: Callable[[], str], said: str) -> HttpResponse:
    """
    Show a form; when it is sent, act once and go on to the address that the act returns.

    A refusal stands above the form, with what was typed kept.
    """
    if form.is_valid():
        try:
            onward = act()
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, said)
            return redirect(onward)
    status = UNPROCESSABLE if form.errors else None
    return render(request, "disbursements/ask_form.html", {"form": form, "ask": ask}, status=status)


def do(act: Callable[[], object], request: HttpRequest, said: str, onward: str) -> HttpResponse:
    """Act once on a button that was pressed, say how it went, and go on."""
    try:
        act()
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, said)
    return redirect(onward)

"""People and their roles, for the fund administrator."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from committee import operations as committee_operations
from trustfund.core import clock, events, operations, permissions
from trustfund.core.audience import audience, person_of
from trustfund.core.models import User
from trustfund.core.refusals import Refusal
from trustfund.core.roles import RoleName
from trustfund.pages.forms import DescribeForm, InviteForm, RoleForm
from trustfund.pages.queries import people as people_queries

PER_PAGE = 50


@require_http_methods(["GET", "POST"])
@audience(RoleName.FUND_ADMINISTRATOR)
def people(request: HttpRequest) -> HttpResponse:
    """List the people of the fund with their roles, and invite another."""
    form = InviteForm(request.POST or None)
    if form.is_valid():
        try:
            invited = operations.invite_person(
                email=form.cleaned_data["email"],
                name=form.cleaned_data["name"],
                password=form.cleaned_data["password"],
                is_seconded=form.cleaned_data["is_seconded"],
                actor=person_of(request),
                at=clock.now(),
            )
        except Refusal as refusal:
            form.add_error("email", refusal.message)
        else:
            messages.success(request, _("Invited. Now give %(name)s a role.") % {"name": invited.name})
            return redirect("pages:person", invited.id)
    page = Paginator(people_queries.everybody(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "pages/people.html", {"page": page, "form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@audience(RoleName.FUND_ADMINISTRATOR)
def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Show a person's roles; give one, or end one."""
    shown = people_queries.person_of(person_id)
    if shown is None:
        raise Http404
    form = RoleForm(request.POST or None, held=shown.role_names)
    if "end" in request.POST:
        return _end(request, shown)
    describing = "describe" in request.POST
    whose = DescribeForm(
        request.POST if describing else None, initial={"state": shown.state, "employer": shown.employer}
    )
    if describing:
        form = RoleForm(None, held=shown.role_names)
        if whose.is_valid() and _described(request, shown, whose):
            return redirect("pages:person", person_id)
    if form.is_valid():
        try:
            operations.grant_role(
                person_id=person_id,
                role=RoleName(form.cleaned_data["role"]),
                actor=person_of(request),
                at=clock.now(),
            )
        except Refusal as refusal:
            form.add_error("role", refusal.message)
        else:
            messages.success(request, _("The role is given."))
            return redirect("pages:person", person_id)
    return render(
        request,
        "pages/person.html",
        {
            "shown": shown,
            "form": form,
            "whose": whose,
            "roles": people_queries.roles_of(shown),
            "may_change": permissions.may_change_roles_of(person_of(request), person_id),
            "record": events.about(person_id)[:PER_PAGE],
        },
        status=422 if form.is_bound or whose.is_bound else 200,
    )


def _described(request: HttpRequest, shown: User, whose: DescribeForm) -> bool:
    """Note a person's state and employer; return whether that was let."""
    try:
        committee_operations.describe_member(
            person_id=shown.pk, **whose.cleaned_data, actor=person_of(request), at=clock.now()
        )
    except Refusal as refusal:
        whose.add_error("state", refusal.message)
        return False
    messages.success(request, _("Noted. On the committee they leave the table when one of these would gain or lose."))
    return True


def _end(request: HttpRequest, shown: User) -> HttpResponse:
    try:
        name = RoleName(request.POST["end"])
        operations.end_role(person_id=shown.pk, role=name, actor=person_of(request), at=clock.now())
    except ValueError:
        messages.error(request, _("There is no such role."))
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The role has ended."))
    return redirect("pages:person", shown.pk)

"""Pages about the fund's own bank accounts."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bank import operations, permissions
from bank.forms import OwnAccountForm
from bank.views.door import answer, enter, reader_of
from trustfund.core import clock
from trustfund.core.audience import audience
from trustfund.core.refusals import Refusal
from trustfund.core.roles import RoleName


@audience(RoleName.TREASURY_OFFICER)
@require_http_methods(["GET", "HEAD", "POST"])
def new_account(request: HttpRequest) -> HttpResponse:
    """Register a bank account of the fund."""
    person = reader_of(request)
    enter(permissions.may_keep_own_accounts(person))
    form = OwnAccountForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            account = operations.register_own_account(**form.cleaned_data, actor=person, at=clock.now())
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(
                request, _("Statements about %(account)s are taken in from now on.") % {"account": account}
            )
            return redirect("bank:files")
    return answer(form, request, "bank/account_new.html")

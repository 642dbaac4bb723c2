"""The way from an id, as it stands in the books and the record, to the page about the thing."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from trustfund.core.audience import SIGNED_IN, audience, person_of
from trustfund.pages.queries.subjects import address_of


@require_safe
@audience(SIGNED_IN)
def subject(request: HttpRequest, subject: UUID) -> HttpResponse:
    """Lead to the page about a thing; one that the person may not see is not there."""
    address = address_of(subject, person_of(request))
    if address is None:
        raise Http404(_("There is nothing here that you may open."))
    return redirect(address)

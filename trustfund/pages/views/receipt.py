"""A member's own receipt of a vote on paper: set when it is asked for, the same bytes each time, kept by nobody."""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from committee import permissions, queries
from committee.rules import Principle
from trustfund.core.audience import audience, person_of
from trustfund.core.roles import RoleName

# By name, because WeasyPrint takes half a second to load and few pages need it.
_RENDER = "assurance.rendering.render"


@audience(RoleName.COMMITTEE_MEMBER, RoleName.ALTERNATE, RoleName.CHAIR)
@require_safe
def ballot_paper(request: HttpRequest, ballot_id: UUID) -> HttpResponse:
    """Give the member who voted the receipt of their vote as a PDF; it is not there for anybody else."""
    ballot = queries.ballot_of(ballot_id)
    if ballot is None or not permissions.may_read_ballot(person_of(request), ballot):
        raise Http404
    number = _("%(motion)s, ballot %(number)d") % {"motion": ballot.motion.reference, "number": ballot.number}
    rendered = import_string(_RENDER)(
        "reports/ballot_receipt.html",
        {
            "fund": settings.FUND_NAME,
            "title": _("Receipt of a vote"),
            "number": number,
            "as_of": ballot.cast_at.date(),
            "moment": ballot.cast_at,
            "motion": ballot.motion,
            "ballot": ballot,
            "principles": [(one.label, ballot.principles.get(str(one), "")) for one in Principle],
        },
    )
    answer = HttpResponse(rendered.content, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{ballot.motion.reference}-ballot-{ballot.number}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer

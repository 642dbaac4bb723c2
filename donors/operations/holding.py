"""Holding a text that ties money to something, inside an operation: what was found waits for the committee."""

from datetime import datetime

from django.utils.translation import gettext as _

from donors import earmarks, queries
from donors.models import Agreement, Donor, Hold, Pledge
from trustfund.core import events
from trustfund.core.db import require_transaction
from trustfund.core.models import User
from trustfund.core.numbering import next_reference
from trustfund.core.refusals import WrongState


class Held(WrongState):
    """A text that names an earmark holds this until the committee has accepted it as a preference."""

    code = "held"


def require_untied(text: str, donor: Donor) -> None:
    """
    Do nothing if a donor's text ties money to nothing, or the committee has accepted it.

    :raises Earmarked: naming the words and why
    """
    found = queries.findings_in(text, donor)
    if found:
        raise earmarks.refusal_of(found)


def require_free(agreement: Agreement | None, pledge: Pledge | None = None) -> None:
    """
    Do nothing if neither a pledge nor its agreement is held.

    :raises Held: if one is
    """
    held = queries.open_holds_on(agreement, pledge).first()
    if held is not None:
        raise Held(
            _("%(reference)s holds this: the text names %(words)s. The committee alone lets it go.")
            % {"reference": held.reference, "words": ", ".join(f"“{one.words}”" for one in held.found)}
        )


def hold_if_tied(
    text: str,
    donor: Donor,
    *,
    of: str,
    agreement: Agreement | None = None,
    pledge: Pledge | None = None,
    by: User,
    at: datetime,
) -> Hold | None:
    """Hold a donor's text if it ties money to something, and return the hold; a text that is held already stays so."""
    require_transaction()
    found = queries.findings_in(text, donor)
    if not found:
        return None
    fingerprint = queries.fingerprint_of(text)
    before = Hold.objects.filter(donor=donor, fingerprint=fingerprint).first()
    if before is not None:
        return before
    hold = Hold.objects.create(
        reference=next_reference("HLD", at.date()),
        donor=donor,
        of=of,
        agreement=agreement,
        pledge=pledge,
        fingerprint=fingerprint,
        findings=[{"words": one.words, "reason": str(one.reason), "sentence": one.sentence} for one in found],
        held_by=by,
        held_at=at,
    )
    events.record("text.held", about=hold.id, by=by, at=at, reference=hold.reference, donor=donor.name, of=of)
    return hold

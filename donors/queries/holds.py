"""Which names a donor's text may not tie money to, which texts are held, and which the committee has accepted."""

import hashlib
from typing import Final

from django.db.models import F, Q, QuerySet

from committee import queries as committee_queries
from committee.models import Motion
from donors import earmarks
from donors.earmarks import Finding, Known
from donors.models import Agreement, Donor, Hold, Pledge
from donors.queries.parties import donors_visible_to
from trustfund.core.models import Event, User

# A programme says its name when it is opened; that is all that is known of it here, and only in order to refuse it.
_OPENED: Final = "programme.opened"
# How a motion stands when the next step is the secretariat's: to ask again, or to let go.
_NEEDS_US: Final = ("carried", "lapsed", "withdrawn")


def known_names(donor: Donor) -> Known:
    """Return the names of programmes and of their places, and the donor's own."""
    opened = list(Event.objects.filter(kind=_OPENED).values_list("facts", flat=True))
    return Known(
        programmes=tuple(str(facts[key]) for facts in opened for key in ("reference", "title") if facts.get(key)),
        places=tuple(str(facts["region"]) for facts in opened if facts.get("region")),
        own=(donor.name, donor.office),
    )


def fingerprint_of(text: str) -> str:
    """Return the SHA-256 of a text whatever its line breaks."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()


def findings_in(text: str, donor: Donor) -> tuple[Finding, ...]:
    """Return the earmarks in a donor's text; none if the committee has accepted this very text."""
    if not text.strip():
        return ()
    found = earmarks.findings(text, known_names(donor))
    return () if found and is_accepted(text, donor) else found


def is_accepted(text: str, donor: Donor) -> bool:
    """Return whether the committee has accepted a donor's text as a preference."""
    return Hold.objects.filter(donor=donor, fingerprint=fingerprint_of(text), accepted_at__isnull=False).exists()


def open_holds_on(agreement: Agreement | None, pledge: Pledge | None = None) -> QuerySet[Hold]:
    """Return what keeps a pledge, or any pledge under an agreement, from being signed."""
    about = Q(pk=None)
    if agreement is not None:
        about |= Q(of=Hold.AGREEMENT, agreement__reference=agreement.reference)
    if pledge is not None:
        about |= Q(of=Hold.PLEDGE, pledge=pledge)
    return Hold.objects.filter(about, accepted_at=None).order_by("held_at")


def holds_visible_to(user: User) -> QuerySet[Hold]:
    """Return the texts that are or were held, of the donors a person may know of, the open ones first."""
    found = Hold.objects.filter(donor__in=donors_visible_to(user))
    found = found.select_related("donor", "agreement", "pledge", "accepted_by")
    return found.order_by(F("accepted_at").desc(nulls_first=True), "-held_at")


def motion_about_hold(hold: Hold) -> Motion | None:
    """Return the latest motion on accepting a held text, or nothing."""
    return committee_queries.motion_about(hold.pk, 1)


def holds_to_ask_about() -> list[Hold]:
    """Return the held texts that the committee was not asked about, or whose acceptance waits to be written down."""
    waiting = list(Hold.objects.filter(accepted_at=None).select_related("donor").order_by("held_at"))
    motions = Motion.objects.filter(subject__in=[hold.pk for hold in waiting]).order_by("opened_at")
    latest = {motion.subject: motion.status for motion in motions}
    return [hold for hold in waiting if latest.get(hold.pk, "withdrawn") in _NEEDS_US]

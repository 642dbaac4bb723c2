"""The way around the fund: one table of what each role finds in the header."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from trustfund.core.roles import RoleName

_COMMITTEE: Final = frozenset({RoleName.COMMITTEE_MEMBER, RoleName.ALTERNATE, RoleName.CHAIR})
_OFFICERS: Final = frozenset({RoleName.SECRETARIAT, RoleName.CERTIFYING_OFFICER, RoleName.TREASURY_OFFICER})
_EVERYBODY: Final = frozenset(RoleName)


@dataclass(frozen=True)
class Place:
    """One link of the header: its words, its address by name, who finds it there, and what else belongs to it."""

    words: str | Promise
    url_name: str
    roles: frozenset[RoleName]
    is_inbox: bool = False
    also: str = ""


PUBLIC_PLACES: Final = (
    Place(_("Overview"), "pages:public", frozenset()),
    Place(_("Decisions"), "committee:motions", frozenset(), also="/decisions/"),
)
# In the order in which they stand. A person with two roles finds the places of both.
PLACES: Final = (
    Place(_("My work"), "pages:home", _EVERYBODY, is_inbox=True),
    Place(_("Our pledge"), "donors:mine", frozenset({RoleName.DONOR_REPRESENTATIVE}), also="/donors/"),
    Place(_("Use of funds"), "pages:our_use_of_funds", frozenset({RoleName.DONOR_REPRESENTATIVE})),
    Place(_("Decisions"), "committee:motions", _EVERYBODY, also="/decisions/"),
    Place(_("Donors"), "donors:donors", frozenset({RoleName.SECRETARIAT, RoleName.AUDITOR})),
    Place(_("Pledges"), "donors:pledges", frozenset({RoleName.SECRETARIAT, RoleName.AUDITOR})),
    Place(
        _("Receipts"),
        "donors:receipts",
        frozenset({RoleName.SECRETARIAT, RoleName.AUDITOR}),
        also="/donors/desk/",
    ),
    Place(_("Bank"), "bank:files", frozenset({RoleName.SECRETARIAT, RoleName.TREASURY_OFFICER, RoleName.AUDITOR})),
    Place(_("Proposals"), "disbursements:proposals", frozenset({RoleName.SECRETARIAT, RoleName.PROGRAMME_PARTNER})),
    Place(
        _("Reports"),
        "disbursements:reports",
        frozenset({RoleName.SECRETARIAT, RoleName.CERTIFYING_OFFICER, RoleName.PROGRAMME_PARTNER}),
    ),
    Place(_("My programmes"), "disbursements:mine", frozenset({RoleName.PROGRAMME_PARTNER})),
    Place(_("Exemptions"), "disbursements:exemptions", frozenset({RoleName.SECRETARIAT, RoleName.PROGRAMME_PARTNER})),
    Place(_("Release queue"), "disbursements:release_queue", _OFFICERS - {RoleName.SECRETARIAT}),
    Place(_("Payments"), "disbursements:payments", _OFFICERS | {RoleName.AUDITOR}),
    Place(_("Screening"), "screening:parties", _OFFICERS | {RoleName.AUDITOR}),
    Place(_("Routes"), "disbursements:routes", frozenset({RoleName.TREASURY_OFFICER, RoleName.AUDITOR})),
    Place(_("Fund position"), "continuity:position", _COMMITTEE | _OFFICERS | {RoleName.AUDITOR}),
    Place(_("Ledger"), "ledger:search", frozenset({RoleName.AUDITOR, RoleName.TREASURY_OFFICER})),
    Place(_("Statements"), "assurance:statements", _EVERYBODY - {RoleName.PROGRAMME_PARTNER}),
    Place(_("Cap"), "donors:cap", frozenset({RoleName.FUND_ADMINISTRATOR})),
    Place(_("People"), "pages:people", frozenset({RoleName.FUND_ADMINISTRATOR})),
    Place(_("Mail log"), "notices:log", frozenset({RoleName.FUND_ADMINISTRATOR})),
)


def places(request: HttpRequest) -> dict[str, Any]:
    """Give every page its header: the places this person may open, and which of them the page belongs to."""
    user = getattr(request, "user", None)
    is_known = user is not None and user.is_authenticated
    roles = user.role_names if user is not None and is_known else frozenset()
    table = [place for place in PLACES if place.roles & roles] if is_known else PUBLIC_PLACES
    found = [(place, url) for place in table if (url := _address(place.url_name))]
    here = _nearest(request.path, [one for place, url in found for one in (url, place.also) if one])
    return {
        "my_places": [
            {
                "words": place.words,
                "url": url,
                "is_here": bool(here) and here in {url, place.also},
                "is_inbox": place.is_inbox,
            }
            for place, url in found
        ],
        "my_role_words": [RoleName(role).label for role in RoleName if role in roles],
    }


def _address(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def _nearest(path: str, urls: Iterable[str]) -> str:
    """Return the longest address that the page's own begins with; the front page only for itself."""
    above = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    return max(above, key=len, default="")

"""How money reaches an organisation, whether that way is open, and what a bank says when it refuses. Pure."""

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RouteKind(TextChoices):
    """What travels: money through banks, or goods bought offshore, so that no cash enters the country."""

    TRANSFER = "transfer", _("Bank transfer")
    IN_KIND = "in_kind", _("Bought offshore, delivered in kind")


class RouteStatus(TextChoices):
    """Whether a route takes payments."""

    OPEN = "open", _("Open")
    REFUSING = "refusing", _("Refusing")
    CLOSED = "closed", _("Closed")


class RefusalReason(TextChoices):
    """Why a bank refused to carry a payment, in the words in which officers report it."""

    SANCTIONS = "sanctions", _("Sanctions policy of the bank")
    COUNTRY = "country", _("The bank serves no payment for that country")
    CORRESPONDENT = "correspondent", _("A correspondent bank refused")
    ACCOUNT_CLOSED = "account_closed", _("The bank closed the account")
    PAPERS = "papers", _("The bank asks for papers that the fund cannot give")
    NO_ANSWER = "no_answer", _("The bank does not answer")
    OTHER = "other", _("Another reason, said in the evidence")


# A closed route is closed for good: what reopens is another route, opened by a person with a reason.
MOVES: Final[dict[RouteStatus, frozenset[RouteStatus]]] = {
    RouteStatus.OPEN: frozenset({RouteStatus.REFUSING, RouteStatus.CLOSED}),
    RouteStatus.REFUSING: frozenset({RouteStatus.OPEN, RouteStatus.CLOSED}),
    RouteStatus.CLOSED: frozenset(),
}

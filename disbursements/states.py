"""How programmes, proposals, tranches and exemptions move from state to state: a table each, all else refused."""

from collections.abc import Mapping
from typing import Final, TypeVar

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trustfund.core.refusals import WrongState


class OrganisationKind(TextChoices):
    """What kind of body an organisation is."""

    WHO = "who", gettext_lazy("World Health Organization")
    UN_AGENCY = "un_agency", gettext_lazy("United Nations agency")
    INTERNATIONAL_NGO = "international_ngo", gettext_lazy("International NGO")
    NATIONAL_NGO = "national_ngo", gettext_lazy("National NGO")
    RED_CROSS = "red_cross", gettext_lazy("Red Cross and Red Crescent")
    OLYMPIC = "olympic", gettext_lazy("International Olympic Committee")
    NATIONAL_AUTHORITY = "national_authority", gettext_lazy("Authority of the country where it works")
    DONOR_AGENCY = "donor_agency", gettext_lazy("A donor government's own agency")
    OTHER = "other", gettext_lazy("Other")


class ProgrammeStatus(TextChoices):
    """Where a programme stands, from its opening to its audit."""

    OPEN = "open", gettext_lazy("Open")
    SUSPENDED = "suspended", gettext_lazy("Suspended")
    OPERATIONALLY_CLOSED = "operationally_closed", gettext_lazy("Operationally closed")
    REFUND_DUE = "refund_due", gettext_lazy("Refund due")
    FINANCIALLY_CLOSED = "financially_closed", gettext_lazy("Financially closed")
    AUDITED = "audited", gettext_lazy("Audited")


class ProposalStatus(TextChoices):
    """Where a proposal stands, from its first draft to the committee's answer."""

    DRAFT = "draft", gettext_lazy("Draft")
    SUBMITTED = "submitted", gettext_lazy("Submitted")
    IN_REVIEW = "in_review", gettext_lazy("In review")
    TABLED = "tabled", gettext_lazy("Tabled")
    CARRIED = "carried", gettext_lazy("Carried")
    APPROVED = "approved", gettext_lazy("Approved")
    REJECTED = "rejected", gettext_lazy("Rejected")
    LAPSED = "lapsed", gettext_lazy("Lapsed")
    WITHDRAWN = "withdrawn", gettext_lazy("Withdrawn")


class TrancheStatus(TextChoices):
    """Where a tranche stands, from the plan to the accepted report."""

    PLANNED = "planned", gettext_lazy("Planned")
    CONDITIONS_MET = "conditions_met", gettext_lazy("Conditions met")
    DUE = "due", gettext_lazy("Due")
    IN_PAYMENT = "in_payment", gettext_lazy("In payment")
    PAID = "paid", gettext_lazy("Paid")
    REPORTED = "reported", gettext_lazy("Reported")
    ACCEPTED = "accepted", gettext_lazy("Accepted")
    SUSPENDED = "suspended", gettext_lazy("Suspended")


class RequestStatus(TextChoices):
    """Where a request for an exemption stands with the sanctions body."""

    SUBMITTED = "submitted", gettext_lazy("Submitted")
    GRANTED = "granted", gettext_lazy("Granted")
    REFUSED = "refused", gettext_lazy("Refused")
    WITHDRAWN = "withdrawn", gettext_lazy("Withdrawn")


class ShipmentStatus(TextChoices):
    """Where a shipment under an exemption is."""

    PLANNED = "planned", gettext_lazy("Planned")
    DEPARTED = "departed", gettext_lazy("Under way")
    ARRIVED = "arrived", gettext_lazy("Arrived")
    CALLED_OFF = "called_off", gettext_lazy("Called off")


class OverrideStatus(TextChoices):
    """Whether the committee let something pass that lies outside an exemption."""

    ASKED = "asked", gettext_lazy("Before the committee")
    GRANTED = "granted", gettext_lazy("Let pass by decision")
    DROPPED = "dropped", gettext_lazy("Not let pass")


class SuspensionStatus(TextChoices):
    """Where the case for a suspension stands."""

    ASKED = "asked", gettext_lazy("Before the committee")
    IN_FORCE = "in_force", gettext_lazy("In force")
    ENDED = "ended", gettext_lazy("Ended")
    DROPPED = "dropped", gettext_lazy("Not suspended")


class AmendmentStatus(TextChoices):
    """Where an amendment of what was approved stands."""

    ASKED = "asked", gettext_lazy("Before the committee")
    IN_FORCE = "in_force", gettext_lazy("In force")
    DROPPED = "dropped", gettext_lazy("Not amended")


PROGRAMME_MOVES: Final[dict[ProgrammeStatus, frozenset[ProgrammeStatus]]] = {
    ProgrammeStatus.OPEN: frozenset({ProgrammeStatus.SUSPENDED, ProgrammeStatus.OPERATIONALLY_CLOSED}),
    # By decision of the committee alone, there and back.
    ProgrammeStatus.SUSPENDED: frozenset({ProgrammeStatus.OPEN}),
    ProgrammeStatus.OPERATIONALLY_CLOSED: frozenset({ProgrammeStatus.REFUND_DUE, ProgrammeStatus.FINANCIALLY_CLOSED}),
    ProgrammeStatus.REFUND_DUE: frozenset({ProgrammeStatus.FINANCIALLY_CLOSED}),
    ProgrammeStatus.FINANCIALLY_CLOSED: frozenset({ProgrammeStatus.AUDITED}),
    ProgrammeStatus.AUDITED: frozenset(),
}

# To draft means a new version: whatever was reviewed, tabled or voted on before no longer stands.
PROPOSAL_MOVES: Final[dict[ProposalStatus, frozenset[ProposalStatus]]] = {
    ProposalStatus.DRAFT: frozenset({ProposalStatus.DRAFT, ProposalStatus.SUBMITTED, ProposalStatus.WITHDRAWN}),
    ProposalStatus.SUBMITTED: frozenset(
        {ProposalStatus.DRAFT, ProposalStatus.IN_REVIEW, ProposalStatus.TABLED, ProposalStatus.WITHDRAWN}
    ),
    ProposalStatus.IN_REVIEW: frozenset({ProposalStatus.DRAFT, ProposalStatus.TABLED, ProposalStatus.WITHDRAWN}),
    # Back to draft when it is amended: votes on other words are void. Back in review when only its motion is withdrawn.
    ProposalStatus.TABLED: frozenset(
        {
            ProposalStatus.CARRIED,
            ProposalStatus.APPROVED,
            ProposalStatus.REJECTED,
            ProposalStatus.LAPSED,
            ProposalStatus.IN_REVIEW,
            ProposalStatus.DRAFT,
            ProposalStatus.WITHDRAWN,
        }
    ),
    ProposalStatus.CARRIED: frozenset({ProposalStatus.APPROVED, ProposalStatus.WITHDRAWN}),
    ProposalStatus.APPROVED: frozenset(),
    ProposalStatus.REJECTED: frozenset({ProposalStatus.DRAFT, ProposalStatus.WITHDRAWN}),
    # The committee has not answered, so the same version may be tabled again.
    ProposalStatus.LAPSED: frozenset({ProposalStatus.DRAFT, ProposalStatus.TABLED, ProposalStatus.WITHDRAWN}),
    ProposalStatus.WITHDRAWN: frozenset(),
}

TRANCHE_MOVES: Final[dict[TrancheStatus, frozenset[TrancheStatus]]] = {
    TrancheStatus.PLANNED: frozenset({TrancheStatus.CONDITIONS_MET, TrancheStatus.SUSPENDED}),
    TrancheStatus.CONDITIONS_MET: frozenset({TrancheStatus.DUE, TrancheStatus.SUSPENDED}),
    # Paid without a payment when all of it was taken off for a refund that the organisation owes.
    TrancheStatus.DUE: frozenset({TrancheStatus.IN_PAYMENT, TrancheStatus.PAID, TrancheStatus.SUSPENDED}),
    # Back to due when a payment is cancelled or the bank returns it.
    TrancheStatus.IN_PAYMENT: frozenset({TrancheStatus.PAID, TrancheStatus.DUE}),
    # Back to due when a bank returns what had arrived.
    TrancheStatus.PAID: frozenset({TrancheStatus.REPORTED, TrancheStatus.DUE}),
    # Back to paid when the report is sent back.
    TrancheStatus.REPORTED: frozenset({TrancheStatus.ACCEPTED, TrancheStatus.PAID}),
    TrancheStatus.ACCEPTED: frozenset(),
    TrancheStatus.SUSPENDED: frozenset({TrancheStatus.PLANNED}),
}

REQUEST_MOVES: Final[dict[RequestStatus, frozenset[RequestStatus]]] = {
    RequestStatus.SUBMITTED: frozenset({RequestStatus.GRANTED, RequestStatus.REFUSED, RequestStatus.WITHDRAWN}),
    RequestStatus.GRANTED: frozenset(),
    RequestStatus.REFUSED: frozenset(),
    RequestStatus.WITHDRAWN: frozenset(),
}

SHIPMENT_MOVES: Final[dict[ShipmentStatus, frozenset[ShipmentStatus]]] = {
    ShipmentStatus.PLANNED: frozenset({ShipmentStatus.DEPARTED, ShipmentStatus.CALLED_OFF}),
    # What is at sea arrives: it cannot be called off any more.
    ShipmentStatus.DEPARTED: frozenset({ShipmentStatus.ARRIVED}),
    ShipmentStatus.ARRIVED: frozenset(),
    ShipmentStatus.CALLED_OFF: frozenset(),
}

OVERRIDE_MOVES: Final[dict[OverrideStatus, frozenset[OverrideStatus]]] = {
    OverrideStatus.ASKED: frozenset({OverrideStatus.GRANTED, OverrideStatus.DROPPED}),
    OverrideStatus.GRANTED: frozenset(),
    OverrideStatus.DROPPED: frozenset(),
}

SUSPENSION_MOVES: Final[dict[SuspensionStatus, frozenset[SuspensionStatus]]] = {
    SuspensionStatus.ASKED: frozenset({SuspensionStatus.IN_FORCE, SuspensionStatus.DROPPED}),
    SuspensionStatus.IN_FORCE: frozenset({SuspensionStatus.ENDED}),
    SuspensionStatus.ENDED: frozenset(),
    SuspensionStatus.DROPPED: frozenset(),
}

AMENDMENT_MOVES: Final[dict[AmendmentStatus, frozenset[AmendmentStatus]]] = {
    AmendmentStatus.ASKED: frozenset({AmendmentStatus.IN_FORCE, AmendmentStatus.DROPPED}),
    AmendmentStatus.IN_FORCE: frozenset(),
    AmendmentStatus.DROPPED: frozenset(),
}

State = TypeVar(
    "State",
    ProgrammeStatus,
    ProposalStatus,
    TrancheStatus,
    RequestStatus,
    ShipmentStatus,
    OverrideStatus,
    SuspensionStatus,
    AmendmentStatus,
)


def require_programme_move(now: ProgrammeStatus, *, to: ProgrammeStatus) -> None:
    """
    Insist that a programme may go from one state to another.

    :raises WrongState: if the table does not allow it
    """
    _require(PROGRAMME_MOVES, now, to)


def require_proposal_move(now: ProposalStatus, *, to: ProposalStatus) -> None:
    """
    Insist that a proposal may go from one state to another.

    :raises WrongState: if the table does not allow it
    """
    _require(PROPOSAL_MOVES, now, to)


def require_tranche_move(now: TrancheStatus, *, to: TrancheStatus) -> None:
    """
    Insist that a tranche may go from one state to another.

    :raises WrongState: if the table does not allow it
    """
    _require(TRANCHE_MOVES, now, to)


def require_suspension_move(now: SuspensionStatus, *, to: SuspensionStatus) -> None:
    """
    Insist that a suspension may go from one state to another.

    :raises WrongState: if the table does not allow it
    """
    _require(SUSPENSION_MOVES, now, to)


def require_amendment_move(now: AmendmentStatus, *, to: AmendmentStatus) -> None:
    """
    Insist that an amendment may go from one state to another.

    :raises WrongState: if the table does not allow it
    """
    _require(AMENDMENT_MOVES, now, to)


def require_request_move(now: RequestStatus, *, to: RequestStatus) -> None:
    """
    Insist that a request for an exemption may go from one state to another.

    :raises WrongState: if the table does not allow it
    """
    _require(REQUEST_MOVES, now, to)


def require_shipment_move(now: ShipmentStatus, *, to: ShipmentStatus) -> None:
    """
    Insist that a shipment may go from one state to another.

    :raises WrongState: if the table does not allow it
    """
    _require(SHIPMENT_MOVES, now, to)


def require_override_move(now: OverrideStatus, *, to: OverrideStatus) -> None:
    """
    Insist that what was laid before the committee may go from one state to another.

    :raises WrongState: if the table does not allow it
    """
    _require(OVERRIDE_MOVES, now, to)


def _require(moves: Mapping[State, frozenset[State]], now: State, to: State) -> None:
    if to not in moves[now]:
        raise WrongState(
            _("It is in the state “%(now)s”, and from there it cannot become “%(to)s”. Reload the page and look again.")
            % {"now": now.label, "to": to.label}
        )

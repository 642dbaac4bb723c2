"""How a payment moves, which step moves it, who may take the step, and why a bank sends money back. Pure."""

from dataclasses import dataclass
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trustfund.core.refusals import WrongState
from trustfund.core.roles import RoleName


class PaymentStatus(TextChoices):
    """Where a payment stands, from its preparation to the organisation's account or back."""

    PREPARED = "prepared", gettext_lazy("Prepared")
    CERTIFIED = "certified", gettext_lazy("Certified")
    RELEASED = "released", gettext_lazy("Released")
    SENT = "sent", gettext_lazy("Sent")
    CONFIRMED = "confirmed", gettext_lazy("Confirmed")
    RETURNED = "returned", gettext_lazy("Returned")
    CANCELLED = "cancelled", gettext_lazy("Cancelled")


class StepKind(TextChoices):
    """What somebody did to a payment."""

    PREPARE = "prepare", gettext_lazy("Prepare")
    CERTIFY = "certify", gettext_lazy("Certify")
    RELEASE = "release", gettext_lazy("Release")
    CONFIRM = "confirm", gettext_lazy("Confirm")
    RETURN = "return", gettext_lazy("Return")
    CANCEL = "cancel", gettext_lazy("Cancel")


class ReturnReason(TextChoices):
    """Why a bank sent the money back: the codes that banks use (ISO 20022 external return reasons)."""

    AC01 = "AC01", gettext_lazy("AC01 The account number is not one of that bank")
    AC02 = "AC02", gettext_lazy("AC02 The bank does not know the fund's own account")
    AC04 = "AC04", gettext_lazy("AC04 The account is closed")
    AC06 = "AC06", gettext_lazy("AC06 The account is blocked")
    AG01 = "AG01", gettext_lazy("AG01 The account does not take this kind of payment")
    AM03 = "AM03", gettext_lazy("AM03 The account is not in the currency of the payment")
    AM04 = "AM04", gettext_lazy("AM04 The fund's account does not hold enough")
    BE01 = "BE01", gettext_lazy("BE01 The name does not fit the account")
    FF01 = "FF01", gettext_lazy("FF01 The bank cannot read the file")
    RC01 = "RC01", gettext_lazy("RC01 The bank code is not known")
    RR04 = "RR04", gettext_lazy("RR04 The bank refused for a regulatory reason")
    MS03 = "MS03", gettext_lazy("MS03 The bank gave no reason, or one of its own")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the workflow: from where, to where, and the roles of which the person must hold one."""

    before: PaymentStatus | None
    after: PaymentStatus
    roles: tuple[RoleName, ...]
    needs_second_factor: bool = False


_AFTERWARDS: Final = (RoleName.CERTIFYING_OFFICER, RoleName.TREASURY_OFFICER)
_OFFICERS: Final = (RoleName.SECRETARIAT, *_AFTERWARDS)

# One row for each way a person moves a payment; some have several, because money may be in one of several places.
STEPS: Final[tuple[tuple[StepKind, Step], ...]] = (
    (StepKind.PREPARE, Step(None, PaymentStatus.PREPARED, (RoleName.SECRETARIAT,))),
    (
        StepKind.CERTIFY,
        Step(PaymentStatus.PREPARED, PaymentStatus.CERTIFIED, (RoleName.CERTIFYING_OFFICER,), needs_second_factor=True),
    ),
    (
        StepKind.RELEASE,
        Step(PaymentStatus.CERTIFIED, PaymentStatus.RELEASED, (RoleName.TREASURY_OFFICER,), needs_second_factor=True),
    ),
    (StepKind.CONFIRM, Step(PaymentStatus.RELEASED, PaymentStatus.CONFIRMED, _AFTERWARDS)),
    (StepKind.CONFIRM, Step(PaymentStatus.SENT, PaymentStatus.CONFIRMED, _AFTERWARDS)),
    (StepKind.RETURN, Step(PaymentStatus.RELEASED, PaymentStatus.RETURNED, _AFTERWARDS)),
    (StepKind.RETURN, Step(PaymentStatus.SENT, PaymentStatus.RETURNED, _AFTERWARDS)),
    # A bank may send money back days after it had arrived.
    (StepKind.RETURN, Step(PaymentStatus.CONFIRMED, PaymentStatus.RETURNED, _AFTERWARDS)),
    (StepKind.CANCEL, Step(PaymentStatus.PREPARED, PaymentStatus.CANCELLED, _OFFICERS)),
    (StepKind.CANCEL, Step(PaymentStatus.CERTIFIED, PaymentStatus.CANCELLED, _OFFICERS)),
)

# The one move that no person signs: the bank says that it took the file.
BANK_MOVES: Final = ((PaymentStatus.RELEASED, PaymentStatus.SENT),)

MOVES: Final[dict[PaymentStatus, frozenset[PaymentStatus]]] = {
    status: frozenset(
        [step.after for _kind, step in STEPS if step.before == status]
        + [after for before, after in BANK_MOVES if before == status]
    )
    for status in PaymentStatus
}
ROLES_OF: Final[dict[StepKind, tuple[RoleName, ...]]] = {kind: step.roles for kind, step in STEPS}
AFTER: Final[dict[StepKind, PaymentStatus]] = {kind: step.after for kind, step in STEPS}
SECOND_FACTOR: Final[frozenset[StepKind]] = frozenset(kind for kind, step in STEPS if step.needs_second_factor)

# While a payment is in one of these, its tranche takes no other. What has arrived counts against the tranche's amount.
LIVE: Final = (
    PaymentStatus.PREPARED,
    PaymentStatus.CERTIFIED,
    PaymentStatus.RELEASED,
    PaymentStatus.SENT,
)
# The money has left the fund, and nobody has said yet that it arrived.
UNDER_WAY: Final = (PaymentStatus.RELEASED, PaymentStatus.SENT)
# The money has left the fund, for good unless a bank sends it back.
GONE: Final = (*UNDER_WAY, PaymentStatus.CONFIRMED)
# Before release nothing has left the fund, so a payment can still be cancelled.
OPEN: Final = (PaymentStatus.PREPARED, PaymentStatus.CERTIFIED)
# One person takes at most one of these on one payment. Cancelling is left out: whoever sees a mistake stops it.
SIGNATURES: Final = (StepKind.PREPARE, StepKind.CERTIFY, StepKind.RELEASE, StepKind.CONFIRM, StepKind.RETURN)
# Returns that say the details are wrong: paying to the same details again would only come back again.
DETAILS_ARE_WRONG: Final = frozenset(
    {
        ReturnReason.AC01,
        ReturnReason.AC04,
        ReturnReason.AC06,
        ReturnReason.AG01,
        ReturnReason.BE01,
        ReturnReason.RC01,
    }
)


def require_move(now: PaymentStatus, *, to: PaymentStatus) -> None:
    """
    Insist that a payment may go from one state to another.

    :raises WrongState: if the table does not allow it
    """
    if to not in MOVES[now]:
        raise WrongState(
            _("The payment is in the state “%(now)s”, and from there it cannot become “%(to)s”. Reload the page.")
            % {"now": now.label, "to": to.label}
        )

"""What the gates before a payment look at: plain values, read by `disbursements.queries.gate_facts`. Pure."""

from dataclasses import dataclass
from datetime import date, datetime

from disbursements.exemptions import GoodsFacts
from disbursements.reporting import Delivery
from screening.standings import Clearance
from trustfund.core.money import Money


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """
    What matters of the bank account a payment goes to; never its number, which not every reader of gates may see.

    :ivar rests_until: until when fresh details rest; nothing once they have
    """

    registered_by: str
    verified_by: str
    verified_on: date | None
    is_current: bool
    belongs_to_payee: bool
    rests_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class HoldFacts:
    """A hold on the organisation or the programme that nobody has lifted."""

    reference: str
    about: str
    reason: str
    placed_by: str
    placed_on: date


@dataclass(frozen=True, slots=True)
class RouteFacts:
    """
    The route that was chosen for a tranche.

    :ivar standing: its state in words
    :ivar last_refusal: who refused last and when, in words; nothing if nobody did
    """

    reference: str
    name: str
    is_open: bool
    standing: str
    last_refusal: str = ""


@dataclass(frozen=True, slots=True)
class QueueFacts:
    """
    What waits for the same cash before this payment.

    :ivar is_queued: whether this payment itself found too little before
    :ivar ahead: what payments before it in the queue ask for
    :ivar decision: the committee's decision by which it is paid before the others, or nothing
    """

    is_queued: bool
    ahead: Money
    decision: str = ""


@dataclass(frozen=True, slots=True)
class WatchFacts:
    """
    What else the payee is paid, for a second look.

    :ivar limit: what one payee may get within the window before it is said; nothing means no limit
    :ivar in_window: what it gets within the window, this payment included
    :ivar twins: references of other payments of the same amount to the same payee within ninety days
    """

    limit: Money | None
    days: int
    in_window: Money
    twins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """
    What the gates look at, read under lock for a signature and without one for a page.

    :ivar on: the day the gates are asked on
    :ivar set_aside: what stands on the account from which this step takes the money
    :ivar cash: what the fund has in the bank; asked only before release, else None
    :ivar unaccepted: earlier tranches that are paid and whose report is not accepted; none where there is no condition
    :ivar threshold: how much of the net funded amount must be spent before a tranche with a condition, in per cent
    :ivar released_by: the decision by which the committee released the tranche all the same, or nothing
    :ivar screening: whether everybody named with the payee is clear of the sanctions lists in force
    :ivar other_payment: the reference of another live payment of the tranche, or nothing
    :ivar returned: references and codes of this tranche's payments to the same details that a bank sent back
    :ivar paid: what has arrived of the tranche before
    :ivar taken_off: offsets by which refunds that the organisation owes were taken off the tranche, with their amounts
    """

    decision: str
    version: int
    is_carried: bool
    approved_at: datetime | None
    tranche_version: int
    tranche: str
    tranche_is_payable: bool
    tranche_standing: str
    is_conditional: bool
    condition_met_on: date | None
    tranche_amount: Money
    amount: Money
    on: date
    programme_is_open: bool
    account: AccountFacts | None
    other_payment: str
    set_aside: Money
    cash: Money | None
    screening: Clearance
    unaccepted: tuple[str, ...]
    delivery: Delivery
    threshold: int
    released_by: str
    returned: tuple[tuple[str, str], ...] = ()
    paid: Money | None = None
    taken_off: tuple[tuple[str, Money], ...] = ()
    holds: tuple[HoldFacts, ...] = ()
    route: RouteFacts | None = None
    queue: QueueFacts | None = None
    watch: WatchFacts | None = None
    goods: GoodsFacts | None = None

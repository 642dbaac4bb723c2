"""The gates a payment passes before every signature: plain facts in, a list of gates with their evidence out. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from disbursements.payment_states import DETAILS_ARE_WRONG, ReturnReason
from disbursements.reporting import Delivery
from screening.standings import Clearance
from trustfund.core.money import Money
from trustfund.core.refusals import WrongState


class GateClosed(WrongState):
    """A gate before a payment is closed; the message says which and why."""

    code = "gate_closed"


@dataclass(frozen=True, slots=True)
class Gate:
    """One condition of a payment: its name, whether it is clear now, and what shows it."""

    key: str
    name: str
    is_clear: bool
    evidence: str


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What matters of the bank account a payment goes to; never its number, which not every reader of gates may see."""

    registered_by: str
    verified_by: str
    verified_on: date | None
    is_current: bool
    belongs_to_payee: bool


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


GATE_COUNT: Final = 8


def gates(facts: Facts) -> tuple[Gate, ...]:
    """Return every gate of a payment, in the order in which people read them."""
    return (
        _decision(facts),
        _tranche(facts),
        _reports(facts),
        _amount(facts),
        _bank(facts),
        _screening(facts),
        _money(facts),
        _duplicate(facts),
    )


def require_clear(found: tuple[Gate, ...]) -> None:
    """
    Insist that every gate is clear.

    :raises GateClosed: naming each closed gate with its evidence
    """
    closed = [gate for gate in found if not gate.is_clear]
    if closed:
        raise GateClosed(" ".join(f"{gate.name}: {gate.evidence}" for gate in closed))


def _day(on: date) -> str:
    return date_format(on, "j F Y")


def _clear(key: str, name: str, evidence: str) -> Gate:
    return Gate(key, name, is_clear=True, evidence=evidence)


def _closed(key: str, name: str, evidence: str) -> Gate:
    return Gate(key, name, is_clear=False, evidence=evidence)


def _decision(facts: Facts) -> Gate:
    name = _("Committee decision")
    said = {"decision": facts.decision or "–", "version": facts.version}
    if not facts.is_carried or facts.approved_at is None:
        return _closed("decision", name, _("The committee has not carried and approved this proposal.") % said)
    if facts.version != facts.tranche_version:
        return _closed(
            "decision",
            name,
            _("%(decision)s decided version %(version)d, the tranche is of version %(other)d.")
            % {**said, "other": facts.tranche_version},
        )
    return _clear(
        "decision",
        name,
        _("%(decision)s carried version %(version)d; approved on %(day)s.") % {**said, "day": _day(facts.approved_at)},
    )


def _tranche(facts: Facts) -> Gate:
    name = _("Tranche is due")
    if not facts.programme_is_open:
        return _closed("tranche", name, _("The programme is closed, so nothing more is paid for it."))
    said = {"tranche": facts.tranche, "standing": facts.tranche_standing}
    if not facts.tranche_is_payable:
        return _closed("tranche", name, _("%(tranche)s stands at “%(standing)s”.") % said)
    if facts.condition_met_on is None:
        return _clear("tranche", name, _("%(tranche)s is payable on approval, without a condition.") % said)
    return _clear(
        "tranche",
        name,
        _("%(tranche)s: condition met on %(day)s.") % {**said, "day": _day(facts.condition_met_on)},
    )


def _reports(facts: Facts) -> Gate:
    name = _("Reports and delivery")
    delivered = facts.delivery.percent
    said = {
        "tranches": ", ".join(facts.unaccepted),
        "percent": delivered,
        "threshold": facts.threshold,
        "decision": facts.released_by,
    }
    if facts.released_by:
        return _clear("reports", name, _("Released by the committee all the same, %(decision)s.") % said)
    if not facts.is_conditional:
        return _clear("reports", name, _("Payable on approval, before any report."))
    if facts.unaccepted:
        return _closed("reports", name, _("No accepted report yet on %(tranches)s.") % said)
    if delivered is None:
        return _clear("reports", name, _("Nothing was transferred yet, so there is nothing to report."))
    if delivered < facts.threshold:
        return _closed(
            "reports",
            name,
            _("%(percent)s %% of the net funded amount is spent; it must be %(threshold)d %%.") % said,
        )
    return _clear("reports", name, _("Reports accepted; %(percent)s %% of the net funded amount is spent.") % said)


def _amount(facts: Facts) -> Gate:
    said = {"amount": str(facts.amount), "tranche": str(facts.tranche_amount)}
    if facts.amount.currency != facts.tranche_amount.currency or facts.amount > facts.tranche_amount:
        return _closed("amount", _("Amount"), _("%(amount)s is more than the tranche's %(tranche)s.") % said)
    return _clear("amount", _("Amount"), _("%(amount)s, and the tranche is %(tranche)s.") % said)


def _bank(facts: Facts) -> Gate:
    name = _("Bank details")
    account = facts.account
    if account is None:
        return _closed("bank", name, _("No account of the organisation is registered and verified. Register one."))
    said = {"one": account.registered_by, "other": account.verified_by}
    if not account.belongs_to_payee:
        return _closed("bank", name, _("The account is not one of this organisation. Cancel the payment."))
    if not account.is_current:
        return _closed(
            "bank",
            name,
            _("The details were replaced by others. Cancel, and prepare the payment anew."),
        )
    if account.verified_on is None:
        return _closed("bank", name, _("The details wait for an officer other than %(one)s to verify it.") % said)
    for reference, code in facts.returned:
        if code in {str(reason) for reason in DETAILS_ARE_WRONG}:
            return _closed(
                "bank",
                name,
                _("A bank returned %(payment)s from these details: %(reason)s. Register and verify other details.")
                % {"payment": reference, "reason": ReturnReason(code).label},
            )
    return _clear(
        "bank",
        name,
        _("Registered by %(one)s, verified by %(other)s on %(day)s, unchanged since.")
        % {**said, "day": _day(account.verified_on)},
    )


def _screening(facts: Facts) -> Gate:
    return Gate("screening", _("Sanctions lists"), is_clear=facts.screening.is_clear, evidence=facts.screening.words)


def _money(facts: Facts) -> Gate:
    name = _("Money set aside")
    said = {"aside": str(facts.set_aside), "amount": str(facts.amount)}
    if facts.set_aside < facts.amount:
        return _closed("money", name, _("Only %(aside)s is set aside, and the payment is %(amount)s.") % said)
    if facts.cash is not None and facts.cash < facts.amount:
        return _closed("money", name, _("The fund holds %(cash)s in cash.") % {"cash": str(facts.cash)})
    if facts.cash is not None:
        return _clear("money", name, _("%(aside)s set aside; cash %(cash)s.") % {**said, "cash": str(facts.cash)})
    return _clear("money", name, _("%(aside)s set aside for the programme.") % said)


def _duplicate(facts: Facts) -> Gate:
    name = _("No other payment")
    if facts.other_payment:
        return _closed("duplicate", name, _("%(other)s already pays this tranche.") % {"other": facts.other_payment})
    return _clear("duplicate", name, _("No other payment of %(tranche)s is under way.") % {"tranche": facts.tranche})

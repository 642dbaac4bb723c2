"""The gates a payment passes before every signature: plain facts in, a list of gates with their evidence out. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from disbursements.exemptions import standing_of
from disbursements.facts import AccountFacts, Facts
from disbursements.payment_states import DETAILS_ARE_WRONG, ReturnReason
from trustfund.core.money import total
from trustfund.core.refusals import WrongState


class GateClosed(WrongState):
    """A gate before a payment is closed; the message says which and why."""

    code = "gate_closed"


@dataclass(frozen=True, slots=True)
class Gate:
    """
    One condition of a payment: its name, whether it is clear now, and what shows it.

    :ivar caution: what deserves a second look although the gate is clear; nothing closes by it
    """

    key: str
    name: str
    is_clear: bool
    evidence: str
    caution: str = ""


def gates(facts: Facts) -> tuple[Gate, ...]:
    """Return every gate of a payment, in the order in which people read them."""
    return tuple(gate(facts) for gate in GATES)


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


def _clear(key: str, name: str, evidence: str, caution: str = "") -> Gate:
    return Gate(key, name, is_clear=True, evidence=evidence, caution=caution)


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
        return _closed("tranche", name, _("The programme is suspended or closed, so nothing is paid for it now."))
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
    left = facts.tranche_amount if facts.paid is None else facts.tranche_amount - facts.paid
    left -= total((amount for _reference, amount in facts.taken_off), left.currency)
    less = "".join(
        " " + _("%(amount)s was taken off for a refund, %(offset)s.") % {"amount": amount, "offset": reference}
        for reference, amount in facts.taken_off
    )
    said = {"amount": str(facts.amount), "tranche": str(facts.tranche_amount), "left": str(left)}
    if facts.amount.currency != left.currency or facts.amount > left:
        return _closed("amount", _("Amount"), _("%(amount)s is more than the tranche's %(left)s.") % said)
    watch = facts.watch
    above = watch is not None and watch.limit is not None and watch.in_window > watch.limit
    caution = (
        _("The organisation gets %(whole)s within %(days)d days, above the %(limit)s that treasury watches.")
        % {"whole": watch.in_window, "days": watch.days, "limit": watch.limit}
        if watch is not None and above
        else ""
    )
    if facts.amount < left:
        part = _("%(amount)s, a part of the %(left)s still to pay.") % said
        return _clear("amount", _("Amount"), part + less, caution)
    return _clear("amount", _("Amount"), _("%(amount)s, and the tranche is %(tranche)s.") % said + less, caution)


def _exemption(facts: Facts) -> Gate:
    return Gate("exemption", _("Exemption"), *standing_of(facts.goods))


def _bank(facts: Facts) -> Gate:
    name = _("Bank details")
    account = facts.account
    if account is None:
        return _closed("bank", name, _("No account of the organisation is registered and verified. Register one."))
    closed = _unfit(account) or _sent_back(facts)
    if closed or account.verified_on is None:
        return _closed("bank", name, closed)
    return _clear(
        "bank",
        name,
        _("Registered by %(one)s, verified by %(other)s on %(day)s, unchanged since.")
        % {"one": account.registered_by, "other": account.verified_by, "day": _day(account.verified_on)},
    )


def _screening(facts: Facts) -> Gate:
    return Gate("screening", _("Sanctions lists"), is_clear=facts.screening.is_clear, evidence=facts.screening.words)


def _unfit(account: AccountFacts) -> str:
    """Return why nothing is paid to an account now, or nothing."""
    if not account.belongs_to_payee:
        return _("The account is not one of this organisation. Cancel the payment.")
    if not account.is_current:
        return _("The details were replaced by others. Cancel, and prepare the payment anew.")
    if account.verified_on is None:
        return _("The details wait for an officer other than %(one)s to verify it.") % {"one": account.registered_by}
    if account.rests_until is not None:
        return _("Fresh details rest for 72 hours. Nothing is paid to these before %(moment)s UTC.") % {
            "moment": date_format(account.rests_until, "j F Y, H:i")
        }
    return ""


def _sent_back(facts: Facts) -> str:
    """Return which payment a bank sent back because of these very details, or nothing."""
    wrong = {str(reason) for reason in DETAILS_ARE_WRONG}
    for reference, code in facts.returned:
        if code in wrong:
            return _(
                "A bank returned %(payment)s from these details: %(reason)s. Register and verify other details."
            ) % {
                "payment": reference,
                "reason": ReturnReason(code).label,
            }
    return ""


def _hold(facts: Facts) -> Gate:
    name = _("No hold")
    if not facts.holds:
        return _clear("hold", name, _("Nothing is on hold for this organisation or programme."))
    return _closed(
        "hold",
        name,
        " ".join(
            _("%(hold)s on %(about)s: %(reason)s, placed by %(by)s on %(day)s.")
            % {
                "hold": hold.reference,
                "about": hold.about,
                "reason": hold.reason,
                "by": hold.placed_by,
                "day": _day(hold.placed_on),
            }
            for hold in facts.holds
        ),
    )


def _route(facts: Facts) -> Gate:
    name = _("Route")
    route = facts.route
    if route is None:
        return _closed("route", name, _("No route is chosen for this tranche. Choose one."))
    said = {"route": route.reference, "name": route.name, "standing": route.standing, "last": route.last_refusal}
    if not route.is_open:
        if route.last_refusal:
            return _closed("route", name, _("%(route)s %(name)s: %(standing)s. %(last)s Choose another route.") % said)
        return _closed("route", name, _("%(route)s %(name)s: %(standing)s. Choose another route.") % said)
    return _clear("route", name, _("%(route)s %(name)s is open.") % said, route.last_refusal)


def _money(facts: Facts) -> Gate:
    name = _("Money set aside")
    said = {"aside": str(facts.set_aside), "amount": str(facts.amount)}
    if facts.set_aside < facts.amount:
        return _closed("money", name, _("Only %(aside)s is set aside, and the payment is %(amount)s.") % said)
    if facts.cash is not None and facts.cash < facts.amount:
        return _closed(
            "money",
            name,
            _("The fund holds %(cash)s in cash. Queue the payment, so that the committee is told.")
            % {"cash": str(facts.cash)},
        )
    queue = facts.queue
    if facts.cash is not None and queue is not None and queue.decision:
        return _clear(
            "money",
            name,
            _("%(aside)s set aside; %(decision)s pays it first.") % {**said, "decision": queue.decision},
        )
    if facts.cash is not None and queue is not None and facts.cash < queue.ahead + facts.amount:
        return _closed(
            "money",
            name,
            _("Payments of %(ahead)s wait for the same %(cash)s in cash. The committee decides which is paid first.")
            % {"ahead": str(queue.ahead), "cash": str(facts.cash)},
        )
    if facts.cash is not None:
        return _clear("money", name, _("%(aside)s set aside; cash %(cash)s.") % {**said, "cash": str(facts.cash)})
    return _clear("money", name, _("%(aside)s set aside for the programme.") % said)


def _duplicate(facts: Facts) -> Gate:
    name = _("No other payment")
    if facts.other_payment:
        return _closed("duplicate", name, _("%(other)s already pays this tranche.") % {"other": facts.other_payment})
    caution = ""
    if facts.watch is not None and facts.watch.twins:
        caution = _("The same amount went to the same organisation within ninety days: %(others)s.") % {
            "others": ", ".join(facts.watch.twins)
        }
    return _clear(
        "duplicate", name, _("No other payment of %(tranche)s is under way.") % {"tranche": facts.tranche}, caution
    )


# One line a gate. Whoever adds one writes a function of the facts, and what it reads as facts of its own.
GATES: Final[tuple[Callable[[Facts], Gate], ...]] = (
    _decision,
    _tranche,
    _reports,
    _amount,
    _exemption,
    _bank,
    _screening,
    _hold,
    _route,
    _money,
    _duplicate,
)

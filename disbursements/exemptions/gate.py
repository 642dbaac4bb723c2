"""The gate: why a shipment or an order lies outside its exemption. No finding means that it is clear."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby

from django.utils.translation import gettext as _

from committee.rules import names_one_of
from disbursements.exemptions.days import in_words, spans_of
from disbursements.exemptions.values import (
    NOT_FOR_DECISION,
    Exemption,
    Fault,
    Finding,
    Goods,
    Order,
    PartyRole,
    Voyage,
    day,
    number_in_words,
)
from trustfund.core.refusals import WrongState


class ShipmentCloses(WrongState):
    """The exemption does not allow this shipment; the message says why, finding by finding."""

    code = "outside_the_exemption"


def findings_on_shipment(exemption: Exemption, voyage: Voyage, on: date) -> tuple[Finding, ...]:
    """
    Return why a shipment lies outside its exemption, before it leaves, while it is under way, or as it arrives.

    :param on: the day on which it is asked; a shipment under way whose exemption has expired by then is outside it
    """
    found = list(_revoked(exemption, on))
    last = voyage.arrives_on
    if voyage.has_departed and not voyage.has_arrived:
        last = max(last, on)
    found += _in_transit(exemption, voyage.departs_on, last, is_under_way=voyage.has_departed)
    if not voyage.has_departed and len(exemption.voyages) >= exemption.terms.shipments_allowed:
        found.append(_too_many(exemption, len(exemption.voyages) + 1))
    taken = [goods for other in exemption.voyages for goods in other.goods]
    return tuple(found + _on_list(exemption, voyage.goods, taken, _("shipped")))


def findings_on_order(exemption: Exemption, order: Order, on: date) -> tuple[Finding, ...]:
    """
    Return why what a tranche pays for lies outside the exemption that it names.

    :param on: the day on which the money goes
    """
    if exemption.programme != order.programme:
        words = _("%(exemption)s was granted for %(programme)s. An exemption serves one programme.")
        said = {"exemption": exemption.reference, "programme": exemption.programme}
        return (Finding(Fault.OTHER_PROGRAMME, exemption.programme, words % said),)
    found = list(_revoked(exemption, on))
    spans = spans_of(exemption.letters)
    if not any(span.covers(on, on) for span in spans):
        words = _("%(exemption)s is not valid on %(day)s, the day on which the money goes; it is valid %(spans)s.")
        said = {"exemption": exemption.reference, "day": day(on), "spans": in_words(spans)}
        found.append(Finding(Fault.EXPIRED, "", words % said))
    found += _in_transit(exemption, order.departs_on, order.arrives_on, is_under_way=False)
    if _needs_a_voyage(exemption, order.goods) and not exemption.shipments_left:
        found.append(_too_many(exemption, len(exemption.voyages) + 1))
    vendors = [party.name for party in exemption.terms.parties if party.role == PartyRole.VENDOR]
    if not names_one_of(order.vendor, vendors):
        words = _("%(vendor)s is not among the vendors that %(exemption)s names: %(vendors)s.")
        said = {"vendor": order.vendor, "exemption": exemption.reference, "vendors": ", ".join(vendors) or "–"}
        found.append(Finding(Fault.VENDOR_NOT_NAMED, order.vendor, words % said))
    return tuple(found + _on_list(exemption, order.goods, exemption.ordered, _("ordered")))


def without(findings: Iterable[Finding], allowed: Iterable[str]) -> tuple[Finding, ...]:
    """Return the findings that decisions of the committee do not name; one about the programme always stays."""
    names = frozenset(allowed)
    return tuple(one for one in findings if one.fault in NOT_FOR_DECISION or one.key not in names)


def _revoked(exemption: Exemption, on: date) -> Iterable[Finding]:
    if exemption.revoked_on is not None and exemption.revoked_on <= on:
        words = _("%(exemption)s was revoked on %(day)s.")
        yield Finding(Fault.REVOKED, "", words % {"exemption": exemption.reference, "day": day(exemption.revoked_on)})


def _in_transit(exemption: Exemption, first: date, last: date, *, is_under_way: bool) -> Iterable[Finding]:
    """Yield why not every day from departure to arrival is covered; nothing if it is."""
    spans = spans_of(exemption.letters)
    if any(span.covers(first, last) for span in spans):
        return
    said = {
        "exemption": exemption.reference,
        "departs": day(first),
        "arrives": day(last),
        "from": day(spans[0].first),
        "to": day(spans[-1].last),
    }
    if first < spans[0].first:
        words = _("It leaves on %(departs)s, and %(exemption)s is valid only from %(from)s.")
        yield Finding(Fault.DEPARTS_TOO_EARLY, "", words % said)
    if last > spans[-1].last:
        if is_under_way:
            words = _("%(exemption)s expires on %(to)s, while the goods that left on %(departs)s are in transit.")
            yield Finding(Fault.EXPIRES_IN_TRANSIT, "", words % said)
        elif first <= spans[-1].last:
            words = _(
                "It would arrive on %(arrives)s, after %(exemption)s expires on %(to)s: it would be in transit then."
            )
            yield Finding(Fault.ARRIVES_AFTER_EXPIRY, "", words % said)
        else:
            words = _("It would leave on %(departs)s, after %(exemption)s has expired on %(to)s.")
            yield Finding(Fault.ARRIVES_AFTER_EXPIRY, "", words % said)
    elif first >= spans[0].first:
        words = _(
            "%(exemption)s was extended after it had expired, so it is valid %(spans)s. Nothing is under way between."
        )
        yield Finding(Fault.EXTENDED_TOO_LATE, "", words % {**said, "spans": in_words(spans)})


def _too_many(exemption: Exemption, number: int) -> Finding:
    words = _("This would be shipment %(number)s, and %(exemption)s allows %(allowed)s.")
    said = {"number": number, "exemption": exemption.reference, "allowed": exemption.terms.shipments_allowed}
    return Finding(Fault.TOO_MANY_SHIPMENTS, "", words % said)


def _needs_a_voyage(exemption: Exemption, goods: Sequence[Goods]) -> bool:
    """Return whether some of what is ordered, by this order and the others, is on no shipment yet."""
    shipped = _sums(goods for voyage in exemption.voyages for goods in voyage.goods)
    ordered = _sums((*exemption.ordered, *goods))
    return any(ordered[one.number] > shipped.get(one.number, Decimal(0)) for one in goods)


def _sums(goods: Iterable[Goods]) -> dict[int, Decimal]:
    in_order = sorted(goods, key=lambda one: one.number)
    return {
        number: sum((one.quantity for one in group), Decimal(0))
        for number, group in groupby(in_order, key=lambda one: one.number)
    }


def _on_list(exemption: Exemption, goods: Sequence[Goods], taken: Iterable[Goods], what: str) -> list[Finding]:
    """Return what of some goods is not on the list, over it, or was changed on it since."""
    found: list[Finding] = []
    before = _sums(taken)
    versions = {letter.version: letter for letter in exemption.letters}
    for number, quantity in _sums(goods).items():
        item = exemption.terms.item(number)
        said = {"exemption": exemption.reference, "number": number, "what": what}
        if item is None:
            words = _("Item %(number)s is not on the list of %(exemption)s.")
            found.append(Finding(Fault.NOT_ON_LIST, str(number), words % said))
            continue
        already = before.get(number, Decimal(0))
        said |= {"name": item.name, "unit": item.unit, "listed": number_in_words(item.quantity)}
        if already + quantity > item.quantity:
            words = _(
                "%(name)s: %(listed)s %(unit)s on the list, %(taken)s already %(what)s, and this is %(quantity)s more."
            )
            said |= {"taken": number_in_words(already), "quantity": number_in_words(quantity)}
            found.append(Finding(Fault.OVER_LIST, str(number), words % said))
        for version in sorted({one.version for one in goods if one.number == number}):
            then = versions[version].item(number) if version in versions else None
            if then is None or not then.is_same_thing_as(item):
                words = _("%(name)s was amended on the list since version %(version)s, on which this rests.")
                found.append(Finding(Fault.AMENDED_SINCE_ORDER, str(number), words % {**said, "version": version}))
    return found

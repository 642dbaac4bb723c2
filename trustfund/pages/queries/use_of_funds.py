"""
What became of a donor's money, notionally: the same share of every transfer as of all contributions.

Money loses its donor when it enters the pool, so this is computed when it is asked for, stored nowhere and binding for
nobody. Each line of the fund is split over all donors, so that what all of them are shown adds up to what there was.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from disbursements.blocks import Block
from disbursements.models import BlockShare, Programme
from donors import queries as donor_queries
from donors.models import Donor
from ledger import chart
from ledger import queries as ledger_queries
from trustfund.core.charts import Chart, Share, share_bars
from trustfund.core.money import Money, total

# Net of what was given back.
_GIVEN: Final = (chart.CONTRIBUTIONS, chart.EXCHANGE_DIFFERENCE, chart.CONTRIBUTOR_REFUNDS)
_SENT: Final = (chart.TRANSFERS, chart.REFUNDS)
_COSTS: Final = (chart.DIRECT_COST, chart.BANK_CHARGES)
# What lies at the bank or is on its way, without what nobody has identified.
_HELD: Final = ("1", "2")
_EARNED: Final = (chart.FUND_INTEREST, chart.PARTNER_INTEREST, chart.OTHER_INCOME)


@dataclass(frozen=True)
class Line:
    """One thing that money went to: of the whole fund, and this donor's part of it."""

    words: str
    whole: Money
    part: Money
    own: Money | None = None
    reference: str = ""
    is_notional: bool = True


@dataclass(frozen=True)
class UseOfFunds:
    """A donor's contributions on a day and what they notionally became; the lines add up to `contributed + earned`."""

    on: date
    donor: Donor
    share_percent: Decimal
    contributed: Money
    contributed_own: Money | None
    earned: Money
    programmes: tuple[Line, ...]
    others: tuple[Line, ...]
    blocks: tuple[Line, ...]
    transferred: Money

    @property
    def lines(self) -> tuple[Line, ...]:
        """Everything that the money went to, and what is still held."""
        return (*self.programmes, *self.others)

    @property
    def picture(self) -> Chart | None:
        """The donor's part of what programmes were sent, by building block; nothing before the first transfer."""
        if not self.blocks:
            return None
        return share_bars(
            title=_("Notional use by building block of a health system"),
            shares=[Share(line.words, line.part) for line in self.blocks],
        )


def use_of_funds(donor: Donor, on: date) -> UseOfFunds:
    """Return what a donor's contributions notionally became by the end of a day, in a bounded number of queries."""
    usd = settings.FUND_CURRENCY
    held = ledger_queries.balances_under((*_GIVEN, *_SENT, *_COSTS, *_EARNED, chart.AGENT_FEE, *_HELD), usd, on)
    given = _by_reference(held, _GIVEN)
    # In the order of their references, so that the odd cents always fall to the same donors.
    donors = sorted(reference for reference, money in given.items() if money.minor < 0)
    weights = [-given[reference].minor for reference in donors]

    def part_of(whole: Money) -> Money:
        return whole.split(weights)[donors.index(donor.reference)] if donor.reference in donors else Money.zero(usd)

    contributed = -given.get(donor.reference, Money.zero(usd)) if donor.reference in donors else Money.zero(usd)
    earned = part_of(-_under(held, _EARNED))
    sent = _by_reference(held, _SENT)
    programmes = [
        Line(programme.title, sent[programme.reference], part_of(sent[programme.reference]), None, programme.reference)
        for programme in _programmes(sent)
    ]
    unnamed = _under(held, _SENT) - total((line.whole for line in programmes), usd)
    if unnamed:
        programmes.append(Line(_("Programmes not named"), unnamed, part_of(unnamed)))
    fee = donor_queries.fees_of(donor, on)
    costs = _under(held, _COSTS)
    spent = total((line.part for line in programmes), usd) + fee + part_of(costs)
    others = [
        Line(_("Administrative agent fee on your receipts"), _under(held, (chart.AGENT_FEE,)), fee, is_notional=False),
        Line(_("Direct cost and bank charges"), costs, part_of(costs)),
        Line(_("Still held by the fund"), _under(held, _HELD), contributed + earned - spent),
    ]
    own = donor_queries.received_in_own_currency(donor, on)
    named, rest = _in_own(programmes, others, own, contributed, earned)
    return UseOfFunds(
        on=on,
        donor=donor,
        share_percent=_percent(contributed, sum(weights)),
        contributed=contributed,
        contributed_own=own,
        earned=earned,
        programmes=named,
        others=rest,
        blocks=_blocks(named),
        transferred=total((line.part for line in named), usd),
    )


def _under(held: Mapping[str, Money], heads: Sequence[str]) -> Money:
    return total((money for code, money in held.items() if code.startswith(tuple(heads))), settings.FUND_CURRENCY)


def _by_reference(held: Mapping[str, Money], heads: Sequence[str]) -> dict[str, Money]:
    found: dict[str, Money] = {}
    for code, money in held.items():
        if chart.head_of(code) in heads:
            reference = chart.reference_of(code)
            found[reference] = found.get(reference, Money.zero(settings.FUND_CURRENCY)) + money
    return {reference: money for reference, money in found.items() if money}


def _programmes(sent: Mapping[str, Money]) -> list[Programme]:
    found = Programme.objects.filter(reference__in=sent)
    return sorted(found, key=lambda programme: (-sent[programme.reference].minor, programme.reference))


def _percent(part: Money, whole: int) -> Decimal:
    exact = Decimal(100 * part.minor) / Decimal(whole) if whole else Decimal(0)
    return exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def _in_own(
    programmes: list[Line], others: list[Line], own: Money | None, contributed: Money, earned: Money
) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Return the lines with their parts in the donor's own currency, at the average rate of its receipts."""
    parts = [line.part.minor for line in (*programmes, *others)]
    if own is None or not contributed or min(parts) < 0 or not sum(parts):
        return tuple(programmes), tuple(others)
    whole = own.times(Fraction((contributed + earned).minor, contributed.minor))
    moneys = iter(whole.split(parts))

    both = [replace(line, own=next(moneys)) for line in (*programmes, *others)]
    return tuple(both[: len(programmes)]), tuple(both[len(programmes) :])


def _blocks(programmes: Sequence[Line]) -> tuple[Line, ...]:
    """Return what programmes were sent by building block, the largest first: each programme's split of its line."""
    splits: dict[str, dict[str, Decimal]] = {}
    wanted = [line.reference for line in programmes if line.reference]
    rows = BlockShare.objects.filter(programme__reference__in=wanted).order_by("block")
    for reference, block, percent in rows.values_list("programme__reference", "block", "percent"):
        splits.setdefault(reference, {})[block] = percent
    sums: dict[str, Line] = {}
    for line in programmes:
        for part in _by_block(line, splits.get(line.reference, {})):
            sums[part.reference] = _sum(sums[part.reference], part) if part.reference in sums else part
    shown = [replace(line, reference="") for line in sums.values() if line.part.minor > 0]
    return tuple(sorted(shown, key=lambda line: (-line.part.minor, line.words)))


def _by_block(line: Line, split: Mapping[str, Decimal]) -> Iterator[Line]:
    if not split:
        return
    weights = [int(percent * 100) for percent in split.values()]
    owns = line.own.split(weights) if line.own is not None else [None] * len(weights)
    for block, whole, part, own in zip(split, line.whole.split(weights), line.part.split(weights), owns, strict=True):
        yield Line(str(Block(block).label), whole, part, own, reference=block)


def _sum(one: Line, other: Line) -> Line:
    own = one.own + other.own if one.own is not None and other.own is not None else None
    return replace(one, whole=one.whole + other.whole, part=one.part + other.part, own=own)

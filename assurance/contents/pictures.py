"""The charts of the statements; each stands beside a table of the same numbers. Their titles are full sentences."""

from django.utils.translation import gettext as _

from assurance.contents.donor_account import PledgeAccount
from assurance.lines import SourcesAndUses
from trustfund.core.charts import Chart, Instalment, Share, instalment_bars, share_bars
from trustfund.core.money import Money, total


def where_the_money_is(position: SourcesAndUses) -> Chart:
    """Return what became of all sources: spent, with organisations, with the agent, cost. The parts add up to them."""
    cost = position.agent_fee + position.direct_cost + position.bank_charges
    given_back = position.contributor_refunds
    parts = (
        Share(_("Spent by participating organizations"), position.partner_expenditure),
        Share(_("Held by participating organizations"), position.balance_with_partners),
        Share(_("Held by the administrative agent"), position.balance_with_agent),
        Share(_("Fee, direct cost and bank charges"), cost),
        Share(_("Given back to contributors"), given_back),
    )
    said = _("Of %(total)s received from all sources, %(spent)s is spent and %(held)s is still held.") % {
        "total": position.total_sources,
        "spent": position.partner_expenditure,
        "held": position.total_balance,
    }
    return share_bars(title=said, shares=[part for part in parts if part.amount.minor > 0])


def instalments_by_year(pledge: PledgeAccount) -> Chart:
    """Return what came, is late and is still to fall due of a pledge, by the year in which it falls due."""
    currency = pledge.pledged.currency
    none = Money.zero(currency)
    bars = []
    for year in sorted({line.due_on.year for line in pledge.instalments}):
        lines = [line for line in pledge.instalments if line.due_on.year == year]
        bars.append(
            Instalment(
                label=str(year),
                received=total((line.received for line in lines), currency),
                overdue=total((line.balance if line.status == "overdue" else none for line in lines), currency),
                scheduled=total((line.balance if line.status != "overdue" else none for line in lines), currency),
            )
        )
    said = _("Pledge %(reference)s: %(received)s received, %(overdue)s overdue, %(scheduled)s still to fall due.") % {
        "reference": pledge.reference,
        "received": pledge.received,
        "overdue": pledge.overdue,
        "scheduled": pledge.scheduled,
    }
    return instalment_bars(title=said, bars=bars)

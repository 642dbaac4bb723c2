"""How money is promised: reserved for an approved proposal, set aside to bridge late donors."""

from datetime import date
from typing import Final
from uuid import UUID

from disbursements.models import Proposal
from ledger import chart
from ledger.drafts import Draft, credit, debit, legs
from trustfund.core.money import Money

# The continuity reserve is one, and nobody's row: this id stands for it in the books and in the record.
CONTINUITY_RESERVE: Final = UUID("5f0c7d2e-9420-4942-8942-0c0a71a0a942")
# So are the numbers that treasury goes by.
TREASURY_RULES: Final = UUID("5f0c7d2e-7200-4072-8072-0c0a71a0a072")


def reserve(proposal: Proposal, *, on: date) -> Draft:
    """Move the whole amount of a proposal from what is spendable to what its programme may be paid."""
    return Draft(
        kind="proposal.approved",
        reference=proposal.reference,
        effective_on=on,
        legs=legs(
            debit(chart.under(chart.RESERVED, proposal.programme.reference), proposal.amount),
            credit(chart.SPENDABLE, proposal.amount),
        ),
        memo=proposal.title[:200],
        subject=proposal.id,
    )


def set_aside(amount: Money, *, reference: str, reason: str, on: date) -> Draft:
    """Move an amount from what is spendable to the continuity reserve."""
    return Draft(
        kind="reserve.raised",
        reference=reference,
        effective_on=on,
        legs=legs(debit(chart.CONTINUITY_RESERVE, amount), credit(chart.SPENDABLE, amount)),
        memo=reason[:200],
        subject=CONTINUITY_RESERVE,
    )


def use_reserve(amount: Money, *, reference: str, decision: str, reason: str, subject: UUID, on: date) -> Draft:
    """Move an amount from the continuity reserve back to what is spendable, as the committee decided."""
    return Draft(
        kind="reserve.used",
        reference=reference,
        effective_on=on,
        legs=legs(debit(chart.SPENDABLE, amount), credit(chart.CONTINUITY_RESERVE, amount)),
        memo=f"{decision}: {reason}"[:200],
        subject=subject,
    )

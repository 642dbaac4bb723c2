"""What is laid before the committee: the kinds of motion, and one matter with all that a member decides on. Pure."""

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext as _

from trustfund.core.money import Money


class Kind(StrEnum):
    """What the committee is asked to do."""

    PROPOSAL = "proposal"
    RELEASE = "release"
    AMEND = "amend"
    SUSPEND = "suspend"
    RESUME = "resume"
    OVERRIDE = "override"
    WRITE_OFF = "write_off"
    REFUND = "refund"
    CONDITION = "condition"
    PREFERENCE = "preference"
    CONCENTRATION = "concentration"
    DIRECT_COST = "direct_cost"
    RESERVE = "reserve"
    RULES = "rules"
    SEATS = "seats"
    AUDITOR = "auditor"
    SHORTFALL = "shortfall"
    LIFT = "lift"

    @property
    def label(self) -> str:
        """The kind as a heading says it."""
        return {
            Kind.PROPOSAL: _("Approve a proposal"),
            Kind.RELEASE: _("Release a tranche"),
            Kind.AMEND: _("Amend an approved proposal"),
            Kind.SUSPEND: _("Suspend a programme"),
            Kind.RESUME: _("Resume a programme"),
            Kind.OVERRIDE: _("Pay outside an exemption"),
            Kind.WRITE_OFF: _("Write off a pledge"),
            Kind.REFUND: _("Refund a donor"),
            Kind.CONDITION: _("Accept a conditional pledge"),
            Kind.PREFERENCE: _("Accept a non-binding preference"),
            Kind.CONCENTRATION: _("Accept a donor above the cap"),
            Kind.DIRECT_COST: _("Approve a direct cost"),
            Kind.RESERVE: _("Use the continuity reserve"),
            Kind.RULES: _("Change the rules of procedure"),
            Kind.SEATS: _("Change who sits"),
            Kind.AUDITOR: _("Appoint an auditor"),
            Kind.SHORTFALL: _("Decide what to pay when money is short"),
            Kind.LIFT: _("Lift a hold on payments"),
        }[self]

    @property
    def promises_money(self) -> bool:
        """Whether carrying it promises spendable money, so that its effect on the fund is worth showing."""
        return self in {Kind.PROPOSAL, Kind.AMEND, Kind.REFUND, Kind.DIRECT_COST}


@dataclass(frozen=True)
class Matter:
    """
    One version of one thing that the committee decides.

    :ivar subject: the thing's id; its page is found by it
    :ivar amount: what is at stake, zero where no money is
    :ivar particulars: label and words of everything that a member decides on beside title, summary and amount
    :ivar interests: the names of those who would gain or lose; a member who declared one of them leaves the table
    """

    kind: Kind
    subject: UUID
    version: int
    title: str
    summary: str
    amount: Money
    particulars: tuple[tuple[str, str], ...] = ()
    interests: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the matter, 64 hex digits: canonical JSON, keys sorted, amounts in minor units."""
        facts = {
            "kind": str(self.kind),
            "subject": str(self.subject),
            "version": self.version,
            "title": self.title,
            "summary": self.summary,
            "amount": [self.amount.minor, self.amount.currency],
            "particulars": [list(row) for row in self.particulars],
        }
        text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

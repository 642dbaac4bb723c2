"""Holding what an operation is about to change; one module a noun."""

from disbursements.locks.proposals import fund, programme, proposal, tranche

__all__ = ["fund", "programme", "proposal", "tranche"]

"""Bank details of organisations: the foundation's values, which donors' details are made of too."""

from trustfund.core.bank_details import BankDetails, bank_details, check_number, masked

__all__ = ["BankDetails", "bank_details", "check_number", "masked"]

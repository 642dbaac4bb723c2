"""Everything that can happen to donors, their pledges and their money; one module a noun."""

from donors.operations.agreements import sign_agreement
from donors.operations.exchange import (
    confirm_rate_correction,
    propose_rate_correction,
    record_rate,
    withdraw_rate_correction,
)
from donors.operations.people import appoint_representative, end_representative
from donors.operations.pledges import announce_pledge, sign_announced_pledge, sign_pledge
from donors.operations.rate_files import bring_rate_file, take_rate_file
from donors.operations.receipts import record_receipt, reverse_receipt
from donors.operations.register import register_donor
from donors.operations.stop_requests import file_stop_request

__all__ = [
    "announce_pledge",
    "appoint_representative",
    "bring_rate_file",
    "confirm_rate_correction",
    "end_representative",
    "file_stop_request",
    "propose_rate_correction",
    "record_rate",
    "record_receipt",
    "register_donor",
    "reverse_receipt",
    "sign_agreement",
    "sign_announced_pledge",
    "sign_pledge",
    "take_rate_file",
    "withdraw_rate_correction",
]

"""What the bank's own statements say of payments: the debit by which one left, the credit by which it came back."""

from collections.abc import Sequence
from dataclasses import dataclass

from bank import queries as bank_queries
from bank.models import BankLine
from disbursements.models import Payment
from disbursements.payment_states import GONE, PaymentStatus, ReturnReason


@dataclass(frozen=True)
class Seen:
    """
    The lines that carry a payment's reference and that nothing uses yet.

    :ivar others: lines under the same reference whose amount is another; a person looks at those
    """

    debit: BankLine | None
    credit: BankLine | None
    others: tuple[BankLine, ...]

    @property
    def reason(self) -> ReturnReason:
        """Why the money came back, as the bank says; that it gave no reason we know otherwise."""
        code = self.credit.return_reason if self.credit else ""
        return ReturnReason(code) if code in ReturnReason.values else ReturnReason.MS03


def seen_of(found: Sequence[Payment]) -> dict[str, Seen]:
    """Return what the bank's statements say of payments, by their reference, in one query."""
    lines = bank_queries.lines_by_end_to_end(payment.reference for payment in found)
    return {payment.reference: _seen(payment, lines.get(payment.reference, [])) for payment in found}


def seen_of_payment(payment: Payment) -> Seen | None:
    """Return what the bank's statements say of a payment that has left the fund; nothing before."""
    if PaymentStatus(payment.status) not in GONE:
        return None
    return seen_of([payment])[payment.reference]


def _seen(payment: Payment, lines: Sequence[BankLine]) -> Seen:
    debit = next((line for line in lines if line.amount == -payment.amount), None)
    credit = next((line for line in lines if line.amount == payment.amount), None)
    return Seen(debit, credit, tuple(line for line in lines if line not in {debit, credit}))

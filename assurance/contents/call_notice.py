"""What a donor is asked for when an instalment is called: how much, by when, and to which account of the fund."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from bank.models import OwnAccount
from donors import queries as donors_queries
from donors.models import Allocation, Call, Donor, WithdrawnCall
from trustfund.core.money import Money, total


@dataclass(frozen=True)
class PayTo:
    """An account of the fund, as it was registered when the call was issued."""

    name: str
    number: str
    bank: str
    bic: str


@dataclass(frozen=True)
class CallNotice:
    """A call as it was issued, in the pledge's currency. The same today as in ten years."""

    donor: str
    office: str
    donor_reference: str
    agreement: str
    agreement_version: int
    pledge: str
    pledged: Money
    number: int
    version: int
    due_on: date
    instalment: Money
    received: Money
    called: Money
    written_off: Money
    payment_currency: str
    pay_to: tuple[PayTo, ...]
    issued_on: date
    issued_by: str

    @property
    def is_paid_in_another_currency(self) -> bool:
        """Whether the money comes in another currency than the pledge's."""
        return self.payment_currency != self.called.currency


@dataclass(frozen=True)
class CallWithdrawal:
    """A call that was taken back: what it asked for, and why it is withdrawn."""

    of: CallNotice
    withdrawn_on: date
    withdrawn_by: str
    reason: str


def donor_of_call(call_id: UUID) -> Donor | None:
    """Return who is asked."""
    return Donor.objects.filter(pledges__instalments__calls=call_id).first()


def call_notice(call_id: UUID) -> CallNotice:
    """Return what a call asks for."""
    call = Call.objects.select_related("instalment__pledge__donor", "issued_by").get(pk=call_id)
    pledge, donor = call.instalment.pledge, call.instalment.pledge.donor
    version = donors_queries.version_known_at(pledge, call.issued_at)
    received = _received_of(call)
    accounts = OwnAccount.objects.filter(currency=pledge.payment_currency, registered_at__lte=call.issued_at)
    return CallNotice(
        donor=donor.name,
        office=donor.office,
        donor_reference=donor.reference,
        agreement=version.agreement.reference,
        agreement_version=version.agreement.version,
        pledge=pledge.reference,
        pledged=version.amount,
        number=call.instalment.number,
        version=call.version,
        due_on=call.due_on,
        instalment=call.instalment.amount,
        received=received,
        called=call.amount,
        written_off=call.instalment.amount - received - call.amount,
        payment_currency=pledge.payment_currency,
        pay_to=tuple(
            PayTo(one.name, one.number, one.bank_name, one.bic) for one in accounts.order_by("registered_at", "pk")
        ),
        issued_on=call.issued_at.date(),
        issued_by=call.issued_by.name,
    )


def call_withdrawal(call_id: UUID) -> CallWithdrawal:
    """Return what is said of a call that was taken back."""
    withdrawn = WithdrawnCall.objects.select_related("withdrawn_by").get(pk=call_id)
    return CallWithdrawal(
        of=call_notice(call_id),
        withdrawn_on=withdrawn.withdrawn_at.date(),
        withdrawn_by=withdrawn.withdrawn_by.name,
        reason=withdrawn.reason,
    )


def _received_of(call: Call) -> Money:
    """Return what was in the books of the instalment when it was called: undone later or not."""
    stood = Q(receipt__reversed_at=None) | Q(receipt__reversed_at__gt=call.issued_at)
    parts = Allocation.objects.filter(stood, instalment=call.instalment, receipt__recorded_at__lte=call.issued_at)
    return total((part.amount for part in parts), call.currency)

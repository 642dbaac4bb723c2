"""What every page that shows bank details does first: it writes down who is shown whose."""

from django.http import HttpRequest

from disbursements.models import BankAccount
from disbursements.operations import bank_accounts as operations
from trustfund.core import clock
from trustfund.core.audience import person_of


def note_read(request: HttpRequest, account: BankAccount | None, page: str, *, in_full: bool = False) -> None:
    """Write down that this person is shown bank details now."""
    operations.note_read(
        account_id=account.pk if account else None,
        page=page,
        in_full=in_full,
        actor=person_of(request),
        at=clock.now(),
    )

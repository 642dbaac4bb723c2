"""Holding the fund's own accounts until the operation ends; who brings or uses a line holds its account first."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from bank.models import BankLine, OwnAccount
from bank.queries import with_use
from trustfund.core.db import require_transaction
from trustfund.core.refusals import Missing


def accounts(numbers: Iterable[str]) -> list[OwnAccount]:
    """Hold the fund's own accounts of some numbers, in the order of their ids, and return them."""
    require_transaction()
    held = OwnAccount.objects.select_for_update(no_key=True).filter(number__in=set(numbers))
    return list(held.order_by("pk"))


def lines(line_ids: Iterable[UUID]) -> dict[UUID, BankLine]:
    """
    Return lines with how much of each is used, their accounts held: nobody else uses one until the transaction ends.

    :raises Missing: if one of them is not there
    """
    require_transaction()
    wanted = set(line_ids)
    held = OwnAccount.objects.select_for_update(no_key=True).filter(
        pk__in=BankLine.objects.filter(pk__in=wanted).values("account")
    )
    list(held.order_by("pk"))
    found = with_use(BankLine.objects.filter(pk__in=wanted).select_related("account")).in_bulk()
    if len(found) != len(wanted):
        raise Missing(_("There is no such line of the bank. Look for it in the list of lines."))
    return found


def line(line_id: UUID) -> BankLine:
    """
    Return a line with how much of it is used, its account held.

    :raises Missing: if there is none
    """
    return lines([line_id])[line_id]

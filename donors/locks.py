"""Holding donors, pledges and receipts until the operation ends. A receipt is held through its pledge, pledge first."""

from uuid import UUID

from django.utils.translation import gettext as _

from donors.models import Agreement, Donor, Pledge, Receipt
from trustfund.core.refusals import Missing


def donor(donor_id: UUID) -> Donor:
    """
    Return a donor, held.

    :raises Missing: if there is none
    """
    found = Donor.objects.select_for_update().filter(pk=donor_id).first()
    if found is None:
        raise Missing(_("There is no such donor. Look for it in the list of donors."))
    return found


def agreement(agreement_id: UUID) -> Agreement:
    """
    Return an agreement, its donor held; the agreement itself never changes.

    :raises Missing: if there is none
    """
    found = Agreement.objects.filter(pk=agreement_id).first()
    if found is None:
        raise Missing(_("There is no such agreement. Look for it on the donor's page."))
    found.donor = donor(found.donor_id)
    return found


def pledge(pledge_id: UUID) -> Pledge:
    """
    Return a pledge, held.

    :raises Missing: if there is none
    """
    found = (
        Pledge.objects.select_for_update(of=("self",)).select_related("donor", "agreement").filter(pk=pledge_id).first()
    )
    if found is None:
        raise Missing(_("There is no such pledge. Look for it on the donor's page."))
    return found


def receipt(receipt_id: UUID) -> Receipt:
    """
    Return a receipt, held after its pledge.

    :raises Missing: if there is none
    """
    pledge_id = Receipt.objects.filter(pk=receipt_id).values_list("pledge_id", flat=True).first()
    if pledge_id is None:
        raise Missing(_("There is no such receipt. Look for it in the list of receipts."))
    held = pledge(pledge_id)
    found = Receipt.objects.select_for_update(of=("self",)).get(pk=receipt_id)
    found.pledge = held
    return found

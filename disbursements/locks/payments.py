"""Holding payments and bank details until the end. The order is always organisation, tranche, route, payment."""

from uuid import UUID

from django.utils.translation import gettext as _

from disbursements.locks.proposals import tranche
from disbursements.models import BankAccount, Hold, Organisation, Payment, Route, Tranche, TrancheRoute
from trustfund.core.refusals import Missing

# What gates and pages read of a payment, in one query.
AROUND_A_PAYMENT = (
    "tranche__proposal__programme__organisation",
    "tranche__version",
    "bank_account__registered_by",
    "bank_account__verification__verified_by",
    "bank_account__successor",
    "bank_account__organisation",
    "route__vendor",
    "replaces",
)


def organisation(organisation_id: UUID) -> Organisation:
    """
    Hold an organisation, so that its bank details do not change while somebody signs, nor the other way round.

    :raises Missing: if there is none
    """
    for one in Organisation.objects.select_for_update(no_key=True).filter(pk=organisation_id):
        return one
    raise Missing(_("There is no such organisation. Look it up in the list of organisations."))


def payable(tranche_id: UUID) -> Tranche:
    """
    Hold a tranche that may be paid, and before it the organisations that would be paid: its own, then a route's vendor.

    The route cannot change in between, because choosing one holds the tranche's own organisation too.

    :raises Missing: if there is none
    """
    found = Tranche.objects.filter(pk=tranche_id).values_list("proposal__programme__organisation_id", flat=True)
    for organisation_id in found:
        organisation(organisation_id)
    vendors = TrancheRoute.objects.filter(tranche=tranche_id).order_by("-id").values_list("route__vendor_id", flat=True)
    for vendor_id in vendors[:1]:
        if vendor_id is not None:
            organisation(vendor_id)
    return tranche(tranche_id)


def payment(payment_id: UUID) -> Payment:
    """
    Hold a payment, and before it its organisation, its tranche and its route.

    :raises Missing: if there is none
    """
    for tranche_id, route_id in Payment.objects.filter(pk=payment_id).values_list("tranche_id", "route_id"):
        payable(tranche_id)
        if route_id is not None:
            route(route_id)
    for one in Payment.objects.select_for_update(of=("self",)).select_related(*AROUND_A_PAYMENT).filter(pk=payment_id):
        return one
    raise Missing(_("There is no such payment. Look it up in the list of payments."))


def bank_account(account_id: UUID) -> BankAccount:
    """
    Hold the organisation of bank details, and return them as they stand.

    :raises Missing: if there are none
    """
    for organisation_id in BankAccount.objects.filter(pk=account_id).values_list("organisation_id", flat=True):
        organisation(organisation_id)
    found = BankAccount.objects.select_related(
        "organisation", "registered_by", "verification__verified_by", "successor"
    ).filter(pk=account_id)
    for one in found:
        return one
    raise Missing(_("There are no such bank details. Look them up in the list of bank accounts."))


def route(route_id: UUID) -> Route:
    """
    Hold a route, so that nobody signs by it while it changes.

    :raises Missing: if there is none
    """
    for one in Route.objects.select_for_update(of=("self",)).select_related("vendor").filter(pk=route_id):
        return one
    raise Missing(_("There is no such route. Look it up in the list of routes."))


def hold(hold_id: UUID) -> Hold:
    """
    Hold the organisation that something is held against, and return the hold as it stands.

    :raises Missing: if there is none
    """
    owners = Hold.objects.filter(pk=hold_id).values_list("organisation_id", "programme__organisation_id")
    for organisation_id, owner_id in owners:
        organisation(organisation_id or owner_id)
    for one in Hold.objects.select_related("organisation", "programme", "placed_by", "lift").filter(pk=hold_id):
        return one
    raise Missing(_("There is no such hold. Look it up on the register."))

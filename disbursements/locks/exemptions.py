"""Holding requests, exemptions and what happens under them. The order is always tranche, exemption, the rest."""

from uuid import UUID

from django.utils.translation import gettext as _

from disbursements.locks.proposals import tranche
from disbursements.models import Exemption, ExemptionRequest, GoodsDeclaration, Override, Shipment
from disbursements.queries import exemptions as queries
from trustfund.core.refusals import Missing


def exemption(exemption_id: UUID) -> Exemption:
    """
    Hold an exemption, so that nobody else orders, ships or amends under it, and return it with all around it.

    :raises Missing: if there is none
    """
    for held in Exemption.objects.select_for_update().filter(pk=exemption_id):
        return queries.loaded(Exemption.objects.filter(pk=held.pk)).get()
    raise Missing(_("There is no such exemption. Look it up in the list of exemptions."))


def request(request_id: UUID) -> ExemptionRequest:
    """
    Hold a request for an exemption.

    :raises Missing: if there is none
    """
    found = (
        ExemptionRequest.objects.select_for_update(of=("self",))
        .select_related("programme__organisation", "exemption")
        .filter(pk=request_id)
    )
    for one in found:
        return one
    raise Missing(_("There is no such request. Look it up in the list of exemptions."))


def shipment(shipment_id: UUID) -> tuple[Exemption, Shipment]:
    """
    Hold the exemption of a shipment, and return both.

    :raises Missing: if there is none
    """
    for exemption_id in Shipment.objects.filter(pk=shipment_id).values_list("exemption_id", flat=True):
        held = exemption(exemption_id)
        return held, next(one for one in held.shipments.all() if one.pk == shipment_id)
    raise Missing(_("There is no such shipment. Look it up on the page of its exemption."))


def declaration(declaration_id: UUID) -> GoodsDeclaration:
    """
    Hold the tranche whose goods were declared, and return the declaration; its own row only ever stays.

    :raises Missing: if there is nothing of the kind
    """
    for tranche_id in GoodsDeclaration.objects.filter(pk=declaration_id).values_list("tranche_id", flat=True):
        tranche(tranche_id)
    found = GoodsDeclaration.objects.select_related(
        "tranche__proposal__programme__organisation", "exemption", "declared_by"
    )
    for one in found.filter(pk=declaration_id):
        return one
    raise Missing(_("There is no such declaration. Open it from the tranche."))


def override(override_id: UUID) -> Override:
    """
    Hold what the committee is asked to let pass.

    :raises Missing: if there is nothing of the kind
    """
    for one in Override.objects.select_for_update().filter(pk=override_id):
        return one
    raise Missing(_("The committee was not asked this. Open it from the exemption."))

"""Registering who gives."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from donors import permissions
from donors.models import Donor, DonorKind
from ledger import chart
from ledger import operations as ledger_operations
from trustfund.core import events
from trustfund.core.models import User
from trustfund.core.numbering import next_reference
from trustfund.core.refusals import AlreadyDone, Unacceptable


@transaction.atomic(durable=True)
def register_donor(
    *, name: str, kind: DonorKind, office: str = "", country_code: str = "", actor: User, at: datetime
) -> Donor:
    """
    Register a donor and open its accounts: contributions, and the exchange difference on them.

    :param office: the part of a government that signs, such as a ministry
    :param country_code: ISO 3166 alpha-3, or nothing
    :raises NotPermitted: if the actor is not of the secretariat
    :raises Unacceptable: if the name is empty, or the country code is not three capital letters
    :raises AlreadyDone: if a donor of this name is registered
    """
    permissions.may_keep_donors(actor).enforce()
    name = " ".join(name.split())
    if not name:
        raise Unacceptable(_("A donor has a name. Write it as the donor signs."))
    if country_code and not (len(country_code) == 3 and country_code.isascii() and country_code.isupper()):  # noqa: PLR2004 - alpha-3
        raise Unacceptable(_("A country code is three capital letters (ISO 3166), or nothing."))
    # The counter's row is held from here, so that two registrations of one name meet one after the other.
    reference = next_reference("D", at.date())
    if Donor.objects.filter(name__iexact=name).exists():
        raise AlreadyDone(_("%(name)s is registered already. Open it in the list of donors.") % {"name": name})

    ledger_operations.open_chart(by=actor, at=at)
    for head in (chart.CONTRIBUTIONS, chart.EXCHANGE_DIFFERENCE):
        ledger_operations.open_under(head, reference, of=name, by=actor, at=at)
    donor = Donor.objects.create(
        reference=reference,
        name=name,
        office=office.strip(),
        kind=kind,
        country_code=country_code,
        registered_by=actor,
        registered_at=at,
    )
    events.record("donor.registered", about=donor.id, by=actor, at=at, reference=reference, name=name)
    return donor

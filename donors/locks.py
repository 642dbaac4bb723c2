"""Holding donors, pledges, receipts and matches until the operation ends: a pledge first, then what hangs on it."""

from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from bank import locks as bank_locks
from donors import queries
from donors.models import (
    Agreement,
    Call,
    Condition,
    ContributionFile,
    Donor,
    DonorBankAccount,
    DonorCap,
    ExchangeRate,
    Hold,
    Instalment,
    Match,
    Pledge,
    Quiet,
    RateCorrection,
    RateFile,
    Receipt,
    Refund,
    Unidentified,
    WriteOff,
)
from donors.states import IN_THE_BOOKS
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


def pledges_under(agreement: Agreement) -> list[Pledge]:
    """Return the pledges in the books under any version of an agreement, held in the order of their ids."""
    found = Pledge.objects.select_for_update(of=("self",)).select_related("donor", "agreement")
    in_the_books = [str(status) for status in IN_THE_BOOKS]
    return list(found.filter(agreement__reference=agreement.reference, status__in=in_the_books).order_by("pk"))


def condition(condition_id: UUID) -> Condition:
    """
    Return a condition, held after its pledge.

    :raises Missing: if there is none
    """
    pledge_id = Condition.objects.filter(pk=condition_id).values_list("pledge_id", flat=True).first()
    if pledge_id is None:
        raise Missing(_("There is no such condition. Look for it on the pledge's page."))
    held = pledge(pledge_id)
    found = Condition.objects.select_for_update(of=("self",)).get(pk=condition_id)
    found.pledge = held
    return found


def hold(hold_id: UUID) -> Hold:
    """
    Return what holds a text, held itself.

    :raises Missing: if there is none
    """
    found = Hold.objects.select_for_update(of=("self",)).select_related("donor").filter(pk=hold_id).first()
    if found is None:
        raise Missing(_("There is no such hold. Look for it among the held texts."))
    return found


def latest_cap() -> DonorCap | None:
    """Return the latest version of the cap; one at a time may follow it."""
    _hold("donor cap")
    return DonorCap.objects.order_by("-version").first()


def instalment(instalment_id: int) -> Instalment:
    """
    Return an instalment, its pledge held; the instalment itself never changes.

    :raises Missing: if there is none
    """
    found = Instalment.objects.filter(pk=instalment_id).first()
    if found is None:
        raise Missing(_("There is no such instalment. Look for it on the pledge's page."))
    found.pledge = pledge(found.pledge_id)
    return found


def call(call_id: UUID) -> Call:
    """
    Return a call, its pledge held; the call itself never changes.

    :raises Missing: if there is none
    """
    found = Call.objects.filter(pk=call_id).first()
    if found is None:
        raise Missing(_("There is no such call. Look for it in the list of calls."))
    found.instalment = instalment(found.instalment_id)
    return found


def quiet(quiet_id: UUID) -> Quiet:
    """
    Return an entry of the quiet list, held.

    :raises Missing: if there is none
    """
    found = Quiet.objects.select_for_update(of=("self",)).select_related("donor").filter(pk=quiet_id).first()
    if found is None:
        raise Missing(_("There is no such entry in the quiet list. Reload the page."))
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


def rate_file(file_id: UUID) -> RateFile:
    """
    Return a published file of rates, held.

    :raises Missing: if there is none
    """
    found = RateFile.objects.select_for_update().filter(pk=file_id).first()
    if found is None:
        raise Missing(_("There is no such file of rates. Bring it first."))
    return found


def rate_file_like(sha256: str) -> RateFile | None:
    """Return the file with these bytes, if it was brought before; whoever brings it at the same moment waits."""
    _hold(f"rate file {sha256}")
    return RateFile.objects.filter(sha256=sha256).first()


def rate(rate_id: UUID) -> ExchangeRate:
    """
    Return a recorded rate. Its row never changes; one correction at a time is made of it, and no receipt meanwhile.

    :raises Missing: if there is none
    """
    found = ExchangeRate.objects.filter(pk=rate_id).first()
    if found is None:
        raise Missing(_("There is no such rate. Look for it in the list of rates."))
    _hold_rate(found.pk)
    return found


def rate_correction(correction_id: UUID) -> RateCorrection:
    """
    Return a proposed correction, held, and its rate with it.

    :raises Missing: if there is none
    """
    found = (
        RateCorrection.objects.select_for_update(of=("self",))
        .select_related("rate", "proposed_by")
        .filter(pk=correction_id)
        .first()
    )
    if found is None:
        raise Missing(_("There is no such correction. Look for it beside the rates."))
    _hold_rate(found.rate_id)
    return found


def _hold_rate(rate_id: UUID) -> None:
    """Wait at the lock that PostgreSQL's own guards of a rate take: the row is append-only and cannot be held."""
    _hold(f"rate {rate_id}")


def _hold(what: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [what])


def pledges(pledge_ids: Iterable[UUID]) -> dict[UUID, Pledge]:
    """
    Return several pledges, held in the order of their ids, so that two who want the same never wait in a circle.

    :raises Missing: if one of them is not there
    """
    return {one: pledge(one) for one in sorted(set(pledge_ids))}


def unidentified(held_id: UUID, *, also: UUID | None = None) -> Unidentified:
    """
    Return unidentified money with what of it is left; its line's account is held, so nobody else takes of it.

    :param also: another line to hold with it
    :raises Missing: if there is none
    """
    line_id = Unidentified.objects.filter(pk=held_id).values_list("line_id", flat=True).first()
    if line_id is None:
        raise Missing(_("There is no such unidentified money. Look for it in the list."))
    bank_locks.lines([line_id] if also is None else [line_id, also])
    return queries.held_with_rest(held_id)


def match(match_id: UUID) -> Match:
    """
    Return a match, held after its pledge.

    :raises Missing: if there is none
    """
    pledge_id = Match.objects.filter(pk=match_id).values_list("pledge_id", flat=True).first()
    if pledge_id is None:
        raise Missing(_("There is no such match. Look for it on the receipts desk."))
    held = pledge(pledge_id)
    found = Match.objects.select_for_update(of=("self",)).select_related("proposed_by").get(pk=match_id)
    found.pledge = held
    return found


def write_off(write_off_id: UUID) -> WriteOff:
    """
    Return a write-off, held after its pledge.

    :raises Missing: if there is none
    """
    pledge_id = WriteOff.objects.filter(pk=write_off_id).values_list("pledge_id", flat=True).first()
    if pledge_id is None:
        raise Missing(_("There is no such write-off. Look for it on the pledge's page."))
    held = pledge(pledge_id)
    found = WriteOff.objects.select_for_update(of=("self",)).get(pk=write_off_id)
    found.pledge = held
    return found


def refund(refund_id: UUID) -> Refund:
    """
    Return a refund, held after its donor.

    :raises Missing: if there is none
    """
    donor_id = Refund.objects.filter(pk=refund_id).values_list("donor_id", flat=True).first()
    if donor_id is None:
        raise Missing(_("There is no such refund. Look for it in the list of refunds."))
    held = donor(donor_id)
    found = Refund.objects.select_for_update(of=("self",)).get(pk=refund_id)
    found.donor = held
    return found


def bank_account(details_id: UUID) -> DonorBankAccount:
    """
    Return a donor's bank details, the donor held; the details themselves never change.

    :raises Missing: if there are none
    """
    donor_id = DonorBankAccount.objects.filter(pk=details_id).values_list("donor_id", flat=True).first()
    if donor_id is None:
        raise Missing(_("There are no such bank details. Look for them on the donor's page."))
    held = donor(donor_id)
    found = DonorBankAccount.objects.select_related("verification", "successor").get(pk=details_id)
    found.donor = held
    return found


def contribution_file(file_id: UUID) -> ContributionFile:
    """
    Return a file of contributions, held.

    :raises Missing: if there is none
    """
    found = ContributionFile.objects.select_for_update().filter(pk=file_id).first()
    if found is None:
        raise Missing(_("There is no such file of contributions. Bring it first."))
    return found


def contribution_file_like(sha256: str, fee_rate: Decimal) -> ContributionFile | None:
    """Return the file with these bytes and this fee, if it was brought before; who brings it at that moment waits."""
    _hold(f"contribution file {sha256}")
    return ContributionFile.objects.filter(sha256=sha256, fee_rate=fee_rate).first()

"""Bringing over files of contributions: kept and looked at first, then row by row, as often as need be."""

import hashlib
import logging
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from celery import current_app
from django.db import connection, transaction
from django.utils.translation import gettext as _

from donors import locks, permissions, rates
from donors.contributions import BadRow, Contribution, Fate, Giver, Stage, rows_of
from donors.models import Agreement, ContributionFate, ContributionFile, Donor, DonorKind, Pledge, Receipt
from donors.operations.agreements import sign_agreement
from donors.operations.pledges import announce_pledge, sign_announced_pledge, sign_pledge
from donors.operations.receipts import bring_over_receipt
from donors.operations.register import register_donor
from trustfund.core import events
from trustfund.core.models import User
from trustfund.core.numbering import next_reference
from trustfund.core.refusals import AlreadyDone, Conflict, Refusal, Unacceptable

log = logging.getLogger(__name__)

_KINDS: Final = {
    Giver.MEMBER_STATE: DonorKind.MEMBER_STATE,
    Giver.AUTHORITY: DonorKind.REGIONAL_AUTHORITY,
    Giver.PRIVATE: DonorKind.PRIVATE,
}


@transaction.atomic(durable=True)
def bring_contribution_file(
    *, name: str, content: bytes, fee_rate: Decimal, actor: User, at: datetime
) -> ContributionFile:
    """
    Keep a file of contributions to look at. Nothing of it is recorded; one that was brought before is returned.

    :param name: what the file was called; it is kept for people and never trusted
    :param fee_rate: the fee of the agreements made from it, as a fraction of every receipt
    :raises NotPermitted: if the actor is not of the secretariat
    :raises Unacceptable: if it is no such file, is too large, or holds no row; or the fee cannot be
    """
    permissions.may_keep_donors(actor).enforce()
    if not fee_rate.is_finite() or not 0 <= fee_rate < 1:
        raise Unacceptable(_("The fee is a fraction of each receipt: zero or more, and less than one."))
    rows = rows_of(content)
    if not rows:
        raise Unacceptable(_("The file has a heading and no row. There is nothing to bring over."))
    sha256 = hashlib.sha256(content).hexdigest()
    found = locks.contribution_file_like(sha256, fee_rate)
    if found is not None:
        return found

    file = ContributionFile.objects.create(
        reference=next_reference("CF", at.date()),
        name="".join(letter for letter in name if letter.isprintable())[:120],
        sha256=sha256,
        content=content,
        fee_rate=fee_rate,
        total=len(rows),
        brought_by=actor,
        brought_at=at,
    )
    events.record("contribution_file.brought", about=file.id, by=actor, at=at, reference=file.reference, sha256=sha256)
    return file


@transaction.atomic(durable=True)
def start_contribution_file(*, file_id: UUID, actor: User, at: datetime) -> ContributionFile:
    """
    Let a file be brought over by a worker, row by row; if none is there now, by the next one that comes.

    :raises Missing: if there is no such file
    :raises NotPermitted: if the actor is not of the secretariat
    :raises AlreadyDone: if it was started before
    """
    file = locks.contribution_file(file_id)
    permissions.may_keep_donors(actor).enforce()
    if file.is_started:
        raise AlreadyDone(_("%(reference)s was started before. Its page shows how far it is.") % {"reference": file})
    file.mark_started(by=actor, at=at)
    events.record("contribution_file.started", about=file.id, by=actor, at=at, reference=file.reference)
    transaction.on_commit(lambda: _send(file.id), robust=True)
    return file


def _send(file_id: UUID) -> None:
    try:
        current_app.send_task("donors.bring_over_file", kwargs={"file_id": str(file_id)}, retry=False)
    except Exception:  # noqa: BLE001 - whatever is wrong with the broker, the request is safe and beat sends it later
        log.warning("File %s waits: the broker could not be told. Beat will tell it.", file_id)


def bring_over_file(*, file_id: UUID, at: datetime) -> None:
    """
    Bring over what is still to be done of a file that was started, and write down every row's fate.

    Safe to run twice, at once, and again after a worker was killed: one worker has a file at a time, a row whose fate
    is written is left alone, and one that was half done is finished.

    :raises Missing: if there is no such file
    """
    key = f"contribution file {file_id}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [key])
        if not (cursor.fetchone() or (False,))[0]:
            return
    try:
        _bring_over_rows(file_id, at)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [key])


def _bring_over_rows(file_id: UUID, at: datetime) -> None:
    file = ContributionFile.objects.select_related("started_by").filter(pk=file_id).first()
    if file is None or file.started_by is None or file.finished_at is not None:
        return
    written = set(file.fates.values_list("line", flat=True))
    for row in rows_of(bytes(file.content)):
        if row.line in written:
            continue
        if isinstance(row, BadRow):
            fate, words = Fate.REFUSED, row.reason
        else:
            try:
                fate, words = bring_over(row, fee_rate=file.fee_rate, actor=file.started_by, at=at)
            except Refusal as refusal:
                fate, words = Fate.REFUSED, refusal.message
        _write(file_id, row, fate, words, at)
    _finish(file_id, at)


@transaction.atomic(durable=True)
def _write(file_id: UUID, row: Contribution | BadRow, fate: Fate, words: str, at: datetime) -> None:
    file = locks.contribution_file(file_id)
    ContributionFate.objects.create(
        file=file,
        line=row.line,
        code=row.code[:64],
        donor="" if isinstance(row, BadRow) else row.donor[:200],
        fate=fate.value,
        words=words[:500],
    )
    file.mark_done(file.fates.count(), at=at)


@transaction.atomic(durable=True)
def _finish(file_id: UUID, at: datetime) -> None:
    file = locks.contribution_file(file_id)
    if file.finished_at is not None:
        return
    file.mark_finished(at=at)
    fates = list(file.fates.values_list("fate", flat=True))
    events.record(
        "contribution_file.finished",
        about=file.id,
        by=file.started_by,
        at=at,
        reference=file.reference,
        **{str(fate): fates.count(str(fate)) for fate in Fate},
    )


def bring_over(row: Contribution, *, fee_rate: Decimal, actor: User, at: datetime) -> tuple[Fate, str]:
    """
    Do what is still to be done for a row, each step its own operation, and say what that was.

    :raises Refusal: whatever refuses one of the steps; those before it stand, and the next run takes up from there
    """
    row.require_past(at.date())
    pledge = Pledge.objects.filter(external_reference=row.code).select_related("donor").first()
    if pledge is not None and (pledge.amount, pledge.donor.name) != (row.pledged, row.donor):
        raise Conflict(
            _("%(reference)s stands in the books as %(amount)s of %(donor)s. Correct the file, or the books by hand.")
            % {"reference": pledge.reference, "amount": pledge.amount, "donor": pledge.donor}
        )
    done: list[str] = []
    if pledge is None or (not pledge.is_signed and row.stage is not Stage.PIPELINE):
        pledge = _promise(row, pledge, fee_rate, actor, at)
        done.append(_("announced") if row.stage is Stage.PIPELINE else _("signed"))
    if row.received_on is not None and not _is_received(row):
        bring_over_receipt(
            pledge_id=pledge.pk,
            received=row.received,
            value_on=row.received_on,
            bank_reference=row.code,
            payer=row.donor,
            settles=row.pledged,
            actor=actor,
            at=at,
        )
        done.append(_("received"))
    return (Fate.NEW, ", ".join(done)) if done else (Fate.THERE, _("nothing new"))


def _is_received(row: Contribution) -> bool:
    found = Receipt.objects.filter(bank_reference=row.code).order_by("recorded_at").last()
    if found is not None and (
        found.is_reversed or (found.gross_usd, found.value_on) != (row.received, row.received_on)
    ):
        raise Conflict(
            _("Receipt %(reference)s was reversed, or stands with another amount or day. Look at it in the books.")
            % {"reference": found.reference}
        )
    return found is not None


def _promise(row: Contribution, announced: Pledge | None, fee_rate: Decimal, actor: User, at: datetime) -> Pledge:
    donor = Donor.objects.filter(name__iexact=row.donor).first() or register_donor(
        name=row.donor, kind=_KINDS[row.giver], country_code=row.country_code, actor=actor, at=at
    )
    if row.signed_on is None:
        return announce_pledge(
            donor_id=donor.pk,
            amount=row.pledged,
            announced_on=row.announced_on,
            payment_currency=row.currency,
            external_reference=row.code,
            actor=actor,
            at=at,
        )
    agreement = Agreement.objects.filter(external_reference=row.code).first() or sign_agreement(
        donor_id=donor.pk,
        signed_on=row.signed_on,
        from_year=row.from_year,
        to_year=row.to_year,
        currency=rates.FUND_CURRENCY,
        fee_rate=fee_rate,
        external_reference=row.code,
        actor=actor,
        at=at,
    )
    if announced is not None:
        return sign_announced_pledge(
            pledge_id=announced.pk,
            agreement_id=agreement.pk,
            schedule=[(row.due_on, row.pledged)],
            signed_on=row.signed_on,
            actor=actor,
            at=at,
        )
    return sign_pledge(
        agreement_id=agreement.pk,
        amount=row.pledged,
        schedule=[(row.due_on, row.pledged)],
        announced_on=row.announced_on,
        signed_on=row.signed_on,
        payment_currency=row.currency,
        external_reference=row.code,
        actor=actor,
        at=at,
    )

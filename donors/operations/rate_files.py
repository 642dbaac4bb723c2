"""Published files of rates: brought and looked at first, then taken. What is recorded already is not recorded twice."""

import hashlib
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from donors import locks, permissions, queries, rate_files, rates
from donors.models import ExchangeRate, RateFile, ReferenceDay
from donors.queries import Fate
from donors.rate_files import Published, Publisher
from trustfund.core import events
from trustfund.core.models import User
from trustfund.core.numbering import next_reference
from trustfund.core.refusals import AlreadyDone, Unacceptable

_AT_ONCE = 1000


@transaction.atomic(durable=True)
def bring_rate_file(*, name: str, content: bytes, actor: User, at: datetime) -> RateFile:
    """
    Keep a published file of rates to look at. No rate is recorded; a file that was brought before is returned.

    :param name: what the file was called; it is kept for people and never trusted
    :raises NotPermitted: if the actor is not of the secretariat
    :raises Unacceptable: if it is no published file, is too large, or contradicts itself
    """
    permissions.may_keep_donors(actor).enforce()
    publisher = rate_files.publisher_of(content)
    if publisher is Publisher.UN:
        rate_files.operational_rates(content)
    else:
        rate_files.reference_days(content)
    sha256 = hashlib.sha256(content).hexdigest()
    found = locks.rate_file_like(sha256)
    if found is not None:
        return found

    file = RateFile.objects.create(
        reference=next_reference("RF", at.date()),
        publisher=publisher.value,
        name="".join(letter for letter in name if letter.isprintable())[:120],
        sha256=sha256,
        content=content,
        brought_by=actor,
        brought_at=at,
    )
    events.record("rate_file.brought", about=file.id, by=actor, at=at, reference=file.reference, sha256=sha256)
    return file


@transaction.atomic(durable=True)
def take_rate_file(*, file_id: UUID, actor: User, at: datetime) -> RateFile:
    """
    Record every rate of a file that is new or supersedes another; what is refused in it stays out.

    :raises Missing: if there is no such file
    :raises NotPermitted: if the actor is not of the secretariat
    :raises AlreadyDone: if it was taken before
    :raises Unacceptable: if nothing in it is new
    """
    file = locks.rate_file(file_id)
    permissions.may_keep_donors(actor).enforce()
    if file.is_taken:
        raise AlreadyDone(_("File %(reference)s was taken already.") % {"reference": file.reference})
    number = (_take_rates if file.values_money else _take_days)(file, actor, at)
    if not number:
        raise Unacceptable(_("Nothing in this file is new. All that it says is recorded, or refused."))
    file.mark_taken(number, by=actor, at=at)
    events.record("rate_file.taken", about=file.id, by=actor, at=at, reference=file.reference, rates=number)
    return file


def _take_rates(file: RateFile, actor: User, at: datetime) -> int:
    rows = queries.fates_of_rates(rate_files.operational_rates(bytes(file.content)), at.date())
    fresh = [row.row for row in rows if row.is_taken and isinstance(row.row, Published)]
    ExchangeRate.objects.bulk_create(
        ExchangeRate(
            source=rates.OPERATIONAL,
            currency=row.currency,
            effective_on=row.effective_on,
            units_per_usd=row.units_per_usd,
            file=file,
            recorded_by=actor,
            recorded_at=at,
        )
        for row in fresh
    )
    return len(fresh)


def _take_days(file: RateFile, actor: User, at: datetime) -> int:
    del actor, at
    rows = queries.fates_of_days(rate_files.reference_days(bytes(file.content)))
    fresh = [row.row for row in rows if row.fate is Fate.NEW]
    ReferenceDay.objects.bulk_create(
        (ReferenceDay(day=row.day, per_eur=dict(row.per_eur), file=file) for row in fresh), batch_size=_AT_ONCE
    )
    return len(fresh)

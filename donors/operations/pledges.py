"""Promises: announced, then signed. A signed pledge is in the books with a schedule that adds up to it."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from donors import locks, permissions, postings, queries, rates, states
from donors.models import Agreement, Hold, Instalment, Pledge, PledgeVersion
from donors.operations.holding import hold_if_tied, require_free, require_untied
from donors.schedule import Schedule, require_adds_up
from donors.states import Status
from ledger import chart
from ledger import operations as ledger_operations
from trustfund.core import events
from trustfund.core.models import User
from trustfund.core.money import Money, converted, decimals_of
from trustfund.core.numbering import next_reference
from trustfund.core.refusals import AlreadyDone, Conflict, Unacceptable


@transaction.atomic(durable=True)
def announce_pledge(
    *,
    donor_id: UUID,
    amount: Money,
    announced_on: date,
    words: str = "",
    payment_currency: str | None = None,
    external_reference: str = "",
    actor: User,
    at: datetime,
) -> Pledge:
    """
    Record a pledge that is announced and not signed. It is in no total of the books.

    Words that tie it to something hold it: it is not signed before the committee has accepted them as a preference.

    :param words: what the donor said, word for word
    :param payment_currency: the currency it will be paid in, if that is another than the pledge's
    :raises Missing: if there is no such donor
    :raises NotPermitted: if the actor is not of the secretariat
    :raises Unacceptable: if the amount is not more than zero, or the day lies in the future
    :raises AlreadyDone: if it has been brought over before
    """
    donor = locks.donor(donor_id)
    permissions.may_keep_donors(actor).enforce()
    require_promise(amount, announced_on, payment_currency, external_reference, at.date())

    pledge = Pledge.objects.create(
        reference=next_reference("PL", at.date()),
        donor=donor,
        minor=amount.minor,
        currency=amount.currency,
        usd_minor=amount.minor if amount.currency == rates.FUND_CURRENCY else None,
        payment_currency=payment_currency or amount.currency,
        announced_on=announced_on,
        status=Status.ANNOUNCED.value,
        words=words.strip(),
        external_reference=external_reference,
        recorded_by=actor,
        recorded_at=at,
    )
    hold_if_tied(pledge.words, donor, of=Hold.PLEDGE, pledge=pledge, by=actor, at=at)
    events.record("pledge.announced", about=pledge.id, by=actor, at=at, reference=pledge.reference, amount=str(amount))
    return pledge


@transaction.atomic(durable=True)
def sign_pledge(
    *,
    agreement_id: UUID,
    amount: Money,
    schedule: Schedule,
    announced_on: date,
    signed_on: date,
    usd_value: Money | None = None,
    words: str = "",
    payment_currency: str | None = None,
    external_reference: str = "",
    actor: User,
    at: datetime,
) -> Pledge:
    """
    Record a signed pledge with its schedule, and put it among the outstanding ones.

    Its value in USD is that of the day of signature, at the operational rate, unless it is given.

    :param usd_value: the USD value at the pledge-date rate, where other books have fixed it
    :param words: what the donor said, word for word
    :param payment_currency: the currency it is paid in, if that is another than the pledge's
    :raises Missing: if there is no such agreement; RateMissing if no rate is in force on the day of signature
    :raises NotPermitted: if the actor is not of the secretariat
    :raises Held: if the agreement is held because of an earmark; Earmarked if the words name one
    :raises Unacceptable: if the amount is not more than zero, is not in the agreement's currency, a day lies in the
        future, or the instalments do not add up
    :raises AlreadyDone: if it has been brought over before
    """
    agreement = locks.agreement(agreement_id)
    permissions.may_keep_donors(actor).enforce()
    require_promise(amount, announced_on, payment_currency, external_reference, at.date())
    require_signature(agreement, amount, schedule, signed_on, at.date())
    require_free(agreement)
    require_untied(words, agreement.donor)
    worth = _worth(amount, usd_value, signed_on)

    pledge = Pledge(
        reference=next_reference("PL", at.date()),
        donor=agreement.donor,
        agreement=agreement,
        minor=amount.minor,
        currency=amount.currency,
        usd_minor=worth.minor,
        payment_currency=payment_currency or amount.currency,
        announced_on=announced_on,
        signed_on=signed_on,
        status=Status.SIGNED.value,
        words=words.strip(),
        external_reference=external_reference,
        recorded_by=actor,
        recorded_at=at,
    )
    _post(pledge, actor, at)
    write_schedule(pledge, schedule)
    _write_first_version(pledge, agreement, on=signed_on, worth=worth, actor=actor, at=at)
    pledge.save(force_insert=True)
    _record_signed(pledge, actor, at)
    return pledge


@transaction.atomic(durable=True)
def sign_announced_pledge(
    *,
    pledge_id: UUID,
    agreement_id: UUID,
    schedule: Schedule,
    signed_on: date,
    usd_value: Money | None = None,
    actor: User,
    at: datetime,
) -> Pledge:
    """
    Turn an announced pledge into a signed one, with its schedule, and put it among the outstanding ones.

    :raises Missing: if there is no such pledge or agreement; RateMissing if no rate is in force on the day of signature
    :raises NotPermitted: if the actor is not of the secretariat
    :raises WrongState: if the pledge is signed already; Held if it or its agreement is held because of an earmark
    :raises Unacceptable: if the agreement is another donor's or in another currency, the day lies in the future, or the
        instalments do not add up
    """
    agreement = locks.agreement(agreement_id)
    pledge = locks.pledge(pledge_id)
    permissions.may_keep_donors(actor).enforce()
    states.require_move(Status(pledge.status), to=Status.SIGNED)
    if agreement.donor_id != pledge.donor_id:
        raise Unacceptable(_("The agreement is another donor's. Choose one that this donor signed."))
    require_signature(agreement, pledge.amount, schedule, signed_on, at.date())
    require_free(agreement, pledge)

    write_schedule(pledge, schedule)
    enter_books(pledge, agreement, on=signed_on, usd_value=usd_value, actor=actor, at=at)
    return pledge


def enter_books(
    pledge: Pledge, agreement: Agreement, *, on: date, usd_value: Money | None, actor: User, at: datetime
) -> None:
    """
    Put a pledge whose schedule is written among the outstanding ones, from a day on.

    :raises RateMissing: if no rate is in force on that day and no value is given
    """
    worth = _worth(pledge.amount, usd_value, on)
    pledge.signed_on = on
    _post(pledge, actor, at)
    _write_first_version(pledge, agreement, on=on, worth=worth, actor=actor, at=at)
    pledge.mark_signed(agreement, on=on, usd_value=worth)
    _record_signed(pledge, actor, at)


def require_promise(
    amount: Money, announced_on: date, payment_currency: str | None, external_reference: str, today: date
) -> None:
    """
    Do nothing if this can be a promise.

    :raises Unacceptable: if the amount is not more than zero, the day lies in the future, or the currency is unknown
    :raises AlreadyDone: if it has been brought over before
    """
    if amount.minor <= 0:
        raise Unacceptable(_("A pledge is more than zero. Write the whole amount that is promised."))
    if announced_on > today:
        raise Unacceptable(_("A pledge is recorded once it is announced. That day lies in the future."))
    if payment_currency is not None:
        decimals_of(payment_currency)
    if external_reference and Pledge.objects.filter(external_reference=external_reference).exists():
        raise AlreadyDone(_("Pledge %(name)s has been brought over before.") % {"name": external_reference})


def require_signature(agreement: Agreement, amount: Money, schedule: Schedule, signed_on: date, today: date) -> None:
    """
    Do nothing if a pledge can be signed so under an agreement.

    :raises Unacceptable: if the day, the currency or the schedule cannot be
    """
    if signed_on > today:
        raise Unacceptable(_("A pledge is signed before it is recorded as signed. That day lies in the future."))
    if queries.latest_version_of(agreement).pk != agreement.pk:
        raise Conflict(_("%(version)s has been amended since. Sign under its latest version.") % {"version": agreement})
    if amount.currency != agreement.currency:
        raise Unacceptable(
            _("The agreement is in %(agreed)s and the pledge in %(pledged)s. Pledge in the agreement's currency.")
            % {"agreed": agreement.currency, "pledged": amount.currency}
        )
    require_adds_up(amount, schedule)


def _worth(amount: Money, usd_value: Money | None, on: date) -> Money:
    if amount.currency == rates.FUND_CURRENCY:
        if usd_value is not None and usd_value != amount:
            raise Unacceptable(_("A pledge in USD is worth itself. Leave the USD value out."))
        return amount
    if usd_value is None:
        usd_value = converted(amount, queries.rate_on(amount.currency, on).units_per_usd, rates.FUND_CURRENCY)
    if usd_value.currency != rates.FUND_CURRENCY or usd_value.minor <= 0:
        raise Unacceptable(_("The value of a pledge is more than zero, in USD."))
    return usd_value


def _post(pledge: Pledge, actor: User, at: datetime) -> None:
    for head in (chart.PLEDGED, chart.OUTSTANDING, chart.RECEIVED):
        ledger_operations.open_under(
            head, pledge.reference, of=pledge.reference, currency=pledge.currency, by=actor, at=at
        )
    ledger_operations.post_late(postings.promise(pledge), by=actor, at=at)


def write_schedule(pledge: Pledge, schedule: Schedule) -> None:
    """Write the instalments before the pledge is signed: PostgreSQL refuses them afterwards."""
    Instalment.objects.bulk_create(
        Instalment(pledge=pledge, number=number, due_on=due_on, minor=part.minor, currency=part.currency)
        for number, (due_on, part) in enumerate(schedule, start=1)
    )


def _write_first_version(
    pledge: Pledge, agreement: Agreement, *, on: date, worth: Money, actor: User, at: datetime
) -> None:
    """Write down what a pledge promises from the day on which it comes into the books."""
    PledgeVersion.objects.create(
        pledge=pledge,
        number=1,
        agreement=agreement,
        minor=pledge.minor,
        currency=pledge.currency,
        usd_minor=worth.minor,
        in_force_on=on,
        recorded_by=actor,
        recorded_at=at,
    )


def _record_signed(pledge: Pledge, actor: User, at: datetime) -> None:
    events.record(
        "pledge.signed",
        about=pledge.id,
        by=actor,
        at=at,
        reference=pledge.reference,
        donor=pledge.donor.name,
        amount=str(pledge.amount),
        instalments=pledge.instalments.count(),
    )

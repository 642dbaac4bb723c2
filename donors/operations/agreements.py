"""Signing agreements and amending them. What a version says never changes; an amendment is the next version."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from donors import locks, permissions, postings, queries, rates, states
from donors.models import Agreement, Hold, Instalment, Pledge, PledgeVersion, Replacement
from donors.operations.holding import hold_if_tied, require_untied
from donors.schedule import Schedule
from donors.states import Status
from donors.terms import Terms, Wording
from ledger import operations as ledger_operations
from trustfund.core import documents, events
from trustfund.core.models import User
from trustfund.core.money import Money, converted
from trustfund.core.numbering import next_reference
from trustfund.core.refusals import AlreadyDone, Conflict, Missing, Unacceptable


@dataclass(frozen=True)
class Rescheduled:
    """
    What an amendment makes of one pledge.

    :ivar rest: the instalments that are still to be paid; those on which money stands stay as they are
    :ivar added_usd: what an increase is worth in USD, where the amendment fixes it
    """

    pledge_id: UUID
    rest: Schedule
    added_usd: Money | None = None


@transaction.atomic(durable=True)
def sign_agreement(
    *,
    donor_id: UUID,
    signed_on: date,
    from_year: int,
    to_year: int,
    currency: str,
    fee_rate: Decimal,
    termination_notice_days: int = 30,
    wording: Wording | None = None,
    external_reference: str = "",
    actor: User,
    at: datetime,
) -> Agreement:
    """
    Record an agreement that a donor has signed, as its first version.

    A text that ties money to something holds it: no pledge is signed under it before the committee has accepted the
    words as a preference.

    :param fee_rate: the administrative agent's fee as a fraction of every receipt, 0.01 for one per cent
    :param wording: what it says in words, and its document
    :param external_reference: what other books call it, if it is brought over from them
    :raises Missing: if there is no such donor
    :raises NotPermitted: if the actor is not of the secretariat
    :raises Unacceptable: if the years, the currency, the fee, a day or the wording cannot be
    :raises AlreadyDone: if it has been brought over before
    """
    donor = locks.donor(donor_id)
    permissions.may_keep_donors(actor).enforce()
    terms = Terms(
        signed_on=signed_on,
        from_year=from_year,
        to_year=to_year,
        currency=currency,
        fee_rate=fee_rate,
        termination_notice_days=termination_notice_days,
        wording=wording or Wording(),
    )
    terms.require_sound(at.date())
    if external_reference and Agreement.objects.filter(external_reference=external_reference).exists():
        raise AlreadyDone(_("Agreement %(name)s has been brought over before.") % {"name": external_reference})

    agreement = _version(terms, reference=next_reference("AG", at.date()), version=1, actor=actor, at=at)
    agreement.donor = donor
    agreement.external_reference = external_reference
    agreement.save(force_insert=True)
    hold_if_tied(terms.wording.text, donor, of=Hold.AGREEMENT, agreement=agreement, by=actor, at=at)
    events.record(
        "agreement.signed",
        about=agreement.id,
        by=actor,
        at=at,
        reference=agreement.reference,
        donor=donor.name,
        signed_on=signed_on.isoformat(),
    )
    return agreement


@transaction.atomic(durable=True)
def amend_agreement(
    *, agreement_id: UUID, terms: Terms, rescheduled: Sequence[Rescheduled] = (), actor: User, at: datetime
) -> Agreement:
    """
    Record an amendment that a donor has signed: the agreement's next version, and the new schedules of its pledges.

    Every pledge under it moves to the new version; its fee counts for money that arrives from then on. What a pledge
    promises more or less is posted to the memorandum accounts on the day of signature, or on the day from which the
    version before is in force, if that is later (R14). An instalment on which money stands stays as it is.

    :param agreement_id: the version that is amended, the latest
    :param rescheduled: the pledges whose schedule changes; the others keep theirs
    :raises Missing: if there is no such agreement; RateMissing if an increase cannot be valued in USD
    :raises NotPermitted: if the actor is not of the secretariat
    :raises Conflict: if it has been amended since
    :raises Earmarked: if the text ties money to something; `hold_text` holds it for the committee
    :raises Unacceptable: if nothing changes, the currency does, the terms cannot be, a pledge is another agreement's or
        not open to change, or its instalments cannot be
    """
    before = locks.agreement(agreement_id)
    pledges = locks.pledges_under(before)
    permissions.may_keep_donors(actor).enforce()
    if queries.latest_version_of(before).pk != before.pk:
        raise Conflict(_("%(version)s has been amended since. Open its latest version.") % {"version": before})
    terms.require_sound(at.date())
    if terms.currency != before.currency:
        raise Unacceptable(
            _("An amendment keeps the currency, %(currency)s. Sign another agreement for another one.")
            % {"currency": before.currency}
        )
    require_untied(terms.wording.text, before.donor)
    plans = {plan.pledge_id: plan for plan in rescheduled}
    _require_known(plans, pledges)
    changes = [_changed(pledge, plans.get(pledge.pk), terms.signed_on) for pledge in pledges]
    if replace(terms, signed_on=before.signed_on) == before.terms and not any(change.is_real for change in changes):
        raise Unacceptable(
            _("Nothing differs from %(version)s. Write down what the amendment changes.") % {"version": before}
        )

    agreement = _version(terms, reference=before.reference, version=before.version + 1, actor=actor, at=at)
    agreement.donor = before.donor
    agreement.save(force_insert=True)
    for change in changes:
        _write(change, agreement, actor, at)
    events.record(
        "agreement.amended",
        about=agreement.id,
        by=actor,
        at=at,
        reference=agreement.reference,
        version=agreement.version,
        donor=before.donor.name,
        signed_on=terms.signed_on.isoformat(),
    )
    return agreement


def _version(terms: Terms, *, reference: str, version: int, actor: User, at: datetime) -> Agreement:
    """Return a version as it will be stored, its document kept if its bytes were handed in."""
    wording = terms.wording
    paper = wording.paper
    held = bool(paper and paper.content)
    if paper is not None and held and documents.store(paper.content) != paper.sha256:
        raise Conflict(_("The document is not the one that was read. Hand it in again."))
    return Agreement(
        reference=reference,
        version=version,
        signed_on=terms.signed_on,
        from_year=terms.from_year,
        to_year=terms.to_year,
        currency=terms.currency,
        fee_rate=terms.fee_rate,
        termination_notice_days=terms.termination_notice_days,
        termination_clause=wording.termination_clause,
        summary=wording.summary,
        report_days={str(report): str(day) for report, day in wording.report_days.items()},
        is_enforceable=wording.is_enforceable,
        document_sha256=paper.sha256 if paper else "",
        document_is_held=held,
        document_pages=paper.pages if paper and held else 0,
        document_text=paper.text if paper and held else "",
        recorded_by=actor,
        recorded_at=at,
    )


def _require_known(plans: dict[UUID, Rescheduled], pledges: list[Pledge]) -> None:
    if set(plans) - {pledge.pk for pledge in pledges}:
        raise Missing(_("A pledge to be changed is not under this agreement, or not in the books. Reload the page."))
    closed = [pledge for pledge in pledges if pledge.pk in plans and pledge.status == Status.WRITTEN_OFF]
    if closed:
        raise Unacceptable(
            _("%(pledge)s is written off, so an amendment cannot change it. Sign another pledge.")
            % {"pledge": closed[0].reference}
        )


@dataclass(frozen=True)
class _Change:
    """What an amendment does to one pledge, worked out before anything is written."""

    pledge: Pledge
    plan: queries.Plan
    number: int
    in_force_on: date
    usd_value: Money
    settled: Money
    outstanding: Money

    @property
    def amount(self) -> Money:
        """What the pledge promises from then on."""
        return self.plan.amount

    @property
    def is_real(self) -> bool:
        """Whether its schedule differs."""
        return self.plan.is_real


def _changed(pledge: Pledge, asked: Rescheduled | None, signed_on: date) -> _Change:
    versions = queries.versions_of(pledge)
    plan = queries.plan_of(pledge, None if asked is None else asked.rest)
    added = _added(pledge, plan.amount, asked, signed_on)
    return _Change(
        pledge=pledge,
        plan=plan,
        number=versions[-1].number + 1,
        in_force_on=max(signed_on, versions[-1].in_force_on),
        usd_value=rates.amended(queries.worth_of(versions), plan.amount, added),
        settled=queries.settled_of(pledge),
        outstanding=queries.outstanding_of(pledge) + plan.amount - pledge.amount,
    )


def _added(pledge: Pledge, amount: Money, plan: Rescheduled | None, signed_on: date) -> Money | None:
    """Return what an increase is worth in USD on the day of the amendment, or nothing if there is none."""
    more = amount - pledge.amount
    given = plan.added_usd if plan else None
    if more.minor <= 0:
        if given is not None:
            raise Unacceptable(_("Only an increase has a value in USD of its own. Leave it out."))
        return None
    if pledge.currency == rates.FUND_CURRENCY:
        return more
    worth = given or converted(more, queries.rate_on(more.currency, signed_on).units_per_usd, rates.FUND_CURRENCY)
    if worth.currency != rates.FUND_CURRENCY or worth.minor <= 0:
        raise Unacceptable(_("The value of an increase is more than zero, in USD."))
    return worth


def _write(change: _Change, agreement: Agreement, actor: User, at: datetime) -> None:
    """Post the difference, then write instalments, version and pledge in the order in which PostgreSQL checks them."""
    pledge = change.pledge
    difference = change.amount - pledge.amount
    version = PledgeVersion(
        pledge=pledge,
        number=change.number,
        agreement=agreement,
        minor=change.amount.minor,
        currency=change.amount.currency,
        usd_minor=change.usd_value.minor,
        settled_minor=change.settled.minor,
        in_force_on=change.in_force_on,
        recorded_by=actor,
        recorded_at=at,
    )
    if difference:
        ledger_operations.post_late(postings.amend(version, difference), by=actor, at=at)
    Replacement.objects.bulk_create(
        Replacement(instalment=part, version=change.number, replaced_on=change.in_force_on)
        for part in change.plan.replaced
    )
    Instalment.objects.bulk_create(
        Instalment(
            pledge=pledge,
            version=change.number,
            number=number,
            due_on=due_on,
            minor=part.minor,
            currency=part.currency,
            in_force_on=change.in_force_on,
        )
        for number, (due_on, part) in enumerate(change.plan.added, start=change.plan.next_number)
    )
    version.save(force_insert=True)
    before = pledge.amount
    pledge.mark_amended(agreement, amount=change.amount, usd_value=change.usd_value)
    if change.is_real:
        pledge.mark(
            states.after_receipts(
                outstanding=change.outstanding.minor,
                pledged=change.amount.minor,
                is_called=queries.is_called(pledge),
                written_off=(change.amount - change.settled - change.outstanding).minor,
            )
        )
        events.record(
            "pledge.amended",
            about=pledge.id,
            by=actor,
            at=at,
            reference=pledge.reference,
            before=str(before),
            amount=str(change.amount),
            version=change.number,
        )

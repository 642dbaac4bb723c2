"""Conditional pledges: signed under rules, shown by evidence or counted by the clock, and then in the books."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from committee import operations as committee_operations
from committee import queries as committee_queries
from committee.matters import Kind, Matter
from committee.models import Motion
from donors import locks, permissions, queries, states
from donors.conditions import Matching, Rule
from donors.models import Condition, Pledge
from donors.operations.holding import require_free, require_untied
from donors.operations.pledges import enter_books, require_promise, require_signature, write_schedule
from donors.schedule import Schedule
from donors.states import Status
from trustfund.core import events
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.numbering import next_reference
from trustfund.core.refusals import Unacceptable, WrongState


@dataclass(frozen=True)
class Term:
    """A condition as it is agreed: the rule, and the words of the agreement that it stands for."""

    rule: Rule
    words: str = ""


@transaction.atomic(durable=True)
def sign_conditional_pledge(
    *,
    agreement_id: UUID,
    amount: Money,
    schedule: Schedule,
    announced_on: date,
    conditions: Sequence[Term],
    words: str = "",
    payment_currency: str | None = None,
    actor: User,
    at: datetime,
) -> Pledge:
    """
    Record a pledge that counts only when its conditions are met. Until then it is in no total but its own.

    :param words: what the donor said, word for word
    :raises Missing: if there is no such agreement
    :raises NotPermitted: if the actor is not of the secretariat
    :raises Held: if the agreement is held because of an earmark; Earmarked if the words or a condition name one
    :raises Unacceptable: if the amount, the schedule, a day or a condition cannot be, or there is no condition
    """
    agreement = locks.agreement(agreement_id)
    permissions.may_keep_donors(actor).enforce()
    require_promise(amount, announced_on, payment_currency, "", at.date())
    require_signature(agreement, amount, schedule, announced_on, at.date())
    require_free(agreement)
    for text in (words, *(term.words for term in conditions)):
        require_untied(text, agreement.donor)
    _require_rules(conditions)

    pledge = Pledge(
        reference=next_reference("PL", at.date()),
        donor=agreement.donor,
        agreement=agreement,
        minor=amount.minor,
        currency=amount.currency,
        usd_minor=amount.minor if amount.currency == "USD" else None,
        payment_currency=payment_currency or amount.currency,
        announced_on=announced_on,
        status=Status.CONDITIONAL.value,
        words=words.strip(),
        recorded_by=actor,
        recorded_at=at,
    )
    write_schedule(pledge, schedule)
    Condition.objects.bulk_create(_row(pledge, number, term) for number, term in enumerate(conditions, start=1))
    pledge.save(force_insert=True)
    events.record(
        "pledge.made_conditional",
        about=pledge.id,
        by=actor,
        at=at,
        reference=pledge.reference,
        donor=agreement.donor.name,
        amount=str(amount),
        conditions=[term.rule.words for term in conditions],
    )
    return pledge


def _require_rules(conditions: Sequence[Term]) -> None:
    if not conditions:
        raise Unacceptable(_("A conditional pledge has a condition. Write it as a rule, or sign the pledge without."))
    for term in conditions:
        term.rule.require_sound()


def _row(pledge: Pledge, number: int, term: Term) -> Condition:
    rule = term.rule
    if isinstance(rule, Matching):
        return Condition(
            pledge=pledge,
            number=number,
            kind=Condition.MATCHING,
            words=term.words.strip(),
            matches=rule.matches,
            for_every=rule.for_every,
            cap_usd_minor=rule.cap.minor,
            counts=rule.counts.value,
            since=rule.since,
        )
    return Condition(
        pledge=pledge,
        number=number,
        kind=Condition.APPROVAL,
        words=term.words.strip(),
        approver=rule.approver.strip(),
        by_when=rule.by_when,
    )


@transaction.atomic(durable=True)
def show_approval(*, condition_id: UUID, evidence: str, happened_on: date, actor: User, at: datetime) -> Condition:
    """
    Write down what shows that an approval was given. It counts when a second person has confirmed it.

    :raises Missing: if there is no such condition
    :raises NotPermitted: if the actor is not of the secretariat
    :raises WrongState: if its pledge waits no longer, it is met, or it is no approval
    :raises Unacceptable: if nothing is shown, or the day lies in the future or after the day that was agreed
    """
    condition = locks.condition(condition_id)
    permissions.may_keep_donors(actor).enforce()
    _require_waiting(condition)
    if not evidence.strip():
        raise Unacceptable(_("Say what shows the approval: the document, its number and its day."))
    if happened_on > at.date():
        raise Unacceptable(_("That day lies in the future. Write it down when it has happened."))
    if condition.by_when is not None and happened_on > condition.by_when:
        raise Unacceptable(
            _("The approval came after %(day)s, so the condition has lapsed. Ask the committee to accept the pledge.")
            % {"day": condition.by_when.isoformat()}
        )

    condition.mark_shown(evidence=evidence.strip(), on=happened_on, by=actor, at=at)
    events.record(
        "condition.shown",
        about=condition.pledge_id,
        by=actor,
        at=at,
        reference=condition.pledge.reference,
        number=condition.number,
        note=condition.evidence,
    )
    return condition


@transaction.atomic(durable=True)
def confirm_approval(*, condition_id: UUID, actor: User, at: datetime) -> Condition:
    """
    Confirm, as a second person, that what was shown is an approval in time: the condition is met.

    :raises Missing: if there is no such condition
    :raises NotPermitted: if the actor is not of the secretariat, or has shown it
    :raises WrongState: if its pledge waits no longer, it is met, or nothing was shown
    """
    condition = locks.condition(condition_id)
    permissions.may_confirm_approval(actor, condition).enforce()
    _require_shown(condition)

    condition.mark_met(on=condition.happened_on or at.date(), by=actor, at=at)
    _record_met(condition, actor, at)
    return condition


@transaction.atomic(durable=True)
def send_back_approval(*, condition_id: UUID, reason: str, actor: User, at: datetime) -> Condition:
    """
    Send back what was shown: it does not show the approval. The record keeps it, with the reason.

    :raises Missing: if there is no such condition
    :raises NotPermitted: if the actor is not of the secretariat
    :raises WrongState: if its pledge waits no longer, it is met, or nothing was shown
    :raises Unacceptable: if no reason is given
    """
    condition = locks.condition(condition_id)
    permissions.may_keep_donors(actor).enforce()
    _require_shown(condition)
    if not reason.strip():
        raise Unacceptable(_("Say why it does not show the approval, for who has to find better."))

    condition.mark_unshown()
    events.record(
        "condition.sent_back",
        about=condition.pledge_id,
        by=actor,
        at=at,
        reference=condition.pledge.reference,
        number=condition.number,
        reason=reason.strip(),
    )
    return condition


@transaction.atomic(durable=True)
def count_matching(*, condition_id: UUID, at: datetime) -> bool:
    """
    Evaluate one matching condition, for the clock, and return whether it is met now.

    :raises Missing: if there is no such condition
    """
    condition = locks.condition(condition_id)
    rule = condition.rule
    if condition.is_met or condition.pledge.status != Status.CONDITIONAL or not isinstance(rule, Matching):
        return condition.is_met
    counted = queries.counted_for(rule, condition.pledge, at.date())
    if not rule.is_met_by(counted):
        return False

    condition.mark_met(on=at.date(), by=None, at=at)
    _record_met(condition, None, at, counted=str(counted))
    return True


def _record_met(condition: Condition, by: User | None, at: datetime, **facts: str) -> None:
    events.record(
        "condition.met",
        about=condition.pledge_id,
        by=by,
        at=at,
        reference=condition.pledge.reference,
        number=condition.number,
        note=condition.rule.words,
        **facts,
    )


def _require_waiting(condition: Condition) -> None:
    if condition.pledge.status != Status.CONDITIONAL:
        raise WrongState(_("This pledge waits for no condition any more. Look at its record."))
    if condition.is_met:
        raise WrongState(_("This condition is met. Nothing more is to be shown."))
    if condition.kind != Condition.APPROVAL:
        raise WrongState(_("Matching is counted by the clock; nobody shows it."))


def _require_shown(condition: Condition) -> None:
    _require_waiting(condition)
    if condition.shown_at is None:
        raise WrongState(_("Nothing was shown for this condition yet. Write down the evidence first."))


@transaction.atomic(durable=True)
def ask_to_accept_conditional(
    *, pledge_id: UUID, reason: str, closes_at: datetime, actor: User, at: datetime
) -> Motion:
    """
    Ask the committee to accept a conditional pledge whose conditions are not all met.

    :raises Missing: if there is no such pledge
    :raises NotPermitted: if the actor is not of the secretariat
    :raises WrongState: if it is not conditional, or its conditions are met
    :raises Unacceptable: if no reason is given
    :raises Refusal: whatever laying a matter before the committee raises
    """
    pledge = locks.pledge(pledge_id)
    permissions.may_keep_donors(actor).enforce()
    unmet = list(queries.unmet_conditions(pledge))
    if pledge.status != Status.CONDITIONAL or not unmet:
        raise WrongState(_("This pledge waits for no condition. Bring it into the books, or look at its record."))
    if not reason.strip():
        raise Unacceptable(_("The committee is told why it is asked. Write the reason."))

    matter = Matter(
        kind=Kind.CONDITION,
        subject=pledge.id,
        version=1,
        title=_("Accept the conditional pledge of %(donor)s") % {"donor": pledge.donor.name},
        summary=reason.strip(),
        amount=pledge.amount,
        particulars=(
            (_("Pledge"), pledge.reference),
            *((_("Condition %(number)s") % {"number": one.number}, one.rule.words) for one in unmet),
            (
                _("If it is carried"),
                _("The pledge counts as signed from the day of the decision, whatever the conditions say."),
            ),
        ),
        interests=(pledge.donor.name,),
    )
    motion = committee_operations.lay_before(matter, proposer=actor, closes_at=closes_at, actor=actor, at=at)
    events.record("condition.put_to_committee", about=pledge.id, by=actor, at=at, reference=pledge.reference)
    return motion


@transaction.atomic(durable=True)
def bring_into_books(*, pledge_id: UUID, usd_value: Money | None = None, actor: User, at: datetime) -> Pledge:
    """
    Turn a conditional pledge whose conditions are met, or which the committee has accepted, into a signed one.

    It counts from the day on which the last condition was met, or the committee decided, and is worth in USD what the
    operational rate of that day says, unless it is given.

    :raises Missing: if there is no such pledge; RateMissing if no rate is in force on that day
    :raises NotPermitted: if the actor is not of the secretariat
    :raises WrongState: if it is not conditional; Held if its agreement is held
    :raises NotDecided: if a condition is not met and the committee has not decided
    :raises NotCarried: if the committee did not accept it
    """
    pledge = locks.pledge(pledge_id)
    permissions.may_keep_donors(actor).enforce()
    if pledge.status != Status.CONDITIONAL or pledge.agreement is None:
        raise WrongState(_("This pledge is not conditional. Look at its record for what happened."))
    states.require_move(Status(pledge.status), to=Status.SIGNED)
    require_free(pledge.agreement, pledge)
    on = _counts_from(pledge)

    enter_books(pledge, queries.latest_version_of(pledge.agreement), on=on, usd_value=usd_value, actor=actor, at=at)
    return pledge


def _counts_from(pledge: Pledge) -> date:
    conditions = list(pledge.conditions.all())
    if all(condition.is_met for condition in conditions):
        return max(condition.met_on for condition in conditions if condition.met_on is not None)
    decision = committee_queries.require_decision(pledge.id, 1, Kind.CONDITION)
    return decision.decided_at.date()

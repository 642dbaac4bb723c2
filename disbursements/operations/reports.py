"""What can happen to an organisation's report: it is handed in, accepted by two officers, or sent back."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from disbursements import locks, states
from disbursements.categories import Category
from disbursements.models import Payment, Programme, RefundOffset, Report, ReportLine, ReportReview, Tranche
from disbursements.movement_kinds import MovementKind
from disbursements.operations.treasury import add_movement
from disbursements.payment_states import PaymentStatus
from disbursements.permissions import reports as permissions
from disbursements.queries import movements, reports
from disbursements.reporting import FINANCIAL, Due, ReportKind, ReportStanding, calendar_of, standing
from disbursements.states import ProgrammeStatus, TrancheStatus
from trustfund.core import events
from trustfund.core.models import User
from trustfund.core.money import Money, total
from trustfund.core.numbering import next_reference
from trustfund.core.refusals import AlreadyDone, Missing, Unacceptable, WrongState

_LONGEST_NOTE = 1000


@transaction.atomic(durable=True)
def submit_report(
    *,
    programme_id: UUID,
    kind: ReportKind,
    through: date,
    words: str,
    spent: Mapping[Category, Money],
    actor: User,
    at: datetime,
) -> Report:
    """
    Hand in a report. The moment stays; a report that is sent back is handed in again as a new attempt.

    :param through: the last day it covers, from the programme's first day on; by the calendar for all but interim ones
    :param spent: what was spent from the first day on in each category, for a report with figures
    :raises Missing: if there is no such programme
    :raises NotPermitted: if the actor does not speak for the programme's organisation
    :raises WrongState: if the programme's accounts are closed
    :raises AlreadyDone: if this report waits for review or was accepted
    :raises Unacceptable: if the calendar knows no such report, the day is to come, it says nothing, its figures are
        missing or cannot be, or it reports less than is in the books or more than the organisation had
    """
    programme = locks.programme(programme_id)
    permissions.may_submit_report(actor, programme).enforce()
    if programme.status in {ProgrammeStatus.FINANCIALLY_CLOSED, ProgrammeStatus.AUDITED}:
        raise WrongState(_("The accounts of this programme are closed, so nothing more is reported."))
    due = _require_due(programme, kind, through, at.date())
    if not words.strip():
        raise Unacceptable(_("A report says something. Write what was done, and what was not."))
    last = programme.reports.filter(kind=kind.value, through=through).order_by("-number").first()
    if last is not None and reports.standing_of(last) is not ReportStanding.RETURNED:
        raise AlreadyDone(_("%(reference)s is this report. Wait for its review.") % {"reference": last.reference})
    if kind in FINANCIAL:
        _require_figures(programme, spent)
    elif spent:
        raise Unacceptable(_("A narrative report has no figures. Hand them in with the financial report."))

    report = Report.objects.create(
        reference=next_reference("RP", at.date(), digits=4),
        programme=programme,
        kind=kind.value,
        through=through,
        number=last.number + 1 if last else 1,
        due_on=due.on if due else None,
        words=words.strip(),
        submitted_by=actor,
        submitted_at=at,
    )
    ReportLine.objects.bulk_create(
        ReportLine(report=report, category=category, amount_minor=money.minor, currency=money.currency)
        for category, money in sorted(spent.items())
        if money
    )
    if kind in FINANCIAL:
        for tranche in _tranches(programme, through, TrancheStatus.PAID):
            states.require_tranche_move(TrancheStatus.PAID, to=TrancheStatus.REPORTED)
            tranche.mark_reported()
    events.record(
        "report.submitted",
        about=report.id,
        by=actor,
        at=at,
        reference=report.reference,
        programme=programme.reference,
        through=through.isoformat(),
        days_late=max(report.days_late, 0),
    )
    return report


def _require_due(programme: Programme, kind: ReportKind, through: date, today: date) -> Due | None:
    if through > today:
        raise Unacceptable(_("A report covers what has been done. That day is still to come."))
    if kind is ReportKind.INTERIM:
        if not programme.starts_on <= through <= programme.ends_on:
            raise Unacceptable(_("An interim report ends on a day while the programme runs. Check the day."))
        return None
    owed = calendar_of(programme.starts_on, programme.ends_on)
    due = next((one for one in owed if one.kind is kind and one.through == through), None)
    if due is None:
        raise Unacceptable(_("The programme's calendar asks for no such report. Choose one from the list."))
    return due


def _require_figures(programme: Programme, spent: Mapping[Category, Money]) -> None:
    if any(money.currency != settings.FUND_CURRENCY or money.minor < 0 for money in spent.values()):
        raise Unacceptable(_("Write amounts of zero or more, in %(currency)s.") % {"currency": settings.FUND_CURRENCY})
    whole = total(spent.values(), settings.FUND_CURRENCY)
    if not whole:
        raise Unacceptable(_("A financial report says what was spent. Fill in at least one category."))
    _owing(programme, whole)


def _owing(programme: Programme, whole: Money) -> Money:
    """Return what a report adds to the expenditure in the books, or refuse."""
    booked = reports.deliveries([programme])[programme.pk].spent
    held = movements.held_by_organisation(programme)
    if whole < booked:
        raise Unacceptable(
            _("The books hold %(booked)s of expenditure, and this reports %(whole)s. Report all since the start.")
            % {"booked": booked, "whole": whole}
        )
    if whole - booked > held:
        raise Unacceptable(
            _("This reports %(whole)s, and the organisation has had %(had)s. Compare it with the transfers.")
            % {"whole": whole, "had": booked + held}
        )
    return whole - booked


def _tranches(programme: Programme, through: date, status: TrancheStatus) -> list[Tranche]:
    """Return and hold the programme's tranches in a state whose money had left by a day."""
    paid = Payment.objects.filter(
        tranche__proposal__programme=programme, status=PaymentStatus.CONFIRMED, released_at__date__lte=through
    )
    # Nothing travels for a tranche that was taken off as a whole for a refund.
    taken_off = RefundOffset.objects.filter(answer__agrees=True, answer__answered_at__date__lte=through).exclude(
        tranche__payments__status=PaymentStatus.CONFIRMED
    )
    found = Tranche.objects.select_for_update(of=("self",)).filter(
        Q(pk__in=paid.values("tranche_id")) | Q(pk__in=taken_off.values("tranche_id")), status=status
    )
    return list(found.order_by("reference"))


@transaction.atomic(durable=True)
def review_report(*, report_id: UUID, accepts: bool, note: str, actor: User, at: datetime) -> Report:
    """
    Accept a report or send it back. The second acceptance posts what it adds to the expenditure in the books.

    :raises Missing: if there is no such report
    :raises NotPermitted: if the actor is neither of the secretariat nor a certifying officer, or handed it in
    :raises WrongState: if it was accepted or sent back
    :raises AlreadyDone: if the actor has reviewed it
    :raises Unacceptable: if it is sent back without saying why, or its figures no longer fit the books
    """
    found = Report.objects.select_related("programme").filter(pk=report_id).first()
    if found is None:
        raise Missing(_("There is no such report. Look it up in the list of reports."))
    programme = locks.programme(found.programme_id)
    report = Report.objects.get(pk=report_id)
    permissions.may_review_report(actor, report).enforce()
    said = list(report.reviews.all())
    if standing(one.accepts for one in said) is not ReportStanding.SUBMITTED:
        raise WrongState(_("This report was reviewed already. Reload the page to see what was said."))
    if any(one.by_id == actor.pk for one in said):
        raise AlreadyDone(_("You have reviewed this report. Another officer must do so too."))
    if not accepts and not note.strip():
        raise Unacceptable(_("Say what is missing, so that the organisation can mend it."))
    if len(note) > _LONGEST_NOTE:
        raise Unacceptable(_("The note is longer than 1,000 letters. Shorten it."))

    ReportReview.objects.create(report=report, by=actor, at=at, accepts=accepts, note=note.strip())
    now = standing([*(one.accepts for one in said), accepts])
    if report.is_financial and now is ReportStanding.ACCEPTED:
        _accept_figures(report, programme, actor=actor, at=at)
    if report.is_financial and now is ReportStanding.RETURNED:
        for tranche in _tranches(programme, report.through, TrancheStatus.REPORTED):
            states.require_tranche_move(TrancheStatus.REPORTED, to=TrancheStatus.PAID)
            tranche.mark_paid()
    kind = {
        ReportStanding.SUBMITTED: "report.reviewed",
        ReportStanding.ACCEPTED: "report.accepted",
        ReportStanding.RETURNED: "report.sent_back",
    }[now]
    events.record(
        kind,
        about=report.id,
        by=actor,
        at=at,
        reference=report.reference,
        programme=programme.reference,
        note=note.strip(),
    )
    return report


def _accept_figures(report: Report, programme: Programme, *, actor: User, at: datetime) -> None:
    added = _owing(programme, report.spent)
    if added:
        add_movement(
            MovementKind.EXPENDITURE,
            report.reference,
            added,
            report.through,
            programme=programme,
            memo=str(report.get_kind_display()),
            actor=actor,
            at=at,
        )
    for tranche in _tranches(programme, report.through, TrancheStatus.REPORTED):
        states.require_tranche_move(TrancheStatus.REPORTED, to=TrancheStatus.ACCEPTED)
        tranche.mark_accepted()

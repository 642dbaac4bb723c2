"""What waits for a person, from every room, and what they did last."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from committee import queries as committee_queries
from committee.models import Decision, Motion
from disbursements.models import Proposal
from disbursements.payment_states import PaymentStatus
from disbursements.permissions import reports as report_permissions
from disbursements.permissions import treasury as treasury_permissions
from disbursements.queries import decided as decided_queries
from disbursements.queries import goods as goods_queries
from disbursements.queries import offsets as offset_queries
from disbursements.queries import payments as payment_queries
from disbursements.queries import reports as report_queries
from disbursements.queries.partners import visible_programmes
from disbursements.states import ProposalStatus
from donors import queries as donor_queries
from screening import permissions as screening_permissions
from screening import queries as screening_queries
from trustfund.core.models import Event, User
from trustfund.core.roles import RoleName
from trustfund.pages.queries import inbox_donors as donors_work
from trustfund.pages.queries.inbox_item import MOST, Item

REMEMBERED_SECONDS = 300


def waiting_for(person: User, at: datetime) -> list[Item]:
    """Return what waits for a person in all their roles, by deadline; at most fifty of a kind."""
    found = [
        *_votes(person, at),
        *_meetings(person, at),
        *_in_force(person),
        *_chair(person),
        *_payments(person),
        *_decided(person),
        *_goods(person),
        *_offsets(person),
        *_secretariat(person, at),
        *donors_work.promises(person),
        *donors_work.bank_lines(person),
        *donors_work.own_pledges(person, at),
        *_likenesses(person),
        *_reports(person, at),
        *donors_work.giving_back(person),
        *donors_work.calls(person, at),
        *donors_work.rate_corrections(person),
        *donors_work.late_promises(person, at),
    ]
    items = sorted(found, key=lambda item: item.order)
    cache.set(_key(person), len(items), timeout=REMEMBERED_SECONDS)
    return items


def waiting_count(request: HttpRequest) -> dict[str, Any]:
    """Give every page's header the number that my work showed last; nothing until it was opened."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"waiting_count": cache.get(_key(user))}


def _key(person: User) -> str:
    return f"waiting-for:{person.pk}"


def _votes(person: User, at: datetime) -> Iterable[Item]:
    for one in committee_queries.waiting_for(person, at):
        yield Item(
            title=one.motion.title,
            url=reverse("pages:decision", args=[one.motion.id]),
            reference=one.motion.reference,
            why=_why_vote(one),
            icon="gavel",
            amount=one.motion.amount or None,
            due=one.motion.closes_at,
            due_words=_("closes"),
        )


def _why_vote(one: committee_queries.Waiting) -> str:
    if one.is_called:
        return _("the holder of your seat has left the table; the quorum needs you")
    if one.motion.is_silent:
        return _("carried unless somebody objects")
    if one.makes_quorum:
        return _("your vote makes the quorum")
    return _("%(cast)s of %(quorum)s votes cast") % {"cast": one.cast, "quorum": one.quorum}


def _in_force(person: User) -> Iterable[Item]:
    if not person.holds(RoleName.CHAIR, RoleName.FUND_ADMINISTRATOR):
        return
    for decision in committee_queries.decisions_to_enact()[:MOST]:
        yield Item(
            title=decision.motion.title,
            url=reverse("pages:decision", args=[decision.motion_id]),
            reference=decision.reference,
            why=_("carried and not in force yet"),
            icon="gavel",
            due=decision.decided_at,
            due_words=_("decided"),
        )


def _meetings(person: User, at: datetime) -> Iterable[Item]:
    if not person.holds(*committee_queries.SITS, RoleName.ALTERNATE) or person.is_seconded:
        return
    for meeting in committee_queries.meetings_to_come(at)[:MOST]:
        yield Item(
            title=_("Meeting of the committee, %(place)s") % {"place": meeting.place},
            url=reverse("committee:meeting", args=[meeting.pk]),
            reference=meeting.reference,
            why=_("read the agenda"),
            icon="calendar",
            due=meeting.starts_at,
            due_words=_("starts"),
        )


def _chair(person: User) -> Iterable[Item]:
    if not person.holds(RoleName.CHAIR):
        return
    for motion in _carried_motions():
        yield Item(
            title=motion.title,
            url=reverse("pages:decision", args=[motion.id]),
            reference=motion.reference,
            why=_("carried; approve it to reserve the money"),
            icon="circle-check",
            amount=motion.amount,
            due=motion.ended_at,
            due_words=_("decided"),
        )


def _carried_motions() -> list[Motion]:
    waiting = Proposal.objects.filter(status__in=[str(ProposalStatus.TABLED), str(ProposalStatus.CARRIED)])
    carried = committee_queries.decided_motions().filter(status="carried", id__in=waiting.values("motion_id"))
    return list(carried[:MOST])


def _payments(person: User) -> Iterable[Item]:
    for payment in payment_queries.payments_waiting_for(person):
        yield Item(
            title=payment.tranche.proposal.title,
            url=reverse("disbursements:payment", args=[payment.id]),
            reference=payment.reference,
            why=_payment_words(payment.status),
            icon="signature",
            amount=payment.amount,
            due=payment.value_on,
            due_words=_("value date"),
        )


def _decided(person: User) -> Iterable[Item]:
    """Give what the committee decided about money and this person carries out."""
    if treasury_permissions.may_carry_out(person):
        for decision in decided_queries.plans(MOST):
            yield _to_carry_out(decision, "disbursements:shortfall_plan", _("carried; carry out the plan of payments"))
        for decision in decided_queries.reserve_uses(MOST):
            yield _to_carry_out(decision, "disbursements:reserve_use", _("carried; take it from the reserve"))
        for decision in decided_queries.direct_costs(MOST):
            yield _to_carry_out(decision, "disbursements:direct_cost", _("carried; say when it left the account"))
    if person.holds(*treasury_permissions.OFFICERS):
        for decision, hold in decided_queries.lifts(MOST):
            if treasury_permissions.may_lift_hold(person, hold):
                yield _to_carry_out(decision, "disbursements:hold", _("the committee lifts this hold; carry it out"))
    if treasury_permissions.may_ask_committee(person):
        for decision in decided_queries.releases(MOST):
            yield _to_carry_out(decision, "pages:subject", _("released by the committee; bring it due"))


def _to_carry_out(decision: Decision, page: str, why: str) -> Item:
    return Item(
        title=decision.motion.title,
        url=reverse(page, args=[decision.motion.subject]),
        reference=decision.reference,
        why=why,
        icon="gavel",
        amount=decision.motion.amount or None,
        due=decision.decided_at,
        due_words=_("decided"),
    )


def _payment_words(status: str) -> str:
    return {
        PaymentStatus.PREPARED.value: _("waits for your certification"),
        PaymentStatus.CERTIFIED.value: _("certified; waits for your release"),
        PaymentStatus.RELEASED.value: _("released; say what the bank answered"),
        PaymentStatus.SENT.value: _("taken by the bank; say when it arrived"),
    }.get(status, _("the next step is yours"))


def _goods(person: User) -> Iterable[Item]:
    if person.is_seconded or not person.holds(RoleName.SECRETARIAT, RoleName.CERTIFYING_OFFICER):
        return
    for one in goods_queries.waits_for_second_person(person.pk)[:MOST]:
        yield Item(
            title=f"{one.tranche.proposal.title}: {one.tranche.title}",
            url=reverse("disbursements:goods", args=[one.tranche_id]),
            reference=one.tranche.reference,
            why=_("said to pay for no goods in scope; agree, or say why not"),
            icon="checklist",
            amount=one.tranche.amount,
        )


def _offsets(person: User) -> Iterable[Item]:
    for one in offset_queries.waiting_for(person, MOST):
        yield Item(
            title=one.claim.programme.organisation.name,
            url=reverse("disbursements:offset", args=[one.pk]),
            reference=one.reference,
            why=_("a refund is to be taken off a payment; agree, or say why not"),
            icon="circle-minus",
            amount=one.amount,
            due=one.claim.due_on,
            due_words=_("refund due"),
        )


def _secretariat(person: User, at: datetime) -> Iterable[Item]:
    if person.is_seconded or not person.holds(RoleName.SECRETARIAT):
        return
    for tranche in payment_queries.tranches_to_pay()[:MOST]:
        yield Item(
            title=f"{tranche.proposal.title}: {tranche.title}",
            url=reverse("disbursements:prepare_payment", args=[tranche.id]),
            reference=tranche.reference,
            why=_("due; prepare its payment"),
            icon="building-bank",
            amount=tranche.amount,
            due=tranche.expected_on,
            due_words=_("expected"),
        )
    for proposal in _proposals_to_read():
        yield Item(
            title=proposal.title,
            url=reverse("disbursements:proposal", args=[proposal.id]),
            reference=proposal.reference,
            why=_("submitted; review it and put it to the committee"),
            icon="search",
            amount=proposal.amount,
        )
    for instalment, lacking in donor_queries.overdue_instalments(at.date(), most=MOST):
        pledge = instalment.pledge
        yield Item(
            title=pledge.donor.name,
            url=reverse("donors:pledge", args=[pledge.id]),
            reference=pledge.reference,
            why=_("instalment %(number)s has not come") % {"number": instalment.number},
            icon="alert-triangle",
            amount=lacking,
            due=instalment.due_on,
            due_words=_("was due"),
        )


def _proposals_to_read() -> list[Proposal]:
    waits = [str(ProposalStatus.SUBMITTED), str(ProposalStatus.IN_REVIEW)]
    return list(Proposal.objects.filter(status__in=waits).order_by("drafted_at")[:MOST])


def recently_done(person: User, limit: int) -> list[Event]:
    """Return what a person did last."""
    return list(Event.objects.filter(by=person).select_related("by").order_by("-id")[:limit])


def _likenesses(person: User) -> Iterable[Item]:
    if not screening_permissions.may_give_opinion(person):
        return
    for row in screening_queries.waiting_for(person, MOST):
        yield Item(
            title=row.party.name,
            url=reverse("screening:party", args=[row.party.pk]),
            reference=row.party.get_role_display(),
            why=_("resembles a listed name; say who it is"),
            icon="search",
        )


def _reports(person: User, at: datetime) -> Iterable[Item]:
    if person.is_seconded:
        return
    if person.holds(*report_permissions.REVIEWERS):
        for report in report_queries.waiting_for(person, MOST):
            yield Item(
                title=report.programme.title,
                url=reverse("disbursements:report", args=[report.pk]),
                reference=report.reference,
                why=_("handed in; accept it or send it back"),
                icon="report",
            )
    elif person.holds(RoleName.PROGRAMME_PARTNER):
        owed = report_queries.owed_by(list(visible_programmes(person).order_by("ends_on")[:MOST]), at.date())
        for row in [one for one in owed if one.state in {"overdue", "scheduled", "returned"}][:MOST]:
            address = reverse("disbursements:new_report", args=[row.programme.pk, row.due.kind.value])
            yield Item(
                title=row.programme.title,
                url=f"{address}?{urlencode({'through': row.due.through.isoformat()})}",
                reference=str(row.due.kind.label),
                why=_("sent back; mend it and hand it in again") if row.report else _("owed by the calendar"),
                icon="report",
                due=row.due.on,
                due_words=_("due"),
            )

"""One object of every kind and a person of every role, and every address of the site filled in with them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from assurance import operations as assurance
from assurance.kinds import Kind
from disbursements.operations import reports
from disbursements.reporting import ReportKind
from donors.models import Representative
from ledger.models import Entry
from screening.models import Hit
from tests import (
    bank_worlds,
    committee_worlds,
    contribution_worlds,
    disbursement_worlds,
    donor_worlds,
    exemption_worlds,
    giving_back_worlds,
    payment_worlds,
    people,
    programme_worlds,
    screening_worlds,
)
from trustfund.core.models import User
from trustfund.core.roles import RoleName


def addresses(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    """Walk every address of the site by name."""
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from addresses(one, one.namespace or namespace)
        else:
            assert isinstance(one, URLPattern)
            yield f"{namespace}:{one.name}" if namespace else str(one.name)


@dataclass
class World:
    """One object of every kind, and a person of every role whose own they are where somebody can own them."""

    people: dict[RoleName, User]
    strangers: dict[RoleName, User]
    arguments: dict[str, Any]

    def path(self, name: str) -> str:
        """Return an address with this world's objects filled in."""
        wanted = next(
            list(candidate.pattern.converters) for full, candidate in _patterns(get_resolver()) if full == name
        )
        return reverse(name, kwargs={key: self.arguments[key] for key in wanted})


def _patterns(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from _patterns(one, one.namespace or namespace)
        else:
            yield (f"{namespace}:{one.name}" if namespace else str(one.name)), one


def a_whole_world() -> World:
    """Tell a fund with one object of every kind, up to a payment that is prepared."""
    fund, payment = payment_worlds.a_prepared_payment()
    motion = disbursement_worlds.motion_of(fund.proposal)
    ballot = motion.ballots.order_by("cast_at").first()
    donor = donor_worlds.a_donor()
    pledge = donor_worlds.a_signed_pledge(donor=donor, usd_value="44000000.00")
    donor_worlds.a_rate()
    mistyped = donor_worlds.a_rate("SEK", "14.02")
    receipt = donor_worlds.a_receipt(pledge, "1000000.00")
    call = donor_worlds.a_call(pledge)
    auditor = people.someone(RoleName.AUDITOR)
    statement = assurance.request_statement(
        kind=Kind.DONOR_ACCOUNT,
        as_of=people.NOON.date(),
        donor_id=donor.pk,
        actor=auditor,
        at=committee_worlds.CLOSES_AT,
    )
    write_off = giving_back_worlds.a_write_off(pledge, "1000.00")
    refund = giving_back_worlds.a_refund(donor, "1000.00")
    details = giving_back_worlds.details(donor)
    vendor = screening_worlds.a_party(screening_worlds.PERSON)
    who = {
        RoleName.COMMITTEE_MEMBER: ballot.member,
        RoleName.CHAIR: fund.committee.chair,
        RoleName.ALTERNATE: people.someone(RoleName.ALTERNATE),
        RoleName.SECRETARIAT: fund.secretariat,
        RoleName.CERTIFYING_OFFICER: fund.certifier,
        RoleName.TREASURY_OFFICER: fund.treasurer,
        RoleName.DONOR_REPRESENTATIVE: donor_worlds.a_representative(donor),
        RoleName.PROGRAMME_PARTNER: disbursement_worlds.a_partner(fund.organisation),
        RoleName.AUDITOR: auditor,
        RoleName.FUND_ADMINISTRATOR: people.someone(RoleName.FUND_ADMINISTRATOR),
    }
    report = reports.submit_report(
        programme_id=fund.programme.pk,
        kind=ReportKind.NARRATIVE,
        through=date(2026, 12, 31),
        words="Two hundred refrigerators stand; ten wait for their permits.",
        spent={},
        actor=who[RoleName.PROGRAMME_PARTNER],
        at=datetime(2027, 4, 2, 9, 0, tzinfo=UTC),
    )
    strangers = {
        RoleName.COMMITTEE_MEMBER: fund.committee.holders[2],
        RoleName.DONOR_REPRESENTATIVE: donor_worlds.a_representative(donor_worlds.a_donor()),
        RoleName.PROGRAMME_PARTNER: disbursement_worlds.a_partner(disbursement_worlds.an_organisation("Another body")),
    }
    hold = payment_worlds.a_hold(fund, by=auditor)
    reserve_use, plan = payment_worlds.before_the_committee(fund)
    desk = bank_worlds.a_desk(pledge)
    entry = Entry.objects.order_by("id").first()
    assert entry is not None
    cleared = exemption_worlds.one_of_everything(fund.programme, fund.proposal.tranches.get(number=2))
    arguments = {
        **cleared,
        **programme_worlds.one_of_everything(fund.programme, fund.proposal),
        "amendment_id": programme_worlds.an_amendment(fund.proposal).pk,
        "motion_id": motion.pk,
        "decision_id": motion.decision.pk,
        "meeting_id": committee_worlds.a_meeting(fund.committee).pk,
        "request_id": committee_worlds.a_request(fund.committee).pk,
        "text_id": donor_worlds.a_held_pledge(donor).pk,
        "condition_id": donor_worlds.a_conditional_pledge(donor).conditions.get().pk,
        "ballot_id": ballot.pk,
        "person_id": who[RoleName.AUDITOR].pk,
        "programme_id": fund.programme.pk,
        "proposal_id": fund.proposal.pk,
        "number": 1,
        "tranche_id": fund.tranche.pk,
        "payment_id": payment.pk,
        "subject": payment.pk,
        "account_id": payment.bank_account_id,
        "party_id": vendor.pk,
        "report_id": report.pk,
        "kind": "interim",
        "step": "operations",
        "hit_id": Hit.objects.get(screening__party=vendor).pk,
        "hold_id": hold.pk,
        "cost_id": payment_worlds.a_direct_cost(fund).pk,
        "offset_id": payment_worlds.an_offset(fund).pk,
        "route_id": payment.route_id,
        "use_id": reserve_use.pk,
        "plan_id": plan.pk,
        "donor_id": donor.pk,
        "agreement_id": pledge.agreement_id,
        "pledge_id": pledge.pk,
        "receipt_id": receipt.pk,
        "contribution_file_id": contribution_worlds.a_file().pk,
        "write_off_id": write_off.pk,
        "refund_id": refund.pk,
        "details_id": details.pk,
        "call_id": call.pk,
        "instalment_id": call.instalment_id,
        "quiet_id": donor_worlds.a_quiet(donor).pk,
        "bank_file_id": desk.waiting.brought_by.file_id,
        "bank_statement_id": desk.waiting.brought_by_id,
        "line_id": desk.waiting.pk,
        "held_id": desk.held.pk,
        "match_id": desk.match.pk,
        "rate_id": mistyped.pk,
        "correction_id": donor_worlds.a_rate_correction(mistyped).pk,
        "file_id": donor_worlds.a_rate_file().pk,
        "representative_id": Representative.objects.get(donor=donor).pk,
        "statement_id": statement.pk,
        "entry_id": entry.pk,
        "code": "1100",
        "pk": 1,
    }
    return World(people=who, strangers=strangers, arguments=arguments)

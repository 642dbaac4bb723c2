"""Every page of the site, as somebody who may open it sees it: no rule of accessibility broken, nothing sideways."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import pytest
from django.test import Client
from playwright.sync_api import Page

from committee.models import Ballot
from committee.rules import Choice
from disbursements.models import Suspension
from tests import disbursement_worlds, donor_worlds, people, programme_worlds
from tests.e2e.conftest import Visitor
from tests.e2e.looks import seen
from tests.e2e.test_pages_decision import holder, signed_in
from tests.http.permissions import LETTERS, MATRIX, PUBLIC
from tests.whole_world import World, a_whole_world
from trustfund.core import clock
from trustfund.core.models import User

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
Visit = Callable[..., Visitor]
# What answers with no whole page of its own here.
STEPS: Final = {
    "assurance:request",
    "assurance:retry",
    "committee:cast",
    "committee:close",
    "committee:confirm",
    "committee:keep_reason",
    "committee:put_in_force",
    "committee:support_meeting",
    "committee:open_meeting",
    "committee:take_attendance",
    "committee:open_vote",
    "committee:close_meeting",
    "disbursements:agree_to_treasury_rules",
    "disbursements:carry_out_amendment",
    "disbursements:carry_out_override",
    "disbursements:carry_out_release",
    "disbursements:carry_out_suspension",
    "disbursements:end_partner",
    "disbursements:record_channel",
    "disbursements:check_figures",
    "disbursements:mark_route",
    "disbursements:queue_payment",
    "disbursements:raise_to_floor",
    "disbursements:record_outcome",
    "disbursements:review_proposal",
    "disbursements:review_report",
    "continuity:haircut",
    "donors:call_issue",
    "donors:calls_issue",
    "donors:correction_confirm",
    "donors:correction_withdraw",
    "donors:quiet_end",
    "donors:agreement_amend_totals",
    "donors:condition_confirm",
    "donors:hold_accept",
    "donors:pledge_totals",
    "donors:held_send_back",
    "donors:hold_line",
    "donors:match_confirm",
    "donors:match_decline",
    "donors:rate_file_take",
    "donors:set_aside",
    "donors:tie",
    "committee:add_to_agenda",
    "committee:postpone_meeting",
    "disbursements:sign_off_goods",
    "donors:representative_end",
    "ledger:close_period",
    "ledger:reopen_period",
    "screening:add_party",
    "screening:end_party",
    "screening:give_opinion",
}
DOWNLOADS: Final = {
    "api:health",
    "api:position",
    "assurance:download",
    "assurance:public_paper",
    "committee:register",
    "committee:register_xlsx",
    "pages:ballot_paper",
    "pages:cycle_csv",
    "pages:cycle_xlsx",
    "continuity:arrears_csv",
    "continuity:arrears_xlsx",
    "continuity:inflows_csv",
    "continuity:inflows_xlsx",
    "continuity:position_csv",
    "disbursements:holds_csv",
    "disbursements:payment_order",
    "disbursements:assessment_paper",
    "disbursements:catalogue_csv",
    "disbursements:compliance_paper",
    "disbursements:evidence_file",
    "disbursements:results_csv",
    "disbursements:results_xlsx",
    "disbursements:catalogue_xlsx",
    "disbursements:exemptions_csv",
    "disbursements:exemptions_xlsx",
    "disbursements:letter_paper",
    "disbursements:payments_csv",
    "disbursements:refusals_csv",
    "disbursements:refusals_xlsx",
    "disbursements:service_time_csv",
    "disbursements:service_time_xlsx",
    "disbursements:proposals_csv",
    "disbursements:closures_csv",
    "disbursements:closures_xlsx",
    "disbursements:reports_csv",
    "disbursements:reports_xlsx",
    "disbursements:treasury_csv",
    "donors:agreement_document",
    "bank:lines_csv",
    "bank:lines_xlsx",
    "bank:original",
    "bank:statement_csv",
    "bank:statement_xlsx",
    "donors:unidentified_csv",
    "donors:unidentified_xlsx",
    "pages:reconciliation_csv",
    "pages:reconciliation_xlsx",
    "donors:receipts_csv",
    "donors:refunds_csv",
    "donors:refunds_xlsx",
    "donors:receipts_xlsx",
    "donors:attribution_csv",
    "donors:attribution_of_csv",
    "donors:attribution_of_xlsx",
    "donors:attribution_xlsx",
    "donors:calls_csv",
    "donors:calls_xlsx",
    "donors:good_faith_csv",
    "donors:good_faith_xlsx",
    "donors:rates_compared_csv",
    "donors:rates_compared_xlsx",
    "donors:rates_csv",
    "donors:rates_xlsx",
    "donors:steps_csv",
    "donors:steps_xlsx",
    "donors:donor_pledges_csv",
    "donors:donor_pledges_xlsx",
    "donors:agreements_csv",
    "donors:agreements_xlsx",
    "donors:reminders_csv",
    "donors:reminders_xlsx",
    "donors:pledges_csv",
    "donors:pledges_xlsx",
    "donors:good_faith_of_csv",
    "donors:good_faith_of_xlsx",
    "donors:schedule_csv",
    "donors:schedule_xlsx",
    "pages:use_of_funds_csv",
    "pages:use_of_funds_xlsx",
    "ledger:general_ledger_csv",
    "ledger:statement_csv",
    "ledger:statement_xlsx",
    "ledger:trial_balance_csv",
    "ledger:trial_balance_xlsx",
    "mfa_download_recovery_codes",
    "screening:parties_csv",
    "screening:parties_xlsx",
}
# Part of a page; on to the one pledge; a form half filled in; a vote that has ended; and what asks for the password
# first: those pages are looked at in test_ui_gallery.py and test_pages_decision.py.
ON_TO_ANOTHER: Final = {
    "assurance:progress",
    "committee:disclose",
    "committee:recuse",
    "donors:agreement_amend_check",
    "donors:agreement_amend_schedules",
    "donors:contribution_file_progress",
    "pages:our_use_of_funds",
    "donors:pledge_check",
    "donors:pledge_schedule",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_authenticate",
    "mfa_deactivate_totp",
    "mfa_edit_webauthn",
    "mfa_generate_recovery_codes",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
    "pages:subject",
}
# One form and nothing else, by the template and of the fields that `report_results` and `ask_to_suspend` show as well.
LIKE_ANOTHER: Final = {
    "disbursements:add_partner",
    "disbursements:ask_to_amend",
    "disbursements:ask_to_release",
    "disbursements:ask_to_resume",
    "disbursements:assess_organisation",
    "disbursements:file_compliance",
    "disbursements:set_indicator",
    "disbursements:submit_evidence",
}
NO_PAGE: Final = STEPS | DOWNLOADS | ON_TO_ANOTHER


def fitting(world: World, name: str) -> User | str | None:
    """Return who finds a whole page at an address: a person, None for the world at large, or "" for nobody."""
    row = MATRIX[name]
    who = [None] if row == PUBLIC else [world.people[LETTERS[letter]] for letter in row]
    for person in who:
        client = Client()
        if person is not None:
            client.force_login(person)
        answer = client.get(world.path(name))
        if answer.status_code == 200 and b"<!doctype html>" in b"".join(answer)[:200].lower():
            return person
        if answer.status_code == 405:
            break
    return ""


# Some seventy pages, each looked at five times: more than a test usually takes.
@pytest.mark.timeout(900)
def test_every_page_reads_well_large_and_small_light_and_dark(transactional_db: None, visit: Visit) -> None:
    world = a_whole_world()
    programme_worlds.decide(Suspension.objects.get(pk=world.arguments["suspension_id"]).motion_id)
    asked = {name: fitting(world, name) for name in MATRIX}
    assert {name for name, person in asked.items() if person == ""} == NO_PAGE & set(MATRIX)
    windows: dict[Any, Visitor] = {}
    found = {}
    for name, person in asked.items():
        if person == "" or name in LIKE_ANOTHER:
            continue
        key = getattr(person, "pk", None)
        if key not in windows:
            windows[key] = visit()
            if isinstance(person, User):
                signed_in(windows[key], person)
        page = windows[key].open(world.path(name))
        if wrong := seen(page):
            found[name] = wrong
    assert found == {}


@pytest.fixture
def motion(transactional_db: None) -> Any:
    """A proposal before the committee, on which nobody has voted."""
    donor_worlds.money_in("18900000.00")
    closes_at = clock.now() + timedelta(days=4)
    return disbursement_worlds.motion_of(disbursement_worlds.a_tabled_proposal("4250000.00", closes_at=closes_at))


def tab_to(page: Page, selector: str, most: int = 90) -> None:
    """Press Tab until the focus stands on what a selector names, and see that it can be seen there."""
    for _press in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
            return
    pytest.fail(f"Tab does not come to {selector}")


def press_on(page: Page, selector: str, key: str = "Enter") -> None:
    tab_to(page, selector)
    page.keyboard.press(key)


def test_a_member_signs_in_and_votes_with_the_keyboard_alone(motion: Any, visit: Visit) -> None:
    member = holder(1)
    visitor = visit()
    visitor.hold_passkey(member)
    page = visitor.open("/account/login/")
    tab_to(page, "input[name=login]")
    page.keyboard.type(member.email)
    tab_to(page, "input[name=password]")
    page.keyboard.type(people.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("input[name=code]")
    if not page.evaluate("document.activeElement.name === 'code'"):
        tab_to(page, "input[name=code]")
    page.keyboard.type(people.code())
    page.keyboard.press("Enter")
    page.wait_for_url("**/my-work/**")
    press_on(page, f"a[href='/decisions/{motion.id}/']")
    page.wait_for_url(f"**/decisions/{motion.id}/")
    for principle in ("humanity", "impartiality", "neutrality", "independence"):
        press_on(page, f"input[name=satisfied_{principle}]", "Space")
    press_on(page, "input[name=choice][value=approve]", "Space")
    tab_to(page, "textarea[name=reason]")
    page.keyboard.type("The conditions protect the fund.")
    press_on(page, "input[name=declaration]", "Space")
    press_on(page, "#decision-form button[type=submit]")
    page.wait_for_selector("text=You are about to approve")
    press_on(page, "[data-use-passkey]")
    page.wait_for_url("**/committee/receipts/**")
    ballot = Ballot.objects.get(member=member)
    assert (ballot.choice, ballot.confirmation.method) == (Choice.APPROVE, "passkey")

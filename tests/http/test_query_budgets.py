"""No page asks the database more often because there is more to show: asked of a fund, and of one grown fourfold."""

from typing import Any, Final

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.bench import pages_world
from tests.bench.pages_world import World
from tests.http.permissions import LETTERS, MATRIX, PUBLIC
from trustfund.core import clock

pytestmark = pytest.mark.django_db
OK: Final = 200
STEPS: Final = 3
# How many queries a page may ask, session and roles of the reader included; what is not named here may ask `USUAL`.
USUAL: Final = 10
BUDGETS: Final[dict[str, int]] = {
    "pages:home": 33,
    "pages:public": 13,
    "pages:reconciliation": 13,
    "pages:reconciliation_csv": 13,
    "pages:reconciliation_xlsx": 13,
    "pages:decision": 21,
    "committee:standing": 12,
    "committee:recuse": 12,
    "committee:disclose": 12,
    "committee:meeting": 12,
    "committee:meetings": 11,
    "assurance:documents_of": 12,
    "assurance:papers": 12,
    "assurance:papers_about": 12,
    "assurance:statements": 12,
    "donors:desk": 12,
    "donors:desk_line": 13,
    "donors:donor": 14,
    "donors:pledge": 28,
    "donors:agreement": 12,
    "donors:held": 12,
    "disbursements:programme": 18,
    "disbursements:results": 14,
    "disbursements:mine": 14,
    "disbursements:exemption": 17,
    "disbursements:change_exemption": 13,
    "disbursements:plan_shipment": 13,
    "disbursements:ask_to_ship": 13,
    "disbursements:send_off_shipment": 12,
    "disbursements:land_shipment": 12,
    "disbursements:call_off_shipment": 12,
    "disbursements:ask_to_land": 12,
    "disbursements:goods": 13,
    "disbursements:declare_goods": 14,
    "disbursements:ask_to_pay": 18,
    "disbursements:proposal": 23,
    "disbursements:proposal_version": 23,
    "disbursements:approve_proposal": 27,
    "disbursements:table_proposal": 17,
    "disbursements:submit_proposal": 11,
    "disbursements:release_queue": 30,
    "disbursements:closure": 11,
    "disbursements:offset": 11,
    "disbursements:reserve": 20,
    "disbursements:reserve_use": 12,
    "disbursements:payment": 35,
    "disbursements:prepare_payment": 38,
    "disbursements:certify_payment": 30,
    "disbursements:release_payment": 30,
    "disbursements:confirm_payment": 30,
    "disbursements:return_payment": 30,
    "disbursements:cancel_payment": 30,
    "disbursements:bank_accounts": 13,
    "disbursements:verify_bank_account": 15,
    "screening:party": 14,
    "mfa_reauthenticate_webauthn": 14,
}
# What only takes a post, sends elsewhere, waits for a form's fields, or is about what this world has none of.
SHOWS_NOTHING: Final = frozenset(
    {
        "assurance:download",
        "assurance:progress",
        "assurance:public_paper",
        "assurance:request",
        "assurance:retry",
        "donors:hold_line",
        "donors:tie",
        "donors:set_aside",
        "donors:match_confirm",
        "donors:match_decline",
        "donors:held_send_back",
        "committee:add_to_agenda",
        "committee:postpone_meeting",
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
        "disbursements:carry_out_amendment",
        "disbursements:carry_out_override",
        "disbursements:carry_out_release",
        "disbursements:carry_out_suspension",
        "disbursements:end_partner",
        "disbursements:record_channel",
        "disbursements:check_figures",
        "disbursements:agree_to_treasury_rules",
        "disbursements:mark_route",
        "disbursements:payment_order",
        "disbursements:queue_payment",
        "disbursements:raise_to_floor",
        "disbursements:record_outcome",
        "disbursements:review_proposal",
        "disbursements:review_report",
        "continuity:haircut",
        "donors:call_issue",
        "donors:calls_issue",
        "donors:correction_confirm",
        "donors:agreement_amend_check",
        "donors:agreement_amend_schedules",
        "donors:agreement_amend_totals",
        "donors:agreement_document",
        "donors:condition_confirm",
        "donors:correction_withdraw",
        "donors:hold_accept",
        "donors:pledge_totals",
        "disbursements:sign_off_goods",
        "donors:pledge_check",
        "donors:pledge_schedule",
        "donors:quiet_end",
        "donors:rate_file_take",
        "donors:representative_end",
        "screening:add_party",
        "screening:end_party",
        "screening:give_opinion",
        "ledger:close_period",
        "ledger:reopen_period",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_authenticate",
        "mfa_deactivate_totp",
        "mfa_download_recovery_codes",
        "mfa_edit_webauthn",
        "mfa_generate_recovery_codes",
        "mfa_remove_webauthn",
        "mfa_view_recovery_codes",
        "donors:contribution_file_progress",
        "pages:our_use_of_funds",
        "pages:subject",
    }
)
# Pages that are another page for another reader.
DIFFERS_BY_ROLE: Final = frozenset({"pages:home", "disbursements:payments", "pages:decision"})
Asked = dict[tuple[str, str], int]


@pytest.fixture
def world() -> World:
    cache.clear()
    return pages_world.a_world()


def clients_of(world: World) -> dict[str, Client]:
    """Sign in a person of every role, and nobody as the public."""
    clients = {PUBLIC: Client()}
    for letter, role in LETTERS.items():
        clients[letter] = Client()
        clients[letter].force_login(world.people[role])
        clients[letter].get("/my-work/")
    return clients


def readers_of(name: str) -> str | list[str]:
    """Return who opens a page, the first whom it answers being enough for most: auditors first, they read the most."""
    row = MATRIX[name]
    return [PUBLIC, "A"] if row == PUBLIC else sorted(row, key="ASTFCMPDUL".index)


def answer(client: Client, path: str) -> tuple[int, int]:
    """Return the status of a page and how many queries it asked."""
    with CaptureQueriesContext(connection) as asked:
        response: Any = client.get(path)
        b"".join(response) if response.streaming else response.content
    return response.status_code, len(asked)


def measured(world: World, clients: dict[str, Client]) -> Asked:
    """Return how many queries every page asks that shows something, by its name and its reader."""
    found: Asked = {}
    for name, path in world.pages().items():
        for letter in readers_of(name):
            status, queries = answer(clients[letter], path)
            if status == OK:
                found[name, letter] = queries
                if name not in DIFFERS_BY_ROLE and MATRIX[name] != PUBLIC:
                    break
    return found


def test_no_page_asks_more_often_because_there_is_more_to_show(world):
    clients = clients_of(world)
    with clock.moved_to(pages_world.NOW):
        small = measured(world, clients)
        for _ in range(STEPS):
            world.grow()
        large = measured(world, clients)
    grown = {page: (asked, large[page]) for page, asked in small.items() if large[page] != asked}
    over = {page: asked for page, asked in large.items() if asked > BUDGETS.get(page[0], USUAL)}
    unseen = {name for name in MATRIX if not any(page == name for page, _letter in large)}
    assert (grown, over, sorted(unseen ^ SHOWS_NOTHING)) == ({}, {}, [])

"""Pages of money out in the browser: what each says, that a refusal is shown, that downloads are as written."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from committee.models import Motion
from disbursements import operations
from disbursements.models import BankDetailsRead, Hold, Payment, ReserveUse, Route, ShortfallPlan
from disbursements.queries import rules
from disbursements.states import OrganisationKind
from tests import committee_worlds, people, screening_worlds
from tests import payment_worlds as worlds
from tests.http.test_payments_pages import AFTER, browser, page, send
from tests.payment_worlds import FIRST, Fund
from trustfund.core import clock, documents
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_documents(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def fund() -> Fund:
    return worlds.a_fund()


HEARING = {"way": "correspondence", "closes_on": "2026-07-31", "closes_at": "16:00"}


def test_a_hold_is_laid_before_the_committee_from_its_page(fund: Fund):
    hold = worlds.a_hold(fund)
    client = browser(fund.secretariat)
    assert reverse("disbursements:ask_to_lift", args=[hold.pk]) in page(client, "hold", hold.pk)
    send(client, "ask_to_lift", hold.pk, reason="One lorry was counted twice.", **HEARING)
    lift = Motion.objects.get(subject=hold.pk)
    asked = client.get(reverse("pages:decision", args=[lift.pk])).content.decode()
    assert f"Lift {hold.reference} on" in asked
    assert "A store reports that a third" in asked
    assert "Once asked, the committee alone decides" in page(browser(fund.treasurer), "hold", hold.pk)
    page(browser(fund.treasurer), "ask_to_lift", hold.pk, status=403)


def test_a_tranche_is_released_by_no_objection_from_its_proposal(fund: Fund):
    second, client = fund.proposal.tranches.get(number=2), browser(fund.secretariat)
    assert "Ask the committee to release the tranche" in page(client, "mark_condition_met", second.pk)
    empty = send(client, "ask_to_release", second.pk, status=422, way="", reason="")
    assert "Choose how the committee decides this." in empty
    send(client, "ask_to_release", second.pk, reason="The port closes.", way="no_objection")
    motion = Motion.objects.get(subject=second.pk)
    assert motion.way == "no_objection"
    committee_worlds.close(motion)
    with clock.moved_to(motion.closes_at):
        assert "released by the committee; bring it due" in client.get("/my-work/").content.decode()
    assert "Release it as the committee decided" in page(client, "proposal", fund.proposal.pk)


def test_the_proposal_leads_to_where_the_arrival_of_goods_is_written_down(fund: Fund):
    vendor = operations.register_organisation(
        name="Supply Centre", kind=OrganisationKind.OTHER, actor=fund.secretariat, at=worlds.TABLED_AT
    )
    own = fund.account
    worlds.a_verified_account(Fund(**{**fund.__dict__, "organisation": vendor}), worlds.OTHER_DETAILS)
    screening_worlds.lists_in_force()
    worlds.choose(fund, fund.tranche, worlds.a_route(fund, vendor=vendor, name="By sea"))
    fund.account = own
    address = reverse("disbursements:record_delivery", args=[fund.tranche.pk])
    client = browser(fund.secretariat)
    assert address not in page(client, "proposal", fund.proposal.pk)
    worlds.a_confirmed_payment(fund)
    assert address in page(client, "proposal", fund.proposal.pk)
    assert address not in page(browser(fund.treasurer), "proposal", fund.proposal.pk)


def upload(person: User, content: bytes) -> Any:
    """Send a file of the bank as a person does."""
    client = Client()
    client.force_login(person)
    with clock.moved_to(AFTER):
        return client.post(
            reverse("disbursements:bank_answers"), {"answer": SimpleUploadedFile("../../answer.xml", content)}
        )


def test_the_order_is_fetched_by_treasury_after_release_and_reading_it_is_written_down(fund: Fund):
    _made, payment = worlds.a_certified_payment(fund)
    client = browser(fund.treasurer)
    page(client, "payment_order", payment.pk, status=404)
    worlds.release(fund, payment)

    answer = client.get(reverse("disbursements:payment_order", args=[payment.pk]))

    payment = Payment.objects.get()
    assert documents.sha256_of(answer.content) == payment.file.sha256
    assert answer["Content-Disposition"] == f'attachment; filename="{payment.reference}.xml"'
    assert BankDetailsRead.objects.latest("id").in_full
    path = documents.path_of(payment.file.sha256, documents.XML)
    path.chmod(0o640)
    path.write_bytes(b"<altered/>")
    assert "not handed out" in page(client, "payment_order", payment.pk, status=409)
    auditor = page(browser(people.someone(RoleName.AUDITOR)), "bank_reads")
    assert "in full" in auditor
    assert fund.treasurer.name in auditor


def test_an_answer_is_taken_in_from_a_file_and_a_forged_one_says_why_not(fund: Fund):
    _made, payment = worlds.a_released_payment(fund)
    with clock.moved_to(worlds.RELEASED_AT + timedelta(hours=30)):
        assert "The bank has not answered" in page(browser(fund.treasurer), "payment", payment.pk)
        assert "no answer from the bank" in page(browser(fund.treasurer), "release_queue")

    bomb = upload(fund.other_treasurer, b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
    assert (bomb.status_code, b"document type" in bomb.content) == (422, True)
    assert upload(fund.other_treasurer, b"x" * 1_000_001).status_code == 422
    assert upload(people.someone(RoleName.AUDITOR), b"x").status_code == 403
    taken = upload(fund.other_treasurer, worlds.answer_file(payment, "RJCT", "RC01", message="B-9"))
    assert taken.status_code == 302

    text = page(browser(fund.treasurer), "payment", payment.pk)
    assert "RJCT RC01" in text
    assert "The bank code is not known" in text
    assert "RJCT RC01" in page(browser(fund.certifier), "bank_answers")


def test_what_a_silent_bank_said_is_written_down(fund: Fund):
    _made, payment = worlds.a_released_payment(fund)
    send(browser(fund.treasurer), "status_query", payment.pk, asked="Desk, by telephone", said="Under review.")
    assert "Under review." in page(browser(fund.certifier), "payment", payment.pk)


def test_a_hold_is_placed_by_one_and_lifted_by_another_in_the_browser(fund: Fund):
    _made, payment = worlds.a_certified_payment(fund)
    said = {
        "organisation": str(fund.organisation.pk),
        "reason": "fraud",
        "why": "A false invoice.",
        "evidence": "The invoice",
    }
    both = send(browser(fund.certifier), "new_hold", status=422, **said, programme=str(fund.programme.pk))
    assert "on one organisation, or on one programme" in both
    send(browser(fund.certifier), "new_hold", **said)
    hold = Hold.objects.get()

    assert "10 of 11 clear" in page(browser(fund.treasurer), "payment", payment.pk)
    assert "someone else must lift it" in page(browser(fund.certifier), "hold", hold.pk)
    wrong = send(browser(fund.other_treasurer), "hold", hold.pk, status=422, reason="Settled.", code="000000")
    assert "That code is not right" in wrong
    send(browser(fund.other_treasurer), "hold", hold.pk, reason="Settled.", code=people.code())
    assert "Settled." in page(browser(fund.certifier), "hold", hold.pk)
    assert "A false invoice." in page(browser(fund.certifier), "holds_csv")
    standing = browser(fund.certifier).get(reverse("disbursements:holds") + "?show=standing").content.decode()
    assert hold.reference not in standing
    assert hold.reference in page(browser(fund.certifier), "holds")


def test_a_route_is_opened_chosen_refused_and_the_log_is_shown_with_its_chart(fund: Fund):
    client = browser(fund.treasurer)
    opened = {"name": "By Singapore", "kind": "transfer", "chain": "Bank A, bank B", "country": "The country"}
    assert "Goods come from a vendor" in send(client, "new_route", status=422, **{**opened, "kind": "in_kind"})
    send(client, "new_route", **opened)
    route = Route.objects.get(name="By Singapore")
    send(browser(fund.preparer), "choose_route", fund.tranche.pk, route=str(route.pk), reason="The usual one refuses.")
    assert "By Singapore" in page(browser(fund.preparer), "prepare_payment", fund.tranche.pk)

    refusal = {"bank": "=cmd|bank", "refused_on": AFTER.date().isoformat(), "refusal_reason": "country"}
    assert "This field is required" in send(client, "route", route.pk, status=422, **refusal)
    send(client, "route", route.pk, **refusal, evidence="Letter")
    text = page(client, "routes")
    assert "<svg" in text
    assert "The bank serves no payment for that country" in text
    assert "'=cmd|bank" in page(client, "refusals_csv")
    assert "Refusing" in page(browser(fund.preparer), "choose_route", fund.tranche.pk)
    token = {"csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    client.post(reverse("disbursements:mark_route", args=[route.pk]), {**token, "to": "open", "reason": "Again."})
    route.refresh_from_db()
    assert route.status == "open"


def test_the_reserve_shows_its_floor_and_the_committee_is_asked_in_the_browser(fund: Fund):
    client = browser(fund.treasurer)
    with clock.moved_to(worlds.APPROVED_AT):
        text = page(client, "reserve")
    assert "Missing to the floor" in text
    assert "2,140,000.00" in text
    form = {"csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    with clock.moved_to(worlds.APPROVED_AT):
        assert client.post(reverse("disbursements:raise_to_floor"), form).status_code == 302
    asked = {
        "amount": "500,000.00",
        "reason": "A donor is late.",
        "refill": "Its instalment.",
        "closes_on": (AFTER + timedelta(days=4)).date().isoformat(),
        "closes_time": "12:00",
    }
    over = send(browser(fund.secretariat), "ask_to_use_reserve", status=422, **{**asked, "amount": "9000000.00"})
    assert "Ask for an amount above zero within it" in over
    send(browser(fund.secretariat), "ask_to_use_reserve", **asked)
    use = ReserveUse.objects.get()
    shown = page(browser(fund.committee.chair), "reserve_use", use.pk)
    assert "USD 500,000.00" in shown.replace("\N{NO-BREAK SPACE}", " ")
    assert use.reference in page(client, "reserve")


def test_other_numbers_are_proposed_by_one_and_put_in_force_by_another(fund: Fund):
    administrator = browser(people.someone(RoleName.FUND_ADMINISTRATOR))
    send(
        administrator,
        "treasury_rules",
        reserve_months="9",
        answer_hours="12",
        payee_limit="",
        payee_days="30",
        reason="Longer.",
    )
    assert rules.in_force().version == 0
    officer = browser(fund.certifier)
    page(officer, "treasury_rules")
    token = {"csrfmiddlewaretoken": officer.cookies["csrftoken"].value}
    assert officer.post(reverse("disbursements:agree_to_treasury_rules", args=[1]), token).status_code == 302
    assert (rules.in_force().reserve_months, rules.in_force().answer_hours) == (9, 12)
    assert "version 1" in page(officer, "treasury_rules")


def test_short_cash_is_planned_in_the_browser_and_goes_before_the_committee(fund: Fund):
    _made, payment = worlds.a_certified_payment(fund)
    worlds.drain_cash(fund, FIRST)
    text = page(browser(fund.treasurer), "payment", payment.pk)
    assert "Queue it and tell the committee" in text
    operations.queue_payment(payment_id=payment.pk, actor=fund.treasurer, at=AFTER)
    assert "Queued: cash did not cover it" in page(browser(fund.treasurer), "payment", payment.pk)

    plan = {
        "order_1": "1",
        "pay_1": "1,699,999.99",
        "reason": "It is the only one.",
        "closes_on": (AFTER + timedelta(days=4)).date().isoformat(),
        "closes_time": "12:00",
    }
    over = send(browser(fund.secretariat), "shortfall", status=422, **{**plan, "pay_1": "1,700,000.00"})
    assert "Pay less of what comes last" in over
    send(browser(fund.secretariat), "shortfall", **plan)
    drawn = ShortfallPlan.objects.get()
    shown = page(browser(fund.committee.chair), "shortfall_plan", drawn.pk)
    assert "in part" in shown
    assert Money.of("1699999.99", "USD") == drawn.shares.get().share.pay


def test_the_clock_of_every_tranche_is_shown_and_taken_away(fund: Fund):
    with clock.moved_to(worlds.APPROVED_AT + timedelta(days=20)):
        text = page(browser(fund.treasurer), "service_time")
        only = browser(fund.treasurer).get(reverse("disbursements:service_time") + "?show=breaches").content.decode()
        table = page(browser(fund.treasurer), "service_time_csv")
    assert "Overdue" in text
    assert fund.tranche.reference in only
    assert f"{fund.tranche.reference}," in table
    assert table.rstrip().endswith("overdue")

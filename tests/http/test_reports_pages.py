"""The pages of reports and closure: handing in, reviewing, closing step by step; refusals shown where they belong."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from disbursements.models import Report
from disbursements.reporting import ReportKind
from tests import disbursement_worlds, payment_worlds
from trustfund.core import clock
from trustfund.core.models import User

pytestmark = pytest.mark.django_db(transaction=True)

NOW = payment_worlds.ENDED_AT + timedelta(days=40)
AFTERWARDS = datetime(2029, 5, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def fund() -> payment_worlds.Fund:
    made, _payment = payment_worlds.a_confirmed_payment()
    return made


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def handed_in(fund, partner, amount: str = "1,300,000.00", words: str = "Refrigerators stand in 200 clinics."):
    said = {"through": NOW.date().isoformat(), "words": words, "category_3": amount}
    with clock.moved_to(NOW):
        return client_of(partner).post(
            reverse("disbursements:new_report", args=[fund.programme.pk, ReportKind.INTERIM.value]), said, follow=True
        )


def test_a_partner_hands_in_a_report_and_two_officers_accept_it(fund):
    partner = disbursement_worlds.a_partner(fund.organisation)
    assert "Handed in." in handed_in(fund, partner).content.decode()
    report = Report.objects.get()
    address = reverse("disbursements:review_report", args=[report.pk])
    with clock.moved_to(NOW):
        first, second = client_of(fund.secretariat), client_of(fund.certifier)
        empty = first.post(address, {"says": "return", "note": ""})
        assert (empty.status_code, "Say what is missing" in empty.content.decode()) == (422, True)
        first.post(address, {"says": "accept"})
        again = first.post(address, {"says": "accept"})
        assert (again.status_code, "Another officer must do so too" in again.content.decode()) == (422, True)
        page = second.post(address, {"says": "accept"}, follow=True).content.decode()
    assert "76.47%" in page
    assert "Equipment, vehicles and furniture" in page


def test_a_report_that_cannot_be_is_refused_on_its_page(fund):
    partner = disbursement_worlds.a_partner(fund.organisation)
    too_much = handed_in(fund, partner, "9,000,000.00")
    assert (too_much.status_code, "Compare it with the transfers" in too_much.content.decode()) == (422, True)
    nonsense = handed_in(fund, partner, "a lot")
    assert nonsense.status_code == 422
    silent = handed_in(fund, partner, words="")
    assert silent.status_code == 422
    assert not Report.objects.exists()


def test_my_work_shows_what_waits_for_whom(fund):
    partner = disbursement_worlds.a_partner(fund.organisation)
    handed_in(fund, partner)
    home = reverse("pages:home")
    with clock.moved_to(NOW):
        assert "handed in; accept it or send it back" in client_of(fund.certifier).get(home).content.decode()
    with clock.moved_to(datetime(2027, 4, 20, 9, 0, tzinfo=UTC)):
        assert "owed by the calendar" in client_of(partner).get(home).content.decode()


def test_the_lists_are_taken_away(fund):
    client = client_of(fund.secretariat)
    with clock.moved_to(datetime(2027, 5, 10, 9, 0, tzinfo=UTC)):
        text = client.get(reverse("disbursements:reports_csv")).content.decode("utf-8-sig")
        assert f"{fund.programme.reference},Annual financial report,2026-12-31,2027-04-30,Overdue,10," in text
        assert client.get(reverse("disbursements:reports_xlsx")).status_code == 200
    with clock.moved_to(AFTERWARDS):
        text = client.get(reverse("disbursements:closures_csv")).content.decode("utf-8-sig")
        assert f"{fund.programme.reference},{fund.organisation.name}".split(",", maxsplit=1)[0] in text
        assert client.get(reverse("disbursements:closures_xlsx")).status_code == 200


def test_a_programme_is_closed_from_its_page_with_grounds(fund):
    step = reverse("disbursements:closure_step", args=[fund.programme.pk, "operations"])
    client = client_of(fund.secretariat)
    said = {"owner": fund.certifier.pk, "note": "Handed over on 30 November."}
    with clock.moved_to(NOW):
        early = client.post(step, said)
        assert (early.status_code, "Close its work when that day is over" in early.content.decode()) == (422, True)
    with clock.moved_to(AFTERWARDS):
        assert client.post(step, {**said, "note": ""}).status_code == 422
        page = client.post(step, said, follow=True).content.decode()
        assert "one step nearer to its end" in page
        assert "Claim unspent money back" in page
        assert fund.certifier.name in client.get(reverse("disbursements:closures")).content.decode()
        assert client.get(reverse("disbursements:closure_step", args=[fund.programme.pk, "leap"])).status_code == 404
    assert date(2028, 12, 31) == fund.programme.ends_on

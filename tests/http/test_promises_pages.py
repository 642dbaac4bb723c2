"""The pages about promises: calls, reminders, who is left alone, what is late, expected and kept, what rates did."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from donors import operations, queries, tasks
from donors.models import Call, Pledge, Quiet
from ledger.models import Entry
from tests import donor_worlds, people
from trustfund.core import clock
from trustfund.core.models import Event, User
from trustfund.core.roles import RoleName
from trustfund.pages.queries import inbox

pytestmark = pytest.mark.django_db(transaction=True)
LATE = date(2026, 4, 1)


@pytest.fixture(autouse=True)
def _on_the_17th_of_july_2026() -> Any:
    with clock.moved_to(people.NOON):
        yield


def signed_in(person: User) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    return client


def post(client: Client, url: str, data: dict[str, Any], *, page: str = "") -> Any:
    """Post as a browser does: with the token of the page that the form stands on."""
    assert client.get(page or url).status_code == 200
    return client.post(url, data | {"csrfmiddlewaretoken": client.cookies["csrftoken"].value})


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def rows_of(response: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def a_late_pledge() -> tuple[Pledge, User]:
    """Return EUR 5,000 in five parts, the first late since April, and who speaks for its donor."""
    donor = donor_worlds.a_donor("Republic of Valdria")
    person = donor_worlds.a_representative(donor)
    donor_worlds.a_rate("EUR", "0.8")
    return donor_worlds.a_signed_pledge("5000.00", "EUR", donor=donor, first_due=LATE), person


def test_the_secretariat_calls_one_instalment_and_then_all_of_them() -> None:
    pledge, representative = a_late_pledge()
    donor_worlds.a_signed_pledge("300.00", "USD", years=1, first_due=date(2026, 8, 1))
    client = signed_in(donor_worlds.secretariat())
    page = text(client.get(reverse("donors:calls")))
    assert "2 instalments of this list are not called as they stand" in page
    part = pledge.instalments.get(number=1)
    called = post(client, reverse("donors:call_issue", args=[part.pk]), {}, page=reverse("donors:calls"))
    call = Call.objects.get()
    assert called["Location"] == reverse("donors:call", args=[call.pk])
    assert "EUR 1,000.00" in text(client.get(called["Location"]))
    again = post(client, reverse("donors:call_issue", args=[part.pk]), {}, page=reverse("donors:calls"))
    assert "is called already" in text(client.get(again["Location"]))
    post(client, reverse("donors:calls_issue"), {"within": "60"}, page=reverse("donors:calls"))
    assert "1 instalment is called. Each donor is told." in text(client.get(reverse("donors:calls")))
    assert "Everything in this list is called." in text(client.get(reverse("donors:calls")))
    post(client, reverse("donors:calls_issue"), {"within": "9999"}, page=reverse("donors:calls"))
    assert "less than or equal to 400" in text(client.get(reverse("donors:calls")))
    assert client.get(reverse("donors:calls"), {"within": "x"}).status_code == 422
    assert rows_of(client.get(reverse("donors:calls_csv")))[1][:7] == [
        *("Republic of Valdria", pledge.reference, "1", "2026-04-01", "EUR", "1000.00", "1000.00")
    ]
    # A donor sees its own call and nobody else's.
    assert "EUR 1,000.00" in text(signed_in(representative).get(reverse("donors:call", args=[call.pk])))
    other = Call.objects.exclude(pk=call.pk).get()
    assert signed_in(representative).get(reverse("donors:call", args=[other.pk])).status_code == 404


def test_a_representative_chooses_the_language_of_their_letters() -> None:
    pledge, representative = a_late_pledge()
    client, home = signed_in(representative), reverse("donors:donor", args=[pledge.donor_id])
    url = reverse("donors:representative_language", args=[representative.represents.get().pk])
    assert url in text(client.get(home))
    assert post(client, url, {"language": "tlh"}, page=url).status_code == 422
    assert post(client, url, {"language": "fr"}, page=url)["Location"] == home
    said = text(client.get(home))
    assert "is written to in French from now on" in said
    assert "letters in French" in said
    assert '<html lang="en"' in said
    assert post(client, url, {"language": "fr"}, page=url).status_code == 422


def test_a_call_is_withdrawn_with_a_reason_that_the_donor_reads() -> None:
    pledge, representative = a_late_pledge()
    call = donor_worlds.a_call(pledge)
    client, page = signed_in(donor_worlds.secretariat()), reverse("donors:call", args=[call.pk])
    url = reverse("donors:call_withdraw", args=[call.pk])
    assert url in text(client.get(page))
    assert post(client, url, {"reason": ""}, page=url).status_code == 422
    assert post(client, url, {"reason": "It named the old account."}, page=url)["Location"] == page
    for reader in (client, signed_in(representative)):
        said = text(reader.get(page))
        assert "Nothing is to be paid on it." in said
        assert "It named the old account." in said
        assert url not in said
    again = post(client, url, {"reason": "Once more"}, page=url)
    assert (again.status_code, "withdrawn already" in text(again)) == (422, True)
    listed = text(client.get(reverse("donors:calls")))
    assert "withdrawn" in listed
    assert reverse("donors:call_issue", args=[call.instalment_id]) in listed
    assert rows_of(client.get(reverse("donors:calls_csv")))[1][8] != ""


def test_reminders_stop_for_who_asked_and_only_their_own_representative_may_ask() -> None:
    pledge, representative = a_late_pledge()
    tasks.remind()
    client = signed_in(representative)
    page = reverse("donors:reminders", args=[pledge.donor_id])
    assert "The committee was told" in text(client.get(page))
    assert "A later one took its place" in text(client.get(page))
    assert "The whole donor" not in text(client.get(page))
    answer = post(client, page, {"whom": str(representative.pk), "until": "2026-12-01", "reason": "On leave"})
    assert answer["Location"] == page
    assert "On leave" in text(client.get(page))
    refused = post(client, page, {"whom": "", "until": "", "reason": "All of us"})
    assert refused.status_code == 422
    quiet = Quiet.objects.get()
    stranger = donor_worlds.a_representative(donor_worlds.a_donor())
    assert signed_in(stranger).get(page).status_code == 404
    url = reverse("donors:quiet_end", args=[quiet.pk])
    assert post(signed_in(stranger), url, {}, page=reverse("pages:home")).status_code == 404
    ended = post(client, url, {}, page=page)
    assert "Reminders are sent again from now on." in text(client.get(ended["Location"]))
    assert queries.people_to_remind(pledge.donor, people.NOON.date()) == [representative]
    # The secretariat may mean the whole donor.
    post(signed_in(donor_worlds.secretariat()), page, {"whom": "", "until": "", "reason": "A change of government"})
    assert queries.people_to_remind(pledge.donor, people.NOON.date()) == []


def test_the_committee_hears_of_what_is_late_for_ninety_days_and_nothing_follows_by_itself() -> None:
    pledge, _person = a_late_pledge()
    chair = people.someone(RoleName.CHAIR)
    assert inbox.waiting_for(chair, people.NOON) == []
    entries = Entry.objects.count()
    tasks.remind()
    (item,) = inbox.waiting_for(chair, people.NOON)
    assert (item.title, item.url) == ("1 instalment is late for 90 days or more", reverse("continuity:arrears"))
    client = signed_in(chair)
    page = text(client.get(item.url))
    for words in ("Republic of Valdria", "Over 90 days", "USD 1,250.00", f"{pledge.reference}/1", "<svg"):
        assert words in page
    assert reverse("donors:pledge", args=[pledge.pk]) not in page
    assert "Republic of Valdria" in text(client.get(reverse("continuity:position")))
    assert rows_of(client.get(reverse("continuity:arrears_csv")))[1][:4] == ["Republic of Valdria", "EUR", "1", "107"]
    assert Entry.objects.count() == entries
    assert not Event.objects.filter(kind__startswith="motion.").exists()
    for role in (RoleName.DONOR_REPRESENTATIVE, RoleName.PROGRAMME_PARTNER, RoleName.FUND_ADMINISTRATOR):
        assert signed_in(people.someone(role)).get(item.url).status_code == 403
    seconded = signed_in(people.someone(RoleName.SECRETARIAT, is_seconded=True))
    assert seconded.get(item.url).status_code == 403
    assert "Republic of Valdria" not in text(seconded.get(reverse("continuity:position")))


def test_the_planning_view_is_labelled_and_its_haircut_is_set_with_a_reason() -> None:
    a_late_pledge()
    client = signed_in(donor_worlds.secretariat())
    page = text(client.get(reverse("continuity:inflows")))
    for words in ("For planning only.", "USD 0.00", "15% is the default", "187.50", "1,062.50"):
        assert words in page
    wrong = post(
        client, reverse("continuity:haircut"), {"percent": "20", "reason": ""}, page=reverse("continuity:inflows")
    )
    assert wrong.status_code == 422
    post(
        client, reverse("continuity:haircut"), {"percent": "20", "reason": "Rates"}, page=reverse("continuity:inflows")
    )
    assert "The haircut is 20% from now on." in text(client.get(reverse("continuity:inflows")))
    assert rows_of(client.get(reverse("continuity:inflows_csv")))[1] == ["Late", "1", "1250.00", "250.00", "1000.00"]


def test_everybody_reads_the_record_of_promises_kept_and_finds_no_amount_in_it() -> None:
    pledge, _person = a_late_pledge()
    donor_worlds.a_receipt(pledge, "1000.00", on=date(2026, 4, 5))
    client = Client()
    page = text(client.get(reverse("donors:good_faith")))
    assert "Republic of Valdria" in page
    assert "4 days at most" in page
    one = text(client.get(reverse("donors:good_faith_of", args=[pledge.donor_id])))
    assert "+4" in one
    for public in (page, one):
        assert "1,000" not in public
        assert "EUR" not in public
    assert rows_of(client.get(reverse("donors:good_faith_csv")))[1:] == [
        ["Republic of Valdria", f"{pledge.reference}/1", "2026-04-01", "2026-04-05", "", "4", "late"]
    ]
    nobody = donor_worlds.a_donor("Orlene")
    assert client.get(reverse("donors:good_faith_of", args=[nobody.pk])).status_code == 404


def test_what_the_rates_did_is_shown_apart_from_what_was_kept() -> None:
    pledge, representative = a_late_pledge()
    donor_worlds.a_receipt(pledge, "1000.00", on=date(2026, 4, 5))
    client = signed_in(people.someone(RoleName.AUDITOR))
    page = text(client.get(reverse("donors:attribution")))
    for words in ("20.0%", "+13.64%", "150.00", "<svg"):
        assert words in page
    own = signed_in(representative)
    assert "+13.64%" in text(own.get(reverse("donors:attribution_of", args=[pledge.donor_id])))
    assert own.get(reverse("donors:attribution")).status_code == 403
    table = rows_of(own.get(reverse("donors:attribution_of_csv", args=[pledge.donor_id])))
    assert table[1][3:] == ["EUR", "5000.00", "1000.00", "20.0", "1100.00", "1250.00", "150.00", "13.64"]


def test_an_instalment_row_says_what_the_rate_did_to_it() -> None:
    pledge, representative = a_late_pledge()
    donor_worlds.a_receipt(pledge, "1000.00", on=date(2026, 4, 5))
    page = text(signed_in(representative).get(reverse("donors:pledge", args=[pledge.pk])))
    assert "Exchange effect" in page
    assert "150.00" in page


def test_the_secretariat_finds_what_is_to_be_called_in_its_work() -> None:
    officer = people.someone(RoleName.SECRETARIAT)
    pledge, _person = a_late_pledge()
    assert [item.title for item in inbox.waiting_for(officer, people.NOON) if item.url == reverse("donors:calls")] == [
        "1 instalment to call"
    ]
    operations.issue_call(instalment_id=pledge.instalments.get(number=1).pk, actor=officer, at=people.NOON)
    assert not [item for item in inbox.waiting_for(officer, people.NOON) if item.url == reverse("donors:calls")]

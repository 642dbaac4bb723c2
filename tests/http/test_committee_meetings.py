"""Meetings, rules, seats and auditors in the browser: who may, what is refused with a sentence, and what is shown."""

import csv
import io
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from committee import operations, queries
from committee.matters import Kind
from committee.models import AuditorNomination, Meeting, Motion, RulesOfProcedure, SeatChange
from committee.rules import FULL_CONSENSUS, NEUTRAL_COMMITTEE, Bench, Choice, Way
from tests import committee_worlds as worlds
from tests import people
from tests.http.test_committee_pages import a_decision
from trustfund.core import clock
from trustfund.core.models import User
from trustfund.core.roles import RoleName

LATER = people.NOON + timedelta(hours=2)
pytestmark = pytest.mark.django_db
HEARING = {"way": "correspondence", "closes_on": "2026-07-31", "closes_at": "16:00"}


def browser(person: User | None = None) -> Client:
    """Return a browser of a signed-in person, or of nobody; forms must carry their token."""
    client = Client(enforce_csrf_checks=True)
    if person is not None:
        client.force_login(person)
    return client


def send(client: Client, name: str, said: dict[str, Any], *args: Any) -> Any:
    """Open a page, take the token of its form, and send what was typed."""
    client.get(reverse("committee:motions"))
    client.cookies["csrftoken"] = "a" * 32
    return client.post(reverse(name, args=args), {**said, "csrfmiddlewaretoken": "a" * 32}, follow=True)


@pytest.fixture
def world(db: None) -> Any:
    """A committee, two hours into a day."""
    made = worlds.a_committee(with_alternates=(2,))
    with clock.moved_to(LATER):
        yield SimpleNamespace(made=made, chair=browser(made.chair))


def figures(**changes: Any) -> dict[str, Any]:
    """Return what the form of the rules posts for the neutral committee, changed as asked."""
    said: dict[str, Any] = {
        "title": "Our rules",
        "quorum": "6",
        "approval": "two_thirds",
        "consensus_days": "0",
        "sealed": "on",
        "dissent_is_public": "on",
        "no_objection_days": "5",
        "no_objection_kinds": ["release"],
        "meeting_notice_days": "10",
        "emergency_one_in": "3",
        "emergency_notice_days": "2",
    }
    for bench in Bench:
        rule = NEUTRAL_COMMITTEE.of_bench(bench)
        said[f"seats_{bench}"], said[f"quorum_{bench}"] = str(rule.seats), str(rule.quorum)
        said[f"approval_{bench}"] = rule.approval.value
    return {**said, **changes}


def test_new_rules_are_checked_in_words_before_they_are_laid(world):
    worlds.a_motion(world.made)
    said = {**figures(approval="majority", title="Easier"), **HEARING, "reason": "Useful work was kept waiting."}
    page = send(world.chair, "committee:propose_rules", said).content.decode()
    assert "consensus, else two thirds of the votes for or against" in page
    assert "consensus, else more than half of the votes for or against" in page
    assert "Effect on open votes: none." in page
    assert "1 motion that is open keeps the rules it was opened under." in page
    assert Motion.objects.filter(kind="rules").count() == 0
    done = send(world.chair, "committee:propose_rules", {**said, "sure": "yes"}).content.decode()
    motion = Motion.objects.get(kind="rules")
    assert f"Laid before the committee as {motion.reference}." in done
    assert "Change the rules of procedure" in done
    assert RulesOfProcedure.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": ""}, "Say why the rules should change."),
        ({"quorum": "40"}, "The quorum is at least one and at most the number of seats."),
        ({"no_objection_days": "0"}, "or neither"),
        ({"way": ""}, "Choose how the committee decides this."),
        ({"way": "meeting"}, "Choose the meeting. If there is none, call one first."),
        ({"closes_on": ""}, "Say when voting ends: day and time."),
        ({"approval": "two_thirds", "sure": "yes"}, "Nothing differs from the rules in force. Change something first."),
        ({"seats_donor": "2", "quorum": "5", "sure": "yes"}, "3 seats of the donor bench are taken."),
    ],
)
def test_rules_that_cannot_be_are_refused_with_what_to_do(world, changes, words):
    said = {**figures(approval="majority"), **HEARING, "reason": "So.", **changes}
    answer = send(world.chair, "committee:propose_rules", said)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert Motion.objects.count() == 0


def test_a_preset_fills_the_form_and_the_form_says_what_the_preset_says(world):
    page = world.chair.get(reverse("committee:propose_rules"), {"preset": "objections_heard"}).content.decode()
    assert 'name="seats_recipient" value="6"' in page
    assert "D. Objections heard" in page
    for words in ("Neutral committee (recommended)", "A. Full consensus", "B. Equal numbers", "C. Two voting groups"):
        assert words in page


def test_the_first_rules_and_the_first_seats_are_the_administrators(db):
    administrator = people.someone(RoleName.FUND_ADMINISTRATOR)
    client = browser(administrator)
    assert "Write down the first rules" in client.get(reverse("committee:seats")).content.decode()
    page = send(client, "committee:propose_rules", figures()).content.decode()
    assert "Adopt these rules" in page
    send(client, "committee:propose_rules", {**figures(), "sure": "yes"})
    assert queries.rules_in_force().rules == NEUTRAL_COMMITTEE
    member = people.someone(RoleName.COMMITTEE_MEMBER, name="Ada Member")
    said = {
        "number": "1",
        "bench": "donor",
        "holder": str(member.pk),
        "nominated_by": "Conference of donors",
        "starts_on": "2026-01-01",
        "ends_on": "2029-12-31",
    }
    unfinished = send(client, "committee:fill_seat", {**said, "nominated_by": ""})
    assert (unfinished.status_code, "Name the body" in unfinished.content.decode()) == (422, True)
    done = send(client, "committee:fill_seat", said).content.decode()
    assert "Ada Member" in done
    again = send(client, "committee:fill_seat", {**said, "number": "2"})
    assert "One of them sits on another seat" in again.content.decode()


def test_a_change_of_seats_is_laid_before_the_committee(world):
    successor = people.someone(RoleName.COMMITTEE_MEMBER, name="Ben Successor")
    said = {
        "number": "3",
        "bench": "donor",
        "holder": str(successor.pk),
        "nominated_by": "Conference of donors",
        "starts_on": "2026-09-01",
        "ends_on": "2029-08-31",
        "reason": "The holder moves on.",
        **HEARING,
    }
    administrator = browser(world.made.administrator)
    page = send(administrator, "committee:propose_seat_change", said).content.decode()
    assert all(words in page for words in ("Seat 3: Ben Successor", "nobody", "1 September 2026")) or (
        "Ben Successor" in page and "Conference of donors" in page
    )
    assert SeatChange.objects.get().holder == successor
    nobody = send(administrator, "committee:propose_seat_change", {**said, "holder": ""})
    assert "Choose who shall sit there, or let the seat fall vacant." in nobody.content.decode()
    vacant = send(
        administrator,
        "committee:propose_seat_change",
        {"number": "4", "bench": "technical", "vacates": "on", "reason": "It was never filled well.", **HEARING},
    )
    assert "Seat 4: vacant" in vacant.content.decode()


def test_a_seat_that_fell_vacant_is_written_down_with_its_reason(world):
    administrator = browser(world.made.administrator)
    assert send(administrator, "committee:vacate_seat", {"number": "4", "reason": ""}).status_code == 422
    done = send(administrator, "committee:vacate_seat", {"number": "4", "reason": "Resigned."}).content.decode()
    assert "Written down." in done
    assert queries.sittings(LATER)[3].term is None


def test_an_auditor_is_proposed_appointed_and_read_by_all_the_world(world):
    said = {
        "firm": "=Halden & Roe",
        "registration": "Geneva, 4411",
        "starts_on": "2027-01-01",
        "ends_on": "2029-12-31",
        "fee": "210000.00",
        "reason": "Lowest of three bids.",
        **HEARING,
    }
    client = browser(world.made.secretariat)
    for spoilt, words in (
        ({"firm": ""}, "Name the firm."),
        ({"fee": "0"}, "Enter the fee for the whole term."),
        ({"fee": "0.001"}, "USD"),
        ({"ends_on": "2026-12-31"}, "The term ends before it starts."),
    ):
        answer = send(client, "committee:nominate_auditor", {**said, **spoilt})
        assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert AuditorNomination.objects.count() == 0
    page = send(client, "committee:nominate_auditor", said).content.decode()
    assert "Appoint =Halden &amp; Roe as auditor" in page
    motion = Motion.objects.get()
    decision = worlds.carry(motion)
    waiting = browser(world.made.chair).get(reverse("pages:decision", args=[motion.pk])).content.decode()
    assert "Carried and not in force yet." in waiting
    assert "carried and not in force yet" in browser(world.made.chair).get(reverse("pages:home")).content.decode()
    done = send(world.chair, "committee:put_in_force", {}, decision.pk).content.decode()
    assert "It is in force." in done
    assert "In force since 17 July 2026, 14:00 UTC." in " ".join(strip(done).split())
    public = browser().get(reverse("committee:auditors")).content.decode()
    assert all(words in public for words in ("=Halden &amp; Roe", "Geneva, 4411", decision.reference))
    again = send(world.chair, "committee:put_in_force", {}, decision.pk).content.decode()
    assert "This is in force already." in again
    rows = list(csv.reader(io.StringIO(browser().get(reverse("committee:register")).content.decode("utf-8-sig"))))
    assert rows[1][5] == "Appoint =Halden & Roe as auditor"


def strip(page: str) -> str:
    """Return the words of a page without its marks."""
    import re

    return re.sub(r"<[^>]+>", "", page)


def test_a_meeting_is_called_opened_attended_voted_in_and_closed(world):
    said = {"place": "Room XI, Geneva", "on": "2026-08-10", "starts_at": "09:00", "ends_at": "17:00"}
    early = send(world.chair, "committee:call_meeting", {**said, "on": "2026-07-20"})
    assert "The rules ask for longer notice: the earliest day is 2026-07-31." in early.content.decode()
    assert "Called. The members are told." in send(world.chair, "committee:call_meeting", said).content.decode()
    meeting = Meeting.objects.get()
    motion = worlds.a_motion(world.made, way=Way.MEETING, meeting_id=meeting.pk, closes_at=None)
    with clock.moved_to(meeting.starts_at):
        assert "not present" in world.chair.get(reverse("committee:meeting", args=[meeting.pk])).content.decode()
        assert "The meeting is open." in send(world.chair, "committee:open_meeting", {}, meeting.pk).content.decode()
        present = {f"seat_{number}": str(world.made.holders[number].pk) for number in worlds.QUORUM_SEATS}
        page = send(world.chair, "committee:take_attendance", present, meeting.pk).content.decode()
        assert "6 of 9 seats" in page
        wrong = send(world.chair, "committee:take_attendance", {"seat_1": str(world.made.chair.pk)}, meeting.pk)
        assert wrong.status_code == 422
        assert "The vote is open." in send(world.chair, "committee:open_vote", {}, motion.pk).content.decode()
        for number in worlds.QUORUM_SEATS:
            worlds.vote(motion, number, Choice.REJECT if number == 4 else Choice.APPROVE, at=meeting.starts_at)
        open_votes = send(world.chair, "committee:close_meeting", {"notes": "So."}, meeting.pk).content.decode()
        assert f"The vote on {motion.reference} is open." in open_votes
        assert (
            "Closed. Carried: 5 of 6 approve." in send(world.chair, "committee:close", {}, motion.pk).content.decode()
        )
        done = send(world.chair, "committee:close_meeting", {"notes": "The monitor reported."}, meeting.pk)
    page = done.content.decode()
    assert "The meeting is closed." in page
    assert "The monitor reported." in page
    assert "Carried: 5 of 6 approve." in page
    assert (
        browser(people.someone(RoleName.PROGRAMME_PARTNER))
        .get(reverse("committee:meeting", args=[meeting.pk]))
        .status_code
        == 404
    )


def test_members_ask_for_an_emergency_meeting_and_join_a_request(world):
    member = browser(world.made.holders[1])
    said = {
        "reason": "Monitors were turned back.",
        "place": "By video",
        "on": "2026-07-23",
        "starts_at": "09:00",
        "ends_at": "11:00",
    }
    assert send(member, "committee:request_meeting", {**said, "reason": ""}).status_code == 422
    assert "Asked for. The other members are told." in send(member, "committee:request_meeting", said).content.decode()
    asked = queries.open_requests(LATER).get()
    for number in (2, 3):
        page = send(browser(world.made.holders[number]), "committee:support_meeting", {}, asked.pk).content.decode()
        assert "Your seat has joined the request." in page
    assert Meeting.objects.get().is_emergency
    again = send(browser(world.made.holders[4]), "committee:support_meeting", {}, asked.pk).content.decode()
    assert "This meeting has been called." in again


def test_where_silence_agrees_the_page_asks_for_an_objection_and_says_what_it_does(world):
    motion = worlds.a_silent_motion(world.made)
    member = browser(world.made.holders[1])
    page = member.get(reverse("pages:decision", args=[motion.pk])).content.decode()
    assert all(words in page for words in ("Do you object?", "I object", "I do not object", "By no objection"))
    assert "0 of 9 seats have answered." in page
    assert 'value="abstain"' not in page
    assert "carried unless somebody objects" in member.get(reverse("pages:home")).content.decode()
    check = send(member, "committee:confirm", a_decision(motion, choice="reject"), motion.pk).content.decode()
    assert "You are about to object" in check
    assert "Your objection ends this at once, and a meeting decides." in check
    done = send(
        member, "committee:cast", {**a_decision(motion, choice="reject"), "code": people.code()}, motion.pk
    ).content.decode()
    assert "Objects" in done
    after = browser().get(reverse("pages:decision", args=[motion.pk])).content.decode()
    assert "It stands on the agenda of the next meeting as soon as one is called." in after
    assert "The need is shown." in after
    assert "Holder of seat 1" not in after
    assert "Waits for the next meeting" in browser(world.made.chair).get(reverse("committee:meetings")).content.decode()


def test_reasons_of_dissent_are_public_without_names_only_where_the_rules_say_so(world):
    motion = worlds.a_motion(world.made)
    for number in worlds.QUORUM_SEATS:
        choice, reason = (Choice.REJECT, "Monitoring is not in writing.") if number == 4 else (Choice.APPROVE, "Fine.")
        worlds.vote(motion, number, choice, reason=reason)
    worlds.close(motion)
    page = browser().get(reverse("pages:decision", args=[motion.pk])).content.decode()
    assert "Minority report" in page
    assert "Monitoring is not in writing." in page
    assert "“Fine.”" not in page
    assert "Holder of" not in page


def test_where_the_rules_keep_dissent_in_the_house_the_public_reads_none(db):
    from dataclasses import replace

    made = worlds.a_committee(rules=replace(NEUTRAL_COMMITTEE, dissent_is_public=False))
    motion = worlds.a_motion(made)
    worlds.defeat(motion)
    page = browser().get(reverse("pages:decision", args=[motion.pk])).content.decode()
    assert "Minority report" not in page
    assert "Access for monitors" not in page


def test_who_voted_on_a_version_that_changed_is_told_on_the_page(world):
    from django.db import transaction

    first = worlds.a_motion(world.made)
    worlds.vote(first, 1)
    with transaction.atomic():
        operations.withdraw_motion(motion_id=first.pk, actor=world.made.secretariat, at=LATER)
    second = worlds.a_motion(world.made, subject=first.subject, version=2, at=LATER)
    said = f"Your vote on version 1 ({first.reference}) is void"
    member = browser(world.made.holders[1])
    assert said in member.get(reverse("pages:decision", args=[second.pk])).content.decode()
    assert said in member.get(reverse("pages:decision", args=[first.pk])).content.decode()
    other = browser(world.made.holders[2]).get(reverse("pages:decision", args=[second.pk])).content.decode()
    assert "is void" not in other
    worlds.vote(second, 1, at=LATER + timedelta(hours=1))
    with clock.moved_to(LATER + timedelta(hours=2)):
        assert said not in member.get(reverse("pages:decision", args=[second.pk])).content.decode()


def test_a_reason_that_is_being_typed_is_kept_and_stands_there_again(world):
    motion = worlds.a_motion(world.made)
    member = browser(world.made.holders[1])
    member.cookies["csrftoken"] = "a" * 32
    answer = member.post(
        reverse("committee:keep_reason", args=[motion.pk]),
        {"reason": "The need is", "csrfmiddlewaretoken": "a" * 32},
        headers={"HX-Request": "true"},
    )
    assert "Draft kept 14:00 UTC" in answer.content.decode()
    page = member.get(reverse("pages:decision", args=[motion.pk])).content.decode()
    assert "The need is</textarea>" in page.replace("\n", "")
    assert "The need is" not in browser(world.made.holders[2]).get(f"/decisions/{motion.pk}/").content.decode()
    with clock.moved_to(worlds.CLOSES_AT):
        late = member.get(reverse("pages:decision", args=[motion.pk])).content.decode()
    assert "What you had typed is kept and was not counted:" in late


def test_a_disclosure_is_read_by_people_of_the_fund_and_not_by_the_public(world):
    motion = worlds.a_motion(world.made)
    member = browser(world.made.holders[1])
    assert send(member, "committee:disclose", {"words": ""}, motion.pk).status_code == 422
    done = send(member, "committee:disclose", {"words": "I worked there in 2009."}, motion.pk).content.decode()
    assert "Kept in the record. You stay at the table." in done
    assert "I worked there in 2009." in done
    worlds.close(motion)
    assert "2009" not in browser().get(reverse("pages:decision", args=[motion.pk])).content.decode()


def test_the_register_is_searched_and_taken_away(world):
    first = worlds.carry(worlds.a_motion(world.made, kind=Kind.RELEASE))
    worlds.defeat(worlds.a_motion(world.made))
    second = worlds.carry(worlds.a_motion(world.made, kind=Kind.RELEASE, replaces=first))
    url = reverse("committee:motions")

    def found(**asked: str) -> list[str]:
        page = browser().get(url, asked).content.decode()
        return [one for one in ("DEC-2026-001", "DEC-2026-002", "DEC-2026-003") if f"{one} ·" in page]

    assert found() == ["DEC-2026-001", "DEC-2026-002", "DEC-2026-003"]
    assert found(kind="release") == ["DEC-2026-001", "DEC-2026-003"]
    assert found(outcome="rejected") == ["DEC-2026-002"]
    assert found(year="2025") == []
    assert found(year="2026", q="cold chain dec-2026-002") == ["DEC-2026-002"]
    assert found(q="submarines") == []
    assert "No decisions match." in browser().get(url, {"q": "submarines"}).content.decode()
    sheet = load_workbook(io.BytesIO(browser().get(reverse("committee:register_xlsx")).content)).active
    assert sheet is not None
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == ["DEC-2026-003", "DEC-2026-002", "DEC-2026-001"]
    page = browser().get(reverse("pages:decision", args=[second.motion_id])).content.decode()
    assert "This takes the place of" in page
    older = browser().get(reverse("pages:decision", args=[first.motion_id])).content.decode()
    assert "Another decision has taken the place of this one:" in older


def test_the_administrator_notes_a_persons_state_and_employer(world):
    member = world.made.holders[4]
    client = browser(world.made.administrator)
    client.cookies["csrftoken"] = "a" * 32
    page = client.post(
        reverse("pages:person", args=[member.pk]),
        {"describe": "yes", "state": "Valdria", "employer": "", "csrfmiddlewaretoken": "a" * 32},
        follow=True,
    ).content.decode()
    assert "Noted." in page
    member.refresh_from_db()
    assert member.state == "Valdria"
    assert "Valdria" in browser(member).get(reverse("committee:interests")).content.decode()


def test_the_rules_in_force_are_read_in_words_with_the_decision_that_adopted_them(world):
    motion = operations.propose_rules(
        rules=FULL_CONSENSUS,
        title="Everybody agrees",
        reason="Nobody should be outvoted.",
        closes_at=worlds.CLOSES_AT,
        actor=world.made.administrator,
        at=people.NOON,
    )
    decision = worlds.carry(motion)
    operations.put_in_force(decision_id=decision.pk, actor=None, at=LATER)
    page = strip(browser(people.someone(RoleName.AUDITOR)).get(reverse("committee:seats")).content.decode())
    assert "Everybody agrees" in page
    assert f"Adopted by decision {decision.reference}." in page
    assert "every seat that may vote" in page


def test_a_meeting_is_postponed_and_talks_of_more_than_motions(world):
    meeting = worlds.a_meeting(world.made)
    desk = browser(world.made.secretariat)
    said = {"on": "2026-08-20", "starts_at": "09:00", "ends_at": "12:00", "reason": "A strike."}
    refused = send(desk, "committee:postpone_meeting", {**said, "on": "2026-06-30"}, meeting.pk)
    assert (refused.status_code, "The rules ask for longer notice" in refused.content.decode()) == (422, True)
    page = send(desk, "committee:postpone_meeting", said, meeting.pk).content.decode()
    assert "Postponed. The members are told." in page
    assert "A strike." in page
    assert Meeting.objects.get().starts_at.isoformat() == "2026-08-20T09:00:00+00:00"
    empty = send(desk, "committee:add_to_agenda", {"title": ""}, meeting.pk)
    assert (empty.status_code, "Say what it is." in empty.content.decode()) == (422, True)
    page = send(world.chair, "committee:add_to_agenda", {"title": "Report of the monitor"}, meeting.pk).content.decode()
    assert "It stands on the agenda." in page
    assert "Report of the monitor" in page
    member = browser(world.made.holders[1]).get(reverse("committee:meeting", args=[meeting.pk])).content.decode()
    assert "Report of the monitor" in member
    assert "Postpone the meeting" not in member

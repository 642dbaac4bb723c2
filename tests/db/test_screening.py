"""Screening: who is clear, who waits and until when, what closes it for everybody, and what PostgreSQL keeps."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.db.utils import DatabaseError

from disbursements.gates import GateClosed
from disbursements.operations import payments
from screening import operations, queries, tasks
from screening.models import Answer, Hit, ListedName, ListFile, Opinion, Party, PartyRole, Screening
from screening.readers import Source
from tests import payment_worlds, people, screening_worlds
from trustfund.core.db import sqlstate_of
from trustfund.core.models import Event
from trustfund.core.refusals import AlreadyDone, Missing, NotPermitted, Unacceptable, WrongState
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db(transaction=True)


def clear_in_postgresql(party: Party) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT screening_is_clear(%s)", [party.subject])
        ((answer,),) = cursor.fetchall()
    return bool(answer)


def stands(party: Party) -> tuple[bool, str]:
    """Return whether a party's payee is clear, having seen that PostgreSQL says the same."""
    found = queries.clearance_of(party.subject)
    assert clear_in_postgresql(party) == found.is_clear
    return found.is_clear, found.words


def officers():
    return people.someone(RoleName.CERTIFYING_OFFICER), people.someone(RoleName.TREASURY_OFFICER)


def say(party: Party, says: Answer, by, reason: str = "Born in 1988, and the listed person in 1957."):
    """Say it a minute after what the person said before: whose word is the latest is told by the moment."""
    hit = Hit.objects.filter(screening__party=party).order_by("-screening__screened_at").first()
    assert hit is not None
    at = people.NOON + timedelta(minutes=party.opinions.count())
    return operations.give_opinion(hit_id=hit.pk, says=says, reason=reason, actor=by, at=at)


def test_nobody_is_clear_before_a_list_is_loaded():
    party = screening_worlds.a_party("Northwind Cold Chain")
    assert stands(party) == (
        False,
        "The list “United Nations Security Council, consolidated list” is not loaded. Load it before anybody is paid.",
    )


def test_a_harmless_name_is_clear_at_once_and_says_against_what():
    screening_worlds.load()
    party = screening_worlds.a_party("Northwind Cold Chain")
    assert stands(party) == (True, "1 name is clear against UN 2026-07-01.")
    (looked,) = Screening.objects.filter(party=party)
    assert looked.lists == {"un": ListFile.objects.get().sha256}


def test_a_payee_that_nobody_named_is_not_clear():
    screening_worlds.load()
    assert queries.clearance_of(uuid4()).words == "Nobody of the payee is screened yet. Name the payee for screening."


def test_a_likeness_waits_until_two_officers_say_that_it_is_somebody_else():
    screening_worlds.load()
    party = screening_worlds.a_party("Han Jongu")
    assert stands(party) == (False, "Han Jongu: resembles a listed name. Two officers must say who it is.")
    one, other = officers()
    say(party, Answer.ANOTHER, one)
    assert not stands(party)[0]
    with pytest.raises(AlreadyDone, match="Another officer must say it too"):
        say(party, Answer.ANOTHER, one)
    say(party, Answer.ANOTHER, other)
    assert stands(party)[0]
    assert Event.objects.filter(about=party.pk, kind="opinion.given").count() == 2


def test_one_who_says_that_it_is_the_listed_one_keeps_it_closed_and_two_confirm_it():
    screening_worlds.load()
    party = screening_worlds.a_party("Han Jongu")
    one, other = officers()
    third = people.someone(RoleName.SECRETARIAT)
    for person in (one, other):
        say(party, Answer.ANOTHER, person)
    say(party, Answer.SAME, third, "The passport number is that of the list.")
    assert not stands(party)[0]
    say(party, Answer.SAME, one, "I have seen the passport now.")
    assert stands(party) == (False, "Han Jongu: on a sanctions list. Nothing is paid.")


def test_a_new_list_asks_for_everybody_anew_and_keeps_what_people_cleared():
    screening_worlds.load()
    party, harmless = screening_worlds.a_party("Han Jongu"), screening_worlds.a_party("Northwind Cold Chain")
    for person in officers():
        say(party, Answer.ANOTHER, person)
    same_entry = screening_worlds.un_list(
        (screening_worlds.PERSON, "Northwynd Cold Chain"), published_on=date(2026, 7, 9)
    )
    screening_worlds.load(same_entry)
    assert stands(party)[1] == "Han Jongu: not yet screened against the latest lists."
    tasks.screen_waiting()
    tasks.screen_waiting()
    assert Screening.objects.filter(party=party).count() == 2
    assert stands(party)[0]
    assert stands(harmless)[1].startswith("Northwind Cold Chain: resembles")


def test_a_changed_entry_is_cleared_anew():
    screening_worlds.load()
    party = screening_worlds.a_party("Han Jongu")
    for person in officers():
        say(party, Answer.ANOTHER, person)
    screening_worlds.load(screening_worlds.un_list(aliases=("Han Chol",), published_on=date(2026, 7, 9)))
    tasks.screen_waiting()
    assert not stands(party)[0]


def test_a_list_that_cannot_be_read_fails_loudly_and_closes_screening():
    screening_worlds.load()
    party = screening_worlds.a_party("Northwind Cold Chain")
    file = screening_worlds.load(b"<CONSOLIDATED_LIST")
    assert not file.is_readable
    assert Event.objects.filter(kind="list.found_unreadable").count() == 1
    is_clear, words = stands(party)
    assert not is_clear
    assert "could not be read" in words
    assert ListedName.objects.exists()
    tasks.screen_waiting()
    assert Screening.objects.count() == 1
    screening_worlds.load()
    assert stands(party)[0]


def test_a_list_loaded_as_another_publishers_is_not_readable():
    file = screening_worlds.load(source=Source.EU)
    assert file.trouble == (
        "This is the list “United Nations Security Council, consolidated list”, not the one it was loaded as."
    )


@pytest.mark.parametrize(
    ("spoil", "refusal", "words"),
    [
        (lambda: {"actor": people.someone(RoleName.AUDITOR)}, NotPermitted, "Only the secretariat loads"),
        (lambda: {"actor": people.someone(RoleName.SECRETARIAT, is_seconded=True)}, NotPermitted, "Only the secretar"),
        (lambda: {"content": b""}, Unacceptable, "The file is empty"),
        (dict, AlreadyDone, "in force already"),
        (lambda: {"content": screening_worlds.un_list(published_on=date(2026, 6, 1))}, Unacceptable, "the newest one"),
    ],
)
def test_a_list_is_refused(spoil, refusal, words):
    screening_worlds.load()
    given = {
        "source": Source.UN,
        "content": screening_worlds.un_list(),
        "actor": screening_worlds.officer(),
        "at": people.NOON,
    }
    wrong = given | spoil()
    before = (ListFile.objects.count(), ListedName.objects.count(), Event.objects.count())
    with pytest.raises(refusal, match=words):
        operations.record_list(**wrong)
    assert (ListFile.objects.count(), ListedName.objects.count(), Event.objects.count()) == before


def test_opinions_are_refused_of_strangers_without_reason_and_on_lists_that_have_changed():
    screening_worlds.load()
    party = screening_worlds.a_party("Han Jongu")
    one, _other = officers()
    with pytest.raises(NotPermitted):
        say(party, Answer.ANOTHER, people.someone(RoleName.AUDITOR))
    with pytest.raises(Unacceptable, match="Say how you know"):
        say(party, Answer.ANOTHER, one, "  ")
    with pytest.raises(Missing):
        operations.give_opinion(hit_id=uuid4(), says=Answer.SAME, reason="Known.", actor=one, at=people.NOON)
    screening_worlds.load(screening_worlds.un_list(published_on=date(2026, 7, 9)))
    with pytest.raises(WrongState, match="The lists have changed"):
        say(party, Answer.ANOTHER, one)
    assert not Opinion.objects.exists()


def test_a_party_is_named_once_and_ends_with_a_reason_but_never_the_payee():
    screening_worlds.load()
    party = screening_worlds.a_party("Northwind Cold Chain")
    with pytest.raises(AlreadyDone):
        screening_worlds.a_party("northwind  cold chain", beside=party)
    with pytest.raises(Unacceptable, match="has letters"):
        screening_worlds.a_party("!!!", beside=party)
    given = {"party_id": party.pk, "actor": screening_worlds.officer(), "at": people.NOON}
    with pytest.raises(Unacceptable, match="Say why"):
        operations.end_party(reason=" ", **given)
    operations.end_party(reason="The contract has ended.", **given)
    with pytest.raises(WrongState):
        operations.end_party(reason="Again.", **given)
    assert not stands(party)[0]
    payee = screening_worlds.a_party("World Health Organization", role=PartyRole.PAYEE)
    with pytest.raises(WrongState, match="The payee itself"):
        operations.end_party(party_id=payee.pk, reason="Why not.", actor=screening_worlds.officer(), at=people.NOON)


def test_a_payment_is_not_certified_while_somebody_of_the_payee_resembles_a_listed_name():
    fund, payment = payment_worlds.a_prepared_payment()
    payee = Party.objects.get(subject=fund.organisation.pk, role=PartyRole.PAYEE)
    alike = screening_worlds.a_party("Han Jongu", beside=payee, role=PartyRole.OFFICER)
    with pytest.raises(GateClosed, match="Sanctions lists: Han Jongu: resembles a listed name"):
        payment_worlds.certify(fund, payment)
    for person in officers():
        say(alike, Answer.ANOTHER, person)
    payment_worlds.certify(fund, payment)


def test_postgresql_lets_no_payment_around_screening(monkeypatch):
    fund, payment = payment_worlds.a_prepared_payment()
    payee = Party.objects.get(subject=fund.organisation.pk, role=PartyRole.PAYEE)
    screening_worlds.a_party("Han Jongu", beside=payee, role=PartyRole.OFFICER)
    monkeypatch.setattr(payments.gates, "require_clear", lambda _found: None)
    with pytest.raises(DatabaseError, match="Nobody is paid who is not clear") as caught:
        payment_worlds.certify(fund, payment)
    assert sqlstate_of(caught.value) == "TF602"


@pytest.mark.parametrize("table", ["listfile", "screening", "hit", "opinion"])
def test_what_was_found_and_said_is_never_changed(superuser, table):
    screening_worlds.load()
    party = screening_worlds.a_party("Han Jongu")
    say(party, Answer.ANOTHER, officers()[0])
    for statement in (f"UPDATE screening_{table} SET id = id", f"DELETE FROM screening_{table}"):
        with superuser.cursor() as cursor, pytest.raises(Exception, match="never changed or removed"):
            cursor.execute(statement)
        superuser.rollback()


def test_a_name_that_is_screened_is_never_changed_or_removed():
    screening_worlds.load()
    party = screening_worlds.a_party("Han Jongu")
    with pytest.raises(DatabaseError, match="never changed or removed"):
        Party.objects.filter(pk=party.pk).update(name="Somebody Else")
    with pytest.raises(DatabaseError, match="never changed or removed"):
        Party.objects.filter(pk=party.pk)._raw_delete("default")

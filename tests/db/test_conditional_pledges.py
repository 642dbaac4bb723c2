"""Conditional pledges, held texts and the cap: what keeps a promise out of the books, and what lets it in."""

from datetime import date, timedelta
from decimal import Decimal

import psycopg2
import pytest

from committee.rules import NotCarried, NotDecided
from donors import operations, queries, schedule, tasks
from donors.conditions import Approval, Counts, Matching, Stand
from donors.earmarks import Earmarked
from donors.models import Condition, DonorCap, Hold, Pledge
from donors.operations import Term
from donors.operations.holding import Held
from donors.terms import Wording
from ledger import chart
from ledger import queries as ledger_queries
from ledger.models import Entry
from tests import committee_worlds, donor_worlds, people
from trustfund.core import clock
from trustfund.core.models import Event
from trustfund.core.money import Money
from trustfund.core.refusals import AlreadyDone, NotPermitted, Unacceptable, WrongState
from trustfund.core.roles import RoleName

TODAY = people.NOON.date()
SINCE = date(2024, 1, 1)
CLOSES_AT = committee_worlds.CLOSES_AT
LATER = CLOSES_AT + timedelta(minutes=1)


def eur(amount):
    return Money.of(amount, "EUR")


def usd(amount):
    return Money.of(amount, "USD")


MATCHING = Term(Matching(6, 12, usd("60.00"), Counts.RECEIPTS, SINCE), words="Six for every twelve of others.")
APPROVAL = Term(Approval("The parliament", date(2026, 6, 30)))


def a_conditional_pledge(*conditions, agreement=None, amount="100.00", **other):
    return operations.sign_conditional_pledge(
        **{
            "agreement_id": (agreement or donor_worlds.an_agreement()).pk,
            "amount": eur(amount),
            "schedule": schedule.equal_parts(eur(amount), schedule.yearly(date(2027, 6, 30), 2)),
            "announced_on": date(2024, 1, 2),
            "conditions": conditions or (APPROVAL,),
            "actor": donor_worlds.secretariat(),
            "at": people.NOON,
        }
        | other
    )


def another():
    return people.someone(RoleName.SECRETARIAT)


def show(condition, happened_on=date(2026, 6, 15), actor=None):
    return operations.show_approval(
        condition_id=condition.pk,
        evidence="Official gazette 2026/114",
        happened_on=happened_on,
        actor=actor or donor_worlds.secretariat(),
        at=people.NOON,
    )


def bring_in(pledge, at=people.NOON):
    return operations.bring_into_books(pledge_id=pledge.pk, actor=donor_worlds.secretariat(), at=at)


@pytest.mark.django_db
def test_an_unmet_condition_keeps_a_pledge_out_of_every_total_but_its_own():
    pledge = a_conditional_pledge()
    assert pledge.status == "conditional"
    assert (Entry.objects.count(), pledge.is_signed) == (0, False)
    assert queries.standing_of(pledge, TODAY).pledged == eur("0.00")
    assert queries.donors_with_totals().get(pk=pledge.donor_id).pledged_usd == usd("0.00")
    assert queries.overdue_instalments(date(2030, 1, 1)) == []
    assert not queries.open_pledges().exists()
    assert queries.conditional_totals() == [eur("100.00")]
    with pytest.raises(WrongState, match="waits for its condition"):
        donor_worlds.a_receipt(pledge, "1.00")
    with pytest.raises(NotDecided, match="committee has not been asked"):
        bring_in(pledge)


@pytest.mark.django_db
def test_an_approval_shown_by_one_and_confirmed_by_another_brings_the_pledge_into_the_books():
    donor_worlds.a_rate("EUR", "0.8", date(2026, 6, 1))
    pledge = a_conditional_pledge()
    condition = pledge.conditions.get()
    with pytest.raises(WrongState, match="Nothing was shown"):
        operations.confirm_approval(condition_id=condition.pk, actor=another(), at=people.NOON)
    show(condition)
    with pytest.raises(NotPermitted, match="somebody else must confirm"):
        operations.confirm_approval(condition_id=condition.pk, actor=donor_worlds.secretariat(), at=people.NOON)
    operations.send_back_approval(
        condition_id=condition.pk, reason="It is a draft.", actor=donor_worlds.secretariat(), at=people.NOON
    )
    show(condition)
    operations.confirm_approval(condition_id=condition.pk, actor=another(), at=people.NOON)
    assert [row.stand for row in queries.condition_rows(pledge, TODAY)] == [Stand.MET]
    assert list(queries.ready_pledges()) == [pledge]
    signed = bring_in(pledge)
    assert (signed.status, signed.signed_on, signed.usd_value) == ("signed", date(2026, 6, 15), usd("125.00"))
    assert ledger_queries.balance_of(chart.under(chart.OUTSTANDING, pledge.reference)) == eur("100.00")
    assert signed.versions.get().in_force_on == date(2026, 6, 15)
    assert queries.conditional_totals() == []
    assert {"condition.shown", "condition.sent_back", "condition.met", "pledge.signed"} <= set(
        Event.objects.filter(about=pledge.pk).values_list("kind", flat=True)
    )


@pytest.mark.django_db
def test_the_clock_counts_what_others_gave_and_never_the_donors_own():
    donor_worlds.a_rate("EUR", "0.8")
    own = donor_worlds.a_donor()
    pledge = a_conditional_pledge(MATCHING, agreement=donor_worlds.an_agreement(own))
    donor_worlds.a_receipt(donor_worlds.a_signed_pledge("500.00", "USD", donor=own), "500.00")
    other = donor_worlds.a_signed_pledge("500.00", "USD")
    donor_worlds.a_receipt(other, "100.00")
    donor_worlds.a_receipt(other, "19.99")
    (row,) = queries.condition_rows(pledge, TODAY)
    assert row.matched == queries.Matched(usd("119.99"), usd("120.00"), usd("59.99"), usd("60.00"))
    with clock.moved_to(people.NOON):
        tasks.count_matching()
    assert not pledge.conditions.get().is_met
    donor_worlds.a_receipt(other, "0.01")
    with clock.moved_to(people.NOON):
        tasks.count_matching()
        tasks.count_matching()
    met = pledge.conditions.get()
    assert (met.met_on, met.met_by) == (TODAY, None)
    assert Event.objects.filter(kind="condition.met").count() == 1
    assert bring_in(pledge).signed_on == TODAY


@pytest.mark.django_db
def test_signed_pledges_of_others_count_where_the_rule_says_so():
    rule = Matching(1, 2, usd("50.00"), Counts.SIGNED, SINCE)
    pledge = a_conditional_pledge(Term(rule))
    donor_worlds.a_signed_pledge("99.00", "USD")
    assert queries.counted_for(rule, pledge, TODAY) == usd("99.00")
    assert queries.counted_for(rule, pledge, date(2024, 1, 11)) == usd("0.00")


@pytest.mark.django_db
def test_only_the_committee_takes_a_pledge_whose_condition_lapsed():
    made = committee_worlds.a_committee()
    donor_worlds.a_rate("EUR", "0.8")
    pledge = a_conditional_pledge()
    with pytest.raises(Unacceptable, match="the condition has lapsed"):
        show(pledge.conditions.get(), happened_on=date(2026, 7, 1))
    motion = operations.ask_to_accept_conditional(
        pledge_id=pledge.pk, reason="It came a day late.", closes_at=CLOSES_AT, actor=made.secretariat, at=people.NOON
    )
    with pytest.raises(NotDecided):
        bring_in(pledge)
    committee_worlds.carry(motion)
    signed = bring_in(pledge, at=LATER)
    assert (signed.status, signed.signed_on) == ("signed", CLOSES_AT.date())


@pytest.mark.django_db
def test_a_rejected_pledge_stays_conditional():
    made = committee_worlds.a_committee()
    pledge = a_conditional_pledge()
    motion = operations.ask_to_accept_conditional(
        pledge_id=pledge.pk, reason="Now.", closes_at=CLOSES_AT, actor=made.secretariat, at=people.NOON
    )
    committee_worlds.defeat(motion)
    with pytest.raises(NotCarried):
        bring_in(pledge, at=LATER)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("spoil", "refusal", "words"),
    [
        ({"conditions": []}, Unacceptable, "has a condition"),
        ({"conditions": [Term(Approval(" ", TODAY))]}, Unacceptable, "Name who approves"),
        ({"conditions": [Term(Approval("A board", TODAY), words="It is reserved for Kenya.")]}, Earmarked, "Kenya"),
        ({"words": "Only for children."}, Earmarked, "children"),
        ({"announced_on": date(2026, 7, 18)}, Unacceptable, "in the future"),
        ({"schedule": []}, Unacceptable, "at least one instalment"),
    ],
)
def test_a_conditional_pledge_is_refused_and_nothing_changes(spoil, refusal, words):
    agreement = donor_worlds.an_agreement()
    before = [model.objects.count() for model in (Pledge, Condition, Event)]
    with pytest.raises(refusal, match=words):
        a_conditional_pledge(agreement=agreement, **spoil)
    assert [model.objects.count() for model in (Pledge, Condition, Event)] == before


EARMARK = "The contribution is reserved for clinics in Kenya."


def an_earmarked_agreement():
    return operations.sign_agreement(
        donor_id=donor_worlds.a_donor().pk,
        signed_on=donor_worlds.SIGNED_ON,
        from_year=2024,
        to_year=2028,
        currency="EUR",
        fee_rate=Decimal("0.01"),
        wording=Wording(summary=EARMARK),
        actor=donor_worlds.secretariat(),
        at=people.NOON,
    )


def sign_under(agreement):
    return operations.sign_pledge(
        agreement_id=agreement.pk,
        amount=eur("100.00"),
        schedule=schedule.equal_parts(eur("100.00"), schedule.yearly(date(2024, 6, 30), 5)),
        announced_on=date(2024, 1, 2),
        signed_on=date(2024, 1, 12),
        usd_value=usd("110.00"),
        actor=donor_worlds.secretariat(),
        at=people.NOON,
    )


@pytest.mark.django_db
def test_an_agreement_with_an_earmark_holds_its_pledges_until_the_committee_accepts_a_preference():
    made = committee_worlds.a_committee()
    agreement = an_earmarked_agreement()
    hold = Hold.objects.get()
    assert [(one.words, str(one.reason)) for one in hold.found] == [("Kenya", "place"), ("reserved for", "restriction")]
    with pytest.raises(Held, match=f"{hold.reference} holds this: the text names “Kenya”, “reserved for”"):
        sign_under(agreement)
    with pytest.raises(Held):
        a_conditional_pledge(agreement=agreement)
    with pytest.raises(NotDecided):
        operations.accept_preference(hold_id=hold.pk, actor=made.secretariat, at=people.NOON)
    motion = operations.ask_for_preference(
        hold_id=hold.pk, reason="The donor insists.", closes_at=CLOSES_AT, actor=made.secretariat, at=people.NOON
    )
    assert motion.particulars[1][1] == EARMARK
    committee_worlds.carry(motion)
    accepted = operations.accept_preference(hold_id=hold.pk, actor=made.secretariat, at=LATER)
    assert accepted.decision.startswith("DEC-")
    assert sign_under(agreement).status == "signed"
    with pytest.raises(AlreadyDone, match="let go by DEC-"):
        operations.accept_preference(hold_id=hold.pk, actor=made.secretariat, at=LATER)


@pytest.mark.django_db
def test_an_announced_pledge_with_an_earmark_is_held_and_not_signed():
    donor = donor_worlds.a_donor()
    agreement = donor_worlds.an_agreement(donor)
    pledge = operations.announce_pledge(
        donor_id=donor.pk,
        amount=eur("100.00"),
        announced_on=date(2024, 1, 2),
        words="We give this only for children.",
        actor=donor_worlds.secretariat(),
        at=people.NOON,
    )
    assert pledge.holds.get().of == Hold.PLEDGE
    with pytest.raises(Held, match="children"):
        operations.sign_announced_pledge(
            pledge_id=pledge.pk,
            agreement_id=agreement.pk,
            schedule=schedule.equal_parts(eur("100.00"), schedule.yearly(date(2024, 6, 30), 5)),
            signed_on=date(2024, 1, 12),
            usd_value=usd("110.00"),
            actor=donor_worlds.secretariat(),
            at=people.NOON,
        )
    # Another pledge of the same donor is not held.
    assert sign_under(agreement).status == "signed"


@pytest.mark.django_db
def test_a_programme_that_was_opened_is_known_by_its_name_and_its_region():
    from tests import disbursement_worlds

    programme = disbursement_worlds.a_programme()
    known = queries.known_names(donor_worlds.a_donor())
    assert programme.title in known.programmes
    assert programme.reference in known.programmes
    assert programme.region in known.places


@pytest.mark.django_db
def test_the_text_of_a_condition_is_held_before_it_is_signed():
    agreement = donor_worlds.an_agreement()
    actor = donor_worlds.secretariat()
    hold = operations.hold_text(agreement_id=agreement.pk, of=Hold.CONDITION, text=EARMARK, actor=actor, at=people.NOON)
    again = operations.hold_text(
        agreement_id=agreement.pk, of=Hold.CONDITION, text=EARMARK, actor=actor, at=people.NOON
    )
    assert again == hold
    with pytest.raises(Unacceptable, match="ties money to nothing"):
        operations.hold_text(agreement_id=agreement.pk, of=Hold.CONDITION, text="Thanks.", actor=actor, at=people.NOON)
    with pytest.raises(Unacceptable, match="held as they are recorded"):
        operations.hold_text(agreement_id=agreement.pk, of=Hold.PLEDGE, text=EARMARK, actor=actor, at=people.NOON)
    # It keeps no pledge without that condition from being signed.
    assert sign_under(agreement).status == "signed"


@pytest.mark.django_db
def test_the_cap_is_a_setting_in_versions():
    administrator = people.someone(RoleName.FUND_ADMINISTRATOR)
    assert queries.cap_in_force() == Decimal("0.30")
    operations.set_donor_cap(share=Decimal("0.35"), reason="DEC-2026-004", actor=administrator, at=people.NOON)
    assert (queries.cap_in_force(), DonorCap.objects.get().version) == (Decimal("0.35"), 1)
    for share, reason, refusal, words in [
        (Decimal("0.35"), "Again.", AlreadyDone, "in force already"),
        (Decimal(0), "No.", Unacceptable, "more than nothing"),
        (Decimal("1.1"), "No.", Unacceptable, "more than nothing"),
        (Decimal("0.30001"), "No.", Unacceptable, "more than nothing"),
        (Decimal("0.4"), " ", Unacceptable, "has a reason"),
    ]:
        with pytest.raises(refusal, match=words):
            operations.set_donor_cap(share=share, reason=reason, actor=administrator, at=people.NOON)
    with pytest.raises(NotPermitted, match="Only the fund administrator"):
        operations.set_donor_cap(share=Decimal("0.4"), reason="No.", actor=donor_worlds.secretariat(), at=people.NOON)


@pytest.mark.django_db
def test_a_donor_above_the_cap_is_a_matter_for_the_committee_once():
    made = committee_worlds.a_committee()
    large = donor_worlds.a_donor()
    donor_worlds.a_signed_pledge("40.00", "USD", donor=large)
    for _number in range(3):
        donor_worlds.a_signed_pledge("20.00", "USD")
    found = queries.concentration_of(large, promising=usd("100.00"))
    assert (str(found.promised), str(found.promised_after), found.received) == ("2/5", "7/10", 0)
    assert [donor for donor, _found in queries.donors_to_ask_about()] == [large]

    def ask(donor=large, reason="It is the first to sign."):
        return operations.ask_about_share(
            donor_id=donor.pk, reason=reason, closes_at=CLOSES_AT, actor=made.secretariat, at=people.NOON
        )

    with pytest.raises(Unacceptable, match="not above the cap"):
        ask(Pledge.objects.exclude(donor=large)[0].donor)
    with pytest.raises(Unacceptable, match="Write the reason"):
        ask(reason=" ")
    motion = ask()
    assert motion.particulars[0] == ["Share of all signed pledges", "40%"]
    with pytest.raises(AlreadyDone, match="is being asked"):
        ask()
    committee_worlds.carry(motion)
    assert queries.donors_to_ask_about() == []
    with pytest.raises(AlreadyDone, match="has accepted this share"):
        ask()
    donor_worlds.a_signed_pledge("10.00", "USD", donor=large)
    assert [donor for donor, _found in queries.donors_to_ask_about()] == [large]


@pytest.mark.django_db(transaction=True)
def test_postgresql_lets_nothing_held_or_unmet_into_the_books(superuser):
    pledge = a_conditional_pledge(APPROVAL, MATCHING)
    approval = pledge.conditions.get(number=1)
    held = operations.announce_pledge(
        donor_id=donor_worlds.a_donor().pk,
        amount=eur("100.00"),
        announced_on=date(2024, 1, 2),
        words=EARMARK,
        actor=donor_worlds.secretariat(),
        at=people.NOON,
    )
    person = donor_worlds.secretariat().pk
    agreement = donor_worlds.an_agreement(held.donor)
    sign = "UPDATE donors_pledge SET status = 'signed', signed_on = now(), usd_minor = 1"
    met = f"UPDATE donors_condition SET met_on = now(), met_at = now(), met_by_id = '{person}'"
    held.instalments.create(number=1, due_on=date(2027, 6, 30), minor=held.minor, currency="EUR")
    make_conditional = f"UPDATE donors_pledge SET status = 'conditional', agreement_id = '{agreement.pk}' WHERE id = "
    copied = (
        "INSERT INTO donors_condition SELECT (jsonb_populate_record(c, jsonb_build_object('id', gen_random_uuid(), "
        "'number', 3))).* FROM donors_condition AS c WHERE number = 2"
    )
    accepted = f"accepted_at = now(), accepted_by_id = '{person}', decision = 'DEC-1'"
    refused = [
        ("TF331", f"{sign} WHERE id = '{pledge.pk}'"),
        ("TF331", f"{make_conditional}'{bare_pledge()}'"),
        ("TF330", f"{make_conditional}'{held.pk}'"),
        ("TF305", f"UPDATE donors_pledge SET words = 'Other' WHERE id = '{held.pk}'"),
        ("TF332", f"UPDATE donors_condition SET by_when = '2030-01-01' WHERE id = '{approval.pk}'"),
        ("TF332", "UPDATE donors_condition SET matches = 1 WHERE number = 2"),
        ("23514", f"{met} WHERE id = '{approval.pk}'"),
        ("TF332", copied),
        ("TF001", "DELETE FROM donors_condition"),
        ("TF333", f"UPDATE donors_hold SET {accepted}"),
        ("TF333", "UPDATE donors_hold SET findings = '[]'"),
        ("TF001", "DELETE FROM donors_hold"),
    ]
    for sqlstate, statement in refused:
        with pytest.raises(psycopg2.Error) as failed, superuser.cursor() as cursor:
            cursor.execute(statement)
        superuser.rollback()
        assert (failed.value.pgcode, statement) == (sqlstate, statement)
    show(approval)
    # Who has shown an approval is not who confirms it, whoever asks the database.
    with pytest.raises(psycopg2.Error) as failed, superuser.cursor() as cursor:
        cursor.execute(f"{met.replace('now(), met_at', 'happened_on, met_at')} WHERE id = '{approval.pk}'")
    superuser.rollback()
    assert failed.value.diag.constraint_name == "an_approval_is_confirmed_by_another"


def bare_pledge():
    """Announce a pledge that nothing holds, with a schedule but without a condition."""
    donor = donor_worlds.a_donor()
    pledge = operations.announce_pledge(
        donor_id=donor.pk,
        amount=eur("1.00"),
        announced_on=date(2024, 1, 2),
        actor=donor_worlds.secretariat(),
        at=people.NOON,
    )
    pledge.instalments.create(number=1, due_on=date(2027, 6, 30), minor=100, currency="EUR")
    return pledge.pk

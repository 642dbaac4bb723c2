"""Exemptions from request to expiry: letters as versions, shipments and orders behind the gate, what was let pass."""

from datetime import timedelta
from decimal import Decimal

import pytest

from assurance.contents.monthly_report import monthly_report
from assurance.periods import Month
from committee import queries as committee_queries
from disbursements import operations, tasks
from disbursements.exemptions import Act, Case, PartyRole, RequestRoute, ShipmentCloses
from disbursements.models import Exemption, ExemptionWarning, Override, Shipment
from disbursements.queries import exemptions as queries
from disbursements.queries import goods as goods_queries
from disbursements.queries import payments as payment_queries
from disbursements.states import OrganisationKind, RequestStatus
from disbursements.uploads import upload
from tests import committee_worlds, disbursement_worlds, exemption_worlds, payment_worlds, people
from tests.disbursement_worlds import APPROVED_AT, secretariat
from tests.exemption_worlds import HASH, KITS, LANDS, LEAVES, TENTS, TODAY, VALID_FROM, VALID_TO, VENDOR
from trustfund.core import clock, documents, events
from trustfund.core.models import Event
from trustfund.core.refusals import AlreadyDone, Missing, NotPermitted, Unacceptable, WrongState
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db
CLOSES_AT = APPROVED_AT + timedelta(days=5)
PDF = b"%PDF-1.7 a letter"


def decide(override: Override, carry: bool = True) -> Override:
    """Let the committee answer, and the timetable write it down."""
    motion = committee_queries.motion_of(override.motion_id)
    (committee_worlds.carry if carry else committee_worlds.defeat)(motion)
    with clock.moved_to(motion.closes_at + timedelta(minutes=1)):
        tasks.carry_out_overrides()
    override.refresh_from_db()
    return override


def moment_of(day):
    """Return noon of a day."""
    return people.NOON.replace(year=day.year, month=day.month, day=day.day)


def gate_of(tranche, on=None):
    """Return the exemption's gate before a payment of a tranche is prepared."""
    (gate,) = [
        one
        for one in payment_queries.gates_before(tranche, None, moment_of(on) if on else APPROVED_AT)
        if one.key == "exemption"
    ]
    return gate


def test_a_letter_answers_its_request_and_an_extension_takes_its_place_whole():
    exemption = exemption_worlds.an_exemption()
    assert (exemption.reference[:3], exemption.letters.get().shipments_allowed) == ("EX-", 3)
    longer = VALID_TO + timedelta(days=90)
    exemption_worlds.an_extension(exemption, valid_to=longer, items=(KITS,))
    facts = queries.facts_of(queries.loaded(Exemption.objects.all()).get())
    assert [letter.version for letter in facts.letters] == [1, 2]
    assert (facts.terms.valid_to, facts.terms.items) == (longer, (KITS,))
    assert facts.letters[0].items == (KITS, TENTS)
    assert [event.kind for event in reversed(events.about(exemption.pk))] == [
        "exemption.granted",
        "exemption.extended",
    ]


REFUSED_LETTERS = [
    ({"reference": " "}, Unacceptable, "own reference"),
    ({"valid_to": VALID_FROM - timedelta(1)}, Unacceptable, "ends before it begins"),
    ({"granted_on": TODAY + timedelta(1)}, Unacceptable, "has not come"),
    ({"shipments_allowed": 4}, Unacceptable, "one to three shipments"),
    ({"parties": ()}, Unacceptable, "at least one vendor"),
    ({"sha256": "xyz"}, Unacceptable, "type its SHA-256"),
    ({"public_url": "javascript:alert(1)"}, Unacceptable, "begins with https"),
]


@pytest.mark.parametrize(("changes", "refusal", "words"), REFUSED_LETTERS)
def test_a_letter_that_cannot_be_right_is_refused(changes, refusal, words):
    request = exemption_worlds.a_request()
    with pytest.raises(refusal, match=words):
        exemption_worlds.a_letter(request, **changes)
    assert not Exemption.objects.exists()


def test_one_letter_serves_one_exemption():
    exemption_worlds.an_exemption(reference="S/AC.49/2026/OC.900")
    with pytest.raises(AlreadyDone, match="One letter serves one exemption"):
        exemption_worlds.an_exemption(reference="S/AC.49/2026/OC.900")


def test_a_letter_that_is_uploaded_is_kept_under_its_own_hash():
    request = exemption_worlds.a_request()
    said = {"reference": "S/AC.49/2026/OC.77", "sha256": ""}
    paper = upload("../../etc/letter.exe", PDF)
    letter = operations.record_letter(
        request_id=request.pk,
        said=exemption_worlds.said(**said),
        paper=paper,
        actor=secretariat(),
        at=people.NOON,
    )
    assert letter.document is not None
    assert (letter.sha256, letter.document.name) == (paper.sha256, "letter.pdf")
    assert documents.read(letter.sha256) == PDF
    with pytest.raises(Unacceptable, match="not the letter with this SHA-256"):
        operations.record_letter(
            request_id=exemption_worlds.a_request().pk,
            said=exemption_worlds.said(reference="OC.78", sha256=HASH),
            paper=paper,
            actor=secretariat(),
            at=people.NOON,
        )


def test_who_may_not_ask_directly_says_through_whom():
    organisation = disbursement_worlds.an_organisation(kind=OrganisationKind.INTERNATIONAL_NGO)
    programme = disbursement_worlds.a_programme(organisation)
    with pytest.raises(NotPermitted, match="Fewer than two exemptions in 18 months"):
        exemption_worlds.a_request(programme)
    case = Case("Diagnosis.", "Forty hospitals.", "Chapter 38.", "1; Kit; 5; kit")
    given = {"programme_id": programme.pk, "title": "Kits", "case": case, "submitted_on": TODAY, "at": people.NOON}
    with pytest.raises(Unacceptable, match="through whom"):
        operations.request_exemption(route=RequestRoute.MEMBER_STATE, actor=secretariat(), **given)
    urgent = operations.request_exemption(route=RequestRoute.DIRECT, is_urgent=True, actor=secretariat(), **given)
    assert urgent.status == "submitted"


def test_a_partner_asks_for_its_own_programme_and_for_no_other():
    programme = disbursement_worlds.a_programme()
    own = disbursement_worlds.a_partner(programme.organisation)
    other = disbursement_worlds.a_partner(disbursement_worlds.an_organisation())
    assert exemption_worlds.a_request(programme, by=own).submitted_by == own
    with pytest.raises(NotPermitted):
        exemption_worlds.a_request(programme, by=other)


def test_a_request_is_answered_once_and_one_change_waits_at_a_time():
    request = exemption_worlds.a_request()
    end = {"outcome": RequestStatus.REFUSED, "on": TODAY, "actor": secretariat(), "at": people.NOON}
    with pytest.raises(Unacceptable, match="Say what was answered"):
        operations.end_request(request_id=request.pk, answer=" ", **end)
    operations.end_request(request_id=request.pk, answer="No consensus.", **end)
    with pytest.raises(WrongState):
        operations.end_request(request_id=request.pk, answer="Again.", **end)
    with pytest.raises(WrongState):
        exemption_worlds.a_letter(request)
    exemption = exemption_worlds.an_exemption()
    exemption_worlds.a_request(exemption=exemption, act=Act.AMENDMENT)
    with pytest.raises(AlreadyDone, match="waits for its answer"):
        exemption_worlds.a_request(exemption=exemption, act=Act.EXTENSION)


def test_a_shipment_is_planned_leaves_and_lands_and_counts():
    exemption = exemption_worlds.an_exemption()
    partner = disbursement_worlds.a_partner(exemption.programme.organisation)
    shipment = exemption_worlds.a_shipment(exemption, {1: 30, 2: 5}, by=partner)
    at = people.NOON + timedelta(days=50)
    operations.send_off_shipment(shipment_id=shipment.pk, on=LEAVES, actor=partner, at=at)
    landed = operations.land_shipment(shipment_id=shipment.pk, on=LANDS, actor=partner, at=at)
    assert (landed.status, landed.departed_on, landed.arrived_on) == ("arrived", LEAVES, LANDS)
    rows = queries.item_rows(queries.exemption_of(exemption.pk, secretariat()))
    assert [(row.shipped, row.left) for row in rows] == [(30, 27), (5, 0)]
    assert [event.kind for event in reversed(events.about(exemption.pk))][1:] == [
        "shipment.planned",
        "shipment.departed",
        "shipment.arrived",
    ]


def test_a_shipment_outside_the_letter_is_not_planned_and_nothing_is_written():
    exemption = exemption_worlds.an_exemption(shipments_allowed=1)
    for changes, words in (
        ({"quantities": {1: 58}}, "57 kit on the list"),
        ({"quantities": {7: 1}}, "Item 7 is not on the list"),
        ({"arrives_on": VALID_TO + timedelta(1)}, "it would be in transit then"),
        ({"departs_on": VALID_FROM - timedelta(1)}, "valid only from"),
    ):
        with pytest.raises(ShipmentCloses, match=words):
            exemption_worlds.a_shipment(exemption, **changes)
    assert not Shipment.objects.exists()
    first = exemption_worlds.a_shipment(exemption)
    with pytest.raises(ShipmentCloses, match="This would be shipment 2"):
        exemption_worlds.a_shipment(exemption)
    operations.call_off_shipment(shipment_id=first.pk, note="The vessel was sold.", actor=secretariat(), at=people.NOON)
    assert exemption_worlds.a_shipment(exemption, {1: 57}).reference == f"{exemption.reference}/2"


def test_goods_at_sea_when_the_letter_expires_wait_for_the_committee():
    disbursement_worlds.chair()
    exemption = exemption_worlds.an_exemption()
    shipment = exemption_worlds.a_shipment(exemption, arrives_on=VALID_TO)
    operations.send_off_shipment(
        shipment_id=shipment.pk, on=LEAVES, actor=secretariat(), at=people.NOON + timedelta(days=20)
    )
    late = VALID_TO + timedelta(days=3)
    at = moment_of(late)
    land = {"shipment_id": shipment.pk, "on": late, "actor": secretariat()}
    with pytest.raises(ShipmentCloses, match="in transit"):
        operations.land_shipment(at=at, **land)
    override = operations.ask_to_land_outside(
        shipment_id=shipment.pk,
        reason="The port was closed by ice for a week.",
        closes_at=at + timedelta(days=1),
        actor=secretariat(),
        at=at,
    )
    with pytest.raises(ShipmentCloses):
        operations.land_shipment(at=at, **land)
    assert decide(override).decision.startswith("DEC-")
    assert operations.land_shipment(at=at + timedelta(days=2), **land).status == "arrived"


def test_the_committee_lets_one_shipment_pass_and_only_as_it_saw_it():
    disbursement_worlds.chair()
    exemption = exemption_worlds.an_exemption(shipments_allowed=1)
    exemption_worlds.a_shipment(exemption)
    ask = {
        "exemption_id": exemption.pk,
        "carrier": "Example Lines",
        "way": "Dalian to Nampo",
        "departs_on": LEAVES,
        "arrives_on": LANDS,
        "reason": "The first vessel could not carry the last kits.",
        "closes_at": CLOSES_AT,
        "actor": secretariat(),
        "at": people.NOON,
    }
    with pytest.raises(Unacceptable, match="never on the list"):
        operations.ask_to_ship_outside(quantities={9: Decimal(1)}, **ask)
    refused = decide(operations.ask_to_ship_outside(quantities={1: Decimal(5)}, **ask), carry=False)
    assert (refused.status, exemption.shipments.count()) == ("dropped", 1)
    granted = decide(operations.ask_to_ship_outside(quantities={1: Decimal(5)}, **ask))
    made = exemption.shipments.get(override=granted)
    assert (made.status, made.items.get().quantity) == ("planned", 5)
    motion = committee_queries.motion_of(granted.motion_id)
    assert ["Outside the exemption", f"This would be shipment 2, and {exemption.reference} allows 1."] in (
        motion.particulars
    )


@pytest.fixture
def tranche():
    return disbursement_worlds.a_due_tranche()


def test_a_tranche_says_what_it_pays_for_before_it_is_paid(tranche):
    exemption = exemption_worlds.an_exemption(tranche.proposal.programme)
    exemption_worlds.declare(tranche, exemption)
    gate = gate_of(tranche)
    assert gate.is_clear
    assert all(words in gate.evidence for words in ("20 × Laboratory kit", VENDOR, exemption.reference, HASH[:12]))
    for changes, words in (
        ({"vendor": "Cheaper Supply Ltd"}, "not among the vendors"),
        ({"quantities": {1: 58}}, "57 kit on the list"),
        ({"arrives_on": VALID_TO + timedelta(1)}, "in transit then"),
    ):
        exemption_worlds.declare(tranche, exemption, **changes)
        gate = gate_of(tranche)
        assert (gate.is_clear, words in gate.evidence) == (False, True), gate.evidence
    exemption_worlds.declare(tranche, exemption)
    assert "is not valid on" in gate_of(tranche, VALID_TO + timedelta(1)).evidence
    with pytest.raises(Missing, match="Item 9 is not on the list"):
        exemption_worlds.declare(tranche, exemption, {9: 1})
    exemption_worlds.an_extension(exemption, act=Act.AMENDMENT, items=(TENTS,))
    assert "Item 1 is not on the list" in gate_of(tranche).evidence


def test_an_exemption_serves_one_programme(tranche):
    other = exemption_worlds.an_exemption()
    with pytest.raises(Unacceptable, match="An exemption serves one programme"):
        exemption_worlds.declare(tranche, other)


def test_two_tranches_together_do_not_order_more_than_the_list():
    proposal = disbursement_worlds.an_approved_proposal()
    one, other = proposal.tranches.order_by("number")
    exemption = exemption_worlds.an_exemption(proposal.programme)
    exemption_worlds.declare(one, exemption, {1: 40})
    exemption_worlds.declare(other, exemption, {1: 18})
    assert "40 already ordered, and this is 18 more" in gate_of(other).evidence
    exemption_worlds.declare(one, exemption, {1: 39})
    assert gate_of(other).is_clear


def test_no_goods_in_scope_takes_two_people(tranche):
    operations.declare_no_goods(tranche_id=tranche.pk, reason="Salaries.", actor=secretariat(), at=APPROVED_AT)
    said = goods_queries.declarations(tranche)[0]
    assert "A second person has to agree" in gate_of(tranche).evidence
    with pytest.raises(NotPermitted, match="someone else must agree"):
        operations.sign_off_no_goods(declaration_id=said.pk, actor=secretariat(), at=APPROVED_AT)
    other = people.someone(RoleName.CERTIFYING_OFFICER)
    operations.sign_off_no_goods(declaration_id=said.pk, actor=other, at=APPROVED_AT)
    assert gate_of(tranche).is_clear
    with pytest.raises(AlreadyDone):
        operations.sign_off_no_goods(declaration_id=said.pk, actor=other, at=APPROVED_AT)


def test_an_expired_exemption_stops_a_payment_that_was_certified_in_time():
    fund = payment_worlds.a_fund()
    exemption = exemption_worlds.an_exemption(fund.programme)
    exemption_worlds.declare(fund.tranche, exemption)
    payment = payment_worlds.certify(fund, payment_worlds.prepare(fund))
    with pytest.raises(WrongState, match="is said before its payment"):
        exemption_worlds.declare(fund.tranche, exemption, {1: 1})
    late = payment_worlds.RELEASED_AT + timedelta(days=300)
    with pytest.raises(WrongState, match="is not valid on"):
        payment_worlds.release(fund, payment, at=late)
    operations.revoke_exemption(
        exemption_id=exemption.pk,
        on=payment_worlds.CERTIFIED_AT.date(),
        because="Withdrawn by letter OC.99.",
        actor=secretariat(),
        at=payment_worlds.CERTIFIED_AT,
    )
    with pytest.raises(WrongState, match="was revoked"):
        payment_worlds.release(fund, payment)


def test_only_a_decision_lets_a_payment_pass_and_the_payment_prints_it(tranche):
    exemption = exemption_worlds.an_exemption(tranche.proposal.programme)
    said = exemption_worlds.declare(tranche, exemption, vendor="Cheaper Supply Ltd")
    ask = {"declaration_id": said.pk, "closes_at": CLOSES_AT, "actor": secretariat(), "at": APPROVED_AT}
    with pytest.raises(Unacceptable, match="Say why"):
        operations.ask_to_pay_outside(reason=" ", **ask)
    override = operations.ask_to_pay_outside(reason="The named vendor stopped making the kit.", **ask)
    with pytest.raises(AlreadyDone):
        operations.ask_to_pay_outside(reason="Again.", **ask)
    assert not gate_of(tranche).is_clear
    granted = decide(override)
    gate = gate_of(tranche)
    assert gate.is_clear
    assert f"Outside it by {granted.decision}: Cheaper Supply Ltd is not among the vendors" in gate.evidence
    # Expiry is another finding: the committee has not seen it, so the gate is closed again.
    assert not gate_of(tranche, VALID_TO + timedelta(1)).is_clear
    assert [one.pk for one in goods_queries.let_pass_between(APPROVED_AT, CLOSES_AT + timedelta(days=1))] == [
        granted.pk
    ]
    with pytest.raises(WrongState, match="lies inside"):
        operations.ask_to_pay_outside(reason="Once more.", **ask)
    (line,) = monthly_report(Month.of(CLOSES_AT.date())).overrides
    assert (line.decision, line.about) == (granted.decision, f"{exemption.reference} {tranche.reference}")
    assert line.reason == "The named vendor stopped making the kit."


def test_expiry_is_told_of_at_each_mark_once():
    exemption = exemption_worlds.an_exemption()
    for left, told in ((120, 0), (90, 1), (60, 1), (30, 2), (6, 3), (0, 3)):
        with clock.moved_to(people.NOON + timedelta(days=250 - left)):
            tasks.warn_of_expiry()
            tasks.warn_of_expiry()
        assert ExemptionWarning.objects.count() == told
    assert [event.facts["days"] for event in Event.objects.filter(kind="exemption.expires_soon").order_by("id")] == [
        90,
        30,
        6,
    ]
    assert exemption.letters.get().warnings.count() == 3


def test_the_catalogue_lists_what_was_ever_cleared_once_a_kind():
    exemption_worlds.an_exemption()
    exemption_worlds.an_exemption(items=(KITS,))
    revoked = exemption_worlds.an_exemption(items=(exemption_worlds.item(1, "Radio"),))
    operations.revoke_exemption(
        exemption_id=revoked.pk, on=TODAY, because="Withdrawn.", actor=secretariat(), at=people.NOON
    )
    rows = list(queries.catalogue())
    assert [(row["name"], row["times"], row["most"], row["cleared"]) for row in rows] == [
        (KITS.name, 2, 57, 114),
        (TENTS.name, 1, 5, 5),
    ]
    assert [row["hs_code"] for row in queries.catalogue("382200")] == ["382200"]
    assert PartyRole.VENDOR == "vendor"

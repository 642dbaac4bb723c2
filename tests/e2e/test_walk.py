"""The eight steps, from a signed pledge to an audited payment, as the people of the fund walk them in a browser."""

import re
import subprocess
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page

from assurance.contents import sources_and_uses
from committee.models import Motion
from committee.rules import Choice
from disbursements.models import Payment, Tranche
from disbursements.operations import link_partner, open_route, register_bank_account, register_organisation
from disbursements.route_states import RouteKind
from disbursements.states import OrganisationKind
from donors.models import Pledge
from donors.operations import appoint_representative
from ledger import chart, queries
from tests import committee_worlds, donor_worlds, payment_worlds, people, screening_worlds
from tests.e2e.conftest import Visitor
from trustfund.core import clock
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.roles import RoleName

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
Visit = Callable[..., Visitor]
TITLE = "Cold chain for county clinics"
FINDING = "Met: the plan was read and the places were checked."


def fill(page: Page, **fields: str) -> None:
    """Type into fields by name; a choice is chosen."""
    for name, value in fields.items():
        control = page.locator(f"main [name={name}]").first
        if control.evaluate("element => element.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)


def send(page: Page) -> None:
    """Press the form's own button."""
    page.click("main form:has(.btn) button[type=submit].btn >> nth=0")


@pytest.fixture
def crew(transactional_db: None) -> dict[str, User]:
    """The people of the fund, a seated committee, a rate, and an organisation with verified bank details."""
    now = clock.now()
    committee = committee_worlds.a_committee(at=now - timedelta(days=2))
    crew = {
        "secretariat": people.someone(RoleName.SECRETARIAT, name="Ingrid Solheim"),
        "preparer": people.someone(RoleName.SECRETARIAT, name="Tomas Berg"),
        "certifier": people.someone(RoleName.CERTIFYING_OFFICER, name="Hana Gato"),
        "treasurer": people.someone(RoleName.TREASURY_OFFICER, name="Olumide Bassey"),
        "other_treasurer": people.someone(RoleName.TREASURY_OFFICER, name="Maren Holt"),
        "auditor": people.someone(RoleName.AUDITOR, name="Joseph Mwangi"),
        "donor": people.someone(RoleName.DONOR_REPRESENTATIVE, name="Elise Farrant"),
        "stranger": people.someone(RoleName.DONOR_REPRESENTATIVE, name="Somebody Else"),
        "member": committee.holders[1],
        "chair": committee.chair,
        "administrator": committee.administrator,
    }
    donor_worlds.a_rate("EUR", "0.921", on=now.date() - timedelta(days=20))
    organisation = register_organisation(
        name="World Health Organization",
        kind=OrganisationKind.WHO,
        channel_code="41307",
        works_through_who=True,
        actor=crew["secretariat"],
        at=now,
    )
    link_partner(
        person_id=people.someone(RoleName.PROGRAMME_PARTNER).pk,
        organisation_id=organisation.pk,
        actor=crew["administrator"],
        at=now,
    )
    rested = now - timedelta(days=4)
    account = register_bank_account(
        organisation_id=organisation.pk,
        source="Letter of the treasurer",
        actor=crew["secretariat"],
        at=rested,
        **payment_worlds.DETAILS,
    )
    payment_worlds.verify(account, crew["other_treasurer"], at=rested)
    screening_worlds.lists_in_force()
    open_route(
        name="Geneva and New York",
        kind=RouteKind.TRANSFER,
        chain="The fund's bank, its correspondent, the organisation's bank",
        country="The country of the programme",
        actor=crew["treasurer"],
        at=now,
    )
    return crew


def test_the_fund_runs_from_a_pledge_to_an_audited_payment(
    crew: dict[str, User], visit: Visit, worker: None, tmp_path: Path
) -> None:
    desk = visit(crew["secretariat"])
    pledge = a_pledge_is_signed(desk)
    an_instalment_arrives(desk, pledge)
    motion = a_proposal_is_tabled(desk)
    the_committee_votes(visit(crew["member"]), crew["member"], motion)
    the_chair_approves(visit(crew["chair"]), crew["chair"], motion)
    a_tranche_is_paid(visit, crew)
    the_auditor_reads(visit(crew["auditor"]), tmp_path / "statement.pdf")
    the_donor_looks(visit, crew, pledge)


def a_pledge_is_signed(desk: Visitor) -> Pledge:
    """1. A five-year pledge in the donor's currency, in equal instalments, with its chart."""
    page, today = desk.open("/donors/new/"), clock.today()
    fill(page, name="Republic of Valdria", office="Ministry for Foreign Affairs", kind="member_state")
    send(page)
    page.click("text=Record an agreement")
    fill(page, signed_on=today.isoformat(), from_year="2026", to_year="2031", currency="EUR", fee_percent="1")
    fill(page, summary="Five equal parts over five years.")
    send(page)
    page.click("text=New pledge")
    fill(page, amount="40000000.00", announced_on=today.isoformat(), signed_on=today.isoformat())
    send(page)
    fill(page, first_due_on=(today - timedelta(days=10)).isoformat(), years="5")
    send(page)
    assert page.locator("text=8,000,000.00").count() >= 5
    send(page)
    page.wait_for_url("**/donors/pledges/**")
    pledge = Pledge.objects.get()
    assert str(pledge.amount) == "EUR 40,000,000.00"
    assert queries.balance_of(chart.under(chart.OUTSTANDING, pledge.reference)) == pledge.amount
    assert page.locator("figure svg").count() >= 1
    desk.picture("pledge")
    return pledge


def an_instalment_arrives(desk: Visitor, pledge: Pledge) -> None:
    """2. A bank line: valued at the operational rate, the fee taken, USD in the pool (rules R1 and R2)."""
    page = desk.open(f"/donors/receipts/new/?pledge={pledge.pk}")
    fill(page, value_on=clock.today().isoformat(), bank_reference="CR20260101VAL", payer="Treasury of Valdria")
    fill(page, amount="5900000.00", currency="EUR")
    send(page)
    page.wait_for_selector("text=6,406,080.35")
    assert queries.balance_of(chart.CASH) == Money.of("6342019.55", "USD")
    assert queries.balance_of(chart.AGENT_FEE) == Money.of("64060.80", "USD")
    desk.picture("receipt")


def a_proposal_is_tabled(desk: Visitor) -> Motion:
    """3. A programme and a proposal: the building blocks are exactly 100 %, and 7 % is the ceiling."""
    today = clock.today()
    page = desk.open("/disbursements/programmes/new/")
    fill(page, title=TITLE, region="Eleven northern counties", starts_on=today.isoformat())
    fill(page, ends_on=(today + timedelta(days=400)).isoformat(), share_service_delivery="45", share_medicines="54")
    page.locator("main [name=organisation]").select_option(label="World Health Organization")
    send(page)
    assert page.is_visible("text=There is a problem")
    fill(page, share_medicines="55")
    send(page)
    page.click("text=Write a proposal")
    fill(page, title=TITLE, summary="Solar refrigerators for 210 clinics.", amount_3="2000000.00", amount_8="140000.01")
    for number, (title, amount) in enumerate((("Purchase", "1700000.00"), ("Installation", "440000.01"))):
        stem = str(page.locator("main [name$='-title']").nth(number).get_attribute("name")).removesuffix("-title")
        typed = {"title": title, "expected_on": today.isoformat(), "amount": amount}
        fill(page, **{f"{stem}-{name}": value for name, value in typed.items()})
    page.locator("main [name$='-condition']").nth(1).fill("90 % of the first batch received")
    fill(page, humanity=FINDING, neutrality=FINDING, impartiality=FINDING, independence=FINDING)
    page.click("text=Keep and check")
    assert page.is_visible("text=There is a problem")
    fill(page, amount_8="140000.00")
    page.locator("main [name$='-amount']").nth(1).fill("440000.00")
    page.click("text=Keep and check")
    page.wait_for_url("**/submit/**")
    send(page)
    page.click("main >> text=Table it")
    fill(page, closes_on=(today + timedelta(days=6)).isoformat())
    send(page)
    page.wait_for_load_state()
    motion = Motion.objects.get()
    assert str(motion.amount) == "USD 2,140,000.00"
    return motion


def the_committee_votes(seat: Visitor, member: User, motion: Motion) -> None:
    """4. One member in this browser by passkey, the others at their own desks; none of them twice."""
    seat.hold_passkey(member)
    page = seat.open(f"/decisions/{motion.pk}/")
    seat.picture("decision")
    page.check("input[name=choice][value=approve]")
    fill(page, reason="The conditions protect the fund.")
    page.check("input[name=declaration]")
    for principle in ("humanity", "impartiality", "neutrality", "independence"):
        page.check(f"input[name=satisfied_{principle}]")
    page.click("text=Review and confirm")
    seat.picture("confirm")
    page.click("[data-use-passkey]")
    page.wait_for_url("**/committee/receipts/**")
    for number in range(2, 10):
        choice = Choice.REJECT if number == 3 else Choice.APPROVE
        committee_worlds.vote(motion, number, choice, at=clock.now())


def the_chair_approves(seat: Visitor, chair: User, motion: Motion) -> None:
    """5. The chair closes the vote and approves what it carried: the money is reserved."""
    seat.hold_passkey(chair)
    page = seat.open(f"/decisions/{motion.pk}/")
    page.click("text=Close and count")
    page.wait_for_selector("text=Carried")
    motion.refresh_from_db()
    assert motion.status == "carried"
    seat.open(f"/decisions/{motion.pk}/")
    page.click("main >> text=Approve and reserve >> nth=-1")
    page.wait_for_load_state()
    seat.picture("approve")
    with page.expect_navigation():
        page.click("[data-use-passkey]")
    page.wait_for_selector("text=reserved")
    assert queries.balance_of(chart.SPENDABLE) == Money.of("4202019.55", "USD")


def a_tranche_is_paid(visit: Visit, crew: dict[str, User]) -> None:
    """6. Prepared, certified, released and confirmed by four different people; each step posts."""
    desk = visit(crew["preparer"])
    tranche = Tranche.objects.get(number=1)
    page = desk.open(f"/disbursements/tranches/{tranche.pk}/goods/none/")
    fill(page, reason="Refrigerators that are no longer on the list of prohibited goods.")
    send(page)
    certifier = visit(crew["certifier"])
    certifier.open(f"/disbursements/tranches/{tranche.pk}/goods/")
    certifier.page.click("text=I agree: no goods in scope")
    certifier.page.wait_for_selector("text=Agreed. The gate is clear.")
    page = desk.open(f"/disbursements/payments/prepare/{tranche.pk}/")
    page.click("text=Choose the route")
    page.locator("main [name=route]").select_option(index=1)
    send(page)
    page.wait_for_url("**/payments/prepare/**")
    page.click("main >> text=Prepare payment >> nth=-1")
    page.wait_for_url(re.compile(r"/payments/[0-9a-f-]+/$"))
    payment = Payment.objects.get()
    step = f"/disbursements/payments/{payment.pk}"
    sign(certifier, crew["certifier"], f"{step}/certify/")
    sign(visit(crew["treasurer"]), crew["treasurer"], f"{step}/release/", typed="1700000.00")
    assert queries.balance_of(chart.IN_TRANSIT) == Money.of("1700000.00", "USD")
    last = visit(crew["other_treasurer"])
    page = last.open(f"{step}/confirm/")
    fill(page, bank_reference="CF-1", credited_on=clock.today().isoformat())
    send(page)
    page.wait_for_load_state()
    payment.refresh_from_db()
    assert payment.status == "confirmed"
    last.picture("payment")


def the_auditor_reads(desk: Visitor, pdf: Path) -> None:
    """7. A statement, set by the worker and downloaded; every figure in it is the ledger's."""
    page = desk.open("/statements/")
    fill(page, kind="sources_and_uses", as_of=clock.today().isoformat())
    page.click("main form button[type=submit].btn")
    page.wait_for_selector("a[href$='/download/']", timeout=60_000)
    desk.picture("statement")
    with page.expect_download() as download:
        page.click("a[href$='/download/'] >> nth=0")
    download.value.save_as(pdf)
    compare(pdf)


def the_donor_looks(visit: Visit, crew: dict[str, User], pledge: Pledge) -> None:
    """8. The donor sees its own pledge; another's is not there."""
    appoint_representative(
        donor_id=pledge.agreement.donor_id,
        person_id=crew["donor"].pk,
        actor=crew["secretariat"],
        at=clock.now(),
    )
    donor = visit(crew["donor"])
    page = donor.open(f"/donors/pledges/{pledge.pk}/")
    text = page.inner_text("main")
    figures = {
        "pledged": "40,000,000.00",
        "received": "5,900,000.00",
        "overdue": "2,100,000.00",
        "due": "32,000,000.00",
    }
    assert {name for name, figure in figures.items() if figure not in text} == set()
    donor.picture("our-pledge")
    stranger = visit(crew["stranger"])
    answer = stranger.page.goto(f"{stranger.address}/donors/pledges/{pledge.pk}/")
    assert answer is not None
    assert answer.status == 404
    stranger.complaints.clear()


def sign(visitor: Visitor, person: User, path: str, **typed: str) -> None:
    """Take a step of a payment, confirmed with the person's passkey."""
    visitor.hold_passkey(person)
    visitor.open(path)
    fill(visitor.page, **typed)
    visitor.picture(path.strip("/").split("/")[-1])
    visitor.page.click("[data-use-passkey]")
    visitor.page.wait_for_load_state()
    visitor.page.wait_for_url(re.compile(r"/payments/[0-9a-f-]+/$"))


def compare(pdf: Path) -> None:
    """Read the PDF's figures back and hold them against the ledger."""
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, check=True).stdout.decode()
    printed = {Decimal(figure.replace(",", "")) for figure in re.findall(r"\d[\d,]*\.\d\d\b", text)}
    statement = sources_and_uses(clock.today())
    expected = {
        queries.balance_of(chart.CASH),
        -queries.total_under("4"),
        queries.balance_of(chart.AGENT_FEE),
        queries.total_under(chart.TRANSFERS),
        queries.total_under("5"),
        queries.total_under(chart.HELD_BY_PARTNER),
        statement.total_sources,
        statement.total_uses,
    }
    assert {money.amount for money in expected} <= printed
    assert statement.total_sources - statement.total_uses == queries.balance_of(chart.CASH)

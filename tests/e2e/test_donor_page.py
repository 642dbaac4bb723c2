"""A donor at the desk and on a phone: their pledge, its papers, what it became, and a request to stop."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from assurance import documents, operations
from assurance.models import IssuedDocument
from disbursements.queries.fund import spendable
from donors.models import StopRequest
from tests import donor_worlds, payment_worlds, people
from tests.e2e.conftest import DESK, PHONE, Visitor
from tests.e2e.looks import RULES
from tests.e2e.test_pages_decision import signed_in
from trustfund.core.models import Event

pytestmark = pytest.mark.django_db(transaction=True)
Visit = Callable[..., Visitor]


@pytest.fixture
def world(transactional_db: None, settings: Any, tmp_path: Path) -> SimpleNamespace:
    """EUR 40 million over five years, of which 19 came; one receipt is acknowledged, and a programme was paid."""
    settings.MEDIA_ROOT = tmp_path
    donor = donor_worlds.a_donor("Republic of Valdria")
    donor_worlds.a_rate("EUR", "0.921")
    pledge = donor_worlds.a_signed_pledge(donor=donor)
    donor_worlds.a_receipt(pledge, "8000000.00", on=date(2024, 3, 12))
    receipt = donor_worlds.a_receipt(pledge, "11000000.00", on=date(2025, 6, 27))
    fund, _payment = payment_worlds.a_confirmed_payment()
    event = Event.objects.get(kind="receipt.recorded", about=receipt.pk)
    paper = operations.ask_for_paper(event_id=event.pk, at=people.NOON)
    assert paper is not None
    operations.issue_statement(statement_id=paper.pk, at=people.NOON)
    return SimpleNamespace(
        pledge=pledge, paper=paper, programme=fund.programme, person=donor_worlds.a_representative(donor)
    )


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_donor_finds_its_pledge_its_papers_and_what_it_became(world: Any, visit: Visit, size: dict[str, int]) -> None:
    visitor = visit(size=size)
    page = signed_in(visitor, world.person)
    visitor.open("/donors/mine/")
    page.wait_for_url(f"**/donors/pledges/{world.pledge.pk}/")
    # What is late comes first, then the figures, in the donor's own currency.
    main = page.locator("main").inner_text()
    assert main.index("overdue") < main.index("EUR 40,000,000.00") < main.index("Schedule and receipts")
    assert "EUR 19,000,000.00" in main
    assert page.locator("svg.chart:visible").count() >= 1
    # The panels from other rooms arrive by themselves, and are links where there is no script.
    page.wait_for_selector("text=Notional:")
    page.wait_for_selector(f"text={world.paper.number}")
    with page.expect_download() as handed:
        page.click(f"a:has-text('Download'):has-text('{world.paper.number}')")
    saved = Path(handed.value.path()).read_bytes()
    assert documents.sha256_of(saved) == IssuedDocument.objects.get(pk=world.paper.pk).sha256
    assert handed.value.suggested_filename.startswith(world.paper.number)

    for path, heading in (
        (f"/donors/pledges/{world.pledge.pk}/", ""),
        ("/use-of-funds/", "A notional view, not an earmark."),
        ("/donors/stop-requests/", "A request changes nothing"),
    ):
        visitor.open(path)
        assert heading in page.locator("main").inner_text()
        faults = [fault["id"] for fault in Axe().run(page, options=RULES).response["violations"]]
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert (path, faults, wide) == (path, [], 0)
    visitor.open("/use-of-funds/")
    assert world.programme.title in page.locator("main").inner_text()
    visitor.picture(f"use-of-funds-{size['width']}")


def test_a_donor_asks_to_stop_and_reads_the_answer_on_a_phone_without_any_script(world: Any, visit: Visit) -> None:
    before = spendable()
    visitor = visit(size=PHONE, java_script_enabled=False)
    page = signed_in(visitor, world.person)
    visitor.open("/donors/stop-requests/new/")
    page.fill("textarea[name=text]", "Please stop every use of our money.")
    page.click("text=File the request")
    said = page.locator("main").inner_text()
    assert "Please stop every use of our money." in said
    assert "It ends 30 days after written notice" in said
    assert StopRequest.objects.get().filed_by == world.person
    assert spendable() == before

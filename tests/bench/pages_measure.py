"""The inside of pages_bench: loads a fund through the operations, then asks for its pages. Django is set up by then."""

import contextlib
import gc
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import count, islice
from pathlib import Path
from random import Random
from typing import Any, Final

from django.conf import settings
from django.db import connection, reset_queries, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from committee.models import Motion
from disbursements.models import Payment, Programme, Proposal
from donors.models import Donor, Pledge, Receipt
from ledger import chart, operations
from ledger.chart import under
from ledger.drafts import Draft, credit, debit, legs
from ledger.models import Account, Entry, Line
from tests import donor_worlds, people
from tests.bench import pages_world
from tests.bench.pages_world import World
from trustfund.core import clock
from trustfund.core.money import Money
from trustfund.core.roles import RoleName

TIMES: Final = 15
BATCH: Final = 300
DONORS: Final = 300
YEARS: Final = timedelta(days=1825)
TODAY: Final = pages_world.NOW.date()
LIST_BOUND_MS: Final = 150
DECISION_BOUND_MS: Final = 250
HEAD = """# Benchmarks of the pages

Made by this command, and overwritten whole each time:

```
{command}
```

{day}, {machine}, Python {python}, PostgreSQL 18 and Redis beside it on the same machine. {lines:,} ledger lines in
{entries:,} entries over five years, sealed; {donors:,} donors, {pledges:,} pledges, {receipts:,} receipts,
{programmes:,} programmes, {proposals:,} proposals, {motions:,} motions, {payments:,} payments.

Server time is Django's, through its test client, without network or browser: median and 95th percentile of {times}
requests after two that warm up. Processor time is the mean of what Django and its PostgreSQL session had of a
processor: other programs on the machine lengthen the median and hardly this. Ratios are of processor time, to
`api:health`, which asks PostgreSQL and Redis one trivial question each, in this run. Bounds: {list_bound} ms for a
page, {decision_bound} ms for the decision page. No test fails on the clock; how often a page asks the database is held
by `tests/http/test_query_budgets.py`.

| page | reader | median ms | p95 ms | processor ms | queries | in PostgreSQL ms | kB | ratio | p95 within its bound |
|---|---|---:|---:|---:|---:|---:|---:|---:|---|
"""


def say(words: str) -> None:
    """Tell who waits how far it is."""
    sys.stderr.write(f"{time.strftime('%H:%M:%S', time.gmtime())} {words}\n")


@dataclass(frozen=True)
class Page:
    """A page to measure: its name, who opens it, and its address."""

    name: str
    reader: RoleName | None
    path: str


@dataclass(frozen=True)
class Timed:
    """What one page cost."""

    page: Page
    times: tuple[float, ...]
    cpu: float
    queries: int
    database: float
    size: int

    @property
    def median(self) -> float:
        """The middle of its times, in milliseconds."""
        return statistics.median(self.times)

    @property
    def p95(self) -> float:
        """What nineteen of twenty requests stay within, in milliseconds."""
        return statistics.quantiles(self.times, n=20, method="inclusive")[-1]

    @property
    def bound(self) -> int:
        """How long it may take, in milliseconds."""
        return DECISION_BOUND_MS if self.page.name.startswith("pages:decision") else LIST_BOUND_MS


def turns(donors: Sequence[str], programmes: Sequence[str]) -> Iterator[Callable[[date], list[Draft]]]:
    """Yield one turn of the fund's life after another: money in, promised, paid and spent; 22 lines in 7 entries."""
    chance = Random(1)
    for turn in count():
        donor, programme = chance.choice(donors), chance.choice(programmes)
        gross = Money(chance.randrange(1_000_00, 90_000_00), "USD")
        fee = gross.times(Fraction(1, 100))
        net = gross - fee
        reserved, preparing = under(chart.RESERVED, programme), under(chart.IN_PREPARATION, programme)
        certified, held = under(chart.CERTIFIED, programme), under(chart.HELD_BY_PARTNER, programme)
        events = {
            "receipt.recorded": (
                (chart.CASH, under(chart.CONTRIBUTIONS, donor), gross),
                (chart.AGENT_FEE, chart.CASH, fee),
                (chart.SPENDABLE, chart.CASH_CONTRA, net),
            ),
            "proposal.approved": ((reserved, chart.SPENDABLE, net),),
            "payment.prepared": ((preparing, reserved, net),),
            "payment.certified": ((certified, preparing, net),),
            "payment.released": ((chart.IN_TRANSIT, chart.CASH, net), (chart.CASH_CONTRA, certified, net)),
            "payment.confirmed": (
                (under(chart.TRANSFERS, programme), chart.IN_TRANSIT, net),
                (held, chart.PARTNER_CONTRA, net),
            ),
            "expenditure.reported": ((under(chart.EXPENDITURE, programme), held, net),),
        }

        def drafts(on: date, turn: int = turn, events: Any = events) -> list[Draft]:
            return [
                Draft(
                    kind=kind,
                    reference=f"B-{turn:06d}",
                    effective_on=on,
                    legs=legs(*(leg for to, of, money in parts for leg in (debit(to, money), credit(of, money)))),
                )
                for kind, parts in events.items()
            ]

        yield drafts


def load(lines: int, steps: int) -> World:
    """Make the fund: its people, donors, programmes and payments by their operations, its ledger in batches."""
    world = pages_world.a_world()
    for step in range(steps):
        world.grow()
        if step % 10 == 9:
            say(f"grown {step + 1} of {steps} steps")
    for _ in range(DONORS):
        donor_worlds.a_receipt(donor_worlds.a_signed_pledge(), "250000.00")
    say("filling the ledger")
    donors = list(Donor.objects.values_list("reference", flat=True))
    programmes = list(Programme.objects.values_list("reference", flat=True))
    by = donor_worlds.secretariat()
    with transaction.atomic():
        known = set(Account.objects.values_list("code", flat=True))
        for heads, references in (
            ((chart.CONTRIBUTIONS,), donors),
            (
                (
                    chart.TRANSFERS,
                    chart.RESERVED,
                    chart.IN_PREPARATION,
                    chart.CERTIFIED,
                    chart.HELD_BY_PARTNER,
                    chart.EXPENDITURE,
                ),
                programmes,
            ),
        ):
            for head in heads:
                for reference in references:
                    if under(head, reference) not in known:
                        operations.open_under(head, reference, of=reference, by=by, at=people.NOON)
    wanted = max(lines - Line.objects.count(), 0) // 22
    all_turns = turns(donors, programmes)
    for done in range(0, wanted, BATCH):
        batch = list(islice(all_turns, min(BATCH, wanted - done)))
        on = TODAY - YEARS + YEARS * done // wanted
        with transaction.atomic():
            operations.post_many([draft for turn in batch for draft in turn(on)], by=by, at=people.NOON)
        if done // BATCH % 20 == 0:
            say(f"{done * 22:,} lines")
    say(f"sealed {operations.seal_books()} windows")
    return world


def pages_of(world: World) -> Iterator[Page]:
    """Yield the pages that list or show something, for the roles that open them most."""
    path = world.pages()
    yield Page("api:health", None, path["api:health"])
    for name in ("pages:public", "committee:motions", "api:position"):
        yield Page(name, None, path[name])
    for role in RoleName:
        yield Page("pages:home", role, path["pages:home"])
    for role in (RoleName.COMMITTEE_MEMBER, RoleName.CHAIR, RoleName.SECRETARIAT, RoleName.AUDITOR):
        yield Page("pages:decision", role, path["pages:decision"])
    readers = {
        RoleName.AUDITOR: (
            "continuity:position committee:motions committee:seats ledger:search ledger:entry ledger:account "
            "ledger:chart ledger:trial_balance ledger:periods donors:donors donors:donor donors:pledges donors:pledge "
            "donors:receipts "
            "donors:receipt donors:rates donors:stop_requests disbursements:organisations disbursements:programmes "
            "disbursements:programme disbursements:proposals disbursements:proposal disbursements:payments "
            "disbursements:payment disbursements:release_queue disbursements:bank_accounts disbursements:treasury "
            "assurance:statements assurance:statement"
        ),
        RoleName.SECRETARIAT: "donors:receipt_new disbursements:release_queue disbursements:proposals",
        RoleName.DONOR_REPRESENTATIVE: "donors:mine donors:pledge assurance:statements",
        RoleName.PROGRAMME_PARTNER: "disbursements:proposals disbursements:payments",
        RoleName.FUND_ADMINISTRATOR: "pages:people pages:person notices:log",
    }
    for role, names in readers.items():
        for name in names.split():
            yield Page(name, role, path[name])
    search, account = path["ledger:search"], reverse("ledger:account", args=[chart.CASH])
    middle = TODAY - YEARS / 2
    one = Entry.objects.filter(reference="B-000001", kind="receipt.recorded").get()
    amount = abs(one.moneys[0].amount)
    for words, query in {
        "by account": f"?account={chart.CASH}",
        "by a quiet account": f"?account={under(chart.CONTRIBUTIONS, world.donor.reference)}",
        "by reference": "?reference=B-000001",
        "by part of a reference": "?reference=B-0000",
        "by kind": "?kind=receipt.recorded",
        "by rare kind": "?kind=period",
        "by amount": f"?amount={amount}&currency=USD",
        "by account and amount": f"?account={chart.CASH}&amount={amount}&currency=USD",
        "by days": f"?first={middle}&last={middle + timedelta(days=6)}",
        "by early days": f"?first={TODAY - YEARS}&last={TODAY - YEARS + timedelta(days=6)}",
        "by person": f"?person={world.fund.treasurer.name}",
        "by kind and early days": f"?kind=payment.released&last={TODAY - YEARS + timedelta(days=6)}",
        "page far back": "?before=5000",
    }.items():
        yield Page(f"ledger:search, {words}", RoleName.AUDITOR, search + query)
    yield Page(
        "ledger:account, far back", RoleName.AUDITOR, f"{account}?beyond={TODAY - YEARS + timedelta(days=30)}.0.0"
    )
    yield Page(
        "ledger:account, a month", RoleName.AUDITOR, f"{account}?first={middle}&last={middle + timedelta(days=30)}"
    )
    for name in ("ledger:trial_balance", "ledger:chart"):
        yield Page(f"{name}, past day", RoleName.AUDITOR, f"{path[name]}?on={middle}")
    yield Page("continuity:position, past day", RoleName.AUDITOR, f"{path['continuity:position']}?as_of={middle}")
    for name in ("disbursements:payments", "disbursements:proposals", "disbursements:programmes"):
        yield Page(f"{name}, searched", RoleName.AUDITOR, f"{path[name]}?q=cold")
    yield Page("donors:receipts, last page", RoleName.AUDITOR, f"{path['donors:receipts']}?page=last")


def timed(page: Page, client: Client) -> Timed:
    """Ask for a page, once to warm up, once to count its queries, and then by the clock."""

    def ask() -> bytes:
        response: Any = client.get(page.path, headers={"host": "localhost"})
        if response.status_code != 200:
            raise SystemExit(f"{page.path} answers {response.status_code} to {page.reader}")
        return b"".join(response) if response.streaming else response.content

    ask()
    with CaptureQueriesContext(connection) as asked:
        size = len(ask())
    captured = list(asked.captured_queries)
    times, before = [], _processor_ms()
    for _ in range(TIMES):
        begun = time.perf_counter()
        ask()
        times.append((time.perf_counter() - begun) * 1000)
    cpu = (_processor_ms() - before) / TIMES
    database = sum(float(query["time"]) for query in captured) * 1000
    return Timed(page, tuple(times), cpu, len(captured), database, size)


def _processor_ms() -> float:
    """Return how long this process and its PostgreSQL session have had a processor: what neighbours do not change."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        ((session,),) = cursor.fetchall()
    postgres = Path(f"/proc/{session}/schedstat").read_text().split()[0]
    return time.process_time() * 1000 + int(postgres) / 1_000_000


def measure(world: World) -> list[Timed]:
    """Ask for every page by its reader."""
    clients: dict[RoleName | None, Client] = {None: Client()}
    for role, person in world.people.items():
        clients[role] = Client()
        clients[role].force_login(person)
    with clock.moved_to(pages_world.NOW):
        return [timed(page, clients[page.reader]) for page in pages_of(world)]


def table(found: list[Timed]) -> str:
    """Return the results as Markdown, the slowest first."""
    trivial = found[0].cpu
    rows = []
    for one in sorted(found, key=lambda one: -one.median):
        cells = (
            one.page.name,
            one.page.reader.label if one.page.reader else "anybody",
            f"{one.median:.1f}",
            f"{one.p95:.1f}",
            f"{one.cpu:.1f}",
            one.queries,
            f"{one.database:.0f}",
            f"{one.size / 1000:.0f}",
            f"{one.cpu / trivial:.1f}",
            "yes" if one.p95 <= one.bound else f"no, {one.bound} ms",
        )
        rows.append(f"| {' | '.join(str(cell) for cell in cells)} |")
    return "\n".join(rows) + "\n"


def machine() -> str:
    """Return what it ran on."""
    model = platform.processor() or platform.machine()
    with contextlib.suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), model)
    return f"{os.cpu_count()} × {model}, {platform.system()} {platform.release()}, load {os.getloadavg()[0]:.1f}"


def main() -> None:
    """Load, measure, write."""
    settings.DEBUG = False
    world = load(int(os.environ["BENCH_LINES"]), int(os.environ["BENCH_STEPS"]))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE (SKIP_LOCKED)")
    reset_queries()
    # What loading left in memory is none of a web process's, so its collector does not walk through it either.
    gc.collect()
    gc.freeze()
    say("measuring")
    found = measure(world)
    head = HEAD.format(
        command=f"python -m tests.bench.pages_bench --lines {os.environ['BENCH_LINES']}",
        day=time.strftime("%Y-%m-%d", time.gmtime()),
        machine=machine(),
        python=platform.python_version(),
        lines=Line.objects.count(),
        entries=Entry.objects.count(),
        donors=Donor.objects.count(),
        pledges=Pledge.objects.count(),
        receipts=Receipt.objects.count(),
        programmes=Programme.objects.count(),
        proposals=Proposal.objects.count(),
        motions=Motion.objects.count(),
        payments=Payment.objects.count(),
        times=TIMES,
        list_bound=LIST_BOUND_MS,
        decision_bound=DECISION_BOUND_MS,
    )
    Path(os.environ["BENCH_WRITE"]).write_text(head + table(found))
    sys.stdout.write(head + table(found))

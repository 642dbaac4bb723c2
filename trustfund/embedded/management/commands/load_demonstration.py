"""Tell the demonstration fund's five years, ending today, into an empty database."""

import os
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ledger import chart, demonstration_clock, queries
from trustfund.core import clock
from trustfund.core.models import User
from trustfund.embedded.demonstration import (
    agreements,
    bank_days,
    committee_room,
    corridor,
    giving_back,
    money_in,
    money_out,
    opening,
    paper,
    promises,
    results,
)
from trustfund.embedded.demonstration.stage import Stage


class Command(BaseCommand):
    """Loads the demonstration fund through the same operations that a real fund would use, with the clock moved."""

    help = "Tell the demonstration fund's five years, ending today, into an empty database."

    def handle(self, *args: Any, **options: Any) -> None:
        """
        Load the story and print how the books stand at its end.

        :raises CommandError: outside the demonstration, or if the fund has people already
        """
        del args, options
        if not settings.DEMO:
            raise CommandError(
                "This is not the demonstration. Set TRUSTFUND_DEMO=1 in the environment of a throw-away fund."
            )
        if User.objects.exists():
            raise CommandError(
                "This fund has people already. The story is told into an empty database: make demo RESET=1"
            )
        owner_url = os.environ.get("MIGRATION_DATABASE_URL") or os.environ["DATABASE_URL"]
        stage = Stage(end=clock.now())
        opening.plan(stage)
        money_in.plan(stage)
        agreements.plan(stage)
        money_out.plan(stage)
        committee_room.plan(stage)
        promises.plan(stage)
        giving_back.plan(stage)
        bank_days.plan(stage)
        corridor.plan(stage)
        results.plan(stage)
        year = 0

        def progress(at: datetime) -> None:
            nonlocal year
            if at.year != year:
                year = at.year
                self.stdout.write(f"  {year} …")
                self.stdout.flush()

        with demonstration_clock.installed(owner_url):
            told = stage.perform(progress)
        stage.write_sign_ins(Path(settings.VAR_DIR) / "demo" / "people.json")
        self._require_balance()
        self.stdout.write(f"  {told} things happened; spendable now: {queries.balance_of(chart.SPENDABLE)}.")
        self.stdout.write("  Issuing the last statements …")
        self.stdout.flush()
        paper.issue(stage)

    def _require_balance(self) -> None:
        totals: Counter[str] = Counter()
        for line in queries.trial_balance():
            totals[line.currency] += line.debit.minor - line.credit.minor
        uneven = sorted(currency for currency, left in totals.items() if left)
        if uneven:
            raise CommandError(f"Debits and credits differ in {', '.join(uneven)}. Begin anew: make demo RESET=1")
        self.stdout.write(f"  The trial balance is zero in {len(totals)} currencies.")

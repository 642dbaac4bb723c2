"""The two Django ledgers measured beside ours, each with the least settings it starts with."""

import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import dj_database_url

ACCOUNTS = 1000
CONTRIB = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
APPS = {"hordak": ["mptt", "hordak"], "django-ledger": ["django_ledger"]}


def start(system: str) -> None:
    """Start Django for one of them."""
    import django
    from django.conf import settings

    if settings.configured:
        return
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    settings.configure(
        SECRET_KEY="bench",
        DEBUG=False,
        USE_TZ=True,
        INSTALLED_APPS=CONTRIB + APPS[system],
        DATABASES={"default": dj_database_url.parse(os.environ["PEER_URL"])},
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        HORDAK_INTERNAL_CURRENCY="USD",
        DEFAULT_CURRENCY="USD",
        HORDAK_CURRENCIES=["USD"],
        CURRENCIES=["USD"],
        LOGIN_URL="/",
        MIDDLEWARE=[],
        TEMPLATES=[],
        ROOT_URLCONF=__name__,
        LOGGING_CONFIG=None,
    )
    django.setup()


urlpatterns: list[Any] = []


def prepare(system: str) -> None:
    """Make the tables and the accounts."""
    start(system)
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    {"hordak": _prepare_hordak, "django-ledger": _prepare_django_ledger}[system]()


def _prepare_hordak() -> None:
    from hordak.models import Account

    for number in range(ACCOUNTS):
        Account.objects.create(name=str(number), code=str(number), type="AS", currencies=["USD"])


def hordak_poster(events: Any) -> Callable[[int], None]:
    """Return what posts with hordak."""
    start("hordak")
    from django.db import transaction
    from hordak.models import Account
    from hordak.utilities.currency import Money

    accounts = {int(account.name): account for account in Account.objects.all()}

    def post(batch: int) -> None:
        with transaction.atomic():
            for _ in range(batch):
                reference, one, other, amount, day = events.next()
                accounts[other].transfer_to(
                    accounts[one], Money(Decimal(amount) / 100, "USD"), description=reference, date=day
                )

    return post


def hordak_fill(entries: int) -> None:
    """Fill hordak's tables with the same shape as ours by plain SQL, its triggers off: only reading is measured."""
    start("hordak")
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "INSERT INTO hordak_transaction (uuid, timestamp, date, description) SELECT gen_random_uuid(), now(), "
            "date '2021-01-01' + (n::bigint * 1825 / %s)::integer, 'B-' || n FROM generate_series(1, %s) AS n",
            [entries, entries],
        )
        cursor.execute(
            "INSERT INTO hordak_leg (uuid, transaction_id, account_id, description, debit, credit, currency) "
            "SELECT gen_random_uuid(), event.id, hot.id, '', 1, NULL, 'USD' "
            "FROM hordak_transaction AS event, hordak_account AS hot WHERE hot.name = '0'"
        )
        cursor.execute(
            "WITH numbered AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM hordak_account) "
            "INSERT INTO hordak_leg (uuid, transaction_id, account_id, description, debit, credit, currency) "
            "SELECT gen_random_uuid(), event.id, numbered.id, '', NULL, 1, 'USD' "
            "FROM hordak_transaction AS event JOIN numbered ON numbered.n = 1 + event.id % 999"
        )
        cursor.execute("ANALYZE hordak_transaction, hordak_leg")


def hordak_reads(times: int) -> dict[str, list[float]]:
    """Return seconds of a hot account's balance as of a date, and of every account's."""
    start("hordak")
    from hordak.models import Account

    hot = Account.objects.get(name="0")
    found: dict[str, list[float]] = {"balance as of a date": [], "trial balance": []}
    for number in range(times):
        day = date(2021, 1, 1) + timedelta(days=number * 1825 // times)
        started = time.perf_counter()
        hot.get_balance(as_of=day)
        found["balance as of a date"].append(time.perf_counter() - started)
    for day in (date(2022, 6, 1), date(2025, 6, 1)):
        started = time.perf_counter()
        list(Account.objects.all().with_balances(as_of=day))
        found["trial balance"].append(time.perf_counter() - started)
    return found


def _prepare_django_ledger() -> None:
    from django.contrib.auth import get_user_model
    from django_ledger.models import EntityModel

    admin = get_user_model().objects.create_user(username="bench")
    entity = EntityModel.create_entity(name="bench", use_accrual_method=True, admin=admin, fy_start_month=1)
    entity.save()
    chart = entity.create_chart_of_accounts(assign_as_default=True, commit=True, coa_name="bench")
    for number in range(50):
        chart.create_account(
            code=f"{10000 + number}", role="asset_ca_cash", name=f"bench {number}", balance_type="debit", active=True
        )
    ledger = entity.create_ledger(name="bench", posted=True)
    ledger.save()


def django_ledger_poster(events: Any) -> Callable[[int], None]:
    """Return what posts with django-ledger."""
    start("django-ledger")
    from django.db import transaction
    from django_ledger.models import AccountModel, EntityModel, LedgerModel

    entity = EntityModel.objects.get()
    ledger = LedgerModel.objects.get()
    accounts = list(AccountModel.objects.filter(code__startswith="100", name__startswith="bench").order_by("code"))

    def post(batch: int) -> None:
        with transaction.atomic():
            for _ in range(batch):
                reference, one, other, amount, day = events.next()
                value = Decimal(amount) / 100
                entity.commit_txs(
                    je_timestamp=datetime(day.year, day.month, day.day, tzinfo=UTC),
                    je_ledger_model=ledger,
                    je_desc=reference,
                    je_posted=True,
                    je_txs=[
                        {"account": accounts[one], "amount": value, "tx_type": "debit", "description": ""},
                        {
                            "account": accounts[1 + other % (len(accounts) - 1)],
                            "amount": value,
                            "tx_type": "credit",
                            "description": "",
                        },
                    ],
                )

    return post


if __name__ == "__main__":
    import json

    if sys.argv[1] == "prepare":
        prepare(sys.argv[2])
    elif sys.argv[1] == "hordak-reads":
        prepare("hordak")
        hordak_fill(int(sys.argv[2]) // 2)
        print(json.dumps(hordak_reads(int(sys.argv[3]))))  # noqa: T201 - the caller reads it

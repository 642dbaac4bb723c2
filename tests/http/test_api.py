"""What machines ask: health, and the position as JSON with amounts as strings."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests import people, statements_world
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db(transaction=True)


def test_health_answers_when_both_servers_do() -> None:
    answer = Client().get(reverse("api:health"))
    assert answer.status_code == 200
    assert answer.json() == {"healthy": True, "servers": {"postgresql": "up", "redis": "up"}}
    assert answer.headers["Cache-Control"] == "no-store"


def test_health_names_the_server_that_does_not_answer(settings: Any) -> None:
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    }
    answer = Client().get(reverse("api:health"))
    cache.close()
    assert answer.status_code == 503
    assert answer.json() == {"healthy": False, "servers": {"postgresql": "up", "redis": "down"}}


def test_the_position_is_public_and_the_ledgers() -> None:
    statements_world.a_fund()
    answer = Client().get(reverse("api:position"), {"as_of": "2024-06-30"})
    assert answer.status_code == 200
    said = answer.json()
    assert said["total_sources"] == {"amount": "9687529.10", "currency": "USD"}
    assert said["refunds"] == {"amount": "250000.01", "currency": "USD"}
    assert said["total_balance"] == {"amount": "8596654.65", "currency": "USD"}
    assert said["delivery_rate_percent"] == "44.44"
    assert said["as_of"] == "2024-06-30"
    assert "Valdria" not in answer.content.decode()


@pytest.mark.parametrize("day", ["2999-01-01", "yesterday", "2024-13-01", "2024-06-30T00:00"])
def test_a_day_that_cannot_be_is_refused_in_json(day: Any) -> None:
    answer = Client().get(reverse("api:position"), {"as_of": day})
    assert answer.status_code == 422
    assert answer.json()["code"] == "unacceptable"
    assert answer.headers["Content-Type"] == "application/json"


def test_books_that_disagree_are_not_published() -> None:
    from django.db import transaction

    from ledger import operations as ledger_operations
    from ledger.chart import Kind
    from tests import donor_worlds

    statements_world.a_fund()
    with transaction.atomic():
        ledger_operations.open_account(
            code="4900",
            name="Unheard of",
            kind=Kind.INCOME,
            currency="USD",
            by=donor_worlds.secretariat(),
            at=people.NOON,
        )
    statements_world.cash_in("income.received", "O-2", "4900", "1.00", statements_world.END_OF_JUNE)
    answer = Client().get(reverse("api:position"))
    assert answer.status_code == 409
    assert answer.json()["code"] == "books_disagree"


def test_only_reading_is_allowed() -> None:
    assert Client().post(reverse("api:position")).status_code == 405


@pytest.mark.parametrize("role", list(RoleName))
def test_the_mail_log_is_the_fund_administrators(role: RoleName) -> None:
    client = Client()
    client.force_login(people.someone(role))
    answer = client.get(reverse("notices:log"))
    assert answer.status_code == (200 if role == RoleName.FUND_ADMINISTRATOR else 403)

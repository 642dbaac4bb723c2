"""A donor's use of funds is computed, adds up over all donors to what there was, and is stored nowhere."""

from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from donors.models import Donor
from tests import donor_worlds, people, statements_world
from tests.statements_world import END_OF_JUNE, usd
from trustfund.core import clock
from trustfund.core.money import Money, total
from trustfund.core.roles import RoleName
from trustfund.pages.queries.use_of_funds import UseOfFunds, use_of_funds

pytestmark = pytest.mark.django_db


def of_all(on: date = END_OF_JUNE) -> list[UseOfFunds]:
    return [use_of_funds(donor, on) for donor in Donor.objects.order_by("reference")]


def test_what_all_donors_are_shown_adds_up_to_what_there_was() -> None:
    statements_world.a_fund()
    uses = of_all()
    assert len(uses) == 2
    for lines in zip(*(use.lines for use in uses), strict=True):
        assert len({line.words for line in lines}) == 1
        assert total((line.part for line in lines), "USD") == lines[0].whole
    assert sum(use.share_percent for use in uses) == 100
    for use in uses:
        assert total((line.part for line in use.lines), "USD") == use.contributed + use.earned


def test_a_share_is_that_of_all_contributions() -> None:
    fund = statements_world.a_fund()
    use = use_of_funds(fund.valdria, END_OF_JUNE)
    # 8,686,210.64 of 9,686,210.64; 2,500,000.00 went out and 250,000.01 came back.
    assert use.contributed == usd("8686210.64")
    assert use.share_percent == Decimal("89.68")
    (programme,) = use.programmes
    assert programme.whole == usd("2249999.99")
    assert programme.part == usd("2017711.01")
    assert use.transferred == programme.part
    # The fee is what its own receipts paid, and the other donor's paid none.
    fee = next(line for line in use.others if not line.is_notional)
    assert (fee.part, fee.whole) == (usd("86862.11"), usd("86862.11"))


def test_in_the_donors_own_currency_it_adds_up_to_what_it_gave_and_its_share_of_the_income() -> None:
    fund = statements_world.a_fund()
    use = use_of_funds(fund.valdria, END_OF_JUNE)
    assert use.contributed_own == Money.of("8000000.00", "EUR")
    owns = [line.own for line in use.lines]
    assert None not in owns
    whole = total((own for own in owns if own is not None), "EUR")
    # EUR 8,000,000.00 and the same part of its share of the income, USD 1,182.34.
    assert use.earned == usd("1182.34")
    assert whole == Money.of("8001088.94", "EUR")


def test_a_donor_of_whom_nothing_came_has_no_share() -> None:
    statements_world.a_fund()
    use = use_of_funds(donor_worlds.a_donor("Orlene"), END_OF_JUNE)
    assert (use.contributed, use.share_percent) == (usd("0.00"), Decimal("0.00"))
    assert {line.part for line in use.lines} == {usd("0.00")}
    assert use.picture is None


def test_it_is_stored_nowhere() -> None:
    fund = statements_world.a_fund()
    before = {model.__name__: model.objects.count() for model in apps.get_models()}
    use_of_funds(fund.valdria, END_OF_JUNE)
    assert {model.__name__: model.objects.count() for model in apps.get_models()} == before
    # No table of transfers, payments or programmes knows a donor.
    for model in apps.get_app_config("disbursements").get_models():
        for field in model._meta.get_fields():
            assert getattr(field, "related_model", None) is not Donor


def test_the_page_says_notional_and_hands_out_its_tables() -> None:
    fund = statements_world.a_fund()
    client = Client()
    client.force_login(donor_worlds.a_representative(fund.valdria))
    with clock.moved_to(people.NOON):
        page = client.get(reverse("pages:our_use_of_funds"), follow=True)
        panel = client.get(reverse("pages:use_of_funds", args=[fund.valdria.pk]), headers={"HX-Request": "true"})
        csv = client.get(reverse("pages:use_of_funds_csv", args=[fund.valdria.pk])).content.decode()
        xlsx = client.get(reverse("pages:use_of_funds_xlsx", args=[fund.valdria.pk]))
    words = " ".join(page.content.decode().split())
    assert "A notional view, not an earmark." in words
    assert "2,017,711.01" in words
    assert "<html" not in panel.content.decode()
    assert "2017711.01" in csv
    assert xlsx.content.startswith(b"PK")
    # The books name a programme that this world has not opened: its transfers are shown all the same.
    assert "Programmes not named" in words


def test_a_committee_member_and_another_donor_find_nothing() -> None:
    fund = statements_world.a_fund()
    client = Client()
    for person, status in (
        (people.someone(RoleName.COMMITTEE_MEMBER), 403),
        (donor_worlds.a_representative(donor_worlds.a_donor("Orlene")), 404),
        (people.someone(RoleName.SECRETARIAT, is_seconded=True), 404),
    ):
        client.force_login(person)
        assert client.get(reverse("pages:use_of_funds", args=[fund.valdria.pk])).status_code == status

"""PostgreSQL refuses by itself, even from a superuser who goes around Django, what would let one person pay alone."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import psycopg2
import pytest

from disbursements.models import Payment
from ledger import queries as ledger_queries
from tests import payment_worlds as worlds
from tests import people
from tests.payment_worlds import Fund
from trustfund.core.models import Confirmation, User
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db(transaction=True)

STEP = (
    "INSERT INTO disbursements_paymentstep (payment_id, kind, by_id, at, nonce, confirmation_id, effective_on,"
    " bank_reference, reason_code, note, gates) VALUES (%s, %s, %s, now(), %s, %s, current_date, %s, %s, '', '[]')"
)


def a_confirmation(person: User) -> UUID:
    """Keep some second factor of a person."""
    return Confirmation.objects.create(
        person=person,
        purpose="payment.certify",
        fingerprint="ab" * 32,
        method="code",
        evidence={},
        evidence_key=f"test:{uuid4()}",
        confirmed_at=worlds.CERTIFIED_AT,
    ).pk


def step(
    raw: Any,
    payment: Payment,
    kind: str,
    by: User,
    *,
    confirmation: UUID | None = None,
    bank_reference: str = "",
    reason: str = "",
) -> None:
    """Write a step as a superuser would."""
    with raw, raw.cursor() as cursor:
        cursor.execute(
            STEP,
            [
                str(payment.pk),
                kind,
                str(by.pk),
                str(uuid4()),
                str(confirmation) if confirmation else None,
                bank_reference,
                reason,
            ],
        )


def refused(act: Callable[[], None]) -> str:
    """Return the name of the rule by which PostgreSQL refuses."""
    with pytest.raises(psycopg2.Error) as caught:
        act()
    return str(caught.value.diag.constraint_name or caught.value.pgcode)


def execute(raw: Any, statement: str, *values: Any) -> None:
    """Run a statement and commit it."""
    with raw, raw.cursor() as cursor:
        cursor.execute(statement, values)


def test_nobody_takes_two_steps_and_no_step_is_out_of_turn_or_role(superuser: Any):
    fund, payment = worlds.a_prepared_payment()
    officer = people.someone(RoleName.CERTIFYING_OFFICER)
    own = a_confirmation(fund.certifier)
    proposing_certifier = fund.secretariat

    cases: list[tuple[Callable[[], None], str]] = [
        (
            lambda: step(superuser, payment, "certify", fund.treasurer, confirmation=a_confirmation(fund.treasurer)),
            "a_step_is_taken_in_its_role",
        ),
        (lambda: step(superuser, payment, "certify", fund.certifier), "certifying_and_releasing_show_a_second_factor"),
        (lambda: step(superuser, payment, "certify", officer, confirmation=own), "a_second_factor_is_ones_own"),
        (lambda: step(superuser, payment, "release", fund.treasurer, confirmation=own), "steps_follow_each_other"),
        (lambda: step(superuser, payment, "confirm", fund.treasurer, bank_reference="x"), "steps_follow_each_other"),
        (lambda: step(superuser, payment, "return", fund.treasurer, reason="AC04"), "steps_follow_each_other"),
        (lambda: step(superuser, payment, "prepare", proposing_certifier), "nobody_pays_what_they_proposed"),
        (lambda: step(superuser, payment, "bless", fund.preparer), "a_step_is_of_a_known_kind"),
    ]
    for act, rule in cases:
        assert refused(act) == rule

    # Roles that are never held together cannot be had honestly; a superuser who grants both still cannot pay alone.
    execute(superuser, "ALTER TABLE core_role DISABLE TRIGGER core_role_forbidden_pair")
    execute(
        superuser,
        "INSERT INTO core_role (person_id, name, granted_at) VALUES (%s, 'certifying_officer', now())",
        str(fund.preparer.pk),
    )
    execute(superuser, "ALTER TABLE core_role ENABLE TRIGGER core_role_forbidden_pair")
    alone = a_confirmation(fund.preparer)
    assert (
        refused(lambda: step(superuser, payment, "certify", fund.preparer, confirmation=alone))
        == "nobody_takes_two_steps_of_a_payment"
    )


def test_steps_are_never_changed_and_payments_stay_as_prepared(superuser: Any):
    fund, payment = worlds.a_prepared_payment()
    other = worlds.an_account(fund, worlds.OTHER_DETAILS)
    key = str(payment.pk)

    assert (
        refused(lambda: execute(superuser, "UPDATE disbursements_paymentstep SET by_id = %s", str(fund.treasurer.pk)))
        == "TF001"
    )
    assert refused(lambda: execute(superuser, "DELETE FROM disbursements_paymentstep")) == "TF001"
    assert refused(lambda: execute(superuser, "TRUNCATE disbursements_paymentstep CASCADE")) == "TF001"
    for change in (
        "amount_minor = 1",
        "currency = 'EUR'",
        "value_on = '2030-01-01'",
        f"bank_account_id = '{other.pk}'",
    ):
        update = partial(execute, superuser, f"UPDATE disbursements_payment SET {change} WHERE id = %s", key)
        assert refused(update) == "a_payment_stays_as_prepared"
    assert refused(lambda: execute(superuser, "DELETE FROM disbursements_payment")) == "a_payment_stays_as_prepared"


@pytest.mark.parametrize("status", ["certified", "released", "confirmed", "returned", "cancelled"])
def test_a_status_does_not_move_without_the_step_that_moves_it(superuser: Any, status: str):
    _fund, payment = worlds.a_prepared_payment()

    moved = refused(
        lambda: execute(
            superuser, "UPDATE disbursements_payment SET status = %s WHERE id = %s", status, str(payment.pk)
        )
    )

    assert moved == "a_payment_moves_by_its_steps"


INSERT = (
    "INSERT INTO disbursements_payment (id, reference, tranche_id, bank_account_id, amount_minor, currency, value_on,"
    " status, prepared_at) VALUES (%s, 'PAY-2026-9999', %s, %s, %s, %s, current_date, %s, now())"
)


def test_a_payment_begins_prepared_by_somebody_within_its_tranche_to_its_organisation(superuser: Any):
    fund = worlds.a_fund()
    assert fund.account is not None
    tranche, account = str(fund.tranche.pk), str(fund.account.pk)
    exactly = worlds.FIRST.minor

    def write(amount: int, currency: str, status: str, to: str = account) -> Callable[[], None]:
        return lambda: execute(superuser, INSERT, str(uuid4()), tranche, to, amount, currency, status)

    assert refused(write(exactly + 1, "USD", "prepared")) == "a_payment_is_at_most_its_tranche"
    assert refused(write(exactly, "EUR", "prepared")) == "a_payment_is_at_most_its_tranche"
    assert refused(write(0, "USD", "prepared")) == "a_payment_is_above_zero"
    assert refused(write(exactly, "USD", "released")) == "a_payment_begins_as_prepared"
    assert refused(write(exactly, "USD", "prepared")) == "somebody_prepares_every_payment"
    other = Fund(**{**fund.__dict__, "organisation": _another_organisation(fund)})
    elsewhere = worlds.an_account(other, worlds.OTHER_DETAILS)
    assert refused(write(exactly, "USD", "prepared", str(elsewhere.pk))) == "a_payment_goes_to_its_organisation"


def _another_organisation(fund: Fund) -> Any:
    from disbursements import operations
    from disbursements.states import OrganisationKind

    return operations.register_organisation(
        name="International Water Alliance",
        kind=OrganisationKind.INTERNATIONAL_NGO,
        actor=fund.secretariat,
        at=worlds.TABLED_AT,
    )


def test_a_second_live_payment_of_a_tranche_is_refused(superuser: Any):
    fund, _payment = worlds.a_prepared_payment()
    assert fund.account is not None
    again = (str(uuid4()), str(fund.tranche.pk), str(fund.account.pk), worlds.FIRST.minor, "USD", "prepared")

    assert refused(lambda: execute(superuser, INSERT, *again)) == "a_tranche_has_one_live_payment"


def test_bank_details_are_never_changed_nor_verified_by_who_registered_them(superuser: Any):
    fund = worlds.a_fund(with_account=False)
    account = worlds.an_account(fund)
    own = a_confirmation(fund.secretariat)
    verify = (
        "INSERT INTO disbursements_bankaccountverification (account_id, call_back, confirmation_id, verified_by_id,"
        " verified_at) VALUES (%s, 'Called', %s, %s, now())"
    )

    assert refused(lambda: execute(superuser, "UPDATE disbursements_bankaccount SET iban = 'CH00'")) == "TF001"
    assert refused(lambda: execute(superuser, "DELETE FROM disbursements_bankaccount")) == "TF001"
    assert (
        refused(lambda: execute(superuser, verify, str(account.pk), str(own), str(fund.secretariat.pk)))
        == "nobody_verifies_details_they_registered"
    )
    assert (
        refused(lambda: execute(superuser, verify, str(account.pk), str(own), str(fund.certifier.pk)))
        == "a_second_factor_is_ones_own"
    )


def test_money_does_not_go_to_details_that_changed_after_preparation(superuser: Any):
    fund, payment = worlds.a_prepared_payment()
    worlds.an_account(fund, worlds.OTHER_DETAILS)
    own = a_confirmation(fund.certifier)

    assert (
        refused(lambda: step(superuser, payment, "certify", fund.certifier, confirmation=own))
        == "money_goes_to_verified_details"
    )


def test_the_ledgers_floors_refuse_a_second_release_of_the_same_money():
    from django.db import transaction

    from disbursements.postings import payments as postings
    from ledger import operations as ledger
    from ledger.drafts import Draft
    from trustfund.core.refusals import InsufficientFunds

    fund, payment = worlds.a_released_payment()
    again = postings.release(payment, on=worlds.RELEASED_AT.date())
    forged = Draft(kind=again.kind, reference="PAY-2026-7777", effective_on=again.effective_on, legs=again.legs)

    with pytest.raises(InsufficientFunds), transaction.atomic():
        ledger.post(forged, by=fund.treasurer, at=worlds.ENDED_AT)

    assert ledger_queries.balance_of("1200") == worlds.FIRST

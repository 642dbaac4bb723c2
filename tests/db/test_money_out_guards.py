"""PostgreSQL refuses by itself what would let fresh details, a hold, a refused route or a forged answer through."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import psycopg2
import pytest

from disbursements.models import Payment, PaymentFile, Route
from tests import payment_worlds as worlds
from tests.db.test_payments_guards import a_confirmation, execute, refused, step
from tests.db.test_payments_races import at_once, releasing, succeeded, undo
from trustfund.core.money import Money
from trustfund.core.refusals import Refusal

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

SENT = "UPDATE disbursements_payment SET status = 'sent' WHERE id = %s"
LIFT = (
    "INSERT INTO disbursements_holdlift (hold_id, reason, confirmation_id, lifted_by_id, lifted_at)"
    " VALUES (%s, 'Settled', %s, %s, now())"
)
FILE = (
    "INSERT INTO disbursements_paymentfile (payment_id, sha256, size, written_by_id, written_at)"
    " VALUES (%s, %s, 1, %s, now())"
)
USED = (
    "INSERT INTO disbursements_reserveused (use_id, decision, confirmation_id, used_by_id, used_at)"
    " VALUES (%s, 'DEC-2026-999', %s, %s, now())"
)
CARRIED = (
    "INSERT INTO disbursements_shortfallplancarriedout (plan_id, decision, carried_out_by_id, carried_out_at)"
    " VALUES (%s, 'DEC-2026-999', %s, now())"
)


@pytest.fixture(autouse=True)
def _own_documents(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_no_release_goes_around_a_hold_a_route_or_the_rest_of_details(superuser: Any):
    fund, payment = worlds.a_certified_payment()
    own = a_confirmation(fund.treasurer)

    def release() -> None:
        step(superuser, payment, "release", fund.treasurer, confirmation=own)

    hold = worlds.a_hold(fund)
    assert refused(release) == "nothing_is_paid_while_a_hold_stands"
    placed_by_certifier = [str(hold.pk), str(a_confirmation(fund.certifier)), str(fund.certifier.pk)]
    assert refused(lambda: execute(superuser, LIFT, *placed_by_certifier)) == "nobody_lifts_a_hold_they_placed"
    not_ones_own = [str(hold.pk), str(own), str(fund.preparer.pk)]
    assert refused(lambda: execute(superuser, LIFT, *not_ones_own)) == "a_second_factor_is_ones_own"
    worlds.lift(hold, fund.other_treasurer)

    execute(superuser, "UPDATE disbursements_route SET status = 'refusing'")
    assert refused(release) == "a_payment_goes_by_an_open_route"
    execute(superuser, "UPDATE disbursements_route SET status = 'open'")

    execute(superuser, "ALTER TABLE disbursements_bankaccount DISABLE TRIGGER disbursements_bankaccount_only_grows")
    execute(superuser, "UPDATE disbursements_bankaccount SET registered_at = now() - interval '71 hours 59 minutes'")
    execute(
        superuser, "ALTER TABLE disbursements_bankaccount ENABLE ALWAYS TRIGGER disbursements_bankaccount_only_grows"
    )
    assert refused(release) == "fresh_details_rest"


def test_an_order_is_written_once_and_sent_only_by_the_banks_word(superuser: Any):
    fund, payment = worlds.a_certified_payment()
    other = [str(payment.pk), "ab" * 32, str(fund.treasurer.pk)]
    assert refused(lambda: execute(superuser, FILE, *other)) == "an_order_is_written_at_release"
    worlds.release(fund, payment)

    assert refused(lambda: execute(superuser, FILE, *other)) == "disbursements_paymentfile_payment_id_key"
    assert refused(lambda: execute(superuser, SENT, str(payment.pk))) == "a_payment_is_sent_by_the_banks_word"
    worlds.answered(fund, payment, "RJCT", "DUPL")
    assert refused(lambda: execute(superuser, SENT, str(payment.pk))) == "a_payment_is_sent_by_the_banks_word"
    assert refused(lambda: execute(superuser, "UPDATE disbursements_paymentfile SET size = 2")) == "TF001"
    assert refused(lambda: execute(superuser, "DELETE FROM disbursements_bankanswer")) == "TF001"
    assert PaymentFile.objects.get().payment == payment


def test_routes_stay_as_opened_and_what_the_committee_did_not_decide_is_not_carried_out(superuser: Any):
    fund = worlds.a_fund()
    use, plan = worlds.before_the_committee(fund)
    by = str(fund.treasurer.pk)
    confirmation = str(a_confirmation(fund.treasurer))

    cases: list[tuple[Callable[[], None], str]] = [
        (lambda: execute(superuser, "UPDATE disbursements_route SET chain = 'x'"), "a_route_stays_as_it_was_opened"),
        (lambda: execute(superuser, "DELETE FROM disbursements_trancheroute"), "TF001"),
        (lambda: execute(superuser, USED, str(use.pk), confirmation, by), "the_committee_decided_it"),
        (lambda: execute(superuser, CARRIED, str(plan.pk), by), "the_committee_decided_it"),
    ]
    for act, rule in cases:
        assert refused(act) == rule
    Route.objects.update(status="closed")
    with pytest.raises(psycopg2.Error, match="stays closed"):
        execute(superuser, "UPDATE disbursements_route SET status = 'open'")


def test_a_payment_and_what_arrived_before_never_exceed_the_tranche(superuser: Any):
    fund, payment = worlds.a_confirmed_payment()
    again = (
        "INSERT INTO disbursements_payment (id, reference, tranche_id, bank_account_id, amount_minor, currency,"
        " value_on, status, prepared_at, route_id) VALUES (%s, 'PAY-2026-9999', %s, %s, 1, 'USD', current_date,"
        " 'prepared', now(), %s)"
    )
    values = [str(uuid4()), str(fund.tranche.pk), str(payment.bank_account_id), str(payment.route_id)]

    assert refused(lambda: execute(superuser, again, *values)) == "a_payment_is_at_most_its_tranche"


def test_a_release_and_a_hold_at_once_leave_either_no_money_gone_or_no_gap_in_between():
    fund = worlds.a_fund()
    for _ in range(5):
        payment = worlds.a_certified_payment(fund)[1]

        released, hold = at_once(
            releasing(payment, fund.treasurer, uuid4()), lambda: worlds.a_hold(fund, by=fund.secretariat)
        )

        assert not isinstance(hold, Refusal)
        payment.refresh_from_db()
        assert (payment.status == "released") == (not isinstance(released, Refusal))
        worlds.lift(hold, fund.preparer)
        undo(fund, payment)


def test_the_reserve_and_an_approval_at_once_never_promise_the_same_dollars():
    from disbursements import operations
    from disbursements.queries.fund import continuity_reserve, spendable
    from tests import disbursement_worlds

    fund = worlds.a_fund()
    left = spendable()
    proposal = disbursement_worlds.a_carried_proposal(str(left.amount))

    ended = at_once(
        lambda: disbursement_worlds.approve(proposal),
        lambda: operations.set_aside_continuity_reserve(
            reserve=left, reason="All of it", actor=fund.treasurer, at=disbursement_worlds.APPROVED_AT
        ),
    )

    assert len(succeeded(ended)) == 1
    assert spendable() == Money.zero("USD")
    assert continuity_reserve() in {left, Money.zero("USD")}
    assert Payment.objects.count() == 0

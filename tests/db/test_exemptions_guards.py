"""What PostgreSQL itself refuses of exemptions, even to a superuser who goes around Django."""

import threading

import psycopg2
import pytest
from django.db import connection

from disbursements.exemptions import ShipmentCloses
from disbursements.models import Shipment
from tests import disbursement_worlds, exemption_worlds, payment_worlds

pytestmark = pytest.mark.django_db(transaction=True)

ONLY_GROW = (
    "disbursements_document",
    "disbursements_exemptionletter",
    "disbursements_exemptionitem",
    "disbursements_exemptionparty",
    "disbursements_exemptionwarning",
    "disbursements_shipmentitem",
    "disbursements_goodsdeclaration",
    "disbursements_goodsitem",
    "disbursements_goodssignoff",
)
COPY_SHIPMENT = """
    INSERT INTO disbursements_shipment (id, reference, exemption_id, carrier, way, departs_on, arrives_on, status, note,
                                        planned_by_id, planned_at)
    SELECT gen_random_uuid(), 'X/' || n, exemption_id, carrier, way, departs_on, arrives_on, 'planned', '',
           planned_by_id, planned_at
    FROM (SELECT * FROM disbursements_shipment LIMIT 1) AS one, generate_series(8, 8 + {more}) AS n
"""
MORE_GOODS = """
    INSERT INTO disbursements_shipmentitem (quantity, item_id, shipment_id)
    SELECT {quantity}, item.id, shipment.id FROM disbursements_exemptionitem AS item, disbursements_shipment AS shipment
    WHERE item.number = 2
"""
OTHER_PROGRAMME = """
    INSERT INTO disbursements_goodsdeclaration (id, number, vendor, departs_on, arrives_on, reason, declared_at,
                                                declared_by_id, exemption_id, tranche_id)
    SELECT gen_random_uuid(), 9, 'Vendor', '2026-08-01', '2026-08-02', '', now(), tranche.condition_met_by_id,
           exemption.id, tranche.id
    FROM disbursements_exemption AS exemption, disbursements_tranche AS tranche
"""
OWN_SIGN_OFF = """
    INSERT INTO disbursements_goodssignoff (declaration_id, signed_by_id, signed_at)
    SELECT id, declared_by_id, now() FROM disbursements_goodsdeclaration
"""
UNDECIDED = """
    INSERT INTO disbursements_override (id, reference, exemption_id, plan, findings, reason, motion_id, status,
                                        decision, asked_by_id, asked_at, ended_at)
    SELECT gen_random_uuid(), 'OV-X', id, '{}', '[]', 'Because.', gen_random_uuid(), 'granted',
           'DEC-X', recorded_by_id, now(), now()
    FROM disbursements_exemption
"""
UNDECLARED = """
    INSERT INTO disbursements_payment (id, reference, amount_minor, currency, value_on, status, prepared_at,
                                       bank_account_id, tranche_id)
    SELECT gen_random_uuid(), 'PAY-X', tranche.amount_minor, tranche.currency, now(), 'prepared', now(), account.id,
           tranche.id
    FROM disbursements_tranche AS tranche, disbursements_bankaccount AS account WHERE tranche.number = 1
"""
REFUSED = [
    *((f"UPDATE {table} SET id = id", "TF001", None) for table in ONLY_GROW),
    ("DELETE FROM disbursements_exemption", "TF420", "an_exemption_serves_one_programme"),
    (
        "UPDATE disbursements_exemption SET programme_id = gen_random_uuid()",
        "TF420",
        "an_exemption_serves_one_programme",
    ),
    (OTHER_PROGRAMME, "TF420", "an_exemption_serves_one_programme"),
    ("DELETE FROM disbursements_shipment", "TF421", "a_shipment_stays_as_planned"),
    ("UPDATE disbursements_shipment SET departs_on = departs_on - 9", "TF421", "a_shipment_stays_as_planned"),
    (COPY_SHIPMENT.format(more=2), "TF422", "no_shipment_beyond_the_letter"),
    (MORE_GOODS.format(quantity=6), "TF423", "no_goods_beyond_the_list"),
    (OWN_SIGN_OFF, "TF425", "nobody_signs_off_what_they_declared"),
    (UNDECIDED, "TF426", "only_a_decision_lets_something_pass"),
    (UNDECLARED, "TF427", "a_payment_has_its_goods_declared"),
]


def refusal_of(superuser, statement):
    """Return SQLSTATE and constraint of what a superuser's statement is refused for; nothing if it passes."""
    try:
        with superuser, superuser.cursor() as cursor:
            cursor.execute(statement)
            superuser.rollback()
    except psycopg2.Error as error:
        return error.pgcode, error.diag.constraint_name
    return None


def test_what_lies_outside_an_exemption_is_refused_by_the_database_too(superuser):
    exemption = exemption_worlds.an_exemption()
    exemption_worlds.a_shipment(exemption)
    tranche = disbursement_worlds.an_approved_proposal().tranches.get(number=1)
    disbursement_worlds.operations.declare_no_goods(
        tranche_id=tranche.pk,
        reason="Salaries.",
        actor=disbursement_worlds.secretariat(),
        at=disbursement_worlds.APPROVED_AT,
    )
    disbursement_worlds.operations.register_bank_account(
        organisation_id=tranche.proposal.programme.organisation_id,
        source="Letter",
        actor=disbursement_worlds.secretariat(),
        at=disbursement_worlds.APPROVED_AT,
        **payment_worlds.DETAILS,
    )
    for statement, state, constraint in REFUSED:
        assert refusal_of(superuser, statement) == (state, constraint), statement
    # What the letter allows passes, so that the refusals above are about what they say.
    for statement in (COPY_SHIPMENT.format(more=1), MORE_GOODS.format(quantity=5)):
        assert refusal_of(superuser, statement) is None, statement


def test_two_shipments_planned_at_once_do_not_both_take_the_last_place():
    exemption = exemption_worlds.an_exemption(shipments_allowed=1)
    disbursement_worlds.secretariat()
    outcomes, together = [], threading.Barrier(2)

    def plan():
        try:
            together.wait()
            exemption_worlds.a_shipment(exemption)
            outcomes.append("planned")
        except ShipmentCloses:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=plan) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["planned", "refused"]
    assert Shipment.objects.count() == 1

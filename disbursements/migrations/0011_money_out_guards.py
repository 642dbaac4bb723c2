"""What PostgreSQL refuses by itself on the way out: fresh details, holds, refused routes, files written twice, own lifts."""

from importlib import import_module

from django.db import migrations

from trustfund.core.db import append_only

_BEFORE = import_module("disbursements.migrations.0004_payment_guards")


def _again(statements: str) -> str:
    """Return the function of an earlier migration, to stand in place of a later one of the same name."""
    function, _, _ = statements.partition("CREATE TRIGGER")
    return function.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


VERIFICATION = """
CREATE OR REPLACE FUNCTION refuse_own_verification() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    registered record;
BEGIN
    SELECT registered_by_id, registered_at INTO registered FROM disbursements_bankaccount WHERE id = NEW.account_id;
    IF registered.registered_by_id = NEW.verified_by_id THEN
        RAISE EXCEPTION 'Who registered bank details does not verify them.'
            USING ERRCODE = 'TF410', CONSTRAINT = 'nobody_verifies_details_they_registered';
    END IF;
    IF NEW.called_at < registered.registered_at THEN
        RAISE EXCEPTION 'The organisation is called back after its details were registered.'
            USING ERRCODE = 'TF410', CONSTRAINT = 'a_call_back_follows_the_registration';
    END IF;
    IF NOT EXISTS (SELECT FROM core_confirmation WHERE id = NEW.confirmation_id AND person_id = NEW.verified_by_id) THEN
        RAISE EXCEPTION 'A second factor belongs to the person who verifies.'
            USING ERRCODE = 'TF410', CONSTRAINT = 'a_second_factor_is_ones_own';
    END IF;
    RETURN NEW;
END $$;
"""
VERIFICATION_BEFORE = "CREATE FUNCTION refuse_own_verification" + _BEFORE.BANK.partition(
    "CREATE FUNCTION refuse_own_verification"
)[2]

PAYMENT = """
CREATE OR REPLACE FUNCTION refuse_other_payment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    paid record;
    step text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'A payment is never removed.' USING ERRCODE = 'TF411', CONSTRAINT = 'a_payment_stays_as_prepared';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'prepared' THEN
            RAISE EXCEPTION 'A payment begins as prepared.'
                USING ERRCODE = 'TF411', CONSTRAINT = 'a_payment_begins_as_prepared';
        END IF;
        SELECT tranche.amount_minor, tranche.currency, programme.organisation_id, proposal.status
            INTO paid
            FROM disbursements_tranche AS tranche
            JOIN disbursements_proposal AS proposal ON proposal.id = tranche.proposal_id
            JOIN disbursements_programme AS programme ON programme.id = proposal.programme_id
            WHERE tranche.id = NEW.tranche_id
            FOR NO KEY UPDATE OF tranche;
        -- What has arrived of a tranche and what is under way never exceed it together.
        IF paid.currency <> NEW.currency OR paid.amount_minor < NEW.amount_minor + (
            SELECT COALESCE(sum(amount_minor), 0) FROM disbursements_payment
            WHERE tranche_id = NEW.tranche_id AND status = 'confirmed'
        ) THEN
            RAISE EXCEPTION 'A payment is at most its tranche.'
                USING ERRCODE = 'TF411', CONSTRAINT = 'a_payment_is_at_most_its_tranche';
        END IF;
        IF paid.status <> 'approved' THEN
            RAISE EXCEPTION 'A payment is of an approved proposal.'
                USING ERRCODE = 'TF411', CONSTRAINT = 'a_payment_is_of_an_approved_proposal';
        END IF;
        -- Goods are paid for where they are bought; all other money goes to the programme's own organisation.
        IF NOT EXISTS (
            SELECT FROM disbursements_bankaccount AS account
            LEFT JOIN disbursements_route AS route ON route.id = NEW.route_id
            WHERE account.id = NEW.bank_account_id
              AND account.organisation_id = COALESCE(route.vendor_id, paid.organisation_id)
        ) THEN
            RAISE EXCEPTION 'A payment goes to an account of the organisation.'
                USING ERRCODE = 'TF411', CONSTRAINT = 'a_payment_goes_to_its_organisation';
        END IF;
        IF NEW.replaces_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM disbursements_payment
            WHERE id = NEW.replaces_id AND tranche_id = NEW.tranche_id AND status = 'returned'
        ) THEN
            RAISE EXCEPTION 'A payment replaces a returned one of the same tranche.'
                USING ERRCODE = 'TF411', CONSTRAINT = 'a_payment_replaces_a_returned_one';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.id, NEW.reference, NEW.tranche_id, NEW.bank_account_id, NEW.amount_minor, NEW.currency, NEW.value_on,
        NEW.replaces_id, NEW.route_id, NEW.prepared_at)
        IS DISTINCT FROM (OLD.id, OLD.reference, OLD.tranche_id, OLD.bank_account_id, OLD.amount_minor, OLD.currency,
                          OLD.value_on, OLD.replaces_id, OLD.route_id, OLD.prepared_at) THEN
        RAISE EXCEPTION 'A payment stays as it was prepared.'
            USING ERRCODE = 'TF411', CONSTRAINT = 'a_payment_stays_as_prepared';
    END IF;
    IF OLD.status || '>' || NEW.status = 'released>sent' THEN
        IF NOT EXISTS (
            SELECT FROM disbursements_bankanswerline WHERE payment_id = NEW.id AND meaning = 'taken'
        ) THEN
            RAISE EXCEPTION 'A payment is sent when the bank says that it took the file.'
                USING ERRCODE = 'TF411', CONSTRAINT = 'a_payment_is_sent_by_the_banks_word';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.status <> OLD.status THEN
        step := CASE OLD.status || '>' || NEW.status
            WHEN 'prepared>certified' THEN 'certify'
            WHEN 'certified>released' THEN 'release'
            WHEN 'released>confirmed' THEN 'confirm'
            WHEN 'sent>confirmed' THEN 'confirm'
            WHEN 'released>returned' THEN 'return'
            WHEN 'sent>returned' THEN 'return'
            WHEN 'confirmed>returned' THEN 'return'
            WHEN 'prepared>cancelled' THEN 'cancel'
            WHEN 'certified>cancelled' THEN 'cancel'
        END;
        IF step IS NULL OR NOT EXISTS (
            SELECT FROM disbursements_paymentstep WHERE payment_id = NEW.id AND kind = step
        ) THEN
            RAISE EXCEPTION 'A payment moves by the next step, and somebody takes it.'
                USING ERRCODE = 'TF411', CONSTRAINT = 'a_payment_moves_by_its_steps';
        END IF;
    END IF;
    RETURN NEW;
END $$;
"""

STEP = """
CREATE OR REPLACE FUNCTION refuse_step_out_of_turn() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    standing record;
    expected text[];
    roles text[];
BEGIN
    SELECT payment.status, payment.bank_account_id, payment.route_id, proposal.proposer_id, programme.id AS programme_id,
           programme.organisation_id, account.organisation_id AS payee_id, account.registered_at
        INTO standing
        FROM disbursements_payment AS payment
        JOIN disbursements_bankaccount AS account ON account.id = payment.bank_account_id
        JOIN disbursements_tranche AS tranche ON tranche.id = payment.tranche_id
        JOIN disbursements_proposal AS proposal ON proposal.id = tranche.proposal_id
        JOIN disbursements_programme AS programme ON programme.id = proposal.programme_id
        WHERE payment.id = NEW.payment_id
        FOR UPDATE OF payment;
    CASE NEW.kind
        WHEN 'prepare' THEN expected := '{prepared}'; roles := '{secretariat}';
        WHEN 'certify' THEN expected := '{prepared}'; roles := '{certifying_officer}';
        WHEN 'release' THEN expected := '{certified}'; roles := '{treasury_officer}';
        WHEN 'confirm' THEN expected := '{released,sent}'; roles := '{certifying_officer,treasury_officer}';
        WHEN 'return' THEN expected := '{released,sent,confirmed}'; roles := '{certifying_officer,treasury_officer}';
        ELSE expected := '{prepared,certified}'; roles := '{secretariat,certifying_officer,treasury_officer}';
    END CASE;
    IF standing.status IS NULL OR NOT standing.status = ANY (expected) THEN
        RAISE EXCEPTION 'This step does not follow from where the payment stands.'
            USING ERRCODE = 'TF412', CONSTRAINT = 'steps_follow_each_other';
    END IF;
    IF NOT EXISTS (
        SELECT FROM core_role WHERE person_id = NEW.by_id AND ended_at IS NULL AND name = ANY (roles)
    ) THEN
        RAISE EXCEPTION 'The person does not hold the role of this step.'
            USING ERRCODE = 'TF412', CONSTRAINT = 'a_step_is_taken_in_its_role';
    END IF;
    IF standing.proposer_id = NEW.by_id AND NEW.kind IN ('prepare', 'certify', 'release', 'confirm', 'return') THEN
        RAISE EXCEPTION 'Who proposed the money takes no step of paying it.'
            USING ERRCODE = 'TF412', CONSTRAINT = 'nobody_pays_what_they_proposed';
    END IF;
    IF NEW.confirmation_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM core_confirmation WHERE id = NEW.confirmation_id AND person_id = NEW.by_id
    ) THEN
        RAISE EXCEPTION 'A second factor belongs to the person who signs.'
            USING ERRCODE = 'TF412', CONSTRAINT = 'a_second_factor_is_ones_own';
    END IF;
    IF NEW.kind NOT IN ('certify', 'release') THEN
        RETURN NEW;
    END IF;
    IF NOT EXISTS (SELECT FROM disbursements_bankaccountverification WHERE account_id = standing.bank_account_id)
        OR EXISTS (SELECT FROM disbursements_bankaccount WHERE supersedes_id = standing.bank_account_id) THEN
        RAISE EXCEPTION 'Bank details are verified by a second officer and unchanged since.'
            USING ERRCODE = 'TF412', CONSTRAINT = 'money_goes_to_verified_details';
    END IF;
    IF NEW.at < standing.registered_at + interval '72 hours' THEN
        RAISE EXCEPTION 'Fresh bank details rest for 72 hours.'
            USING ERRCODE = 'TF412', CONSTRAINT = 'fresh_details_rest';
    END IF;
    IF EXISTS (
        SELECT FROM disbursements_hold AS hold
        WHERE (hold.programme_id = standing.programme_id
               OR hold.organisation_id IN (standing.organisation_id, standing.payee_id))
          AND NOT EXISTS (SELECT FROM disbursements_holdlift WHERE hold_id = hold.id)
    ) THEN
        RAISE EXCEPTION 'Nothing is paid while a hold stands.'
            USING ERRCODE = 'TF412', CONSTRAINT = 'nothing_is_paid_while_a_hold_stands';
    END IF;
    IF NOT EXISTS (SELECT FROM disbursements_route WHERE id = standing.route_id AND status = 'open') THEN
        RAISE EXCEPTION 'A payment goes by a route that is open.'
            USING ERRCODE = 'TF412', CONSTRAINT = 'a_payment_goes_by_an_open_route';
    END IF;
    RETURN NEW;
END $$;
"""

ROUTE = """
CREATE FUNCTION refuse_other_route() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.id, NEW.reference, NEW.name, NEW.kind, NEW.chain, NEW.currency, NEW.country,
                            NEW.vendor_id, NEW.opened_by_id, NEW.opened_at)
        IS DISTINCT FROM (OLD.id, OLD.reference, OLD.name, OLD.kind, OLD.chain, OLD.currency, OLD.country,
                          OLD.vendor_id, OLD.opened_by_id, OLD.opened_at) THEN
        RAISE EXCEPTION 'A route stays as it was opened.'
            USING ERRCODE = 'TF413', CONSTRAINT = 'a_route_stays_as_it_was_opened';
    END IF;
    IF OLD.status = 'closed' AND NEW.status <> 'closed' THEN
        RAISE EXCEPTION 'A closed route stays closed.'
            USING ERRCODE = 'TF413', CONSTRAINT = 'a_closed_route_stays_closed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_route_stays_as_it_was_opened_always BEFORE UPDATE OR DELETE ON disbursements_route
    FOR EACH ROW EXECUTE FUNCTION refuse_other_route();
ALTER TABLE disbursements_route ENABLE ALWAYS TRIGGER a_route_stays_as_it_was_opened_always;
"""

NOT_ROUTE = """
DROP TRIGGER a_route_stays_as_it_was_opened_always ON disbursements_route;
DROP FUNCTION refuse_other_route();
"""

SECOND_PERSON = """
CREATE FUNCTION refuse_lift_of_own_hold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM disbursements_hold WHERE id = NEW.hold_id AND placed_by_id = NEW.lifted_by_id) THEN
        RAISE EXCEPTION 'Who placed a hold does not lift it.'
            USING ERRCODE = 'TF414', CONSTRAINT = 'nobody_lifts_a_hold_they_placed';
    END IF;
    IF NOT EXISTS (SELECT FROM core_confirmation WHERE id = NEW.confirmation_id AND person_id = NEW.lifted_by_id) THEN
        RAISE EXCEPTION 'A second factor belongs to the person who lifts.'
            USING ERRCODE = 'TF414', CONSTRAINT = 'a_second_factor_is_ones_own';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER nobody_lifts_a_hold_they_placed_always BEFORE INSERT ON disbursements_holdlift
    FOR EACH ROW EXECUTE FUNCTION refuse_lift_of_own_hold();
ALTER TABLE disbursements_holdlift ENABLE ALWAYS TRIGGER nobody_lifts_a_hold_they_placed_always;

CREATE FUNCTION refuse_own_agreement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM disbursements_treasuryrules WHERE id = NEW.rules_id AND proposed_by_id = NEW.agreed_by_id) THEN
        RAISE EXCEPTION 'Who proposes other numbers does not put them in force.'
            USING ERRCODE = 'TF414', CONSTRAINT = 'nobody_agrees_to_their_own_numbers';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER nobody_agrees_to_their_own_numbers_always BEFORE INSERT ON disbursements_treasuryrulesagreement
    FOR EACH ROW EXECUTE FUNCTION refuse_own_agreement();
ALTER TABLE disbursements_treasuryrulesagreement ENABLE ALWAYS TRIGGER nobody_agrees_to_their_own_numbers_always;
"""

NOT_SECOND_PERSON = """
DROP TRIGGER nobody_agrees_to_their_own_numbers_always ON disbursements_treasuryrulesagreement;
DROP FUNCTION refuse_own_agreement();
DROP TRIGGER nobody_lifts_a_hold_they_placed_always ON disbursements_holdlift;
DROP FUNCTION refuse_lift_of_own_hold();
"""

DECIDED = """
CREATE FUNCTION refuse_what_was_not_decided() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    matter uuid;
    wanted text;
BEGIN
    IF TG_TABLE_NAME = 'disbursements_reserveused' THEN
        matter := NEW.use_id;
        wanted := 'reserve';
    ELSE
        matter := NEW.plan_id;
        wanted := 'shortfall';
    END IF;
    IF NOT EXISTS (
        SELECT FROM committee_decision AS decision JOIN committee_motion AS motion ON motion.id = decision.motion_id
        WHERE decision.reference = NEW.decision AND decision.outcome = 'carried'
          AND motion.subject = matter AND motion.kind = wanted
    ) THEN
        RAISE EXCEPTION 'The committee carried no such decision.'
            USING ERRCODE = 'TF415', CONSTRAINT = 'the_committee_decided_it';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER the_committee_decided_it_always BEFORE INSERT ON disbursements_reserveused
    FOR EACH ROW EXECUTE FUNCTION refuse_what_was_not_decided();
CREATE TRIGGER the_committee_decided_it_always BEFORE INSERT ON disbursements_shortfallplancarriedout
    FOR EACH ROW EXECUTE FUNCTION refuse_what_was_not_decided();
ALTER TABLE disbursements_reserveused ENABLE ALWAYS TRIGGER the_committee_decided_it_always;
ALTER TABLE disbursements_shortfallplancarriedout ENABLE ALWAYS TRIGGER the_committee_decided_it_always;
"""

NOT_DECIDED = """
DROP TRIGGER the_committee_decided_it_always ON disbursements_shortfallplancarriedout;
DROP TRIGGER the_committee_decided_it_always ON disbursements_reserveused;
DROP FUNCTION refuse_what_was_not_decided();
"""

FILE = """
CREATE FUNCTION refuse_file_before_release() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM disbursements_payment WHERE id = NEW.payment_id AND status = 'released') THEN
        RAISE EXCEPTION 'An order is written when its payment is released.'
            USING ERRCODE = 'TF416', CONSTRAINT = 'an_order_is_written_at_release';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER an_order_is_written_at_release_always BEFORE INSERT ON disbursements_paymentfile
    FOR EACH ROW EXECUTE FUNCTION refuse_file_before_release();
ALTER TABLE disbursements_paymentfile ENABLE ALWAYS TRIGGER an_order_is_written_at_release_always;
"""

NOT_FILE = """
DROP TRIGGER an_order_is_written_at_release_always ON disbursements_paymentfile;
DROP FUNCTION refuse_file_before_release();
"""

# Whoever is paid is screened, and so is the organisation that the programme belongs to.
SCREENING = """
CREATE OR REPLACE FUNCTION disbursements_guard_screening() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    owner uuid;
    payee uuid;
BEGIN
    SELECT programme.organisation_id, account.organisation_id INTO owner, payee
      FROM disbursements_payment AS payment
      JOIN disbursements_bankaccount AS account ON account.id = payment.bank_account_id
      JOIN disbursements_tranche AS tranche ON tranche.id = payment.tranche_id
      JOIN disbursements_proposal AS proposal ON proposal.id = tranche.proposal_id
      JOIN disbursements_programme AS programme ON programme.id = proposal.programme_id
     WHERE payment.id = NEW.payment_id;
    IF NOT (screening_is_clear(owner) AND screening_is_clear(payee)) THEN
        RAISE EXCEPTION 'Nobody is paid who is not clear of the sanctions lists in force.'
            USING ERRCODE = 'TF602', CONSTRAINT = 'a_payee_is_clear_of_the_lists';
    END IF;
    RETURN NEW;
END $$;
"""
SCREENING_BEFORE = import_module("disbursements.migrations.0007_screening").GUARD

GROWING = (
    *("bankanswer", "bankanswerline", "bankdetailsread", "deliveryinkind", "hold", "holdlift", "paymentfile"),
    *("queueing", "reserveuse", "reserveused", "routerefusal", "shortfallplan", "shortfallplancarriedout"),
    *("shortfallshare", "statusquery", "trancheroute", "treasuryrules", "treasuryrulesagreement"),
)


class Migration(migrations.Migration):
    dependencies = [("disbursements", "0010_money_out"), ("committee", "0003_matters"), ("core", "0002_guards")]

    operations = [
        *(append_only(f"disbursements_{table}") for table in GROWING),
        migrations.RunSQL(VERIFICATION, _again(VERIFICATION_BEFORE)),
        migrations.RunSQL(PAYMENT, _again(_BEFORE.PAYMENT)),
        migrations.RunSQL(STEP, _again(_BEFORE.STEP)),
        migrations.RunSQL(SCREENING, _again(SCREENING_BEFORE)),
        migrations.RunSQL(ROUTE, NOT_ROUTE),
        migrations.RunSQL(SECOND_PERSON, NOT_SECOND_PERSON),
        migrations.RunSQL(DECIDED, NOT_DECIDED),
        migrations.RunSQL(FILE, NOT_FILE),
    ]

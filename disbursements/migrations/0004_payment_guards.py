"""What PostgreSQL refuses by itself: payments made alone, out of order, twice, to unverified details, or changed later."""

from django.db import migrations

from trustfund.core.db import append_only

BANK = """
CREATE FUNCTION refuse_other_organisations_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.supersedes_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM disbursements_bankaccount WHERE id = NEW.supersedes_id AND organisation_id = NEW.organisation_id
    ) THEN
        RAISE EXCEPTION 'Bank details supersede those of the same organisation.'
            USING ERRCODE = 'TF410', CONSTRAINT = 'bank_details_supersede_their_own';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER bank_details_supersede_their_own_always BEFORE INSERT ON disbursements_bankaccount
    FOR EACH ROW EXECUTE FUNCTION refuse_other_organisations_account();
ALTER TABLE disbursements_bankaccount ENABLE ALWAYS TRIGGER bank_details_supersede_their_own_always;

CREATE FUNCTION refuse_own_verification() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM disbursements_bankaccount WHERE id = NEW.account_id AND registered_by_id = NEW.verified_by_id) THEN
        RAISE EXCEPTION 'Who registered bank details does not verify them.'
            USING ERRCODE = 'TF410', CONSTRAINT = 'nobody_verifies_details_they_registered';
    END IF;
    IF NOT EXISTS (SELECT FROM core_confirmation WHERE id = NEW.confirmation_id AND person_id = NEW.verified_by_id) THEN
        RAISE EXCEPTION 'A second factor belongs to the person who verifies.'
            USING ERRCODE = 'TF410', CONSTRAINT = 'a_second_factor_is_ones_own';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER nobody_verifies_details_they_registered_always BEFORE INSERT ON disbursements_bankaccountverification
    FOR EACH ROW EXECUTE FUNCTION refuse_own_verification();
ALTER TABLE disbursements_bankaccountverification ENABLE ALWAYS TRIGGER nobody_verifies_details_they_registered_always;
"""

NOT_BANK = """
DROP TRIGGER nobody_verifies_details_they_registered_always ON disbursements_bankaccountverification;
DROP FUNCTION refuse_own_verification();
DROP TRIGGER bank_details_supersede_their_own_always ON disbursements_bankaccount;
DROP FUNCTION refuse_other_organisations_account();
"""

PAYMENT = """
CREATE FUNCTION refuse_other_payment() RETURNS trigger LANGUAGE plpgsql AS $$
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
            WHERE tranche.id = NEW.tranche_id;
        IF paid.currency <> NEW.currency OR paid.amount_minor < NEW.amount_minor THEN
            RAISE EXCEPTION 'A payment is at most its tranche.'
                USING ERRCODE = 'TF411', CONSTRAINT = 'a_payment_is_at_most_its_tranche';
        END IF;
        IF paid.status <> 'approved' THEN
            RAISE EXCEPTION 'A payment is of an approved proposal.'
                USING ERRCODE = 'TF411', CONSTRAINT = 'a_payment_is_of_an_approved_proposal';
        END IF;
        IF NOT EXISTS (
            SELECT FROM disbursements_bankaccount WHERE id = NEW.bank_account_id AND organisation_id = paid.organisation_id
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
        NEW.replaces_id, NEW.prepared_at)
        IS DISTINCT FROM (OLD.id, OLD.reference, OLD.tranche_id, OLD.bank_account_id, OLD.amount_minor, OLD.currency,
                          OLD.value_on, OLD.replaces_id, OLD.prepared_at) THEN
        RAISE EXCEPTION 'A payment stays as it was prepared.'
            USING ERRCODE = 'TF411', CONSTRAINT = 'a_payment_stays_as_prepared';
    END IF;
    IF NEW.status <> OLD.status THEN
        step := CASE OLD.status || '>' || NEW.status
            WHEN 'prepared>certified' THEN 'certify'
            WHEN 'certified>released' THEN 'release'
            WHEN 'released>confirmed' THEN 'confirm'
            WHEN 'released>returned' THEN 'return'
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
CREATE TRIGGER a_payment_stays_as_prepared_always BEFORE INSERT OR UPDATE OR DELETE ON disbursements_payment
    FOR EACH ROW EXECUTE FUNCTION refuse_other_payment();
ALTER TABLE disbursements_payment ENABLE ALWAYS TRIGGER a_payment_stays_as_prepared_always;

-- At commit, because the row of the payment comes before the row of who prepared it.
CREATE FUNCTION refuse_payment_nobody_prepared() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM disbursements_paymentstep WHERE payment_id = NEW.id AND kind = 'prepare') THEN
        RAISE EXCEPTION 'Somebody prepares every payment.'
            USING ERRCODE = 'TF411', CONSTRAINT = 'somebody_prepares_every_payment';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER somebody_prepares_every_payment_always AFTER INSERT ON disbursements_payment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_payment_nobody_prepared();
ALTER TABLE disbursements_payment ENABLE ALWAYS TRIGGER somebody_prepares_every_payment_always;
"""

NOT_PAYMENT = """
DROP TRIGGER somebody_prepares_every_payment_always ON disbursements_payment;
DROP FUNCTION refuse_payment_nobody_prepared();
DROP TRIGGER a_payment_stays_as_prepared_always ON disbursements_payment;
DROP FUNCTION refuse_other_payment();
"""

STEP = """
CREATE FUNCTION refuse_step_out_of_turn() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    standing record;
    expected text[];
    roles text[];
BEGIN
    SELECT payment.status, payment.bank_account_id, proposal.proposer_id INTO standing
        FROM disbursements_payment AS payment
        JOIN disbursements_tranche AS tranche ON tranche.id = payment.tranche_id
        JOIN disbursements_proposal AS proposal ON proposal.id = tranche.proposal_id
        WHERE payment.id = NEW.payment_id
        FOR UPDATE OF payment;
    CASE NEW.kind
        WHEN 'prepare' THEN expected := '{prepared}'; roles := '{secretariat}';
        WHEN 'certify' THEN expected := '{prepared}'; roles := '{certifying_officer}';
        WHEN 'release' THEN expected := '{certified}'; roles := '{treasury_officer}';
        WHEN 'confirm', 'return' THEN expected := '{released}'; roles := '{certifying_officer,treasury_officer}';
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
    IF NEW.kind IN ('certify', 'release') AND (
        NOT EXISTS (SELECT FROM disbursements_bankaccountverification WHERE account_id = standing.bank_account_id)
        OR EXISTS (SELECT FROM disbursements_bankaccount WHERE supersedes_id = standing.bank_account_id)
    ) THEN
        RAISE EXCEPTION 'Bank details are verified by a second officer and unchanged since.'
            USING ERRCODE = 'TF412', CONSTRAINT = 'money_goes_to_verified_details';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER steps_follow_each_other_always BEFORE INSERT ON disbursements_paymentstep
    FOR EACH ROW EXECUTE FUNCTION refuse_step_out_of_turn();
ALTER TABLE disbursements_paymentstep ENABLE ALWAYS TRIGGER steps_follow_each_other_always;
"""

NOT_STEP = """
DROP TRIGGER steps_follow_each_other_always ON disbursements_paymentstep;
DROP FUNCTION refuse_step_out_of_turn();
"""


class Migration(migrations.Migration):
    dependencies = [("disbursements", "0003_payments"), ("disbursements", "0002_guards"), ("core", "0002_guards")]

    operations = [
        append_only("disbursements_bankaccount"),
        append_only("disbursements_bankaccountverification"),
        append_only("disbursements_movement"),
        append_only("disbursements_paymentstep"),
        migrations.RunSQL(BANK, NOT_BANK),
        migrations.RunSQL(PAYMENT, NOT_PAYMENT),
        migrations.RunSQL(STEP, NOT_STEP),
    ]

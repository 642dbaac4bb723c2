"""PostgreSQL lets nobody certify or release a payment to a payee who is not clear of the sanctions lists."""

from django.db import migrations

GUARD = """
CREATE FUNCTION disbursements_guard_screening() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    payee uuid;
BEGIN
    SELECT programme.organisation_id INTO payee
      FROM disbursements_payment AS payment
      JOIN disbursements_tranche AS tranche ON tranche.id = payment.tranche_id
      JOIN disbursements_proposal AS proposal ON proposal.id = tranche.proposal_id
      JOIN disbursements_programme AS programme ON programme.id = proposal.programme_id
     WHERE payment.id = NEW.payment_id;
    IF NOT screening_is_clear(payee) THEN
        RAISE EXCEPTION 'Nobody is paid who is not clear of the sanctions lists in force.'
            USING ERRCODE = 'TF602', CONSTRAINT = 'a_payee_is_clear_of_the_lists';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER disbursements_paymentstep_screening_always BEFORE INSERT ON disbursements_paymentstep
    FOR EACH ROW WHEN (NEW.kind IN ('certify', 'release')) EXECUTE FUNCTION disbursements_guard_screening();
ALTER TABLE disbursements_paymentstep ENABLE ALWAYS TRIGGER disbursements_paymentstep_screening_always;
"""


class Migration(migrations.Migration):
    dependencies = [("disbursements", "0006_authors"), ("screening", "0002_guards")]

    operations = [migrations.RunSQL(GUARD, "DROP FUNCTION disbursements_guard_screening() CASCADE")]

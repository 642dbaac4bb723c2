"""Who wrote the version that is paid takes no step of paying it, as little as who proposed it first."""

from django.db import migrations

AUTHOR = """
CREATE FUNCTION refuse_step_by_author() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.kind <> 'cancel' AND EXISTS (
        SELECT FROM disbursements_payment AS payment
        JOIN disbursements_tranche AS tranche ON tranche.id = payment.tranche_id
        JOIN disbursements_proposalversion AS version ON version.id = tranche.version_id
        WHERE payment.id = NEW.payment_id AND version.created_by_id = NEW.by_id
    ) THEN
        RAISE EXCEPTION 'Who wrote what is paid takes no step of paying it.'
            USING ERRCODE = 'TF412', CONSTRAINT = 'nobody_pays_what_they_wrote';
    END IF;
    RETURN NEW;
END $$;
-- After the other guards of a step by its name, so that each still says its own reason first.
CREATE TRIGGER who_wrote_it_does_not_pay_it_always BEFORE INSERT ON disbursements_paymentstep
    FOR EACH ROW EXECUTE FUNCTION refuse_step_by_author();
ALTER TABLE disbursements_paymentstep ENABLE ALWAYS TRIGGER who_wrote_it_does_not_pay_it_always;
"""

NOT_AUTHOR = """
DROP TRIGGER who_wrote_it_does_not_pay_it_always ON disbursements_paymentstep;
DROP FUNCTION refuse_step_by_author();
"""


class Migration(migrations.Migration):
    dependencies = [("disbursements", "0005_approvals")]

    operations = [migrations.RunSQL(AUTHOR, NOT_AUTHOR)]

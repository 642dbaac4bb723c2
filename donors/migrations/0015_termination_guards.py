"""What PostgreSQL keeps of terminations: the agreed days pass, and nobody ends an agreement twice or takes it back."""

from django.db import migrations

from trustfund.core.db import append_only

NOTICE = """
CREATE FUNCTION donors_refuse_short_notice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM donors_agreement WHERE id = NEW.agreement_id AND reference = NEW.agreement_reference
            AND NEW.received_on >= signed_on AND NEW.ends_on = NEW.received_on + termination_notice_days
    ) THEN
        RAISE EXCEPTION 'An agreement ends by the days of notice that it says, after it was signed.'
            USING ERRCODE = 'TF352', CONSTRAINT = 'an_agreement_ends_by_its_own_notice';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER donors_termination_by_its_notice_always BEFORE INSERT ON donors_termination
    FOR EACH ROW EXECUTE FUNCTION donors_refuse_short_notice();
ALTER TABLE donors_termination ENABLE ALWAYS TRIGGER donors_termination_by_its_notice_always;
"""
CALL = """
CREATE FUNCTION donors_refuse_call_after_the_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM donors_instalment AS part
        JOIN donors_pledge AS pledge ON pledge.id = part.pledge_id
        JOIN donors_agreement AS agreement ON agreement.id = pledge.agreement_id
        JOIN donors_termination AS notice ON notice.agreement_reference = agreement.reference
        WHERE part.id = NEW.instalment_id AND part.due_on > notice.ends_on
    ) THEN
        RAISE EXCEPTION 'What falls due after an agreement has ended is not called.'
            USING ERRCODE = 'TF353', CONSTRAINT = 'nothing_is_called_after_the_end';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER donors_call_before_the_end_always BEFORE INSERT ON donors_call
    FOR EACH ROW EXECUTE FUNCTION donors_refuse_call_after_the_end();
ALTER TABLE donors_call ENABLE ALWAYS TRIGGER donors_call_before_the_end_always;
"""
DROP_CALL = """
DROP TRIGGER donors_call_before_the_end_always ON donors_call;
DROP FUNCTION donors_refuse_call_after_the_end();
"""
DROP_NOTICE = """
DROP TRIGGER donors_termination_by_its_notice_always ON donors_termination;
DROP FUNCTION donors_refuse_short_notice();
"""


class Migration(migrations.Migration):
    dependencies = [("donors", "0014_terminations")]

    operations = [
        migrations.RunSQL(NOTICE, DROP_NOTICE),
        migrations.RunSQL(CALL, DROP_CALL),
        append_only("donors_termination"),
    ]

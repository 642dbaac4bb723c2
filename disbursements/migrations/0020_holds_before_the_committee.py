"""A hold that the committee was asked about is lifted on its decision alone, and PostgreSQL insists on it."""

from django.db import migrations, models

LIFT = """
CREATE FUNCTION refuse_lift_against_the_committee() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked record;
    carried text;
BEGIN
    SELECT id, status INTO asked FROM committee_motion
        WHERE subject = NEW.hold_id AND kind = 'lift' ORDER BY opened_at DESC, reference DESC LIMIT 1;
    IF asked.status IS NULL OR asked.status IN ('lapsed', 'withdrawn') THEN
        IF NEW.decision <> '' THEN
            RAISE EXCEPTION 'The committee carried no such decision.'
                USING ERRCODE = 'TF415', CONSTRAINT = 'the_committee_decided_it';
        END IF;
        RETURN NEW;
    END IF;
    SELECT reference INTO carried FROM committee_decision WHERE motion_id = asked.id AND outcome = 'carried';
    IF carried IS NULL OR carried <> NEW.decision THEN
        RAISE EXCEPTION 'A hold that is before the committee is lifted on its decision.'
            USING ERRCODE = 'TF415', CONSTRAINT = 'a_hold_before_the_committee_is_lifted_by_it';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_hold_before_the_committee_is_lifted_by_it_always BEFORE INSERT ON disbursements_holdlift
    FOR EACH ROW EXECUTE FUNCTION refuse_lift_against_the_committee();
ALTER TABLE disbursements_holdlift ENABLE ALWAYS TRIGGER a_hold_before_the_committee_is_lifted_by_it_always;
"""

NOT_LIFT = """
DROP TRIGGER a_hold_before_the_committee_is_lifted_by_it_always ON disbursements_holdlift;
DROP FUNCTION refuse_lift_against_the_committee();
"""


class Migration(migrations.Migration):
    dependencies = [("disbursements", "0019_refund_offset_guards"), ("committee", "0006_lifted_holds")]

    operations = [
        migrations.AddField(
            model_name="holdlift",
            name="decision",
            field=models.CharField(blank=True, default="", max_length=16),
            preserve_default=False,
        ),
        migrations.RunSQL(LIFT, NOT_LIFT),
    ]

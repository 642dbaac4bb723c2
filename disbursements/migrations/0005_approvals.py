"""The second factor of an approval, and what PostgreSQL insists on: the chair's own, after a carried vote, for good."""

import django.db.models.deletion
from django.db import migrations, models

# After the row's own checks, so that what a column forbids by itself is said in the column's words.
APPROVAL = """
CREATE FUNCTION refuse_approval_without_its_grounds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.status = 'approved' THEN
        IF (NEW.id, NEW.reference, NEW.programme_id, NEW.status, NEW.current_number, NEW.amount_minor, NEW.currency,
            NEW.motion_id, NEW.approved_by_id, NEW.approved_at, NEW.approval_confirmation_id)
            IS DISTINCT FROM (OLD.id, OLD.reference, OLD.programme_id, OLD.status, OLD.current_number, OLD.amount_minor,
                              OLD.currency, OLD.motion_id, OLD.approved_by_id, OLD.approved_at,
                              OLD.approval_confirmation_id) THEN
            RAISE EXCEPTION 'An approval stays as it was given.'
                USING ERRCODE = 'TF404', CONSTRAINT = 'an_approval_stays_as_it_was_given';
        END IF;
        RETURN NULL;
    END IF;
    IF NEW.status <> 'approved' THEN
        RETURN NULL;
    END IF;
    IF NOT EXISTS (
        SELECT FROM core_confirmation
        WHERE id = NEW.approval_confirmation_id AND person_id = NEW.approved_by_id AND purpose = 'proposal.approve'
    ) THEN
        RAISE EXCEPTION 'Who approves confirms it with a second factor of their own.'
            USING ERRCODE = 'TF404', CONSTRAINT = 'an_approval_is_confirmed_by_who_gives_it';
    END IF;
    IF NOT EXISTS (
        SELECT FROM core_role WHERE person_id = NEW.approved_by_id AND ended_at IS NULL AND name = 'chair'
    ) THEN
        RAISE EXCEPTION 'The chair approves.' USING ERRCODE = 'TF404', CONSTRAINT = 'the_chair_approves';
    END IF;
    IF NOT EXISTS (
        SELECT FROM committee_motion
        WHERE id = NEW.motion_id AND subject = NEW.id AND version = NEW.current_number AND status = 'carried'
          AND amount_minor = NEW.amount_minor AND currency = NEW.currency
    ) THEN
        RAISE EXCEPTION 'What is approved was carried by the committee, in this version and amount.'
            USING ERRCODE = 'TF404', CONSTRAINT = 'an_approval_follows_a_carried_motion';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER an_approval_has_its_grounds_always AFTER INSERT OR UPDATE ON disbursements_proposal
    FOR EACH ROW EXECUTE FUNCTION refuse_approval_without_its_grounds();
ALTER TABLE disbursements_proposal ENABLE ALWAYS TRIGGER an_approval_has_its_grounds_always;
"""

NOT_APPROVAL = """
DROP TRIGGER an_approval_has_its_grounds_always ON disbursements_proposal;
DROP FUNCTION refuse_approval_without_its_grounds();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("committee", "0001_initial"),
        ("core", "0002_guards"),
        ("disbursements", "0004_payment_guards"),
    ]

    operations = [
        migrations.AddField(
            model_name="proposal",
            name="approval_confirmation",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.confirmation"
            ),
        ),
        migrations.RunSQL(APPROVAL, NOT_APPROVAL),
    ]

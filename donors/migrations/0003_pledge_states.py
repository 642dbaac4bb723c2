"""The states between an announcement and a signature, and between a signature and the money."""

from django.db import migrations, models

# Until a pledge is in the books its agreement, day and value are still to come; from then on they stand.
STANDS = """
CREATE OR REPLACE FUNCTION donors_refuse_changed_pledge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.id, OLD.reference, OLD.donor_id, OLD.minor, OLD.currency, OLD.payment_currency, OLD.announced_on,
        OLD.external_reference, OLD.recorded_by_id, OLD.recorded_at)
       IS DISTINCT FROM
       (NEW.id, NEW.reference, NEW.donor_id, NEW.minor, NEW.currency, NEW.payment_currency, NEW.announced_on,
        NEW.external_reference, NEW.recorded_by_id, NEW.recorded_at)
       OR (OLD.status <> 'announced' AND NEW.status = 'announced')
       OR (OLD.status = 'conditional' AND OLD.agreement_id IS DISTINCT FROM NEW.agreement_id)
       OR (OLD.status NOT IN ('announced', 'conditional') AND (
            NEW.status = 'conditional'
            OR (OLD.agreement_id, OLD.signed_on, OLD.usd_minor)
               IS DISTINCT FROM (NEW.agreement_id, NEW.signed_on, NEW.usd_minor)))
    THEN
        RAISE EXCEPTION 'What pledge % promises is never changed.', OLD.reference
            USING ERRCODE = 'TF305', CONSTRAINT = 'a_promise_stands';
    END IF;
    RETURN NEW;
END $$;
"""
STOOD = """
CREATE OR REPLACE FUNCTION donors_refuse_changed_pledge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.id, OLD.reference, OLD.donor_id, OLD.minor, OLD.currency, OLD.payment_currency, OLD.announced_on,
        OLD.external_reference, OLD.recorded_by_id, OLD.recorded_at)
       IS DISTINCT FROM
       (NEW.id, NEW.reference, NEW.donor_id, NEW.minor, NEW.currency, NEW.payment_currency, NEW.announced_on,
        NEW.external_reference, NEW.recorded_by_id, NEW.recorded_at)
       OR (OLD.status <> 'announced' AND (
            NEW.status = 'announced'
            OR (OLD.agreement_id, OLD.signed_on, OLD.usd_minor)
               IS DISTINCT FROM (NEW.agreement_id, NEW.signed_on, NEW.usd_minor)))
    THEN
        RAISE EXCEPTION 'What pledge % promises is never changed.', OLD.reference
            USING ERRCODE = 'TF305', CONSTRAINT = 'a_promise_stands';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("donors", "0002_guards")]

    operations = [
        migrations.RemoveConstraint(model_name="pledge", name="a_pledge_is_in_a_known_state"),
        migrations.RemoveConstraint(
            model_name="pledge", name="a_signed_pledge_has_an_agreement_a_day_and_a_value"
        ),
        migrations.AlterField(
            model_name="pledge",
            name="status",
            field=models.CharField(
                choices=[
                    ("announced", "Announced"),
                    ("conditional", "Conditional"),
                    ("signed", "Signed"),
                    ("called", "Called"),
                    ("part_paid", "Part paid"),
                    ("paid", "Paid"),
                    ("written_off", "Written off"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="pledge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        ["announced", "conditional", "signed", "called", "part_paid", "paid", "written_off"],
                    )
                ),
                name="a_pledge_is_in_a_known_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="pledge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("agreement", None), ("signed_on", None), ("status", "announced")),
                    models.Q(("agreement__isnull", False), ("signed_on", None), ("status", "conditional")),
                    models.Q(
                        models.Q(("status__in", ["announced", "conditional"]), _negated=True),
                        ("agreement__isnull", False),
                        ("signed_on__isnull", False),
                        ("usd_minor__gt", 0),
                    ),
                    _connector="OR",
                ),
                name="a_signed_pledge_has_an_agreement_a_day_and_a_value",
            ),
        ),
        migrations.RunSQL(STANDS, STOOD),
    ]

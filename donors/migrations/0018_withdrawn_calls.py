"""Calls that were taken back, and what PostgreSQL keeps of them: only the latest of an instalment, once, for a reason."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from trustfund.core.db import append_only

LATEST = """
CREATE FUNCTION donors_refuse_withdrawal_of_replaced_call() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    taken_back donors_call;
BEGIN
    SELECT * INTO taken_back FROM donors_call WHERE id = NEW.call_id;
    PERFORM FROM donors_pledge AS pledge JOIN donors_instalment AS part ON part.pledge_id = pledge.id
        WHERE part.id = taken_back.instalment_id FOR UPDATE OF pledge;
    IF NEW.withdrawn_at < taken_back.issued_at OR EXISTS (
        SELECT FROM donors_call WHERE instalment_id = taken_back.instalment_id AND version > taken_back.version
    ) THEN
        RAISE EXCEPTION 'Only the latest call of an instalment is withdrawn, and not before it was issued.'
            USING ERRCODE = 'TF355', CONSTRAINT = 'only_the_latest_call_is_withdrawn';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER donors_withdrawn_call_is_latest_always BEFORE INSERT ON donors_withdrawncall
    FOR EACH ROW EXECUTE FUNCTION donors_refuse_withdrawal_of_replaced_call();
ALTER TABLE donors_withdrawncall ENABLE ALWAYS TRIGGER donors_withdrawn_call_is_latest_always;
"""
DROP_LATEST = """
DROP TRIGGER donors_withdrawn_call_is_latest_always ON donors_withdrawncall;
DROP FUNCTION donors_refuse_withdrawal_of_replaced_call();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("donors", "0017_contribution_file_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="WithdrawnCall",
            fields=[
                (
                    "call",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="withdrawal",
                        serialize=False,
                        to="donors.call",
                    ),
                ),
                ("reason", models.CharField(max_length=400)),
                ("withdrawn_at", models.DateTimeField()),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="a_call_is_withdrawn_for_a_reason"
                    )
                ],
            },
        ),
        migrations.RunSQL(LATEST, DROP_LATEST),
        append_only("donors_withdrawncall"),
    ]

"""Calls, reminders taken once a step, the quiet list, and what PostgreSQL keeps of them."""

import django.db.models.deletion
import trustfund.core.fields
import uuid
from django.conf import settings
from django.db import migrations, models

from trustfund.core.db import append_only, never_removed


# An entry of the quiet list stands as it was asked for; it is ended once.
QUIET = """
CREATE FUNCTION donors_refuse_changed_quiet() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.ended_at IS NOT NULL
       OR (OLD.id, OLD.donor_id, OLD.person_id, OLD.until, OLD.reason, OLD.asked_by_id, OLD.asked_at)
          IS DISTINCT FROM
          (NEW.id, NEW.donor_id, NEW.person_id, NEW.until, NEW.reason, NEW.asked_by_id, NEW.asked_at)
    THEN
        RAISE EXCEPTION 'An entry of the quiet list stands; it is ended once.'
            USING ERRCODE = 'TF316', CONSTRAINT = 'a_quiet_stands';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER donors_quiet_stands_always BEFORE UPDATE ON donors_quiet
    FOR EACH ROW EXECUTE FUNCTION donors_refuse_changed_quiet();
ALTER TABLE donors_quiet ENABLE ALWAYS TRIGGER donors_quiet_stands_always;
"""
DROP_QUIET = """
DROP TRIGGER donors_quiet_stands_always ON donors_quiet;
DROP FUNCTION donors_refuse_changed_quiet();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0003_whose_a_person_is'),
        ('donors', '0012_condition_guards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('version', models.PositiveSmallIntegerField(default=1)),
                ('minor', trustfund.core.fields.MinorUnitsField()),
                ('currency', trustfund.core.fields.CurrencyField()),
                ('due_on', models.DateField()),
                ('issued_at', models.DateTimeField(db_index=True)),
                ('instalment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='donors.instalment')),
                ('issued_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('instalment', 'version'), name='a_version_of_a_call_is_issued_once'), models.CheckConstraint(condition=models.Q(('version__gte', 1)), name='a_call_starts_with_version_one'), models.CheckConstraint(condition=models.Q(('minor__gt', 0)), name='a_call_is_for_more_than_zero')],
            },
        ),
        migrations.CreateModel(
            name='Quiet',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('until', models.DateField(null=True)),
                ('reason', models.CharField(max_length=400)),
                ('asked_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('donor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='quiets', to='donors.donor')),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='a_quiet_has_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_by', None)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='a_quiet_is_ended_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('step', models.SmallIntegerField()),
                ('passed', models.CharField(blank=True, choices=[('', 'Sent'), ('later', 'A later one took its place'), ('quiet', 'The donor is not reminded for now'), ('nobody', 'Nobody speaks for the donor who would be reminded')], max_length=8)),
                ('taken_at', models.DateTimeField()),
                ('event', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.event')),
                ('instalment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='donors.instalment')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('instalment', 'step'), name='a_step_of_an_instalment_is_taken_once'), models.CheckConstraint(condition=models.Q(('step__in', (-60, -30, -7, 0, 7, 30, 90))), name='a_reminder_is_one_of_the_steps'), models.CheckConstraint(condition=models.Q(models.Q(('event__isnull', False), ('passed', '')), models.Q(models.Q(('passed', ''), _negated=True), ('event', None)), _connector='OR'), name='a_reminder_is_sent_by_its_event')],
            },
        ),
        migrations.RunSQL(QUIET, DROP_QUIET),
        append_only("donors_call"),
        append_only("donors_reminder"),
        never_removed("donors_quiet"),
    ]

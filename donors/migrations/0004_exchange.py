"""Rates from published files, corrections by two people, the ECB's for comparison, and what PostgreSQL keeps of them."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from trustfund.core.db import append_only, never_removed


# A correction is of the same source, currency and day, and only of a rate that values no standing receipt; a receipt
# is valued at an operational rate that counts. Both wait at the same lock, for the rate's own row is append-only.
RATE = """
CREATE FUNCTION donors_refuse_stray_correction() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before donors_exchangerate;
BEGIN
    IF NEW.corrects_id IS NULL THEN
        RETURN NEW;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('rate ' || NEW.corrects_id, 0));
    SELECT * INTO before FROM donors_exchangerate WHERE id = NEW.corrects_id;
    IF (before.source, before.currency, before.effective_on)
       IS DISTINCT FROM (NEW.source, NEW.currency, NEW.effective_on) THEN
        RAISE EXCEPTION 'A correction is of the same source, currency and day as the rate it corrects.'
            USING ERRCODE = 'TF310', CONSTRAINT = 'a_correction_is_of_the_same_rate';
    END IF;
    IF EXISTS (SELECT FROM donors_receipt WHERE rate_id = NEW.corrects_id AND reversed_at IS NULL) THEN
        RAISE EXCEPTION 'A receipt that stands was valued at this rate.'
            USING ERRCODE = 'TF311', CONSTRAINT = 'a_rate_that_values_a_receipt_stands';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER donors_rate_is_corrected_rightly_always BEFORE INSERT ON donors_exchangerate
    FOR EACH ROW EXECUTE FUNCTION donors_refuse_stray_correction();
ALTER TABLE donors_exchangerate ENABLE ALWAYS TRIGGER donors_rate_is_corrected_rightly_always;

CREATE FUNCTION donors_refuse_receipt_at_corrected_rate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.rate_id IS NULL THEN
        RETURN NEW;
    END IF;
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('rate ' || NEW.rate_id, 0));
    IF EXISTS (SELECT FROM donors_exchangerate WHERE corrects_id = NEW.rate_id) THEN
        RAISE EXCEPTION 'This rate is corrected; the one that took its place counts.'
            USING ERRCODE = 'TF312', CONSTRAINT = 'a_receipt_is_valued_at_a_rate_that_counts';
    END IF;
    IF NOT EXISTS (SELECT FROM donors_exchangerate WHERE id = NEW.rate_id AND source = 'UN operational') THEN
        RAISE EXCEPTION 'Only operational rates value money.'
            USING ERRCODE = 'TF313', CONSTRAINT = 'only_operational_rates_value_money';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER donors_receipt_rate_counts_always BEFORE INSERT ON donors_receipt
    FOR EACH ROW EXECUTE FUNCTION donors_refuse_receipt_at_corrected_rate();
ALTER TABLE donors_receipt ENABLE ALWAYS TRIGGER donors_receipt_rate_counts_always;
"""
DROP_RATE = """
DROP TRIGGER donors_receipt_rate_counts_always ON donors_receipt;
DROP TRIGGER donors_rate_is_corrected_rightly_always ON donors_exchangerate;
DROP FUNCTION donors_refuse_receipt_at_corrected_rate();
DROP FUNCTION donors_refuse_stray_correction();
"""

# What was brought and what was proposed stand; each is settled once, and never removed.
SETTLED = """
CREATE FUNCTION donors_refuse_changed_rate_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.taken_at IS NOT NULL
       OR (OLD.id, OLD.reference, OLD.publisher, OLD.name, OLD.sha256, OLD.content, OLD.brought_by_id, OLD.brought_at)
          IS DISTINCT FROM
          (NEW.id, NEW.reference, NEW.publisher, NEW.name, NEW.sha256, NEW.content, NEW.brought_by_id, NEW.brought_at)
    THEN
        RAISE EXCEPTION 'File % stands as it was brought; it is taken once.', OLD.reference
            USING ERRCODE = 'TF314', CONSTRAINT = 'a_rate_file_stands';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER donors_ratefile_stands_always BEFORE UPDATE ON donors_ratefile
    FOR EACH ROW EXECUTE FUNCTION donors_refuse_changed_rate_file();
ALTER TABLE donors_ratefile ENABLE ALWAYS TRIGGER donors_ratefile_stands_always;

CREATE FUNCTION donors_refuse_changed_correction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.outcome <> ''
       OR (OLD.id, OLD.rate_id, OLD.units_per_usd, OLD.reason, OLD.proposed_by_id, OLD.proposed_at)
          IS DISTINCT FROM
          (NEW.id, NEW.rate_id, NEW.units_per_usd, NEW.reason, NEW.proposed_by_id, NEW.proposed_at)
    THEN
        RAISE EXCEPTION 'A proposed correction stands; it is settled once.'
            USING ERRCODE = 'TF315', CONSTRAINT = 'a_proposed_correction_stands';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER donors_ratecorrection_stands_always BEFORE UPDATE ON donors_ratecorrection
    FOR EACH ROW EXECUTE FUNCTION donors_refuse_changed_correction();
ALTER TABLE donors_ratecorrection ENABLE ALWAYS TRIGGER donors_ratecorrection_stands_always;
"""
DROP_SETTLED = """
DROP TRIGGER donors_ratecorrection_stands_always ON donors_ratecorrection;
DROP TRIGGER donors_ratefile_stands_always ON donors_ratefile;
DROP FUNCTION donors_refuse_changed_correction();
DROP FUNCTION donors_refuse_changed_rate_file();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("donors", "0003_pledge_states"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RateCorrection",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("units_per_usd", models.DecimalField(decimal_places=8, max_digits=20)),
                ("reason", models.CharField(max_length=400)),
                ("proposed_at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Waits for a second person"),
                            ("confirmed", "Confirmed"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=12,
                    ),
                ),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "rate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="proposals", to="donors.exchangerate"
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("outcome", "")),
                        fields=("rate",),
                        name="a_rate_has_one_correction_under_way",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="a_correction_says_why"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("units_per_usd__gt", 0)), name="a_corrected_rate_is_more_than_zero"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", ""), ("settled_at", None), ("settled_by", None)),
                            models.Q(
                                ("outcome", "withdrawn"), ("settled_at__isnull", False), ("settled_by__isnull", False)
                            ),
                            models.Q(
                                ("outcome", "confirmed"),
                                ("settled_at__isnull", False),
                                ("settled_by__isnull", False),
                                models.Q(("settled_by", models.F("proposed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_correction_is_confirmed_by_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RateFile",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=16, unique=True)),
                (
                    "publisher",
                    models.CharField(
                        choices=[("un", "UN operational rates"), ("ecb", "ECB reference rates")], max_length=8
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("content", models.BinaryField()),
                ("brought_at", models.DateTimeField()),
                ("taken", models.PositiveIntegerField(null=True)),
                ("taken_at", models.DateTimeField(null=True)),
                (
                    "brought_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("publisher__in", ["un", "ecb"])), name="a_rate_file_is_of_a_known_publisher"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("taken", None), ("taken_at", None), ("taken_by", None)),
                            models.Q(
                                ("taken__isnull", False), ("taken_at__isnull", False), ("taken_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="a_file_that_is_taken_says_by_whom_and_how_much",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReferenceDay",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("per_eur", models.JSONField()),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="days", to="donors.ratefile"
                    ),
                ),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="exchangerate",
            name="a_source_has_one_rate_for_a_currency_and_day",
        ),
        migrations.AddField(
            model_name="exchangerate",
            name="confirmed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="exchangerate",
            name="corrects",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="correction",
                to="donors.exchangerate",
            ),
        ),
        migrations.AddField(
            model_name="exchangerate",
            name="file",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="rates", to="donors.ratefile"
            ),
        ),
        migrations.AddConstraint(
            model_name="exchangerate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("corrects", None)),
                fields=("source", "currency", "effective_on"),
                name="a_source_has_one_rate_for_a_currency_and_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="exchangerate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed_by", None), ("corrects", None)),
                    models.Q(
                        ("confirmed_by__isnull", False),
                        ("corrects__isnull", False),
                        models.Q(("confirmed_by", models.F("recorded_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="a_rate_is_corrected_by_two_people",
            ),
        ),
        migrations.RunSQL(RATE, DROP_RATE),
        migrations.RunSQL(SETTLED, DROP_SETTLED),
        append_only("donors_referenceday"),
        never_removed("donors_ratefile"),
        never_removed("donors_ratecorrection"),
    ]

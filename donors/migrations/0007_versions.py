"""Versions of agreements and pledges: what each says, which instalments it replaces, and what reports are due when."""

import django.db.models.deletion
import donors.terms
import trustfund.core.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("donors", "0006_receipt_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PledgeVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("minor", trustfund.core.fields.MinorUnitsField()),
                ("currency", trustfund.core.fields.CurrencyField()),
                ("usd_minor", trustfund.core.fields.MinorUnitsField()),
                ("settled_minor", trustfund.core.fields.MinorUnitsField(default=0)),
                ("in_force_on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pledge_versions",
                        to="donors.agreement",
                    ),
                ),
                (
                    "pledge",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="donors.pledge"
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("pledge", "number"), name="a_version_of_a_pledge_stands_once"),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="a_pledge_starts_with_version_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minor__gt", 0), ("usd_minor__gt", 0)), name="a_version_promises_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("settled_minor__gte", 0), ("settled_minor__lte", models.F("minor"))),
                        name="a_version_promises_at_least_what_is_paid",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Replacement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveSmallIntegerField()),
                ("replaced_on", models.DateField()),
                (
                    "instalment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="replacement", to="donors.instalment"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("version__gt", 1)), name="only_a_later_version_replaces")
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="instalment",
            name="an_instalment_has_its_own_number",
        ),
        migrations.RemoveConstraint(
            model_name="instalment",
            name="instalments_fall_due_on_different_days",
        ),
        migrations.AddField(
            model_name="agreement",
            name="document_is_held",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="agreement",
            name="document_pages",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="agreement",
            name="document_sha256",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="agreement",
            name="document_text",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="agreement",
            name="is_enforceable",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="agreement",
            name="report_days",
            field=models.JSONField(default=donors.terms.usual_days),
        ),
        migrations.AddField(
            model_name="agreement",
            name="summary",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="agreement",
            name="termination_clause",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="instalment",
            name="in_force_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="instalment",
            name="version",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("document_sha256", ""), ("document_sha256__regex", "^[0-9a-f]{64}$"), _connector="OR"
                ),
                name="a_signed_document_is_known_by_its_hash",
            ),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("document_is_held", False), ("document_sha256", "")),
                    models.Q(
                        models.Q(("document_sha256", ""), _negated=True),
                        models.Q(("document_is_held", True), models.Q(("summary", ""), _negated=True), _connector="OR"),
                    ),
                    _connector="OR",
                ),
                name="a_hash_alone_comes_with_a_summary",
            ),
        ),
        migrations.AddConstraint(
            model_name="instalment",
            constraint=models.UniqueConstraint(
                fields=("pledge", "version", "number"), name="an_instalment_has_its_own_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="instalment",
            constraint=models.UniqueConstraint(
                fields=("pledge", "version", "due_on"), name="instalments_fall_due_on_different_days"
            ),
        ),
        migrations.AddConstraint(
            model_name="instalment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("in_force_on", None), ("version", 1)),
                    models.Q(("in_force_on__isnull", False), ("version__gt", 1)),
                    _connector="OR",
                ),
                name="a_later_instalment_says_since_when",
            ),
        ),
    ]

"""Receipts from the bank's lines, money that nobody can name, and matches that two people make."""

import django.db.models.deletion
import trustfund.core.fields
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("bank", "0002_guards"),
        ("donors", "0004_exchange"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Unidentified",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=16, unique=True)),
                ("minor", trustfund.core.fields.MinorUnitsField()),
                ("currency", trustfund.core.fields.CurrencyField()),
                ("usd_minor", trustfund.core.fields.MinorUnitsField()),
                ("value_on", models.DateField()),
                ("held_at", models.DateTimeField()),
                (
                    "held_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bank.bankline"
                    ),
                ),
                (
                    "rate",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="donors.exchangerate",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("minor__gt", 0), ("usd_minor__gt", 0)),
                        name="what_is_held_is_more_than_zero",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("currency", "USD"), _negated=True),
                            models.Q(("rate", None), ("usd_minor", models.F("minor"))),
                            _connector="OR",
                        ),
                        name="what_is_held_in_usd_is_worth_itself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Match",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=16, unique=True)),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("unidentified", "The money was held as unidentified."),
                            ("word", "What it settles is more than the figures say."),
                        ],
                        max_length=16,
                    ),
                ),
                ("bank_reference", models.CharField(max_length=64)),
                ("payer", models.CharField(max_length=160)),
                ("value_on", models.DateField()),
                ("received_minor", trustfund.core.fields.MinorUnitsField()),
                ("received_currency", trustfund.core.fields.CurrencyField()),
                ("settles_minor", trustfund.core.fields.MinorUnitsField()),
                ("settles_currency", trustfund.core.fields.CurrencyField()),
                ("usd_value_minor", trustfund.core.fields.MinorUnitsField(null=True)),
                ("grounds", models.CharField(max_length=400)),
                ("proposed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("declined_because", models.CharField(blank=True, max_length=400)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bank.bankline"
                    ),
                ),
                (
                    "pledge",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="matches", to="donors.pledge"
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "receipt",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="match",
                        to="donors.receipt",
                    ),
                ),
                (
                    "held",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="matches",
                        to="donors.unidentified",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("why__in", ["unidentified", "word"])),
                        name="a_match_says_why_it_needs_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("grounds", ""), _negated=True), name="a_match_says_how_it_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None),
                            models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            models.Q(("declined_because", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_match_is_confirmed_by_another_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at", None), ("decided_by", None), ("declined_because", ""), ("receipt", None)
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("declined_because", ""),
                                ("receipt__isnull", False),
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                ("receipt", None),
                                models.Q(("declined_because", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_match_is_open_confirmed_or_declined",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("received_minor__gt", 0), ("settles_minor__gt", 0)),
                        name="a_match_is_more_than_zero",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UnidentifiedReturn",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=24, unique=True)),
                ("minor", trustfund.core.fields.MinorUnitsField()),
                ("usd_minor", trustfund.core.fields.MinorUnitsField()),
                ("returned_on", models.DateField()),
                ("reason", models.CharField(max_length=400)),
                ("returned_at", models.DateTimeField()),
                (
                    "held",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="returns", to="donors.unidentified"
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bank.bankline"
                    ),
                ),
                (
                    "returned_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("minor__gt", 0), ("usd_minor__gt", 0)),
                        name="what_goes_back_is_more_than_zero",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="what_goes_back_has_a_reason"
                    ),
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="receipt",
            name="a_bank_line_is_received_once",
        ),
        # What stands was recorded before two people had to say what no figure says.
        migrations.AddField(
            model_name="receipt",
            name="brought_over",
            field=models.BooleanField(default=True),
        ),
        migrations.AlterField(
            model_name="receipt",
            name="brought_over",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="receipt",
            name="confirmed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="receipt",
            name="line",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bank.bankline"
            ),
        ),
        migrations.AddField(
            model_name="receipt",
            name="held",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="receipts",
                to="donors.unidentified",
            ),
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.UniqueConstraint(
                condition=models.Q(("line", None), ("reversed_at", None)),
                fields=("bank_reference",),
                name="a_bank_line_is_received_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confirmed_by", None),
                    models.Q(("confirmed_by", models.F("recorded_by")), _negated=True),
                    _connector="OR",
                ),
                name="who_confirms_a_receipt_did_not_record_it",
            ),
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("received_currency", models.F("settles_currency")),
                        ("settles_minor__lte", models.F("received_minor")),
                    ),
                    ("confirmed_by__isnull", False),
                    ("brought_over", True),
                    _connector="OR",
                ),
                name="two_people_say_what_no_figure_says",
            ),
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("held", None), models.Q(("confirmed_by__isnull", False), ("line__isnull", False)), _connector="OR"
                ),
                name="two_people_identify_a_receipt",
            ),
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.CheckConstraint(
                condition=models.Q(("brought_over", False), ("line", None), _connector="OR"),
                name="what_is_brought_over_has_no_bank_line",
            ),
        ),
    ]

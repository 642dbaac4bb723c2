"""Conditions of pledges, texts held because of an earmark, the cap of a donor's share, and what a donor said."""

import django.db.models.deletion
import trustfund.core.fields
import uuid
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('donors', '0010_giving_back_guards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='pledge',
            name='words',
            field=models.TextField(blank=True),
        ),
        migrations.CreateModel(
            name='Condition',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(choices=[('matching', 'Matching'), ('approval', 'Approval by a day')], max_length=12)),
                ('words', models.TextField(blank=True)),
                ('matches', models.PositiveIntegerField(null=True)),
                ('for_every', models.PositiveIntegerField(null=True)),
                ('cap_usd_minor', trustfund.core.fields.MinorUnitsField(null=True)),
                ('counts', models.CharField(blank=True, max_length=12)),
                ('since', models.DateField(null=True)),
                ('approver', models.CharField(blank=True, max_length=160)),
                ('by_when', models.DateField(null=True)),
                ('evidence', models.TextField(blank=True)),
                ('happened_on', models.DateField(null=True)),
                ('shown_at', models.DateTimeField(null=True)),
                ('met_on', models.DateField(null=True)),
                ('met_at', models.DateTimeField(null=True)),
                ('met_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('pledge', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conditions', to='donors.pledge')),
                ('shown_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('pledge', 'number'), name='a_condition_has_its_own_number'), models.CheckConstraint(condition=models.Q(models.Q(('approver', ''), ('by_when', None), ('cap_usd_minor__gt', 0), ('counts__in', ['receipts', 'signed']), ('for_every__gt', 0), ('kind', 'matching'), ('matches__gt', 0), ('since__isnull', False)), models.Q(('cap_usd_minor', None), ('counts', ''), ('for_every', None), ('kind', 'approval'), ('matches', None), ('since', None), ('by_when__isnull', False), models.Q(('approver', ''), _negated=True)), _connector='OR'), name='a_condition_is_a_rule'), models.CheckConstraint(condition=models.Q(models.Q(('evidence', ''), ('happened_on', None), ('shown_at', None), ('shown_by', None)), models.Q(('happened_on__isnull', False), ('kind', 'approval'), ('shown_at__isnull', False), ('shown_by__isnull', False), models.Q(('evidence', ''), _negated=True)), _connector='OR'), name='evidence_has_a_day_and_a_person'), models.CheckConstraint(condition=models.Q(models.Q(('met_at', None), ('met_by', None), ('met_on', None)), models.Q(('kind', 'matching'), ('met_at__isnull', False), ('met_by', None), ('met_on__isnull', False)), models.Q(('kind', 'approval'), ('met_at__isnull', False), ('met_by__isnull', False), ('met_on', models.F('happened_on')), ('happened_on__lte', models.F('by_when')), ('shown_by__isnull', False), models.Q(('met_by', models.F('shown_by')), _negated=True)), _connector='OR'), name='an_approval_is_confirmed_by_another')],
            },
        ),
        migrations.CreateModel(
            name='DonorCap',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveSmallIntegerField(unique=True)),
                ('share', models.DecimalField(decimal_places=4, max_digits=5)),
                ('reason', models.CharField(max_length=400)),
                ('set_at', models.DateTimeField()),
                ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('share__gt', 0), ('share__lte', 1)), name='a_cap_is_a_share_of_the_pool'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='a_cap_has_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(max_length=16, unique=True)),
                ('of', models.CharField(choices=[('agreement', 'Agreement'), ('amendment', 'Amendment'), ('pledge', 'Pledge'), ('condition', 'Condition')], max_length=12)),
                ('fingerprint', models.CharField(max_length=64)),
                ('findings', models.JSONField()),
                ('held_at', models.DateTimeField()),
                ('accepted_at', models.DateTimeField(null=True)),
                ('decision', models.CharField(blank=True, max_length=16)),
                ('accepted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('agreement', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='donors.agreement')),
                ('donor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='donors.donor')),
                ('held_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('pledge', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='donors.pledge')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('donor', 'fingerprint'), name='a_text_of_a_donor_is_held_once'), models.CheckConstraint(condition=models.Q(models.Q(('agreement__isnull', False), ('of__in', ['agreement', 'amendment', 'condition']), ('pledge', None)), models.Q(('agreement', None), ('of', 'pledge'), ('pledge__isnull', False)), _connector='OR'), name='a_hold_is_of_an_agreement_or_a_pledge'), models.CheckConstraint(condition=models.Q(models.Q(('accepted_at', None), ('accepted_by', None), ('decision', '')), models.Q(('accepted_at__isnull', False), ('accepted_by__isnull', False), models.Q(('decision', ''), _negated=True)), _connector='OR'), name='a_preference_names_its_decision')],
            },
        ),
        migrations.CreateModel(
            name='ShareQuestion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('promised', models.DecimalField(decimal_places=4, max_digits=5)),
                ('received', models.DecimalField(decimal_places=4, max_digits=5)),
                ('cap', models.DecimalField(decimal_places=4, max_digits=5)),
                ('up_to', models.DecimalField(decimal_places=4, max_digits=5)),
                ('reason', models.TextField()),
                ('asked_at', models.DateTimeField()),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('donor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='share_questions', to='donors.donor')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('up_to__gt', models.F('cap')), ('up_to__lte', Decimal('1'))), name='what_is_asked_is_above_the_cap'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='who_asks_says_why')],
            },
        ),
    ]

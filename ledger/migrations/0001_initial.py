"""The tables of the books, made by the SQL in `ledger/sql` as the role that owns the ledger."""

from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from trustfund.core.currencies import CURRENCIES

SQL = Path(__file__).parents[1] / "sql"


def fill_currencies(apps, schema_editor):
    """Write the one table of currencies as rows, for accounts to point at."""
    for code, number, decimals in CURRENCIES:
        schema_editor.execute(
            "INSERT INTO ledger_currency (number, code, decimals) VALUES (%s, %s, %s)", [number, code, decimals]
        )


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("core", "0002_guards"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL((SQL / "roles.sql").read_text(), migrations.RunSQL.noop),
                migrations.RunSQL("SET LOCAL ROLE trustfund_ledger", "RESET ROLE"),
                migrations.RunSQL(
                    (SQL / "tables.sql").read_text(),
                    "DROP TABLE ledger_balance, ledger_line, ledger_entry, ledger_account, ledger_currency; "
                    "DROP FUNCTION ledger_balances(integer[], smallint[], bigint[])",
                ),
                migrations.RunPython(fill_currencies, migrations.RunPython.noop),
                migrations.RunSQL((SQL / "clock.sql").read_text(), "DROP FUNCTION ledger_now()"),
                migrations.RunSQL("RESET ROLE", migrations.RunSQL.noop),
            ],
            state_operations=[
            migrations.CreateModel(
                name='Currency',
                fields=[
                    ('number', models.SmallIntegerField(primary_key=True, serialize=False)),
                    ('code', models.TextField(unique=True)),
                    ('decimals', models.SmallIntegerField()),
                ],
                options={
                    'db_table': 'ledger_currency',
                },
            ),
            migrations.CreateModel(
                name='Account',
                fields=[
                    ('id', models.AutoField(primary_key=True, serialize=False)),
                    ('code', models.TextField(unique=True)),
                    ('name', models.TextField()),
                    ('kind', models.TextField(choices=[('asset', 'asset'), ('income', 'income'), ('use', 'use'), ('memorandum', 'memorandum')])),
                    ('currency', models.SmallIntegerField()),
                    ('may_be_overdrawn', models.BooleanField()),
                    ('closed', models.BooleanField(default=False)),
                    ('open_from', models.DateField()),
                    ('opened_at', models.DateTimeField()),
                    ('opened_by', models.ForeignKey(db_column='opened_by', db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'db_table': 'ledger_account',
                },
            ),
            migrations.CreateModel(
                name='Entry',
                fields=[
                    ('id', models.BigAutoField(primary_key=True, serialize=False)),
                    ('kind', models.TextField()),
                    ('reference', models.TextField()),
                    ('effective_on', models.DateField()),
                    ('booked_at', models.DateTimeField()),
                    ('memo', models.TextField(default='')),
                    ('subject', models.UUIDField(null=True)),
                    ('accounts', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                    ('currencies', django.contrib.postgres.fields.ArrayField(base_field=models.SmallIntegerField(), size=None)),
                    ('amounts', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                    ('actor', models.ForeignKey(db_column='actor', db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('reverses', models.OneToOneField(db_column='reverses', db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversal', to='ledger.entry')),
                ],
                options={
                    'db_table': 'ledger_entry',
                },
            ),
            migrations.CreateModel(
                name='Line',
                fields=[
                    ('pk', models.CompositePrimaryKey('account_id', 'effective_on', 'entry_id', 'leg', blank=True, editable=False, primary_key=True, serialize=False)),
                    ('effective_on', models.DateField()),
                    ('leg', models.SmallIntegerField()),
                    ('amount', models.BigIntegerField()),
                    ('currency', models.SmallIntegerField()),
                    ('account', models.ForeignKey(db_column='account', db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='ledger.account')),
                    ('entry', models.ForeignKey(db_column='entry', db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='ledger.entry')),
                ],
                options={
                    'db_table': 'ledger_line',
                },
            ),
            migrations.AddConstraint(
                model_name='entry',
                constraint=models.UniqueConstraint(fields=('kind', 'reference'), name='an_event_is_posted_once'),
            ),
            ],
        ),
    ]

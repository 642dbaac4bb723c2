"""Seals, roll-ups and the functions that read balances from them."""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_guards")]

    operations = [
        migrations.RunSQL("GRANT CREATE ON SCHEMA public TO trustfund_ledger"),
        migrations.RunSQL("SET LOCAL ROLE trustfund_ledger"),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL((SQL / "sealing_tables.sql").read_text())],
            state_operations=[
                migrations.CreateModel(
                    name="Seal",
                    fields=[
                        ("n", models.BigIntegerField(primary_key=True, serialize=False)),
                        ("entries", models.IntegerField()),
                        ("size", models.BigIntegerField()),
                        ("root", models.BinaryField()),
                        ("previous", models.BinaryField()),
                        ("hash", models.BinaryField()),
                        ("sealed_at", models.DateTimeField()),
                    ],
                    options={"db_table": "ledger_seal"},
                ),
            ],
        ),
        migrations.RunSQL((SQL / "sealing.sql").read_text()),
        migrations.RunSQL((SQL / "reading.sql").read_text()),
        migrations.RunSQL("RESET ROLE"),
        migrations.RunSQL("REVOKE CREATE ON SCHEMA public FROM trustfund_ledger"),
    ]

"""What PostgreSQL keeps of the books: posting functions, triggers that refuse everybody, and what the application may do."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SQL = Path(__file__).parents[1] / "sql"


def read(name: str) -> migrations.RunSQL:
    """Return the step that runs a file of `ledger/sql`."""
    return migrations.RunSQL((SQL / name).read_text(), migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.RunSQL("SET LOCAL ROLE trustfund_ledger"),
        read("posting.sql"),
        migrations.SeparateDatabaseAndState(
            database_operations=[read("accounts.sql")],
            state_operations=[
                migrations.CreateModel(
                    name="PeriodChange",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("open_from", models.DateField()),
                        ("reopens", models.BooleanField()),
                        ("decision", models.TextField()),
                        ("changed_at", models.DateTimeField()),
                        (
                            "actor",
                            models.ForeignKey(
                                db_column="actor",
                                db_constraint=False,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={"db_table": "ledger_period_change"},
                ),
            ],
        ),
        read("guards.sql"),
        read("grants.sql"),
        migrations.RunSQL("RESET ROLE"),
        # From here on the ledger's functions need to make nothing, and what they find in `public` is only ours.
        migrations.RunSQL("REVOKE CREATE ON SCHEMA public FROM trustfund_ledger"),
    ]

"""
Bring books made before to what `ledger/sql` says now; new ones have it already, and this changes nothing in them.

The files stay the one place to read a table or a function: functions are replaced whole, and tables are altered here.
"""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parents[1] / "sql"


def read(name: str) -> migrations.RunSQL:
    """Return the step that runs a file of `ledger/sql`."""
    return migrations.RunSQL((SQL / name).read_text(), migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_liabilities")]

    operations = [
        migrations.RunSQL("GRANT CREATE ON SCHEMA public TO trustfund_ledger", migrations.RunSQL.noop),
        migrations.RunSQL("SET LOCAL ROLE trustfund_ledger", migrations.RunSQL.noop),
        migrations.RunSQL(
            "ALTER TABLE ledger_line DROP CONSTRAINT ledger_line_pkey, "
            "ADD CONSTRAINT ledger_line_pkey PRIMARY KEY (account, effective_on, entry, leg)",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL("ALTER TABLE ledger_day DROP COLUMN IF EXISTS lines", migrations.RunSQL.noop),
        migrations.RunSQL("ALTER TABLE ledger_day RESET (fillfactor)", migrations.RunSQL.noop),
        migrations.RunSQL("ALTER TABLE ledger_month SET (fillfactor = 50)", migrations.RunSQL.noop),
        read("posting.sql"),
        read("sealing.sql"),
        read("reading.sql"),
        migrations.RunSQL("RESET ROLE", migrations.RunSQL.noop),
        migrations.RunSQL("REVOKE CREATE ON SCHEMA public FROM trustfund_ledger", migrations.RunSQL.noop),
    ]

"""What PostgreSQL keeps of the books: posting functions, triggers that refuse everybody, and what the application may do."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parents[1] / "sql"


def read(name: str) -> migrations.RunSQL:
    """Return the step that runs a file of `ledger/sql`."""
    return migrations.RunSQL((SQL / name).read_text(), migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.RunSQL("SET LOCAL ROLE trustfund_ledger"),
        read("posting.sql"),
        read("accounts.sql"),
        read("guards.sql"),
        read("reading.sql"),
        read("grants.sql"),
        migrations.RunSQL("RESET ROLE"),
        # From here on the ledger's functions need to make nothing, and what they find in `public` is only ours.
        migrations.RunSQL("REVOKE CREATE ON SCHEMA public FROM trustfund_ledger"),
    ]

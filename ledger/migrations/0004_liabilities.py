"""A kind of account for what the fund owes: money that arrived and that nobody has identified yet."""

from django.db import migrations, models

KINDS = """
ALTER TABLE ledger_account DROP CONSTRAINT ledger_account_kind_check;
ALTER TABLE ledger_account ADD CONSTRAINT ledger_account_kind_check CHECK (kind IN ({kinds}));
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_sealing")]

    operations = [
        migrations.RunSQL("SET LOCAL ROLE trustfund_ledger", "SET LOCAL ROLE trustfund_ledger"),
        migrations.RunSQL(
            KINDS.format(kinds="'asset', 'liability', 'income', 'use', 'memorandum'"),
            KINDS.format(kinds="'asset', 'income', 'use', 'memorandum'"),
        ),
        migrations.RunSQL("RESET ROLE", "RESET ROLE"),
        migrations.AlterField(
            model_name="account",
            name="kind",
            field=models.TextField(
                choices=[
                    ("asset", "asset"),
                    ("liability", "liability"),
                    ("income", "income"),
                    ("use", "use"),
                    ("memorandum", "memorandum"),
                ]
            ),
        ),
    ]

"""The mail log only grows."""

from django.db import migrations

from trustfund.core.db import append_only


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial"), ("core", "0002_guards")]

    operations = [append_only("notices_mail")]

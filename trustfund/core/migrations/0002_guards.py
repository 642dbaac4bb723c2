"""What PostgreSQL refuses by itself: changed history, forbidden pairs of roles; and what the application's role may do."""

from django.db import migrations

from trustfund.core.db import append_only
from trustfund.core.roles import FORBIDDEN_PAIRS

REFUSE_CHANGE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % are never changed or removed. Add a correcting row instead.', TG_TABLE_NAME
        USING ERRCODE = 'TF001';
END $$;
"""

FORBIDDEN = """
CREATE FUNCTION refuse_forbidden_pair() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- One grant at a time for each person, so that two grants cannot slip past each other.
    PERFORM 1 FROM core_user WHERE id = NEW.person_id FOR UPDATE;
    IF NEW.ended_at IS NULL AND EXISTS (
        SELECT FROM core_role AS held
        JOIN core_forbiddenpair AS pair
          ON (pair.one = NEW.name AND pair.other = held.name) OR (pair.other = NEW.name AND pair.one = held.name)
        WHERE held.person_id = NEW.person_id AND held.ended_at IS NULL AND held.id IS DISTINCT FROM NEW.id
    ) THEN
        RAISE EXCEPTION 'One person may not hold these roles together.'
            USING ERRCODE = 'TF002', CONSTRAINT = 'a_person_holds_no_forbidden_pair';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER core_role_forbidden_pair BEFORE INSERT OR UPDATE ON core_role
    FOR EACH ROW EXECUTE FUNCTION refuse_forbidden_pair();
"""

# The application's role may work on what the owner makes, now and later; append_only() takes back what it must not.
GRANTS = """
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'trustfund_app') AND current_user <> 'trustfund_app' THEN
        GRANT USAGE ON SCHEMA public TO trustfund_app;
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO trustfund_app;
        GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO trustfund_app;
        ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO trustfund_app;
        ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO trustfund_app;
    END IF;
END $$;
"""


def fill_forbidden_pairs(apps, schema_editor):
    """Write the segregation table as rows, for the trigger to read."""
    pair = apps.get_model("core", "ForbiddenPair")
    pair.objects.bulk_create(
        pair(one=one, other=other) for one, other in sorted(sorted(str(role) for role in roles) for roles in FORBIDDEN_PAIRS)
    )


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [
        migrations.RunSQL(REFUSE_CHANGE, "DROP FUNCTION refuse_change()"),
        migrations.RunSQL(GRANTS, migrations.RunSQL.noop),
        migrations.RunSQL(FORBIDDEN, "DROP TRIGGER core_role_forbidden_pair ON core_role; DROP FUNCTION refuse_forbidden_pair()"),
        migrations.RunPython(fill_forbidden_pairs, migrations.RunPython.noop),
        append_only("core_event"),
        append_only("core_announcement"),
        append_only("core_confirmation"),
        append_only("core_forbiddenpair"),
    ]

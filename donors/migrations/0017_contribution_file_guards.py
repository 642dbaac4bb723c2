"""What PostgreSQL keeps of files of contributions: their bytes stand, work on them only goes forward, fates only grow."""

from django.db import migrations

from trustfund.core.db import APPLICATION_ROLE, append_only

FORWARD = f"""
CREATE FUNCTION donors_refuse_changed_file() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moves text[] := ARRAY['started_by_id', 'started_at', 'done', 'moved_at', 'finished_at'];
BEGIN
    IF OLD.finished_at IS NOT NULL OR to_jsonb(OLD) - moves IS DISTINCT FROM to_jsonb(NEW) - moves
       OR NEW.done < OLD.done
       OR (OLD.started_at IS NOT NULL
           AND (OLD.started_by_id, OLD.started_at) IS DISTINCT FROM (NEW.started_by_id, NEW.started_at))
       OR (NEW.finished_at IS NOT NULL
           AND (SELECT count(*) FROM donors_contributionfate WHERE file_id = NEW.id) <> NEW.total)
    THEN
        RAISE EXCEPTION 'File % stands as it was brought; it is brought over once, to its last row.', OLD.reference
            USING ERRCODE = 'TF354', CONSTRAINT = 'a_contribution_file_stands';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER donors_contribution_file_stands_always BEFORE UPDATE ON donors_contributionfile
    FOR EACH ROW EXECUTE FUNCTION donors_refuse_changed_file();
ALTER TABLE donors_contributionfile ENABLE ALWAYS TRIGGER donors_contribution_file_stands_always;
CREATE TRIGGER donors_contributionfile_is_kept_always BEFORE DELETE ON donors_contributionfile
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER donors_contributionfile_is_not_emptied BEFORE TRUNCATE ON donors_contributionfile
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE donors_contributionfile ENABLE ALWAYS TRIGGER donors_contributionfile_is_kept_always;
ALTER TABLE donors_contributionfile ENABLE ALWAYS TRIGGER donors_contributionfile_is_not_emptied;
DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{APPLICATION_ROLE}') THEN
        EXECUTE 'REVOKE DELETE, TRUNCATE ON donors_contributionfile FROM {APPLICATION_ROLE}';
    END IF;
END $$;
"""
BACK = """
DROP TRIGGER donors_contributionfile_is_not_emptied ON donors_contributionfile;
DROP TRIGGER donors_contributionfile_is_kept_always ON donors_contributionfile;
DROP TRIGGER donors_contribution_file_stands_always ON donors_contributionfile;
DROP FUNCTION donors_refuse_changed_file();
"""


class Migration(migrations.Migration):
    dependencies = [("donors", "0016_contribution_files"), ("core", "0002_guards")]

    operations = [migrations.RunSQL(FORWARD, BACK), append_only("donors_contributionfate")]

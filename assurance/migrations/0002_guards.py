"""What PostgreSQL keeps of statements by itself: requests and documents only grow, and what is issued stays issued."""

from django.db import migrations

from trustfund.core.db import append_only

PROGRESS = """
CREATE FUNCTION assurance_guard_progress() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'issued' THEN
        RAISE EXCEPTION 'What was issued stays issued.'
            USING ERRCODE = 'TF501', CONSTRAINT = 'what_was_issued_stays_issued';
    END IF;
    IF NEW.state = 'issued' AND NOT EXISTS (
        SELECT FROM assurance_issueddocument WHERE statement_id = NEW.statement_id
    ) THEN
        RAISE EXCEPTION 'A statement is issued by its document.'
            USING ERRCODE = 'TF502', CONSTRAINT = 'a_statement_is_issued_by_its_document';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER assurance_progress_moves_forward BEFORE UPDATE ON assurance_statementprogress
    FOR EACH ROW EXECUTE FUNCTION assurance_guard_progress();
CREATE TRIGGER assurance_progress_stays BEFORE DELETE ON assurance_statementprogress
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

UNDO_PROGRESS = """
DROP TRIGGER assurance_progress_stays ON assurance_statementprogress;
DROP TRIGGER assurance_progress_moves_forward ON assurance_statementprogress;
DROP FUNCTION assurance_guard_progress();
"""


class Migration(migrations.Migration):
    dependencies = [("assurance", "0001_initial"), ("core", "0002_guards")]

    operations = [
        migrations.RunSQL(PROGRESS, UNDO_PROGRESS),
        append_only("assurance_statement"),
        append_only("assurance_issueddocument"),
    ]

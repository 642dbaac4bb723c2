"""What PostgreSQL keeps of reports and closures: nothing is rewritten, nobody reviews their own, no state without its step."""

from django.db import migrations

from trustfund.core.db import append_only

REVIEWS = """
CREATE FUNCTION disbursements_guard_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- One review of a report at a time, so that two cannot slip past each other.
    PERFORM pg_advisory_xact_lock(hashtext('disbursements_report' || NEW.report_id));
    IF EXISTS (SELECT FROM disbursements_report WHERE id = NEW.report_id AND submitted_by_id = NEW.by_id) THEN
        RAISE EXCEPTION 'Nobody reviews the report that they handed in.'
            USING ERRCODE = 'TF611', CONSTRAINT = 'nobody_reviews_their_own_report';
    END IF;
    IF EXISTS (SELECT FROM disbursements_reportreview WHERE report_id = NEW.report_id AND NOT accepts)
       OR (SELECT count(*) FROM disbursements_reportreview WHERE report_id = NEW.report_id) >= 2 THEN
        RAISE EXCEPTION 'A report that was accepted or sent back is not reviewed again.'
            USING ERRCODE = 'TF612', CONSTRAINT = 'a_review_comes_before_the_end';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER disbursements_reportreview_guard_always BEFORE INSERT ON disbursements_reportreview
    FOR EACH ROW EXECUTE FUNCTION disbursements_guard_review();
ALTER TABLE disbursements_reportreview ENABLE ALWAYS TRIGGER disbursements_reportreview_guard_always;
"""

CLOSURES = """
CREATE FUNCTION disbursements_guard_closure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW."to" = 'financially_closed' AND EXISTS (
        SELECT FROM disbursements_closurestep WHERE programme_id = NEW.programme_id AND by_id = NEW.by_id
    ) THEN
        RAISE EXCEPTION 'Who closed the work of a programme does not close its accounts.'
            USING ERRCODE = 'TF613', CONSTRAINT = 'nobody_closes_both_work_and_accounts';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER disbursements_closurestep_guard_always BEFORE INSERT ON disbursements_closurestep
    FOR EACH ROW EXECUTE FUNCTION disbursements_guard_closure();
ALTER TABLE disbursements_closurestep ENABLE ALWAYS TRIGGER disbursements_closurestep_guard_always;

CREATE FUNCTION disbursements_guard_programme_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status IS DISTINCT FROM OLD.status
       AND NEW.status IN ('operationally_closed', 'refund_due', 'financially_closed', 'audited')
       AND NOT EXISTS (
           SELECT FROM disbursements_closurestep AS step WHERE step.programme_id = NEW.id AND step."to" = NEW.status
       ) THEN
        RAISE EXCEPTION 'A programme comes nearer to its end only by a step that somebody took.'
            USING ERRCODE = 'TF614', CONSTRAINT = 'a_programme_ends_step_by_step';
    END IF;
    IF OLD.status IN ('operationally_closed', 'refund_due', 'financially_closed', 'audited')
       AND NEW.status NOT IN ('operationally_closed', 'refund_due', 'financially_closed', 'audited') THEN
        RAISE EXCEPTION 'What has ended does not begin again; open a new programme.'
            USING ERRCODE = 'TF614', CONSTRAINT = 'a_programme_ends_step_by_step';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER disbursements_programme_end_always BEFORE UPDATE OF status ON disbursements_programme
    FOR EACH ROW EXECUTE FUNCTION disbursements_guard_programme_end();
ALTER TABLE disbursements_programme ENABLE ALWAYS TRIGGER disbursements_programme_end_always;
"""


def undo(*functions: str) -> str:
    """Return the statements that take guards away again, with every trigger that uses them."""
    return "".join(f"DROP FUNCTION {name}() CASCADE;" for name in functions)


class Migration(migrations.Migration):
    dependencies = [("disbursements", "0008_reports")]

    operations = [
        migrations.RunSQL(REVIEWS, undo("disbursements_guard_review")),
        migrations.RunSQL(CLOSURES, undo("disbursements_guard_closure", "disbursements_guard_programme_end")),
        append_only("disbursements_report"),
        append_only("disbursements_reportline"),
        append_only("disbursements_reportreview"),
        append_only("disbursements_closurestep"),
        append_only("disbursements_refundclaim"),
    ]

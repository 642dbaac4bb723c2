"""What PostgreSQL refuses by itself: changed versions, splits that are not 100 %, budgets and tranches that do not add up."""

from django.db import migrations

from trustfund.core.db import append_only

# At commit, because the shares of a programme come one row at a time.
WHOLE = """
CREATE FUNCTION refuse_split_that_is_not_whole() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    programme uuid;
BEGIN
    IF TG_TABLE_NAME = 'disbursements_programme' THEN
        programme := NEW.id;
    ELSE
        programme := COALESCE(NEW.programme_id, OLD.programme_id);
    END IF;
    IF (SELECT COALESCE(sum(percent), 0) FROM disbursements_blockshare WHERE programme_id = programme) <> 100 THEN
        RAISE EXCEPTION 'The building blocks of a programme add up to exactly 100 percent.'
            USING ERRCODE = 'TF401', CONSTRAINT = 'building_blocks_add_up_to_100';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER building_blocks_add_up_to_100_always AFTER INSERT OR UPDATE OR DELETE ON disbursements_blockshare
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_split_that_is_not_whole();
CREATE CONSTRAINT TRIGGER a_programme_is_split_always AFTER INSERT ON disbursements_programme
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_split_that_is_not_whole();
ALTER TABLE disbursements_blockshare ENABLE ALWAYS TRIGGER building_blocks_add_up_to_100_always;
ALTER TABLE disbursements_programme ENABLE ALWAYS TRIGGER a_programme_is_split_always;
"""

NOT_WHOLE = """
DROP TRIGGER a_programme_is_split_always ON disbursements_programme;
DROP TRIGGER building_blocks_add_up_to_100_always ON disbursements_blockshare;
DROP FUNCTION refuse_split_that_is_not_whole();
"""

ADDS_UP = """
CREATE FUNCTION refuse_version_that_does_not_add_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    subject uuid;
    version disbursements_proposalversion%ROWTYPE;
    direct numeric;
    indirect numeric;
    planned numeric;
BEGIN
    IF TG_TABLE_NAME = 'disbursements_proposalversion' THEN
        subject := NEW.id;
    ELSE
        subject := NEW.version_id;
    END IF;
    SELECT * INTO version FROM disbursements_proposalversion WHERE id = subject;
    SELECT COALESCE(sum(amount_minor) FILTER (WHERE category <> 8), 0), COALESCE(sum(amount_minor) FILTER (WHERE category = 8), 0)
        INTO direct, indirect FROM disbursements_budgetline WHERE version_id = subject AND currency = version.currency;
    SELECT COALESCE(sum(amount_minor), 0) INTO planned
        FROM disbursements_plannedtranche WHERE version_id = subject AND currency = version.currency;
    IF direct <> version.direct_minor OR indirect <> version.indirect_minor THEN
        RAISE EXCEPTION 'The budget lines of a version add up to its direct and indirect amounts.'
            USING ERRCODE = 'TF402', CONSTRAINT = 'budget_lines_add_up';
    END IF;
    IF planned <> version.amount_minor THEN
        RAISE EXCEPTION 'The planned tranches of a version add up to its amount.'
            USING ERRCODE = 'TF402', CONSTRAINT = 'planned_tranches_add_up';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER a_version_adds_up_always AFTER INSERT ON disbursements_proposalversion
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_version_that_does_not_add_up();
CREATE CONSTRAINT TRIGGER budget_lines_add_up_always AFTER INSERT ON disbursements_budgetline
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_version_that_does_not_add_up();
CREATE CONSTRAINT TRIGGER planned_tranches_add_up_always AFTER INSERT ON disbursements_plannedtranche
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_version_that_does_not_add_up();
ALTER TABLE disbursements_proposalversion ENABLE ALWAYS TRIGGER a_version_adds_up_always;
ALTER TABLE disbursements_budgetline ENABLE ALWAYS TRIGGER budget_lines_add_up_always;
ALTER TABLE disbursements_plannedtranche ENABLE ALWAYS TRIGGER planned_tranches_add_up_always;
"""

NOT_ADDS_UP = """
DROP TRIGGER planned_tranches_add_up_always ON disbursements_plannedtranche;
DROP TRIGGER budget_lines_add_up_always ON disbursements_budgetline;
DROP TRIGGER a_version_adds_up_always ON disbursements_proposalversion;
DROP FUNCTION refuse_version_that_does_not_add_up();
"""

# What the committee approved stays as it was approved; only how far a tranche has come changes.
TRANCHE = """
CREATE FUNCTION refuse_other_tranche() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'A tranche is never removed.' USING ERRCODE = 'TF403', CONSTRAINT = 'a_tranche_stays_as_approved';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (
            SELECT FROM disbursements_plannedtranche AS plan
            WHERE plan.version_id = NEW.version_id AND plan.number = NEW.number AND plan.amount_minor = NEW.amount_minor
              AND plan.currency = NEW.currency AND plan.condition = NEW.condition
        ) THEN
            RAISE EXCEPTION 'A tranche is one that the approved version planned.'
                USING ERRCODE = 'TF403', CONSTRAINT = 'a_tranche_was_planned';
        END IF;
    ELSIF (NEW.id, NEW.proposal_id, NEW.version_id, NEW.reference, NEW.number, NEW.title, NEW.condition, NEW.expected_on,
           NEW.amount_minor, NEW.currency)
        IS DISTINCT FROM (OLD.id, OLD.proposal_id, OLD.version_id, OLD.reference, OLD.number, OLD.title, OLD.condition,
                          OLD.expected_on, OLD.amount_minor, OLD.currency) THEN
        RAISE EXCEPTION 'A tranche stays as the committee approved it.'
            USING ERRCODE = 'TF403', CONSTRAINT = 'a_tranche_stays_as_approved';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_tranche_stays_as_approved_always BEFORE INSERT OR UPDATE OR DELETE ON disbursements_tranche
    FOR EACH ROW EXECUTE FUNCTION refuse_other_tranche();
ALTER TABLE disbursements_tranche ENABLE ALWAYS TRIGGER a_tranche_stays_as_approved_always;
"""

NOT_TRANCHE = """
DROP TRIGGER a_tranche_stays_as_approved_always ON disbursements_tranche;
DROP FUNCTION refuse_other_tranche();
"""


class Migration(migrations.Migration):
    dependencies = [("disbursements", "0001_initial"), ("core", "0002_guards")]

    operations = [
        append_only("disbursements_proposalversion"),
        append_only("disbursements_budgetline"),
        append_only("disbursements_plannedtranche"),
        append_only("disbursements_publishedproject"),
        migrations.RunSQL(WHOLE, NOT_WHOLE),
        migrations.RunSQL(ADDS_UP, NOT_ADDS_UP),
        migrations.RunSQL(TRANCHE, NOT_TRANCHE),
    ]

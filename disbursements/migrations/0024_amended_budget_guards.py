"""What PostgreSQL refuses of amended budgets: another total, too much indirect cost, anything added after the vote."""

from django.db import migrations

from trustfund.core.db import append_only

AS_READ = """
CREATE FUNCTION refuse_addition_to_amendment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM disbursements_amendment AS amendment JOIN committee_motion AS motion ON motion.id = amendment.motion_id
        WHERE amendment.id = NEW.amendment_id AND amendment.status = 'asked'
          AND NOT EXISTS (SELECT FROM committee_ballot AS ballot WHERE ballot.motion_id = motion.id)
    ) THEN
        RAISE EXCEPTION 'An amendment stays as the committee read it.'
            USING ERRCODE = 'TF435', CONSTRAINT = 'only_a_decision_amends';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER an_amended_line_comes_before_the_vote_always BEFORE INSERT ON disbursements_amendedline
    FOR EACH ROW EXECUTE FUNCTION refuse_addition_to_amendment();
CREATE TRIGGER an_amended_tranche_comes_before_the_vote_always BEFORE INSERT ON disbursements_amendedtranche
    FOR EACH ROW EXECUTE FUNCTION refuse_addition_to_amendment();
ALTER TABLE disbursements_amendedline ENABLE ALWAYS TRIGGER an_amended_line_comes_before_the_vote_always;
ALTER TABLE disbursements_amendedtranche ENABLE ALWAYS TRIGGER an_amended_tranche_comes_before_the_vote_always;
"""

NOT_AS_READ = """
DROP TRIGGER an_amended_tranche_comes_before_the_vote_always ON disbursements_amendedtranche;
DROP TRIGGER an_amended_line_comes_before_the_vote_always ON disbursements_amendedline;
DROP FUNCTION refuse_addition_to_amendment();
"""

# At commit, because the categories of a budget come one row at a time. What was is the budget of the last amendment that
# came into force before this one was asked for, or else of the version that was approved.
ADDS_UP = """
CREATE FUNCTION refuse_amended_budget_that_does_not_add_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    proposal disbursements_proposal%ROWTYPE;
    earlier uuid;
    direct numeric;
    indirect numeric;
BEGIN
    SELECT asked.* INTO proposal FROM disbursements_proposal AS asked
        JOIN disbursements_amendment AS amendment ON amendment.proposal_id = asked.id WHERE amendment.id = NEW.amendment_id;
    SELECT COALESCE(sum(after_minor) FILTER (WHERE category <> 8), 0), COALESCE(sum(after_minor) FILTER (WHERE category = 8), 0)
        INTO direct, indirect FROM disbursements_amendedline
        WHERE amendment_id = NEW.amendment_id AND currency = proposal.currency;
    IF direct + indirect <> proposal.amount_minor THEN
        RAISE EXCEPTION 'Money moves between categories, and the total stays as it was approved.'
            USING ERRCODE = 'TF436', CONSTRAINT = 'an_amended_budget_keeps_its_total';
    END IF;
    IF indirect * 100 > direct * 7 THEN
        RAISE EXCEPTION 'Indirect support is at most 7 percent of direct cost.'
            USING ERRCODE = 'TF436', CONSTRAINT = 'indirect_is_at_most_7_percent_of_direct';
    END IF;
    SELECT other.id INTO earlier FROM disbursements_amendment AS other
        JOIN disbursements_amendment AS this ON this.id = NEW.amendment_id AND this.proposal_id = other.proposal_id
        WHERE other.status = 'in_force' AND other.asked_at < this.asked_at AND EXISTS (
            SELECT FROM disbursements_amendedline AS line WHERE line.amendment_id = other.id
        )
        ORDER BY other.asked_at DESC LIMIT 1;
    IF EXISTS (
        SELECT FROM (
            SELECT category, after_minor AS minor FROM disbursements_amendedline
            WHERE amendment_id = earlier AND after_minor > 0
            UNION ALL
            SELECT line.category, line.amount_minor FROM disbursements_budgetline AS line
            JOIN disbursements_proposalversion AS version ON version.id = line.version_id
            WHERE earlier IS NULL AND version.proposal_id = proposal.id AND version.number = proposal.current_number
        ) AS stood FULL JOIN (
            SELECT category, before_minor AS minor FROM disbursements_amendedline
            WHERE amendment_id = NEW.amendment_id AND before_minor > 0
        ) AS said USING (category, minor)
        WHERE stood.minor IS NULL OR said.minor IS NULL
    ) THEN
        RAISE EXCEPTION 'An amendment names the budget as it stood.'
            USING ERRCODE = 'TF436', CONSTRAINT = 'an_amendment_names_the_budget_as_it_stood';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER an_amended_budget_keeps_its_total_always AFTER INSERT ON disbursements_amendedline
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_amended_budget_that_does_not_add_up();
ALTER TABLE disbursements_amendedline ENABLE ALWAYS TRIGGER an_amended_budget_keeps_its_total_always;
"""

NOT_ADDS_UP = """
DROP TRIGGER an_amended_budget_keeps_its_total_always ON disbursements_amendedline;
DROP FUNCTION refuse_amended_budget_that_does_not_add_up();
"""


class Migration(migrations.Migration):
    dependencies = [("disbursements", "0023_amended_budgets")]

    operations = [
        append_only("disbursements_amendedline"),
        migrations.RunSQL(AS_READ, NOT_AS_READ),
        migrations.RunSQL(ADDS_UP, NOT_ADDS_UP),
    ]

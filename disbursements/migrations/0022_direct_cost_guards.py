"""No cost of the fund is charged without the decision that carried it, nor by who asked for it."""

from django.db import migrations

from trustfund.core.db import append_only

CHARGED = """
CREATE FUNCTION refuse_cost_that_was_not_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM committee_decision AS decision
        JOIN committee_motion AS motion ON motion.id = decision.motion_id
        JOIN disbursements_directcost AS cost ON cost.id = motion.subject
        WHERE decision.reference = NEW.decision AND decision.outcome = 'carried' AND motion.kind = 'direct_cost'
          AND cost.id = NEW.cost_id AND (motion.amount_minor, motion.currency) = (cost.amount_minor, cost.currency)
    ) THEN
        RAISE EXCEPTION 'The committee carried no such decision.'
            USING ERRCODE = 'TF415', CONSTRAINT = 'the_committee_decided_it';
    END IF;
    IF EXISTS (SELECT FROM disbursements_directcost WHERE id = NEW.cost_id AND asked_by_id = NEW.charged_by_id) THEN
        RAISE EXCEPTION 'Who asked for a cost does not charge it.'
            USING ERRCODE = 'TF415', CONSTRAINT = 'nobody_charges_a_cost_they_asked_for';
    END IF;
    IF NOT EXISTS (SELECT FROM core_confirmation WHERE id = NEW.confirmation_id AND person_id = NEW.charged_by_id) THEN
        RAISE EXCEPTION 'A second factor belongs to the person who charges.'
            USING ERRCODE = 'TF415', CONSTRAINT = 'a_second_factor_is_ones_own';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER the_committee_decided_it_always BEFORE INSERT ON disbursements_directcostcharged
    FOR EACH ROW EXECUTE FUNCTION refuse_cost_that_was_not_decided();
ALTER TABLE disbursements_directcostcharged ENABLE ALWAYS TRIGGER the_committee_decided_it_always;
"""

NOT_CHARGED = """
DROP TRIGGER the_committee_decided_it_always ON disbursements_directcostcharged;
DROP FUNCTION refuse_cost_that_was_not_decided();
"""


class Migration(migrations.Migration):
    dependencies = [("disbursements", "0021_direct_costs"), ("committee", "0003_matters"), ("core", "0002_guards")]

    operations = [
        append_only("disbursements_directcost"),
        append_only("disbursements_directcostcharged"),
        migrations.RunSQL(CHARGED, NOT_CHARGED),
    ]

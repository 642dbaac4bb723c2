"""What PostgreSQL refuses of amendments: one without a decision, another end or condition than was decided."""

from django.db import migrations

from trustfund.core.db import append_only, never_removed

AMENDMENT = """
CREATE FUNCTION refuse_amendment_without_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND ((NEW.id, NEW.reference, NEW.proposal_id, NEW.reason, NEW.ends_on, NEW.motion_id,
                              NEW.asked_by_id, NEW.asked_at)
        IS DISTINCT FROM (OLD.id, OLD.reference, OLD.proposal_id, OLD.reason, OLD.ends_on, OLD.motion_id,
                          OLD.asked_by_id, OLD.asked_at)
        OR OLD.status <> 'asked') THEN
        RAISE EXCEPTION 'An amendment stays as the committee read it.'
            USING ERRCODE = 'TF435', CONSTRAINT = 'only_a_decision_amends';
    END IF;
    IF NEW.status = 'in_force' AND NOT EXISTS (
        SELECT FROM committee_motion AS motion JOIN committee_decision AS decision ON decision.motion_id = motion.id
        WHERE motion.id = NEW.motion_id AND motion.subject = NEW.id AND motion.kind = 'amend'
          AND decision.outcome = 'carried' AND decision.reference = NEW.decision
    ) THEN
        RAISE EXCEPTION 'Only a decision of the committee amends what it approved.'
            USING ERRCODE = 'TF435', CONSTRAINT = 'only_a_decision_amends';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER only_a_decision_amends_always BEFORE INSERT OR UPDATE ON disbursements_amendment
    FOR EACH ROW EXECUTE FUNCTION refuse_amendment_without_decision();
ALTER TABLE disbursements_amendment ENABLE ALWAYS TRIGGER only_a_decision_amends_always;

CREATE FUNCTION refuse_other_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.ends_on IS DISTINCT FROM OLD.ends_on AND NOT EXISTS (
        SELECT FROM disbursements_amendment AS amendment
        JOIN disbursements_proposal AS proposal ON proposal.id = amendment.proposal_id
        WHERE proposal.programme_id = NEW.id AND amendment.status = 'in_force' AND amendment.ends_on = NEW.ends_on
    ) THEN
        RAISE EXCEPTION 'The end of a programme moves by a decision of the committee alone.'
            USING ERRCODE = 'TF435', CONSTRAINT = 'only_a_decision_amends';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_programmes_end_moves_by_decision_always BEFORE UPDATE ON disbursements_programme
    FOR EACH ROW EXECUTE FUNCTION refuse_other_end();
ALTER TABLE disbursements_programme ENABLE ALWAYS TRIGGER a_programmes_end_moves_by_decision_always;
"""

NOT_AMENDMENT = """
DROP TRIGGER a_programmes_end_moves_by_decision_always ON disbursements_programme;
DROP FUNCTION refuse_other_end();
DROP TRIGGER only_a_decision_amends_always ON disbursements_amendment;
DROP FUNCTION refuse_amendment_without_decision();
"""

# As before, and besides: the condition and the day change to what a carried amendment says, until the condition is met.
TRANCHE = """
CREATE OR REPLACE FUNCTION refuse_other_tranche() RETURNS trigger LANGUAGE plpgsql AS $$
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
    ELSIF (NEW.id, NEW.proposal_id, NEW.version_id, NEW.reference, NEW.number, NEW.title, NEW.amount_minor, NEW.currency)
        IS DISTINCT FROM (OLD.id, OLD.proposal_id, OLD.version_id, OLD.reference, OLD.number, OLD.title,
                          OLD.amount_minor, OLD.currency)
        OR ((NEW.condition, NEW.expected_on) IS DISTINCT FROM (OLD.condition, OLD.expected_on) AND NOT (
            OLD.status IN ('planned', 'suspended') AND OLD.condition_met_at IS NULL AND EXISTS (
                SELECT FROM disbursements_amendedtranche AS amended
                JOIN disbursements_amendment AS amendment ON amendment.id = amended.amendment_id
                WHERE amended.tranche_id = NEW.id AND amended.condition = NEW.condition
                  AND amended.expected_on = NEW.expected_on AND amendment.status = 'in_force'
            )
        )) THEN
        RAISE EXCEPTION 'A tranche stays as the committee approved it.'
            USING ERRCODE = 'TF403', CONSTRAINT = 'a_tranche_stays_as_approved';
    END IF;
    RETURN NEW;
END $$;
"""

TRANCHE_BEFORE = """
CREATE OR REPLACE FUNCTION refuse_other_tranche() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""


class Migration(migrations.Migration):
    dependencies = [("disbursements", "0016_amendments")]

    operations = [
        append_only("disbursements_amendedtranche"),
        never_removed("disbursements_amendment"),
        migrations.RunSQL(AMENDMENT, NOT_AMENDMENT),
        migrations.RunSQL(TRANCHE, TRANCHE_BEFORE),
    ]

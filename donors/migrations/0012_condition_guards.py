"""What PostgreSQL keeps of conditions and holds: nothing held or unmet comes into the books, no rule changes."""

from django.db import migrations

from trustfund.core.db import append_only, never_removed

PLEDGE = """
CREATE OR REPLACE FUNCTION donors_refuse_changed_pledge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.id, OLD.reference, OLD.donor_id, OLD.currency, OLD.payment_currency, OLD.announced_on,
        OLD.external_reference, OLD.words, OLD.recorded_by_id, OLD.recorded_at)
       IS DISTINCT FROM
       (NEW.id, NEW.reference, NEW.donor_id, NEW.currency, NEW.payment_currency, NEW.announced_on,
        NEW.external_reference, NEW.words, NEW.recorded_by_id, NEW.recorded_at)
       OR (OLD.status <> 'announced' AND NEW.status = 'announced')
       OR (OLD.status IN ('announced', 'conditional') AND OLD.minor <> NEW.minor)
       OR (OLD.status NOT IN ('announced', 'conditional')
           AND (NEW.status = 'conditional' OR OLD.signed_on IS DISTINCT FROM NEW.signed_on))
    THEN
        RAISE EXCEPTION 'What pledge % promises is never changed.', OLD.reference
            USING ERRCODE = 'TF305', CONSTRAINT = 'a_promise_stands';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION donors_is_decided(about uuid, its_kind text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM committee_decision AS decision JOIN committee_motion AS motion ON motion.id = decision.motion_id
        WHERE motion.subject = about AND motion.kind = its_kind AND decision.outcome = 'carried')
$$;

CREATE FUNCTION donors_refuse_held_pledge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.status NOT IN ('announced', 'conditional') THEN
        RETURN NEW;
    END IF;
    IF NEW.status <> 'announced' AND EXISTS (
        SELECT FROM donors_hold AS held LEFT JOIN donors_agreement AS version ON version.id = held.agreement_id
        WHERE held.accepted_at IS NULL AND held.of IN ('agreement', 'pledge') AND (held.pledge_id = NEW.id
            OR version.reference = (SELECT reference FROM donors_agreement WHERE id = NEW.agreement_id)))
    THEN
        RAISE EXCEPTION 'Pledge % is held: its text or its agreement names an earmark.', NEW.reference
            USING ERRCODE = 'TF330', CONSTRAINT = 'what_is_held_is_not_signed';
    END IF;
    IF NEW.status = 'conditional' AND NOT EXISTS (SELECT FROM donors_condition WHERE pledge_id = NEW.id) THEN
        RAISE EXCEPTION 'Pledge % is conditional without a condition.', NEW.reference
            USING ERRCODE = 'TF331', CONSTRAINT = 'a_condition_is_met_before_its_pledge_counts';
    END IF;
    IF NEW.status NOT IN ('announced', 'conditional')
       AND EXISTS (SELECT FROM donors_condition WHERE pledge_id = NEW.id AND met_at IS NULL)
       AND NOT donors_is_decided(NEW.id, 'condition')
    THEN
        RAISE EXCEPTION 'A condition of pledge % is not met.', NEW.reference
            USING ERRCODE = 'TF331', CONSTRAINT = 'a_condition_is_met_before_its_pledge_counts';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER donors_pledge_free_always BEFORE INSERT OR UPDATE ON donors_pledge
    FOR EACH ROW EXECUTE FUNCTION donors_refuse_held_pledge();
ALTER TABLE donors_pledge ENABLE ALWAYS TRIGGER donors_pledge_free_always;
"""
OLD_PLEDGE = """
DROP TRIGGER donors_pledge_free_always ON donors_pledge;
DROP FUNCTION donors_refuse_held_pledge();
DROP FUNCTION donors_is_decided(uuid, text);

CREATE OR REPLACE FUNCTION donors_refuse_changed_pledge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.id, OLD.reference, OLD.donor_id, OLD.currency, OLD.payment_currency, OLD.announced_on,
        OLD.external_reference, OLD.recorded_by_id, OLD.recorded_at)
       IS DISTINCT FROM
       (NEW.id, NEW.reference, NEW.donor_id, NEW.currency, NEW.payment_currency, NEW.announced_on,
        NEW.external_reference, NEW.recorded_by_id, NEW.recorded_at)
       OR (OLD.status <> 'announced' AND NEW.status = 'announced')
       OR (OLD.status IN ('announced', 'conditional') AND OLD.minor <> NEW.minor)
       OR (OLD.status NOT IN ('announced', 'conditional')
           AND (NEW.status = 'conditional' OR OLD.signed_on IS DISTINCT FROM NEW.signed_on))
    THEN
        RAISE EXCEPTION 'What pledge % promises is never changed.', OLD.reference
            USING ERRCODE = 'TF305', CONSTRAINT = 'a_promise_stands';
    END IF;
    RETURN NEW;
END $$;
"""

# A rule is written before its pledge is conditional and never changes; evidence is confirmed once and then stands.
CONDITION = """
CREATE FUNCTION donors_refuse_late_condition() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stands text;
BEGIN
    SELECT status INTO stands FROM donors_pledge WHERE id = NEW.pledge_id FOR NO KEY UPDATE;
    IF coalesce(stands, 'announced') <> 'announced' OR NEW.met_at IS NOT NULL OR NEW.shown_at IS NOT NULL THEN
        RAISE EXCEPTION 'Conditions are written down before their pledge, and are met afterwards.'
            USING ERRCODE = 'TF332', CONSTRAINT = 'a_condition_stands';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER donors_condition_in_time_always BEFORE INSERT ON donors_condition
    FOR EACH ROW EXECUTE FUNCTION donors_refuse_late_condition();
ALTER TABLE donors_condition ENABLE ALWAYS TRIGGER donors_condition_in_time_always;

CREATE FUNCTION donors_refuse_changed_condition() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moves text[] := ARRAY['evidence', 'happened_on', 'shown_by_id', 'shown_at', 'met_on', 'met_by_id', 'met_at'];
BEGIN
    IF OLD.met_at IS NOT NULL OR to_jsonb(OLD) - moves IS DISTINCT FROM to_jsonb(NEW) - moves
       OR (NEW.met_at IS NOT NULL AND (OLD.evidence, OLD.happened_on, OLD.shown_by_id, OLD.shown_at)
           IS DISTINCT FROM (NEW.evidence, NEW.happened_on, NEW.shown_by_id, NEW.shown_at))
    THEN
        RAISE EXCEPTION 'A condition stands as it was agreed, and is met once.'
            USING ERRCODE = 'TF332', CONSTRAINT = 'a_condition_stands';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER donors_condition_stands_always BEFORE UPDATE ON donors_condition
    FOR EACH ROW EXECUTE FUNCTION donors_refuse_changed_condition();
ALTER TABLE donors_condition ENABLE ALWAYS TRIGGER donors_condition_stands_always;
"""
DROP_CONDITION = """
DROP TRIGGER donors_condition_stands_always ON donors_condition;
DROP TRIGGER donors_condition_in_time_always ON donors_condition;
DROP FUNCTION donors_refuse_changed_condition();
DROP FUNCTION donors_refuse_late_condition();
"""

# What was found stands; only the committee's decision on this very hold lets it go, once.
HOLD = """
CREATE FUNCTION donors_refuse_changed_hold() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    moves text[] := ARRAY['accepted_by_id', 'accepted_at', 'decision'];
BEGIN
    IF OLD.accepted_at IS NOT NULL OR NEW.accepted_at IS NULL
       OR to_jsonb(OLD) - moves IS DISTINCT FROM to_jsonb(NEW) - moves
       OR NOT donors_is_decided(NEW.id, 'preference')
    THEN
        RAISE EXCEPTION 'What % holds is let go by the committee alone.', OLD.reference
            USING ERRCODE = 'TF333', CONSTRAINT = 'only_the_committee_accepts_a_preference';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER donors_hold_stands_always BEFORE UPDATE ON donors_hold
    FOR EACH ROW EXECUTE FUNCTION donors_refuse_changed_hold();
ALTER TABLE donors_hold ENABLE ALWAYS TRIGGER donors_hold_stands_always;

CREATE FUNCTION donors_refuse_accepted_hold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.accepted_at IS NOT NULL THEN
        RAISE EXCEPTION 'A text is held before the committee decides on it.'
            USING ERRCODE = 'TF333', CONSTRAINT = 'only_the_committee_accepts_a_preference';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER donors_hold_begins_always BEFORE INSERT ON donors_hold
    FOR EACH ROW EXECUTE FUNCTION donors_refuse_accepted_hold();
ALTER TABLE donors_hold ENABLE ALWAYS TRIGGER donors_hold_begins_always;
"""
DROP_HOLD = """
DROP TRIGGER donors_hold_begins_always ON donors_hold;
DROP TRIGGER donors_hold_stands_always ON donors_hold;
DROP FUNCTION donors_refuse_accepted_hold();
DROP FUNCTION donors_refuse_changed_hold();
"""


class Migration(migrations.Migration):
    dependencies = [("donors", "0011_conditions_holds_cap"), ("committee", "0003_matters")]

    operations = [
        migrations.RunSQL(PLEDGE, OLD_PLEDGE),
        migrations.RunSQL(CONDITION, DROP_CONDITION),
        migrations.RunSQL(HOLD, DROP_HOLD),
        append_only("donors_donorcap"),
        append_only("donors_sharequestion"),
        never_removed("donors_condition"),
        never_removed("donors_hold"),
    ]

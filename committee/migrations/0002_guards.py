"""What PostgreSQL keeps of the committee by itself: who may vote, when, on what, and that nothing is rewritten."""

from django.db import migrations

from trustfund.core.db import append_only

# Every check locks the motion's row for share first, so that a close and a vote cannot slip past each other.
BALLOTS = """
CREATE FUNCTION committee_guard_ballot() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    motion committee_motion%ROWTYPE;
    earlier committee_ballot%ROWTYPE;
    confirmed core_confirmation%ROWTYPE;
BEGIN
    SELECT * INTO motion FROM committee_motion WHERE id = NEW.motion_id FOR SHARE;
    IF motion.status <> 'open' THEN
        RAISE EXCEPTION 'The motion is no longer open.'
            USING ERRCODE = 'TF201', CONSTRAINT = 'a_ballot_is_cast_on_an_open_motion';
    END IF;
    IF NEW.cast_at < motion.opened_at OR NEW.cast_at >= motion.closes_at THEN
        RAISE EXCEPTION 'A ballot is cast after the motion opens and before it closes.'
            USING ERRCODE = 'TF202', CONSTRAINT = 'a_ballot_is_cast_in_time';
    END IF;
    IF NEW.version <> motion.version THEN
        RAISE EXCEPTION 'A ballot is about the version that was moved.'
            USING ERRCODE = 'TF203', CONSTRAINT = 'a_ballot_is_about_the_version_moved';
    END IF;
    IF NEW.member_id = motion.proposer_id THEN
        RAISE EXCEPTION 'Nobody votes on their own proposal.'
            USING ERRCODE = 'TF204', CONSTRAINT = 'nobody_votes_on_their_own_proposal';
    END IF;
    IF EXISTS (SELECT FROM committee_recusal WHERE motion_id = NEW.motion_id AND member_id = NEW.member_id) THEN
        RAISE EXCEPTION 'Who has left the table does not vote.'
            USING ERRCODE = 'TF205', CONSTRAINT = 'a_recused_person_does_not_vote';
    END IF;
    IF NOT EXISTS (
        SELECT FROM committee_term AS term
        WHERE term.seat_id = NEW.seat_id AND NEW.member_id IN (term.holder_id, term.alternate_id)
          AND (NEW.cast_at AT TIME ZONE 'UTC')::date BETWEEN term.starts_on AND term.ends_on
          AND (term.vacated_at IS NULL OR term.vacated_at > NEW.cast_at)
    ) OR NOT EXISTS (
        SELECT FROM core_role AS role
        WHERE role.person_id = NEW.member_id AND role.name IN ('committee_member', 'alternate', 'chair')
          AND (role.ended_at IS NULL OR role.ended_at > NEW.cast_at)
    ) THEN
        RAISE EXCEPTION 'Only the holder of a seat, or its alternate, votes for it.'
            USING ERRCODE = 'TF206', CONSTRAINT = 'a_seat_is_voted_by_who_sits_on_it';
    END IF;
    IF EXISTS (SELECT FROM core_user WHERE id = NEW.member_id AND is_seconded) THEN
        RAISE EXCEPTION 'Staff seconded by a government do not vote.'
            USING ERRCODE = 'TF207', CONSTRAINT = 'seconded_staff_do_not_vote';
    END IF;
    IF NEW.supersedes_id IS NOT NULL THEN
        SELECT * INTO earlier FROM committee_ballot WHERE id = NEW.supersedes_id;
        IF earlier.motion_id <> NEW.motion_id OR earlier.seat_id <> NEW.seat_id OR (
            earlier.member_id <> NEW.member_id AND EXISTS (
                -- The holder's own ballot stands against the alternate while the holder sits and is at the table.
                SELECT FROM committee_term AS term
                WHERE term.seat_id = NEW.seat_id AND term.holder_id = earlier.member_id
                  AND (term.vacated_at IS NULL OR term.vacated_at > NEW.cast_at)
                  AND NOT EXISTS (
                      SELECT FROM committee_recusal
                      WHERE motion_id = NEW.motion_id AND member_id = earlier.member_id
                  )
            )
        ) THEN
            RAISE EXCEPTION 'A ballot supersedes an earlier one of the same seat, never the holder''s by the alternate''s.'
                USING ERRCODE = 'TF208', CONSTRAINT = 'a_ballot_supersedes_one_of_its_own_seat';
        END IF;
    END IF;
    IF EXISTS (
        SELECT FROM committee_ballot AS other
        WHERE other.motion_id = NEW.motion_id AND other.member_id = NEW.member_id AND other.seat_id <> NEW.seat_id
    ) THEN
        RAISE EXCEPTION 'One person votes for one seat.'
            USING ERRCODE = 'TF209', CONSTRAINT = 'a_person_votes_once';
    END IF;
    SELECT * INTO confirmed FROM core_confirmation WHERE id = NEW.confirmation_id;
    IF confirmed.person_id <> NEW.member_id OR confirmed.fingerprint <> NEW.fingerprint THEN
        RAISE EXCEPTION 'A ballot is confirmed by who casts it, and for exactly what it says.'
            USING ERRCODE = 'TF210', CONSTRAINT = 'a_ballot_is_confirmed_by_its_member';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER committee_ballot_guard_always BEFORE INSERT ON committee_ballot
    FOR EACH ROW EXECUTE FUNCTION committee_guard_ballot();
ALTER TABLE committee_ballot ENABLE ALWAYS TRIGGER committee_ballot_guard_always;
"""

RECUSALS = """
CREATE FUNCTION committee_guard_recusal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    motion committee_motion%ROWTYPE;
BEGIN
    SELECT * INTO motion FROM committee_motion WHERE id = NEW.motion_id FOR SHARE;
    IF motion.status <> 'open' OR NEW.recused_at >= motion.closes_at THEN
        RAISE EXCEPTION 'Nobody leaves the table after the vote.'
            USING ERRCODE = 'TF211', CONSTRAINT = 'a_recusal_comes_before_the_close';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER committee_recusal_guard_always BEFORE INSERT ON committee_recusal
    FOR EACH ROW EXECUTE FUNCTION committee_guard_recusal();
ALTER TABLE committee_recusal ENABLE ALWAYS TRIGGER committee_recusal_guard_always;
"""

MOTIONS = """
CREATE FUNCTION committee_guard_motion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'A motion is never removed.'
            USING ERRCODE = 'TF212', CONSTRAINT = 'a_motion_stays_as_it_was_moved';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'open' THEN
            RAISE EXCEPTION 'A motion begins open.'
                USING ERRCODE = 'TF212', CONSTRAINT = 'a_motion_stays_as_it_was_moved';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.status <> 'open'
       OR (to_jsonb(NEW) - 'status' - 'ended_at') IS DISTINCT FROM (to_jsonb(OLD) - 'status' - 'ended_at') THEN
        RAISE EXCEPTION 'What was moved is never changed, and what was decided is never undone.'
            USING ERRCODE = 'TF212', CONSTRAINT = 'a_motion_stays_as_it_was_moved';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER committee_motion_guard_always BEFORE INSERT OR UPDATE OR DELETE ON committee_motion
    FOR EACH ROW EXECUTE FUNCTION committee_guard_motion();
ALTER TABLE committee_motion ENABLE ALWAYS TRIGGER committee_motion_guard_always;

CREATE FUNCTION committee_require_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status IN ('carried', 'rejected', 'lapsed') AND NOT EXISTS (
        SELECT FROM committee_decision WHERE motion_id = NEW.id AND outcome = NEW.status
    ) THEN
        RAISE EXCEPTION 'A motion is decided only by a decision that says so.'
            USING ERRCODE = 'TF213', CONSTRAINT = 'a_decided_motion_has_its_decision';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER committee_motion_decided_always AFTER UPDATE ON committee_motion
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION committee_require_decision();
ALTER TABLE committee_motion ENABLE ALWAYS TRIGGER committee_motion_decided_always;

CREATE FUNCTION committee_guard_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM committee_motion WHERE id = NEW.motion_id AND status = NEW.outcome) THEN
        RAISE EXCEPTION 'A decision says how its motion ended.'
            USING ERRCODE = 'TF214', CONSTRAINT = 'a_decision_says_how_its_motion_ended';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER committee_decision_guard_always BEFORE INSERT ON committee_decision
    FOR EACH ROW EXECUTE FUNCTION committee_guard_decision();
ALTER TABLE committee_decision ENABLE ALWAYS TRIGGER committee_decision_guard_always;
"""

TERMS = """
CREATE FUNCTION committee_guard_term() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'A term is never removed; it ends.'
            USING ERRCODE = 'TF215', CONSTRAINT = 'a_term_stays_as_it_was_given';
    END IF;
    IF TG_OP = 'UPDATE' AND (
        OLD.vacated_at IS NOT NULL OR (to_jsonb(NEW) - 'vacated_at') IS DISTINCT FROM (to_jsonb(OLD) - 'vacated_at')
    ) THEN
        RAISE EXCEPTION 'A term is never changed; it ends, and another begins.'
            USING ERRCODE = 'TF215', CONSTRAINT = 'a_term_stays_as_it_was_given';
    END IF;
    -- One seating at a time, so that two cannot put one person on two seats.
    PERFORM pg_advisory_xact_lock(hashtext('committee_term'));
    IF NEW.vacated_at IS NULL AND EXISTS (
        SELECT FROM committee_term AS other
        WHERE other.vacated_at IS NULL AND other.id <> NEW.id
          AND (other.alternate_id = NEW.holder_id OR other.holder_id = NEW.alternate_id)
    ) THEN
        RAISE EXCEPTION 'One person sits on one seat, or stands in for one.'
            USING ERRCODE = 'TF216', CONSTRAINT = 'a_person_sits_once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER committee_term_guard_always BEFORE INSERT OR UPDATE OR DELETE ON committee_term
    FOR EACH ROW EXECUTE FUNCTION committee_guard_term();
ALTER TABLE committee_term ENABLE ALWAYS TRIGGER committee_term_guard_always;
"""


def undo(*functions: str) -> str:
    """Return the statements that take guards away again, with every trigger that uses them."""
    return "".join(f"DROP FUNCTION {name}() CASCADE;" for name in functions)


class Migration(migrations.Migration):
    dependencies = [("committee", "0001_initial"), ("core", "0002_guards")]

    operations = [
        migrations.RunSQL(BALLOTS, undo("committee_guard_ballot")),
        migrations.RunSQL(RECUSALS, undo("committee_guard_recusal")),
        migrations.RunSQL(
            MOTIONS, undo("committee_guard_motion", "committee_require_decision", "committee_guard_decision")
        ),
        migrations.RunSQL(TERMS, undo("committee_guard_term")),
        append_only("committee_rulesofprocedure"),
        append_only("committee_ballot"),
        append_only("committee_recusal"),
        append_only("committee_decision"),
        append_only("committee_interest"),
    ]

"""What PostgreSQL keeps of the procedure by itself: rules and seats change by decision, silence waits, meetings vote."""

from importlib import import_module

from django.db import migrations

from trustfund.core.db import append_only

before = import_module("committee.migrations.0002_guards")
undo = before.undo

# What a ballot must be beside what it had to be before: in a meeting, from a seat that is there, once the chair has
# opened the vote; and where silence agrees, a yes or an objection.
BALLOTS = before.BALLOTS.replace(
    """    IF NEW.version <> motion.version THEN""",
    """    IF motion.way = 'meeting' AND (motion.voting_opened_at IS NULL OR NEW.cast_at < motion.voting_opened_at) THEN
        RAISE EXCEPTION 'In a meeting a ballot waits until the chair has opened the vote.'
            USING ERRCODE = 'TF217', CONSTRAINT = 'a_ballot_in_a_meeting_waits_for_the_chair';
    END IF;
    IF motion.way = 'meeting' AND NEW.member_id IS DISTINCT FROM (
        SELECT there.person_id FROM committee_attendance AS there
        WHERE there.meeting_id = motion.meeting_id AND there.seat_id = NEW.seat_id
        ORDER BY there.number DESC LIMIT 1
    ) THEN
        RAISE EXCEPTION 'In a meeting only who is there votes.'
            USING ERRCODE = 'TF218', CONSTRAINT = 'who_votes_in_a_meeting_is_there';
    END IF;
    IF motion.way = 'no_objection' AND NEW.choice = 'abstain' THEN
        RAISE EXCEPTION 'Where silence agrees, a ballot agrees or objects.'
            USING ERRCODE = 'TF219', CONSTRAINT = 'where_silence_agrees_a_ballot_agrees_or_objects';
    END IF;
    IF NEW.version <> motion.version THEN""",
)

MOTIONS = before.MOTIONS.replace(
    """        IF NEW.status <> 'open' THEN""",
    """        IF NEW.way = 'no_objection' AND NOT EXISTS (
            SELECT FROM committee_rulesofprocedure AS rules
            WHERE rules.id = NEW.rules_of_procedure_id
              AND (rules.figures -> 'no_objection_kinds') ? NEW.kind
        ) THEN
            RAISE EXCEPTION 'These rules let nothing of this kind be decided by silence.'
                USING ERRCODE = 'TF220', CONSTRAINT = 'silence_decides_only_what_the_rules_let_it';
        END IF;
        IF NEW.way = 'meeting' AND NOT EXISTS (
            SELECT FROM committee_meeting
            WHERE id = NEW.meeting_id AND status IN ('called', 'open') AND ends_at = NEW.closes_at
        ) THEN
            RAISE EXCEPTION 'A motion stands on the agenda of a meeting to come, until that ends.'
                USING ERRCODE = 'TF221', CONSTRAINT = 'an_agenda_is_that_of_a_meeting_to_come';
        END IF;
        IF NEW.follows_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM committee_motion AS earlier
            WHERE earlier.id = NEW.follows_id AND earlier.status = 'objected' AND NEW.way = 'meeting'
              AND (earlier.subject, earlier.version, earlier.kind, earlier.fingerprint)
                = (NEW.subject, NEW.version, NEW.kind, NEW.fingerprint)
        ) THEN
            RAISE EXCEPTION 'What was objected to comes before a meeting as it was.'
                USING ERRCODE = 'TF222', CONSTRAINT = 'what_was_objected_to_comes_before_a_meeting_as_it_was';
        END IF;
        IF NEW.replaces_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM committee_decision AS replaced
            JOIN committee_motion AS earlier ON earlier.id = replaced.motion_id
            WHERE replaced.id = NEW.replaces_id AND replaced.outcome = 'carried' AND earlier.kind = NEW.kind
        ) THEN
            RAISE EXCEPTION 'Only a decision that was carried, and on the same kind of thing, is replaced.'
                USING ERRCODE = 'TF223', CONSTRAINT = 'a_decision_supersedes_one_of_its_kind';
        END IF;
        IF NEW.status <> 'open' OR NEW.voting_opened_at IS NOT NULL THEN""",
).replace(
    """    IF OLD.status <> 'open'
       OR (to_jsonb(NEW) - 'status' - 'ended_at') IS DISTINCT FROM (to_jsonb(OLD) - 'status' - 'ended_at') THEN""",
    """    IF NEW.way = 'no_objection' AND NEW.status = 'carried' AND NEW.ended_at < NEW.closes_at THEN
        RAISE EXCEPTION 'Silence agrees only when its time is up.'
            USING ERRCODE = 'TF224', CONSTRAINT = 'silence_agrees_only_when_its_time_is_up';
    END IF;
    IF NEW.way <> 'no_objection' AND NEW.status = 'objected' THEN
        RAISE EXCEPTION 'Only where silence agrees does an objection end a motion.'
            USING ERRCODE = 'TF224', CONSTRAINT = 'only_silence_is_objected_to';
    END IF;
    IF NEW.way = 'meeting' AND NEW.status IN ('carried', 'rejected') AND OLD.voting_opened_at IS NULL THEN
        RAISE EXCEPTION 'A meeting decides by a vote that its chair has opened.'
            USING ERRCODE = 'TF225', CONSTRAINT = 'a_meeting_votes_before_it_decides';
    END IF;
    IF NEW.voting_opened_at IS DISTINCT FROM OLD.voting_opened_at AND (
        OLD.voting_opened_at IS NOT NULL OR NEW.voting_opened_at >= NEW.closes_at
        OR NOT EXISTS (SELECT FROM committee_meeting WHERE id = NEW.meeting_id AND status = 'open')
    ) THEN
        RAISE EXCEPTION 'A vote is opened once, while its meeting is held.'
            USING ERRCODE = 'TF225', CONSTRAINT = 'a_vote_is_opened_once_while_its_meeting_is_held';
    END IF;
    IF OLD.status <> 'open' OR (to_jsonb(NEW) - 'status' - 'ended_at' - 'voting_opened_at')
       IS DISTINCT FROM (to_jsonb(OLD) - 'status' - 'ended_at' - 'voting_opened_at') THEN""",
).replace(
    """NEW.status IN ('carried', 'rejected', 'lapsed')""", """NEW.status IN ('carried', 'rejected', 'lapsed', 'objected')"""
).replace(
    """            USING ERRCODE = 'TF214', CONSTRAINT = 'a_decision_says_how_its_motion_ended';
    END IF;""",
    """            USING ERRCODE = 'TF214', CONSTRAINT = 'a_decision_says_how_its_motion_ended';
    END IF;
    IF NEW.supersedes_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM committee_motion
        WHERE id = NEW.motion_id AND replaces_id = NEW.supersedes_id AND NEW.outcome = 'carried'
    ) THEN
        RAISE EXCEPTION 'A decision takes the place of the one that its motion named, if it is carried.'
            USING ERRCODE = 'TF223', CONSTRAINT = 'a_decision_supersedes_what_its_motion_named';
    END IF;""",
)

TERMS = before.TERMS.replace(
    """    RETURN NEW;
END $$;
CREATE TRIGGER committee_term_guard_always""",
    """    IF TG_OP = 'INSERT' AND NEW.decision_id IS NULL AND EXISTS (SELECT FROM committee_decision) THEN
        RAISE EXCEPTION 'Since the committee has decided for the first time, it decides who sits.'
            USING ERRCODE = 'TF226', CONSTRAINT = 'seats_change_only_by_a_decision';
    END IF;
    IF TG_OP = 'INSERT' AND NEW.decision_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM committee_decision AS decision
        JOIN committee_motion AS motion ON motion.id = decision.motion_id AND motion.kind = 'seats'
        JOIN committee_seatchange AS asked ON asked.id = motion.subject
        JOIN committee_seat AS seat ON seat.id = NEW.seat_id AND seat.number = asked.number
        WHERE decision.id = NEW.decision_id AND decision.outcome = 'carried'
          AND asked.holder_id = NEW.holder_id AND asked.alternate_id IS NOT DISTINCT FROM NEW.alternate_id
          AND (asked.chairs, asked.starts_on, asked.ends_on) = (NEW.chairs, NEW.starts_on, NEW.ends_on)
    ) THEN
        RAISE EXCEPTION 'Who is seated by a decision is who the committee carried.'
            USING ERRCODE = 'TF226', CONSTRAINT = 'who_is_seated_is_who_was_carried';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER committee_term_guard_always""",
)

RULES = """
CREATE FUNCTION committee_guard_rules() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('committee_term'));
    IF NEW.version <> coalesce((SELECT max(version) FROM committee_rulesofprocedure), 0) + 1 THEN
        RAISE EXCEPTION 'Versions of the rules follow each other.'
            USING ERRCODE = 'TF227', CONSTRAINT = 'versions_of_the_rules_follow_each_other';
    END IF;
    IF NEW.version > 1 AND NOT EXISTS (
        SELECT FROM committee_decision AS decision
        JOIN committee_motion AS motion ON motion.id = decision.motion_id AND motion.kind = 'rules'
        JOIN committee_rulesproposal AS asked ON asked.id = motion.subject
        WHERE decision.id = NEW.decision_id AND decision.outcome = 'carried'
          AND asked.figures = NEW.figures AND asked.title = NEW.title
    ) THEN
        RAISE EXCEPTION 'Rules change only by a decision that carried exactly them.'
            USING ERRCODE = 'TF227', CONSTRAINT = 'rules_are_those_that_were_carried';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER committee_rules_guard_always BEFORE INSERT ON committee_rulesofprocedure
    FOR EACH ROW EXECUTE FUNCTION committee_guard_rules();
ALTER TABLE committee_rulesofprocedure ENABLE ALWAYS TRIGGER committee_rules_guard_always;

CREATE FUNCTION committee_guard_enactment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM committee_decision AS decision
        JOIN committee_motion AS motion ON motion.id = decision.motion_id
        WHERE decision.id = NEW.decision_id AND decision.outcome = 'carried'
          AND motion.kind IN ('rules', 'seats', 'auditor')
    ) THEN
        RAISE EXCEPTION 'Only what was carried is put in force.'
            USING ERRCODE = 'TF228', CONSTRAINT = 'only_what_was_carried_is_put_in_force';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER committee_enactment_guard_always BEFORE INSERT ON committee_enactment
    FOR EACH ROW EXECUTE FUNCTION committee_guard_enactment();
ALTER TABLE committee_enactment ENABLE ALWAYS TRIGGER committee_enactment_guard_always;
"""

MEETINGS = """
CREATE FUNCTION committee_guard_meeting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'A meeting is never removed.'
            USING ERRCODE = 'TF229', CONSTRAINT = 'a_meeting_stays_as_it_was_called';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'called' THEN
            RAISE EXCEPTION 'A meeting is called first.'
                USING ERRCODE = 'TF229', CONSTRAINT = 'a_meeting_stays_as_it_was_called';
        END IF;
        RETURN NEW;
    END IF;
    IF (to_jsonb(NEW) - 'status' - 'opened_by_id' - 'opened_at' - 'closed_at' - 'notes')
       IS DISTINCT FROM (to_jsonb(OLD) - 'status' - 'opened_by_id' - 'opened_at' - 'closed_at' - 'notes')
       OR NOT ((OLD.status = 'called' AND NEW.status = 'open' AND NEW.closed_at IS NULL AND NEW.notes = '')
            OR (OLD.status = 'open' AND NEW.status = 'closed' AND NEW.opened_at = OLD.opened_at)) THEN
        RAISE EXCEPTION 'A meeting is held as it was called: opened once, closed once.'
            USING ERRCODE = 'TF229', CONSTRAINT = 'a_meeting_stays_as_it_was_called';
    END IF;
    IF NEW.status = 'open' AND (NEW.opened_at < NEW.starts_at OR NEW.opened_at >= NEW.ends_at) THEN
        RAISE EXCEPTION 'A meeting is opened in its time.'
            USING ERRCODE = 'TF229', CONSTRAINT = 'a_meeting_is_opened_in_its_time';
    END IF;
    IF NEW.status = 'closed' AND EXISTS (
        SELECT FROM committee_motion
        WHERE meeting_id = NEW.id AND status = 'open' AND voting_opened_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'A meeting ends when every vote that was opened has been counted.'
            USING ERRCODE = 'TF229', CONSTRAINT = 'a_meeting_ends_after_its_votes';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER committee_meeting_guard_always BEFORE INSERT OR UPDATE OR DELETE ON committee_meeting
    FOR EACH ROW EXECUTE FUNCTION committee_guard_meeting();
ALTER TABLE committee_meeting ENABLE ALWAYS TRIGGER committee_meeting_guard_always;

CREATE FUNCTION committee_guard_attendance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM committee_meeting WHERE id = NEW.meeting_id AND status = 'open' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'Who is there is written down while the meeting is held.'
            USING ERRCODE = 'TF230', CONSTRAINT = 'attendance_is_taken_while_a_meeting_is_held';
    END IF;
    IF NEW.person_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM committee_term AS term
        WHERE term.seat_id = NEW.seat_id AND NEW.person_id IN (term.holder_id, term.alternate_id)
          AND (term.vacated_at IS NULL OR term.vacated_at > NEW.recorded_at)
    ) THEN
        RAISE EXCEPTION 'A seat is taken by its holder or the alternate.'
            USING ERRCODE = 'TF230', CONSTRAINT = 'a_seat_is_taken_by_who_sits_on_it';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER committee_attendance_guard_always BEFORE INSERT ON committee_attendance
    FOR EACH ROW EXECUTE FUNCTION committee_guard_attendance();
ALTER TABLE committee_attendance ENABLE ALWAYS TRIGGER committee_attendance_guard_always;
"""

DISCLOSURES = """
CREATE FUNCTION committee_guard_disclosure() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    motion committee_motion%ROWTYPE;
BEGIN
    SELECT * INTO motion FROM committee_motion WHERE id = NEW.motion_id FOR SHARE;
    IF motion.status <> 'open' OR NEW.disclosed_at >= motion.closes_at THEN
        RAISE EXCEPTION 'Nobody discloses a position after the vote.'
            USING ERRCODE = 'TF231', CONSTRAINT = 'a_disclosure_comes_before_the_close';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER committee_disclosure_guard_always BEFORE INSERT ON committee_disclosure
    FOR EACH ROW EXECUTE FUNCTION committee_guard_disclosure();
ALTER TABLE committee_disclosure ENABLE ALWAYS TRIGGER committee_disclosure_guard_always;
"""

_BALLOT = undo("committee_guard_ballot")
_MOTION = undo("committee_guard_motion", "committee_require_decision", "committee_guard_decision")
_TERM = undo("committee_guard_term")


class Migration(migrations.Migration):
    dependencies = [("committee", "0004_procedure")]

    operations = [
        migrations.RunSQL(_BALLOT + BALLOTS, _BALLOT + before.BALLOTS),
        migrations.RunSQL(_MOTION + MOTIONS, _MOTION + before.MOTIONS),
        migrations.RunSQL(_TERM + TERMS, _TERM + before.TERMS),
        migrations.RunSQL(RULES, undo("committee_guard_rules", "committee_guard_enactment")),
        migrations.RunSQL(MEETINGS, undo("committee_guard_meeting", "committee_guard_attendance")),
        migrations.RunSQL(DISCLOSURES, undo("committee_guard_disclosure")),
        append_only("committee_rulesproposal"),
        append_only("committee_seatchange"),
        append_only("committee_auditornomination"),
        append_only("committee_meetingrequest"),
        append_only("committee_meetingsupport"),
        append_only("committee_attendance"),
        append_only("committee_disclosure"),
        append_only("committee_enactment"),
    ]

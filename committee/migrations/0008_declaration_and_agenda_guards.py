"""What PostgreSQL keeps of declarations and agendas: no vote without one, no meeting moved but by a postponement."""

from importlib import import_module

from django.db import migrations

from trustfund.core.db import append_only

_BEFORE = import_module("committee.migrations.0005_procedure_guards")


def _again(statements: str, function: str) -> str:
    """Return one function of an earlier migration, to stand in place of what there is of the same name."""
    _, _, rest = statements.partition(f"CREATE FUNCTION {function}()")
    body, _, _ = rest.partition("CREATE TRIGGER")
    return f"CREATE OR REPLACE FUNCTION {function}(){body}"


# Ballots from before declarations were kept stay as they are.
DECLARED = """
ALTER TABLE committee_ballot ADD CONSTRAINT a_ballot_declares_no_undisclosed_interest
    CHECK (has_no_undisclosed_interest) NOT VALID;
"""
NOT_DECLARED = "ALTER TABLE committee_ballot DROP CONSTRAINT a_ballot_declares_no_undisclosed_interest;"

# A motion of a meeting is decided when that is held: its close follows a postponement, and nothing else.
MOTION_BEFORE = _again(_BEFORE.MOTIONS, "committee_guard_motion")
MOTION = MOTION_BEFORE.replace(
    """    IF OLD.status <> 'open' OR (to_jsonb(NEW) - 'status'""",
    """    IF NEW.closes_at IS DISTINCT FROM OLD.closes_at
       AND OLD.status = 'open' AND NEW.status = 'open' AND OLD.way = 'meeting' AND OLD.voting_opened_at IS NULL
       AND (to_jsonb(NEW) - 'closes_at') IS NOT DISTINCT FROM (to_jsonb(OLD) - 'closes_at')
       AND EXISTS (
           SELECT FROM committee_meeting AS meeting
           JOIN committee_postponement AS later ON later.meeting_id = meeting.id AND later.ends_at = meeting.ends_at
           WHERE meeting.id = NEW.meeting_id AND meeting.ends_at = NEW.closes_at
       ) THEN
        RETURN NEW;
    END IF;
    IF OLD.status <> 'open' OR (to_jsonb(NEW) - 'status'""",
)

MEETING_BEFORE = _again(_BEFORE.MEETINGS, "committee_guard_meeting")
MEETING = MEETING_BEFORE.replace(
    """    IF (to_jsonb(NEW) - 'status'""",
    """    IF OLD.status = 'called' AND NEW.status = 'called'
       AND (to_jsonb(NEW) - 'starts_at' - 'ends_at') IS NOT DISTINCT FROM (to_jsonb(OLD) - 'starts_at' - 'ends_at')
       AND EXISTS (
           SELECT FROM committee_postponement AS later
           WHERE later.meeting_id = NEW.id AND later.was_to_start_at = OLD.starts_at
             AND (later.starts_at, later.ends_at) = (NEW.starts_at, NEW.ends_at)
       ) THEN
        RETURN NEW;
    END IF;
    IF (to_jsonb(NEW) - 'status'""",
    1,
)

AGENDA = """
CREATE FUNCTION committee_guard_agenda() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM committee_meeting
        WHERE id = NEW.meeting_id AND status IN ('called', 'open') FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'An agenda is that of a meeting to come.'
            USING ERRCODE = 'TF221', CONSTRAINT = 'an_agenda_is_that_of_a_meeting_to_come';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER committee_agendaitem_guard_always BEFORE INSERT ON committee_agendaitem
    FOR EACH ROW EXECUTE FUNCTION committee_guard_agenda();
ALTER TABLE committee_agendaitem ENABLE ALWAYS TRIGGER committee_agendaitem_guard_always;
"""


class Migration(migrations.Migration):
    dependencies = [("committee", "0007_declarations_and_agendas")]

    operations = [
        migrations.RunSQL(DECLARED, NOT_DECLARED),
        migrations.RunSQL(MOTION, MOTION_BEFORE),
        migrations.RunSQL(MEETING, MEETING_BEFORE),
        migrations.RunSQL(AGENDA, _BEFORE.undo("committee_guard_agenda")),
        append_only("committee_postponement"),
        append_only("committee_agendaitem"),
        append_only("committee_votereminder"),
    ]

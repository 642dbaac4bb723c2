"""What PostgreSQL keeps of screening by itself: nothing is rewritten, and it can say by itself whether a payee is clear."""

from django.db import migrations

from trustfund.core.db import append_only

PARTIES = """
CREATE FUNCTION screening_guard_party() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.ended_at IS NOT NULL OR
       (to_jsonb(NEW) - 'ended_at' - 'ended_by_id' - 'ended_reason')
           IS DISTINCT FROM (to_jsonb(OLD) - 'ended_at' - 'ended_by_id' - 'ended_reason') THEN
        RAISE EXCEPTION 'A name that is screened is never changed or removed; it ends, and another is named.'
            USING ERRCODE = 'TF601', CONSTRAINT = 'a_party_stays_as_it_was_named';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER screening_party_guard_always BEFORE UPDATE OR DELETE ON screening_party
    FOR EACH ROW EXECUTE FUNCTION screening_guard_party();
ALTER TABLE screening_party ENABLE ALWAYS TRIGGER screening_party_guard_always;
"""

# The same rule as `queries.clearance_of`, in one statement, so that no payment can go around it.
CLEAR = """
CREATE FUNCTION screening_is_clear(its_subject uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    WITH latest AS (
        SELECT DISTINCT ON (source) source, sha256, trouble FROM screening_listfile ORDER BY source, number DESC
    ), edition AS (
        SELECT encode(sha256(convert_to(string_agg(source || ':' || sha256, '|'
                      ORDER BY (source || ':' || sha256) COLLATE "C"), 'UTF8')), 'hex') AS print
          FROM latest
        HAVING bool_and(trouble = '') AND bool_or(source = 'un')
    ), party AS (
        SELECT id FROM screening_party WHERE subject = its_subject AND ended_at IS NULL
    ), word AS (
        SELECT DISTINCT ON (party_id, source, reference, entry_print, given_by_id)
               party_id, source, reference, entry_print, says
          FROM screening_opinion WHERE party_id IN (SELECT id FROM party)
         ORDER BY party_id, source, reference, entry_print, given_by_id, given_at DESC, id DESC
    )
    SELECT EXISTS (SELECT FROM party) AND EXISTS (SELECT FROM edition) AND NOT EXISTS (
        SELECT FROM party CROSS JOIN edition
          LEFT JOIN screening_screening AS looked ON looked.party_id = party.id AND looked.edition = edition.print
         WHERE looked.id IS NULL OR EXISTS (
            SELECT FROM screening_hit AS hit
             WHERE hit.screening_id = looked.id AND (
                SELECT coalesce(bool_or(word.says <> 'another'), false)
                       OR count(*) FILTER (WHERE word.says = 'another') < 2
                  FROM word
                 WHERE word.party_id = party.id AND word.source = hit.source AND word.reference = hit.reference
                   AND word.entry_print = hit.entry_print)))
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("screening", "0001_initial"), ("core", "0002_guards")]

    operations = [
        migrations.RunSQL(PARTIES, "DROP FUNCTION screening_guard_party() CASCADE"),
        migrations.RunSQL(CLEAR, "DROP FUNCTION screening_is_clear(uuid)"),
        append_only("screening_listfile"),
        append_only("screening_screening"),
        append_only("screening_hit"),
        append_only("screening_opinion"),
    ]

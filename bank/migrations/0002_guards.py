"""What PostgreSQL keeps of the bank's words by itself: they stand, they add up, and no line is used twice."""

from django.db import migrations

from trustfund.core.db import append_only

# An entry comes in with all its parts at once, whichever message brings it first; one account, one at a time.
LINE = """
CREATE FUNCTION bank_refuse_entry_told_before() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM bank_ownaccount WHERE id = NEW.account_id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT FROM bank_bankline AS told
        WHERE told.account_id = NEW.account_id AND told.content_hash = NEW.content_hash
          AND (told.brought_by_id, told.parts) IS DISTINCT FROM (NEW.brought_by_id, NEW.parts)
    ) THEN
        RAISE EXCEPTION 'The entry of line % has come in before.', NEW.reference
            USING ERRCODE = 'TF701', CONSTRAINT = 'a_bank_line_comes_in_once';
    END IF;
    IF EXISTS (SELECT FROM bank_bankstatement WHERE id = NEW.brought_by_id)
       OR NEW.currency IS DISTINCT FROM (SELECT currency FROM bank_ownaccount WHERE id = NEW.account_id)
    THEN
        RAISE EXCEPTION 'Line % is brought by a new statement, in the currency of its account.', NEW.reference
            USING ERRCODE = 'TF702', CONSTRAINT = 'a_bank_line_comes_with_its_statement';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER bank_line_comes_once_always BEFORE INSERT ON bank_bankline
    FOR EACH ROW EXECUTE FUNCTION bank_refuse_entry_told_before();
ALTER TABLE bank_bankline ENABLE ALWAYS TRIGGER bank_line_comes_once_always;
"""
DROP_LINE = """
DROP TRIGGER bank_line_comes_once_always ON bank_bankline;
DROP FUNCTION bank_refuse_entry_told_before();
"""

# What a statement tells is written before it; then it must add up, and nothing is added afterwards.
STATEMENT = """
CREATE FUNCTION bank_refuse_late_appearance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM bank_bankstatement WHERE id = NEW.statement_id) THEN
        RAISE EXCEPTION 'This statement is recorded; it tells of no further line.'
            USING ERRCODE = 'TF703', CONSTRAINT = 'a_recorded_statement_stands';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER bank_appearance_precedes_always BEFORE INSERT ON bank_appearance
    FOR EACH ROW EXECUTE FUNCTION bank_refuse_late_appearance();
ALTER TABLE bank_appearance ENABLE ALWAYS TRIGGER bank_appearance_precedes_always;

CREATE FUNCTION bank_refuse_statement_that_does_not_add_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    told numeric;
BEGIN
    SELECT coalesce(sum(line.minor), 0) INTO told
        FROM bank_appearance AS appearance JOIN bank_bankline AS line ON line.id = appearance.line_id
        WHERE appearance.statement_id = NEW.id;
    IF told <> NEW.moved_minor OR EXISTS (
        SELECT FROM bank_appearance AS appearance JOIN bank_bankline AS line ON line.id = appearance.line_id
        WHERE appearance.statement_id = NEW.id AND line.account_id <> NEW.account_id
    ) OR NEW.currency IS DISTINCT FROM (SELECT currency FROM bank_ownaccount WHERE id = NEW.account_id)
      OR (SELECT fate FROM bank_bankfile WHERE id = NEW.file_id) IS DISTINCT FROM 'imported'
    THEN
        RAISE EXCEPTION 'Statement % moves %, and its lines add up to %.', NEW.reference, NEW.moved_minor, told
            USING ERRCODE = 'TF704', CONSTRAINT = 'lines_add_up_to_their_statement';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER bank_statement_adds_up_always BEFORE INSERT ON bank_bankstatement
    FOR EACH ROW EXECUTE FUNCTION bank_refuse_statement_that_does_not_add_up();
ALTER TABLE bank_bankstatement ENABLE ALWAYS TRIGGER bank_statement_adds_up_always;
"""
DROP_STATEMENT = """
DROP TRIGGER bank_statement_adds_up_always ON bank_bankstatement;
DROP FUNCTION bank_refuse_statement_that_does_not_add_up();
DROP TRIGGER bank_appearance_precedes_always ON bank_appearance;
DROP FUNCTION bank_refuse_late_appearance();
"""

# A line is used for no more than its amount; what is taken back was used, and is taken back whole and once.
USE = """
CREATE FUNCTION bank_refuse_excess_use() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    used_line bank_bankline;
    used numeric;
BEGIN
    SELECT * INTO used_line FROM bank_bankline WHERE id = NEW.line_id;
    -- One use at a time for each account, so that two cannot take the same money.
    PERFORM FROM bank_ownaccount WHERE id = used_line.account_id FOR NO KEY UPDATE;
    SELECT coalesce(sum(minor), 0) INTO used FROM bank_lineuse WHERE line_id = NEW.line_id;
    IF used + NEW.minor > abs(used_line.minor) OR used + NEW.minor < 0 THEN
        RAISE EXCEPTION 'Line % has % left, and % is asked for.',
            used_line.reference, abs(used_line.minor) - used, NEW.minor
            USING ERRCODE = 'TF705', CONSTRAINT = 'a_bank_line_is_used_for_no_more_than_its_amount';
    END IF;
    IF NEW.takes_back_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM bank_lineuse AS use WHERE use.id = NEW.takes_back_id AND use.line_id = NEW.line_id
            AND use.minor = -NEW.minor AND use.subject = NEW.subject AND use.purpose = NEW.purpose
    ) THEN
        RAISE EXCEPTION 'A use is taken back whole.'
            USING ERRCODE = 'TF706', CONSTRAINT = 'a_use_is_taken_back_whole';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER bank_use_fits_always BEFORE INSERT ON bank_lineuse
    FOR EACH ROW EXECUTE FUNCTION bank_refuse_excess_use();
ALTER TABLE bank_lineuse ENABLE ALWAYS TRIGGER bank_use_fits_always;
"""
DROP_USE = """
DROP TRIGGER bank_use_fits_always ON bank_lineuse;
DROP FUNCTION bank_refuse_excess_use();
"""

# An own account's number and currency stand: statements are told by them.
ACCOUNT = """
CREATE FUNCTION bank_refuse_changed_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.id, OLD.number, OLD.currency, OLD.registered_by_id, OLD.registered_at)
       IS DISTINCT FROM (NEW.id, NEW.number, NEW.currency, NEW.registered_by_id, NEW.registered_at)
    THEN
        RAISE EXCEPTION 'Number and currency of account % stand.', OLD.name
            USING ERRCODE = 'TF707', CONSTRAINT = 'an_own_account_stands';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER bank_account_stands_always BEFORE UPDATE ON bank_ownaccount
    FOR EACH ROW EXECUTE FUNCTION bank_refuse_changed_account();
CREATE TRIGGER bank_ownaccount_is_kept_always BEFORE DELETE ON bank_ownaccount
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER bank_ownaccount_is_not_emptied BEFORE TRUNCATE ON bank_ownaccount
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE bank_ownaccount ENABLE ALWAYS TRIGGER bank_account_stands_always;
ALTER TABLE bank_ownaccount ENABLE ALWAYS TRIGGER bank_ownaccount_is_kept_always;
ALTER TABLE bank_ownaccount ENABLE ALWAYS TRIGGER bank_ownaccount_is_not_emptied;
"""
DROP_ACCOUNT = """
DROP TRIGGER bank_ownaccount_is_not_emptied ON bank_ownaccount;
DROP TRIGGER bank_ownaccount_is_kept_always ON bank_ownaccount;
DROP TRIGGER bank_account_stands_always ON bank_ownaccount;
DROP FUNCTION bank_refuse_changed_account();
"""


class Migration(migrations.Migration):
    dependencies = [("bank", "0001_initial"), ("core", "0002_guards")]

    operations = [
        migrations.RunSQL(ACCOUNT, DROP_ACCOUNT),
        migrations.RunSQL(LINE, DROP_LINE),
        migrations.RunSQL(STATEMENT, DROP_STATEMENT),
        migrations.RunSQL(USE, DROP_USE),
        append_only("bank_bankfile"),
        append_only("bank_bankstatement"),
        append_only("bank_bankline"),
        append_only("bank_appearance"),
        append_only("bank_lineuse"),
    ]

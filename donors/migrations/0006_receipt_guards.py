"""What PostgreSQL keeps of receipts from the bank: they are their line, no money is matched twice, a word stands."""

from django.db import migrations

from trustfund.core.db import append_only

# A receipt from a line is what the line says and has used it; one out of unidentified money takes no more than is left.
RECEIPT = """
CREATE FUNCTION donors_taken_of_held(its_id uuid) RETURNS numeric LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT sum(received_minor) FROM donors_receipt WHERE held_id = its_id AND reversed_at IS NULL), 0)
         + coalesce((SELECT sum(minor) FROM donors_unidentifiedreturn WHERE held_id = its_id), 0)
$$;

CREATE FUNCTION donors_refuse_receipt_beside_its_line() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    its_line bank_bankline;
    its_held donors_unidentified;
BEGIN
    IF NEW.line_id IS NULL THEN
        RETURN NEW;
    END IF;
    SELECT * INTO its_line FROM bank_bankline WHERE id = NEW.line_id;
    PERFORM FROM bank_ownaccount WHERE id = its_line.account_id FOR NO KEY UPDATE;
    IF (its_line.currency, its_line.value_on) IS DISTINCT FROM (NEW.received_currency, NEW.value_on)
       OR its_line.minor <= 0
       OR (NEW.held_id IS NULL AND NOT EXISTS (
            SELECT FROM bank_lineuse AS use WHERE use.line_id = NEW.line_id AND use.subject = NEW.id
                AND use.purpose = 'receipt' AND use.minor = NEW.received_minor))
    THEN
        RAISE EXCEPTION 'Receipt % is not what line % says.', NEW.reference, its_line.reference
            USING ERRCODE = 'TF320', CONSTRAINT = 'a_receipt_is_what_its_line_says';
    END IF;
    IF NEW.held_id IS NOT NULL THEN
        SELECT * INTO its_held FROM donors_unidentified WHERE id = NEW.held_id;
        IF its_held.line_id IS DISTINCT FROM NEW.line_id
           OR donors_taken_of_held(NEW.held_id) + NEW.received_minor > its_held.minor
        THEN
            RAISE EXCEPTION 'Of % there is less left than receipt % takes.', its_held.reference, NEW.reference
                USING ERRCODE = 'TF321', CONSTRAINT = 'no_more_is_matched_than_was_held';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER donors_receipt_has_its_line_always BEFORE INSERT ON donors_receipt
    FOR EACH ROW EXECUTE FUNCTION donors_refuse_receipt_beside_its_line();
ALTER TABLE donors_receipt ENABLE ALWAYS TRIGGER donors_receipt_has_its_line_always;
"""
DROP_RECEIPT = """
DROP TRIGGER donors_receipt_has_its_line_always ON donors_receipt;
DROP FUNCTION donors_refuse_receipt_beside_its_line();
DROP FUNCTION donors_taken_of_held(uuid);
"""

# What is held is what is left of its line, which it has used; no more goes back than is still unidentified.
HELD = """
CREATE FUNCTION donors_refuse_held_beside_its_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM bank_lineuse AS use JOIN bank_bankline AS line ON line.id = use.line_id
        WHERE use.line_id = NEW.line_id AND use.subject = NEW.id AND use.purpose = 'unidentified'
          AND use.minor = NEW.minor AND line.currency = NEW.currency AND line.value_on = NEW.value_on AND line.minor > 0
    ) THEN
        RAISE EXCEPTION '% is not what its line says.', NEW.reference
            USING ERRCODE = 'TF322', CONSTRAINT = 'what_is_held_is_what_its_line_says';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER donors_held_has_its_line_always BEFORE INSERT ON donors_unidentified
    FOR EACH ROW EXECUTE FUNCTION donors_refuse_held_beside_its_line();
ALTER TABLE donors_unidentified ENABLE ALWAYS TRIGGER donors_held_has_its_line_always;

CREATE FUNCTION donors_refuse_excess_return() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    its_held donors_unidentified;
BEGIN
    SELECT * INTO its_held FROM donors_unidentified WHERE id = NEW.held_id;
    PERFORM FROM bank_ownaccount
        WHERE id = (SELECT account_id FROM bank_bankline WHERE id = its_held.line_id) FOR NO KEY UPDATE;
    IF donors_taken_of_held(NEW.held_id) + NEW.minor > its_held.minor THEN
        RAISE EXCEPTION 'Of % there is less left than goes back.', its_held.reference
            USING ERRCODE = 'TF321', CONSTRAINT = 'no_more_is_matched_than_was_held';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER donors_return_fits_always BEFORE INSERT ON donors_unidentifiedreturn
    FOR EACH ROW EXECUTE FUNCTION donors_refuse_excess_return();
ALTER TABLE donors_unidentifiedreturn ENABLE ALWAYS TRIGGER donors_return_fits_always;
"""
DROP_HELD = """
DROP TRIGGER donors_return_fits_always ON donors_unidentifiedreturn;
DROP FUNCTION donors_refuse_excess_return();
DROP TRIGGER donors_held_has_its_line_always ON donors_unidentified;
DROP FUNCTION donors_refuse_held_beside_its_line();
"""

# What was proposed stands; it is decided once, and a confirmed match leads to the receipt that it proposed.
MATCH = """
CREATE FUNCTION donors_refuse_changed_match() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.decided_at IS NOT NULL OR NEW.decided_at IS NULL
       OR to_jsonb(OLD) - ARRAY['decided_at', 'decided_by_id', 'declined_because', 'receipt_id']
          IS DISTINCT FROM
          to_jsonb(NEW) - ARRAY['decided_at', 'decided_by_id', 'declined_because', 'receipt_id']
       OR (NEW.receipt_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM donors_receipt AS receipt WHERE receipt.id = NEW.receipt_id
                AND (receipt.pledge_id, receipt.recorded_by_id, receipt.confirmed_by_id, receipt.received_minor,
                     receipt.settles_minor)
                  = (NEW.pledge_id, NEW.proposed_by_id, NEW.decided_by_id, NEW.received_minor, NEW.settles_minor)))
    THEN
        RAISE EXCEPTION 'Match % stands as it was proposed, and is decided once.', OLD.reference
            USING ERRCODE = 'TF323', CONSTRAINT = 'a_match_stands';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER donors_match_stands_always BEFORE UPDATE ON donors_match
    FOR EACH ROW EXECUTE FUNCTION donors_refuse_changed_match();
CREATE TRIGGER donors_match_is_kept_always BEFORE DELETE ON donors_match
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER donors_match_is_not_emptied BEFORE TRUNCATE ON donors_match
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE donors_match ENABLE ALWAYS TRIGGER donors_match_stands_always;
ALTER TABLE donors_match ENABLE ALWAYS TRIGGER donors_match_is_kept_always;
ALTER TABLE donors_match ENABLE ALWAYS TRIGGER donors_match_is_not_emptied;
"""
DROP_MATCH = """
DROP TRIGGER donors_match_is_not_emptied ON donors_match;
DROP TRIGGER donors_match_is_kept_always ON donors_match;
DROP TRIGGER donors_match_stands_always ON donors_match;
DROP FUNCTION donors_refuse_changed_match();
"""


class Migration(migrations.Migration):
    dependencies = [("donors", "0005_receipts_from_the_bank"), ("bank", "0002_guards")]

    operations = [
        migrations.RunSQL(RECEIPT, DROP_RECEIPT),
        migrations.RunSQL(HELD, DROP_HELD),
        migrations.RunSQL(MATCH, DROP_MATCH),
        append_only("donors_unidentified"),
        append_only("donors_unidentifiedreturn"),
    ]

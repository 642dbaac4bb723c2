"""What PostgreSQL keeps of the donors' books by itself: schedules that add up, allocations that fit, facts that stand."""

from django.db import migrations

from trustfund.core.db import append_only, never_removed

# A schedule is written before its pledge is signed, and nothing can be added to it afterwards.
SCHEDULE = """
CREATE FUNCTION donors_refuse_uneven_schedule() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    added bigint;
BEGIN
    IF NEW.status = 'announced' THEN
        RETURN NEW;
    END IF;
    SELECT coalesce(sum(minor), 0) INTO added FROM donors_instalment
        WHERE pledge_id = NEW.id AND currency = NEW.currency;
    IF added <> NEW.minor OR EXISTS (
        SELECT FROM donors_instalment WHERE pledge_id = NEW.id AND currency <> NEW.currency
    ) THEN
        RAISE EXCEPTION 'The instalments of pledge % add up to %, not to %.', NEW.reference, added, NEW.minor
            USING ERRCODE = 'TF301', CONSTRAINT = 'instalments_add_up_to_their_pledge';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER donors_pledge_adds_up_always BEFORE INSERT OR UPDATE ON donors_pledge
    FOR EACH ROW EXECUTE FUNCTION donors_refuse_uneven_schedule();
ALTER TABLE donors_pledge ENABLE ALWAYS TRIGGER donors_pledge_adds_up_always;

CREATE FUNCTION donors_refuse_late_instalment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stands text;
BEGIN
    -- The pledge is held, so that it cannot be signed while an instalment slips in.
    SELECT status INTO stands FROM donors_pledge WHERE id = NEW.pledge_id FOR NO KEY UPDATE;
    IF stands IS NOT NULL AND stands <> 'announced' THEN
        RAISE EXCEPTION 'This pledge is signed; its schedule takes no further instalment.'
            USING ERRCODE = 'TF302', CONSTRAINT = 'a_signed_schedule_is_closed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER donors_instalment_in_time_always BEFORE INSERT ON donors_instalment
    FOR EACH ROW EXECUTE FUNCTION donors_refuse_late_instalment();
ALTER TABLE donors_instalment ENABLE ALWAYS TRIGGER donors_instalment_in_time_always;
"""
DROP_SCHEDULE = """
DROP TRIGGER donors_instalment_in_time_always ON donors_instalment;
DROP TRIGGER donors_pledge_adds_up_always ON donors_pledge;
DROP FUNCTION donors_refuse_late_instalment();
DROP FUNCTION donors_refuse_uneven_schedule();
"""

# What was promised stands; only how far it has come may change, and a signature happens once.
PLEDGE = """
CREATE FUNCTION donors_refuse_changed_pledge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.id, OLD.reference, OLD.donor_id, OLD.minor, OLD.currency, OLD.payment_currency, OLD.announced_on,
        OLD.external_reference, OLD.recorded_by_id, OLD.recorded_at)
       IS DISTINCT FROM
       (NEW.id, NEW.reference, NEW.donor_id, NEW.minor, NEW.currency, NEW.payment_currency, NEW.announced_on,
        NEW.external_reference, NEW.recorded_by_id, NEW.recorded_at)
       OR (OLD.status <> 'announced' AND (
            NEW.status = 'announced'
            OR (OLD.agreement_id, OLD.signed_on, OLD.usd_minor)
               IS DISTINCT FROM (NEW.agreement_id, NEW.signed_on, NEW.usd_minor)))
    THEN
        RAISE EXCEPTION 'What pledge % promises is never changed.', OLD.reference
            USING ERRCODE = 'TF305', CONSTRAINT = 'a_promise_stands';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER donors_pledge_stands_always BEFORE UPDATE ON donors_pledge
    FOR EACH ROW EXECUTE FUNCTION donors_refuse_changed_pledge();
ALTER TABLE donors_pledge ENABLE ALWAYS TRIGGER donors_pledge_stands_always;
"""
DROP_PLEDGE = """
DROP TRIGGER donors_pledge_stands_always ON donors_pledge;
DROP FUNCTION donors_refuse_changed_pledge();
"""

# An allocation is written before its receipt, fits its instalment, and stands as long as its receipt does.
ALLOCATION = """
CREATE FUNCTION donors_refuse_excess_allocation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    part donors_instalment;
    paid bigint;
BEGIN
    IF EXISTS (SELECT FROM donors_receipt WHERE id = NEW.receipt_id) THEN
        RAISE EXCEPTION 'This receipt is recorded; it pays no further instalment.'
            USING ERRCODE = 'TF304', CONSTRAINT = 'a_recorded_receipt_is_allocated';
    END IF;
    SELECT * INTO part FROM donors_instalment WHERE id = NEW.instalment_id;
    -- One allocation at a time for each pledge, so that two cannot fill the same gap.
    PERFORM FROM donors_pledge WHERE id = part.pledge_id FOR NO KEY UPDATE;
    SELECT coalesce(sum(stands.minor), 0) INTO paid
        FROM donors_allocation AS stands
        LEFT JOIN donors_receipt AS receipt ON receipt.id = stands.receipt_id
        WHERE stands.instalment_id = NEW.instalment_id AND receipt.reversed_at IS NULL;
    IF part.currency IS DISTINCT FROM NEW.currency OR paid + NEW.minor > part.minor THEN
        RAISE EXCEPTION 'An instalment takes no more than its amount, in its own currency.'
            USING ERRCODE = 'TF303', CONSTRAINT = 'an_allocation_fits_its_instalment';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER donors_allocation_fits_always BEFORE INSERT ON donors_allocation
    FOR EACH ROW EXECUTE FUNCTION donors_refuse_excess_allocation();
ALTER TABLE donors_allocation ENABLE ALWAYS TRIGGER donors_allocation_fits_always;

CREATE FUNCTION donors_refuse_unallocated_receipt() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    added bigint;
BEGIN
    SELECT coalesce(sum(minor), 0) INTO added FROM donors_allocation
        WHERE receipt_id = NEW.id AND currency = NEW.settles_currency;
    IF added <> NEW.settles_minor OR EXISTS (
        SELECT FROM donors_allocation AS allocation JOIN donors_instalment AS part ON part.id = allocation.instalment_id
        WHERE allocation.receipt_id = NEW.id
          AND (part.pledge_id <> NEW.pledge_id OR allocation.currency <> NEW.settles_currency)
    ) THEN
        RAISE EXCEPTION 'Receipt % settles %, and % is allocated to the pledge.', NEW.reference, NEW.settles_minor, added
            USING ERRCODE = 'TF304', CONSTRAINT = 'allocations_add_up_to_their_receipt';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER donors_receipt_adds_up_always BEFORE INSERT ON donors_receipt
    FOR EACH ROW EXECUTE FUNCTION donors_refuse_unallocated_receipt();
ALTER TABLE donors_receipt ENABLE ALWAYS TRIGGER donors_receipt_adds_up_always;
"""
DROP_ALLOCATION = """
DROP TRIGGER donors_receipt_adds_up_always ON donors_receipt;
DROP TRIGGER donors_allocation_fits_always ON donors_allocation;
DROP FUNCTION donors_refuse_unallocated_receipt();
DROP FUNCTION donors_refuse_excess_allocation();
"""

# What the bank said stands; a receipt is undone once, and never brought back.
RECEIPT = """
CREATE FUNCTION donors_refuse_changed_receipt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.reversed_at IS NOT NULL OR NEW.reversed_at IS NULL
       OR to_jsonb(OLD) - ARRAY['reversed_on', 'reversed_reason', 'reversed_by_id', 'reversed_at']
          IS DISTINCT FROM
          to_jsonb(NEW) - ARRAY['reversed_on', 'reversed_reason', 'reversed_by_id', 'reversed_at']
    THEN
        RAISE EXCEPTION 'Receipt % stands as it was recorded; it can be reversed once.', OLD.reference
            USING ERRCODE = 'TF306', CONSTRAINT = 'a_receipt_stands';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER donors_receipt_stands_always BEFORE UPDATE ON donors_receipt
    FOR EACH ROW EXECUTE FUNCTION donors_refuse_changed_receipt();
ALTER TABLE donors_receipt ENABLE ALWAYS TRIGGER donors_receipt_stands_always;
"""
DROP_RECEIPT = """
DROP TRIGGER donors_receipt_stands_always ON donors_receipt;
DROP FUNCTION donors_refuse_changed_receipt();
"""


class Migration(migrations.Migration):
    dependencies = [("donors", "0001_initial"), ("core", "0002_guards")]

    operations = [
        migrations.RunSQL(SCHEDULE, DROP_SCHEDULE),
        migrations.RunSQL(PLEDGE, DROP_PLEDGE),
        migrations.RunSQL(ALLOCATION, DROP_ALLOCATION),
        migrations.RunSQL(RECEIPT, DROP_RECEIPT),
        append_only("donors_agreement"),
        append_only("donors_instalment"),
        append_only("donors_exchangerate"),
        append_only("donors_allocation"),
        append_only("donors_stoprequest"),
        never_removed("donors_donor"),
        never_removed("donors_representative"),
        never_removed("donors_pledge"),
        never_removed("donors_receipt"),
    ]

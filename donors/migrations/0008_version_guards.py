"""What PostgreSQL keeps of versions by itself: one after the other, schedules that add up, paid instalments that stay."""

from django.db import migrations

from trustfund.core.db import append_only

# What stood in the books before versions were kept is each pledge's first version.
FIRST_VERSIONS = """
INSERT INTO donors_pledgeversion
    (pledge_id, number, agreement_id, minor, currency, usd_minor, settled_minor, in_force_on, recorded_by_id, recorded_at)
SELECT id, 1, agreement_id, minor, currency, usd_minor, 0, signed_on, recorded_by_id, recorded_at
FROM donors_pledge WHERE status NOT IN ('announced', 'conditional');
"""

SCHEDULE = """
CREATE OR REPLACE FUNCTION donors_refuse_uneven_schedule() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    added bigint;
BEGIN
    IF NEW.status = 'announced' THEN
        RETURN NEW;
    END IF;
    SELECT coalesce(sum(part.minor), 0) INTO added FROM donors_instalment AS part
        WHERE part.pledge_id = NEW.id AND part.currency = NEW.currency
          AND NOT EXISTS (SELECT FROM donors_replacement WHERE instalment_id = part.id);
    IF added <> NEW.minor OR EXISTS (
        SELECT FROM donors_instalment WHERE pledge_id = NEW.id AND currency <> NEW.currency
    ) THEN
        RAISE EXCEPTION 'The instalments of pledge % add up to %, not to %.', NEW.reference, added, NEW.minor
            USING ERRCODE = 'TF301', CONSTRAINT = 'instalments_add_up_to_their_pledge';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION donors_refuse_late_instalment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stands text;
    latest smallint;
BEGIN
    -- The pledge is held, so that it cannot be signed while an instalment slips in.
    SELECT status INTO stands FROM donors_pledge WHERE id = NEW.pledge_id FOR NO KEY UPDATE;
    SELECT coalesce(max(number), 0) INTO latest FROM donors_pledgeversion WHERE pledge_id = NEW.pledge_id;
    IF stands = 'conditional' OR NEW.version <> latest + 1 THEN
        RAISE EXCEPTION 'This pledge is signed; its schedule takes no further instalment without an amendment.'
            USING ERRCODE = 'TF302', CONSTRAINT = 'a_signed_schedule_is_closed';
    END IF;
    RETURN NEW;
END $$;

-- Instalments and replacements are written before the version that they belong to; at the end it is there.
CREATE FUNCTION donors_require_its_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    whose uuid;
BEGIN
    IF TG_TABLE_NAME = 'donors_instalment' THEN
        whose := NEW.pledge_id;
    ELSE
        SELECT pledge_id INTO whose FROM donors_instalment WHERE id = NEW.instalment_id;
    END IF;
    IF EXISTS (SELECT FROM donors_pledge WHERE id = whose AND status NOT IN ('announced', 'conditional'))
       AND NOT EXISTS (SELECT FROM donors_pledgeversion WHERE pledge_id = whose AND number = NEW.version)
    THEN
        RAISE EXCEPTION 'A schedule changes only with a version of its pledge.'
            USING ERRCODE = 'TF302', CONSTRAINT = 'a_signed_schedule_is_closed';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER donors_instalment_versioned_always AFTER INSERT ON donors_instalment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION donors_require_its_version();
CREATE CONSTRAINT TRIGGER donors_replacement_versioned_always AFTER INSERT ON donors_replacement
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION donors_require_its_version();
ALTER TABLE donors_instalment ENABLE ALWAYS TRIGGER donors_instalment_versioned_always;
ALTER TABLE donors_replacement ENABLE ALWAYS TRIGGER donors_replacement_versioned_always;
"""
OLD_SCHEDULE = """
DROP TRIGGER donors_replacement_versioned_always ON donors_replacement;
DROP TRIGGER donors_instalment_versioned_always ON donors_instalment;
DROP FUNCTION donors_require_its_version();

CREATE OR REPLACE FUNCTION donors_refuse_uneven_schedule() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE OR REPLACE FUNCTION donors_refuse_late_instalment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stands text;
BEGIN
    SELECT status INTO stands FROM donors_pledge WHERE id = NEW.pledge_id FOR NO KEY UPDATE;
    IF stands IS NOT NULL AND stands <> 'announced' THEN
        RAISE EXCEPTION 'This pledge is signed; its schedule takes no further instalment.'
            USING ERRCODE = 'TF302', CONSTRAINT = 'a_signed_schedule_is_closed';
    END IF;
    RETURN NEW;
END $$;
"""

# What a pledge in the books promises is what its latest version says, and nothing else.
PLEDGE = """
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

CREATE FUNCTION donors_require_latest_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last donors_pledgeversion;
BEGIN
    IF NEW.status IN ('announced', 'conditional') THEN
        RETURN NEW;
    END IF;
    SELECT * INTO last FROM donors_pledgeversion WHERE pledge_id = NEW.id ORDER BY number DESC LIMIT 1;
    IF last.id IS NULL OR (last.minor, last.currency, last.usd_minor, last.agreement_id)
       IS DISTINCT FROM (NEW.minor, NEW.currency, NEW.usd_minor, NEW.agreement_id)
    THEN
        RAISE EXCEPTION 'Pledge % promises what its latest version says.', NEW.reference
            USING ERRCODE = 'TF305', CONSTRAINT = 'a_pledge_promises_what_its_version_says';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER donors_pledge_versioned_always BEFORE INSERT OR UPDATE ON donors_pledge
    FOR EACH ROW EXECUTE FUNCTION donors_require_latest_version();
ALTER TABLE donors_pledge ENABLE ALWAYS TRIGGER donors_pledge_versioned_always;
"""
OLD_PLEDGE = """
DROP TRIGGER donors_pledge_versioned_always ON donors_pledge;
DROP FUNCTION donors_require_latest_version();
"""

VERSION = """
CREATE FUNCTION donors_refuse_stray_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before donors_pledgeversion;
    added bigint;
    parts bigint;
    days bigint;
    numbers bigint;
BEGIN
    PERFORM FROM donors_pledge WHERE id = NEW.pledge_id FOR NO KEY UPDATE;
    SELECT * INTO before FROM donors_pledgeversion WHERE pledge_id = NEW.pledge_id ORDER BY number DESC LIMIT 1;
    IF NEW.number <> coalesce(before.number, 0) + 1
       OR NEW.currency <> coalesce(before.currency, NEW.currency)
       OR NEW.in_force_on < coalesce(before.in_force_on, NEW.in_force_on)
       OR (before.id IS NOT NULL AND NOT EXISTS (
            SELECT FROM donors_agreement AS earlier, donors_agreement AS later
            WHERE earlier.id = before.agreement_id AND later.id = NEW.agreement_id
              AND later.reference = earlier.reference AND later.version > earlier.version))
    THEN
        RAISE EXCEPTION 'A version of a pledge follows the one before, under the next version of its agreement.'
            USING ERRCODE = 'TF308', CONSTRAINT = 'versions_follow_one_another';
    END IF;
    SELECT coalesce(sum(part.minor), 0), count(*), count(DISTINCT part.due_on), count(DISTINCT part.number)
        INTO added, parts, days, numbers
        FROM donors_instalment AS part
        WHERE part.pledge_id = NEW.pledge_id
          AND NOT EXISTS (SELECT FROM donors_replacement WHERE instalment_id = part.id);
    IF added <> NEW.minor OR days <> parts OR numbers <> parts OR EXISTS (
        SELECT FROM donors_instalment WHERE pledge_id = NEW.pledge_id AND (currency <> NEW.currency
            OR (version > 1 AND version = NEW.number AND in_force_on <> NEW.in_force_on))
    ) THEN
        RAISE EXCEPTION 'The instalments of this version add up to %, not to %.', added, NEW.minor
            USING ERRCODE = 'TF301', CONSTRAINT = 'instalments_add_up_to_their_pledge';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER donors_pledgeversion_follows_always BEFORE INSERT ON donors_pledgeversion
    FOR EACH ROW EXECUTE FUNCTION donors_refuse_stray_version();
ALTER TABLE donors_pledgeversion ENABLE ALWAYS TRIGGER donors_pledgeversion_follows_always;

CREATE FUNCTION donors_refuse_paid_replacement() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    part donors_instalment;
    latest smallint;
BEGIN
    SELECT * INTO part FROM donors_instalment WHERE id = NEW.instalment_id;
    PERFORM FROM donors_pledge WHERE id = part.pledge_id FOR NO KEY UPDATE;
    SELECT coalesce(max(number), 0) INTO latest FROM donors_pledgeversion WHERE pledge_id = part.pledge_id;
    IF NEW.version <> latest + 1 OR part.version >= NEW.version THEN
        RAISE EXCEPTION 'A schedule changes only with the next version of its pledge.'
            USING ERRCODE = 'TF302', CONSTRAINT = 'a_signed_schedule_is_closed';
    END IF;
    IF EXISTS (
        SELECT FROM donors_allocation AS stands JOIN donors_receipt AS receipt ON receipt.id = stands.receipt_id
        WHERE stands.instalment_id = NEW.instalment_id AND receipt.reversed_at IS NULL
    ) THEN
        RAISE EXCEPTION 'Money stands on this instalment, so it stays as it is.'
            USING ERRCODE = 'TF307', CONSTRAINT = 'a_paid_instalment_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER donors_replacement_unpaid_always BEFORE INSERT ON donors_replacement
    FOR EACH ROW EXECUTE FUNCTION donors_refuse_paid_replacement();
ALTER TABLE donors_replacement ENABLE ALWAYS TRIGGER donors_replacement_unpaid_always;

CREATE FUNCTION donors_refuse_allocation_to_the_past() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM donors_pledge
        WHERE id = (SELECT pledge_id FROM donors_instalment WHERE id = NEW.instalment_id) FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM donors_replacement WHERE instalment_id = NEW.instalment_id) THEN
        RAISE EXCEPTION 'An amendment has replaced this instalment; it takes no money.'
            USING ERRCODE = 'TF303', CONSTRAINT = 'an_allocation_fits_its_instalment';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER donors_allocation_current_always BEFORE INSERT ON donors_allocation
    FOR EACH ROW EXECUTE FUNCTION donors_refuse_allocation_to_the_past();
ALTER TABLE donors_allocation ENABLE ALWAYS TRIGGER donors_allocation_current_always;
"""
DROP_VERSION = """
DROP TRIGGER donors_allocation_current_always ON donors_allocation;
DROP FUNCTION donors_refuse_allocation_to_the_past();
DROP TRIGGER donors_replacement_unpaid_always ON donors_replacement;
DROP FUNCTION donors_refuse_paid_replacement();
DROP TRIGGER donors_pledgeversion_follows_always ON donors_pledgeversion;
DROP FUNCTION donors_refuse_stray_version();
"""

AGREEMENT = """
CREATE FUNCTION donors_refuse_stray_amendment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.version > 1 AND NOT EXISTS (
        SELECT FROM donors_agreement WHERE reference = NEW.reference AND version = NEW.version - 1
            AND donor_id = NEW.donor_id AND currency = NEW.currency
    ) THEN
        RAISE EXCEPTION 'An amendment follows the version before, of the same donor in the same currency.'
            USING ERRCODE = 'TF309', CONSTRAINT = 'an_amendment_follows_its_agreement';
    END IF;
    IF NOT NEW.report_days ?& ARRAY['implementer_narrative', 'implementer_financial', 'consolidated',
                                    'final_narrative', 'certified_final']
       OR EXISTS (
            SELECT FROM jsonb_each_text(NEW.report_days) AS due
            WHERE due.value !~ '^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$')
    THEN
        RAISE EXCEPTION 'An agreement says on which day of the year each report is due.'
            USING ERRCODE = 'TF309', CONSTRAINT = 'an_agreement_says_when_reports_are_due';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER donors_agreement_follows_always BEFORE INSERT ON donors_agreement
    FOR EACH ROW EXECUTE FUNCTION donors_refuse_stray_amendment();
ALTER TABLE donors_agreement ENABLE ALWAYS TRIGGER donors_agreement_follows_always;
"""
DROP_AGREEMENT = """
DROP TRIGGER donors_agreement_follows_always ON donors_agreement;
DROP FUNCTION donors_refuse_stray_amendment();
"""


class Migration(migrations.Migration):
    dependencies = [("donors", "0007_versions")]

    operations = [
        migrations.RunSQL(FIRST_VERSIONS, migrations.RunSQL.noop),
        migrations.RunSQL(SCHEDULE, OLD_SCHEDULE),
        migrations.RunSQL(PLEDGE, OLD_PLEDGE),
        migrations.RunSQL(VERSION, DROP_VERSION),
        migrations.RunSQL(AGREEMENT, DROP_AGREEMENT),
        append_only("donors_pledgeversion"),
        append_only("donors_replacement"),
    ]

"""What PostgreSQL keeps of giving up and giving back: no more than there is, by decision, in the books, by two people."""

from django.db import migrations

from trustfund.core.db import APPLICATION_ROLE, append_only

# A part is written before its write-off is carried out, is of its pledge, and takes only what an instalment lacks.
PART = """
CREATE FUNCTION donors_refuse_excess_write_off() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    whole donors_writeoff;
    part donors_instalment;
    gone bigint;
BEGIN
    SELECT * INTO whole FROM donors_writeoff WHERE id = NEW.write_off_id;
    SELECT * INTO part FROM donors_instalment WHERE id = NEW.instalment_id;
    IF whole.carried_out_at IS NOT NULL THEN
        RAISE EXCEPTION 'Write-off % is carried out; it takes no further part.', whole.reference
            USING ERRCODE = 'TF341', CONSTRAINT = 'a_write_off_carried_out_stands';
    END IF;
    -- One at a time for each pledge, so that money and a write-off cannot fill the same gap.
    PERFORM FROM donors_pledge WHERE id = part.pledge_id FOR NO KEY UPDATE;
    gone := donors_gone_of_instalment(NEW.instalment_id);
    IF part.pledge_id IS DISTINCT FROM whole.pledge_id OR part.currency IS DISTINCT FROM NEW.currency
       OR gone + NEW.minor > part.minor
       OR EXISTS (SELECT FROM donors_replacement WHERE instalment_id = NEW.instalment_id)
    THEN
        RAISE EXCEPTION 'No more of an instalment is given up than it lacks, in its own currency.'
            USING ERRCODE = 'TF340', CONSTRAINT = 'a_written_off_part_fits_its_instalment';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION donors_gone_of_instalment(its_id bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT sum(stands.minor) FROM donors_allocation AS stands
                      LEFT JOIN donors_receipt AS receipt ON receipt.id = stands.receipt_id
                      WHERE stands.instalment_id = its_id AND receipt.reversed_at IS NULL), 0)::bigint
         + coalesce((SELECT sum(minor) FROM donors_writtenoffpart WHERE instalment_id = its_id), 0)::bigint
$$;
CREATE TRIGGER donors_written_off_part_fits_always BEFORE INSERT ON donors_writtenoffpart
    FOR EACH ROW EXECUTE FUNCTION donors_refuse_excess_write_off();
ALTER TABLE donors_writtenoffpart ENABLE ALWAYS TRIGGER donors_written_off_part_fits_always;

CREATE FUNCTION donors_refuse_money_for_what_is_given_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM donors_pledge WHERE id = (SELECT pledge_id FROM donors_instalment WHERE id = NEW.instalment_id)
        FOR NO KEY UPDATE;
    IF donors_gone_of_instalment(NEW.instalment_id) + NEW.minor
       > (SELECT minor FROM donors_instalment WHERE id = NEW.instalment_id)
    THEN
        RAISE EXCEPTION 'What is given up of an instalment is not paid.'
            USING ERRCODE = 'TF342', CONSTRAINT = 'what_is_given_up_is_not_paid';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER donors_what_is_given_up_is_not_paid_always BEFORE INSERT ON donors_allocation
    FOR EACH ROW EXECUTE FUNCTION donors_refuse_money_for_what_is_given_up();
ALTER TABLE donors_allocation ENABLE ALWAYS TRIGGER donors_what_is_given_up_is_not_paid_always;

CREATE FUNCTION donors_refuse_replacing_what_is_given_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM donors_writtenoffpart WHERE instalment_id = NEW.instalment_id) THEN
        RAISE EXCEPTION 'The committee has given up a part of this instalment, so it stays as it is.'
            USING ERRCODE = 'TF351', CONSTRAINT = 'an_instalment_given_up_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER donors_instalment_given_up_stays_always BEFORE INSERT ON donors_replacement
    FOR EACH ROW EXECUTE FUNCTION donors_refuse_replacing_what_is_given_up();
ALTER TABLE donors_replacement ENABLE ALWAYS TRIGGER donors_instalment_given_up_stays_always;
"""
DROP_PART = """
DROP TRIGGER donors_instalment_given_up_stays_always ON donors_replacement;
DROP FUNCTION donors_refuse_replacing_what_is_given_up();
DROP TRIGGER donors_what_is_given_up_is_not_paid_always ON donors_allocation;
DROP TRIGGER donors_written_off_part_fits_always ON donors_writtenoffpart;
DROP FUNCTION donors_refuse_money_for_what_is_given_up();
DROP FUNCTION donors_refuse_excess_write_off();
DROP FUNCTION donors_gone_of_instalment(bigint);
"""

# What was asked stands; it is carried out once, because the committee decided so, with its entry and all its parts.
WRITE_OFF = """
CREATE FUNCTION donors_refuse_undecided_write_off() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    added bigint;
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.carried_out_at IS NOT NULL
       OR to_jsonb(OLD) - ARRAY['posted_on', 'carried_out_by_id', 'carried_out_at']
          IS DISTINCT FROM to_jsonb(NEW) - ARRAY['posted_on', 'carried_out_by_id', 'carried_out_at'])
    THEN
        RAISE EXCEPTION 'Write-off % stands as it was asked; it is carried out once.', OLD.reference
            USING ERRCODE = 'TF341', CONSTRAINT = 'a_write_off_carried_out_stands';
    END IF;
    IF NEW.carried_out_at IS NULL THEN
        RETURN NEW;
    END IF;
    IF NOT EXISTS (
        SELECT FROM committee_decision AS decision JOIN committee_motion AS motion ON motion.id = decision.motion_id
        WHERE motion.subject = NEW.id AND motion.kind = 'write_off' AND decision.outcome = 'carried'
    ) OR NOT EXISTS (
        SELECT FROM ledger_entry WHERE kind = 'pledge.written_off' AND reference = NEW.reference
    ) THEN
        RAISE EXCEPTION 'Write-off % needs a decision of the committee and its entry in the books.', NEW.reference
            USING ERRCODE = 'TF343', CONSTRAINT = 'a_write_off_is_decided_and_booked';
    END IF;
    SELECT coalesce(sum(minor), 0) INTO added FROM donors_writtenoffpart
        WHERE write_off_id = NEW.id AND currency = NEW.currency;
    IF added <> NEW.minor THEN
        RAISE EXCEPTION 'Write-off % gives up %, and its parts add up to %.', NEW.reference, NEW.minor, added
            USING ERRCODE = 'TF344', CONSTRAINT = 'written_off_parts_add_up';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER donors_write_off_is_decided_always BEFORE INSERT OR UPDATE ON donors_writeoff
    FOR EACH ROW EXECUTE FUNCTION donors_refuse_undecided_write_off();
ALTER TABLE donors_writeoff ENABLE ALWAYS TRIGGER donors_write_off_is_decided_always;
"""
DROP_WRITE_OFF = """
DROP TRIGGER donors_write_off_is_decided_always ON donors_writeoff;
DROP FUNCTION donors_refuse_undecided_write_off();
"""

# Pledged = received + outstanding + written off, in the books; and the books say what receipts and write-offs say.
LAW = """
CREATE FUNCTION donors_refuse_a_broken_pledge() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    its_id uuid;
    its_reference text;
    pledged numeric; outstanding numeric; received numeric; given_up numeric;
    came bigint; gone bigint;
BEGIN
    EXECUTE format('SELECT ($1).%I', TG_ARGV[0]) USING NEW INTO its_id;
    SELECT reference INTO its_reference FROM donors_pledge WHERE id = its_id;
    SELECT -coalesce(sum(held.amount) FILTER (WHERE account.code ^@ '9110.'), 0),
           coalesce(sum(held.amount) FILTER (WHERE account.code ^@ '9100.'), 0),
           coalesce(sum(held.amount) FILTER (WHERE account.code ^@ '9120.'), 0),
           coalesce(sum(held.amount) FILTER (WHERE account.code ^@ '9130.'), 0)
      INTO pledged, outstanding, received, given_up
      FROM ledger_account AS account
      CROSS JOIN LATERAL ledger_balances_of(ARRAY[account.id], NULL::date) AS held
     WHERE account.code IN ('9110.' || its_reference, '9100.' || its_reference,
                            '9120.' || its_reference, '9130.' || its_reference);
    SELECT coalesce(sum(settles_minor), 0) INTO came FROM donors_receipt
        WHERE pledge_id = its_id AND reversed_at IS NULL;
    SELECT coalesce(sum(minor), 0) INTO gone FROM donors_writeoff
        WHERE pledge_id = its_id AND carried_out_at IS NOT NULL;
    IF pledged <> received + outstanding + given_up OR received <> came OR given_up <> gone THEN
        RAISE EXCEPTION 'Pledge %: pledged % is not received % + outstanding % + written off %; receipts %, write-offs %.',
            its_reference, pledged, received, outstanding, given_up, came, gone
            USING ERRCODE = 'TF345', CONSTRAINT = 'pledged_is_received_and_outstanding_and_written_off';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER donors_pledge_law_of_receipts AFTER INSERT OR UPDATE ON donors_receipt
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION donors_refuse_a_broken_pledge('pledge_id');
CREATE CONSTRAINT TRIGGER donors_pledge_law_of_write_offs AFTER INSERT OR UPDATE ON donors_writeoff
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION donors_refuse_a_broken_pledge('pledge_id');
CREATE CONSTRAINT TRIGGER donors_pledge_law_of_pledges AFTER INSERT OR UPDATE ON donors_pledge
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION donors_refuse_a_broken_pledge('id');
ALTER TABLE donors_receipt ENABLE ALWAYS TRIGGER donors_pledge_law_of_receipts;
ALTER TABLE donors_writeoff ENABLE ALWAYS TRIGGER donors_pledge_law_of_write_offs;
ALTER TABLE donors_pledge ENABLE ALWAYS TRIGGER donors_pledge_law_of_pledges;
"""
DROP_LAW = """
DROP TRIGGER donors_pledge_law_of_pledges ON donors_pledge;
DROP TRIGGER donors_pledge_law_of_write_offs ON donors_writeoff;
DROP TRIGGER donors_pledge_law_of_receipts ON donors_receipt;
DROP FUNCTION donors_refuse_a_broken_pledge();
"""

# Details follow one another within a donor, and who registered them does not verify them.
DETAILS = """
CREATE FUNCTION donors_refuse_foreign_details() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.supersedes_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM donors_donorbankaccount WHERE id = NEW.supersedes_id AND donor_id = NEW.donor_id
    ) THEN
        RAISE EXCEPTION 'Bank details take the place of the same donor''s.'
            USING ERRCODE = 'TF346', CONSTRAINT = 'a_donors_details_supersede_its_own';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER donors_details_supersede_their_own_always BEFORE INSERT ON donors_donorbankaccount
    FOR EACH ROW EXECUTE FUNCTION donors_refuse_foreign_details();
ALTER TABLE donors_donorbankaccount ENABLE ALWAYS TRIGGER donors_details_supersede_their_own_always;

CREATE FUNCTION donors_refuse_own_verification() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM donors_donorbankaccount
        WHERE id = NEW.account_id AND (registered_by_id = NEW.verified_by_id OR NEW.called_at < registered_at)
    ) THEN
        RAISE EXCEPTION 'Another officer than who registered the details calls back, after they were registered.'
            USING ERRCODE = 'TF347', CONSTRAINT = 'nobody_verifies_a_donors_details_they_registered';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER donors_nobody_verifies_their_own_always BEFORE INSERT ON donors_donorbankverification
    FOR EACH ROW EXECUTE FUNCTION donors_refuse_own_verification();
ALTER TABLE donors_donorbankverification ENABLE ALWAYS TRIGGER donors_nobody_verifies_their_own_always;
"""
DROP_DETAILS = """
DROP TRIGGER donors_nobody_verifies_their_own_always ON donors_donorbankverification;
DROP TRIGGER donors_details_supersede_their_own_always ON donors_donorbankaccount;
DROP FUNCTION donors_refuse_own_verification();
DROP FUNCTION donors_refuse_foreign_details();
"""

# A refund is paid once, by decision, with its entry, to the donor's latest details, verified and 72 hours old.
REFUND = """
CREATE FUNCTION donors_refuse_undecided_refund() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    paying text[] := ARRAY['bank_account_id', 'bank_reference', 'paid_on', 'confirmation_id', 'authorised_by_id',
                           'authorised_at'];
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.authorised_at IS NOT NULL
       OR to_jsonb(OLD) - paying IS DISTINCT FROM to_jsonb(NEW) - paying)
    THEN
        RAISE EXCEPTION 'Refund % stands as it was requested; it is paid once.', OLD.reference
            USING ERRCODE = 'TF348', CONSTRAINT = 'a_refund_stands';
    END IF;
    IF NEW.authorised_at IS NULL THEN
        RETURN NEW;
    END IF;
    IF NOT EXISTS (
        SELECT FROM committee_decision AS decision JOIN committee_motion AS motion ON motion.id = decision.motion_id
        WHERE motion.subject = NEW.id AND motion.kind = 'refund' AND decision.outcome = 'carried'
    ) OR NOT EXISTS (SELECT FROM ledger_entry WHERE kind = 'refund.paid' AND reference = NEW.reference)
    THEN
        RAISE EXCEPTION 'Refund % needs a decision of the committee and its entry in the books.', NEW.reference
            USING ERRCODE = 'TF349', CONSTRAINT = 'a_refund_is_decided_and_booked';
    END IF;
    IF NOT EXISTS (
        SELECT FROM donors_donorbankaccount AS account
        JOIN donors_donorbankverification AS verification ON verification.account_id = account.id
        WHERE account.id = NEW.bank_account_id AND account.donor_id = NEW.donor_id
          AND account.registered_at + interval '72 hours' <= NEW.authorised_at
          AND NOT EXISTS (SELECT FROM donors_donorbankaccount WHERE supersedes_id = account.id)
    ) THEN
        RAISE EXCEPTION 'Refund % goes to the donor''s latest details, verified and 72 hours old.', NEW.reference
            USING ERRCODE = 'TF350', CONSTRAINT = 'a_refund_goes_to_verified_and_rested_details';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER donors_refund_is_decided_always BEFORE INSERT OR UPDATE ON donors_refund
    FOR EACH ROW EXECUTE FUNCTION donors_refuse_undecided_refund();
ALTER TABLE donors_refund ENABLE ALWAYS TRIGGER donors_refund_is_decided_always;
"""
DROP_REFUND = """
DROP TRIGGER donors_refund_is_decided_always ON donors_refund;
DROP FUNCTION donors_refuse_undecided_refund();
"""


def never_removed(table):
    """Return the migration step after which PostgreSQL refuses to delete or empty a table whose state may change."""
    return migrations.RunSQL(
        f"""
        CREATE TRIGGER {table}_is_kept_always BEFORE DELETE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
        CREATE TRIGGER {table}_is_not_emptied BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_is_kept_always;
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_is_not_emptied;
        DO $$ BEGIN
            IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{APPLICATION_ROLE}') THEN
                EXECUTE 'REVOKE DELETE, TRUNCATE ON {table} FROM {APPLICATION_ROLE}';
            END IF;
        END $$;
        """,
        f"""
        DROP TRIGGER {table}_is_kept_always ON {table};
        DROP TRIGGER {table}_is_not_emptied ON {table};
        """,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("donors", "0009_giving_back"),
        ("committee", "0003_matters"),
        ("ledger", "0003_sealing"),
        ("core", "0002_guards"),
    ]

    operations = [
        migrations.RunSQL(PART, DROP_PART),
        migrations.RunSQL(WRITE_OFF, DROP_WRITE_OFF),
        migrations.RunSQL(LAW, DROP_LAW),
        migrations.RunSQL(DETAILS, DROP_DETAILS),
        migrations.RunSQL(REFUND, DROP_REFUND),
        append_only("donors_writtenoffpart"),
        append_only("donors_donorbankaccount"),
        append_only("donors_donorbankverification"),
        never_removed("donors_writeoff"),
        never_removed("donors_refund"),
    ]

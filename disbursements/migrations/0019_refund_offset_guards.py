"""What PostgreSQL refuses by itself: refunds taken off alone, off another's tranche, or beyond what is owed or due."""

from django.db import migrations

from trustfund.core.db import append_only

PROPOSED = """
CREATE FUNCTION refuse_offset_of_anothers_debt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM disbursements_refundclaim AS claim
        JOIN disbursements_programme AS owing ON owing.id = claim.programme_id
        JOIN disbursements_tranche AS tranche ON tranche.id = NEW.tranche_id
        JOIN disbursements_proposal AS proposal ON proposal.id = tranche.proposal_id
        JOIN disbursements_programme AS paid ON paid.id = proposal.programme_id
        WHERE claim.id = NEW.claim_id AND owing.organisation_id = paid.organisation_id AND owing.id <> paid.id
          AND claim.currency = NEW.currency AND tranche.currency = NEW.currency
    ) THEN
        RAISE EXCEPTION 'A refund is taken off what is due to the organisation that owes it.'
            USING ERRCODE = 'TF417', CONSTRAINT = 'an_offset_is_between_one_organisation_and_the_fund';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER an_offset_is_between_one_organisation_always BEFORE INSERT ON disbursements_refundoffset
    FOR EACH ROW EXECUTE FUNCTION refuse_offset_of_anothers_debt();
ALTER TABLE disbursements_refundoffset ENABLE ALWAYS TRIGGER an_offset_is_between_one_organisation_always;
"""

NOT_PROPOSED = """
DROP TRIGGER an_offset_is_between_one_organisation_always ON disbursements_refundoffset;
DROP FUNCTION refuse_offset_of_anothers_debt();
"""

ANSWERED = """
CREATE FUNCTION refuse_offset_beyond_claim_or_tranche() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked record;
BEGIN
    SELECT one.amount_minor, one.tranche_id, one.claim_id, one.proposed_by_id, proposal.proposer_id,
           tranche.amount_minor AS due_minor, tranche.status, claim.amount_minor AS owed_minor
        INTO asked
        FROM disbursements_refundoffset AS one
        JOIN disbursements_refundclaim AS claim ON claim.id = one.claim_id
        JOIN disbursements_tranche AS tranche ON tranche.id = one.tranche_id
        JOIN disbursements_proposal AS proposal ON proposal.id = tranche.proposal_id
        WHERE one.id = NEW.offset_id
        FOR NO KEY UPDATE OF tranche;
    IF NEW.answered_by_id IN (asked.proposed_by_id, asked.proposer_id) THEN
        RAISE EXCEPTION 'Who asked for an offset, or for the money, does not agree to it.'
            USING ERRCODE = 'TF417', CONSTRAINT = 'nobody_takes_off_what_they_asked_for';
    END IF;
    IF NOT EXISTS (
        SELECT FROM core_role
        WHERE person_id = NEW.answered_by_id AND ended_at IS NULL AND name = 'certifying_officer'
    ) THEN
        RAISE EXCEPTION 'A certifying officer answers.'
            USING ERRCODE = 'TF417', CONSTRAINT = 'a_certifying_officer_takes_off';
    END IF;
    IF NOT NEW.agrees THEN
        RETURN NEW;
    END IF;
    IF NOT EXISTS (SELECT FROM core_confirmation WHERE id = NEW.confirmation_id AND person_id = NEW.answered_by_id) THEN
        RAISE EXCEPTION 'A second factor belongs to the person who agrees.'
            USING ERRCODE = 'TF417', CONSTRAINT = 'a_second_factor_is_ones_own';
    END IF;
    -- One answer about a claim at a time, so that two cannot take off more than is owed.
    PERFORM pg_advisory_xact_lock(hashtext('disbursements_refundclaim' || asked.claim_id));
    IF asked.owed_minor < asked.amount_minor + (
        SELECT COALESCE(sum(other.amount_minor), 0) FROM disbursements_refundoffset AS other
        JOIN disbursements_refundoffsetanswer AS answer ON answer.offset_id = other.id AND answer.agrees
        WHERE other.claim_id = asked.claim_id
    ) THEN
        RAISE EXCEPTION 'At most what is owed is taken off.'
            USING ERRCODE = 'TF417', CONSTRAINT = 'an_offset_is_at_most_its_claim';
    END IF;
    IF asked.status <> 'due' OR asked.due_minor < asked.amount_minor + disbursements_gone_of_tranche(asked.tranche_id) THEN
        RAISE EXCEPTION 'At most what is due of a tranche is taken off it.'
            USING ERRCODE = 'TF417', CONSTRAINT = 'an_offset_is_at_most_its_tranche';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER an_offset_is_at_most_what_is_owed_always BEFORE INSERT ON disbursements_refundoffsetanswer
    FOR EACH ROW EXECUTE FUNCTION refuse_offset_beyond_claim_or_tranche();
ALTER TABLE disbursements_refundoffsetanswer ENABLE ALWAYS TRIGGER an_offset_is_at_most_what_is_owed_always;
"""

NOT_ANSWERED = """
DROP TRIGGER an_offset_is_at_most_what_is_owed_always ON disbursements_refundoffsetanswer;
DROP FUNCTION refuse_offset_beyond_claim_or_tranche();
"""

# What has arrived of a tranche and what was taken off it; a payment under way is the only one there is.
GONE = """
CREATE FUNCTION disbursements_gone_of_tranche(tranche uuid) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT (
        SELECT COALESCE(sum(amount_minor), 0) FROM disbursements_payment
        WHERE tranche_id = tranche AND status = 'confirmed'
    ) + (
        SELECT COALESCE(sum(one.amount_minor), 0) FROM disbursements_refundoffset AS one
        JOIN disbursements_refundoffsetanswer AS answer ON answer.offset_id = one.id AND answer.agrees
        WHERE one.tranche_id = tranche
    )
$$;
"""

PAYMENT = """
CREATE FUNCTION refuse_payment_of_what_was_taken_off() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    due_minor bigint;
BEGIN
    SELECT amount_minor INTO due_minor FROM disbursements_tranche WHERE id = NEW.tranche_id FOR NO KEY UPDATE;
    IF due_minor < NEW.amount_minor + disbursements_gone_of_tranche(NEW.tranche_id) THEN
        RAISE EXCEPTION 'A payment is at most what is left of its tranche.'
            USING ERRCODE = 'TF411', CONSTRAINT = 'a_payment_is_at_most_what_is_left';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER b_payment_is_at_most_what_is_left_always BEFORE INSERT ON disbursements_payment
    FOR EACH ROW EXECUTE FUNCTION refuse_payment_of_what_was_taken_off();
ALTER TABLE disbursements_payment ENABLE ALWAYS TRIGGER b_payment_is_at_most_what_is_left_always;
"""

NOT_PAYMENT = """
DROP TRIGGER b_payment_is_at_most_what_is_left_always ON disbursements_payment;
DROP FUNCTION refuse_payment_of_what_was_taken_off();
"""


class Migration(migrations.Migration):
    dependencies = [("disbursements", "0018_refund_offsets"), ("core", "0002_guards")]

    operations = [
        append_only("disbursements_refundoffset"),
        append_only("disbursements_refundoffsetanswer"),
        migrations.RunSQL(GONE, "DROP FUNCTION disbursements_gone_of_tranche(uuid);"),
        migrations.RunSQL(PROPOSED, NOT_PROPOSED),
        migrations.RunSQL(ANSWERED, NOT_ANSWERED),
        migrations.RunSQL(PAYMENT, NOT_PAYMENT),
    ]

"""What PostgreSQL refuses of programmes: donors' own agencies, a stop without decision, codes that are not whole."""

from django.db import migrations

from disbursements.crs import CODES, VOLUNTARY
from trustfund.core.db import append_only, never_removed


def fill_codes(apps, schema_editor):  # noqa: ANN001, ANN201
    """Keep the purpose codes of the table."""
    model = apps.get_model("disbursements", "CrsCode")
    model.objects.bulk_create(model(code=code, name=name, broader=VOLUNTARY.get(code, "")) for code, name in CODES.items())


def empty_codes(apps, schema_editor):  # noqa: ANN001, ANN201
    """Take them out again."""
    apps.get_model("disbursements", "CrsCode").objects.all().delete()


# At commit, because the shares of a programme come one row at a time. None at all is allowed: not coded yet.
CODED = """
CREATE FUNCTION refuse_codes_that_are_not_whole() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    programme uuid := COALESCE(NEW.programme_id, OLD.programme_id);
BEGIN
    IF (SELECT COALESCE(sum(percent), 100) FROM disbursements_crsshare WHERE programme_id = programme) <> 100 THEN
        RAISE EXCEPTION 'The purpose codes of a programme add up to exactly 100 percent.'
            USING ERRCODE = 'TF430', CONSTRAINT = 'purpose_codes_add_up_to_100';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER purpose_codes_add_up_to_100_always AFTER INSERT OR UPDATE OR DELETE ON disbursements_crsshare
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse_codes_that_are_not_whole();
ALTER TABLE disbursements_crsshare ENABLE ALWAYS TRIGGER purpose_codes_add_up_to_100_always;
"""

NOT_CODED = """
DROP TRIGGER purpose_codes_add_up_to_100_always ON disbursements_crsshare;
DROP FUNCTION refuse_codes_that_are_not_whole();
"""

ELIGIBLE = """
CREATE FUNCTION refuse_donors_own_agency() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM disbursements_organisation WHERE id = NEW.organisation_id AND kind = 'donor_agency') THEN
        RAISE EXCEPTION 'The fund works through nobody who also gives to it.'
            USING ERRCODE = 'TF431', CONSTRAINT = 'no_donors_own_agency_takes_part';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER no_donors_own_agency_takes_part_always BEFORE INSERT OR UPDATE ON disbursements_implementingpartner
    FOR EACH ROW EXECUTE FUNCTION refuse_donors_own_agency();
CREATE TRIGGER no_donors_own_agency_answers_for_a_programme_always BEFORE INSERT OR UPDATE ON disbursements_programme
    FOR EACH ROW EXECUTE FUNCTION refuse_donors_own_agency();
ALTER TABLE disbursements_implementingpartner ENABLE ALWAYS TRIGGER no_donors_own_agency_takes_part_always;
ALTER TABLE disbursements_programme ENABLE ALWAYS TRIGGER no_donors_own_agency_answers_for_a_programme_always;

CREATE FUNCTION refuse_other_kind() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.kind = 'donor_agency' AND NEW.kind IS DISTINCT FROM OLD.kind AND (
        EXISTS (SELECT FROM disbursements_programme WHERE organisation_id = NEW.id)
        OR EXISTS (SELECT FROM disbursements_implementingpartner WHERE organisation_id = NEW.id AND ended_at IS NULL)
    ) THEN
        RAISE EXCEPTION 'The fund works through nobody who also gives to it.'
            USING ERRCODE = 'TF431', CONSTRAINT = 'no_donors_own_agency_takes_part';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER who_takes_part_becomes_no_donors_agency_always BEFORE UPDATE ON disbursements_organisation
    FOR EACH ROW EXECUTE FUNCTION refuse_other_kind();
ALTER TABLE disbursements_organisation ENABLE ALWAYS TRIGGER who_takes_part_becomes_no_donors_agency_always;

CREATE FUNCTION refuse_proposal_outside_the_channel() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status = 'tabled' AND OLD.status <> 'tabled' AND NOT EXISTS (
        SELECT FROM disbursements_programme AS programme
        JOIN disbursements_organisation AS organisation ON organisation.id = programme.organisation_id
        WHERE programme.id = NEW.programme_id AND (organisation.kind = 'who' OR organisation.works_through_who)
    ) THEN
        RAISE EXCEPTION 'Who answers for a programme works through the channel of the World Health Organization.'
            USING ERRCODE = 'TF432', CONSTRAINT = 'a_tabled_proposal_goes_through_the_channel';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_tabled_proposal_goes_through_the_channel_always BEFORE UPDATE ON disbursements_proposal
    FOR EACH ROW EXECUTE FUNCTION refuse_proposal_outside_the_channel();
ALTER TABLE disbursements_proposal ENABLE ALWAYS TRIGGER a_tabled_proposal_goes_through_the_channel_always;
"""

NOT_ELIGIBLE = """
DROP TRIGGER a_tabled_proposal_goes_through_the_channel_always ON disbursements_proposal;
DROP FUNCTION refuse_proposal_outside_the_channel();
DROP TRIGGER who_takes_part_becomes_no_donors_agency_always ON disbursements_organisation;
DROP FUNCTION refuse_other_kind();
DROP TRIGGER no_donors_own_agency_answers_for_a_programme_always ON disbursements_programme;
DROP TRIGGER no_donors_own_agency_takes_part_always ON disbursements_implementingpartner;
DROP FUNCTION refuse_donors_own_agency();
"""

# Only a motion of this kind, about exactly this, that the committee carried, suspends; only another lets go on.
SUSPENSION = """
CREATE FUNCTION refuse_suspension_without_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND ((NEW.id, NEW.reference, NEW.programme_id, NEW.cause, NEW.evidence, NEW.impact, NEW.wind_down,
                              NEW.review_on, NEW.motion_id, NEW.asked_by_id, NEW.asked_at)
        IS DISTINCT FROM (OLD.id, OLD.reference, OLD.programme_id, OLD.cause, OLD.evidence, OLD.impact, OLD.wind_down,
                          OLD.review_on, OLD.motion_id, OLD.asked_by_id, OLD.asked_at)
        OR OLD.status IN ('ended', 'dropped')) THEN
        RAISE EXCEPTION 'The case for a suspension stays as the committee read it.'
            USING ERRCODE = 'TF433', CONSTRAINT = 'only_a_decision_suspends';
    END IF;
    IF NEW.status = 'in_force' AND NOT EXISTS (
        SELECT FROM committee_motion AS motion JOIN committee_decision AS decision ON decision.motion_id = motion.id
        WHERE motion.id = NEW.motion_id AND motion.subject = NEW.id AND motion.kind = 'suspend'
          AND decision.outcome = 'carried' AND decision.reference = NEW.decision
    ) THEN
        RAISE EXCEPTION 'Only a decision of the committee suspends a programme.'
            USING ERRCODE = 'TF433', CONSTRAINT = 'only_a_decision_suspends';
    END IF;
    IF NEW.status = 'ended' AND NOT EXISTS (
        SELECT FROM committee_motion AS motion JOIN committee_decision AS decision ON decision.motion_id = motion.id
        WHERE motion.id = NEW.resume_motion_id AND motion.subject = NEW.id AND motion.kind = 'resume'
          AND decision.outcome = 'carried' AND decision.reference = NEW.resume_decision
    ) THEN
        RAISE EXCEPTION 'Only a decision of the committee lets a programme go on.'
            USING ERRCODE = 'TF433', CONSTRAINT = 'only_a_decision_suspends';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER only_a_decision_suspends_always BEFORE INSERT OR UPDATE ON disbursements_suspension
    FOR EACH ROW EXECUTE FUNCTION refuse_suspension_without_decision();
ALTER TABLE disbursements_suspension ENABLE ALWAYS TRIGGER only_a_decision_suspends_always;

CREATE FUNCTION refuse_stop_without_suspension() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stands boolean := EXISTS (
        SELECT FROM disbursements_suspension WHERE programme_id = NEW.id AND status = 'in_force'
    );
BEGIN
    IF NEW.status IS DISTINCT FROM OLD.status AND (
        (NEW.status = 'suspended' AND NOT stands) OR (OLD.status = 'suspended' AND NEW.status = 'open' AND stands)
    ) THEN
        RAISE EXCEPTION 'A programme stands still, and goes on, by a decision of the committee alone.'
            USING ERRCODE = 'TF433', CONSTRAINT = 'only_a_decision_suspends';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_programme_stands_still_by_decision_always BEFORE UPDATE ON disbursements_programme
    FOR EACH ROW EXECUTE FUNCTION refuse_stop_without_suspension();
ALTER TABLE disbursements_programme ENABLE ALWAYS TRIGGER a_programme_stands_still_by_decision_always;
"""

NOT_SUSPENSION = """
DROP TRIGGER a_programme_stands_still_by_decision_always ON disbursements_programme;
DROP FUNCTION refuse_stop_without_suspension();
DROP TRIGGER only_a_decision_suspends_always ON disbursements_suspension;
DROP FUNCTION refuse_suspension_without_decision();
"""

REVIEW = """
CREATE FUNCTION refuse_review_of_ones_own() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM disbursements_proposalversion AS version
        JOIN disbursements_proposal AS proposal ON proposal.id = version.proposal_id
        WHERE version.id = NEW.version_id AND NEW.reviewer_id IN (version.created_by_id, proposal.proposer_id)
    ) THEN
        RAISE EXCEPTION 'Nobody scores what they wrote.' USING ERRCODE = 'TF434', CONSTRAINT = 'nobody_scores_what_they_wrote';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER nobody_scores_what_they_wrote_always BEFORE INSERT ON disbursements_technicalreview
    FOR EACH ROW EXECUTE FUNCTION refuse_review_of_ones_own();
ALTER TABLE disbursements_technicalreview ENABLE ALWAYS TRIGGER nobody_scores_what_they_wrote_always;
"""

NOT_REVIEW = """
DROP TRIGGER nobody_scores_what_they_wrote_always ON disbursements_technicalreview;
DROP FUNCTION refuse_review_of_ones_own();
"""


class Migration(migrations.Migration):
    dependencies = [("disbursements", "0014_programmes"), ("core", "0002_guards")]

    operations = [
        migrations.RunPython(fill_codes, empty_codes),
        append_only("disbursements_crscode"),
        append_only("disbursements_capacityassessment"),
        append_only("disbursements_evidence"),
        append_only("disbursements_indicator"),
        append_only("disbursements_indicatortarget"),
        append_only("disbursements_indicatorvalue"),
        append_only("disbursements_peoplereached"),
        append_only("disbursements_technicalreview"),
        append_only("disbursements_reviewpoints"),
        append_only("disbursements_compliancepaper"),
        never_removed("disbursements_implementingpartner"),
        never_removed("disbursements_suspension"),
        migrations.RunSQL(CODED, NOT_CODED),
        migrations.RunSQL(ELIGIBLE, NOT_ELIGIBLE),
        migrations.RunSQL(SUSPENSION, NOT_SUSPENSION),
        migrations.RunSQL(REVIEW, NOT_REVIEW),
    ]

"""What PostgreSQL itself refuses of programmes beside their money, even to a superuser who goes around Django."""

from decimal import Decimal

import psycopg2
import pytest

from disbursements import operations
from disbursements.states import OrganisationKind
from tests import disbursement_worlds, people, programme_worlds
from tests.disbursement_worlds import chair, secretariat
from trustfund.core.roles import RoleName

pytestmark = pytest.mark.django_db(transaction=True)

ONLY_GROW = (
    "disbursements_capacityassessment",
    "disbursements_evidence",
    "disbursements_indicator",
    "disbursements_indicatortarget",
    "disbursements_indicatorvalue",
    "disbursements_peoplereached",
    "disbursements_technicalreview",
    "disbursements_reviewpoints",
    "disbursements_compliancepaper",
)
MORE_CODES = """
    INSERT INTO disbursements_crsshare (programme_id, code_id, percent)
    SELECT programme_id, '12250', {percent} FROM disbursements_crsshare LIMIT 1
"""
AGENCY_TAKES_PART = """
    INSERT INTO disbursements_implementingpartner (id, part, added_at, added_by_id, organisation_id, programme_id)
    SELECT gen_random_uuid(), 'All of it', now(), agency.registered_by_id, agency.id, programme.id
    FROM disbursements_organisation AS agency, disbursements_programme AS programme WHERE agency.kind = 'donor_agency'
"""
AGENCY_ANSWERS = """
    UPDATE disbursements_programme SET organisation_id = agency.id
    FROM disbursements_organisation AS agency WHERE agency.kind = 'donor_agency'
"""
OWN_REVIEW = """
    INSERT INTO disbursements_technicalreview (id, comment, reviewed_at, reviewer_id, version_id)
    SELECT gen_random_uuid(), 'Splendid.', now(), created_by_id, id FROM disbursements_proposalversion
"""
ASSESSED = """
    INSERT INTO disbursements_capacityassessment (id, assessor, points, tier, assessed_on, valid_until, note,
                                                  recorded_at, organisation_id, recorded_by_id)
    SELECT gen_random_uuid(), 'Us', {points}, '{tier}', '2026-07-01', '2028-07-01', '', now(), id, registered_by_id
    FROM disbursements_organisation
"""
BELIEVED = """
    INSERT INTO disbursements_evidence (id, kind, confidence, title, place, observed_on, note, submitted_at,
                                        programme_id, submitted_by_id)
    SELECT gen_random_uuid(), 'third_party', 'high', 'Said', 'North', '2026-07-01', '', now(), id, opened_by_id
    FROM disbursements_programme
"""
TABLED = "UPDATE disbursements_proposal SET status = 'tabled'"
RESUMED = "UPDATE disbursements_suspension SET status = 'ended', resume_decision = decision"
REFUSED = [
    *((f"UPDATE {table} SET id = id", "TF001", None) for table in ONLY_GROW),
    ("DELETE FROM disbursements_suspension", "TF001", None),
    ("DELETE FROM disbursements_implementingpartner", "TF001", None),
    ("UPDATE disbursements_crscode SET name = ''", "TF001", None),
    (MORE_CODES.format(percent="0.01"), "TF430", "purpose_codes_add_up_to_100"),
    (AGENCY_TAKES_PART, "TF431", "no_donors_own_agency_takes_part"),
    (AGENCY_ANSWERS, "TF431", "no_donors_own_agency_takes_part"),
    ("UPDATE disbursements_organisation SET kind = 'donor_agency'", "TF431", "no_donors_own_agency_takes_part"),
    ("UPDATE disbursements_programme SET region = '39.03, 125.75'", "23514", "a_region_is_named_in_words"),
    (BELIEVED.replace("'North'", "'39° N'").replace("'high'", "'low'"), "23514", "evidence_names_its_place_in_words"),
    (TABLED, "TF432", "a_tabled_proposal_goes_through_the_channel"),
    (OWN_REVIEW, "TF434", "nobody_scores_what_they_wrote"),
    (ASSESSED.format(points=79, tier="low"), "23514", "a_tier_follows_from_its_points"),
    (BELIEVED, "23514", "what_is_believed_is_shown"),
    ("UPDATE disbursements_programme SET status = 'open'", "TF433", "only_a_decision_suspends"),
    ("UPDATE disbursements_suspension SET impact = 'Nobody.'", "TF433", "only_a_decision_suspends"),
    (RESUMED, "TF433", "only_a_decision_suspends"),
]


def refusal_of(superuser, *statements):
    """Return SQLSTATE and constraint that a superuser's statements are refused for at commit; nothing if they pass."""
    try:
        with superuser, superuser.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            superuser.rollback()
    except psycopg2.Error as error:
        return error.pgcode, error.diag.constraint_name
    return None


def test_what_the_rules_of_programmes_refuse_the_database_refuses_too(superuser):
    chair()
    outsider = disbursement_worlds.an_organisation(kind=OrganisationKind.INTERNATIONAL_NGO)
    operations.record_channel(organisation_id=outsider.pk, works_through_who=False, actor=secretariat(), at=people.NOON)
    disbursement_worlds.an_organisation("Agency for Cooperation", OrganisationKind.DONOR_AGENCY)
    programme = disbursement_worlds.a_programme(outsider)
    operations.describe_programme(
        programme_id=programme.pk,
        codes={"12220": Decimal(100)},
        is_pandemic_preparedness=False,
        is_technology_transfer=False,
        actor=secretariat(),
        at=people.NOON,
    )
    disbursement_worlds.a_submitted_proposal(programme=programme)
    assert refusal_of(superuser, "UPDATE disbursements_programme SET status = 'suspended'") == (
        "TF433",
        "only_a_decision_suspends",
    )
    suspension = programme_worlds.a_case(programme)
    undecided = "UPDATE disbursements_suspension SET status = 'in_force', decision = 'DEC-X', in_force_at = now()"
    assert refusal_of(superuser, undecided) == ("TF433", "only_a_decision_suspends")
    programme_worlds.decide(suspension.motion_id)
    for statement, state, constraint in REFUSED:
        assert refusal_of(superuser, statement) == (state, constraint), statement
    # What the rules allow passes, so that the refusals above are about what they say.
    for allowed in (
        ("DELETE FROM disbursements_crsshare",),
        ("UPDATE disbursements_crsshare SET percent = 99.99", MORE_CODES.format(percent="0.01")),
        ("UPDATE disbursements_organisation SET works_through_who = TRUE", TABLED),
        (ASSESSED.format(points=79, tier="medium"),),
        (BELIEVED.replace("'high'", "'low'"),),
        (OWN_REVIEW.replace("created_by_id", f"'{people.someone(RoleName.SECRETARIAT).pk}'"),),
    ):
        assert refusal_of(superuser, *allowed) is None, allowed


# Indirect support as the world's proposal has it: 7 % of direct cost, rounded down.
INDIRECT = (8, 6542056, 6542056)


def budget(*lines):
    """Return the statement that gives the amendment a budget: category, what was, what shall be."""
    rows = ", ".join(f"({category}, {before}, {after}, 'USD')" for category, before, after in lines)
    return (
        "INSERT INTO disbursements_amendedline (amendment_id, category, before_minor, after_minor, currency) "
        f"SELECT amendment.id, line.* FROM disbursements_amendment AS amendment, (VALUES {rows}) AS line"
    )


def test_what_was_approved_is_not_amended_around_the_committee(superuser):
    proposal = disbursement_worlds.an_approved_proposal()
    amendment = programme_worlds.an_amendment(proposal)
    condition = "UPDATE disbursements_tranche SET condition = '{}' WHERE number = 2"
    decided = condition.format("Installation report accepted by both engineers")
    end = f"UPDATE disbursements_programme SET ends_on = '{amendment.ends_on}'"
    in_force = "UPDATE disbursements_amendment SET status = 'in_force', decision = 'DEC-X'"
    undecided = (
        ("UPDATE disbursements_amendedtranche SET id = id", "TF001", None),
        ("DELETE FROM disbursements_amendment", "TF001", None),
        ("UPDATE disbursements_amendment SET ends_on = ends_on + 900", "TF435", "only_a_decision_amends"),
        (in_force, "TF435", "only_a_decision_amends"),
        (end, "TF435", "only_a_decision_amends"),
        (decided, "TF403", "a_tranche_stays_as_approved"),
        (budget((2, 93457944, 93457943), INDIRECT), "TF436", "an_amended_budget_keeps_its_total"),
        (
            budget((2, 93457944, 93457943), (8, 6542056, 6542057)),
            "TF436",
            "indirect_is_at_most_7_percent_of_direct",
        ),
        (budget((2, 93457943, 93457944), INDIRECT), "TF436", "an_amendment_names_the_budget_as_it_stood"),
        (budget((2, 93457944, -1), (5, 0, 93457945), INDIRECT), "23514", "an_amended_line_has_or_had_money"),
    )
    moved = budget((2, 93457944, 83457944), (5, 0, 10000000), INDIRECT)
    assert refusal_of(superuser, moved) is None
    for statement, state, constraint in undecided:
        assert refusal_of(superuser, statement) == (state, constraint), statement
    programme_worlds.decide(amendment.motion_id)
    assert refusal_of(superuser, moved) == ("TF435", "only_a_decision_amends")
    assert refusal_of(superuser, "UPDATE disbursements_amendedline SET id = id") == ("TF001", None)
    assert refusal_of(superuser, condition.format("None")) == ("TF403", "a_tranche_stays_as_approved")
    assert refusal_of(superuser, "UPDATE disbursements_tranche SET amount_minor = 1 WHERE number = 2") == (
        "TF403",
        "a_tranche_stays_as_approved",
    )
    for statement in (decided, end):
        assert refusal_of(superuser, statement) is None, statement

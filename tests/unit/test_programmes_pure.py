"""Tranche plans, score cards, purpose codes, eligibility and evidence without a database."""

import io
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from disbursements import confidence, crs, eligibility, regions, score_cards, tranche_plans, uploads
from disbursements.confidence import Confidence, EvidenceKind
from disbursements.score_cards import WEIGHTS, Criterion
from disbursements.states import OrganisationKind
from disbursements.tranche_plans import TABLE, Tier
from trustfund.core.money import Money
from trustfund.core.refusals import Unacceptable

START = date(2026, 9, 1)
SHORT, LONG = date(2027, 1, 31), START + timedelta(days=330)
SMALL, LARGE = Money.of("249999.99", "USD"), Money.of("400000.00", "USD")


@pytest.mark.parametrize(
    ("tier", "ends_on", "amount", "percents"),
    [
        (Tier.HIGH, SHORT, SMALL, (60, 40)),
        (Tier.HIGH, SHORT, LARGE, (50, 50)),
        (Tier.HIGH, LONG, SMALL, (40, 40, 20)),
        (Tier.HIGH, LONG, LARGE, (40, 30, 30)),
        (Tier.MEDIUM, SHORT, SMALL, (100,)),
        (Tier.MEDIUM, SHORT, LARGE, (80, 20)),
        (Tier.MEDIUM, LONG, SMALL, (80, 20)),
        (Tier.MEDIUM, LONG, LARGE, (60, 40)),
        (Tier.LOW, SHORT, SMALL, (100,)),
        (Tier.LOW, SHORT, LARGE, (100,)),
        (Tier.LOW, LONG, Money.of("399999.99", "USD"), (100,)),
        (Tier.LOW, LONG, LARGE, (80, 20)),
        # At the threshold it is large; and six full months and a day are seven.
        (Tier.HIGH, SHORT, Money.of("250000.00", "USD"), (50, 50)),
        (Tier.MEDIUM, date(2027, 2, 28), SMALL, (100,)),
        (Tier.MEDIUM, date(2027, 3, 1), SMALL, (80, 20)),
    ],
)
def test_a_plan_follows_the_table(tier, ends_on, amount, percents):
    parts = tranche_plans.plan_of(tier, START, ends_on, amount)
    assert tranche_plans.percents_of(tier, tranche_plans.months_of(START, ends_on), amount) == percents
    assert len(parts) == len(percents)
    assert [part.condition == "" for part in parts] == [place == 0 for place in range(len(parts))]


def test_every_row_of_the_table_is_a_hundred_percent():
    for row in TABLE.values():
        for percents in (row.short_small, row.short_large, row.long_small, row.long_large):
            assert sum(percents) == 100


@given(
    tier=st.sampled_from(Tier),
    minor=st.integers(min_value=10, max_value=10**14),
    start=st.dates(date(2020, 1, 1), date(2035, 12, 31)),
    days=st.integers(0, 2000),
)
def test_whatever_the_amount_a_plan_adds_up_to_the_cent_and_stays_within_the_work(tier, minor, start, days):
    amount, end = Money(minor, "USD"), start + timedelta(days=days)
    parts = tranche_plans.plan_of(tier, start, end, amount)
    assert sum(part.amount.minor for part in parts) == minor
    assert all(part.amount.minor > 0 for part in parts)
    expected = [part.expected_on for part in parts]
    assert expected == sorted(expected)
    assert start <= expected[0] <= expected[-1] <= max(end, start)
    percents = tranche_plans.percents_of(tier, tranche_plans.months_of(start, end), amount)
    for part, percent in zip(parts, percents, strict=True):
        assert abs(part.amount.minor * 100 - minor * percent) < 100


@pytest.mark.parametrize(("minor", "end"), [(0, LONG), (-5, LONG), (1, LONG), (100, START - timedelta(1))])
def test_nothing_is_divided_into_nothing(minor, end):
    with pytest.raises(Unacceptable):
        tranche_plans.plan_of(Tier.HIGH, START, end, Money(minor, "USD"))


@pytest.mark.parametrize(("points", "tier"), [(100, "low"), (80, "low"), (79, "medium"), (60, "medium"), (59, "high")])
def test_points_come_to_a_tier(points, tier):
    assert tranche_plans.tier_of(points) == tier


@pytest.mark.parametrize("points", [-1, 101])
def test_points_are_0_to_100(points):
    with pytest.raises(Unacceptable):
        tranche_plans.tier_of(points)


FULL = dict.fromkeys(Criterion, 5)


def test_the_weights_are_a_hundred_and_full_marks_are_a_hundred():
    assert sum(WEIGHTS.values()) == 100
    assert score_cards.score_of(FULL) == Decimal("100.0")
    assert score_cards.score_of(dict.fromkeys(Criterion, 0)) == Decimal("0.0")


def test_a_card_is_what_the_reviewers_gave_each_counting_the_same():
    other = {**FULL, Criterion.NEED: 3, Criterion.COST: 0}
    card = score_cards.card_of([FULL, other])
    assert card is not None
    assert (card.score, card.reviewers) == (Decimal("87.5"), 2)
    assert [(row.criterion, row.average, row.lowest, row.highest) for row in card.rows][:1] == [
        (Criterion.NEED, Decimal("4.0"), 3, 5)
    ]
    assert card.in_words == "87.5 of 100 by 2 reviewers"
    assert score_cards.card_of([]) is None


@pytest.mark.parametrize("points", [{}, {**FULL, Criterion.NEED: 6}, {**FULL, Criterion.NEED: -1}])
def test_every_criterion_gets_its_points(points):
    with pytest.raises(Unacceptable, match="0 to 5 points"):
        score_cards.require_points(points)


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        ({}, "add up to 0"),
        ({"12220": Decimal("99.99")}, r"add up to 99\.99"),
        ({"12221": Decimal(100)}, "no purpose code"),
        ({"12220": Decimal("33.333"), "12250": Decimal("66.667")}, "two decimals"),
        ({"12220": Decimal(110), "12250": Decimal(-10)}, "above 0"),
    ],
)
def test_purpose_codes_that_are_not_a_hundred_percent_of_the_table_are_refused(shares, words):
    with pytest.raises(Unacceptable, match=words):
        crs.require_codes(shares)


def test_purpose_codes_of_exactly_a_hundred_percent_are_kept_without_the_empty_ones():
    shares = {"72011": Decimal("25.5"), "12250": Decimal("74.5"), "12110": Decimal(0)}
    assert crs.require_codes(shares) == {"12250": Decimal("74.5"), "72011": Decimal("25.5")}


@pytest.mark.parametrize(
    ("kind", "through_who", "part", "receive"),
    [
        (OrganisationKind.WHO, False, True, True),
        (OrganisationKind.INTERNATIONAL_NGO, True, True, True),
        (OrganisationKind.INTERNATIONAL_NGO, False, True, False),
        (OrganisationKind.NATIONAL_AUTHORITY, False, True, False),
        (OrganisationKind.DONOR_AGENCY, True, False, False),
    ],
)
def test_no_donors_own_agency_takes_part_and_who_answers_works_through_the_channel(kind, through_who, part, receive):
    assert bool(eligibility.may_take_part(kind, "Body")) == part
    assert bool(eligibility.may_receive(kind, "Body", works_through_who=through_who)) == receive


@pytest.mark.parametrize(
    ("kind", "has_file", "grade"),
    [
        (EvidenceKind.THIRD_PARTY, True, Confidence.HIGH),
        (EvidenceKind.THIRD_PARTY, False, Confidence.LOW),
        (EvidenceKind.STOCK_COUNT, True, Confidence.MEDIUM),
        (EvidenceKind.STOCK_COUNT, False, Confidence.LOW),
        (EvidenceKind.OWN_REPORT, True, Confidence.LOW),
        (EvidenceKind.ACCESS_DENIED, False, Confidence.NONE),
    ],
)
def test_evidence_is_believed_as_far_as_it_is_shown(kind, has_file, grade):
    assert confidence.confidence_of(kind, has_file=has_file, has_place=False) == grade


def picture(*, with_place):
    """Return the bytes of a small photograph, with or without where it was taken."""
    image, stream = Image.new("RGB", (4, 4)), io.BytesIO()
    tags = Image.Exif()
    if with_place:
        tags.get_ifd(0x8825).update({1: "N", 2: (39.0, 1.0, 0.0), 3: "E", 4: (125.0, 45.0, 0.0)})
    image.save(stream, "JPEG", exif=tags)
    return stream.getvalue()


def test_a_photograph_counts_as_one_only_if_it_says_where_it_was_taken():
    with_place = uploads.upload("a.jpg", picture(with_place=True))
    assert with_place.has_place
    assert not uploads.upload("a.jpg", picture(with_place=False)).has_place
    assert not replace(with_place, content=with_place.content[:40]).has_place
    assert not uploads.upload("a.pdf", b"%PDF-1.7").has_place
    grade = confidence.confidence_of(EvidenceKind.PHOTOGRAPH, has_file=True, has_place=True)
    assert grade == Confidence.MEDIUM
    with pytest.raises(Unacceptable, match="does not say where"):
        confidence.confidence_of(EvidenceKind.PHOTOGRAPH, has_file=True, has_place=False)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.pdf", b"", "empty"),
        ("a.pdf", b"MZ\x90 a program", "neither PDF"),
        ("a.pdf", b"<svg onload='x()'>", "neither PDF"),
        ("a.pdf", b"%PDF-" + b"0" * uploads.MOST_BYTES, "larger than 5 MB"),
    ],
)
def test_a_file_is_what_its_bytes_say_and_nothing_that_runs(name, content, words):
    with pytest.raises(Unacceptable, match=words):
        uploads.upload(name, content)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\evil\\report.exe", "report.pdf"),
        ("", "file.pdf"),
        ("…<script>.pdf", "_script_.pdf"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_a_files_name_is_safe_whatever_was_sent(name, kept):
    assert uploads.upload(name, b"%PDF-1.7").name == kept


@pytest.mark.parametrize(
    "region",
    ["39.03 N, 125.75 E", "39,03; 125,75", "39° north", "52SDJ8765", "Ward 12, 10115", "39º", "125 . 7"],
)
def test_a_region_is_no_point_on_the_map(region):
    with pytest.raises(Unacceptable, match="named in words"):
        regions.require_words(region)


def test_a_region_in_words_is_kept_and_tidied():
    assert regions.require_words("  Nationwide,  180 county stores ") == "Nationwide, 180 county stores"

"""The case for a suspension: whole, or refused with what is missing; and when two names are one party's."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from committee.rules import Cause, Suspension, names_one_of
from trustfund.core.refusals import Unacceptable

TODAY = date(2026, 7, 17)
WHOLE = Suspension(
    cause=Cause.ACCESS_REFUSED,
    evidence="Monitors of the third party were turned back at two county stores on 3 and 4 July.",
    impact="4,100 children in two counties go without therapeutic food from 1 September.",
    wind_down="Stock in the county stores lasts six weeks; children under treatment are seen through to discharge.",
    review_on=date(2026, 9, 15),
)


def test_a_whole_case_is_taken_and_says_everything_to_who_votes():
    WHOLE.require_complete(TODAY)
    assert [label for label, _words in WHOLE.particulars] == [
        "Cause",
        "Evidence",
        "Who goes without what",
        "Wind-down plan",
        "Reviewed on",
    ]
    assert dict(WHOLE.particulars)["Cause"] == "Monitors were not let in"


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        ({"evidence": "  "}, "Give the evidence"),
        ({"evidence": "Reports."}, "Give the evidence"),
        ({"impact": ""}, "Say who goes without what"),
        ({"wind_down": "None needed."}, "Say how stocks"),
        ({"review_on": TODAY}, "Choose a day within six months"),
        ({"review_on": TODAY + timedelta(days=184)}, "Choose a day within six months"),
    ],
)
def test_an_unfinished_case_is_refused_with_what_is_missing(spoil, words):
    with pytest.raises(Unacceptable, match=words):
        replace(WHOLE, **spoil).require_complete(TODAY)


@pytest.mark.parametrize(
    ("name", "parties", "is_one"),
    [
        ("Republic of Valdria", ["REPUBLIC  OF valdria "], True),
        ("ｖａｌｄｒｉａ", ["Valdria"], True),
        ("Straße AG", ["STRASSE ag"], True),
        ("Valdria", ["Republic of Valdria"], False),
        ("", [""], False),
        ("Valdria", [], False),
    ],
)
def test_names_are_compared_without_capitals_and_spacing_and_never_by_parts(name, parties, is_one):
    assert names_one_of(name, parties) is is_one

"""Which pledge a line may pay: by reference, amount and payer, with the reason in words; never sure by itself."""

from uuid import UUID

import pytest

from donors.suggestions import Candidate, Confidence, Line, are_alike, names, suggestions
from trustfund.core.money import Money

VALDRIA = UUID(int=1)
LUMEN = UUID(int=2)


def eur(amount: str) -> Money:
    return Money.of(amount, "EUR")


def candidate(pledge_id: UUID = VALDRIA, **other: object) -> Candidate:
    good = {
        "pledge_id": pledge_id,
        "pledge": "PL-2026-001",
        "donor": "Republic of Valdria",
        "names": frozenset({"PL-2026-001", "AG-2026-001"}),
        "next_number": 2,
        "next_due": eur("1000.00"),
        "outstanding": eur("3000.00"),
        "payers": frozenset({"Hazine, Valdria"}),
        "payer_accounts": frozenset({"CH9300762011623852957"}),
    }
    return Candidate(**good | other)  # type: ignore[arg-type]


def line(**other: object) -> Line:
    good = {"left": eur("77.00"), "words": ("", "", ""), "party": "", "party_account": ""}
    return Line(**good | other)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "confidence", "reasons"),
    [
        ({"words": ("PL-2026-001",)}, Confidence.LIKELY, ["the bank's line names PL-2026-001"]),
        ({"words": ("", "Rate 2 of ag 2026/001")}, Confidence.LIKELY, ["the bank's line names AG-2026-001"]),
        ({"left": eur("1000.00")}, Confidence.POSSIBLE, ["the amount is instalment 2, the next that is due"]),
        ({"left": eur("3000.00")}, Confidence.POSSIBLE, ["the amount is all that the pledge still lacks"]),
        (
            {"party_account": "CH9300762011623852957"},
            Confidence.POSSIBLE,
            ["Republic of Valdria paid from this account before"],
        ),
        ({"party": "VALDRIA HAZINE"}, Confidence.POSSIBLE, ["Republic of Valdria paid under this name before"]),
        ({"party": "Treasury of Valdria"}, Confidence.POSSIBLE, ["Republic of Valdria paid under this name before"]),
        (
            {"left": eur("1000.00"), "party_account": "CH9300762011623852957"},
            Confidence.LIKELY,
            [
                "the amount is instalment 2, the next that is due",
                "Republic of Valdria paid from this account before",
            ],
        ),
        (
            {"words": ("pl2026001",), "left": eur("1000.00")},
            Confidence.NEARLY_CERTAIN,
            ["the bank's line names PL-2026-001", "the amount is instalment 2, the next that is due"],
        ),
    ],
)
def test_a_suggestion_says_how_sure_it_is_and_why(said, confidence, reasons):
    (found,) = suggestions(line(**said), [candidate()])
    assert (found.confidence, list(found.reasons)) == (confidence, reasons)


def test_what_leads_nowhere_is_not_suggested():
    assert suggestions(line(party="Somebody else", words=("PL-2026-0012",)), [candidate()]) == []


def test_the_surest_comes_first_and_no_more_is_suggested_than_is_asked_for():
    other = candidate(LUMEN, donor="Lumen", pledge="PL-2026-002", names=frozenset({"PL-2026-002"}), payers=frozenset())
    said = line(left=eur("1000.00"), words=("for PL-2026-002",))
    assert [one.candidate.pledge_id for one in suggestions(said, [candidate(), other])] == [LUMEN, VALDRIA]
    assert len(suggestions(said, [candidate()] * 9, most=5)) == 5


def test_no_more_is_suggested_than_the_pledge_lacks_and_another_currency_needs_two():
    (found,) = suggestions(line(left=eur("9000.00"), words=("PL-2026-001",)), [candidate()])
    assert (found.amount, found.needs_two) == (eur("3000.00"), False)
    (abroad,) = suggestions(line(left=Money.of("9000.00", "USD"), words=("PL-2026-001",)), [candidate()])
    assert (abroad.amount, abroad.needs_two) == (Money.of("9000.00", "USD"), True)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("PL-2026-001", True),
        ("/ROC/PL 2026 001//", True),
        ("pl2026001", True),
        ("TF-PLEDGE-PL-2026-001-Y1", True),
        ("PL-2026-0011", False),
        ("XPL-2026-001", False),
        ("PL-2026-002", False),
        ("", False),
    ],
)
def test_a_reference_is_found_however_it_is_joined(words, found):
    assert names(words, "PL-2026-001") is found


def test_a_short_name_is_no_reference():
    assert not names("A1", "A1")


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Republic of Valdria", "VALDRIA, TREASURY OF THE REPUBLIC OF", True),
        ("Île de Lumière", "ILE DE LUMIERE", True),
        ("Republic of Valdria", "Republic of Haneul", False),
        ("Ministry of Finance", "Ministry of Finance", False),
        ("Haneul", "Hanuel", False),
    ],
)
def test_names_are_compared_by_the_words_that_tell_them_apart(one, other, alike):
    assert are_alike(one, other) is alike

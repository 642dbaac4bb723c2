"""Earmarks in what donors sign and say: what is found, why, and what every agreement may say."""

import pytest

from donors import earmarks
from donors.earmarks import Known, Reason

KNOWN = Known(
    programmes=("PRG-2026-001", "Cold chain for vaccines"),
    places=("Northern Hamra",),
    own=("Republic of Valdria", "Ministry for Foreign Affairs"),
)

FOUND = [
    ("The contribution is earmarked.", [("earmarked", Reason.RESTRICTION)]),
    ("The funds are reserved for nutrition.", [("reserved for", Reason.RESTRICTION)]),
    ("Our money may only be used for vaccines.", [("may only be used for", Reason.RESTRICTION)]),
    ("The grant must not be spent in cash transfers.", [("must not be spent in", Reason.RESTRICTION)]),
    ("It is exclusively for medical supplies.", [("exclusively for", Reason.RESTRICTION)]),
    ("The money shall be used\nonly as agreed.", [("used only", Reason.RESTRICTION)]),
    ("La contribution est affectée au centre.", [("affectée au", Reason.RESTRICTION)]),
    ("Ces fonds sont destinés aux hôpitaux.", [("destinés aux", Reason.RESTRICTION)]),
    ("We support the programme PRG-2026-001.", [("PRG-2026-001", Reason.PROGRAMME)]),
    ("Part of it pays the COLD CHAIN for  vaccines this year.", [("Cold chain for vaccines", Reason.PROGRAMME)]),
    ("It should be spent in Kenya.", [("Kenya", Reason.PLACE)]),
    ("Activities in Northern Hamra come first.", [("Northern Hamra", Reason.PLACE)]),
    ("The aid goes to Western Africa.", [("Western Africa", Reason.PLACE)]),
    ("Un projet en Allemagne nous est cher.", [("Allemagne", Reason.PLACE)]),
    ("We give this for mothers and newborns.", [("mothers", Reason.GROUP)]),
    ("It benefits displaced people.", [("displaced people", Reason.GROUP)]),
    ("Pour les enfants du pays.", [("enfants", Reason.GROUP)]),
    ("The money is to be used by 31 December 2027.", [("used by 31 December 2027", Reason.DATE)]),
    ("It must be spent within 12 months.", [("spent within 12 months", Reason.DATE)]),
]


@pytest.mark.parametrize(("text", "found"), FOUND)
def test_words_that_tie_money_are_found_with_their_reason(text, found):
    assert [(one.words, one.reason) for one in earmarks.findings(text, KNOWN)] == found


FREE = [
    "",
    "Agreement between the Government of Norway and the fund.",
    "The Republic of Valdria supports the fund with EUR 40,000,000.00 for five years.",
    "Payments are made to the fund's bank in Geneva by 30 June 2027.",
    "No contribution is earmarked.",
    "The contribution is unearmarked and is co-mingled with others.",
    "The contribution shall be used only for the purposes of the fund.",
    "Either party may end this agreement with 30 days' notice; what was deposited stays for its purpose.",
    "The administrative agent takes one per cent of each receipt for its services.",
    "This agreement is subject to the laws of Switzerland.",
    "Approval by the parliament of Sweden is expected before 1 July 2027.",
    "The consolidated report is due on 31 May of every year.",
    "Sans affectation particulière.",
]


@pytest.mark.parametrize("text", FREE)
def test_what_every_agreement_says_ties_nothing(text):
    assert earmarks.findings(text, KNOWN) == ()


def test_every_finding_of_a_longer_text_stands_once_with_its_sentence():
    text = "It is earmarked. It is EARMARKED, again.\n\nIt is reserved for water in Kenya; nothing else."
    found = earmarks.findings(text, KNOWN)
    assert [(one.words, one.sentence) for one in found] == [
        ("earmarked", "It is earmarked."),
        ("Kenya", "It is reserved for water in Kenya;"),
        ("reserved for", "It is reserved for water in Kenya;"),
    ]


def test_the_refusal_names_the_words_and_the_way_out():
    words = earmarks.refusal_of(earmarks.findings("It is reserved for Kenya.", KNOWN)).message
    assert "“Kenya” names a place where the money is to be used; “reserved for” restricts" in words
    assert "hold the text for the committee" in words


def test_a_long_sentence_is_cut_where_it_is_shown_only():
    (found,) = earmarks.findings("word " * 200 + "reserved for water", KNOWN)
    assert (found.words, len(found.sentence)) == ("reserved for", 402)

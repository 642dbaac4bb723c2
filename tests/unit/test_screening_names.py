"""How names are compared: words, turns and sounds, opinions, and what the golden set of names comes to."""

import lzma
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings

from screening.matching import Index, Listed, Method
from screening.names import sounds_of, turns_of, words_of
from screening.readers import Unreadable, read
from screening.standings import Standing, standing
from tests import screening_worlds
from tests.bench.screening_bench import golden, measured

LISTS = Path(settings.BASE_DIR).parent / "shared" / "samples" / "sanctions"
INDEX = Index(
    [
        Listed("P1", "RI WON HO", is_person=True),
        Listed("P2", "Mohammed Salahaldin Abd El Halim Zidane", is_person=True),
        Listed("P3", "Talha", is_person=True, is_weak=True),
        Listed("E1", "KOREA MINING DEVELOPMENT TRADING CORPORATION", is_person=False),
        Listed("E1", "KOMID", is_person=False),
        Listed("E2", "AMINA", is_person=False, is_weak=True),
    ]
)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("KO CH'O'L-CHAE", ("ko", "chol", "chae")),
        ("Pak Ch’ŏl, Dr.", ("pak", "chol")),
        ("Médecins Sans Frontières", ("medecins", "sans", "frontieres")),
        ("The Company Ltd", ("the", "company", "ltd")),
        ("  ", ()),
    ],
)
def test_a_name_comes_down_to_its_telling_words(name, words):
    assert words_of(name) == words


def test_a_name_of_any_length_is_cut_before_it_costs_time():
    assert len("".join(words_of("x" * 100_000))) == 400


def test_a_name_turns_round_its_family_name():
    assert turns_of(("ri", "won", "ho")) == ["riwonho", "horiwon", "wonhori"]


@pytest.mark.parametrize(("one", "other"), [("Rhee", "Ri"), ("Park", "Pak"), ("Muhammad", "Mohammed"), ("Jo", "Cho")])
def test_romanisations_of_one_name_sound_the_same(one, other):
    assert sounds_of(words_of(one)) == sounds_of(words_of(other))


@pytest.mark.parametrize(
    ("name", "reference", "method"),
    [
        ("Ri Wonho", "P1", Method.SPELLING),
        ("Wonho Ri", "P1", Method.SPELLING),
        ("Lee Won Ho", "P1", Method.SOUND),
        ("Mohammed Abd Halim Zidane", "P2", Method.SHORTENED),
        ("KOMID Damascus Office", "E1", Method.CONTAINED),
        ("Korea Mining Development Trading Corp.", "E1", Method.SPELLING),
    ],
)
def test_a_listed_name_is_found(name, reference, method):
    (found,) = INDEX.like(name)
    assert (found.listed.reference, found.method) == (reference, method)


@pytest.mark.parametrize(
    "name",
    ["World Health Organization", "Maria Garcia", "Abu Talha Hospital", "Amina Yusuf", "Korea Development Trading", ""],
)
def test_nobody_is_found_for_a_harmless_name(name):
    assert INDEX.like(name) == []


def test_an_entry_is_found_once_by_its_best_name():
    assert [(one.listed.name, one.spelling) for one in INDEX.like("KOMID")] == [("KOMID", 100)]


ONE, OTHER, THIRD = (UUID(int=number) for number in (1, 2, 3))
WORDS = [
    ([], Standing.WAITS),
    ([(ONE, True)], Standing.WAITS),
    ([(ONE, True), (ONE, True)], Standing.WAITS),
    ([(ONE, True), (OTHER, True)], Standing.CLEARED),
    ([(ONE, True), (OTHER, True), (THIRD, False)], Standing.WAITS),
    ([(ONE, True), (OTHER, True), (ONE, False)], Standing.WAITS),
    ([(ONE, False), (OTHER, True), (ONE, True)], Standing.CLEARED),
    ([(ONE, False), (OTHER, False)], Standing.CONFIRMED),
    ([(ONE, False), (OTHER, False), (THIRD, True)], Standing.CONFIRMED),
]


@pytest.mark.parametrize(("opinions", "stands"), WORDS)
def test_two_people_clear_or_confirm_and_one_keeps_it_closed(opinions, stands):
    assert standing(opinions) == stands


def test_the_golden_set_is_found_and_harmless_names_pass():
    published = read(lzma.decompress((LISTS / "un_consolidated_2021-03-12_full.xml.xz").read_bytes()))
    result = measured(Index(published.names), golden())
    assert (published.entries, result.listed + result.harmless) == (1004, 275)
    assert result.missed == ("Denis Cuspert", "Mohammed Zimam al-Saadun")
    assert result.found == result.listed - 2
    # "Ahmed Hassan" is a listed alias letter for letter; the other sounds like one.
    assert [words.partition(" ~ ")[0] for words in result.stopped_names] == ["Ahmed Hassan", "Choi Yu Jin"]


def test_the_three_publishers_lists_are_read_whole():
    un = read((LISTS / "un_consolidated_2021-03-12_first40ind_20ent.xml").read_bytes())
    ofac = read(lzma.decompress((LISTS / "ofac_sdn_2021-03-10_full.xml.xz").read_bytes()))
    eu = read((LISTS / "eu_fsf_2021-03-02_first20.xml").read_bytes())
    assert [(one.source, one.entries, str(one.published_on)) for one in (un, ofac, eu)] == [
        ("un", 60, "2021-03-12"),
        ("ofac", 8832, "2021-03-10"),
        ("eu", 20, "2021-03-02"),
    ]
    by_reference = {one.reference: one.name for one in un.names}
    assert by_reference["KPi.033"] == "RI WON HO"


def test_a_list_that_is_cut_off_is_refused():
    with pytest.raises(Unreadable, match="says it has 8832 entries and has 60"):
        read((LISTS / "ofac_sdn_2021-03-10_first60.xml").read_bytes())


GOOD = screening_worlds.un_list()
BAD = [
    (b"", "not whole XML"),
    (b"%PDF-1.7", "not whole XML"),
    (GOOD[:-10], "not whole XML"),
    (b"<html/>", "none of the three lists"),
    (screening_worlds.un_list(persons=(), bodies=()), "is empty"),
    (screening_worlds.un_list(persons=("",)), "has no name or no reference"),
    (GOOD.replace(b"2026-07-01", b"some day"), "does not say when"),
    (b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + GOOD[38:], "document type"),
    (b"<a>" * 5000, "not whole XML"),
]


@pytest.mark.parametrize(("content", "words"), BAD)
def test_what_is_no_whole_list_is_refused(content, words):
    with pytest.raises(Unreadable, match=words):
        read(content)


def test_an_entity_bomb_is_refused_at_once():
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE x [<!ENTITY a0 "aaaaaaaaaa">{entities}]><CONSOLIDATED_LIST>&a11;</CONSOLIDATED_LIST>'
    with pytest.raises(Unreadable):
        read(bomb.encode())

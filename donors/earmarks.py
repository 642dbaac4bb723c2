"""Finding earmarks in what a donor signs or says: words that tie money to a programme, place, group or date. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from babel import Locale
from django.utils.translation import gettext as _

from trustfund.core.refusals import Refusal


class Earmarked(Refusal):
    """A text ties money to something. Only the committee takes it, as a preference that binds nobody."""

    code = "earmarked"


class Reason(StrEnum):
    """Why some words are an earmark."""

    RESTRICTION = "restriction"
    PROGRAMME = "programme"
    PLACE = "place"
    GROUP = "group"
    DATE = "date"

    @property
    def label(self) -> str:
        """The reason in a sentence."""
        return {
            Reason.RESTRICTION: _("restricts what the money is for"),
            Reason.PROGRAMME: _("names a programme"),
            Reason.PLACE: _("names a place where the money is to be used"),
            Reason.GROUP: _("names a group that the money is for"),
            Reason.DATE: _("says when the money is to be used"),
        }[self]


@dataclass(frozen=True)
class Finding:
    """Some words that tie money, why, and the sentence in which they stand."""

    words: str
    reason: Reason
    sentence: str


@dataclass(frozen=True)
class Known:
    """
    Names that a text may not tie money to, and the donor's own, which stand in every agreement.

    :ivar programmes: titles and references of programmes
    :ivar places: regions in which programmes work
    :ivar own: what the donor is called
    """

    programmes: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    own: tuple[str, ...] = ()


_LONGEST_SENTENCE: Final = 400
# A name shorter than this is too common a word to be looked for.
_SHORTEST_NAME: Final = 4
_END: Final = re.compile(r"(?<=[.;!?])\s+|\n\s*\n")

# Words that restrict by themselves, in English and in the French of many agreements.
_RESTRICTION: Final = re.compile(
    r"\b(?:earmark\w*|ring-?fenc\w+|reserved\s+(?:for|to)|restricted\s+to|designated\s+for|dedicated\s+to"
    r"|(?:only|solely|exclusively|strictly)\s+(?:for|to|in|on|towards|be\s+(?:used|spent|applied))"
    r"|(?:used|spent|applied|disbursed)\s+(?:only|solely|exclusively|strictly)"
    r"|(?:may|must|shall|can|will)\s+(?:only|not)\s+be\s+(?:used|spent|applied)\s+(?:for|in|on|outside|to)"
    r"|r[ée]serv[ée]e?s?\s+(?:à|au|aux|pour)|affect[ée]e?s?\s+(?:à|au|aux)|destin[ée]e?s?\s+(?:à|au|aux)"
    r"|exclusivement|uniquement)\b",
    re.IGNORECASE,
)
# "No contribution is earmarked", and money bound to what the fund itself is for, tie nothing.
_DENIAL: Final = re.compile(
    r"\b(?:not|no|nor|never|without|un|non|free\s+of)\b[^.;]{0,40}\bearmark\w*|\bunearmarked\b|\bsans\s+affectation\b",
    re.IGNORECASE,
)
_FUNDS_OWN: Final = re.compile(
    r"\bpurposes?\s+of\s+the\s+(?:trust\s+)?(?:fund|pool)\b|\bthe\s+(?:trust\s+)?fund.s\s+(?:own\s+)?purposes?\b",
    re.IGNORECASE,
)
_PURPOSE: Final = re.compile(
    r"\b(?:for|use[ds]?|using|spen[dt]|spending|benefit\w*|favou?r|support\w*|help\w*|assist\w*|aid|financ\w+|programmes?"
    r"|projects?|activit\w+|work\s+in|deliver\w*|reach\w*|allocat\w+|direct\w*|priorit\w+|pour|profit|faveur|projets?)\b",
    re.IGNORECASE,
)
# A government, parliament or bank "of" a place is a signatory, not a place of use.
_SIGNATORY: Final = re.compile(
    r"\b(?:government|parliament|ministry|minister|kingdom|republic|federation|confederation|embassy|bank|treasury|laws?"
    r"|courts?|cabinet|agency|capital|gouvernement|minist[èe]re)\s+(?:for\s+\w+\s+\w+\s+)?(?:of|de|du|d')\s*(?:the\s+)?$",
    re.IGNORECASE,
)
_GROUP: Final = re.compile(
    r"\b(?:for|to|towards|of|reach\w*|support\w*|help\w*|benefit(?:ing|s)?|assist\w*|pour|aux|les)\s+"
    r"(?:the\s+|all\s+|its\s+)?(?:(?!fund\b|and\b|or\b)[\w-]+\s+){0,2}?"
    r"(women|girls|boys|children|infants|newborns|mothers|orphans|refugees|returnees|migrants|displaced\s+people|elderly"
    r"|older\s+people|farmers|veterans|prisoners|nationals|citizens|christians|muslims|buddhists|catholics|protestants"
    r"|jews|minorit\w+|people\s+with\s+disabilities|femmes|filles|enfants|m[èe]res|r[ée]fugi[ée]s)\b",
    re.IGNORECASE,
)
_DATE: Final = re.compile(
    r"\b(?:use[ds]?|spen[dt]|disburse[ds]?|utili[sz]e[ds]?|consumed|applied|utilis[ée]e?s?|d[ée]pens[ée]e?s?)\b"
    r"[^.;]{0,60}?\b(?:by|before|until|no\s+later\s+than|not\s+later\s+than|within|during|after|in|avant|d'ici)\s+"
    r"(?:the\s+|end\s+of\s+|fiscal\s+|financial\s+|year\s+)*"
    r"(?:\d{1,2}\s+\w+\s+)?(?:(?:19|20)\d\d|\d+\s+(?:days|weeks|months|years|jours|mois|ans)|(?:one|two|three|six|twelve)\s+"
    r"(?:months|years))\b",
    re.IGNORECASE,
)


@cache
def countries() -> frozenset[str]:
    """Return the names of countries and parts of the world, in English and French."""
    names = {name for language in ("en", "fr") for name in Locale(language).territories.values()}
    return frozenset(name for name in names if len(name) >= _SHORTEST_NAME) - {"world", "monde"}


def findings(text: str, known: Known) -> tuple[Finding, ...]:
    """Return every earmark in a text, in its order, each once."""
    found: dict[tuple[str, Reason], Finding] = {}
    for sentence in _END.split(text):
        plain = " ".join(sentence.split())
        if plain:
            for finding in _in(plain, known):
                found.setdefault((finding.words.casefold(), finding.reason), finding)
    return tuple(found.values())


def _in(sentence: str, known: Known) -> Iterator[Finding]:
    shown = sentence if len(sentence) <= _LONGEST_SENTENCE else f"{sentence[:_LONGEST_SENTENCE]} …"
    for name in _named(sentence, known.programmes):
        yield Finding(name, Reason.PROGRAMME, shown)
    if _PURPOSE.search(sentence):
        for name in _places(sentence, known):
            yield Finding(name, Reason.PLACE, shown)
    yield from (Finding(match[1], Reason.GROUP, shown) for match in _GROUP.finditer(sentence))
    yield from (Finding(match[0], Reason.DATE, shown) for match in _DATE.finditer(sentence))
    if not _DENIAL.search(sentence) and not _FUNDS_OWN.search(sentence):
        yield from (Finding(match[0], Reason.RESTRICTION, shown) for match in _RESTRICTION.finditer(sentence))


def _named(sentence: str, names: Iterable[str]) -> Iterator[str]:
    text = sentence.casefold()
    for name in names:
        plain = " ".join(name.split())
        if len(plain) >= _SHORTEST_NAME and plain.casefold() in text and _whole(plain).search(sentence):
            yield plain


@cache
def _whole(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)


def _places(sentence: str, known: Known) -> Iterator[str]:
    """Yield the places of a sentence, except where they only say who signs."""
    own = " ".join(known.own).casefold()
    seen: list[str] = []
    named = {*_named(sentence, known.places), *_named(sentence, countries())}
    for name in sorted(named, key=lambda one: (-len(one), one)):
        if any(name.casefold() in longer for longer in (own, *seen)):
            continue
        if any(not _SIGNATORY.search(sentence[: match.start()]) for match in _whole(name).finditer(sentence)):
            seen.append(name.casefold())
            yield name


def refusal_of(found: Iterable[Finding]) -> Earmarked:
    """Return the refusal that names what was found."""
    words = "; ".join(f"“{one.words}” {one.reason.label}" for one in found)
    return Earmarked(
        _(
            "Money loses its donor in the pool, so no promise is tied to anything: %(found)s. Have the words taken "
            "out, or hold the text for the committee, which alone may take it as a preference that binds nobody."
        )
        % {"found": words}
    )

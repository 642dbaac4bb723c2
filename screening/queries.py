"""Asking about screening: which lists are in force, who waits to be looked at, and whether a payee is clear."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from screening.matching import Index, Listed
from screening.models import Answer, Hit, ListedName, ListFile, Opinion, Party, Screening
from screening.readers import Source
from screening.standings import Clearance, Standing, standing
from trustfund.core.models import User

# Without the list that binds every member state nobody is clear; the others count once they are loaded.
REQUIRED: Final = (Source.UN,)
_indexes: dict[str, Index] = {}


@dataclass(frozen=True)
class Edition:
    """The latest list of each publisher, readable or not, and one print of them all."""

    files: tuple[ListFile, ...]

    @property
    def print(self) -> str:
        """The SHA-256 of the lists in force together."""
        text = "|".join(sorted(f"{file.source}:{file.sha256}" for file in self.files))
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def troubles(self) -> tuple[str, ...]:
        """Why nobody can be clear now; nothing if all is well."""
        found = [
            _("The latest file of the list “%(list)s” could not be read: %(why)s")
            % {"list": file.publisher.label, "why": file.trouble}
            for file in self.files
            if not file.is_readable
        ]
        have = {file.source for file in self.files}
        found += [
            _("The list “%(list)s” is not loaded. Load it before anybody is paid.") % {"list": source.label}
            for source in REQUIRED
            if source not in have
        ]
        return tuple(found)

    @property
    def is_whole(self) -> bool:
        """Whether screening can rest on it."""
        return not self.troubles


def edition() -> Edition:
    """Return the lists in force: the latest file of each publisher."""
    latest = ListFile.objects.order_by("source", "-number").distinct("source").select_related("recorded_by")
    return Edition(tuple(latest))


def list_files() -> "QuerySet[ListFile]":
    """Return every list that came, latest first."""
    return ListFile.objects.select_related("recorded_by").order_by("-number")


def index_of(edition: Edition) -> Index:
    """Return the names in force, ready to be searched; kept by the process until an edition follows."""
    known = _indexes.get(edition.print)
    if known is None:
        rows = ListedName.objects.filter(file__in=edition.files).order_by("id")
        known = Index(
            Listed(row.reference, row.name, row.is_person, row.is_weak, row.file.source, row.entry_print)
            for row in rows.select_related("file")
        )
        _indexes.clear()
        _indexes[edition.print] = known
    return known


def parties() -> "QuerySet[Party]":
    """Return everybody who is screened, latest first."""
    return Party.objects.filter(ended_at=None).select_related("named_by").order_by("-named_at", "name")


def unscreened(edition: Edition) -> "QuerySet[Party]":
    """Return the parties that no look against this edition has been taken at."""
    looked = Screening.objects.filter(party=OuterRef("pk"), edition=edition.print)
    return Party.objects.filter(~Exists(looked), ended_at=None).order_by("named_at", "id")


@dataclass(frozen=True)
class Likely:
    """A hit with what people said of it."""

    hit: Hit
    opinions: tuple[Opinion, ...]
    stands: Standing


@dataclass(frozen=True)
class Looked:
    """A party with its look against the edition in force, if one was taken, and every likeness."""

    party: Party
    screening: Screening | None
    likely: tuple[Likely, ...]

    @property
    def waits(self) -> int:
        """How many likenesses wait for somebody to say what they are."""
        return sum(1 for one in self.likely if one.stands == Standing.WAITS)

    @property
    def is_confirmed(self) -> bool:
        """Whether two people said that it is the listed one."""
        return any(one.stands == Standing.CONFIRMED for one in self.likely)

    @property
    def is_clear(self) -> bool:
        """Whether it was looked at, and nothing waits or is confirmed."""
        return self.screening is not None and not self.waits and not self.is_confirmed

    @property
    def state(self) -> str:
        """The word for its state."""
        if self.screening is None:
            return "unscreened"
        if self.is_confirmed:
            return "listed"
        return "likeness" if self.waits else "clear"


def looked_at(found: Sequence[Party], edition: Edition) -> list[Looked]:
    """Return parties with their looks against an edition, in the order given; three queries at most, however many."""
    screenings = {
        one.party_id: one
        for one in Screening.objects.filter(party__in=found, edition=edition.print).prefetch_related(
            Prefetch("hits", Hit.objects.order_by("-spelling", "source", "reference"))
        )
    }
    said: dict[tuple[UUID, str, str, str], list[Opinion]] = defaultdict(list)
    alike = [party_id for party_id, one in screenings.items() if one.hits_found]
    opinions = Opinion.objects.filter(party__in=alike).select_related("given_by") if alike else Opinion.objects.none()
    for opinion in opinions.order_by("given_at", "id"):
        said[opinion.party_id, opinion.source, opinion.reference, opinion.entry_print].append(opinion)

    def likely(party: Party) -> tuple[Likely, ...]:
        screening = screenings.get(party.pk)
        rows = []
        for hit in screening.hits.all() if screening else ():
            words = said[party.pk, hit.source, hit.reference, hit.entry_print]
            stands = standing((one.given_by_id, one.says == Answer.ANOTHER) for one in words)
            rows.append(Likely(hit, tuple(words), stands))
        return tuple(rows)

    return [Looked(party, screenings.get(party.pk), likely(party)) for party in found]


def waiting_for(person: User, most: int) -> list[Looked]:
    """Return at most so many parties with a likeness that waits, and of which this officer has said nothing yet."""
    now = edition()
    if not now.is_whole:
        return []
    alike = Screening.objects.filter(party=OuterRef("pk"), edition=now.print, hits_found__gt=0)
    found = parties().filter(Exists(alike)).exclude(opinions__given_by=person)[:most]
    return [row for row in looked_at(list(found), now) if row.waits]


def clearance_of(subject: UUID) -> Clearance:
    """Return whether a payee and everybody named with it is clear against the lists in force."""
    return clearances_of([subject])[subject]


def clearances_of(subjects: Collection[UUID]) -> dict[UUID, Clearance]:
    """Return the same for many payees, in five queries however many they are."""
    now = edition()
    if now.troubles:
        closed = Clearance(is_clear=False, words=" ".join(now.troubles))
        return dict.fromkeys(subjects, closed)
    rows: dict[UUID, list[Looked]] = {subject: [] for subject in subjects}
    for row in looked_at(list(parties().filter(subject__in=list(subjects))), now):
        rows[row.party.subject].append(row)
    return {subject: _clearance(found, now) for subject, found in rows.items()}


def _clearance(rows: Sequence[Looked], now: Edition) -> Clearance:
    if not rows:
        return Clearance(is_clear=False, words=_("Nobody of the payee is screened yet. Name the payee for screening."))
    # What closes most firmly is said first.
    for state, words in (
        ("listed", _("%(names)s: on a sanctions list. Nothing is paid.")),
        ("unscreened", _("%(names)s: not yet screened against the latest lists.")),
        ("likeness", _("%(names)s: resembles a listed name. Two officers must say who it is.")),
    ):
        names = [row.party.name for row in rows if row.state == state]
        if names:
            return Clearance(is_clear=False, words=words % {"names": ", ".join(names)})
    lists = ", ".join(f"{file.source.upper()} {file.published_on:%Y-%m-%d}" for file in now.files)
    words = ngettext(
        "%(count)s name is clear against %(lists)s.", "%(count)s names are clear against %(lists)s.", len(rows)
    )
    return Clearance(is_clear=True, words=words % {"count": len(rows), "lists": lists})

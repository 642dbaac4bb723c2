"""Everything that can happen in screening: lists come, parties are named, looked at, cleared or confirmed, and end."""

import hashlib
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from screening import locks, permissions, queries, readers
from screening.models import Answer, Hit, ListedName, ListFile, Opinion, Party, PartyRole, Screening
from screening.names import LONGEST, words_of
from screening.readers import Published, Source, Unreadable
from trustfund.core import documents, events
from trustfund.core.db import require_transaction
from trustfund.core.models import User
from trustfund.core.refusals import AlreadyDone, Missing, Unacceptable, WrongState

_LONGEST_TROUBLE = 400
_LONGEST_REASON = 1000
_LONGEST_REFERENCE = 40
_AT_ONCE = 2000


@transaction.atomic(durable=True)
def record_list(*, source: Source, content: bytes, actor: User, at: datetime) -> ListFile:
    """
    Take a published list into force, in place of the one before.

    A file that cannot be read is recorded too, with why, and closes screening: nobody is paid until a good one follows.
    Everybody is then looked at anew; the timetable does it within a minute.

    :raises NotPermitted: if the actor is not of the secretariat
    :raises AlreadyDone: if this very file is in force
    :raises Unacceptable: if it is empty, or was published before the one in force
    """
    locks.the_lists()
    permissions.may_load_lists(actor).enforce()
    if not content:
        raise Unacceptable(_("The file is empty. Choose the list as its publisher gives it."))
    sha256 = documents.sha256_of(content)
    before = next((file for file in queries.edition().files if file.source == source), None)
    if before is not None and before.is_readable and before.sha256 == sha256:
        raise AlreadyDone(_("This very list is in force already. Nothing was changed."))
    published, trouble = _read(source, content)
    in_force = before.published_on if before is not None else None
    if published is not None and in_force is not None and published.published_on < in_force:
        raise Unacceptable(
            _("This list was published on %(this)s and the one in force on %(last)s. Load the newest one.")
            % {"this": published.published_on, "last": in_force}
        )

    file = ListFile.objects.create(
        number=(ListFile.objects.aggregate(last=Max("number"))["last"] or 0) + 1,
        source=source.value,
        sha256=sha256,
        size=len(content),
        published_on=published.published_on if published else None,
        entries=published.entries if published else 0,
        names=len(published.names) if published else 0,
        trouble=trouble,
        recorded_by=actor,
        recorded_at=at,
    )
    documents.store(content, documents.XML)
    if published is not None:
        _put_in_force(file, published)
    events.record(
        "list.found_unreadable" if trouble else "list.loaded",
        about=file.id,
        by=actor,
        at=at,
        reference=file.publisher.label,
        sha256=sha256,
        entries=file.entries,
        trouble=trouble,
    )
    return file


def _read(source: Source, content: bytes) -> tuple[Published | None, str]:
    try:
        published = readers.read(content)
    except Unreadable as refusal:
        return None, refusal.message[:_LONGEST_TROUBLE]
    if published.source != source:
        return None, _("This is the list “%(list)s”, not the one it was loaded as.") % {"list": published.source.label}
    return published, ""


def _put_in_force(file: ListFile, published: Published) -> None:
    """Replace the names of the publisher's earlier list. They are derived: the kept hash says from what."""
    ListedName.objects.filter(file__source=file.source).delete()
    names: dict[str, list[str]] = {}
    for one in published.names:
        names.setdefault(one.reference, []).append(one.name)
    prints = {
        reference: hashlib.sha256("\n".join([reference, *sorted(set(said))]).encode()).hexdigest()
        for reference, said in names.items()
    }
    ListedName.objects.bulk_create(
        (
            ListedName(
                file=file,
                reference=one.reference[:_LONGEST_REFERENCE],
                name=one.name[:LONGEST],
                is_person=one.is_person,
                is_weak=one.is_weak,
                entry_print=prints[one.reference],
            )
            for one in published.names
        ),
        batch_size=_AT_ONCE,
    )


def name_party(*, subject: UUID, role: PartyRole, name: str, actor: User, at: datetime) -> Party:
    """
    Name somebody through whose hands money or goods pass, in the transaction of whoever makes it so, and look at once.

    One who is named already with this subject and role is returned.

    :raises Unacceptable: if the name has no letter, or is longer than 400 letters
    """
    require_transaction()
    name = " ".join(name.split())
    if not words_of(name) or len(name) > LONGEST:
        raise Unacceptable(_("A name to be screened has letters, 400 at the most. Write it as its papers do."))
    standing = Party.objects.filter(subject=subject, role=role, name__iexact=name, ended_at=None).first()
    if standing is not None:
        return standing
    party = Party.objects.create(subject=subject, role=role, name=name, named_by=actor, named_at=at)
    events.record("party.named", about=party.id, by=actor, at=at, name=name, role_of=role.value)
    _look(party, at)
    return party


@transaction.atomic(durable=True)
def add_party(*, subject: UUID, role: PartyRole, name: str, actor: User, at: datetime) -> Party:
    """
    Name an officer, vendor or bank that stands with a payee.

    :raises NotPermitted: if the actor is not of the secretariat
    :raises Unacceptable: if the name has no letter, or is longer than 400 letters
    :raises AlreadyDone: if they are named already
    """
    permissions.may_name_parties(actor).enforce()
    if Party.objects.filter(subject=subject, role=role, name__iexact=" ".join(name.split()), ended_at=None).exists():
        raise AlreadyDone(_("This name is screened already. Look for it in the list."))
    return name_party(subject=subject, role=role, name=name, actor=actor, at=at)


@transaction.atomic(durable=True)
def end_party(*, party_id: UUID, reason: str, actor: User, at: datetime) -> Party:
    """
    Say that money and goods no longer pass through somebody's hands. What was found stays on record.

    :raises Missing: if there is no such party
    :raises NotPermitted: if the actor is not of the secretariat
    :raises WrongState: if it has ended, or is the payee itself
    :raises Unacceptable: if no reason is given
    """
    party = locks.party(party_id)
    permissions.may_name_parties(actor).enforce()
    if party.ended_at is not None:
        raise WrongState(_("This name is no longer screened. Reload the page."))
    if party.role == PartyRole.PAYEE:
        raise WrongState(_("The payee itself is always screened. Close its programmes in place of this."))
    if not reason.strip():
        raise Unacceptable(_("Say why nothing passes through these hands any more. It is kept in the record."))
    party.mark_ended(reason=reason.strip(), by=actor, at=at)
    events.record("party.ended", about=party.id, by=actor, at=at, name=party.name, reason=reason.strip())
    return party


@transaction.atomic(durable=True)
def screen_party(*, party_id: UUID, actor: User | None, at: datetime) -> Screening | None:
    """
    Look at a party against the lists in force; once an edition, however often it is asked.

    :param actor: nobody when the timetable does it
    :raises Missing: if there is no such party
    :raises NotPermitted: if the actor is no officer of the fund
    """
    party = locks.party(party_id)
    if actor is not None:
        permissions.may_give_opinion(actor).enforce()
    return _look(party, at)


def _look(party: Party, at: datetime) -> Screening | None:
    locks.the_lists()
    edition = queries.edition()
    if not edition.is_whole:
        return None
    looked = Screening.objects.filter(party=party, edition=edition.print).first()
    if looked is not None:
        return looked
    alike = queries.index_of(edition).like(party.name)
    screening = Screening.objects.create(
        party=party,
        lists={file.source: file.sha256 for file in edition.files},
        edition=edition.print,
        hits_found=len(alike),
        screened_at=at,
    )
    Hit.objects.bulk_create(
        Hit(
            screening=screening,
            source=one.listed.source,
            reference=one.listed.reference,
            listed_name=one.listed.name,
            entry_print=one.listed.entry_print,
            method=one.method.value,
            spelling=one.spelling,
        )
        for one in alike
    )
    (row,) = queries.looked_at([party], edition)
    # What two people have cleared is no news when a list comes again with the same entry.
    if row.waits:
        events.record("party.found_alike", about=party.id, by=None, at=at, name=party.name, reference=party.name)
    return screening


@transaction.atomic(durable=True)
def give_opinion(*, hit_id: UUID, says: Answer, reason: str, actor: User, at: datetime) -> Opinion:
    """
    Say whether a likeness is the listed one, and why. Two people who say it is somebody else clear it.

    :raises Missing: if there is no such likeness
    :raises NotPermitted: if the actor is no officer of the fund
    :raises WrongState: if the lists have changed since; the party is looked at anew first
    :raises Unacceptable: if no reason is given
    :raises AlreadyDone: if the actor said so before
    """
    hit = Hit.objects.select_related("screening").filter(pk=hit_id).first()
    if hit is None:
        raise Missing(_("There is no such likeness. Reload the page of the party."))
    party = locks.party(hit.screening.party_id)
    permissions.may_give_opinion(actor).enforce()
    if hit.screening.edition != queries.edition().print:
        raise WrongState(_("The lists have changed since. Reload the page to see what the latest ones say."))
    if not reason.strip():
        raise Unacceptable(_("Say how you know: a date of birth, a register, a passport. It is kept in the record."))
    same_entry = {"source": hit.source, "reference": hit.reference, "entry_print": hit.entry_print}
    last = party.opinions.filter(given_by=actor, **same_entry).order_by("-given_at").first()
    if last is not None and last.says == says:
        raise AlreadyDone(_("You have said so already. Another officer must say it too."))
    if len(reason) > _LONGEST_REASON:
        raise Unacceptable(_("The reason is longer than 1,000 letters. Shorten it."))
    opinion = Opinion.objects.create(
        party=party, says=says, reason=reason.strip(), given_by=actor, given_at=at, **same_entry
    )
    events.record(
        "opinion.given",
        about=party.id,
        by=actor,
        at=at,
        name=party.name,
        entry=f"{hit.source} {hit.reference}",
        says=says.value,
        reason=reason.strip(),
    )
    return opinion

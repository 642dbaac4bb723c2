"""Everything that can happen to exemptions: asked for, granted, extended, amended, revoked, about to expire."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from disbursements import exemption_lists, exemptions, states
from disbursements.exemptions import MOST_SHIPMENTS, Act, Case, Item, Party, PartyRole, RequestRoute
from disbursements.locks import exemptions as locks
from disbursements.locks.proposals import programme as hold_programme
from disbursements.models import (
    Document,
    Exemption,
    ExemptionItem,
    ExemptionLetter,
    ExemptionParty,
    ExemptionRequest,
    ExemptionWarning,
)
from disbursements.permissions import exemptions as permissions
from disbursements.queries import exemptions as queries
from disbursements.states import RequestStatus
from disbursements.uploads import Upload
from trustfund.core import documents, events
from trustfund.core.db import constraint_of, refused, require_transaction
from trustfund.core.models import User
from trustfund.core.numbering import next_reference
from trustfund.core.refusals import AlreadyDone, Missing, Unacceptable, WrongState

BODY: Final = "1718 Committee"
_HASH: Final = 64
_HAPPENED: Final = {
    Act.GRANT: "exemption.granted",
    Act.EXTENSION: "exemption.extended",
    Act.AMENDMENT: "exemption.amended",
}


@dataclass(frozen=True)
class LetterSaid:
    """What a letter says, as it is typed from it."""

    reference: str
    granted_on: date
    valid_from: date
    valid_to: date
    shipments_allowed: int
    items: tuple[Item, ...]
    parties: tuple[Party, ...]
    sha256: str = ""
    public_url: str = ""
    body: str = BODY


@transaction.atomic(durable=True)
def request_exemption(
    *,
    programme_id: UUID,
    title: str,
    case: Case,
    route: RequestRoute,
    submitted_on: date,
    actor: User,
    at: datetime,
    exemption_id: UUID | None = None,
    act: Act = Act.GRANT,
    via: str = "",
    is_urgent: bool = False,
) -> ExemptionRequest:
    """
    Write down what the sanctions body is asked for: an exemption for a programme, or a change of one.

    :param exemption_id: for an extension or amendment, what is to be changed
    :param via: through whom, unless the organisation may ask directly
    :raises Missing: if there is no such programme or exemption
    :raises NotPermitted: if the actor is neither of the secretariat nor the programme's own partner
    :raises NotPermitted: if it would go directly, and the organisation may not ask so
    :raises AlreadyDone: if the exemption waits for a change already
    :raises WrongState: if the exemption was revoked
    :raises Unacceptable: if part of the case is missing, or its list cannot be read
    """
    programme = hold_programme(programme_id)
    permissions.may_request_exemption(actor, programme).enforce()
    exemption = locks.exemption(exemption_id) if exemption_id is not None else None
    if (exemption is None) != (act == Act.GRANT) or (exemption and exemption.programme_id != programme.pk):
        raise Missing(_("There is no such exemption of this programme. Open it from the list of exemptions."))
    if exemption is not None and exemption.revoked_on is not None:
        raise WrongState(_("This exemption was revoked. Ask for a new one."))
    if exemption is not None and exemption.requests.filter(status=RequestStatus.SUBMITTED).exists():
        raise AlreadyDone(_("A change of this exemption waits for its answer. Record that first."))
    whole = _require_case(title, case)
    if route == RequestRoute.DIRECT:
        granted = queries.letters_granted_to(programme.organisation)
        kind = states.OrganisationKind(programme.organisation.kind)
        exemptions.may_submit_direct(kind, granted, submitted_on, is_urgent=is_urgent).enforce()
    elif not via.strip():
        raise Unacceptable(_("Say through whom the request goes: which state, or whose office."))
    if submitted_on > at.date():
        raise Unacceptable(_("The request is submitted on a day that has not come. Write it down when it is sent."))

    request = ExemptionRequest.objects.create(
        reference=next_reference("ER", at.date()),
        act=act,
        programme=programme,
        exemption=exemption,
        title=title.strip(),
        nature=whole.nature,
        recipients=whole.recipients,
        need=whole.need,
        movement=whole.movement,
        finance=whole.finance,
        safeguards=whole.safeguards,
        goods=whole.goods,
        route=route,
        via="" if route == RequestRoute.DIRECT else via.strip(),
        is_urgent=is_urgent,
        submitted_on=submitted_on,
        submitted_by=actor,
        submitted_at=at,
    )
    events.record("exemption.requested", about=request.id, by=actor, at=at, reference=request.reference, act=act)
    return request


@transaction.atomic(durable=True)
def record_letter(
    *, request_id: UUID, said: LetterSaid, actor: User, at: datetime, paper: Upload | None = None
) -> ExemptionLetter:
    """
    Record the letter that answers a request. It takes the place of the letter before it, which stays readable.

    :param paper: the letter itself; without it, its SHA-256 is typed
    :raises Missing: if there is no such request
    :raises NotPermitted: if the actor is not of the secretariat
    :raises WrongState: if it was answered
    :raises Unacceptable: if days, shipments, hash, address or parties cannot be right
    :raises AlreadyDone: if this letter is recorded for another exemption
    """
    request = locks.request(request_id)
    permissions.may_record_letter(actor).enforce()
    states.require_request_move(RequestStatus(request.status), to=RequestStatus.GRANTED)
    exemption = locks.exemption(request.exemption_id) if request.exemption_id is not None else None
    plain = _require_letter(said, paper, at.date())
    if exemption is None:
        exemption = Exemption.objects.create(
            reference=next_reference("EX", at.date()),
            programme=request.programme,
            title=request.title,
            recorded_by=actor,
            recorded_at=at,
        )
    letter = _add_letter(exemption, request, plain, paper, by=actor, at=at)
    request.mark_answered(RequestStatus.GRANTED, on=plain.granted_on, answer=plain.reference)
    events.record(
        _HAPPENED[Act(request.act)],
        about=exemption.id,
        by=actor,
        at=at,
        reference=exemption.reference,
        letter=plain.reference,
        valid_to=plain.valid_to.isoformat(),
        shipments=plain.shipments_allowed,
    )
    return letter


@transaction.atomic(durable=True)
def end_request(
    *, request_id: UUID, outcome: RequestStatus, on: date, answer: str, actor: User, at: datetime
) -> ExemptionRequest:
    """
    Write down that a request was refused, or that it was taken back.

    :param answer: what the body answered, or why it was taken back
    :raises Missing: if there is no such request
    :raises NotPermitted: if the actor is not of the secretariat
    :raises WrongState: if it was answered, or this is no end without a letter
    :raises Unacceptable: if no reason is given, or the day has not come or lies before the request
    """
    request = locks.request(request_id)
    permissions.may_record_letter(actor).enforce()
    if outcome == RequestStatus.GRANTED:
        raise WrongState(_("A granted exemption has a letter. Record the letter."))
    states.require_request_move(RequestStatus(request.status), to=outcome)
    if not answer.strip():
        raise Unacceptable(_("Say what was answered, or why it was taken back. It stays in the record."))
    if not request.submitted_on <= on <= at.date():
        raise Unacceptable(_("The answer came after the request and not later than today. Change the day."))
    request.mark_answered(outcome, on=on, answer=answer.strip())
    events.record(
        f"exemption.request_{outcome}",
        about=request.id,
        by=actor,
        at=at,
        reference=request.reference,
        reason=answer.strip(),
    )
    return request


@transaction.atomic(durable=True)
def revoke_exemption(*, exemption_id: UUID, on: date, because: str, actor: User, at: datetime) -> Exemption:
    """
    Record that the sanctions body took an exemption back. From that day nothing is paid or shipped under it.

    :raises Missing: if there is none
    :raises NotPermitted: if the actor is not of the secretariat
    :raises AlreadyDone: if it was revoked
    :raises Unacceptable: if no reason is given, or the day has not come
    """
    exemption = locks.exemption(exemption_id)
    permissions.may_record_letter(actor).enforce()
    if exemption.revoked_on is not None:
        raise AlreadyDone(_("This exemption was revoked already."))
    if not because.strip():
        raise Unacceptable(_("Say why it was revoked, and in which letter. It stays in the record."))
    if on > at.date():
        raise Unacceptable(_("That day has not come. Record it when it has."))
    exemption.mark_revoked(on=on, because=because.strip())
    events.record(
        "exemption.revoked",
        about=exemption.id,
        by=actor,
        at=at,
        reference=exemption.reference,
        reason=because.strip(),
    )
    return exemption


@transaction.atomic(durable=True)
def warn_of_expiry(*, at: datetime) -> list[ExemptionWarning]:
    """
    Tell whom it concerns which exemptions expire within 90, 30 or 7 days. The timetable does this each day.

    Doing it twice tells nobody twice: each mark of each letter is told of once.
    """
    made = []
    for found in list(queries.expiring(at.date() + _longest(), at.date())):
        exemption = locks.exemption(found.pk)
        letter = list(exemption.letters.all())[-1]
        mark = exemptions.warning_due(queries.facts_of(exemption), at.date())
        if mark is None or letter.warnings.filter(days__lte=mark).exists():
            continue
        made.append(ExemptionWarning.objects.create(letter=letter, days=mark, warned_at=at))
        events.record(
            "exemption.expires_soon",
            about=exemption.id,
            by=None,
            at=at,
            reference=exemption.reference,
            days=(letter.valid_to - at.date()).days,
            valid_to=letter.valid_to.isoformat(),
        )
    return made


def keep_document(paper: Upload, *, by: User, at: datetime) -> Document:
    """Keep a file that was handed in, inside an operation that has asked who may."""
    require_transaction()
    return Document.objects.create(
        name=paper.name,
        media_type=paper.media_type,
        size=len(paper.content),
        sha256=documents.store(paper.content, paper.suffix),
        uploaded_by=by,
        uploaded_at=at,
    )


def _longest() -> timedelta:
    return timedelta(days=max(exemptions.WARN_DAYS))


def _require_case(title: str, case: Case) -> Case:
    plain = Case(*(part.strip() for part in astuple(case)))
    if not title.strip() or not (plain.nature and plain.recipients and plain.need):
        raise Unacceptable(
            _("Say what is asked for, what the assistance is, who receives it, and why an exemption is needed.")
        )
    return replace(plain, goods=exemption_lists.lines_of_items(exemption_lists.items_of(plain.goods)))


def _require_letter(said: LetterSaid, paper: Upload | None, today: date) -> LetterSaid:
    plain = replace(
        said,
        reference=said.reference.strip(),
        body=said.body.strip() or BODY,
        sha256=said.sha256.strip().lower(),
        public_url=said.public_url.strip(),
    )
    if not plain.reference:
        raise Unacceptable(_("Write the letter's own reference. Banks and customs look it up by that."))
    if plain.valid_to < plain.valid_from or plain.granted_on > today:
        raise Unacceptable(_("The letter ends before it begins, or was granted on a day that has not come."))
    if not 1 <= plain.shipments_allowed <= MOST_SHIPMENTS:
        raise Unacceptable(_("A letter allows one to three shipments."))
    if not any(party.role == PartyRole.VENDOR for party in plain.parties):
        raise Unacceptable(_("The letter names at least one vendor. Only whom it names can be paid."))
    print_ = paper.sha256 if paper is not None else plain.sha256
    if plain.sha256 and plain.sha256 != print_:
        raise Unacceptable(_("The file is not the letter with this SHA-256. Choose the right file."))
    if len(print_) != _HASH or not set(print_) <= set("0123456789abcdef"):
        raise Unacceptable(_("Upload the letter, or type its SHA-256: 64 digits and letters from a to f."))
    if plain.public_url and urlsplit(plain.public_url).scheme not in {"http", "https"}:
        raise Unacceptable(_("The public link begins with https://. Copy it from the address line."))
    return replace(plain, sha256=print_)


def _add_letter(
    exemption: Exemption,
    request: ExemptionRequest,
    said: LetterSaid,
    paper: Upload | None,
    *,
    by: User,
    at: datetime,
) -> ExemptionLetter:
    document = keep_document(paper, by=by, at=at) if paper is not None else None
    try:
        with transaction.atomic():
            letter = ExemptionLetter.objects.create(
                exemption=exemption,
                number=exemption.letters.count() + 1,
                act=request.act,
                request=request,
                reference=said.reference,
                body=said.body,
                granted_on=said.granted_on,
                valid_from=said.valid_from,
                valid_to=said.valid_to,
                shipments_allowed=said.shipments_allowed,
                sha256=said.sha256,
                document=document,
                public_url=said.public_url,
                recorded_by=by,
                recorded_at=at,
            )
    except IntegrityError as error:
        if constraint_of(error) != "a_letter_serves_one_exemption":
            raise refused(error) from error
        raise AlreadyDone(_("This letter is recorded already. One letter serves one exemption.")) from None
    _add_lists(letter, said.items, said.parties)
    return letter


def _add_lists(letter: ExemptionLetter, items: Sequence[Item], parties: Sequence[Party]) -> None:
    ExemptionItem.objects.bulk_create(
        ExemptionItem(
            letter=letter,
            number=item.number,
            name=item.name,
            specification=item.specification,
            hs_code=item.hs_code,
            quantity=item.quantity,
            unit=item.unit,
        )
        for item in items
    )
    ExemptionParty.objects.bulk_create(
        ExemptionParty(letter=letter, role=party.role, name=party.name, country=party.country) for party in parties
    )

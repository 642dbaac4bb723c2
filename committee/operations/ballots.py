"""Voting, changing one's vote, and leaving the table."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from committee import locks, permissions, queries
from committee.models import Ballot, Disclosure, KeptReason, Recusal
from committee.operations.motions import call_alternates, decide
from committee.queries import Room
from committee.rules import Choice, decision_facts, require_principles
from trustfund.core import events, step_up
from trustfund.core.models import User
from trustfund.core.refusals import AlreadyDone, Conflict, Missing, Unacceptable
from trustfund.core.step_up import Proof

PURPOSE = "committee.ballot"
LONGEST_REASON = 4000


@transaction.atomic(durable=True)
def cast_ballot(
    *,
    motion_id: UUID,
    version: int,
    choice: Choice,
    reason: str,
    principles: Mapping[str, str],
    has_no_undisclosed_interest: bool,
    proof: Proof,
    nonce: str,
    actor: User,
    at: datetime,
) -> Ballot:
    """
    Cast the vote of the actor's seat, under a fresh second factor that is bound to exactly what is cast.

    The holder's vote supersedes one that their alternate cast before. Where silence agrees, an objection ends the
    motion at once, unless the rules let it be lifted until the close.

    :param principles: each of the four by name; empty where the member is satisfied, else why not
    :param has_no_undisclosed_interest: what the member declares of who would gain; it is signed and kept with the vote
    :param nonce: from the page that was confirmed; one page is sent once
    :raises Missing: if there is no such motion
    :raises NotPermitted: if the actor is not at the table: no seat in term, proposer, recused, interested, seconded
    :raises WrongState: if voting has closed
    :raises AlreadyDone: if the actor has voted, the page was sent before, or the holder of the seat has voted
    :raises Conflict: if another version is before the committee than the one the actor read
    :raises Unacceptable: if the reason is empty, a principle is not answered, or the declaration is not given
    :raises SecondFactorFailed: if the second factor is wrong or used
    """
    motion = locks.motion(motion_id)
    room = queries.room_of(motion, at)

    permissions.may_vote(actor, room, at).enforce()
    if room.ballot_of(actor) is not None:
        raise AlreadyDone(_("You have voted. Open the decision to see your vote, or to change it."))
    return _put(
        room,
        version=version,
        choice=choice,
        reason=reason,
        principles=principles,
        has_no_undisclosed_interest=has_no_undisclosed_interest,
        proof=proof,
        nonce=nonce,
        actor=actor,
        at=at,
    )


@transaction.atomic(durable=True)
def change_ballot(
    *,
    motion_id: UUID,
    version: int,
    choice: Choice,
    reason: str,
    principles: Mapping[str, str],
    has_no_undisclosed_interest: bool,
    proof: Proof,
    nonce: str,
    actor: User,
    at: datetime,
) -> Ballot:
    """
    Change the actor's vote: a new ballot that names the one it supersedes, which stays in the record.

    :raises Missing: if there is no such motion, or the actor has not voted
    :raises NotPermitted: if the actor is not at the table any more
    :raises WrongState: if voting has closed
    :raises AlreadyDone: if the page was sent before
    :raises Conflict: if another version is before the committee than the one the actor read
    :raises Unacceptable: if the reason is empty, a principle is not answered, or the declaration is not given
    :raises SecondFactorFailed: if the second factor is wrong or used
    """
    motion = locks.motion(motion_id)
    room = queries.room_of(motion, at)

    permissions.may_vote(actor, room, at).enforce()
    if room.ballot_of(actor) is None:
        raise Missing(_("You have not voted yet, so there is nothing to change. Cast your vote first."))
    return _put(
        room,
        version=version,
        choice=choice,
        reason=reason,
        principles=principles,
        has_no_undisclosed_interest=has_no_undisclosed_interest,
        proof=proof,
        nonce=nonce,
        actor=actor,
        at=at,
    )


def _put(
    room: Room,
    *,
    version: int,
    choice: Choice,
    reason: str,
    principles: Mapping[str, str],
    has_no_undisclosed_interest: bool,
    proof: Proof,
    nonce: str,
    actor: User,
    at: datetime,
) -> Ballot:
    motion = room.motion
    sitting = room.sitting_of(actor)
    if sitting is None:
        raise Missing(_("You hold no seat in term."))
    if version != motion.version:
        raise Conflict(
            _("Version %(now)s is before the committee; you read version %(read)s. Read it, then choose again.")
            % {"now": motion.version, "read": version}
        )
    if not reason.strip():
        raise Unacceptable(_("Give your reason. It is kept in the record with your vote."))
    if len(reason) > LONGEST_REASON:
        raise Unacceptable(_("Your reason is longer than 4,000 characters. Shorten it."))
    if motion.is_silent and choice == Choice.ABSTAIN:
        raise Unacceptable(_("Silence agrees here: object, or say that you do not object."))
    require_principles(principles)
    if not has_no_undisclosed_interest:
        raise Unacceptable(
            _("Declare that you have no undisclosed interest in who would gain, disclose it, or leave the table.")
        )
    if not nonce or Ballot.objects.filter(nonce=nonce).exists():
        raise AlreadyDone(_("This page was sent before, and your vote is recorded. Open the decision to see it."))

    earlier = room.ballot_on(sitting.seat)
    fingerprint = step_up.fingerprint(
        decision_facts(
            reference=motion.reference,
            version=version,
            motion_fingerprint=motion.fingerprint,
            choice=choice,
            reason=reason,
            principles=principles,
            has_no_undisclosed_interest=has_no_undisclosed_interest,
            nonce=nonce,
        )
    )
    confirmation = step_up.confirm(proof=proof, person=actor, purpose=PURPOSE, fingerprint=fingerprint, at=at)
    ballot = Ballot.objects.create(
        motion=motion,
        seat=sitting.seat,
        member=actor,
        number=queries.last_ballot_number(motion) + 1,
        supersedes=earlier,
        version=version,
        choice=choice.value,
        reason=reason,
        principles=dict(principles),
        has_no_undisclosed_interest=has_no_undisclosed_interest,
        nonce=nonce,
        fingerprint=fingerprint,
        cast_at=at,
        confirmation=confirmation,
    )
    # The record says that a seat voted and how to check it, never what it said: votes may be sealed.
    events.record(
        "ballot.cast" if earlier is None else "ballot.changed",
        about=motion.id,
        by=actor,
        at=at,
        reference=motion.reference,
        seat=sitting.seat.number,
        ballot=ballot.number,
        fingerprint=fingerprint,
    )
    KeptReason.objects.filter(motion=motion, member=actor).delete()
    if motion.is_silent and choice == Choice.REJECT and not room.rules.objections_may_be_lifted:
        decide(queries.room_of(motion, at), actor=actor, at=at)
    return ballot


@transaction.atomic(durable=True)
def keep_reason(*, motion_id: UUID, words: str, actor: User, at: datetime) -> KeptReason | None:
    """
    Keep what a member has typed as their reason, so that it is there when they come back. No vote, and read by nobody.

    :raises Missing: if there is no such motion
    :raises NotPermitted: if the actor is not at the table
    :raises Unacceptable: if it is longer than a reason may be
    """
    motion = queries.motion_of(motion_id)
    if motion is None:
        raise Missing(_("There is no such motion. Look it up in the list of decisions."))
    permissions.may_sit(actor, queries.room_of(motion, at)).enforce()
    if len(words) > LONGEST_REASON:
        raise Unacceptable(_("Your reason is longer than 4,000 characters. Shorten it."))
    if not words.strip():
        KeptReason.objects.filter(motion=motion, member=actor).delete()
        return None
    kept, _made = KeptReason.objects.update_or_create(
        motion=motion, member=actor, defaults={"words": words, "kept_at": at}
    )
    return kept


@transaction.atomic(durable=True)
def disclose(*, motion_id: UUID, words: str, actor: User, at: datetime) -> Disclosure:
    """
    Say something of one's own position that others should know, and stay at the table.

    :raises Missing: if there is no such motion
    :raises NotPermitted: if the actor is not at the table, or has left it
    :raises WrongState: if voting has closed
    :raises Unacceptable: if nothing is said
    """
    motion = locks.motion(motion_id)
    room = queries.room_of(motion, at)

    permissions.may_recuse(actor, room, at).enforce()
    if not words.strip():
        raise Unacceptable(_("Say what others should know of your position. It is kept in the record."))

    said = Disclosure.objects.create(motion=motion, member=actor, words=words.strip(), disclosed_at=at)
    sitting = room.sitting_of(actor)
    events.record(
        "interest.disclosed",
        about=motion.id,
        by=actor,
        at=at,
        reference=motion.reference,
        seat=sitting.seat.number if sitting else None,
    )
    return said


@transaction.atomic(durable=True)
def recuse(*, motion_id: UUID, reason: str, actor: User, at: datetime) -> Recusal:
    """
    Leave the table for one motion: the seat counts on neither side, unless its alternate takes it.

    A vote cast before stays in the record and is no longer counted.

    :raises Missing: if there is no such motion
    :raises NotPermitted: if the actor is not at the table, or has left it
    :raises WrongState: if voting has closed
    :raises Unacceptable: if no reason is given
    """
    motion = locks.motion(motion_id)
    room = queries.room_of(motion, at)

    permissions.may_recuse(actor, room, at).enforce()
    if not reason.strip():
        raise Unacceptable(_("Say what your interest is. It is kept in the record."))

    recusal = Recusal.objects.create(motion=motion, member=actor, reason=reason.strip(), recused_at=at)
    sitting = room.sitting_of(actor)
    events.record(
        "recusal.declared",
        about=motion.id,
        by=actor,
        at=at,
        reference=motion.reference,
        seat=sitting.seat.number if sitting else None,
        is_automatic=False,
    )
    call_alternates(motion, at=at)
    return recusal

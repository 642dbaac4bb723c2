"""Who may vote, leave the table, close, read ballots, and change who sits or by which rules."""

from datetime import datetime

from django.utils.translation import gettext as _

from committee.matters import Kind
from committee.models import Ballot, Motion
from committee.queries import OWN_KINDS, Room
from committee.rules import Way, consensus_until
from trustfund.core.models import User
from trustfund.core.refusals import AlreadyDone, WrongState
from trustfund.core.roles import RoleName
from trustfund.core.verdicts import YES, Verdict, no

_COMMITTEE = (RoleName.COMMITTEE_MEMBER, RoleName.ALTERNATE, RoleName.CHAIR)


def may_open(actor: User, kind: Kind = Kind.PROPOSAL) -> Verdict:
    """Return whether the actor may bring a motion: the secretariat or the chair; see also `may_propose`."""
    if kind in OWN_KINDS:
        return may_propose(actor, kind)
    if not actor.holds(RoleName.SECRETARIAT, RoleName.CHAIR):
        return no(_("Only the secretariat and the chair bring motions to the committee."))
    return YES


def may_propose(actor: User, kind: Kind) -> Verdict:
    """Return whether the actor may propose rules, seats or an auditor: the chair, and whoever prepares such things."""
    if kind == Kind.AUDITOR:
        if not actor.holds(RoleName.SECRETARIAT, RoleName.CHAIR):
            return no(_("Only the secretariat and the chair propose an auditor."))
        return YES
    if not actor.holds(RoleName.FUND_ADMINISTRATOR, RoleName.CHAIR):
        return no(_("Only the fund administrator and the chair propose rules and seats."))
    return YES


def may_withdraw(actor: User, motion: Motion) -> Verdict:
    """Return whether the actor may take a motion back: its proposer or the secretariat."""
    if actor.pk != motion.proposer_id and not actor.holds(RoleName.SECRETARIAT):
        return no(_("Only who proposed this, or the secretariat, can withdraw it."))
    return YES


def may_sit(actor: User, room: Room) -> Verdict:
    """Return whether the actor is at the table for this motion: seated in term, not the proposer, not recused."""
    if actor.is_seconded:
        return no(_("Staff seconded by a government do not vote."))
    if not actor.holds(*_COMMITTEE):
        return no(_("Only members of the committee vote."))
    if actor.pk == room.motion.proposer_id:
        return no(_("You proposed this, so others must decide it."))
    if room.is_recused(actor):
        return no(_("You left the table for this motion, so your vote is not counted."))
    if room.sitting_of(actor) is None:
        return no(_("You hold no seat in term, so you cannot vote. Ask the fund administrator."))
    return YES


def may_vote(actor: User, room: Room, at: datetime) -> Verdict:
    """Return whether the actor may cast or change a vote now."""
    seated = may_sit(actor, room)
    if not seated:
        return seated
    if not room.motion.is_open or at >= room.motion.closes_at:
        return no(_("Voting has closed, so a vote can no longer be cast or changed."), WrongState)
    if not room.motion.takes_votes:
        return no(_("This stands on the agenda of a meeting. Votes are cast once the chair has opened it."), WrongState)
    if not room.is_there(actor):
        return no(_("You are not recorded as present at this meeting, so you cannot vote in it. Tell the chair."))
    sitting = room.sitting_of(actor)
    standing = room.ballot_on(sitting.seat) if sitting else None
    if sitting is not None and standing is not None and _outranks(standing, actor, sitting.held.holder, room):
        return no(_("The holder of your seat has voted, so the alternate's vote is not needed."), AlreadyDone)
    return YES


def _outranks(standing: Ballot, actor: User, holder: object, room: Room) -> bool:
    """Return whether the ballot of a seat is its holder's, who still sits, and the actor is the alternate."""
    return standing.member_id != actor.pk and standing.member_id == holder and standing.member_id not in room.away


def may_recuse(actor: User, room: Room, at: datetime) -> Verdict:
    """Return whether the actor may leave the table: whoever sits at it, until the close."""
    seated = may_sit(actor, room)
    if not seated:
        return seated
    if not room.motion.is_open or at >= room.motion.closes_at:
        return no(_("Voting has closed, so nobody can leave the table any more."), WrongState)
    return YES


def may_close(actor: User | None, room: Room, at: datetime) -> Verdict:
    """Return whether the vote may be closed: by the clock when time is up, by the chair also when all have voted."""
    if actor is not None and not actor.holds(RoleName.CHAIR):
        return no(_("Only the chair closes a vote before its time; at its time it closes by itself."))
    if at >= room.motion.closes_at:
        return YES
    if room.motion.is_silent:
        return no(_("Silence agrees only when the time to object is over; then this closes by itself."), WrongState)
    if actor is None or not room.motion.takes_votes or not room.has_everybody_there:
        return _not_everybody(room)
    rules = room.rules
    if room.tally.rejections and room.motion.decided_by == Way.CORRESPONDENCE:
        until = consensus_until(rules, room.motion.opened_at)
        if at < until:
            return no(
                _("Somebody is against, and these rules give time for a consensus until %(until)s. Wait for it.")
                % {"until": f"{until:%Y-%m-%d, %H:%M} UTC"},
                WrongState,
            )
    return YES


def _not_everybody(room: Room) -> Verdict:
    if not room.motion.takes_votes:
        return no(_("The vote has not been opened. The meeting opens it when it comes to this motion."), WrongState)
    if room.there is not None:
        return no(_("Not every seat that is present has voted. Close the vote when all have."), WrongState)
    return no(
        _("%(cast)s of %(eligible)s seats have voted. The chair can close early only when all have.")
        % {"cast": room.tally.present, "eligible": room.tally.eligible},
        WrongState,
    )


def may_enact(actor: User | None) -> Verdict:
    """Return whether the actor may put in force what was carried: the clock, the chair and the fund administrator."""
    if actor is not None and not actor.holds(RoleName.CHAIR, RoleName.FUND_ADMINISTRATOR):
        return no(_("Only the chair and the fund administrator put in force what the committee has carried."))
    return YES


def may_call_meeting(actor: User) -> Verdict:
    """Return whether the actor may call a meeting: the chair or the secretariat."""
    if not actor.holds(RoleName.CHAIR, RoleName.SECRETARIAT):
        return no(_("Only the chair and the secretariat call a meeting. Members may ask for an emergency meeting."))
    return YES


def may_preside(actor: User) -> Verdict:
    """Return whether the actor may open and close a meeting and its votes: the chair."""
    if not actor.holds(RoleName.CHAIR):
        return no(_("Only the chair opens and closes a meeting and its votes."))
    return YES


def may_take_attendance(actor: User) -> Verdict:
    """Return whether the actor may write down who is there: the chair or the secretariat."""
    if not actor.holds(RoleName.CHAIR, RoleName.SECRETARIAT):
        return no(_("Only the chair and the secretariat write down who is present."))
    return YES


def may_describe(actor: User) -> Verdict:
    """Return whether the actor may note a person's state and employer: the fund administrator."""
    if not actor.holds(RoleName.FUND_ADMINISTRATOR):
        return no(_("Only the fund administrator notes a person's state and employer."))
    return YES


def may_read_reasons_of_dissent(room: Room) -> Verdict:
    """Return whether all may read, without names, why some voted against: if the rules say so, after the close."""
    if room.decision is None:
        return no(_("Reasons are read once the committee has decided."))
    if not room.rules.dissent_is_public:
        return no(_("These rules keep the reasons of dissent to people of the fund."))
    return YES


def may_read_ballots(reader: User, room: Room) -> Verdict:
    """
    Return whether the reader may see how each seat voted and why.

    While a sealed vote is open that is only who has voted; afterwards the committee, the secretariat and auditors.
    """
    if reader.is_seconded:
        return no(_("Staff seconded by a government do not see ballots."))
    if room.motion.is_open:
        return _may_read_open_ballots(reader, room)
    if not reader.holds(*_COMMITTEE, RoleName.SECRETARIAT, RoleName.AUDITOR):
        return no(_("Reasons are read by the committee, the secretariat and auditors."))
    return YES


def _may_read_open_ballots(reader: User, room: Room) -> Verdict:
    if room.is_recused(reader):
        return no(_("You left the table for this motion, so its ballots are closed to you."))
    if room.rules.sealed and room.ballot_of(reader) is None:
        return no(_("Votes and reasons are sealed: a member sees them after voting, others after the close."))
    if not reader.holds(*_COMMITTEE):
        return no(_("Votes and reasons are shown to the committee while the vote is open."))
    return YES


def may_read_open_motions(reader: User) -> Verdict:
    """Return whether the reader may see what is being voted on: people of the fund, no partner, nobody seconded."""
    if not reader.role_names or reader.is_seconded or reader.holds(RoleName.PROGRAMME_PARTNER):
        return no(_("What is still being voted on is shown once it is decided."))
    return YES


def may_read_votes(reader: User, room: Room) -> Verdict:
    """Return whether the reader may see how each seat voted, without reasons: people of the fund after the close."""
    if room.motion.is_open:
        return may_read_ballots(reader, room)
    if not reader.role_names or reader.is_seconded or reader.holds(RoleName.PROGRAMME_PARTNER):
        return no(_("The votes are shown as numbers. Who voted how is read by people of the fund."))
    return YES


def may_read_ballot(reader: User, ballot: Ballot) -> Verdict:
    """Return whether the reader may open the receipt of a ballot: only who cast it."""
    if reader.pk != ballot.member_id:
        return no(_("A receipt is shown only to the member who voted."))
    return YES


def may_rule(actor: User) -> Verdict:
    """Return whether the actor may write down rules and seats: the fund administrator."""
    if not actor.holds(RoleName.FUND_ADMINISTRATOR):
        return no(_("Only the fund administrator records rules and seats."))
    return YES


def may_declare(actor: User) -> Verdict:
    """Return whether the actor may declare an interest: whoever sits on the committee or stands in."""
    if not actor.holds(*_COMMITTEE):
        return no(_("Only members of the committee and alternates declare interests here."))
    return YES

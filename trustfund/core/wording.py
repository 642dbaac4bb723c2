"""How states and events read on a page: word, icon and tone. It knows words only, never the things themselves."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# A tone is a class of the stylesheet. Colour never speaks alone: the icon and the word say the same.
CALM, GOOD, ATTENTION, BAD, ACTIVE = "", "ok", "warn", "bad", "brand"


@dataclass(frozen=True)
class Pill:
    """A state as people see it."""

    word: str | Promise
    icon: str
    tone: str = CALM


PILLS: Final[dict[str, Pill]] = {
    # pledges and their instalments
    "announced": Pill(_("Announced"), "flag"),
    "conditional": Pill(_("Conditional"), "clock", ATTENTION),
    "signed": Pill(_("Signed"), "signature", ACTIVE),
    "called": Pill(_("Called"), "mail", ACTIVE),
    "part_paid": Pill(_("Part paid"), "circle-dot", ATTENTION),
    "paid": Pill(_("Paid"), "circle-check", GOOD),
    "written_off": Pill(_("Written off"), "circle-minus"),
    "scheduled": Pill(_("Scheduled"), "calendar"),
    "overdue": Pill(_("Overdue"), "alert-triangle", BAD),
    "received": Pill(_("Received"), "circle-check", GOOD),
    # receipts
    "unidentified": Pill(_("Not yet identified"), "alert-triangle", ATTENTION),
    "matched": Pill(_("Matched"), "circle-check", GOOD),
    "reversed": Pill(_("Reversed"), "arrow-back-up", BAD),
    # rows of a published file of rates
    "rate.new": Pill(_("New"), "plus", ACTIVE),
    "rate.supersedes": Pill(_("Supersedes"), "circle-dot", ACTIVE),
    "rate.same": Pill(_("Recorded already"), "circle-check"),
    "rate.refused": Pill(_("Refused"), "ban", BAD),
    # proposals, motions and ballots
    "draft": Pill(_("Draft"), "pencil"),
    "submitted": Pill(_("Submitted"), "send", ACTIVE),
    "in_review": Pill(_("In review"), "search", ACTIVE),
    "tabled": Pill(_("Tabled"), "gavel", ACTIVE),
    "approved": Pill(_("Approved"), "circle-check", GOOD),
    "carried": Pill(_("Carried"), "circle-check", GOOD),
    "rejected": Pill(_("Rejected"), "circle-x", BAD),
    "lapsed": Pill(_("Lapsed"), "clock"),
    "objected": Pill(_("Objected to"), "hand-stop", ATTENTION),
    "scheduled_vote": Pill(_("On the agenda"), "calendar"),
    "withdrawn": Pill(_("Withdrawn"), "circle-minus"),
    "approve": Pill(_("Approved"), "circle-check", GOOD),
    "reject": Pill(_("Rejected"), "circle-x", BAD),
    "abstain": Pill(_("Abstained"), "circle-minus"),
    "recused": Pill(_("Recused"), "circle-minus"),
    "not_voted": Pill(_("Not yet voted"), "circle-dashed"),
    "voted": Pill(_("Voted"), "circle-check", GOOD),
    "voided": Pill(_("Void, the proposal changed"), "ban", ATTENTION),
    # tranches
    "planned": Pill(_("Planned"), "calendar"),
    "conditions_met": Pill(_("Conditions met"), "checklist", ACTIVE),
    "due": Pill(_("Due"), "clock", ATTENTION),
    "in_payment": Pill(_("In payment"), "building-bank", ACTIVE),
    "reported": Pill(_("Reported"), "report", ACTIVE),
    "accepted": Pill(_("Accepted"), "circle-check", GOOD),
    "suspended": Pill(_("Suspended"), "player-pause", BAD),
    # payments
    "prepared": Pill(_("Waits for certification"), "clock", ATTENTION),
    "certified": Pill(_("Waits for release"), "clock", ATTENTION),
    "released": Pill(_("Released"), "send", ACTIVE),
    "sent": Pill(_("Sent"), "send", ACTIVE),
    "confirmed": Pill(_("Confirmed"), "circle-check", GOOD),
    "returned": Pill(_("Returned by the bank"), "arrow-back-up", BAD),
    "re_routed": Pill(_("Re-routed"), "route", ATTENTION),
    "cancelled": Pill(_("Cancelled"), "circle-minus"),
    # programmes, agreements and bank details
    "open": Pill(_("Open"), "circle-dot", ACTIVE),
    "active": Pill(_("Active"), "circle-dot", ACTIVE),
    "operationally_closed": Pill(_("Operationally closed"), "lock"),
    "refund_due": Pill(_("Refund due"), "alert-triangle", ATTENTION),
    "financially_closed": Pill(_("Financially closed"), "lock"),
    "audited": Pill(_("Audited"), "shield-check", GOOD),
    "closed": Pill(_("Closed"), "lock"),
    "ended": Pill(_("Ended"), "circle-minus"),
    "terminated": Pill(_("Terminated"), "circle-minus"),
    "verified": Pill(_("Verified"), "shield-check", GOOD),
    "unverified": Pill(_("Not yet verified"), "alert-triangle", ATTENTION),
    # statements, jobs and checks
    "requested": Pill(_("Requested"), "clock"),
    "queued": Pill(_("Waits for its turn"), "clock"),
    "waiting": Pill(_("Waits for its turn"), "clock"),
    "rendering": Pill(_("Being prepared"), "loader", ACTIVE),
    "reading": Pill(_("Reading the ledger"), "loader", ACTIVE),
    "setting": Pill(_("Setting the pages"), "loader", ACTIVE),
    "storing": Pill(_("Storing the document"), "loader", ACTIVE),
    "running": Pill(_("Running"), "loader", ACTIVE),
    "issued": Pill(_("Issued"), "file-text", GOOD),
    "done": Pill(_("Done"), "circle-check", GOOD),
    "failed": Pill(_("Stopped"), "alert-triangle", BAD),
    "passed": Pill(_("Passed"), "circle-check", GOOD),
    "unscreened": Pill(_("Waits to be screened"), "clock", ATTENTION),
    "likeness": Pill(_("Resembles a listed name"), "alert-triangle", ATTENTION),
    "listed": Pill(_("On a sanctions list"), "ban", BAD),
    "waits": Pill(_("Waits for two officers"), "clock", ATTENTION),
    "cleared": Pill(_("Somebody else"), "circle-check", GOOD),
    "in_force": Pill(_("In force"), "circle-check", GOOD),
    "replaced": Pill(_("Replaced"), "circle-minus"),
    "unreadable": Pill(_("Not readable"), "alert-triangle", BAD),
    "clear": Pill(_("Clear"), "circle-check", GOOD),
    "attention": Pill(_("Needs attention"), "alert-triangle", ATTENTION),
    "blocked": Pill(_("Blocked"), "lock", BAD),
    # holds, routes, clocks and what the committee had carried out
    "on_hold": Pill(_("On hold"), "player-pause", BAD),
    "lifted": Pill(_("Lifted"), "circle-check", GOOD),
    "carried_out": Pill(_("Carried out"), "circle-check", GOOD),
    "route.open": Pill(_("Open"), "route", GOOD),
    "route.refusing": Pill(_("Refusing"), "ban", BAD),
    "route.closed": Pill(_("Closed"), "lock"),
    "service.running": Pill(_("Running"), "clock", ACTIVE),
    "service.in_time": Pill(_("In time"), "circle-check", GOOD),
    "service.late": Pill(_("Late"), "alert-triangle", ATTENTION),
    "service.overdue": Pill(_("Overdue"), "alert-triangle", BAD),
    # the same word, another thing
    "report.submitted": Pill(_("Waits for two officers"), "clock", ATTENTION),
    "report.returned": Pill(_("Sent back"), "arrow-back-up", BAD),
    "report.scheduled": Pill(_("Due soon"), "calendar"),
    "motion.open": Pill(_("Voting open"), "gavel", ACTIVE),
    "motion.lapsed": Pill(_("Lapsed, no quorum"), "clock"),
    "motion.reject": Pill(_("Objects"), "hand-stop", ATTENTION),
    "motion.approve": Pill(_("Does not object"), "circle-check", GOOD),
    "meeting.called": Pill(_("Called"), "calendar"),
    "meeting.open": Pill(_("Being held"), "users", ACTIVE),
    "meeting.closed": Pill(_("Closed"), "lock"),
    "pledge.signed": Pill(_("Signed, nothing received yet"), "signature", ACTIVE),
    "payment.prepared": Pill(_("Waits for certification"), "clock", ATTENTION),
    "stop_request.open": Pill(_("Registered, changes nothing"), "hand-stop", ATTENTION),
}


def pill_of(state: str, kind: str = "") -> Pill:
    """Return how a state reads; a state without an entry reads as itself, calmly."""
    key = state.strip().lower().replace(" ", "_").replace("-", "_")
    found = PILLS.get(f"{kind}.{key}") if kind else None
    return found or PILLS.get(key) or Pill(key.replace("_", " ").capitalize(), "circle-dot")


# What an event's row in a record says after the person's name, by the last word of its kind.
_DONE_ICONS: Final[dict[str, str]] = {
    "accepted": "circle-check",
    "adopted": "scale",
    "amended": "pencil",
    "announced": "flag",
    "appointed": "user",
    "approved": "circle-check",
    "cancelled": "circle-minus",
    "carried": "circle-check",
    "cast": "gavel",
    "certified": "signature",
    "changed": "pencil",
    "closed": "lock",
    "confirmed": "circle-check",
    "drafted": "pencil",
    "failed": "alert-triangle",
    "filed": "hand-stop",
    "granted": "key",
    "issued": "file-text",
    "lapsed": "clock",
    "met": "checklist",
    "opened": "gavel",
    "prepared": "pencil",
    "received": "receipt",
    "recorded": "receipt",
    "recused": "circle-minus",
    "registered": "plus",
    "rejected": "circle-x",
    "released": "send",
    "requested": "clock",
    "returned": "arrow-back-up",
    "reversed": "arrow-back-up",
    "seated": "users",
    "signed": "signature",
    "submitted": "send",
    "tabled": "gavel",
    "verified": "shield-check",
    "withdrawn": "circle-minus",
}

# Events whose own words read badly when taken apart.
EVENTS: Final[dict[str, str | Promise]] = {
    "agreement.signed": _("Agreement signed"),
    "ballot.cast": _("Vote cast"),
    "ballot.changed": _("Vote changed"),
    "bank_account.verified": _("Bank details verified"),
    "hold.lifted": _("Hold lifted"),
    "hold.placed": _("Hold placed; payments stop"),
    "continuity_reserve.set_aside": _("Continuity reserve set aside"),
    "call.issued": _("Instalment called"),
    "donor.registered": _("Donor registered"),
    "expenditure.recorded": _("Expenditure recorded"),
    "haircut.set": _("Haircut of the planning view set"),
    "instalment.escalated": _("The committee was told of a late instalment"),
    "instalment.reminded": _("Reminded of an instalment"),
    "motion.carried": _("Motion carried"),
    "alternate.called": _("Alternates called to the table"),
    "attendance.taken": _("Attendance written down"),
    "auditor.appointed": _("Auditor appointed"),
    "ballots.voided": _("Votes on the earlier version are void"),
    "interest.disclosed": _("Position disclosed, stays at the table"),
    "meeting.called": _("Meeting called"),
    "meeting.closed": _("Meeting closed"),
    "meeting.opened": _("Meeting opened"),
    "meeting.requested": _("Emergency meeting asked for"),
    "meeting.supported": _("A seat joined the request for a meeting"),
    "motion.lapsed": _("Motion lapsed without a quorum"),
    "motion.circulated": _("Circulated: it is agreed unless somebody objects"),
    "motion.objected": _("Motion objected to, a meeting decides"),
    "motion.scheduled": _("Put on the agenda of a meeting"),
    "person.described": _("State and employer noted"),
    "motion.opened": _("Voting opened"),
    "motion.rejected": _("Motion rejected"),
    "motion.withdrawn": _("Motion withdrawn"),
    "payment.asked_about": _("The bank was asked"),
    "payment.called_duplicate": _("The bank has this order already; nothing changed"),
    "payment.cancelled": _("Payment cancelled"),
    "payment.queued": _("Queued: cash did not cover it"),
    "payment.sent": _("Order taken by the bank"),
    "payment.unanswered": _("The bank has not answered"),
    "payment.certified": _("Payment certified"),
    "payment.confirmed": _("Payment confirmed by the bank"),
    "payment.prepared": _("Payment prepared"),
    "payment.released": _("Payment released"),
    "payment.returned": _("Payment returned by the bank"),
    "pledge.signed": _("Pledge signed"),
    "organisation.registered": _("Organisation registered"),
    "partner.linked": _("Somebody speaks for the organisation"),
    "proposal.answered": _("The committee's answer written down"),
    "proposal.brought_in": _("Brought in from a published list"),
    "proposal.reviewed": _("Review began"),
    "reserve.below_floor": _("Continuity reserve below its floor"),
    "reserve.raised": _("Continuity reserve raised"),
    "reserve.use_asked": _("The committee is asked to use the reserve"),
    "reserve.used": _("Continuity reserve used, as the committee decided"),
    "route.marked": _("Route marked"),
    "route.opened": _("Route opened"),
    "route.refused": _("A bank refused on this route"),
    "shortfall.carried_out": _("Carried out, as the committee decided"),
    "shortfall.laid": _("Plan of payments laid before the committee"),
    "tranche.fallen_due": _("Tranche fell due"),
    "programme.opened": _("Programme opened"),
    "proposal.amended": _("Proposal amended"),
    "proposal.approved": _("Proposal approved, the money is reserved"),
    "proposal.drafted": _("Proposal drafted"),
    "proposal.submitted": _("Proposal submitted"),
    "proposal.tabled": _("Proposal put to the committee"),
    "proposal.withdrawn": _("Proposal withdrawn"),
    "quiet.asked_for": _("Asked for no reminders"),
    "quiet.ended": _("Reminders are sent again"),
    "rate.corrected": _("Rate corrected, confirmed by a second person"),
    "rate.recorded": _("Rate recorded"),
    "rate_correction.proposed": _("Correction proposed"),
    "rate_correction.withdrawn": _("Correction withdrawn"),
    "rate_file.brought": _("File brought"),
    "rate_file.taken": _("What was new in the file recorded"),
    "receipt.recorded": _("Money received"),
    "receipt.reversed": _("Receipt reversed"),
    "recusal.declared": _("Interest declared, withdrew from the vote"),
    "refund.recorded": _("Refund received"),
    "representative.appointed": _("Representative appointed"),
    "rules.adopted": _("Rules of procedure adopted"),
    "statement.issued": _("Statement issued"),
    "statement.requested": _("Statement requested"),
    "stop_request.filed": _("Stop request registered; the money stays spendable"),
    "tranche.delivered": _("Goods delivered in kind"),
    "tranche.routed": _("Route chosen"),
    "tranche.condition_met": _("Condition for release met"),
}


def event_words(kind: str) -> str:
    """Return what happened, in words: "Payment released"."""
    return str(EVENTS.get(kind) or kind.replace(".", " ").replace("_", " ").capitalize())


def event_icon(kind: str) -> str:
    """Return the icon that fits the last word of what happened."""
    return _DONE_ICONS.get(kind.rpartition(".")[2].rpartition("_")[2], "circle-dot")

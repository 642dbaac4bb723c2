"""
Which event is told to whom, in which words, with which link: one table.

A subject names a reference and never an amount. A letter holds one link, and nothing is decided by following it.
"""

from datetime import timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from trustfund.core.roles import RoleName
from trustfund.notices import people
from trustfund.notices.letters import (
    COMMITTEE,
    SECRETARIAT,
    TREASURY,
    Notice,
    bank_details,
    decided,
    of_an_exemption,
    own_act,
    payment,
    to_the_donor,
    to_the_person,
)

TABLE: Final[dict[str, Notice]] = {
    # The committee.
    "motion.opened": Notice(
        subject=_("%(reference)s is open for voting"),
        text=_("Motion %(reference)s is before the committee. Read the proposal and the checks, then cast your vote."),
        roles=COMMITTEE,
        page="pages:decision",
        deadline="closes_at",
    ),
    "motion.closes_soon": Notice(
        subject=_("%(reference)s closes soon and waits for your vote"),
        text=_(
            "Voting on motion %(reference)s closes soon, and your seat has not voted. Read it and cast your vote, or "
            "leave the table if you have an interest."
        ),
        also=(people.those_who_have_not_voted,),
        page="pages:decision",
        deadline="closes_at",
        news_for=timedelta(hours=20),
    ),
    "motion.circulated": Notice(
        subject=_("%(reference)s is agreed unless somebody objects"),
        text=_(
            "Motion %(reference)s is circulated to the committee. If nobody objects before the deadline, it is "
            "carried; one objection sends it to a meeting."
        ),
        roles=COMMITTEE,
        page="pages:decision",
        deadline="closes_at",
    ),
    "motion.scheduled": Notice(
        subject=_("%(reference)s is on the agenda"),
        text=_(
            "Motion %(reference)s stands on the agenda of a meeting. Read it now; votes are cast in the meeting once "
            "the chair has opened it."
        ),
        roles=COMMITTEE,
        page="pages:decision",
    ),
    "alternate.called": Notice(
        subject=_("You are called to the table for %(reference)s"),
        text=_(
            "The holder of your seat has left the table for motion %(reference)s, and without alternates there is no "
            "quorum. A quorum is never waived: read the motion and cast the vote of your seat."
        ),
        also=(people.those_named,),
        page="pages:decision",
        deadline="closes_at",
    ),
    "ballots.voided": Notice(
        subject=_("Your vote on %(reference)s is void"),
        text=_(
            "Motion %(reference)s was taken back after you had voted, because what it was about changed. Your vote "
            "stays in the record and counts for nothing. If a new version comes before the committee, vote on that."
        ),
        also=(people.those_named,),
        page="pages:decision",
        tells_doer=True,
    ),
    "rules.adopted": Notice(
        subject=_("New rules of procedure are in force"),
        text=_("New rules of procedure are in force. Motions that are open keep the rules they were opened under."),
        roles=(*COMMITTEE, RoleName.SECRETARIAT, RoleName.AUDITOR),
        page="committee:seats",
        about=False,
    ),
    "meeting.called": Notice(
        subject=_("Meeting %(reference)s of the committee"),
        text=_("Meeting %(reference)s of the committee has been called. Its place, time and agenda are on its page."),
        roles=(*COMMITTEE, RoleName.SECRETARIAT),
        page="committee:meeting",
        deadline="starts_at",
    ),
    "meeting.postponed": Notice(
        subject=_("Meeting %(reference)s is postponed"),
        text=_("Meeting %(reference)s of the committee is held later. Its new time, and why, are on its page."),
        roles=(*COMMITTEE, RoleName.SECRETARIAT),
        page="committee:meeting",
        deadline="starts_at",
    ),
    "meeting.requested": Notice(
        subject=_("An emergency meeting is asked for"),
        text=_("A member asks for an emergency meeting. Read why, and join the request if you agree."),
        roles=COMMITTEE,
        page="committee:meetings",
        about=False,
    ),
    "auditor.appointed": Notice(
        subject=_("%(name)s is appointed as auditor"),
        text=_("The committee appointed %(name)s to audit the fund, by %(reference)s."),
        roles=(*COMMITTEE, RoleName.SECRETARIAT, RoleName.AUDITOR, RoleName.FUND_ADMINISTRATOR),
        page="committee:auditors",
        about=False,
        tells_doer=True,
    ),
    "ballot.cast": own_act(
        _("Your vote on %(reference)s is recorded"),
        _(
            "Your vote on %(reference)s is recorded. You can change it until the motion closes. If you did not vote, "
            "tell the fund administrator at once."
        ),
    ),
    "ballot.changed": own_act(
        _("Your changed vote on %(reference)s is recorded"),
        _(
            "Your new vote on %(reference)s stands in place of the earlier one, which stays on record. If you did not "
            "change it, tell the fund administrator at once."
        ),
    ),
    "recusal.declared": own_act(
        _("You left the table for %(reference)s"),
        _(
            "It is recorded that you left the table for motion %(reference)s. You count neither toward the quorum nor "
            "against it."
        ),
    ),
    "motion.carried": decided(
        _("%(reference)s is carried"),
        _("The committee carried %(reference)s. The count, the reasons and the recusals are on its page."),
    ),
    "motion.rejected": decided(
        _("%(reference)s is rejected"),
        _("The committee rejected %(reference)s. The count, the reasons and the recusals are on its page."),
    ),
    "motion.lapsed": decided(
        _("%(reference)s lapsed without a quorum"),
        _("Too few members voted on %(reference)s before it closed, so nothing was decided. It can be moved again."),
    ),
    "motion.objected": decided(
        _("%(reference)s was objected to"),
        _("A member objected to %(reference)s, so silence did not agree. It comes before the next meeting as it is."),
    ),
    "motion.withdrawn": decided(
        _("%(reference)s is withdrawn"),
        _("Motion %(reference)s was taken back before it was decided. Votes already cast on it are void."),
    ),
    # Money that arrived: a second person is asked, and what the bank sent in error is told.
    "match.proposed": Notice(
        _("%(reference)s waits for a second person"),
        _(
            "Somebody says whose money arrived. Nothing moves until another person has read the grounds and confirmed "
            "match %(reference)s, or said why it does not stand."
        ),
        page="donors:match",
        roles=(RoleName.SECRETARIAT, RoleName.TREASURY_OFFICER),
        names_donors=True,
    ),
    "bank_file.refused": Notice(
        _("Bank file %(reference)s is refused"),
        _("A file of the bank does not close or does not follow, so nothing of it came in. Its page says why."),
        page="bank:file",
        roles=(RoleName.SECRETARIAT, RoleName.TREASURY_OFFICER),
        names_donors=True,
    ),
    "bank_file.quarantined": Notice(
        _("Bank file %(reference)s is quarantined"),
        _("A file could not be read safely, so nothing of it came in. Its page says why. Ask the bank what it sent."),
        page="bank:file",
        roles=(RoleName.SECRETARIAT, RoleName.TREASURY_OFFICER),
        names_donors=True,
    ),
    # Payments: each step is told to who takes the next one.
    "payment.prepared": payment(
        _("%(reference)s waits for certification"),
        _("Payment %(reference)s was prepared. Check it against the committee's decision, then certify or cancel it."),
        RoleName.CERTIFYING_OFFICER,
    ),
    "payment.certified": payment(
        _("%(reference)s waits for release"),
        _("Payment %(reference)s was certified. Release it, or say why not."),
        RoleName.TREASURY_OFFICER,
    ),
    "payment.released": payment(
        _("%(reference)s was released"),
        _("Payment %(reference)s has left the fund and is in transit. Confirm it when the bank does."),
        *TREASURY,
    ),
    "payment.confirmed": payment(
        _("%(reference)s has arrived"),
        _("The bank confirmed payment %(reference)s. The organisation has the money."),
        *TREASURY,
    ),
    "payment.returned": payment(
        _("%(reference)s came back"),
        _("The bank returned payment %(reference)s. Its money is reserved again; find out why first."),
        *TREASURY,
    ),
    "payment.cancelled": payment(
        _("%(reference)s was cancelled"),
        _("Payment %(reference)s was cancelled before release. Its money is reserved again."),
        *TREASURY,
    ),
    "payment.sent": payment(
        _("%(reference)s was taken by the bank"),
        _("The bank took the order of payment %(reference)s. Confirm it when the bank's advice comes."),
        *TREASURY,
    ),
    "payment.unanswered": payment(
        _("The bank is silent about %(reference)s"),
        _(
            "The bank has said nothing about the order of payment %(reference)s. Ask it, and write down what it says. "
            "The order is never sent a second time."
        ),
        RoleName.CERTIFYING_OFFICER,
        RoleName.TREASURY_OFFICER,
    ),
    "payment.called_duplicate": payment(
        _("The bank calls the order of %(reference)s a duplicate"),
        _(
            "The bank says that it had the order of payment %(reference)s before. Nothing changed: the first copy "
            "stands. Find out who sent it twice."
        ),
        *TREASURY,
    ),
    "payment.queued": Notice(
        subject=_("%(reference)s waits because cash is short"),
        text=_(
            "Cash does not cover payment %(reference)s, so it is queued. The secretariat plans what is paid first, and "
            "the committee decides."
        ),
        roles=(*COMMITTEE, *TREASURY),
        page="disbursements:shortfall",
        about=False,
    ),
    "hold.placed": Notice(
        subject=_("%(reference)s: payments stop"),
        text=_(
            "A hold was placed, %(reference)s. Nothing is paid until somebody else finds the case settled and lifts it."
        ),
        roles=(*TREASURY, RoleName.AUDITOR),
        page="disbursements:hold",
    ),
    "hold.lifted": Notice(
        subject=_("%(reference)s is lifted"),
        text=_("Hold %(reference)s is lifted. What was found out is on its page; payments go on."),
        roles=(*TREASURY, RoleName.AUDITOR),
        page="disbursements:hold",
    ),
    "offset.proposed": Notice(
        subject=_("%(reference)s waits for your agreement"),
        text=_(
            "The secretariat asks that a refund is taken off a payment, %(reference)s. A certifying officer agrees, or "
            "says why not."
        ),
        roles=(RoleName.CERTIFYING_OFFICER,),
        page="disbursements:offset",
    ),
    "offset.agreed": Notice(
        subject=_("%(reference)s: a refund was taken off a payment"),
        text=_(
            "A refund was taken off a payment, %(reference)s. The organisation is paid so much less and owes so much "
            "less; the entries are on its page."
        ),
        roles=(RoleName.SECRETARIAT, RoleName.TREASURY_OFFICER),
        also=(people.the_debtors_partners,),
        page="disbursements:offset",
    ),
    "route.refused": Notice(
        subject=_("A bank refused on %(reference)s"),
        text=_("A bank refused to carry a payment on %(reference)s, which takes none now. Choose another route."),
        roles=TREASURY,
        page="disbursements:route",
    ),
    "bank_account.registered": Notice(
        subject=_("Bank details of your organisation were registered"),
        text=_(
            "Other bank details were registered for the organisation. Nothing is paid to them for 72 hours, and an "
            "officer calls back on a number known before. If you did not ask for this, tell the secretariat at once."
        ),
        roles=TREASURY,
        also=(people.the_organisations_partners,),
        page="pages:home",
        about=False,
        tells_doer=True,
    ),
    "bank_account.verified": Notice(
        subject=_("Bank details of your organisation were verified"),
        text=_(
            "An officer called back and verified the bank details of the organisation. If nobody called you, tell the "
            "secretariat at once."
        ),
        roles=TREASURY,
        also=(people.the_organisations_partners,),
        page="pages:home",
        about=False,
        tells_doer=True,
    ),
    "reserve.below_floor": Notice(
        subject=_("The continuity reserve is below its floor"),
        text=_(
            "The continuity reserve holds less than the approved tranches of the next months. Raise it when you can."
        ),
        roles=(RoleName.TREASURY_OFFICER, RoleName.SECRETARIAT),
        page="disbursements:reserve",
        about=False,
    ),
    # Programmes.
    "programme.suspended": Notice(
        subject=_("%(reference)s is suspended"),
        text=_(
            "The committee suspended programme %(reference)s. Why, who goes without what, and when it is looked at "
            "again is on its page. Nothing is paid for it until the committee lets it go on."
        ),
        roles=TREASURY,
        also=(people.partners_of_the_programme,),
        page="disbursements:programme",
        tells_doer=True,
    ),
    "programme.resumed": Notice(
        subject=_("%(reference)s goes on"),
        text=_("The committee let programme %(reference)s go on. Its tranches are where they were."),
        roles=TREASURY,
        also=(people.partners_of_the_programme,),
        page="disbursements:programme",
        tells_doer=True,
    ),
    "proposal.amended_by_decision": Notice(
        subject=_("%(reference)s is in force"),
        text=_(
            "The committee amended what it had approved: %(reference)s is in force. What was and what is now stands "
            "on the proposal's page."
        ),
        roles=TREASURY,
        also=(people.partners_of_the_proposal,),
        page="disbursements:proposal",
        tells_doer=True,
    ),
    # Exemptions.
    "exemption.granted": of_an_exemption(
        _("%(reference)s is granted"),
        _("The letter of exemption %(reference)s is recorded. What it lists may be ordered and shipped until it ends."),
    ),
    "exemption.extended": of_an_exemption(
        _("%(reference)s is extended"),
        _("An extension of exemption %(reference)s is recorded. Its page says on which days it is valid now."),
    ),
    "exemption.amended": of_an_exemption(
        _("%(reference)s is amended"),
        _("Exemption %(reference)s was amended. Orders that rest on an item as it was before are stopped."),
    ),
    "exemption.revoked": of_an_exemption(
        _("%(reference)s is revoked"),
        _("Exemption %(reference)s was revoked. Nothing is paid or shipped under it any more."),
    ),
    "exemption.expires_soon": of_an_exemption(
        _("%(reference)s expires soon"),
        _("Exemption %(reference)s is about to expire. Goods that have not arrived by then may not be landed."),
    ),
    # Donors.
    "pledge.signed": to_the_donor(
        _("Your pledge %(reference)s is in the books"),
        _("Pledge %(reference)s is signed and recorded. Its instalments and their dates are on its page."),
        "donors:pledge",
    ),
    "pledge.made_conditional": to_the_donor(
        _("Your pledge %(reference)s is recorded"),
        _("Pledge %(reference)s is recorded. It counts when its conditions are met; its page says how they stand."),
        "donors:pledge",
    ),
    "pledge.amended": to_the_donor(
        _("Your pledge %(reference)s is amended"),
        _("The amendment of pledge %(reference)s is in the books. Its new schedule and the redline are on its page."),
        "donors:pledge",
    ),
    "condition.met": to_the_donor(
        _("A condition of pledge %(reference)s is met"),
        _("A condition of pledge %(reference)s is met. When all are, the secretariat brings it into the books."),
        "donors:pledge",
        RoleName.SECRETARIAT,
    ),
    "condition.shown": Notice(
        subject=_("An approval for pledge %(reference)s waits for a second person"),
        text=_("An approval was shown for pledge %(reference)s. Confirm it, or send it back and say why."),
        roles=(RoleName.SECRETARIAT,),
        page="donors:pledge",
        names_donors=True,
    ),
    "text.held": Notice(
        subject=_("%(reference)s holds a text"),
        text=_("A donor's text names an earmark, so %(reference)s holds it. Have it changed, or ask the committee."),
        roles=(RoleName.SECRETARIAT,),
        page="donors:hold",
        names_donors=True,
    ),
    "receipt.recorded": to_the_donor(
        _("Receipt %(reference)s"),
        _("Your payment arrived and is recorded as %(reference)s. The receipt says what it was worth and pays."),
        "donors:receipt",
    ),
    "receipt.reversed": to_the_donor(
        _("Receipt %(reference)s was reversed"),
        _("Receipt %(reference)s was reversed; its instalments are open again. The reason is on its page."),
        "donors:receipt",
        RoleName.SECRETARIAT,
    ),
    "pledge.written_off": to_the_donor(
        _("A part of pledge %(reference)s was written off"),
        _(
            "The committee gave up a part of pledge %(reference)s. Its page says how much, and which instalments "
            "fell away."
        ),
        "donors:pledge",
        RoleName.AUDITOR,
    ),
    "refund.paid": Notice(
        subject=_("Refund %(reference)s has left the fund"),
        text=_(
            "Refund %(reference)s was paid to the donor's verified bank details. Its page says who decided and paid."
        ),
        roles=(RoleName.SECRETARIAT, RoleName.AUDITOR),
        also=(people.the_refunded_donors_representatives,),
        page="donors:refund",
        names_donors=True,
        tells_doer=True,
    ),
    "bank_details.registered": bank_details(
        _("Bank details were registered for %(reference)s"),
        _(
            "Bank details were registered for %(reference)s. Nothing is paid to them for 72 hours, nor before an "
            "officer has called back. If you did not send them, tell the fund at once."
        ),
    ),
    "bank_details.changed": bank_details(
        _("The bank details of %(reference)s were changed"),
        _(
            "The bank details of %(reference)s were changed. Nothing is paid to the new ones for 72 hours, nor before "
            "an officer has called back. If you did not ask for this, tell the fund at once."
        ),
    ),
    "bank_details.verified": bank_details(
        _("The bank details of %(reference)s were verified"),
        _("An officer called back and verified the bank details of %(reference)s. Their page says whom and when."),
    ),
    "agreement.terminated": Notice(
        subject=_("Notice %(reference)s ends an agreement"),
        text=_(
            "A donor gave notice that ends its agreement. The notice is registered as %(reference)s. What was "
            "deposited stays in the fund for its purpose; instalments that fall due after the end are no longer called."
        ),
        roles=(*COMMITTEE, RoleName.SECRETARIAT, RoleName.DONOR_REPRESENTATIVE),
        page="donors:stop_requests",
        about=False,
        names_donors=True,
    ),
    "stop_request.filed": Notice(
        subject=_("Stop request %(reference)s is registered"),
        text=_(
            "A donor asked the fund to stop using money already given. The request is registered as %(reference)s and "
            "shown to all. It changes nothing: only the committee changes a programme."
        ),
        roles=(*COMMITTEE, RoleName.SECRETARIAT, RoleName.DONOR_REPRESENTATIVE),
        page="donors:stop_requests",
        about=False,
        names_donors=True,
    ),
    "call.issued": Notice(
        subject=_("Call notice for %(reference)s"),
        text=_(
            "Instalment %(reference)s is called; it %(when)s. What is due and where to pay it stands in the notice, "
            "which is on the page of the call."
        ),
        also=(people.the_donors_representatives,),
        page="donors:call",
        names_donors=True,
        signed=SECRETARIAT,
    ),
    "call.withdrawn": Notice(
        subject=_("The call for %(reference)s is withdrawn"),
        text=_(
            "The call for instalment %(reference)s is withdrawn; nothing is to be paid on it. Why stands in the "
            "notice, which is on the page of the call."
        ),
        also=(people.the_donors_representatives,),
        page="donors:call",
        names_donors=True,
        signed=SECRETARIAT,
    ),
    # A reminder is news until the next one, a week later at the earliest; nobody else is told than who is reminded.
    "instalment.reminded": Notice(
        subject=_("%(reference)s: instalment %(number)s %(when)s"),
        text=_(
            "Instalment %(number)s of pledge %(reference)s %(when)s. What is due stands on the page of the pledge. If "
            "it is on its way, nothing needs to be done: it is recorded when the bank reports it. If something stands "
            "in its way, write to us."
        ),
        also=(people.the_donor_to_remind,),
        page="donors:pledge",
        names_donors=True,
        signed=SECRETARIAT,
        news_for=timedelta(days=7),
    ),
    "instalment.escalated": Notice(
        subject=_("%(reference)s: instalment %(number)s %(when)s"),
        text=_(
            "Instalment %(number)s of pledge %(reference)s %(when)s, and has not come in full. The page shows what is "
            "late and for how many months of programming it would last. It is for the committee to say whether "
            "anything follows."
        ),
        roles=(*COMMITTEE, RoleName.SECRETARIAT),
        page="continuity:arrears",
        about=False,
        names_donors=True,
        signed=SECRETARIAT,
    ),
    # Reports and closures.
    "report.submitted": Notice(
        subject=_("Report %(reference)s was handed in"),
        text=_("An organisation handed in report %(reference)s. Two officers accept it, or one sends it back."),
        roles=(RoleName.SECRETARIAT, RoleName.CERTIFYING_OFFICER),
        page="disbursements:report",
    ),
    "report.accepted": Notice(
        subject=_("Report %(reference)s is accepted"),
        text=_("Two officers accepted report %(reference)s. Its figures are in the books."),
        also=(people.who_handed_it_in,),
        page="disbursements:report",
    ),
    "report.sent_back": Notice(
        subject=_("Report %(reference)s was sent back"),
        text=_("Report %(reference)s was sent back. Its page says what is missing; mend it and hand it in again."),
        also=(people.who_handed_it_in,),
        page="disbursements:report",
    ),
    # Screening.
    "list.found_unreadable": Notice(
        subject=_("A sanctions list could not be read"),
        text=_(
            "The latest file of the list “%(reference)s” could not be read. Nobody is paid until a good one is loaded."
        ),
        roles=TREASURY,
        page="screening:lists",
        about=False,
        tells_doer=True,
    ),
    "party.found_alike": Notice(
        subject=_("%(reference)s resembles a listed name"),
        text=_("%(reference)s resembles a name on a sanctions list. Nothing is paid there until two officers say who."),
        roles=TREASURY,
        page="screening:party",
    ),
    # Statements.
    "statement.issued": Notice(
        subject=_("Statement %(reference)s is ready"),
        text=_("Statement %(reference)s is issued. Its page has the document and the fingerprint to check it with."),
        also=(people.who_asked_for_the_statement,),
        page="assurance:statement",
    ),
    "statement.failed": Notice(
        subject=_("Statement %(reference)s could not be issued"),
        text=_(
            "Statement %(reference)s stopped before it was issued. No figure was changed. Try again from its page; the "
            "incident number is %(incident)s."
        ),
        roles=(RoleName.FUND_ADMINISTRATOR,),
        also=(people.who_asked_for_the_statement,),
        page="assurance:statement",
    ),
    "statement.found_altered": Notice(
        subject=_("Statement %(reference)s is not what was issued"),
        text=_(
            "The stored file of statement %(reference)s differs from what was issued. It is no longer handed out. Find "
            "out who can write to the fund's documents."
        ),
        roles=(RoleName.AUDITOR, RoleName.FUND_ADMINISTRATOR),
        page="assurance:statement",
        tells_doer=True,
    ),
    # Papers: what happened is told by itself; a paper is written about only when something is wrong with it.
    "paper.failed": Notice(
        subject=_("Paper %(reference)s could not be issued"),
        text=_(
            "Paper %(reference)s stopped before it was issued. What it is about stands. Try again from its page; the "
            "incident number is %(incident)s."
        ),
        roles=(RoleName.FUND_ADMINISTRATOR, RoleName.SECRETARIAT),
        page="assurance:statement",
        names_donors=True,
    ),
    "paper.found_altered": Notice(
        subject=_("Paper %(reference)s is not what was issued"),
        text=_(
            "The stored file of paper %(reference)s differs from what was issued. It is no longer handed out. Find out "
            "who can write to the fund's documents."
        ),
        roles=(RoleName.AUDITOR, RoleName.FUND_ADMINISTRATOR),
        page="assurance:statement",
        tells_doer=True,
    ),
    # People.
    "person.invited": to_the_person(
        _("You have a sign-in at %(fund)s"),
        _("The fund administrator made a sign-in for you. Set up your second factor when you first sign in."),
    ),
    "role.granted": to_the_person(
        _("You have a new role"),
        _("You are now %(role)s. If you did not expect this, tell the fund administrator."),
    ),
    "role.ended": to_the_person(
        _("A role of yours has ended"),
        _("You are no longer %(role)s. If you did not expect this, tell the fund administrator."),
    ),
}

"""Who may do what with donors. The secretariat records; a donor speaks for itself; seconded staff see no donors."""

from django.utils.translation import gettext as _

from donors import queries
from donors.models import Condition, Donor, DonorBankAccount, Match, RateCorrection, Receipt, Refund, WriteOff
from trustfund.core.models import User
from trustfund.core.refusals import WrongState
from trustfund.core.roles import RoleName
from trustfund.core.verdicts import YES, Verdict, no


def may_see_donors(actor: User) -> Verdict:
    """Return whether the actor may see the list of all donors and what they gave."""
    if actor.is_seconded:
        return no(_("Seconded staff see no donors. Ask the secretariat for what you need."))
    if not queries.sees_donors(actor):
        return no(_("Only the secretariat and auditors see all donors."))
    return YES


def may_keep_donors(actor: User) -> Verdict:
    """Return whether the actor may record donors, agreements, pledges, receipts and rates: the secretariat."""
    if actor.is_seconded:
        return no(_("Seconded staff see no donors. Ask the secretariat for what you need."))
    if not actor.holds(RoleName.SECRETARIAT):
        return no(_("Only the secretariat records donors, agreements, pledges and receipts."))
    return YES


def may_confirm_approval(actor: User, condition: Condition) -> Verdict:
    """Return whether the actor may confirm what shows an approval: the secretariat, but not who has shown it."""
    allowed = may_keep_donors(actor)
    if allowed and actor.pk == condition.shown_by_id:
        return no(_("You have shown this, so somebody else must confirm it."))
    return allowed


def may_see_cap(actor: User) -> Verdict:
    """Return whether the actor may see the cap of a donor's share: nobody who is seconded."""
    if actor.is_seconded:
        return no(_("Seconded staff see no donors. Ask the secretariat for what you need."))
    return YES


def may_set_cap(actor: User) -> Verdict:
    """Return whether the actor may set the cap of a donor's share: the fund administrator."""
    if not actor.holds(RoleName.FUND_ADMINISTRATOR):
        return no(_("Only the fund administrator records the cap."))
    return YES


def may_reverse(actor: User, receipt: Receipt) -> Verdict:
    """Return whether the actor may undo a receipt: the secretariat, and only once."""
    allowed = may_keep_donors(actor)
    if allowed and receipt.is_reversed:
        return no(_("Receipt %(reference)s is reversed already.") % {"reference": receipt.reference}, WrongState)
    return allowed


def may_confirm_correction(actor: User, correction: RateCorrection) -> Verdict:
    """Return whether the actor may confirm a correction: the secretariat, and somebody else than who proposed it."""
    allowed = may_withdraw_correction(actor, correction)
    if allowed and correction.proposed_by_id == actor.pk:
        return no(_("You proposed this correction, so somebody else of the secretariat must confirm it."))
    return allowed


def may_withdraw_correction(actor: User, correction: RateCorrection) -> Verdict:
    """Return whether the actor may take a correction back: the secretariat, before it is settled."""
    allowed = may_keep_donors(actor)
    if allowed and not correction.is_open:
        return no(_("This correction is settled. Look at the list of rates for what counts."), WrongState)
    return allowed


def may_see_desk(actor: User) -> Verdict:
    """Return whether the actor may read the receipts desk: the secretariat, treasury officers and auditors."""
    if actor.is_seconded:
        return no(_("Seconded staff see no donors. Ask the secretariat for what you need."))
    if not actor.holds(RoleName.SECRETARIAT, RoleName.TREASURY_OFFICER, RoleName.AUDITOR):
        return no(_("Only the secretariat, treasury officers and auditors see the receipts desk."))
    return YES


def may_decline_match(actor: User, match: Match) -> Verdict:
    """Return whether the actor may say that a match does not stand: the secretariat or a treasury officer."""
    if actor.is_seconded:
        return no(_("Seconded staff see no donors. Ask the secretariat for what you need."))
    if not actor.holds(RoleName.SECRETARIAT, RoleName.TREASURY_OFFICER):
        return no(_("Only the secretariat and treasury officers decide on matches."))
    if not match.is_open:
        return no(_("Match %(reference)s is decided already.") % {"reference": match.reference}, WrongState)
    return YES


def may_confirm_match(actor: User, match: Match) -> Verdict:
    """Return whether the actor may agree to a match: another person than who proposed it."""
    allowed = may_decline_match(actor, match)
    if allowed and match.proposed_by_id == actor.pk:
        return no(_("You proposed this match, so another person must confirm it."))
    return allowed


def may_keep_quiet(actor: User, donor: Donor, person: User | None) -> Verdict:
    """Return whether the actor may say that nobody is reminded: the secretariat, or a representative for themselves."""
    if actor.is_seconded:
        return no(_("Seconded staff see no donors. Ask the secretariat for what you need."))
    if actor.holds(RoleName.SECRETARIAT):
        return YES
    own = queries.donor_of(actor)
    if own is None or own.pk != donor.pk:
        return no(_("Only the secretariat and the donor's own representatives say who is not reminded."))
    if person is None or person.pk != actor.pk:
        return no(_("You may stop reminders to yourself. Ask the secretariat to stop them for the whole donor."))
    return YES


def may_choose_language(actor: User, person: User) -> Verdict:
    """Return whether the actor may say in which language a representative is written to: they, or the secretariat."""
    return YES if actor.pk == person.pk and not actor.is_seconded else may_keep_donors(actor)


def may_appoint_representatives(actor: User) -> Verdict:
    """Return whether the actor may say who speaks for a donor: the secretariat or the fund administrator."""
    if actor.is_seconded:
        return no(_("Seconded staff see no donors. Ask the secretariat for what you need."))
    if not actor.holds(RoleName.SECRETARIAT, RoleName.FUND_ADMINISTRATOR):
        return no(_("Only the secretariat and the fund administrator say who speaks for a donor."))
    return YES


def may_file_stop_request(actor: User, donor: Donor) -> Verdict:
    """Return whether the actor may register a stop request: the donor's own representative, or the secretariat."""
    if actor.is_seconded:
        return no(_("Seconded staff see no donors. Ask the secretariat for what you need."))
    if actor.holds(RoleName.SECRETARIAT):
        return YES
    own = queries.donor_of(actor)
    if own is None or own.pk != donor.pk:
        return no(_("Only the donor's own representative or the secretariat files its stop request."))
    return YES


def may_see_bank_details(actor: User) -> Verdict:
    """Return whether the actor may see donors' bank details: the fund's officers and auditors, never seconded staff."""
    if actor.is_seconded:
        return no(_("Seconded staff see no bank details. Ask the secretariat for what you need."))
    if not actor.holds(*queries.OFFICERS, RoleName.AUDITOR):
        return no(_("Bank details are shown to the fund's officers and auditors."))
    return YES


def may_verify_bank_details(actor: User, account: DonorBankAccount) -> Verdict:
    """Return whether the actor may call back and verify: an officer who did not register the details."""
    if actor.is_seconded:
        return no(_("Seconded staff see no bank details. Ask the secretariat for what you need."))
    if not actor.holds(*queries.OFFICERS):
        return no(_("Only officers of the fund verify bank details."))
    if actor.pk == account.registered_by_id:
        return no(_("You registered these details, so another officer must call back and verify them."))
    return YES


def may_see_refunds(actor: User) -> Verdict:
    """Return whether the actor may see what is given back: officers, auditors, and each donor its own."""
    if actor.is_seconded:
        return no(_("Seconded staff see no donors. Ask the secretariat for what you need."))
    if not actor.holds(*queries.OFFICERS, RoleName.AUDITOR, RoleName.DONOR_REPRESENTATIVE):
        return no(_("Refunds are shown to the fund's officers, auditors and the donor itself."))
    return YES


def may_carry_out(actor: User, one: WriteOff) -> Verdict:
    """Return whether the actor may carry out a write-off: the secretariat, once, when the committee has carried it."""
    allowed = may_keep_donors(actor)
    if allowed and one.is_carried_out:
        return no(_("%(reference)s is carried out already.") % {"reference": one.reference}, WrongState)
    if allowed and not queries.is_carried(one.pk):
        return no(_("The committee has not carried this."), WrongState)
    return allowed


def may_pay_refund(actor: User, refund: Refund) -> Verdict:
    """Return whether the actor may let a refund go: a treasury officer who did not request it, and only once."""
    if actor.is_seconded:
        return no(_("Seconded staff see no donors. Ask the secretariat for what you need."))
    if not actor.holds(RoleName.TREASURY_OFFICER):
        return no(_("Only a treasury officer pays a refund."))
    if actor.pk == refund.requested_by_id:
        return no(_("You requested this refund, so somebody else must authorise it."))
    if refund.is_paid:
        return no(_("Refund %(reference)s is paid already.") % {"reference": refund.reference}, WrongState)
    return YES


def may_see_stop_requests(actor: User) -> Verdict:
    """Return whether the actor may read stop requests: donors, the committee, the secretariat and auditors."""
    if actor.is_seconded:
        return no(_("Seconded staff see no donors. Ask the secretariat for what you need."))
    if not actor.holds(*STOP_REQUEST_READERS):
        return no(_("Stop requests are shown to donors, the committee, the secretariat and auditors."))
    return YES


STOP_REQUEST_READERS = (
    RoleName.SECRETARIAT,
    RoleName.AUDITOR,
    RoleName.DONOR_REPRESENTATIVE,
    RoleName.COMMITTEE_MEMBER,
    RoleName.ALTERNATE,
    RoleName.CHAIR,
    RoleName.FUND_ADMINISTRATOR,
)

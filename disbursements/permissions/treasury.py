"""Who may stop payments, choose routes, read orders and answers, and ask the committee when money is short."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from disbursements.models import Hold, Tranche, TreasuryRules
from trustfund.core.models import User
from trustfund.core.roles import RoleName
from trustfund.core.verdicts import YES, Verdict, no

OFFICERS = (RoleName.SECRETARIAT, RoleName.CERTIFYING_OFFICER, RoleName.TREASURY_OFFICER)
_PAYERS = (RoleName.CERTIFYING_OFFICER, RoleName.TREASURY_OFFICER)


def may_take_in_answer(actor: User) -> Verdict:
    """Return whether the actor may take in what the bank answers, and ask it: certifying or treasury officer."""
    return _in(actor, _PAYERS, _("Only a certifying or treasury officer takes in what the bank answers."))


def may_read_order(actor: User) -> Verdict:
    """Return whether the actor may fetch the order for the bank, which has full bank details: a treasury officer."""
    return _in(actor, (RoleName.TREASURY_OFFICER,), _("Only a treasury officer fetches orders for the bank."))


def may_see_reads(actor: User) -> Verdict:
    """Return whether the actor may see who was shown bank details: an auditor or the fund administrator."""
    return _in(
        actor,
        (RoleName.AUDITOR, RoleName.FUND_ADMINISTRATOR),
        _("Only auditors and the fund administrator see who was shown bank details."),
    )


def may_place_hold(actor: User) -> Verdict:
    """Return whether the actor may stop payments: any officer of the fund, and an auditor."""
    return _in(actor, (*OFFICERS, RoleName.AUDITOR), _("Only officers of the fund and auditors place a hold."))


def may_lift_hold(actor: User, hold: Hold) -> Verdict:
    """Return whether the actor may lift a hold: an officer of the fund other than who placed it."""
    verdict = _in(actor, OFFICERS, _("Only officers of the fund lift a hold."))
    if verdict and hold.placed_by_id == actor.pk:
        return no(_("You placed this hold, so someone else must lift it."))
    return verdict


def may_open_route(actor: User) -> Verdict:
    """Return whether the actor may open a route and say whether it takes payments: a treasury officer."""
    return _in(actor, (RoleName.TREASURY_OFFICER,), _("Only a treasury officer opens and closes routes."))


def may_record_refusal(actor: User) -> Verdict:
    """Return whether the actor may write down that a bank refused: any officer of the fund."""
    return _in(actor, OFFICERS, _("Only officers of the fund write down that a bank refused."))


def may_choose_route(actor: User, tranche: Tranche) -> Verdict:
    """Return whether the actor may choose how a tranche travels: secretariat or treasury, but not who proposed it."""
    verdict = _in(
        actor,
        (RoleName.SECRETARIAT, RoleName.TREASURY_OFFICER),
        _("Only the secretariat and treasury officers choose the route of a tranche."),
    )
    if verdict and actor.pk in {tranche.proposal.proposer_id, tranche.version.created_by_id}:
        return no(_("You proposed what this pays for, so someone else must choose its route."))
    return verdict


def may_record_delivery(actor: User) -> Verdict:
    """Return whether the actor may write down that goods were delivered: the secretariat."""
    return _in(actor, (RoleName.SECRETARIAT,), _("Only the secretariat writes down that goods were delivered."))


def may_queue(actor: User) -> Verdict:
    """Return whether the actor may queue a payment that finds too little: a treasury officer."""
    return _in(actor, (RoleName.TREASURY_OFFICER,), _("Only a treasury officer queues payments."))


def may_ask_committee(actor: User) -> Verdict:
    """Return whether the actor may lay a plan of payments or a use of the reserve before the committee: secretariat."""
    return _in(actor, (RoleName.SECRETARIAT,), _("Only the secretariat lays this before the committee."))


def may_carry_out(actor: User) -> Verdict:
    """Return whether the actor may carry out what the committee decided about money: a treasury officer."""
    return _in(actor, (RoleName.TREASURY_OFFICER,), _("Only a treasury officer carries this out."))


def may_propose_rules(actor: User) -> Verdict:
    """Return whether the actor may propose other numbers for treasury: the fund administrator, who touches no money."""
    return _in(actor, (RoleName.FUND_ADMINISTRATOR,), _("Only the fund administrator proposes other numbers."))


def may_agree_to_rules(actor: User, rules: TreasuryRules) -> Verdict:
    """Return whether the actor may put numbers in force: certifying or treasury officer, and another than proposed."""
    verdict = _in(actor, _PAYERS, _("Only a certifying or treasury officer puts other numbers in force."))
    if verdict and rules.proposed_by_id == actor.pk:
        return no(_("You proposed these numbers, so someone else must agree to them."))
    return verdict


def _in(actor: User, roles: Sequence[RoleName], reason: str) -> Verdict:
    if not actor.is_seconded and actor.holds(*roles):
        return YES
    return no(reason)

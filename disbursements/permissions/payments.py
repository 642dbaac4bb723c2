"""Who may take which step of a payment, see and verify bank details, and record what banks and partners report."""

from django.utils.translation import gettext as _

from disbursements.models import BankAccount, Payment, Programme, Tranche
from disbursements.payment_states import ROLES_OF, SIGNATURES, StepKind
from disbursements.queries.partners import organisation_id_of
from disbursements.queries.payments import has_signed
from trustfund.core.models import User
from trustfund.core.roles import RoleName
from trustfund.core.verdicts import YES, Verdict, no

# Those whose work needs the details: who pays, and who checks it afterwards.
SEE_BANK_DETAILS = (
    RoleName.SECRETARIAT,
    RoleName.CERTIFYING_OFFICER,
    RoleName.TREASURY_OFFICER,
    RoleName.AUDITOR,
)


def may_see_bank_details(actor: User) -> Verdict:
    """Return whether the actor may see bank details, masked: officers of the fund and auditors, nobody seconded."""
    if actor.is_seconded:
        return no(_("Seconded staff see no bank details. Ask the secretariat what you need to know."))
    if actor.holds(*SEE_BANK_DETAILS):
        return YES
    return no(_("Only the officers who pay and the auditors see bank details."))


def may_register_bank_account(actor: User) -> Verdict:
    """Return whether the actor may register an organisation's bank details: the secretariat."""
    if not actor.is_seconded and actor.holds(RoleName.SECRETARIAT):
        return YES
    return no(_("Only the secretariat registers bank details."))


def may_verify_bank_account(actor: User, account: BankAccount) -> Verdict:
    """Return whether the actor may verify bank details: an officer of the fund other than who registered them."""
    if actor.is_seconded or not actor.holds(*ROLES_OF[StepKind.CANCEL]):
        return no(_("Only officers of the fund verify bank details."))
    if account.registered_by_id == actor.pk:
        return no(_("You registered these details, so another officer must call back and verify them."))
    return YES


def may_prepare(actor: User, tranche: Tranche) -> Verdict:
    """Return whether the actor may prepare the payment of a tranche: the secretariat, but not who proposed it."""
    return _in_role(actor, StepKind.PREPARE) and _did_not_propose(actor, tranche)


def may_certify(actor: User, payment: Payment) -> Verdict:
    """Return whether the actor may certify a payment: a certifying officer who has taken no other step of it."""
    return _may_sign(actor, payment, StepKind.CERTIFY)


def may_release(actor: User, payment: Payment) -> Verdict:
    """Return whether the actor may release a payment: a treasury officer who has taken no other step of it."""
    return _may_sign(actor, payment, StepKind.RELEASE)


def may_confirm(actor: User, payment: Payment) -> Verdict:
    """
    Return whether the actor may confirm that the money arrived: treasury or certifying, with no other step of it.

    Whoever released money does not also vouch for where it went, or one person could hide a diverted payment.
    """
    return _may_sign(actor, payment, StepKind.CONFIRM)


def may_return(actor: User, payment: Payment) -> Verdict:
    """
    Return whether the actor may record that a bank sent the money back: treasury or certifying, with no other step.

    A return reopens the tranche for a second payment, so it must not come from whoever released the first.
    """
    return _may_sign(actor, payment, StepKind.RETURN)


def may_cancel(actor: User, payment: Payment) -> Verdict:
    """Return whether the actor may cancel a payment before release: any officer, whoever signed; no money leaves."""
    del payment
    return _in_role(actor, StepKind.CANCEL)


def may_take(kind: StepKind, actor: User, payment: Payment) -> Verdict:
    """Return whether the actor may take a step of a payment."""
    if kind == StepKind.CANCEL:
        return may_cancel(actor, payment)
    return _may_sign(actor, payment, kind)


def may_record_bank_movement(actor: User) -> Verdict:
    """Return whether the actor may record interest, bank charges and refunds: a treasury officer."""
    if not actor.is_seconded and actor.holds(RoleName.TREASURY_OFFICER):
        return YES
    return no(_("Only a treasury officer records what the bank credits and charges."))


def may_record_expenditure(actor: User, programme: Programme) -> Verdict:
    """Return whether the actor may record expenditure: the programme's own organisation, or the secretariat."""
    if actor.is_seconded:
        return no(_("Seconded staff record no expenditure. The organisation's programme partner does."))
    if actor.holds(RoleName.SECRETARIAT):
        return YES
    if actor.holds(RoleName.PROGRAMME_PARTNER) and organisation_id_of(actor) == programme.organisation_id:
        return YES
    return no(_("Only the programme's own organisation and the secretariat record its expenditure."))


def _may_sign(actor: User, payment: Payment, kind: StepKind) -> Verdict:
    verdict = _in_role(actor, kind) and _did_not_propose(actor, payment.tranche)
    if verdict and kind in SIGNATURES and has_signed(actor, payment):
        return no(_("You have taken another step of this payment, so someone else must take this one."))
    return verdict


def _in_role(actor: User, kind: StepKind) -> Verdict:
    if actor.is_seconded:
        return no(_("Seconded staff take no step of a payment."))
    if actor.holds(*ROLES_OF[kind]):
        return YES
    return no(
        {
            StepKind.PREPARE: _("Only the secretariat prepares payments."),
            StepKind.CERTIFY: _("Only a certifying officer certifies payments."),
            StepKind.RELEASE: _("Only a treasury officer releases payments."),
            StepKind.CONFIRM: _("Only a certifying or treasury officer confirms that money arrived."),
            StepKind.RETURN: _("Only a certifying or treasury officer records that a bank returned money."),
            StepKind.CANCEL: _("Only officers of the fund cancel payments."),
        }[kind]
    )


def _did_not_propose(actor: User, tranche: Tranche) -> Verdict:
    if actor.pk in {tranche.proposal.proposer_id, tranche.version.created_by_id}:
        return no(_("You proposed what this pays for, so someone else must pay it."))
    return YES

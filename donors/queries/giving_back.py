"""What is given up and given back: write-offs, refunds, what a donor gave net of refunds, and its bank details."""

from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from committee import queries as committee_queries
from committee.matters import Kind
from committee.models import Decision, Motion
from committee.rules import Outcome
from committee.states import Status as MotionStatus
from donors import rates
from donors.models import Donor, DonorBankAccount, Pledge, Refund, WriteOff
from donors.queries.parties import donors_visible_to
from ledger import chart
from ledger import queries as ledger_queries
from trustfund.core import step_up
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.roles import RoleName
from trustfund.core.verdicts import YES, Verdict, no

# Every question is of one version: what is asked is never amended, but asked anew.
VERSION = 1
OFFICERS = (RoleName.SECRETARIAT, RoleName.CERTIFYING_OFFICER, RoleName.TREASURY_OFFICER)
_WAITS = frozenset({MotionStatus.OPEN, MotionStatus.CARRIED})


def write_offs_visible_to(user: User) -> QuerySet[WriteOff]:
    """Return the write-offs a person may open, latest first."""
    found = WriteOff.objects.filter(pledge__donor__in=donors_visible_to(user))
    return found.select_related("pledge__donor", "pledge__agreement", "asked_by").order_by("-asked_at", "-reference")


def write_offs_of(pledge: Pledge) -> QuerySet[WriteOff]:
    """Return what was asked to be given up of a pledge, latest first."""
    return pledge.write_offs.order_by("-asked_at", "-reference")


def motion_on(subject: UUID) -> Motion | None:
    """Return the motion on a write-off or a refund, or nothing."""
    return committee_queries.motion_about(subject, VERSION)


def is_carried(subject: UUID) -> bool:
    """Return whether the committee has carried a write-off or a refund."""
    motion = motion_on(subject)
    return motion is not None and motion.state == MotionStatus.CARRIED


def waits_for_committee(pledge: Pledge) -> WriteOff | None:
    """Return the write-off of a pledge that is before the committee or carried and not carried out, or nothing."""
    return pledge.write_offs.filter(carried_out_at=None, pk__in=_waiting(Kind.WRITE_OFF)).first()


def refunds_visible_to(user: User) -> QuerySet[Refund]:
    """Return the refunds a person may open: officers and auditors all, a donor its own; seconded staff none."""
    found = Refund.objects.select_related("donor", "requested_by", "authorised_by", "bank_account")
    found = found.order_by("-requested_at", "-reference")
    if user.is_seconded:
        return found.none()
    if user.holds(*OFFICERS, RoleName.AUDITOR):
        return found
    return found.filter(donor__in=donors_visible_to(user))


def refunds_to_pay() -> list[Refund]:
    """Return the refunds that the committee has carried and nobody has paid, first carried first."""
    waiting = Refund.objects.filter(authorised_at=None, pk__in=_carried(Kind.REFUND)).select_related("donor")
    return list(waiting.order_by("requested_at", "reference"))


def write_offs_to_carry_out() -> list[WriteOff]:
    """Return the write-offs that the committee has carried and nobody has carried out, first asked first."""
    waiting = WriteOff.objects.filter(carried_out_at=None, pk__in=_carried(Kind.WRITE_OFF)).select_related(
        "pledge__donor"
    )
    return list(waiting.order_by("asked_at", "reference"))


def _carried(kind: Kind) -> QuerySet[Decision, UUID]:
    """Return what the committee has carried of a kind."""
    decided = Decision.objects.filter(motion__kind=kind.value, outcome=Outcome.CARRIED.value)
    return decided.values_list("motion__subject", flat=True)


def _waiting(kind: Kind) -> QuerySet[Motion, UUID]:
    """Return what is before the committee, or was carried by it, of a kind."""
    states = [str(state) for state in _WAITS]
    return Motion.objects.filter(kind=kind.value, status__in=states).values_list("subject", flat=True)


def given_by(donor: Donor, on: date | None = None) -> Money:
    """Return what a donor gave and did not get back, in USD at receipt."""
    return given_by_all(on).get(donor.reference, Money.zero(rates.FUND_CURRENCY))


def given_by_all(on: date | None = None) -> dict[str, Money]:
    """Return what each donor gave and did not get back, in USD at receipt, by the donor's reference."""
    heads = (chart.CONTRIBUTIONS, chart.EXCHANGE_DIFFERENCE, chart.CONTRIBUTOR_REFUNDS)
    given: dict[str, Money] = {}
    for code, money in ledger_queries.balances_under(tuple(f"{head}." for head in heads), on=on).items():
        reference = chart.reference_of(code)
        given[reference] = given.get(reference, Money.zero(rates.FUND_CURRENCY)) - money
    return dict(sorted(given.items()))


def promised_back(donor: Donor) -> Money:
    """Return what is asked to be given back to a donor and may still be: before the committee, or carried."""
    waiting = donor.refunds.filter(authorised_at=None, pk__in=_waiting(Kind.REFUND)).aggregate(total=Sum("minor"))
    return Money(waiting["total"] or 0, rates.FUND_CURRENCY)


def refunded_to(donor: Donor) -> Money:
    """Return what was given back to a donor."""
    paid = donor.refunds.filter(authorised_at__isnull=False).aggregate(total=Sum("minor"))["total"]
    return Money(paid or 0, rates.FUND_CURRENCY)


def spendable() -> Money:
    """Return what the fund may still promise."""
    return ledger_queries.balance_of(chart.SPENDABLE)


def bank_accounts_of(donor: Donor) -> QuerySet[DonorBankAccount]:
    """Return a donor's bank details, the latest first, each with who verified it and when."""
    found = donor.bank_accounts.select_related("registered_by", "verification__verified_by", "successor", "donor")
    return found.order_by("-registered_at", "-pk")


def details_to_verify() -> QuerySet[DonorBankAccount]:
    """Return the latest details of donors that nobody has verified, first registered first."""
    waiting = DonorBankAccount.objects.filter(verification=None, successor=None)
    return waiting.select_related("donor").order_by("registered_at", "pk")


def current_account_of(donor: Donor) -> DonorBankAccount | None:
    """Return a donor's latest bank details, verified or not; nothing if none were registered."""
    return bank_accounts_of(donor).filter(successor=None).first()


def may_be_paid_to(account: DonorBankAccount | None, at: datetime) -> Verdict:
    """Return whether money may be sent to some details now: the latest, verified, and rested for 72 hours."""
    if account is None:
        return no(_("No bank details of this donor are registered. Register them first."))
    if not hasattr(account, "verification"):
        return no(_("Nobody has called the donor back about these details. A second officer verifies them first."))
    if at < account.rested_at:
        return no(
            _("These details were registered %(at)s and rest for 72 hours. Pay from %(from)s.")
            % {"at": f"{account.registered_at:%Y-%m-%d %H:%M} UTC", "from": f"{account.rested_at:%Y-%m-%d %H:%M} UTC"}
        )
    return YES


def fingerprint_of_details(account: DonorBankAccount, nonce: UUID) -> str:
    """Return the SHA-256 that the second factor of a verification is bound to."""
    return step_up.fingerprint(
        {"what": "donor_bank_account.verify", "account": account.pk, "details": account.fingerprint, "nonce": nonce}
    )


def fingerprint_of_refund(refund: Refund, account: DonorBankAccount | None, nonce: UUID) -> str:
    """Return the SHA-256 that the second factor of a refund is bound to: how much, to whom, to which details."""
    facts = {
        "what": "refund.pay",
        "refund": refund.pk,
        "donor": refund.donor_id,
        "amount": str(refund.amount),
        "details": account.fingerprint if account else "",
        "nonce": nonce,
    }
    return step_up.fingerprint(facts)

"""What the receipts desk shows: which pledges a line may pay, and which receipts a debit may have taken back."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Case, Q, QuerySet, When
from django.utils.translation import gettext as _

from bank import queries as bank_queries
from bank.models import BankLine
from donors.models import Receipt, Unidentified
from donors.queries.identification import unidentified
from donors.queries.standing import open_pledges, unpaid_by_pledge
from donors.suggestions import Candidate, Line, Suggestion, suggestions
from trustfund.core.money import Money

MOST: Final = 5


def candidates() -> list[Candidate]:
    """Return the pledges that money can come for with what is known of their donors, in three queries."""
    pledges = list(open_pledges().select_related("donor", "agreement"))
    lacking = unpaid_by_pledge(pledges)
    payers: dict[UUID, set[str]] = defaultdict(set)
    accounts: dict[UUID, set[str]] = defaultdict(set)
    paid_before = Receipt.objects.filter(reversed_at=None, pledge__donor__in={one.donor_id for one in pledges})
    for donor_id, payer, account in paid_before.values_list("pledge__donor", "payer", "line__party_account").distinct():
        payers[donor_id].add(payer)
        if account:
            accounts[donor_id].add(account)
    found = []
    for pledge in pledges:
        due = lacking.get(pledge.pk)
        if not due:
            continue
        names = {pledge.reference, pledge.external_reference}
        if pledge.agreement is not None:
            names |= {pledge.agreement.reference, pledge.agreement.external_reference}
        found.append(
            Candidate(
                pledge_id=pledge.pk,
                pledge=pledge.reference,
                donor=pledge.donor.name,
                names=frozenset(names - {""}),
                next_number=due[0][0],
                next_due=due[0][1],
                outstanding=sum((money for _number, money in due[1:]), start=due[0][1]),
                payers=frozenset(payers[pledge.donor_id]),
                payer_accounts=frozenset(accounts[pledge.donor_id]),
            )
        )
    return found


def suggestions_for(line: BankLine, left: Money) -> list[Suggestion]:
    """Return the pledges that what is left of a line may pay, the surest first."""
    said = Line(
        left=left,
        words=(line.end_to_end_id, line.creditor_reference, line.text),
        party=line.party,
        party_account=line.party_account,
    )
    return suggestions(said, candidates(), MOST)


@dataclass(frozen=True)
class TakenBack:
    """What a debit may have taken back: a receipt, unidentified money, or a line that nothing uses; and why."""

    why: str
    receipt: Receipt | None = None
    held: Unidentified | None = None
    credit: BankLine | None = None


def taken_back_by(debit: BankLine) -> list[TakenBack]:
    """Return what a debit may have taken back: what is known by the same reference first, then the same amount."""
    amount = -debit.amount
    same_name = Q(line__end_to_end_id=debit.end_to_end_id) if debit.end_to_end_id else Q(pk=None)
    same_party = Q(line__party_account=debit.party_account) if debit.party_account else Q(pk=None)
    receipts = Receipt.objects.filter(
        reversed_at=None,
        received_minor=amount.minor,
        received_currency=amount.currency,
        value_on__lte=debit.value_on,
    ).select_related("pledge__donor", "line")
    found = [
        TakenBack(_why(debit, one.line), receipt=one)
        for one in receipts.annotate(is_same=Case(When(same_name | same_party, then=1), default=0)).order_by(
            "-is_same", "-value_on"
        )[:MOST]
    ]
    held = unidentified().filter(minor__gte=amount.minor, currency=amount.currency, value_on__lte=debit.value_on)
    found += [TakenBack(_why(debit, one.line), held=one) for one in held[:MOST] if amount <= one.left]
    same = bank_queries.unused_credits().filter(
        account=debit.account_id, minor=amount.minor, value_on__lte=debit.value_on
    )
    found += [TakenBack(_why(debit, one), credit=one) for one in same[:MOST] if one.left == amount]
    return found


def _why(debit: BankLine, line: BankLine | None) -> str:
    if line is not None and debit.end_to_end_id and debit.end_to_end_id == line.end_to_end_id:
        return _("the bank gives both the same end-to-end id, and the amount is the same")
    if line is not None and debit.party_account and debit.party_account == line.party_account:
        return _("it went to the account that the money came from")
    return _("the amount is the same")


def typed_receipts_like(line: BankLine) -> list[Receipt]:
    """Return receipts that were typed by hand and may be this line: the same reference, or amount and value date."""
    alike = Receipt.objects.filter(
        Q(bank_reference=line.bank_reference) | Q(value_on=line.value_on),
        reversed_at=None,
        line=None,
        received_minor=line.minor,
        received_currency=line.currency,
    ).select_related("pledge__donor")
    found = list(alike.order_by("-value_on")[:MOST])
    tied = bank_queries.subjects_in_use(receipt.pk for receipt in found)
    return [receipt for receipt in found if receipt.pk not in tied]


def other_credits_of(line: BankLine) -> list[BankLine]:
    """Return lines that wait and come from the same payer in the same currency: together they may pay one."""
    if not line.party and not line.party_account:
        return []
    same = Q(party_account=line.party_account) if line.party_account else Q(party=line.party)
    found = bank_queries.unused_credits().filter(same, currency=line.currency).exclude(pk=line.pk)
    return list(found[:MOST])


def debits_up_to(most: Money) -> QuerySet[BankLine]:
    """Return debits that wait and are of an amount at most, latest first: what may have taken money back."""
    found = bank_queries.unused_debits().filter(currency=most.currency, minor__gte=-most.minor)
    return found.order_by("-value_on", "reference")


def debits_of(amount: Money) -> QuerySet[BankLine]:
    """Return debits that wait and are of exactly an amount, latest first."""
    return debits_up_to(amount).filter(minor=-amount.minor)

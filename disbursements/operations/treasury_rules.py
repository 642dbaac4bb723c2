"""The numbers treasury goes by: proposed by one person, put in force by another."""

from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from disbursements import locks
from disbursements.models import TreasuryRules, TreasuryRulesAgreement
from disbursements.permissions import treasury as permissions
from disbursements.postings import TREASURY_RULES
from disbursements.queries import rules as queries
from trustfund.core import events
from trustfund.core.models import User
from trustfund.core.money import Money
from trustfund.core.refusals import Missing, Unacceptable, WrongState

_REASON: Final = 400
_MOST_MONTHS: Final = 36
_MOST_HOURS: Final = 240
_MOST_DAYS: Final = 366


@transaction.atomic(durable=True)
def propose_treasury_rules(
    *,
    reserve_months: int,
    answer_hours: int,
    payee_limit: Money | None,
    payee_days: int,
    reason: str,
    actor: User,
    at: datetime,
) -> TreasuryRules:
    """
    Propose other numbers. They are in force once a second person has agreed; a later proposal takes their place.

    :param payee_limit: above it, what one payee gets within the window is said on the payment; nothing means no limit
    :raises NotPermitted: if the actor is not the fund administrator
    :raises Unacceptable: if a number is out of bounds, or no reason is given
    """
    locks.fund()
    permissions.may_propose_rules(actor).enforce()
    if not (0 <= reserve_months <= _MOST_MONTHS and 1 <= answer_hours <= _MOST_HOURS and 1 <= payee_days <= _MOST_DAYS):
        raise Unacceptable(
            _("The reserve covers up to 36 months, a bank has 1 to 240 hours, and payees are watched 1 to 366 days.")
        )
    if payee_limit is not None and (payee_limit.minor <= 0 or payee_limit.currency != settings.FUND_CURRENCY):
        raise Unacceptable(_("A limit is above zero and in %(currency)s.") % {"currency": settings.FUND_CURRENCY})
    if not reason.strip():
        raise Unacceptable(_("Say why the numbers change. Whoever agrees will read it."))
    last = TreasuryRules.objects.order_by("-version").first()
    proposed = TreasuryRules.objects.create(
        version=last.version + 1 if last else 1,
        reserve_months=reserve_months,
        answer_hours=answer_hours,
        payee_limit_minor=payee_limit.minor if payee_limit is not None else None,
        payee_days=payee_days,
        reason=reason.strip()[:_REASON],
        proposed_by=actor,
        proposed_at=at,
    )
    events.record("treasury_rules.proposed", about=TREASURY_RULES, by=actor, at=at, version=proposed.version)
    return proposed


@transaction.atomic(durable=True)
def agree_to_treasury_rules(*, version: int, actor: User, at: datetime) -> TreasuryRules:
    """
    Put proposed numbers in force.

    :raises Missing: if there is no such version
    :raises NotPermitted: if the actor is neither certifying nor treasury officer, or proposed them
    :raises WrongState: if they are in force, or a later proposal has taken their place
    """
    locks.fund()
    found = queries.history().filter(version=version).first()
    if found is None:
        raise Missing(_("There is no such version. Reload the page."))
    permissions.may_agree_to_rules(actor, found).enforce()
    if found != queries.waiting():
        raise WrongState(_("This version waits for nobody any more. Reload the page and look again."))
    TreasuryRulesAgreement.objects.create(rules=found, agreed_by=actor, agreed_at=at)
    events.record("treasury_rules.agreed", about=TREASURY_RULES, by=actor, at=at, version=version)
    return found

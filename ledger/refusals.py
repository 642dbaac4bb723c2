"""What the ledger refuses. PostgreSQL refuses each by its own SQLSTATE; here each has a name and a sentence."""

from typing import Final

from django.utils.translation import gettext as _

from trustfund.core.refusals import (
    AlreadyDone,
    InsufficientFunds,
    Missing,
    NotPermitted,
    Refusal,
    Unacceptable,
    WrongState,
)


class Unbalanced(Unacceptable):
    """Debits and credits differ in at least one currency."""

    code = "unbalanced"


class TooFewLegs(Unacceptable):
    """An entry has at least two legs."""

    code = "too_few_legs"


class NoAmount(Unacceptable):
    """A leg moves nothing."""

    code = "no_amount"


class Incomplete(Unacceptable):
    """A leg lacks its account, currency or amount."""

    code = "incomplete"


class UnknownAccount(Missing):
    """No account has this code."""

    code = "unknown_account"


class WrongCurrency(Unacceptable):
    """An account holds one currency, and the leg is in another."""

    code = "wrong_currency"


class ClosedAccount(WrongState):
    """The account is closed."""

    code = "closed_account"


class ClosedPeriod(WrongState):
    """The effective date lies in a period that is closed."""

    code = "closed_period"


class OtherContent(AlreadyDone):
    """This event was posted before, with other legs or another date."""

    code = "other_content"


class Overdrawn(InsufficientFunds):
    """The account would fall below its floor."""

    code = "overdrawn"


class AlreadyReversed(AlreadyDone):
    """An entry is reversed once."""

    code = "already_reversed"


class ReversalOfReversal(WrongState):
    """The entry is itself a reversal, and the caller did not say that it should be reinstated."""

    code = "reversal_of_reversal"


class ClockSetBack(WrongState):
    """The database's clock stands before the last booking."""

    code = "clock_set_back"


class UnknownEntry(Missing):
    """There is no such entry."""

    code = "unknown_entry"


class OnlyByPosting(NotPermitted):
    """Ledger tables are written by the posting functions alone."""

    code = "only_by_posting"


class OtherAccount(AlreadyDone):
    """An account with this code exists and is not the one asked for."""

    code = "other_account"


class PeriodOutOfOrder(WrongState):
    """The period cannot be closed or reopened at this date."""

    code = "period_out_of_order"


class NoDecision(Unacceptable):
    """A period is reopened only by a decision."""

    code = "no_decision"


class WrongIsolation(WrongState):
    """Posting needs PostgreSQL's READ COMMITTED, so that it sees a period closed a moment ago."""

    code = "wrong_isolation"


class NotEmpty(WrongState):
    """Only an account whose balance is zero is closed."""

    code = "not_empty"


class NeverChanged(NotPermitted):
    """What is in the books stays; corrections are new entries."""

    code = "never_changed"


BY_SQLSTATE: Final[dict[str, type[Refusal]]] = {
    "TF001": NeverChanged,
    "TF101": Unbalanced,
    "TF102": TooFewLegs,
    "TF103": NoAmount,
    "TF104": Incomplete,
    "TF105": UnknownAccount,
    "TF106": WrongCurrency,
    "TF107": ClosedAccount,
    "TF108": ClosedPeriod,
    "TF109": OtherContent,
    "TF110": Overdrawn,
    "TF111": AlreadyReversed,
    "TF112": ReversalOfReversal,
    "TF113": ClockSetBack,
    "TF114": UnknownEntry,
    "TF115": OnlyByPosting,
    "TF116": OtherAccount,
    "TF117": PeriodOutOfOrder,
    "TF118": NoDecision,
    "TF119": WrongIsolation,
    "TF120": NotEmpty,
}


def _sentence(refusal: type[Refusal]) -> str:
    return {
        NeverChanged: _("Books are never changed or emptied. Reverse the entry and post a new one."),
        Unbalanced: _("The entry does not balance in %(what)s. Debits and credits must be equal in every currency."),
        TooFewLegs: _("An entry has at least two legs. Say where the money comes from and where it goes."),
        NoAmount: _("A leg moves nothing. Leave out legs of zero."),
        Incomplete: _("A leg lacks its account, currency or amount. Fill in all three."),
        UnknownAccount: _("There is no account %(what)s. Open it before you post to it."),
        WrongCurrency: _("Account %(what)s holds another currency. Use an exchange account between the two."),
        ClosedAccount: _("Account %(what)s is closed. Use an open account."),
        ClosedPeriod: _(
            "The books are closed up to %(what)s. Record it in the open period, with its own date in the memo."
        ),
        OtherContent: _(
            "%(what)s is in the books with other content. Reverse that entry first, or use a new reference."
        ),
        Overdrawn: _("There is not enough on account %(what)s. Lower the amount, or wait until more has come in."),
        AlreadyReversed: _("Entry %(what)s is reversed already. Post the right one under a new reference."),
        ReversalOfReversal: _("Entry %(what)s is itself a reversal. Say that you mean to reinstate what it reversed."),
        ClockSetBack: _(
            "The database's clock stands before the last booking (%(what)s). Set the clock right, then post again."
        ),
        UnknownEntry: _("There is no entry %(what)s. Look it up in the ledger."),
        OnlyByPosting: _("The ledger's tables are written by its posting functions only. Call ledger_post."),
        OtherAccount: _("Account %(what)s exists with another kind, currency or floor. Choose another code."),
        PeriodOutOfOrder: _("The open period begins on %(what)s. Close up to a later day, or reopen an earlier one."),
        NoDecision: _("A closed period is reopened by a decision. Name the decision's reference."),
        WrongIsolation: _(
            "The ledger posts at isolation level READ COMMITTED only. Post outside this report's transaction."
        ),
        NotEmpty: _("Account %(what)s still has a balance. Move it away before you close the account."),
    }[refusal]


def refusal_of(sqlstate: str, what: str) -> Refusal | None:
    """
    Return the refusal that stands for an SQLSTATE of the ledger, or None if it is not one.

    :param what: the account, entry or date that the database named in the error's detail
    """
    refusal = BY_SQLSTATE.get(sqlstate)
    return refusal(_sentence(refusal) % {"what": what}) if refusal else None


def refuse(refusal: type[Refusal], what: str = "") -> Refusal:
    """Return the same sentence that the database's refusal would bring, for a check made before it."""
    return refusal(_sentence(refusal) % {"what": what})

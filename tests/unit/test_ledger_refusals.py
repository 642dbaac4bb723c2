"""Every refusal of the ledger by its SQLSTATE: its name, its code, and its sentence to the letter."""

import pytest

from ledger import refusals
from ledger.refusals import BY_SQLSTATE, refusal_of, refuse
from trustfund.core.refusals import (
    AlreadyDone,
    InsufficientFunds,
    Missing,
    NotPermitted,
    Refusal,
    Unacceptable,
    WrongState,
)

SENTENCES: list[tuple[str, str, str, type[Refusal], str]] = [
    ("TF001", "NeverChanged", "never_changed", NotPermitted,
     "Books are never changed or emptied. Reverse the entry and post a new one."),
    ("TF101", "Unbalanced", "unbalanced", Unacceptable,
     "The entry does not balance in WHAT. Debits and credits must be equal in every currency."),
    ("TF102", "TooFewLegs", "too_few_legs", Unacceptable,
     "An entry has at least two legs. Say where the money comes from and where it goes."),
    ("TF103", "NoAmount", "no_amount", Unacceptable, "A leg moves nothing. Leave out legs of zero."),
    ("TF104", "Incomplete", "incomplete", Unacceptable,
     "A leg lacks its account, currency or amount. Fill in all three."),
    ("TF105", "UnknownAccount", "unknown_account", Missing,
     "There is no account WHAT. Open it before you post to it."),
    ("TF106", "WrongCurrency", "wrong_currency", Unacceptable,
     "Account WHAT holds another currency. Use an exchange account between the two."),
    ("TF107", "ClosedAccount", "closed_account", WrongState, "Account WHAT is closed. Use an open account."),
    ("TF108", "ClosedPeriod", "closed_period", WrongState,
     "The books are closed up to WHAT. Record it in the open period, with its own date in the memo."),
    ("TF109", "OtherContent", "other_content", AlreadyDone,
     "WHAT is in the books with other content. Reverse that entry first, or use a new reference."),
    ("TF110", "Overdrawn", "overdrawn", InsufficientFunds,
     "There is not enough on account WHAT. Lower the amount, or wait until more has come in."),
    ("TF111", "AlreadyReversed", "already_reversed", AlreadyDone,
     "Entry WHAT is reversed already. Post the right one under a new reference."),
    ("TF112", "ReversalOfReversal", "reversal_of_reversal", WrongState,
     "Entry WHAT is itself a reversal. Say that you mean to reinstate what it reversed."),
    ("TF113", "ClockSetBack", "clock_set_back", WrongState,
     "The database's clock stands before the last booking (WHAT). Set the clock right, then post again."),
    ("TF114", "UnknownEntry", "unknown_entry", Missing, "There is no entry WHAT. Look it up in the ledger."),
    ("TF115", "OnlyByPosting", "only_by_posting", NotPermitted,
     "The ledger's tables are written by its posting functions only. Call ledger_post."),
    ("TF116", "OtherAccount", "other_account", AlreadyDone,
     "Account WHAT exists with another kind, currency or floor. Choose another code."),
    ("TF117", "PeriodOutOfOrder", "period_out_of_order", WrongState,
     "The open period begins on WHAT. Close up to a later day, or reopen an earlier one."),
    ("TF118", "NoDecision", "no_decision", Unacceptable,
     "A closed period is reopened by a decision. Name the decision's reference."),
    ("TF119", "WrongIsolation", "wrong_isolation", WrongState,
     "The ledger posts at isolation level READ COMMITTED only. Post outside this report's transaction."),
    ("TF120", "NotEmpty", "not_empty", WrongState,
     "Account WHAT still has a balance. Move it away before you close the account."),
]  # fmt: skip


def test_the_table_is_whole() -> None:
    assert [case[0] for case in SENTENCES] == sorted(BY_SQLSTATE)


@pytest.mark.parametrize(
    ("sqlstate", "name", "code", "kin", "sentence"), SENTENCES, ids=[case[0] for case in SENTENCES]
)
def test_a_refusal_says_what_is_so_and_what_to_do(
    sqlstate: str, name: str, code: str, kin: type[Refusal], sentence: str
) -> None:
    refusal = refusal_of(sqlstate, "WHAT")
    assert refusal is not None
    assert type(refusal) is getattr(refusals, name)
    assert type(refusal).__mro__[1] is kin
    assert (refusal.code, refusal.message) == (code, sentence)
    assert refuse(type(refusal), "WHAT").message == sentence
    assert refuse(type(refusal)).message == sentence.replace("WHAT", "")


def test_a_stranger_is_no_refusal_of_the_ledger() -> None:
    assert refusal_of("23505", "WHAT") is None

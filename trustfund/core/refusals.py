"""How we say no. A Refusal is an expected answer: it carries a code for machines and a sentence for people."""

from typing import ClassVar


class Refusal(Exception):
    """
    A no, with its reason. The message says what is so, then what to do.

    :param message: one or two plain sentences, already translated
    """

    code: ClassVar[str] = "refused"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotPermitted(Refusal):
    """This person may not do this."""

    code = "not_permitted"


class WrongState(Refusal):
    """The thing is in a state from which this cannot happen."""

    code = "wrong_state"


class Missing(Refusal):
    """What was asked for does not exist, or not for this person."""

    code = "missing"


class Unacceptable(Refusal):
    """The input breaks a rule of the fund; the message names the rule."""

    code = "unacceptable"


class AlreadyDone(Refusal):
    """This has happened before and cannot happen twice."""

    code = "already_done"


class Conflict(Refusal):
    """Somebody changed this while you were reading."""

    code = "conflict"


class InsufficientFunds(Refusal):
    """The money is not there, or is promised elsewhere."""

    code = "insufficient_funds"


class SecondFactorFailed(Refusal):
    """The second factor was wrong, stale, or used before."""

    code = "second_factor_failed"

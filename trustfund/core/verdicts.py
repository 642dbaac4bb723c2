"""Verdict: a yes, or a no with its reason. Permissions return one; pages show the reason beside a disabled button."""

from dataclasses import dataclass

from trustfund.core.refusals import NotPermitted, Refusal


@dataclass(frozen=True)
class Verdict:
    """The answer to "may this person do this?". Falsy when the answer is no."""

    reason: str = ""
    refusal: type[Refusal] = NotPermitted

    def __bool__(self) -> bool:
        return not self.reason

    def enforce(self) -> None:
        """
        Do nothing on a yes.

        :raises Refusal: the verdict's own kind, on a no
        """
        if self.reason:
            raise self.refusal(self.reason)


YES = Verdict()


def no(reason: str, refusal: type[Refusal] = NotPermitted) -> Verdict:
    """Return a no that carries its reason, a sentence for the person who asked."""
    return Verdict(reason=reason, refusal=refusal)

"""What a ballot says and is fingerprinted by."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from committee.rules.words import Choice, Principle
from trustfund.core.refusals import Unacceptable


def decision_facts(
    *,
    reference: str,
    version: int,
    motion_fingerprint: str,
    choice: Choice,
    reason: str,
    principles: Mapping[str, str],
    has_no_undisclosed_interest: bool,
    nonce: str,
) -> dict[str, Any]:
    """Return what a ballot's fingerprint is made of: all that the member sees on the page they confirm."""
    return {
        "motion": reference,
        "version": version,
        "motion_fingerprint": motion_fingerprint,
        "choice": str(choice),
        "reason": reason,
        "principles": {str(name): principles[str(name)] for name in Principle},
        "has_no_undisclosed_interest": has_no_undisclosed_interest,
        "nonce": nonce,
    }


def require_principles(principles: Mapping[str, str]) -> None:
    """
    Insist that a ballot answers each of the four principles: empty is "satisfied", words are why not.

    :raises Unacceptable: if one is left out, or one is named that the fund does not have
    """
    if set(principles) != {str(name) for name in Principle}:
        raise Unacceptable(_("Answer each of the four principles: tick it, or say why you are not satisfied."))

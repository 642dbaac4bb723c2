"""What was declared of the goods that a payment pays for, and how that stands: clear or not, and what shows it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class GoodsFacts:
    """
    What was declared of the goods that a payment pays for.

    :ivar reason: why no goods are in scope; empty where an exemption is named
    :ivar signed_by: the second person who agrees that none are in scope
    :ivar exemption: what is bought under which letter, in words
    :ivar outside: in which ways it lies outside the exemption, each in words
    :ivar let_pass: for each decision of the committee, what it lets pass
    """

    declared_by: str
    reason: str = ""
    signed_by: str = ""
    exemption: str = ""
    outside: tuple[str, ...] = ()
    let_pass: tuple[tuple[str, str], ...] = ()


def standing_of(goods: GoodsFacts | None) -> tuple[bool, str]:
    """Return whether what a payment pays for is clear, and the evidence; anything outside an exemption closes it."""
    if goods is None:
        return False, _("Nobody has said which goods this pays for. Name them, or that none are in scope.")
    if goods.reason and not goods.signed_by:
        words = _("%(one)s found no goods in scope. A second person has to agree.")
        return False, words % {"one": goods.declared_by}
    if goods.reason:
        words = _("No goods in scope, as %(one)s and %(other)s found: %(reason)s")
        return True, words % {"one": goods.declared_by, "other": goods.signed_by, "reason": goods.reason}
    if goods.outside:
        return False, " ".join(goods.outside)
    passed = [_("Outside it by %(decision)s: %(words)s") % {"decision": by, "words": it} for by, it in goods.let_pass]
    return True, " ".join([goods.exemption, *passed])

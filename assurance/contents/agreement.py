"""What happens when two ways of counting the same money differ: nothing is printed."""

from django.utils.translation import gettext as _

from trustfund.core.money import Money
from trustfund.core.refusals import Conflict


class BooksDisagree(Conflict):
    """Two ways of counting the same money differ. Nothing is printed until somebody has found out why."""

    code = "books_disagree"


def require_same(what: str, one: Money, other: Money) -> None:
    """
    Do nothing if two ways of counting the same money agree.

    :raises BooksDisagree: if they do not
    """
    if one != other:
        raise BooksDisagree(
            _("Two counts of the %(what)s differ: %(one)s and %(other)s. No statement is made; tell the auditors.")
            % {"what": what, "one": one, "other": other}
        )

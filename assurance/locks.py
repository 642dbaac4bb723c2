"""How a statement is held while its state is decided."""

from uuid import UUID

from django.utils.translation import gettext as _

from assurance.models import StatementProgress
from trustfund.core.db import require_transaction
from trustfund.core.refusals import Missing


def progress(statement_id: UUID) -> StatementProgress:
    """
    Hold a statement's progress until the end of the transaction and return it.

    :raises Missing: if there is no such statement
    """
    require_transaction()
    held = (
        StatementProgress.objects.select_for_update(of=("self",))
        .select_related("statement")
        .filter(pk=statement_id)
        .first()
    )
    if held is None:
        raise Missing(_("There is no such statement."))
    return held

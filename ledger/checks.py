"""What `manage.py check --database default` and `migrate` say of the books: that their clock is the real one."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

from ledger import demonstration_clock


def check_clock(*, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Return an error if the books can be told another time outside a demonstration."""
    del kwargs
    if settings.DEMO or not databases or not demonstration_clock.is_installed():
        return []
    return [
        Error(
            "The books take their time from a movable clock, and this is no demonstration.",
            hint="As the owner of the database, run ledger/sql/clock.sql to put the real clock back.",
            id="ledger.E001",
        )
    ]

"""What every page knows: the fund's name and the signed-in person's roles."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def fund(request: HttpRequest) -> dict[str, Any]:
    """Return the words that every template may print."""
    user = getattr(request, "user", None)
    roles = user.role_names if user is not None and user.is_authenticated else frozenset()
    return {"fund_name": settings.FUND_NAME, "my_roles": roles}

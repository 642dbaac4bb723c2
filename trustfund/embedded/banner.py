"""The demonstration's banner: who may sign in, and the authenticator code that the page would ask for now."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def demonstration(request: HttpRequest) -> dict[str, Any]:
    """Return nothing outside the demonstration."""
    del request
    if not settings.DEMO:
        return {}
    return {"demonstration": True}

"""Who reads: every page of the books asks this first."""

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from ledger import permissions
from trustfund.core.models import User


def require_reader(request: HttpRequest) -> User:
    """
    Return the person who reads.

    :raises PermissionDenied: if the books are not open to them
    """
    reader = cast("User", request.user)
    verdict = permissions.may_read(reader)
    if not verdict:
        raise PermissionDenied(verdict.reason)
    return reader

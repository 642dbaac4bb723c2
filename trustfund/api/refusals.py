"""The one place where the API answers a refusal: 403, 404 or 409, always with its code and its sentence."""

from typing import Any

from rest_framework.response import Response
from rest_framework.views import exception_handler

from trustfund.core.refusals import Missing, NotPermitted, Refusal, SecondFactorFailed, Unacceptable

_STATUS: dict[type[Refusal], int] = {NotPermitted: 403, SecondFactorFailed: 403, Missing: 404, Unacceptable: 422}


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return the answer to a refusal, and leave every other error to the framework."""
    if isinstance(error, Refusal):
        status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 409)
        return Response({"code": error.code, "message": error.message}, status=status)
    return exception_handler(error, context)

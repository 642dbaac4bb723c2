"""What machines ask: whether the fund's servers answer, and where the money is on a day. Amounts are strings."""

from datetime import date
from typing import Any

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _
from redis.exceptions import RedisError
from rest_framework.decorators import api_view, authentication_classes, permission_classes
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from assurance import contents
from trustfund.core import clock
from trustfund.core.audience import PUBLIC, audience
from trustfund.core.refusals import Unacceptable


@audience(PUBLIC)
@api_view(["GET"])
@authentication_classes([])
@permission_classes([AllowAny])
def health(request: Request) -> Response:
    """Answer 200 when PostgreSQL and Redis answer, and 503 with the one that does not."""
    del request
    servers = {"postgresql": _postgresql_answers(), "redis": _redis_answers()}
    healthy = all(servers.values())
    return Response(
        {"healthy": healthy, "servers": {name: "up" if up else "down" for name, up in servers.items()}},
        status=200 if healthy else 503,
        headers={"Cache-Control": "no-store"},
    )


def _postgresql_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _redis_answers() -> bool:
    try:
        cache.set("health", "asked", timeout=5)
    except RedisError:
        return False
    return True


@audience(PUBLIC)
@api_view(["GET"])
@authentication_classes([])
@permission_classes([AllowAny])
def position(request: Request) -> Response:
    """Return the sources-and-uses statement at the end of a day: `?as_of=2026-06-30`, or of today."""
    answer: dict[str, Any] = contents.as_json(contents.sources_and_uses(_day(request.query_params.get("as_of", ""))))
    return Response(answer, headers={"Cache-Control": "public, max-age=60"})


def _day(text: str) -> date:
    if not text:
        return clock.today()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Unacceptable(_("Write the day as year-month-day, for example 2026-06-30.")) from None
    if day > clock.today():
        raise Unacceptable(_("The books do not look ahead. Ask for today or a day before it."))
    return day

"""The demonstration's banner: who may sign in, and the authenticator code that the page would ask for now."""

import json
import time
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from allauth.account.internal.stagekit import get_pending_stage
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.http import HttpRequest

from trustfund.core.models import User


@dataclass(frozen=True)
class DemoPerson:
    """One sign-in of the demonstration, as the loader wrote it down."""

    role: str
    name: str
    email: str
    password: str


@dataclass
class Demonstration:
    """What the banner of one page shows; each part is looked up only when a template prints it."""

    request: HttpRequest

    @cached_property
    def people(self) -> list[DemoPerson]:
        """Everybody who can sign in, in the loader's order."""
        file = settings.VAR_DIR / "demo" / "people.json"
        if not file.exists():
            return []
        return [
            DemoPerson(one["role"], one["name"], one["email"], one["password"]) for one in json.loads(file.read_text())
        ]

    @cached_property
    def person(self) -> User | None:
        """Who is signed in, or has given the password and is now asked for a code."""
        if self.request.user.is_authenticated:
            return self.request.user
        stage = get_pending_stage(self.request)
        return stage.login.user if stage is not None else None

    @property
    def code(self) -> str:
        """The six digits that this person's authenticator shows now; empty if they have none."""
        if self.person is None:
            return ""
        authenticator = Authenticator.objects.filter(user_id=self.person.pk, type=Authenticator.Type.TOTP).first()
        if authenticator is None:
            return ""
        counter = int(time.time()) // app_settings.TOTP_PERIOD
        return str(totp.format_hotp_value(totp.hotp_value(decrypt(authenticator.data["secret"]), counter)))

    @property
    def seconds_left(self) -> int:
        """How long that code is shown."""
        return int(app_settings.TOTP_PERIOD - time.time() % app_settings.TOTP_PERIOD)


def demonstration(request: HttpRequest) -> dict[str, Any]:
    """Return the banner in the demonstration, and nothing outside it."""
    if not settings.DEMO:
        return {}
    return {"demonstration": Demonstration(request)}

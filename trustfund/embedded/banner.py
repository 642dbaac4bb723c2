"""The demonstration's banner: who may sign in, and the authenticator code that the page would ask for now."""

import json
import time
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from allauth.account.internal.stagekit import get_pending_stage
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from trustfund.core.models import User

# Whom a newcomer would be first: the sign-ins for whom the story has left something to do or to look at.
FIRST: Final[dict[str, str | Promise]] = {
    "seat4": _("Vote: your vote makes the quorum of the motion that is open"),
    "treasury": _("Release the payment that two others have signed"),
    "valdria": _("See where your pledge stands, and ask for a statement"),
    "auditor": _("Follow any figure to its entry in the ledger, and check a statement"),
}


@dataclass(frozen=True)
class DemoPerson:
    """One sign-in of the demonstration, as the loader wrote it down."""

    role: str
    name: str
    email: str
    password: str

    @property
    def invitation(self) -> str | Promise:
        """What a newcomer can do as this person; empty for those who are no place to begin."""
        return FIRST.get(self.email.partition("@")[0], "")


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

    @property
    def first(self) -> list[DemoPerson]:
        """Those to begin with, in the order of `FIRST`."""
        order = list(FIRST.values())
        return sorted((one for one in self.people if one.invitation), key=lambda one: order.index(one.invitation))

    @property
    def others(self) -> list[DemoPerson]:
        """Everybody else."""
        return [one for one in self.people if not one.invitation]

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

"""The stage on which the five years are told: people with software passkeys, moments, and what is still to happen."""

import heapq
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from typing import Final

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import encrypt

from trustfund.core import clock
from trustfund.core.models import User
from trustfund.core.roles import RoleName
from trustfund.core.step_up import Proof
from trustfund.embedded.soft_passkey import SoftPasskey

MONTHS: Final = 60
Tell = Callable[[datetime], None]

_WORDS: Final = (
    "amber", "basil", "cedar", "delta", "ember", "fjord", "grove", "heron", "indigo", "jasper", "kelp", "linden",
    "maple", "nectar", "opal", "pebble", "quartz", "raven", "sage", "tundra", "umber", "violet", "willow", "zephyr",
)  # fmt: skip


def months_after(day: date, months: int) -> date:
    """Return the first day of the month that lies so many months after a day's own."""
    whole = day.year * 12 + day.month - 1 + months
    return date(whole // 12, whole % 12 + 1, 1)


def moment(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """Return a moment of a day, in UTC."""
    return datetime.combine(day, time(hour, minute), UTC)


@dataclass
class Stage:
    """Everything the chapters share: the span of the story, its people, and its agenda in order of time."""

    end: datetime
    people: dict[str, User] = field(default_factory=dict)
    passkeys: dict[str, SoftPasskey] = field(default_factory=dict)
    sign_ins: list[dict[str, str]] = field(default_factory=list)
    _agenda: list[tuple[datetime, int, Tell]] = field(default_factory=list)
    _order: "count[int]" = field(default_factory=count)

    @property
    def start(self) -> date:
        """The first day of the story: the first of the month, five years before its end."""
        return months_after(self.end.date(), -MONTHS)

    def day(self, month: int, day: int = 1) -> date:
        """Return a day of the story's so-manieth month."""
        return months_after(self.start, month) + timedelta(days=day - 1)

    def plan(self, at: datetime, tell: Tell) -> None:
        """Let something happen at a moment; what would lie in the future is left untold."""
        if at < self.end:
            heapq.heappush(self._agenda, (at, next(self._order), tell))

    def perform(self, progress: Callable[[datetime], None]) -> int:
        """Tell everything in the order of its moments, with the clock moved, and return how much that was."""
        told = 0
        while self._agenda:
            at, _order, tell = heapq.heappop(self._agenda)
            with clock.moved_to(at):
                tell(at)
            told += 1
            progress(at)
        return told

    def welcome(self, person: User, key: str, roles: tuple[RoleName, ...], password: str) -> None:
        """Give a person who was invited an authenticator app and a software passkey, and remember the sign-in."""
        Authenticator.objects.create(
            user=person,
            type=Authenticator.Type.TOTP,
            data={"secret": encrypt(totp.generate_totp_secret())},
        )
        self.people[key] = person
        self.passkeys[key] = SoftPasskey.register(person)
        role = ", ".join(str(role.label) for role in roles)
        self.sign_ins.append({"role": role, "name": person.name, "email": person.email, "password": password})

    def proof(self, key: str, fingerprint: str) -> Proof:
        """Return the person's passkey's answer to exactly what is confirmed."""
        return Proof(passkey=self.passkeys[key].answer(fingerprint))

    def write_sign_ins(self, path: Path) -> None:
        """Keep the sign-ins where the demonstration's banner and terminal read them."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(self.sign_ins, indent=1))


def a_password() -> str:
    """Return a password that a person can type: three words and a number."""
    return "-".join([*(secrets.choice(_WORDS) for _ in range(3)), str(secrets.randbelow(90) + 10)])

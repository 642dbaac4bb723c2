"""People for tests: someone with roles, and a software passkey or authenticator app to confirm with."""

from datetime import UTC, datetime
from functools import cache
from itertools import count

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.hashers import make_password

from trustfund.core.models import Role, User
from trustfund.core.roles import RoleName
from trustfund.core.step_up import Proof

NOON = datetime(2026, 7, 17, 12, 0, tzinfo=UTC)
PASSWORD = "correct-horse-battery"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
_numbers = count(1)


@cache
def _hashed_password() -> str:
    """Hash once: a good hash is slow on purpose."""
    return make_password(PASSWORD)


def someone(*roles: RoleName, name: str = "", email: str = "", is_seconded: bool = False) -> User:
    """Make a person with roles, a password and an authenticator app."""
    number = next(_numbers)
    person = User(
        email=email or f"person{number}@fund.example",
        name=name or f"Person {number}",
        is_seconded=is_seconded,
        joined_at=NOON,
        password=_hashed_password(),
    )
    person.save()
    for role in roles:
        Role.objects.create(person=person, name=role, granted_by=None, granted_at=NOON)
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": SECRET})
    return person


def code(step: int = 0) -> str:
    """Return the code the authenticator shows now, or one step (-1, 0, 1) beside it."""
    counters = list(totp.yield_hotp_counters_from_time())
    return totp.format_hotp_value(totp.hotp_value(SECRET, counters[len(counters) // 2] + step))


def proof() -> Proof:
    """Return a second factor that is right now."""
    return Proof(code=code())

"""A fresh second factor for votes and money, bound to exactly what is confirmed and kept as evidence."""

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.internal import auth as webauthn
from cryptography.exceptions import InvalidSignature
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import UserVerificationRequirement

from trustfund.core.db import require_transaction
from trustfund.core.models import Confirmation, Method, User
from trustfund.core.refusals import SecondFactorFailed

ATTEMPTS = 5
LOCKED_SECONDS = 300


@dataclass(frozen=True)
class Proof:
    """What a person showed: a six-digit code, or the passkey's answer to the fingerprint as challenge."""

    code: str = ""
    passkey: str = ""


def fingerprint(facts: Mapping[str, Any]) -> str:
    """Return the SHA-256, as 64 hex digits, of what is confirmed: canonical JSON, keys sorted, UTF-8."""
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def passkey_options(person: User, print_: str) -> dict[str, Any]:
    """Return what the browser needs to ask a passkey; its challenge is the fingerprint itself."""
    options, _state = webauthn.get_server().authenticate_begin(
        credentials=webauthn.get_credentials(person),
        user_verification=UserVerificationRequirement.PREFERRED,
        challenge=bytes.fromhex(print_),
    )
    plain: dict[str, Any] = json.loads(json.dumps(dict(options), default=_plain))
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return websafe_encode(value)
    return dict(value)


def confirm(*, proof: Proof, person: User, purpose: str, fingerprint: str, at: datetime) -> Confirmation:
    """
    Check a second factor and keep it as evidence, in the transaction of what it confirms.

    :param fingerprint: of what is confirmed; the passkey must have signed exactly this
    :raises SecondFactorFailed: if it is wrong, was used before, or five wrong ones came within five minutes
    """
    require_transaction()
    key = f"step-up-failures:{person.pk}"
    if int(cache.get(key, 0)) >= ATTEMPTS:
        raise SecondFactorFailed(_("Five wrong attempts. Wait five minutes, then try again."))
    try:
        method, evidence, evidence_key = (
            _check_passkey(proof.passkey, person, fingerprint) if proof.passkey else _check_code(proof.code, person)
        )
    except SecondFactorFailed:
        cache.add(key, 0, timeout=LOCKED_SECONDS)
        cache.incr(key)
        raise
    try:
        with transaction.atomic():
            return Confirmation.objects.create(
                person=person,
                purpose=purpose,
                fingerprint=fingerprint,
                method=method,
                evidence=evidence,
                evidence_key=evidence_key,
                confirmed_at=at,
            )
    except IntegrityError:
        raise SecondFactorFailed(_used()) from None


def _used() -> str:
    return _("That code has been used already. Wait for the next one; it comes within 30 seconds.")


def _check_code(code: str, person: User) -> tuple[Method, dict[str, Any], str]:
    authenticator = Authenticator.objects.filter(user_id=person.pk, type=Authenticator.Type.TOTP).first()
    if authenticator is None:
        raise SecondFactorFailed(_("You have no authenticator app. Use your passkey, or set up an app first."))
    plain = code.replace(" ", "")
    secret = decrypt(authenticator.data["secret"])
    for counter in totp.yield_hotp_counters_from_time():
        if plain.isascii() and totp.format_hotp_value(totp.hotp_value(secret, counter)) == plain:
            # The code that opened the session confirms nothing: whoever saw it typed could use it again.
            if not totp.TOTP(authenticator).validate_code(plain):
                raise SecondFactorFailed(_used())
            step = {"authenticator": authenticator.pk, "step": counter, "seen_at": int(time.time())}
            return Method.CODE, step, f"code:{person.pk}:{counter}"
    raise SecondFactorFailed(_("That code is not right. Type the six digits your authenticator shows now."))


def _check_passkey(answer: str, person: User, print_: str) -> tuple[Method, dict[str, Any], str]:
    wrong = SecondFactorFailed(
        _("The passkey's answer does not fit what you are confirming. Reload the page and try again.")
    )
    try:
        response = json.loads(answer)
    except ValueError:
        raise wrong from None
    if not isinstance(response, dict):
        raise wrong
    server = webauthn.get_server()
    state = {
        "challenge": websafe_encode(bytes.fromhex(print_)),
        "user_verification": UserVerificationRequirement.PREFERRED,
    }
    try:
        server.authenticate_complete(state, webauthn.get_credentials(person), response)
    except (ValueError, KeyError, TypeError, AttributeError, InvalidSignature):
        raise wrong from None
    # What was signed, not how it was spelt: neither other white space nor the twin of an ECDSA signature is news.
    signed = websafe_decode(response["response"]["authenticatorData"]) + websafe_decode(
        response["response"]["clientDataJSON"]
    )
    return Method.PASSKEY, response, f"passkey:{hashlib.sha256(signed).hexdigest()}"


__all__ = ["Proof", "confirm", "fingerprint", "passkey_options"]

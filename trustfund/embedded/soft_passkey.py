"""A passkey held in software: it tells the demonstration's history and signs in tests, as a browser's would."""

import json
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Self

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

from trustfund.core.models import User

_FLAG = AuthenticatorData.FLAG


@dataclass
class SoftPasskey:
    """An ES256 key of one person for this fund, with its signature counter."""

    credential_id: bytes
    key: ec.EllipticCurvePrivateKey
    counter: int = field(default=0)

    @classmethod
    def register(cls, person: User, name: str = "Software passkey") -> Self:
        """Make a key and enter its public half among the person's authenticators."""
        passkey = cls(credential_id=secrets.token_bytes(32), key=ec.generate_private_key(ec.SECP256R1()))
        Authenticator.objects.create(
            user=person,
            type=Authenticator.Type.WEBAUTHN,
            data={"name": name, "credential": passkey._registration(secrets.token_bytes(32))},
        )
        return passkey

    def answer(self, fingerprint: str) -> str:
        """
        Return, as the browser would, the signed answer to a fingerprint of 64 hex digits: JSON for `Proof(passkey=…)`.

        Each answer counts one up, so that two answers to one fingerprint differ.
        """
        self.counter += 1
        authenticator = AuthenticatorData.create(_relying_party(), _FLAG.UP | _FLAG.UV, self.counter)
        client = _client_data("webauthn.get", bytes.fromhex(fingerprint))
        signature = self.key.sign(bytes(authenticator) + sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return json.dumps(
            self._credential(
                {
                    "clientDataJSON": websafe_encode(client),
                    "authenticatorData": websafe_encode(bytes(authenticator)),
                    "signature": websafe_encode(signature),
                    "userHandle": None,
                }
            )
        )

    def _registration(self, challenge: bytes) -> dict[str, Any]:
        public_key = ES256.from_cryptography_key(self.key.public_key())  # type: ignore[no-untyped-call]
        public = AttestedCredentialData.create(Aaguid.NONE, self.credential_id, public_key)
        authenticator = AuthenticatorData.create(_relying_party(), _FLAG.UP | _FLAG.UV | _FLAG.AT, 0, bytes(public))
        return self._credential(
            {
                "clientDataJSON": websafe_encode(_client_data("webauthn.create", challenge)),
                "attestationObject": websafe_encode(bytes(AttestationObject.create("none", authenticator, {}))),
            }
        )

    def _credential(self, response: dict[str, Any]) -> dict[str, Any]:
        identity = websafe_encode(self.credential_id)
        return {
            "id": identity,
            "rawId": identity,
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": response,
        }


def _relying_party() -> bytes:
    return sha256(settings.WEBAUTHN_RELYING_PARTY.encode()).digest()


def _client_data(kind: str, challenge: bytes) -> bytes:
    said = {
        "type": kind,
        "challenge": websafe_encode(challenge),
        "origin": f"https://{settings.WEBAUTHN_RELYING_PARTY}",
        "crossOrigin": False,
    }
    return json.dumps(said).encode()

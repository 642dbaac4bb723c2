"""Sign-in by django-allauth, closed to strangers: accounts are made by the fund administrator, never by sign-up."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter, get_adapter
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

_SEEN = "has_second_factor"
_CODE_LIVES_SECONDS = 90


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Keeps the door shut: nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return no, always."""
        del request
        return False


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Binds passkeys to the fund's own host name, so that they also work outside a request."""

    def get_public_key_credential_rp_entity(self) -> dict[str, Any]:
        """Return the relying party that passkeys are made for."""
        return {"id": settings.WEBAUTHN_RELYING_PARTY, "name": settings.FUND_NAME}

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Return whether another authenticator would be left: nobody signs in with a password alone."""
        left = Authenticator.objects.filter(
            user=authenticator.user, type__in=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
        ).exclude(pk=authenticator.pk)
        return bool(left.exists())


class _CodeOnce(BaseAuthenticateForm):  # type: ignore[misc]
    """Takes a code once in all the time for which it counts; allauth alone remembers it for a third of that."""

    def clean_code(self) -> str:
        """Return the code if it is right and new."""
        code = str(super().clean_code())
        if not cache.add(f"sign-in-code:{self.user.pk}:{code}", "used", timeout=_CODE_LIVES_SECONDS):
            raise get_adapter().validation_error("incorrect_code")
        return code


class CodeForm(_CodeOnce, AuthenticateForm):  # type: ignore[misc]
    """Asks for the second factor at sign-in."""


class CodeAgainForm(_CodeOnce, ReauthenticateForm):  # type: ignore[misc]
    """Asks for the second factor again before something delicate."""


def has_second_factor(request: HttpRequest) -> bool:
    """Return whether the signed-in person has an authenticator; asked once per session until it is so."""
    if request.session.get(_SEEN):
        return True
    found = Authenticator.objects.filter(
        user_id=request.user.pk, type__in=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    ).exists()
    if found:
        request.session[_SEEN] = True
    return bool(found)

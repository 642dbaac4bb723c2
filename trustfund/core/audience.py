"""Who may open which address. Every view names its audience; one that names none is closed to everybody."""

from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from trustfund.core.models import User
from trustfund.core.roles import RoleName
from trustfund.core.sign_in import has_second_factor

PUBLIC: Final = "public"
SIGNED_IN: Final = "signed in"

Audience = frozenset[str]
View = TypeVar("View", bound=Callable[..., HttpResponseBase])

# Addresses that packages bring. All else is named by `audience` on the view itself.
_PACKAGE_VIEWS: Final[dict[str, Audience]] = {
    "account_login": frozenset({PUBLIC}),
    "account_logout": frozenset({SIGNED_IN}),
    "account_reauthenticate": frozenset({SIGNED_IN}),
    "account_change_password": frozenset({SIGNED_IN}),
    "account_inactive": frozenset({PUBLIC}),
    "mfa_index": frozenset({SIGNED_IN}),
    "mfa_authenticate": frozenset({PUBLIC}),
    "mfa_reauthenticate": frozenset({SIGNED_IN}),
    "mfa_activate_totp": frozenset({SIGNED_IN}),
    "mfa_deactivate_totp": frozenset({SIGNED_IN}),
    "mfa_view_recovery_codes": frozenset({SIGNED_IN}),
    "mfa_generate_recovery_codes": frozenset({SIGNED_IN}),
    "mfa_download_recovery_codes": frozenset({SIGNED_IN}),
    "mfa_list_webauthn": frozenset({SIGNED_IN}),
    "mfa_add_webauthn": frozenset({SIGNED_IN}),
    "mfa_edit_webauthn": frozenset({SIGNED_IN}),
    "mfa_remove_webauthn": frozenset({SIGNED_IN}),
    "mfa_reauthenticate_webauthn": frozenset({SIGNED_IN}),
    "usersessions_list": frozenset({SIGNED_IN}),
}
# Where a person without a second factor may still go: to set one up, or to leave.
_BEFORE_SECOND_FACTOR: Final = frozenset(
    {
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_index",
        "mfa_list_webauthn",
        "account_logout",
        "account_reauthenticate",
    }
)


def audience(*who: str) -> Callable[[View], View]:
    """Name who may open a view: `PUBLIC`, `SIGNED_IN`, or the roles of which a person must hold one."""
    names = frozenset(str(name) for name in who)
    unknown = names - {PUBLIC, SIGNED_IN} - {str(role) for role in RoleName}
    if unknown or not names:
        raise ValueError(f"An audience is PUBLIC, SIGNED_IN or roles, not {sorted(unknown)}.")

    def mark(view: View) -> View:
        view.audience = names  # type: ignore[attr-defined]
        return view

    return mark


def audience_of(view: Callable[..., Any], url_name: str) -> Audience:
    """Return who may open a view; nobody, if neither it nor the table of packages says so."""
    named = getattr(view, "audience", None)
    if named is None:
        named = getattr(getattr(view, "view_class", None), "audience", None)
    if named is None:
        named = getattr(getattr(view, "cls", None), "audience", None)
    return named if named is not None else _PACKAGE_VIEWS.get(url_name, frozenset())


def person_of(request: HttpRequest) -> User:
    """Return who is signed in; the audience has let nobody else through."""
    return cast("User", request.user)


class AudienceMiddleware:
    """Refuses, before a view runs, whoever is not in its audience. A new view is closed until it says otherwise."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request; pages that belong to a person are not kept by any cache."""
        response = self.get_response(request)
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """
        Let the request through, send the person to sign in, or refuse.

        :raises PermissionDenied: if the person is not in the view's audience
        """
        del args, kwargs
        match = request.resolver_match
        url_name = (match.url_name or "") if match else ""
        who = audience_of(view, url_name)
        if PUBLIC in who:
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not who:
            raise PermissionDenied(_("Nobody may open this address."))
        if url_name not in _BEFORE_SECOND_FACTOR and not has_second_factor(request):
            return redirect("mfa_activate_totp")
        if SIGNED_IN in who or request.user.holds(*(RoleName(name) for name in who)):
            return None
        raise PermissionDenied(_("Your role does not open this page. Ask the fund administrator if it should."))

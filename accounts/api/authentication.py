"""Who calls the API: a person in their browser, or a program with a token."""

from __future__ import annotations

from typing import Any

from allauth.idp.oidc.models import Token
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from accounts.factors import lacks_second_factor
from accounts.hats import hats_of
from accounts.models import User
from accounts.principal import Principal
from accounts.services.api_clients import FIGURES


class SignedInPerson(SessionAuthentication):
    """The session of a signed-in person, with CSRF protection on writes; ``request.auth`` is their principal."""

    def authenticate(self, request: Any) -> tuple[Any, Any] | None:
        found = super().authenticate(request)
        if found is None:
            return None
        user, _ = found
        principal = request._request.principal
        if lacks_second_factor(request._request, principal):
            raise AuthenticationFailed
        return user, principal


class ProgramWithToken(BaseAuthentication):
    """A bearer token from ``POST /identity/o/api/token``; ``request.auth`` is the owner under the client's hat.

    The token says only which client calls. What it may see is looked up anew each time: once its owner has left, or no
    longer wears that hat, the token opens nothing.
    """

    def authenticate(self, request: Any) -> tuple[User, Principal] | None:
        scheme, _, value = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = Token.objects.select_related("client__owner").lookup(Token.Type.ACCESS_TOKEN, value.strip())
        if token is None or FIGURES not in token.get_scopes():
            raise AuthenticationFailed
        owner = token.client.owner if token.client else None
        if owner is None or not owner.is_active:
            raise AuthenticationFailed
        wanted = (token.client.data or {}).get("hat")
        hats = [hat for hat in hats_of(owner, timezone.localdate()) if hat.key == wanted]
        return owner, Principal(owner, hats[0] if hats else None, tuple(hats))

    def authenticate_header(self, request: Any) -> str:
        # Makes an anonymous call a 401 rather than a 403, and says how to do better.
        return 'Bearer realm="Step Up to Great"'

"""Who calls the API."""

from __future__ import annotations

from typing import Any

from rest_framework.authentication import SessionAuthentication


class SignedInPerson(SessionAuthentication):
    """The session of a signed-in person, with CSRF protection on writes; ``request.auth`` is their principal."""

    def authenticate(self, request: Any) -> tuple[Any, Any] | None:
        found = super().authenticate(request)
        if found is None:
            return None
        user, _ = found
        return user, request._request.principal

    def authenticate_header(self, request: Any) -> str:
        # Makes an anonymous call a 401 rather than a 403.
        return "Session"

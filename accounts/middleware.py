"""Finds out, once a request and only when asked, who is asking and for whom."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts.hats import hats_of
from accounts.principal import Principal, principal_of

SESSION_KEY = "hat"


def find_principal(request: HttpRequest) -> Principal | None:
    """The principal of a signed-in person; None for anybody else. Hats are read anew for each request, so that
    taking a role away takes effect at once."""
    user = request.user
    if not user.is_authenticated:
        return None
    return principal_of(user, hats_of(user, timezone.localdate()), request.session.get(SESSION_KEY, ""))


class PrincipalMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.principal = SimpleLazyObject(lambda: find_principal(request))  # type: ignore[attr-defined]
        return self.get_response(request)

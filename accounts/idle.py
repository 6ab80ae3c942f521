"""Sessions end when nobody has done anything for a while: how long is left, and which requests are nobody's doing.

Pages ask the server by themselves how a job goes, or how much time is left. Such a request says so, and neither it nor
what it changes puts off the end: a page that was left open on a shared machine does not keep its person signed in.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as StoreInDatabase
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.kept_forms import owner_of

BACKGROUND = "background"  # in the address, where a page without scripts fetches itself again
BACKGROUND_HEADER = "X-Background"
_READS = {"GET", "HEAD"}


class SessionStore(StoreInDatabase):
    """The store of the database, which leaves the end where it was when a request is nobody's doing."""

    is_background = False
    _ends_at: datetime | None = None

    def _get_session_from_db(self) -> Any:
        found = super()._get_session_from_db()  # type: ignore[misc]
        self._ends_at = found.expire_date if found else None
        return found

    def get_expiry_date(self, **given: Any) -> datetime:
        """When the session ends if it is saved now."""
        if self.is_background and self._ends_at is not None:
            return self._ends_at
        end: datetime = super().get_expiry_date(**given)
        return end

    @property
    def left(self) -> timedelta:
        """How long until the end, as the session was found."""
        self._get_session()  # type: ignore[attr-defined]
        return max(self._ends_at - timezone.now(), timedelta()) if self._ends_at else timedelta()


def is_background(request: HttpRequest) -> bool:
    """Whether a page asked by itself. What sends something is always somebody's doing."""
    return request.method in _READS and (BACKGROUND_HEADER in request.headers or BACKGROUND in request.GET)


class IdleMiddleware:
    """Puts off the end of the session that a person's request has used."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        session: Any = request.session
        session.is_background = is_background(request)
        response = self.get_response(request)
        if session.accessed and not session.is_background:
            session.modified = True
        return response


def seconds_left(request: Any, mark: str) -> int:
    """How long the person who has the page before them stays signed in; 0 when it is no longer they who are.

    ``mark`` says who that is, as their forms do; pages that have no form of a person say nothing.
    """
    if not request.user.is_authenticated:
        return 0
    owner: uuid.UUID | None = owner_of(mark)
    if mark and owner != request.user.id:
        return 0
    # Less than a second is still signed in.
    left: timedelta = request.session.left
    return max(1, math.ceil(left.total_seconds()))

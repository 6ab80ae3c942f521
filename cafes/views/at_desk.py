"""Which sessions somebody may have before them: a worker today's, a lead every one of their cafés."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.utils import timezone

from accounts.permissions import Permission
from accounts.web import PersonRequest
from cafes.models import Session
from cafes.permissions import RECONCILE_SESSIONS, RECORD_VISITS
from cafes.selectors.sessions import find_session
from sutg.common.errors import NotFound


def own_cafes(request: PersonRequest, permission: Permission) -> frozenset[uuid.UUID] | None:
    """The cafés for which the person holds ``permission``; None for every café of the provider."""
    hat = request.principal.hat
    return hat.cafes_for(permission) if hat else frozenset()


def find_at_desk(request: PersonRequest, session_id: uuid.UUID) -> Session:
    """The session of a café where the person records; of an earlier day only for those who reconcile there.

    :class:`NotFound` for any other, and for what a return reported.
    """
    session = find_session(session_id, own_cafes(request, RECORD_VISITS))
    if session.state == Session.State.REPORTED or not (_is_todays(session) or reconciles(request, session)):
        raise NotFound
    return session


def _is_todays(session: Session) -> bool:
    today = timezone.localdate()
    goes_on = session.state == Session.State.OPEN and session.held_on == today - timedelta(days=1)
    return session.held_on == today or goes_on


def reconciles(request: PersonRequest, session: Session) -> bool:
    """Whether the person closes and corrects at this session's café."""
    cafes = own_cafes(request, RECONCILE_SESSIONS)
    return request.principal.can(RECONCILE_SESSIONS) and (cafes is None or session.cafe_id in cafes)

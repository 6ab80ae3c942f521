"""Single sessions that lie ahead: cancelled, brought back, added by hand. What was opened is another service's."""

from __future__ import annotations

import uuid
from datetime import date, time

from django.db import transaction
from django.utils import timezone

from cafes.models import Cafe, CafeStatus, Session
from cafes.selectors.cafes import lock_cafe, status_on, statuses_of
from cafes.selectors.openings import find_pattern, find_session
from sutg.audit.services import record
from sutg.common.errors import DomainError
from sutg.tenancy.scope import Actor

State = Session.State


@transaction.atomic
def cancel_session(*, cafe: Cafe, session_id: uuid.UUID, reason: str, today: date, by: Actor) -> Session:
    """Cancel one planned session, today's or a later one, with a reason of :class:`Session.CancelReason`."""
    session = _lock(cafe, session_id)
    if reason not in Session.CancelReason.values:
        raise DomainError("Select why the session is cancelled.", field="reason")
    if session.state != State.PLANNED:
        raise DomainError(
            f"This session is {session.get_state_display().lower()}. Only a planned one can be cancelled."
        )
    if session.held_on < today:
        raise DomainError("This session is past.")
    session.state, session.cancel_reason = State.CANCELLED, reason
    session.cancelled_at, session.cancelled_by = timezone.now(), str(by)
    session.save(update_fields=["state", "cancel_reason", "cancelled_at", "cancelled_by"])
    record("session_cancelled", by=by, subject=session.id, provider_id=cafe.provider_id, reason=reason)
    return session


@transaction.atomic
def restore_session(*, cafe: Cafe, session_id: uuid.UUID, today: date, by: Actor) -> Session:
    """Undo a cancellation while the session lies ahead and the café is open on its day."""
    session = _lock(cafe, session_id)
    if session.state != State.CANCELLED:
        raise DomainError("This session is not cancelled.")
    if session.held_on < today:
        raise DomainError("This session is past.")
    _refuse_unless_open(cafe, session.held_on, field=None)
    session.state, session.cancel_reason = State.PLANNED, ""
    session.cancelled_at, session.cancelled_by = None, ""
    if session.opening_pattern_id and not find_pattern(cafe, session.opening_pattern_id).holds_on(session.held_on):
        # Its weekly opening has ended meanwhile; a person wants it all the same, and the plan must not take it back.
        session.opening_pattern_id = None
    session.save(update_fields=["state", "cancel_reason", "cancelled_at", "cancelled_by", "opening_pattern_id"])
    record("session_restored", by=by, subject=session.id, provider_id=cafe.provider_id)
    return session


@transaction.atomic
def add_session(*, cafe: Cafe, day: date, opens: time, closes: time, today: date, by: Actor) -> Session:
    """Plan one session by hand. Refused when it overlaps with another of the day, or the café is not open then."""
    cafe = lock_cafe(cafe.id)
    if day < today:
        raise DomainError("The day must be today or later.", field="day")
    if closes <= opens:
        raise DomainError("A session must end after it begins.", field="closes")
    _refuse_unless_open(cafe, day, field="day")
    of_day = Session.objects.select_for_update().filter(cafe_id=cafe.id, held_on=day, opens__isnull=False)
    for other in of_day:
        if other.withdrawn_at is None and _overlaps(other, opens, closes):
            state = other.get_state_display().lower()
            raise DomainError(
                f"A session from {other.opens:%H:%M} to {other.closes:%H:%M} is {state} for that day.", field="opens"
            )
    # A session that the plan took back keeps its place: day and time are its name.
    session = next((other for other in of_day if other.opens == opens), None) or Session(
        provider_id=cafe.provider_id, cafe_id=cafe.id, held_on=day, opens=opens
    )
    session.closes, session.state = closes, State.PLANNED
    session.opening_pattern_id, session.withdrawn_at = None, None
    session.save()
    record("session_added", by=by, subject=session.id, provider_id=cafe.provider_id)
    return session


def _overlaps(session: Session, opens: time, closes: time) -> bool:
    return bool(session.opens and session.closes and session.opens < closes and opens < session.closes)


def _lock(cafe: Cafe, session_id: uuid.UUID) -> Session:
    find_session(cafe, session_id)
    return Session.objects.select_for_update().get(id=session_id)


def _refuse_unless_open(cafe: Cafe, day: date, *, field: str | None) -> None:
    status = status_on(statuses_of([cafe])[cafe.id], day)
    if status is None or status.state != CafeStatus.State.OPEN:
        state = status.get_state_display().lower() if status else "not open"
        raise DomainError(f"The café is {state} on that day.", field=field)

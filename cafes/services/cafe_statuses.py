"""A café's way from a proposal to an open door, and to its end: one service for each move.

A move has a day, which may lie ahead, and comes after every move before it. Approval is the trust's; the others are
the provider's. What a move means for planned sessions is brought about at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone

from cafes.models import Cafe, CafeStatus
from cafes.selectors.cafes import lock_cafe
from cafes.services.planning import plan_sessions
from sutg.audit.services import record
from sutg.common.errors import DomainError, NotFound
from sutg.tenancy.scope import Actor

State = CafeStatus.State

MOVES: Mapping[str, frozenset[str]] = {
    State.PROPOSED: frozenset({State.APPROVED, State.CLOSED}),
    State.APPROVED: frozenset({State.OPEN, State.CLOSED}),
    State.OPEN: frozenset({State.PAUSED, State.CLOSED}),
    State.PAUSED: frozenset({State.OPEN, State.CLOSED}),
    # A café that closed for good is proposed anew: the trust decides again.
    State.CLOSED: frozenset(),
}


def approve_cafe(*, cafe: Cafe, since: date, reason: str, today: date, by: Actor) -> CafeStatus:
    """The trust agrees to a proposal. Called in the provider's scope, in the officer's own name."""
    return _move(cafe, State.APPROVED, since=since, reason=reason, today=today, by=by)


def open_cafe(*, cafe: Cafe, since: date, reason: str, today: date, by: Actor) -> CafeStatus:
    """Open for the first time, or again after a pause."""
    return _move(cafe, State.OPEN, since=since, reason=reason, today=today, by=by)


def pause_cafe(*, cafe: Cafe, since: date, reason: str, today: date, by: Actor) -> CafeStatus:
    """Close until further notice. Sessions planned from that day on are taken back."""
    if not reason:
        raise DomainError("Enter why the café pauses.", field="reason")
    return _move(cafe, State.PAUSED, since=since, reason=reason, today=today, by=by)


def close_cafe(*, cafe: Cafe, since: date, reason: str, today: date, by: Actor) -> CafeStatus:
    """Close for good. ``since`` is the first day on which the café is no more."""
    if not reason:
        raise DomainError("Enter why the café closes.", field="reason")
    return _move(cafe, State.CLOSED, since=since, reason=reason, today=today, by=by)


@transaction.atomic
def call_off_move(*, cafe: Cafe, today: date, by: Actor) -> CafeStatus:
    """Take back the last move of ``cafe``, which must lie ahead."""
    cafe = lock_cafe(cafe.id)
    last = _last(cafe)
    if last is None or last.since <= today:
        raise DomainError("There is no change ahead that could be called off.")
    last.withdrawn_at, last.withdrawn_by = timezone.now(), str(by)
    last.save(update_fields=["withdrawn_at", "withdrawn_by"])
    plan_sessions(cafe=cafe, today=today, by=by)
    record("cafe_move_called_off", by=by, subject=cafe.id, provider_id=cafe.provider_id, state=last.state)
    return last


@transaction.atomic
def _move(cafe: Cafe, state: str, *, since: date, reason: str, today: date, by: Actor) -> CafeStatus:
    cafe = lock_cafe(cafe.id)
    last = _last(cafe)
    if last is None:
        raise NotFound
    if state not in MOVES[last.state]:
        ahead = f" from {last.since.day} {last.since:%B %Y}" if last.since > today else ""
        to = State(state).label.lower()
        raise DomainError(f"The café is {last.get_state_display().lower()}{ahead}, and cannot become {to}.")
    if since < last.since:
        day = f"{last.since.day} {last.since:%B %Y}"
        raise DomainError(
            f"The café is {last.get_state_display().lower()} since {day}. Enter that day or a later one.",
            field="since",
        )
    moved = CafeStatus.objects.create(
        provider_id=cafe.provider_id, cafe_id=cafe.id, state=state, since=since, reason=reason, moved_by=str(by)
    )
    plan_sessions(cafe=cafe, today=today, by=by)
    record("cafe_moved", by=by, subject=cafe.id, provider_id=cafe.provider_id, state=state, since=since.isoformat())
    return moved


def _last(cafe: Cafe) -> CafeStatus | None:
    return CafeStatus.objects.standing().filter(cafe_id=cafe.id).last()

"""The order in which services of a café's day take their locks: the café, then its session, then a visit.

Everything that changes what a café counts holds the café first, as the refreshing of figures does. Two of them wait for
each other and never in a circle; rows that merely refer to the café may be added meanwhile.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date

from cafes.codes import Occasion
from cafes.models import Cafe, Session
from cafes.refreshers import refresh
from sutg.common.errors import NotFound
from sutg.tenancy.scope import Actor


def hold_cafes(cafe_ids: Collection[uuid.UUID]) -> list[Cafe]:
    """Hold these cafés until the transaction ends, in the order of their ids. :class:`NotFound` when one is absent."""
    held = list(Cafe.objects.filter(id__in=cafe_ids).order_by("id").select_for_update(no_key=True, of=("self",)))
    if len(held) != len(set(cafe_ids)):
        raise NotFound
    return held


def hold_sessions(session_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Session]:
    """Hold the standing sessions of these ids and their cafés; absent ones are left out."""
    wanted = Session.objects.standing().filter(id__in=session_ids)
    hold_cafes(set(wanted.values_list("cafe_id", flat=True)))
    held = wanted.order_by("id").select_for_update(no_key=True, of=("self",))
    return {session.id: session for session in held}


def hold_session(session_id: uuid.UUID) -> Session:
    """Hold one session and its café; :class:`NotFound` when there is none."""
    held = hold_sessions([session_id]).get(session_id)
    if held is None:
        raise NotFound
    return held


def refresh_sessions(sessions: Collection[Session], by: Actor, *, reason: str = "") -> None:
    """Have everything derived from these sessions' cafés and days counted anew, in this transaction.

    ``reason``: the ``CorrectionReason`` that was given, blank while a session was open and nobody was asked.
    """
    if sessions:
        days: dict[uuid.UUID, set[date]] = {}
        for session in sessions:
            days.setdefault(session.cafe_id, set()).add(session.held_on)
        first = next(iter(sessions))
        refresh(
            provider_id=first.provider_id,
            cafe_days=days,
            by=by,
            reason=reason or Occasion.RECORDED,
            subject=first.id if len(sessions) == 1 else None,
        )

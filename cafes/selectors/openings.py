"""When cafés open: weekly patterns, days on which it is otherwise, and the sessions that are planned."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import QuerySet

from cafes.models import Cafe, OpeningException, OpeningPattern, Session
from sutg.common.errors import NotFound

WEEKS_PLANNED = 8
State = Session.State


def last_planned_day(today: date) -> date:
    """Up to which day sessions are planned from the weekly openings."""
    return today + timedelta(weeks=WEEKS_PLANNED) - timedelta(days=1)


def patterns_of(cafes: Iterable[Cafe], day: date) -> dict[uuid.UUID, list[OpeningPattern]]:
    """Café → its weekly openings that hold on ``day`` or will later."""
    found: dict[uuid.UUID, list[OpeningPattern]] = {cafe.id: [] for cafe in cafes}
    for pattern in OpeningPattern.objects.in_force_from(day).filter(cafe_id__in=list(found)):
        found[pattern.cafe_id].append(pattern)
    return found


def find_pattern(cafe: Cafe, pattern_id: uuid.UUID) -> OpeningPattern:
    found = OpeningPattern.objects.filter(provider_id=cafe.provider_id, cafe_id=cafe.id, id=pattern_id).first()
    if found is None:
        raise NotFound
    return found


def exceptions_of(cafe: Cafe, first: date, last: date | None = None) -> list[OpeningException]:
    """Single days from ``first`` on (until ``last``) on which the café does not open as every week."""
    found = OpeningException.objects.standing().filter(provider_id=cafe.provider_id, cafe_id=cafe.id, day__gte=first)
    return list(found.filter(day__lte=last) if last else found)


def find_exception(cafe: Cafe, exception_id: uuid.UUID) -> OpeningException:
    standing = OpeningException.objects.standing()
    found = standing.filter(provider_id=cafe.provider_id, cafe_id=cafe.id, id=exception_id).first()
    if found is None:
        raise NotFound
    return found


def sessions_ahead(cafe: Cafe, first: date) -> QuerySet[Session]:
    """The café's sessions from ``first`` on, in the order in which they come."""
    standing = Session.objects.standing().filter(provider_id=cafe.provider_id, cafe_id=cafe.id, held_on__gte=first)
    return standing.order_by("held_on", "opens", "id")


def next_sessions(cafes: Iterable[Cafe], today: date) -> dict[uuid.UUID, Session]:
    """Café → the next session that is planned."""
    planned = Session.objects.standing().filter(
        cafe_id__in=[cafe.id for cafe in cafes], state=State.PLANNED, held_on__gte=today
    )
    found: dict[uuid.UUID, Session] = {}
    for session in planned.order_by("cafe_id", "held_on", "opens").distinct("cafe_id"):
        found[session.cafe_id] = session
    return found


def find_session(cafe: Cafe, session_id: uuid.UUID) -> Session:
    """The café's session of this id that stands; :class:`NotFound` when there is none."""
    standing = Session.objects.standing()
    found = standing.filter(provider_id=cafe.provider_id, cafe_id=cafe.id, id=session_id).first()
    if found is None:
        raise NotFound
    return found

"""Setting when a café opens every week, and on single days otherwise.

A weekly opening is never edited: it ends, and another begins, so that what was planned by it can be found and taken
back. Each change plans the coming sessions anew.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, time, timedelta

from django.db import transaction
from django.utils import timezone

from cafes.models import Cafe, OpeningException, OpeningPattern
from cafes.selectors.cafes import lock_cafe
from cafes.selectors.openings import find_exception, find_pattern
from cafes.services.planning import plan_sessions
from sutg.audit.services import record
from sutg.common.errors import DomainError
from sutg.tenancy.scope import Actor

Kind = OpeningException.Kind


@transaction.atomic
def begin_opening(
    *, cafe: Cafe, weekday: int, opens: time, closes: time, since: date, today: date, by: Actor
) -> OpeningPattern:
    """Have ``cafe`` open every week on ``weekday`` (1 is Monday) from ``since`` on. Refused when openings overlap."""
    cafe = lock_cafe(cafe.id)
    opening = _begin(cafe, weekday, opens, closes, since)
    plan_sessions(cafe=cafe, today=today, by=by)
    record("cafe_opening_begun", by=by, subject=opening.id, provider_id=cafe.provider_id)
    return opening


@transaction.atomic
def change_opening(
    *,
    cafe: Cafe,
    pattern_id: uuid.UUID,
    weekday: int,
    opens: time,
    closes: time,
    since: date,
    today: date,
    by: Actor,
) -> OpeningPattern:
    """End a weekly opening and begin another in its place, from ``since``, today or later, on."""
    cafe = lock_cafe(cafe.id)
    earlier = find_pattern(cafe, pattern_id)
    if since < today:
        raise DomainError("The day must be today or later: what was open stays as it was.", field="since")
    _end(earlier, since - timedelta(days=1))
    opening = _begin(cafe, weekday, opens, closes, max(since, earlier.since))
    plan_sessions(cafe=cafe, today=today, by=by)
    record("cafe_opening_changed", by=by, subject=opening.id, provider_id=cafe.provider_id, instead_of=str(earlier.id))
    return opening


@transaction.atomic
def end_opening(*, cafe: Cafe, pattern_id: uuid.UUID, until: date, today: date, by: Actor) -> OpeningPattern:
    """Have a weekly opening end; ``until``, yesterday or later, is the last day on which it holds."""
    cafe = lock_cafe(cafe.id)
    opening = find_pattern(cafe, pattern_id)
    if until < today - timedelta(days=1):
        raise DomainError("The day must be yesterday or later: what was open stays as it was.", field="until")
    _end(opening, until)
    plan_sessions(cafe=cafe, today=today, by=by)
    record("cafe_opening_ended", by=by, subject=opening.id, provider_id=cafe.provider_id)
    return opening


@transaction.atomic
def close_on_day(*, cafe: Cafe, day: date, reason: str, today: date, by: Actor) -> OpeningException:
    """Have ``cafe`` not open at all on one day, which may lie far ahead."""
    return _except(cafe, day, Kind.CLOSED, reason=reason, today=today, by=by)


@transaction.atomic
def open_at_other_times(
    *, cafe: Cafe, day: date, pattern_id: uuid.UUID, opens: time, closes: time, reason: str, today: date, by: Actor
) -> OpeningException:
    """Have one weekly opening be at other times on one day."""
    cafe = lock_cafe(cafe.id)
    pattern = find_pattern(cafe, pattern_id)
    _refuse_times(opens, closes)
    if not pattern.holds_on(day):
        raise DomainError(f"On that day there is no opening “{pattern}”.", field="day")
    others = OpeningPattern.objects.filter(cafe_id=cafe.id).exclude(id=pattern.id)
    _refuse_overlap((other for other in others if other.holds_on(day)), opens, closes)
    return _except(
        cafe,
        day,
        Kind.OTHER_TIMES,
        pattern_id=pattern.id,
        opens=opens,
        closes=closes,
        reason=reason,
        today=today,
        by=by,
    )


@transaction.atomic
def open_as_usual(*, cafe: Cafe, exception_id: uuid.UUID, today: date, by: Actor) -> OpeningException:
    """Take back that a day is otherwise; it must lie ahead."""
    cafe = lock_cafe(cafe.id)
    exception = find_exception(cafe, exception_id)
    if exception.day < today:
        raise DomainError("That day is past.")
    exception.withdrawn_at, exception.withdrawn_by = timezone.now(), str(by)
    exception.save(update_fields=["withdrawn_at", "withdrawn_by"])
    plan_sessions(cafe=cafe, today=today, by=by)
    record("cafe_day_as_usual", by=by, subject=exception.id, provider_id=cafe.provider_id)
    return exception


def _except(
    cafe: Cafe,
    day: date,
    kind: str,
    *,
    reason: str,
    today: date,
    by: Actor,
    pattern_id: uuid.UUID | None = None,
    opens: time | None = None,
    closes: time | None = None,
) -> OpeningException:
    cafe = lock_cafe(cafe.id)
    if day < today:
        raise DomainError("The day must be today or later.", field="day")
    standing = OpeningException.objects.standing().filter(cafe_id=cafe.id, day=day, opening_pattern_id=pattern_id)
    if standing.exists():
        raise DomainError("This day is changed already. Take that back first.", field="day")
    exception = OpeningException.objects.create(
        provider_id=cafe.provider_id,
        cafe_id=cafe.id,
        day=day,
        kind=kind,
        opening_pattern_id=pattern_id,
        opens=opens,
        closes=closes,
        reason=reason,
        made_by=str(by),
    )
    plan_sessions(cafe=cafe, today=today, by=by)
    record("cafe_day_changed", by=by, subject=exception.id, provider_id=cafe.provider_id, kind=kind)
    return exception


def _begin(cafe: Cafe, weekday: int, opens: time, closes: time, since: date) -> OpeningPattern:
    _refuse_times(opens, closes)
    others = OpeningPattern.objects.in_force_from(since).filter(cafe_id=cafe.id, weekday=weekday)
    _refuse_overlap(others, opens, closes)
    return OpeningPattern.objects.create(
        provider_id=cafe.provider_id, cafe_id=cafe.id, weekday=weekday, opens=opens, closes=closes, since=since
    )


def _end(opening: OpeningPattern, until: date) -> None:
    if opening.until is not None and opening.until < until:
        raise DomainError("This opening has ended before that day.", field="until")
    # One that has not begun yet never does: its last day is the one before its first.
    opening.until = max(until, opening.since - timedelta(days=1))
    opening.save(update_fields=["until"])


def _refuse_times(opens: time, closes: time) -> None:
    if closes <= opens:
        raise DomainError("A café must close after it opens.", field="closes")


def _refuse_overlap(others: Iterable[OpeningPattern], opens: time, closes: time) -> None:
    for other in others:
        if other.opens < closes and opens < other.closes:
            raise DomainError(f"This overlaps with the opening “{other}”.", field="opens")

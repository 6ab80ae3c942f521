"""Planning a café's sessions of the next weeks from its weekly openings.

What should be planned is worked out anew each time and compared with what is there, so that running it twice, or two
at once, does no harm: the café's row is held. Only sessions that are planned, lie ahead and follow a weekly opening
are ever taken back. What was opened, cancelled, reported or added by hand stays as it is. Days and times are local,
so that the clocks' going back or forward changes no opening.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from cafes.bank_holidays import bank_holiday_on
from cafes.models import Cafe, CafeStatus, OpeningException, Session
from cafes.selectors.cafes import lock_cafe, status_on, statuses_of
from cafes.selectors.openings import exceptions_of, last_planned_day, patterns_of
from sutg.audit.services import record
from sutg.tenancy.scope import Actor

State = Session.State


@dataclass(frozen=True, slots=True)
class Wanted:
    """One session that should be planned. Its day and opening time are what it is known by."""

    day: date
    opens: time
    closes: time
    pattern_id: UUID

    @property
    def key(self) -> tuple[date, time]:
        return self.day, self.opens

    def overlaps(self, session: Session) -> bool:
        if session.held_on != self.day or session.opens is None or session.closes is None:
            return False
        return self.opens < session.closes and session.opens < self.closes


@transaction.atomic
def plan_sessions(*, cafe: Cafe, today: date, by: Actor) -> int:
    """Bring the planned sessions of ``cafe`` up to its openings, from ``today`` on; how many changed."""
    cafe = lock_cafe(cafe.id)
    last = last_planned_day(today)
    wanted = {session.key: session for session in _wanted(cafe, today, last)}
    # Planned days may lie past the horizon when it was longer; a session with no time was reported, and is past.
    ahead = Session.objects.select_for_update().filter(cafe_id=cafe.id, held_on__gte=today, opens__isnull=False)
    there = list(ahead.order_by("id"))
    # An evening that was cancelled does not come back at another time, nor stand beside one that is open already.
    taken = [session for session in there if session.withdrawn_at is None and not _is_plans(session)]
    changed = []
    for session in there:
        want = wanted.pop((session.held_on, session.opens), None) if session.opens else None
        if _bring(session, want):
            changed.append(session)
    Session.objects.bulk_update(changed, ["closes", "opening_pattern_id", "withdrawn_at"])
    added = [
        Session(
            provider_id=cafe.provider_id,
            cafe_id=cafe.id,
            held_on=want.day,
            opens=want.opens,
            closes=want.closes,
            opening_pattern_id=want.pattern_id,
            state=State.PLANNED,
        )
        for want in wanted.values()
        if not any(want.overlaps(session) for session in taken)
    ]
    # Somebody may open a session of their own at that very time: theirs stands.
    Session.objects.bulk_create(added, ignore_conflicts=True)
    if count := len(changed) + len(added):
        record("sessions_planned", by=by, subject=cafe.id, provider_id=cafe.provider_id, sessions=count)
    return count


def _is_plans(session: Session) -> bool:
    """Whether the session came from a weekly opening and nobody has touched it since."""
    return session.state == State.PLANNED and session.opening_pattern_id is not None


def _bring(session: Session, want: Wanted | None) -> bool:
    """Make a session what is wanted of its time, where it is the plan's to make; whether it changed."""
    is_plans = _is_plans(session)
    is_free = session.state == State.PLANNED and session.withdrawn_at is not None
    before = session.closes, session.opening_pattern_id, session.withdrawn_at
    if want is not None and (is_plans or is_free):
        session.closes, session.opening_pattern_id, session.withdrawn_at = want.closes, want.pattern_id, None
    elif want is None and is_plans and session.withdrawn_at is None:
        session.withdrawn_at = timezone.now()
    return before != (session.closes, session.opening_pattern_id, session.withdrawn_at)


def _wanted(cafe: Cafe, first: date, last: date) -> list[Wanted]:
    patterns = patterns_of([cafe], first)[cafe.id]
    statuses = statuses_of([cafe])[cafe.id]
    closed, other_times = set[date](), dict[tuple[date, UUID | None], OpeningException]()
    for exception in exceptions_of(cafe, first, last):
        if exception.kind == OpeningException.Kind.CLOSED:
            closed.add(exception.day)
        else:
            other_times[exception.day, exception.opening_pattern_id] = exception
    wanted = []
    for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
        if day in closed or not _opens_on(cafe, statuses, day):
            continue
        for pattern in patterns:
            if pattern.holds_on(day):
                times = other_times.get((day, pattern.id), pattern)
                wanted.append(Wanted(day, times.opens or pattern.opens, times.closes or pattern.closes, pattern.id))
    return wanted


def _opens_on(cafe: Cafe, statuses: list[CafeStatus], day: date) -> bool:
    status = status_on(statuses, day)
    is_open = status is not None and status.state == CafeStatus.State.OPEN
    return is_open and not (cafe.bank_holidays == Cafe.BankHolidays.CLOSED and bank_holiday_on(day))

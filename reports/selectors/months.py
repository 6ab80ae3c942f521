"""Which months of a provider are locked, and what stands in the way of locking the others."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.conf import settings
from django.db.models import Count, Min, Q
from django.db.models.functions import TruncMonth

from cafes.models import ReturnFile, Session
from reports.models import MonthLock
from sutg.common.periods import Period

State = Session.State
_WAITING: Final = (ReturnFile.State.CHECKING, ReturnFile.State.CHECKED, ReturnFile.State.LOADING)
_NOTHING: Final[Mapping[str, int]] = {}


@dataclass(frozen=True, slots=True)
class MonthState:
    """One month of one provider.

    ``held``: sessions closed or reported; ``left_open``: opened and never closed; ``planned``: neither held nor
    cancelled; ``waiting_returns``: files for its quarter that are not loaded yet.
    """

    month: Period
    today: date
    held: int
    left_open: int
    planned: int
    waiting_returns: int
    lock: MonthLock | None = None

    @property
    def is_over(self) -> bool:
        return self.month.end < self.today

    @property
    def deadline(self) -> date:
        """The last day on which the month is the provider's own to lock."""
        return self.month.end + timedelta(days=settings.MONTH_LOCK_DEADLINE_DAYS)

    @property
    def is_overdue(self) -> bool:
        return self.lock is None and self.today > self.deadline

    @property
    def is_ready(self) -> bool:
        """Whether the provider's manager may lock it now, given a word on the sessions that were planned."""
        return self.lock is None and self.is_over and not self.left_open and not self.waiting_returns


def locked_months_of(days: Collection[date]) -> frozenset[date]:
    """The first days of the months of ``days`` that the scope's provider has locked (cafes.locked_months)."""
    months = {day.replace(day=1) for day in days}
    return (
        frozenset(MonthLock.objects.filter(month__in=months).values_list("month", flat=True)) if months else frozenset()
    )


def month_states(today: date) -> list[MonthState]:
    """Every month of the scope's provider since its first session, up to this one; the latest first."""
    first = Session.objects.standing().filter(state__in=Session.HELD).aggregate(first=Min("held_on"))["first"]
    if first is None or first > today:
        return []
    months = [Period.month_of(first)]
    while months[-1].end < today:
        months.append(Period.month_of(months[-1].end + timedelta(days=1)))
    return _states(months[::-1], today)


def month_state(month: Period, today: date) -> MonthState:
    """How one month of the scope's provider stands."""
    return _states([month], today)[0]


def _states(months: list[Period], today: date) -> list[MonthState]:
    first, last = min(months).start, max(months).end
    locks = {lock.month: lock for lock in MonthLock.objects.filter(month__range=(first, last))}
    counts = {row["month"]: row for row in _session_counts(first, last, today, "month")}
    quarters = {str(Period.quarter_of(month.start)) for month in months}
    waiting = dict(
        ReturnFile.objects.filter(quarter__in=quarters, state__in=_WAITING)
        .order_by()
        .values_list("quarter")
        .annotate(files=Count("id"))
    )
    return [
        _state(
            month,
            today,
            counts.get(month.start, _NOTHING),
            waiting.get(str(Period.quarter_of(month.start)), 0),
            locks.get(month.start),
        )
        for month in months
    ]


def last_overdue_month(today: date) -> Period:
    """The latest month whose deadline is over."""
    month = Period.month_of(today)
    while month.end + timedelta(days=settings.MONTH_LOCK_DEADLINE_DAYS) >= today:
        month = Period.month_of(month.start - timedelta(days=1))
    return month


def states_by_provider(month: Period, today: date) -> dict[uuid.UUID, MonthState]:
    """How one month stands with every provider that had a session in it, or locked it. In the trust's scope."""
    locks = {lock.provider_id: lock for lock in MonthLock.objects.filter(month=month.start)}
    counts = {row["provider_id"]: row for row in _session_counts(month.start, month.end, today, "provider_id")}
    waiting = dict(
        ReturnFile.objects.filter(quarter=str(Period.quarter_of(month.start)), state__in=_WAITING)
        .order_by()
        .values_list("provider_id")
        .annotate(files=Count("id"))
    )
    return {
        provider_id: _state(
            month, today, counts.get(provider_id, _NOTHING), waiting.get(provider_id, 0), locks.get(provider_id)
        )
        for provider_id in counts.keys() | locks.keys()
    }


def _session_counts(first: date, last: date, today: date, by: str) -> list[dict[str, Any]]:
    sessions = Session.objects.standing().filter(held_on__range=(first, last)).order_by()
    return list(
        sessions.annotate(month=TruncMonth("held_on"))
        .values(by)
        .annotate(
            held=Count("id", filter=Q(state__in=[State.CLOSED, State.REPORTED])),
            left_open=Count("id", filter=Q(state=State.OPEN)),
            planned=Count("id", filter=Q(state=State.PLANNED, held_on__lt=today)),
        )
    )


def _state(month: Period, today: date, counts: Mapping[str, int], waiting: int, lock: MonthLock | None) -> MonthState:
    held, left_open, planned = (counts.get(name, 0) for name in ("held", "left_open", "planned"))
    return MonthState(month, today, held, left_open, planned, waiting, lock)


def sessions_in_the_way(month: Period, today: date) -> list[Session]:
    """Sessions of the month that are open still, and those that were planned and of which nothing is known."""
    found = Session.objects.standing().filter(held_on__range=(month.start, month.end)).select_related("cafe")
    unsettled = Q(state=State.OPEN) | Q(state=State.PLANNED, held_on__lt=today)
    return list(found.filter(unsettled).order_by("state", "held_on", "opens", "id"))

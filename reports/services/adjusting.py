"""What becomes of the figures of locked months when their visits are counted anew.

A locked figure stands for ever. The difference between what is counted now and what was said so far (the locked figure
and its adjustments) is written down as one more adjustment, so that the two always add up to the visits. What readers
outside the provider are shown follows in steps of five or more (:func:`reports.disclosure.restated`):

- of a locked month, each figure by itself;
- of a quarter or year with a locked month, the sum of what its months show, for what adds up; people, who do not add
  up over months, by themselves.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Self

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from reports.disclosure import restated
from reports.measures import BY_CODE, PEOPLE
from reports.models import Adjustment, Figure, LockedFigure, MonthLock
from reports.services.adjusting_statements import ADD_UP_MONTHS, SET_PUBLISHED
from sutg.common.periods import Period, PeriodKind
from sutg.tenancy.scope import Actor

Slot = tuple[uuid.UUID, Period]
# café, kind of period, its first day, measure, category
Key = tuple[uuid.UUID, str, date, str, str]
_KEY = ("cafe_id", "period_kind", "period_start", "measure", "category")


@dataclass(frozen=True, slots=True)
class Change:
    """Why figures are counted anew: a ``CorrectionReason`` or ``Occasion``, what changed, and who did it."""

    reason: str
    subject: uuid.UUID | None
    by: Actor


@dataclass(frozen=True, slots=True)
class Held:
    """The slots of a refresh that lie in locked months, and from which numbers their figures were shown so far."""

    provider_id: uuid.UUID
    locked: Sequence[Slot] = ()
    partly: Sequence[Slot] = ()
    shown: Mapping[Key, int] = field(default_factory=dict)

    @classmethod
    def of(cls, provider_id: uuid.UUID, slots: Sequence[Slot]) -> Self:
        """Look before the figures are counted anew; no month is locked from here on until the transaction ends."""
        share_locks(provider_id)
        months = locked_among([period for _, period in slots])
        if not months:
            return cls(provider_id)
        locked = [slot for slot in slots if _months(slot) <= months]
        partly = [slot for slot in slots if _months(slot) & months and not _months(slot) <= months]
        shown = dict(_keyed(Figure.objects.filter(_in([*locked, *partly])), "published"))
        return cls(provider_id, locked, partly, shown)

    def settle(self, change: Change) -> int:
        """After the count: write the adjustments, and keep what is shown outside; the number of adjustments."""
        slots = [*self.locked, *self.partly]
        if not slots:
            return 0
        now = dict(_keyed(Figure.objects.filter(_in(slots)), "value"))
        first = {key: (value, published) for key, value, published in _first(self.locked)}
        written = _adjust(self.provider_id, self.locked, now, first, change)
        self._show(slots, now, first)
        return written

    def _show(self, slots: Sequence[Slot], now: Mapping[Key, int], first: Mapping[Key, tuple[int, int]]) -> None:
        by_place = {(cafe_id, period.kind.value, period.start) for cafe_id, period in self.locked}
        rows: list[tuple[Any, ...]] = []
        for key in sorted(now.keys() | self.shown.keys() | first.keys()):
            value, measure = now.get(key, 0), BY_CODE[key[3]]
            published = value
            if key[1] == PeriodKind.MONTH or measure == PEOPLE:
                published = restated(self.shown.get(key, 0), value, is_of_people=measure.is_of_people)
            said = first.get(key, (0, 0)) if key[:3] in by_place else (None, None)
            if key in now or published or said[0] or said[1]:
                rows.append((*key, published, *said))
        _write(SET_PUBLISHED, self.provider_id, rows)
        longer = [(cafe, period) for cafe, period in slots if period.kind is not PeriodKind.MONTH]
        if longer:
            _add_up(self.provider_id, longer, set(self.locked))


def share_locks(provider_id: uuid.UUID) -> None:
    """Wait until nobody locks a month of this provider, and let nobody do so until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(hashtextextended(%s, 0))", [f"month locks {provider_id}"])


def take_locks(provider_id: uuid.UUID) -> None:
    """Wait until nobody counts or locks for this provider; the caller holds its cafés, as whoever counts does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"month locks {provider_id}"])


def locked_among(periods: Collection[Period]) -> frozenset[date]:
    """The first days of the locked months that ``periods`` reach over."""
    first, last = min(period.start for period in periods), max(period.end for period in periods)
    return frozenset(MonthLock.objects.filter(month__range=(first, last)).values_list("month", flat=True))


def _months(slot: Slot) -> frozenset[date]:
    return frozenset(month.start for month in slot[1].split_into_months())


def _in(slots: Iterable[Slot]) -> Q:
    starts: dict[tuple[str, date], list[uuid.UUID]] = {}
    for cafe_id, period in slots:
        starts.setdefault((period.kind.value, period.start), []).append(cafe_id)
    condition = Q(cafe_id__in=[])
    for (kind, start), cafe_ids in starts.items():
        condition |= Q(period_kind=kind, period_start=start, cafe_id__in=cafe_ids)
    return condition


def _keyed(rows: QuerySet[Any], name: str) -> Iterable[tuple[Key, int]]:
    for *key, number in rows.order_by().values_list(*_KEY, name):
        yield tuple(key), number


def _first(locked: Sequence[Slot]) -> Iterable[tuple[Key, int, int]]:
    rows = LockedFigure.objects.filter(_in(locked)).values_list(*_KEY, "value", "published")
    return [(tuple(row[:5]), row[5], row[6]) for row in rows]


def _adjust(
    provider_id: uuid.UUID,
    locked: Sequence[Slot],
    now: Mapping[Key, int],
    first: Mapping[Key, tuple[int, int]],
    change: Change,
) -> int:
    places = {(cafe_id, period.kind.value, period.start) for cafe_id, period in locked}
    last = {tuple(row[:5]): (row[5], row[6]) for row in _last_adjustments(locked)}
    at, adjustments = timezone.now(), []
    for key in sorted(first.keys() | last.keys() | {key for key in now if key[:3] in places}):
        number, before = last.get(key, (0, first.get(key, (0, 0))[0]))
        value = now.get(key, 0)
        if value != before:
            adjustments.append(_adjustment(provider_id, key, number + 1, value, value - before, change, at))
    Adjustment.objects.bulk_create(adjustments)
    return len(adjustments)


def _last_adjustments(locked: Sequence[Slot]) -> Iterable[tuple[Any, ...]]:
    found = Adjustment.objects.filter(_in(locked)).order_by(*_KEY, "-number").distinct(*_KEY)
    return found.values_list(*_KEY, "number", "value_after")


def _adjustment(
    provider_id: uuid.UUID, key: Key, number: int, value: int, delta: int, change: Change, at: datetime
) -> Adjustment:
    return Adjustment(
        provider_id=provider_id,
        **dict(zip(_KEY, key, strict=True)),
        number=number,
        delta=delta,
        value_after=value,
        reason=change.reason,
        subject=change.subject,
        adjusted_at=at,
        adjusted_by=str(change.by),
    )


def _write(statement: str, provider_id: uuid.UUID, rows: Sequence[tuple[Any, ...]]) -> None:
    names = ("cafe_ids", "kinds", "starts", "measures", "categories", "published", "first_values", "first_published")
    columns: list[list[Any]] = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in names]
    with connection.cursor() as cursor:
        cursor.execute(statement, {"provider_id": provider_id, **dict(zip(names, columns, strict=True))})


def _add_up(provider_id: uuid.UUID, longer: Sequence[Slot], locked: Collection[Slot]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            ADD_UP_MONTHS,
            {
                "provider_id": provider_id,
                "cafe_ids": [cafe_id for cafe_id, _ in longer],
                "kinds": [period.kind.value for _, period in longer],
                "starts": [period.start for _, period in longer],
                "ends": [period.end for _, period in longer],
                "first": [0 if slot in locked else None for slot in longer],
                "people": PEOPLE.code,
            },
        )

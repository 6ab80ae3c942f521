"""Lock months, and check what must be true of locked figures at any time."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime
from typing import Any

from providers.models import Provider
from reports.measures import BY_CODE, PEOPLE
from reports.models import Adjustment, Figure, LockedFigure, MonthLock
from reports.services.months import lock_overdue_month
from sutg.common.periods import Period, PeriodKind
from tests.factories.scoped import TESTS, acting_for
from tests.integration.reports.counting import Key, naive_figures

LATER = datetime(2026, 1, 15, 12, tzinfo=UTC)
_KEY = ("cafe_id", "period_kind", "period_start", "measure", "category")


def lock(provider: Provider, *months: date) -> None:
    """Whatever stands in the way: what the trust may do when the deadline is over."""
    for month in months:
        with acting_for(provider):
            lock_overdue_month(provider_id=provider.id, month=Period.month_of(month), by=TESTS, now=LATER)


def rows(model: Any, provider: Provider, *names: str) -> list[tuple[Any, ...]]:
    with acting_for(provider):
        return list(model.objects.order_by(*_KEY).values_list(*_KEY, *names))


def published(provider: Provider) -> dict[Key, int]:
    """From which number each figure is shown outside its provider."""
    return {tuple(row[:5]): row[5] for row in rows(Figure, provider, "published") if row[5]}


def assert_sums_add_up(provider: Provider) -> None:
    """Every figure is its visits counted; every locked one its first value and its adjustments."""
    known = {tuple(row[:5]): row[5] for row in rows(Figure, provider, "value") if row[5]}
    assert known == {key: count for key, count in naive_figures(provider).items() if count}
    first = {tuple(row[:5]): row[5] for row in rows(LockedFigure, provider, "value")}
    balance = defaultdict(int, first)
    numbers: defaultdict[Key, list[int]] = defaultdict(list)
    for *key, number, delta, after in sorted(rows(Adjustment, provider, "number", "delta", "value_after")):
        balance[tuple(key)] += delta
        numbers[tuple(key)].append(number)
        assert balance[tuple(key)] == after
    assert all(found == list(range(1, len(found) + 1)) for found in numbers.values())
    locked = _locked_periods(provider)
    assert {(kind, start) for _, kind, start, _, _ in balance} <= locked
    assert {key: count for key, count in balance.items() if count} == {
        key: count for key, count in known.items() if (key[1], key[2]) in locked
    }
    _assert_first_repeated(provider, first, locked)
    _assert_months_shown_add_up(provider)


def _locked_periods(provider: Provider) -> set[tuple[str, date]]:
    with acting_for(provider):
        months = set(MonthLock.objects.values_list("month", flat=True))
    longer = {of(month) for month in months for of in (Period.month_of, Period.quarter_of, Period.year_of)}
    return {
        (period.kind.value, period.start)
        for period in longer
        if {part.start for part in period.split_into_months()} <= months
    }


def _assert_first_repeated(provider: Provider, first: dict[Key, int], locked: set[tuple[str, date]]) -> None:
    for *key, value in rows(Figure, provider, "first_value"):
        expected = first.get(tuple(key), 0) if (key[1], key[2]) in locked else None
        assert value == expected, key


def _assert_months_shown_add_up(provider: Provider) -> None:
    """What is shown of a quarter or year is the sum of what is shown of its months, people apart."""
    shown = published(provider)
    for kind, of in ((PeriodKind.QUARTER, Period.quarter_of), (PeriodKind.YEAR, Period.year_of)):
        sums: defaultdict[Key, int] = defaultdict(int)
        for (cafe, of_kind, start, measure, category), number in shown.items():
            if of_kind == PeriodKind.MONTH and BY_CODE[measure] != PEOPLE:
                sums[cafe, kind.value, of(start).start, measure, category] += number
        found = {key: n for key, n in shown.items() if key[1] == kind and BY_CODE[key[3]] != PEOPLE}
        assert found == dict(sums)

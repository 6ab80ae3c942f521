"""Stored figures, added up by area in the database. They leave here wrapped, for :mod:`reports.disclosure` alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Final, NamedTuple

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from reports.disclosure import Undisclosed
from reports.measures import SESSIONS, VISITS, Measure
from reports.models import Figure
from reports.selectors.areas import Area, Level
from reports.viewers import Viewer
from sutg.common.periods import Period, PeriodKind

# period, area code, measure, category
Key = tuple[Period, str, str, str]

_GROUPED_BY: Mapping[Level, tuple[str, ...]] = {
    Level.TOTAL: (),
    Level.PLACE: ("cafe__neighbourhood__place_id",),
    Level.NEIGHBOURHOOD: ("cafe__neighbourhood_id",),
    Level.CAFE: ("cafe_id",),
}
_CELL = ("period_kind", "period_start", "measure", "category")


class Total(NamedTuple):
    """A sum as it is shown now, and as it was when its period was locked; ``unlocked`` cafés have not locked it."""

    now: int
    first: int
    unlocked: int


_NOTHING: Final = Total(0, 0, 0)


class Sums:
    """Exact sums of figures; a figure that is not stored is 0."""

    def __init__(self, sums: Mapping[Key, Total]) -> None:
        self._sums = sums

    def count(self, period: Period, area: Area, measure: Measure, category: str = "") -> Undisclosed:
        return Undisclosed(self._of(period, area, measure, category).now)

    def first_count(self, period: Period, area: Area, measure: Measure, category: str = "") -> Undisclosed:
        """What the figure was when the period was locked; ask :meth:`is_locked` first."""
        return Undisclosed(self._of(period, area, measure, category).first)

    def is_locked(self, period: Period, area: Area) -> bool:
        """Whether every café there that held a session in the period belongs to a provider that has locked it."""
        sessions = self._sums.get((period, area.code, SESSIONS.code, ""))
        return sessions is not None and not sessions.unlocked

    def activity(self, period: Period, area: Area) -> Undisclosed:
        """Sessions and visits together: none of either means that nobody was open."""
        return Undisclosed(sum(self._of(period, area, measure).now for measure in (SESSIONS, VISITS)))

    def first_activity(self, period: Period, area: Area) -> Undisclosed:
        """The same, when the period was locked."""
        return Undisclosed(sum(self._of(period, area, measure).first for measure in (SESSIONS, VISITS)))

    def _of(self, period: Period, area: Area, measure: Measure, category: str = "") -> Total:
        return self._sums.get((period, area.code, measure.code, category), _NOTHING)


def sum_figures(
    viewer: Viewer, periods: Collection[Period], areas: Collection[Area], measures: Iterable[Measure]
) -> Sums:
    """The figures of ``measures`` for each area and period: one query for each level among ``areas``."""
    wanted = {SESSIONS.code, VISITS.code, *(measure.code for measure in measures)}
    figures = _seen_by(viewer).filter(_in(periods), measure__in=wanted)
    shown = ("value", "first_value") if viewer.is_provider else ("published", "first_published")
    sums: dict[Key, Total] = {}
    for level in sorted({area.level for area in areas}):
        sums.update(_sums_of(level, figures, [area for area in areas if area.level is level], *shown))
    return Sums(sums)


def periods_with_figures(viewer: Viewer) -> list[Period]:
    """Every period of which something the viewer may see is known, in order of time."""
    found = _seen_by(viewer).filter(measure=SESSIONS.code).values_list("period_start", "period_kind").distinct()
    return sorted(Period(start, PeriodKind(kind)) for start, kind in found)


def _seen_by(viewer: Viewer) -> QuerySet[Figure]:
    figures: QuerySet[Figure] = Figure.objects.all()
    if viewer.cafe_ids is not None:
        figures = figures.filter(cafe_id__in=viewer.cafe_ids)
    if viewer.neighbourhood_codes is not None:
        figures = figures.filter(cafe__neighbourhood_id__in=viewer.neighbourhood_codes)
    return figures


def _in(periods: Iterable[Period]) -> Q:
    starts: defaultdict[PeriodKind, list[date]] = defaultdict(list)
    for period in periods:
        starts[period.kind].append(period.start)
    condition = Q(period_start__in=[])
    for kind, days in starts.items():
        condition |= Q(period_kind=kind.value, period_start__in=days)
    return condition


def _sums_of(
    level: Level, figures: QuerySet[Figure], areas: Collection[Area], now: str, first: str
) -> dict[Key, Total]:
    by = _GROUPED_BY[level]
    if by:
        figures = figures.filter(**{f"{by[0]}__in": [area.code for area in areas]})
    only = "" if by else next(iter(areas)).code
    # What is not locked yet was never said otherwise than it is now.
    rows = (
        figures.order_by()
        .values_list(*by, *_CELL)
        .annotate(
            now=Sum(now), first=Sum(Coalesce(first, now)), unlocked=Count("id", filter=Q(first_value__isnull=True))
        )
    )
    return {
        (Period(start, PeriodKind(kind)), str(area[0]) if area else only, measure, category): Total(*sums)
        for *area, kind, start, measure, category, sums in ((*row[:-3], row[-3:]) for row in rows)
    }

"""Stored figures, added up by area in the database. They leave here wrapped, for :mod:`reports.disclosure` alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from django.db.models import Q, QuerySet, Sum

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


class Sums:
    """Exact sums of figures; a figure that is not stored is 0."""

    def __init__(self, sums: Mapping[Key, int]) -> None:
        self._sums = sums

    def count(self, period: Period, area: Area, measure: Measure, category: str = "") -> Undisclosed:
        return Undisclosed(self._sums.get((period, area.code, measure.code, category), 0))

    def activity(self, period: Period, area: Area) -> Undisclosed:
        """Sessions and visits together: none of either means that nobody was open."""
        return Undisclosed(sum(self._sums.get((period, area.code, m.code, ""), 0) for m in (SESSIONS, VISITS)))


def sum_figures(
    viewer: Viewer, periods: Collection[Period], areas: Collection[Area], measures: Iterable[Measure]
) -> Sums:
    """The figures of ``measures`` for each area and period: one query for each level among ``areas``."""
    wanted = {SESSIONS.code, VISITS.code, *(measure.code for measure in measures)}
    figures = _seen_by(viewer).filter(_in(periods), measure__in=wanted)
    sums: dict[Key, int] = {}
    for level in sorted({area.level for area in areas}):
        sums.update(_sums_of(level, figures, [area for area in areas if area.level is level]))
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


def _sums_of(level: Level, figures: QuerySet[Figure], areas: Collection[Area]) -> dict[Key, int]:
    by = _GROUPED_BY[level]
    if by:
        figures = figures.filter(**{f"{by[0]}__in": [area.code for area in areas]})
    only = "" if by else next(iter(areas)).code
    rows = figures.order_by().values_list(*by, *_CELL).annotate(total=Sum("value"))
    return {
        (Period(start, PeriodKind(kind)), str(area[0]) if area else only, measure, category): total
        for *area, kind, start, measure, category, total in rows
    }

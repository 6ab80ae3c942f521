"""What a viewer may see of the cafés' activity: every value here has passed disclosure control."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from reports.disclosure import Disclosed, disclose
from reports.measures import TOTAL, Measure
from reports.selectors.areas import Area
from reports.selectors.figures import Sums, periods_with_figures, sum_figures
from reports.viewers import Viewer
from sutg.common.periods import Period

__all__ = ["Activity", "Cell", "periods_with_figures", "read_activity"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure's place: when, where, which measure, which category (blank where there are none)."""

    period: Period
    area: Area
    measure: Measure
    category: str = TOTAL


class Activity:
    """Figures of some periods and areas, as one viewer may see them."""

    def __init__(self, viewer: Viewer, sums: Sums) -> None:
        self._viewer = viewer
        self._sums = sums

    def value(self, cell: Cell) -> Disclosed:
        return disclose(
            self._sums.count(cell.period, cell.area, cell.measure, cell.category),
            self._viewer.audience,
            activity=self._sums.activity(cell.period, cell.area),
            is_of_people=cell.measure.is_of_people,
        )

    def is_locked(self, period: Period, area: Area) -> bool:
        """Whether the figures of a period stand, at every café there."""
        return self._sums.is_locked(period, area)

    def first_value(self, cell: Cell) -> Disclosed | None:
        """What the figure was when its period was locked; None where that is not so of every café there."""
        if not self.is_locked(cell.period, cell.area):
            return None
        return disclose(
            self._sums.first_count(cell.period, cell.area, cell.measure, cell.category),
            self._viewer.audience,
            activity=self._sums.first_activity(cell.period, cell.area),
            is_of_people=cell.measure.is_of_people,
        )


def read_activity(
    viewer: Viewer, periods: Collection[Period], areas: Collection[Area], measures: Iterable[Measure]
) -> Activity:
    """Read the figures of every combination, in as many queries as there are levels among ``areas``.

    ``areas`` must come from :func:`reports.selectors.areas.visible_areas` of the same viewer; call it in their scope.
    """
    return Activity(viewer, sum_figures(viewer, periods, areas, measures))


def cells_of(periods: Iterable[Period], areas: Collection[Area], measures: Collection[Measure]) -> Iterable[Cell]:
    """Every figure there is, in the order in which lists give them."""
    for period in periods:
        for area in areas:
            for measure in measures:
                for category in measure.cells:
                    yield Cell(period, area, measure, category)

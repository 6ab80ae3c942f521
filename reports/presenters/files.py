"""Figures as lines of a CSV file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reports.disclosure import Disclosed, Exact, NoSessions, Rounded, Suppressed
from reports.presenters.values import status_of
from reports.selectors.activity import Activity, Cell
from reports.selectors.areas import Level, VisibleAreas
from sutg.common.csv_lines import MARK, csv_line

COLUMNS = (
    *("period", "period_kind", "area_kind", "area_code", "area", "cafe_id", "cafe"),
    *("measure", "category_code", "category", "status", "value", "first_status", "first_value"),
)
ATTRIBUTION = (
    "Contains public sector information licensed under the Open Government Licence v3.0. "
    "Source: Office for National Statistics, MHCLG."
)


def lines_of(cells: Iterable[Cell], activity: Activity, areas: VisibleAreas) -> Iterator[bytes]:
    """The header, a line for each figure, and the attribution. The mark at the start tells Excel that it is UTF-8."""
    yield MARK + csv_line(COLUMNS)
    for cell in cells:
        yield csv_line(_fields(cell, activity, areas))
    yield csv_line([ATTRIBUTION])


def _fields(cell: Cell, activity: Activity, areas: VisibleAreas) -> list[str]:
    value, first = activity.value(cell), activity.first_value(cell)
    is_cafe = cell.area.level is Level.CAFE
    around = areas.find(cell.area.neighbourhood_code) if is_cafe else cell.area
    cafe = [cell.area.code, cell.area.name] if is_cafe else ["", ""]
    category = cell.measure.label_of(cell.category) if cell.category else ""
    return [
        *(str(cell.period), cell.period.kind.value, around.level.value, around.code, around.name, *cafe),
        *(cell.measure.code, cell.category, category, status_of(value), _written(value)),
        *((status_of(first), _written(first)) if first is not None else ("not_locked", "")),
    ]


def _written(value: Disclosed) -> str:
    match value:
        case Exact(number) | Rounded(number):
            return str(number)
        case Suppressed():
            return "*"
        case NoSessions():
            return ""

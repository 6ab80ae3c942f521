"""Ready strings and values for pages, files and the API. Only disclosed values come here."""

from __future__ import annotations

from typing import Any

from reports.disclosure import Disclosed, Exact, NoSessions, Rounded, Suppressed
from reports.selectors.activity import Activity, Cell
from reports.selectors.areas import Level, VisibleAreas

NO_SESSIONS = "no sessions"


def status_of(value: Disclosed) -> str:
    """The one word for the kind of a value, the same in the API and in files."""
    match value:
        case Exact():
            return "exact"
        case Rounded():
            return "rounded"
        case Suppressed():
            return "suppressed"
        case NoSessions():
            return "no_sessions"


def as_wire(value: Disclosed) -> dict[str, Any]:
    """The API's form of a value: a number where there is one, and otherwise none at all."""
    match value:
        case Exact(number) | Rounded(number):
            return {"status": status_of(value), "number": number}
        case _:
            return {"status": status_of(value)}


def as_item(cell: Cell, activity: Activity, areas: VisibleAreas) -> dict[str, Any]:
    """One item of the API."""
    is_cafe = cell.area.level is Level.CAFE
    around = areas.find(cell.area.neighbourhood_code) if is_cafe else cell.area
    first = activity.first_value(cell)
    return {
        "period": str(cell.period),
        "period_kind": cell.period.kind.value,
        "area": {"kind": around.level.value, "code": around.code, "name": around.name},
        "cafe": {"id": cell.area.code, "name": cell.area.name} if is_cafe else None,
        "measure": cell.measure.code,
        "category": ({"code": cell.category, "label": cell.measure.label_of(cell.category)} if cell.category else None),
        "value": as_wire(activity.value(cell)),
        "first_published": as_wire(first) if first is not None else None,
    }


def as_table_cell(value: Disclosed) -> Any:
    """What the table component takes for a value."""
    match value:
        case Exact(number) | Rounded(number):
            return number
        case Suppressed():
            return {"suppressed": True}
        case NoSessions():
            return {"text": None, "reason": NO_SESSIONS}

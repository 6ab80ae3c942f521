"""Locked figures that are other now than they were first published."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reports.presenters.tables import Table
from reports.presenters.values import as_table_cell
from reports.questions import Question
from reports.selectors.activity import Activity, cells_of

_COLUMNS: list[Any] = [
    "Period",
    {"text": "Area", "numeric": False},
    {"text": "Figure", "numeric": False},
    "First published",
    "As now known",
]


def adjusted_table(question: Question, activity: Activity) -> Table | None:
    """Each figure of the page that changed since its period was locked; None when none did."""
    rows = list(_rows(question, activity))
    return Table("adjusted", "Locked figures that have changed", _COLUMNS, rows) if rows else None


def _rows(question: Question, activity: Activity) -> Iterator[list[Any]]:
    periods = sorted({question.period, *question.months})
    for cell in cells_of(periods, question.rows, question.show.measures):
        first = activity.first_value(cell)
        now = activity.value(cell)
        if first is None or first == now:
            continue
        label = cell.measure.label_of(cell.category)
        yield [cell.period.label, cell.area.name, label, as_table_cell(first), as_table_cell(now)]

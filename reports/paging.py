"""Cutting the grid of figures into pages without counting or storing it.

Every combination of period, area and category is an item, in an order that no renaming changes. A cursor names the last
item given, so that a page stays in place when a period or a café is added before it.
"""

from __future__ import annotations

import base64
import binascii
import json
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reports.measures import Measure
from reports.selectors.activity import Cell
from reports.selectors.areas import Area
from sutg.common.errors import DomainError
from sutg.common.periods import Period, PeriodKind


@dataclass(frozen=True, slots=True)
class Grid:
    """``periods`` and ``areas`` are in order; all figures of ``measures`` are given for each pair."""

    periods: Sequence[Period]
    areas: Sequence[Area]
    measures: Sequence[Measure]

    @property
    def _kinds(self) -> list[tuple[Measure, str]]:
        return [(measure, category) for measure in self.measures for category in measure.cells]

    def page(self, cursor: str, size: int) -> tuple[list[Cell], str]:
        """The ``size`` cells after ``cursor`` (blank: the first), and the cursor to go on with (blank: no more)."""
        kinds = self._kinds
        start = self._position_after(cursor, kinds) if cursor else 0
        end = min(start + size, len(self.periods) * len(self.areas) * len(kinds))
        cells = [self._cell(position, kinds) for position in range(start, end)]
        is_last = end == len(self.periods) * len(self.areas) * len(kinds)
        return cells, "" if is_last or not cells else _write(cells[-1])

    def _cell(self, position: int, kinds: Sequence[tuple[Measure, str]]) -> Cell:
        pair, kind = divmod(position, len(kinds))
        period, area = divmod(pair, len(self.areas))
        return Cell(self.periods[period], self.areas[area], *kinds[kind])

    def _position_after(self, cursor: str, kinds: Sequence[tuple[Measure, str]]) -> int:
        period, area_key, last_kind = _read(cursor)
        names = [(measure.code, category) for measure, category in kinds]
        if last_kind not in names:
            raise _refusal()
        in_period = bisect_left(self.periods, period)
        if in_period == len(self.periods) or self.periods[in_period] != period:
            return in_period * len(self.areas) * len(kinds)
        keys = [area.key for area in self.areas]
        in_area = bisect_left(keys, area_key)
        pair = in_period * len(self.areas) + in_area
        if in_area == len(keys) or keys[in_area] != area_key:
            return pair * len(kinds)
        return pair * len(kinds) + names.index(last_kind) + 1


def _write(cell: Cell) -> str:
    last = [cell.period.start.isoformat(), cell.period.kind.value, *cell.area.key, cell.measure.code, cell.category]
    return base64.urlsafe_b64encode(json.dumps(last, separators=(",", ":")).encode()).decode().rstrip("=")


def _read(cursor: str) -> tuple[Period, tuple[int, str], tuple[str, str]]:
    try:
        written = base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4))
        start, kind, level, code, measure, category = json.loads(written)
        if not isinstance(level, int):
            raise _refusal()
        period = Period(date.fromisoformat(start), PeriodKind(kind))
    except (binascii.Error, ValueError, TypeError, RecursionError) as error:
        raise _refusal() from error
    return period, (level, str(code)), (str(measure), str(category))


def _refusal() -> DomainError:
    return DomainError("This is no cursor of this list. Leave it out to start again.", field="cursor")

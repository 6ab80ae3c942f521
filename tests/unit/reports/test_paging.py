"""Pages of the grid of figures."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.measures import BY_NEWNESS, PEOPLE, VISITS
from reports.paging import Grid
from reports.selectors.activity import Cell, cells_of
from reports.selectors.areas import Area, Level
from sutg.common.errors import DomainError
from sutg.common.periods import Period

PERIODS = [Period.parse(written) for written in ("2024-04", "2024-05", "2024-06")]
AREAS = [Area(Level.TOTAL, "LLR", "All"), Area(Level.PLACE, "LEI", "Leicester"), Area(Level.CAFE, "c1", "Hearth")]
MEASURES = [VISITS, PEOPLE, BY_NEWNESS]
GRID = Grid(PERIODS, AREAS, MEASURES)


def cursor_after(cell: Cell) -> str:
    cells = list(cells_of(PERIODS, AREAS, MEASURES))
    return GRID.page("", cells.index(cell) + 1)[1]


@given(st.integers(1, 60))
def test_pages_of_any_size_give_every_cell_once_and_in_order(size: int) -> None:
    seen: list[Cell] = []
    cursor = ""
    while True:
        cells, cursor = GRID.page(cursor, size)
        seen += cells
        if not cursor:
            break

    assert seen == list(cells_of(PERIODS, AREAS, MEASURES))


@pytest.mark.parametrize("grid", [Grid([], AREAS, MEASURES), Grid(PERIODS, [], MEASURES)])
def test_nothing_to_list_is_one_empty_page(grid: Grid) -> None:
    assert grid.page("", 10) == ([], "")


def test_page_after_a_period_that_is_gone_goes_on_with_the_next() -> None:
    cursor = cursor_after(Cell(PERIODS[1], AREAS[0], VISITS))

    cells, _ = Grid([PERIODS[0], PERIODS[2]], AREAS, MEASURES).page(cursor, 1)

    assert cells == [Cell(PERIODS[2], AREAS[0], VISITS)]


def test_page_after_the_last_period_is_gone_is_empty() -> None:
    cursor = cursor_after(Cell(PERIODS[2], AREAS[0], VISITS))

    assert Grid(PERIODS[:2], AREAS, MEASURES).page(cursor, 1) == ([], "")


def test_page_after_an_area_that_is_gone_goes_on_with_the_next() -> None:
    cursor = cursor_after(Cell(PERIODS[0], AREAS[1], PEOPLE))

    cells, _ = Grid(PERIODS, [AREAS[0], AREAS[2]], MEASURES).page(cursor, 1)

    assert cells == [Cell(PERIODS[0], AREAS[2], VISITS)]


def test_renamed_area_moves_no_page() -> None:
    cursor = cursor_after(Cell(PERIODS[0], AREAS[0], BY_NEWNESS, "not_recorded"))
    renamed = [AREAS[0], Area(Level.PLACE, "LEI", "Another name"), AREAS[2]]

    cells, _ = Grid(PERIODS, renamed, MEASURES).page(cursor, 1)

    assert cells == [Cell(PERIODS[0], renamed[1], VISITS)]


def forged(*parts: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    [
        "!!",
        "é",
        "A",
        forged(),
        forged("2024-04-01", "month", 0, "LLR", "visits"),
        forged("2024-04-01", "month", 0, "LLR", "rumours", ""),
        forged("2024-04-01", "month", "0", "LLR", "visits", ""),
        forged("2024-04-99", "month", 0, "LLR", "visits", ""),
        forged("2024-04-01", "week", 0, "LLR", "visits", ""),
        forged(5, "month", 0, "LLR", "visits", ""),
        base64.urlsafe_b64encode(b"[" * 300).decode(),
    ],
)
def test_cursor_of_something_else_is_refused(cursor: str) -> None:
    with pytest.raises(DomainError) as refusal:
        GRID.page(cursor, 1)

    assert refusal.value.field == "cursor"


@given(st.text(max_size=60))
def test_no_cursor_breaks_the_list(cursor: str) -> None:
    try:
        cells, _ = GRID.page(cursor, 5)
    except DomainError:
        return

    assert len(cells) <= 5

"""A sheet as every kind of file gives it: a title and its rows that are not blank."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final, NamedTuple

from openpyxl.utils import column_index_from_string, get_column_letter


class Formula:
    """Stands where a formula was: what it would have come to is not known and not trusted."""

    def __repr__(self) -> str:
        return "FORMULA"

    def __str__(self) -> str:
        return ""


FORMULA: Final = Formula()

Cell = str | int | float | datetime | date | time | Formula | None


class Row(NamedTuple):
    """A row that is not blank: its number as a spreadsheet shows it, and its cells from the first column on."""

    number: int
    cells: list[Cell]
    has_formula: bool


@dataclass(slots=True)
class Sheet:
    """A sheet whose rows can be read once, in order.

    `expected_rows` is about how many, or None when not known; `delimiter` is set for text files, whose cells it parts.
    """

    title: str
    is_hidden: bool
    rows: Iterator[Row]
    expected_rows: int | None
    delimiter: str = ""


class Merge(NamedTuple):
    """Cells merged over several rows: columns count from 0, rows from 1."""

    first_row: int
    last_row: int
    first_column: int


def merged_ranges(found: list[tuple[str, int, str, int]]) -> list[Merge]:
    """The ranges that reach over several rows, from the top down."""
    merges = (Merge(first, last, column_index_from_string(letters) - 1) for letters, first, _, last in found)
    return sorted(merges)


def fill_merged(rows: Iterator[Row], merges: list[Merge]) -> Iterator[Row]:
    """Write the value of cells merged down a sheet into each row they cover: the person who merged them meant all."""
    waiting = list(reversed(merges))
    open_merges: list[tuple[Merge, Cell]] = []
    for row in rows:
        open_merges = [(merge, value) for merge, value in open_merges if merge.last_row >= row.number]
        for merge, value in open_merges:
            if merge.first_column < len(row.cells) and row.cells[merge.first_column] is None:
                row.cells[merge.first_column] = value
            elif merge.first_column >= len(row.cells):
                row.cells.extend([None] * (merge.first_column - len(row.cells)) + [value])
        while waiting and waiting[-1].first_row <= row.number:
            merge = waiting.pop()
            value = row.cells[merge.first_column] if merge.first_column < len(row.cells) else None
            if merge.first_row == row.number and isinstance(value, (str, date)):
                open_merges.append((merge, value))
        yield row


def cell_name(row: int, column: int) -> str:
    """A cell as a spreadsheet names it, such as C7, from its row and its column counted from 0."""
    return f"{get_column_letter(column + 1)}{row}"

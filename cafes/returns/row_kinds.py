"""Telling the rows below a header apart: visits from totals, notes, examples, closed days and repeated headers."""

import re
from collections.abc import Callable, Sequence
from datetime import date

from cafes.returns.headings import Columns, heading_key, read_header
from cafes.returns.sheets import FORMULA, Cell
from cafes.returns.text import fold

_TOTAL = re.compile(
    r".*\b(?:sub)?totals?\b.*|(?:number|no|count|sum) of (?:visits|visitors|people|clients|attendances)"
    r"|averages?|mean|count|sum|percentages?"
)
_JUST_TOTAL = frozenset(("total", "totals", "sub total", "subtotal", "grand total", "overall total"))
_NOTE = re.compile(
    r"(?:notes?|key|please|signed|signature|completed by|prepared by|submitted by|return(?:ed)? (?:this|to|by)|nb|n b"
    r"|figures|source|all data|end of|page \d+|declaration|contact|data entered|summary|by month|by cafe)\b"
)
_EXAMPLE = re.compile(r"(?:example|e g|eg|sample)\b.{0,40}")
_NO_VISIT = re.compile(
    r"(?:cafe |session |was )*(?:closed|cancelled|canceled|not open|nil return|bank holiday"
    r"|no (?:visits|visitors|session|attendees|attendance|one attended|one came)|nobody (?:came|attended))\b.*"
)
_DATE_HEADING = re.compile(r"date|when|visited", re.IGNORECASE)
_NUMBER = re.compile(r"\s*[£(]?-?[\d,]+(?:\.\d+)?[)%]?\s*")
_MONTHS = re.compile(
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)(?: \d{2,4})?"
)
_DITTO = frozenset(("ditto", "do", "as above", "same", "same as above"))
_DITTO_MARKS = frozenset(('"', "''", "”", "“", "″", "〃", "’’"))


def is_example(cell: Cell) -> bool:
    """Whether a row's first cell says that the row only shows how to fill the table in."""
    return isinstance(cell, str) and _EXAMPLE.fullmatch(fold(cell)) is not None


def is_aside(cells: Sequence[Cell], columns: Columns, is_cafe: Callable[[str], object]) -> bool:
    """Whether a row without a date is a total, a note, or part of a summary, by its words."""
    first = next((cell for cell in cells if cell is not None), None)
    places = (columns.single.get("cafe", -1), columns.single["date"])
    telling = [first, *(cells[place] for place in places if 0 <= place < len(cells))]
    for cell in telling:
        if isinstance(cell, str) and len(cell) < 200 and not is_cafe(cell):
            words = fold(cell)
            if _TOTAL.fullmatch(words) or _NOTE.match(words) or is_example(cell):
                return True
    texts = [cell for cell in cells if isinstance(cell, str) and len(cell) < 40]
    folded = [fold(text) for text in texts] if len(texts) <= 12 else []
    months = sum(1 for words in folded if _MONTHS.fullmatch(words))
    return months > 1 or not _JUST_TOTAL.isdisjoint(folded)


def is_sums(cells: Sequence[Cell]) -> bool:
    """Whether a row without a date is only numbers and formulas, but for one label: sums, or running numbers."""
    words = 0
    for cell in cells:
        if isinstance(cell, date) or (isinstance(cell, str) and not _NUMBER.fullmatch(cell)):
            words += 1
            if words > 1:
                return False
    return True


def is_closed(cells: Sequence[Cell]) -> bool:
    """Whether a row says that the café was not open that day, or that nobody came."""
    return any(isinstance(cell, str) and _NO_VISIT.fullmatch(fold(cell)) for cell in cells)


def is_ditto(text: str) -> bool:
    """Whether a cell points at the one above it."""
    stripped = text.strip()
    return stripped in _DITTO_MARKS or stripped.casefold().rstrip(".") in _DITTO


def formulas(cells: Sequence[Cell]) -> int:
    """How many cells of a row hold a formula."""
    return sum(1 for cell in cells if cell is FORMULA)


def repeats_header(cells: Sequence[Cell], labels: Sequence[str]) -> bool:
    """Whether at least half of a row's words are the table's own headings, as on the next page of a print."""
    texts = same = 0
    for index, cell in enumerate(cells):
        if isinstance(cell, str):
            texts += 1
            label = labels[index] if index < len(labels) else ""
            same += bool(label) and len(cell) < 80 and heading_key(cell) == label
            if texts >= 5 and not same:
                return False
    return same >= 3 and same * 2 >= texts


def new_header(cells: Sequence[Cell], above: Sequence[Cell]) -> Columns | None:
    """The columns of a row that is a header by its own words, for a table whose columns change; else None."""
    if any(cell is not None and not isinstance(cell, str) for cell in cells):
        return None
    if not any(isinstance(cell, str) and _DATE_HEADING.search(cell) for cell in (*cells, *above)):
        return None  # spares most rows a look at every heading
    columns = read_header(cells, above)
    filled = sum(1 for cell in cells if cell is not None)
    return columns if columns.is_table and columns.score * 3 >= 2 * filled else None

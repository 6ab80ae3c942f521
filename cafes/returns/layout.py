"""Finding the table of visits on a sheet, and telling its rows from titles, totals, notes and repeated headers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice

from cafes.returns.cafe_names import CafeNames
from cafes.returns.dates import looks_like_date
from cafes.returns.headings import ENOUGH, Columns, heading_key, read_header
from cafes.returns.refusals import UnreadableReturn, quoted
from cafes.returns.sheets import FORMULA, Cell, Row, Sheet, cell_name
from cafes.returns.text import clean, fold

_HEADER_WITHIN = 100
_TOTAL = re.compile(
    r"(?:(?:the )?(?:grand|sub|overall|running|monthly|weekly|quarterly|daily|annual|page|month|quarter|week|cafe|visits?|visitors?)"
    r" )?(?:sub)?totals?\b(?! \w+ \w+ \w+ \w+)|[a-z]+(?: \d{2,4})? (?:sub ?)?totals?|.*\b(?:grand|sub) ?total\b.*"
    r"|(?:number|no|count|sum) of (?:visits|visitors|people|clients|attendances)|averages?|mean|count|sum|percentages?"
)
_NOTE = re.compile(
    r"(?:notes?|key|please|signed|signature|completed by|prepared by|submitted by|return(?:ed)? (?:this|to|by)|nb|n b"
    r"|example|e g|eg|figures|source|all data|end of|page \d+|declaration|contact|data entered)\b"
)
_NO_VISIT = re.compile(
    r"(?:cafe |session |was )*(?:closed|cancelled|canceled|no (?:visits|visitors|session|attendees|one attended|one came)"
    r"|nil return|bank holiday|not open|nobody (?:came|attended))\b.*"
)
_DITTO = frozenset(("ditto", "do", "as above", "same", "same as above"))
_DITTO_MARKS = frozenset(('"', "''", "”", "“", "″", "〃", "''", "’’"))


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A row of the table that tells of a visit; `cafe` is the name that stands in it, over it, or on the sheet."""

    number: int
    cells: list[Cell]
    columns: Columns
    cafe: str


@dataclass(slots=True)
class SheetReading:
    """What became of a sheet: `why_skipped` is a sentence part when no table of visits was found on it."""

    title: str
    why_skipped: str = ""
    has_table: bool = False
    found: int = 0
    unread_formula: str = ""
    titles: list[str] = field(default_factory=list)


class SheetLayout:
    """Reads one sheet row by row; after `visits` has ended, `reading` says what was found."""

    def __init__(self, sheet: Sheet, cafes: CafeNames) -> None:
        self._sheet = sheet
        self._cafes = cafes
        self._columns = Columns()
        self._used: list[int] = []
        self._default_cafe = ""
        self._section = ""
        self._above: Row | None = None
        self._last: dict[str, Cell] = {}
        self.reading = SheetReading(sheet.title)

    def visits(self) -> Iterator[VisitRow]:
        """The rows that tell of visits; UnreadableReturn for a formula in one, or a table without dates."""
        if self._sheet.is_hidden:
            # What the officer cannot see in the file cannot be checked against the figures. Hidden sheets hold the
            # lists behind drop-downs, or last quarter's visits. Hidden rows and columns are read: filters hide them.
            self.reading.why_skipped = "hidden"
            return
        opening = list(islice(self._sheet.rows, _HEADER_WITHIN))
        start = self._find_header(opening)
        if start is None:
            self._explain_missing(opening)
            return
        self.reading.has_table = True
        for row in chain(opening[start:], self._sheet.rows):
            visit = self._read(row)
            if visit is not None:
                self.reading.found += 1
                yield visit
        self._refuse_linked_table()

    def _find_header(self, rows: list[Row]) -> int | None:
        """The place of the first row below the header; the café named in a title above it is noted on the way."""
        above: Row | None = None
        for place, row in enumerate(rows):
            columns = read_header(row.cells, _adjacent(above, row))
            following = rows[place + 1] if place + 1 < len(rows) else None
            both = (
                read_header(following.cells, row.cells) if following and _adjacent(row, following) else None
            )
            if both and both.is_table and _tells_more(both, columns, following):
                self._use(both)
                return place + 2
            if columns.is_table:
                self._use(columns)
                return place + 1
            self._note_title(row)
            above = row
        return None

    def _use(self, columns: Columns) -> None:
        self._columns = columns
        self._used = columns.used
        sheet_cafe = self._sheet.title if self._cafes.match(self._sheet.title) else ""
        near = next((title for title in reversed(self.reading.titles) if self._cafes.candidates(title)), "")
        self._default_cafe = self._section or sheet_cafe
        if "cafe" not in columns.single and not self._default_cafe:
            # Nobody said which café in so many words: what stands on the sheet is put to a person.
            self._default_cafe = (
                near if not self._cafes.candidates(self._sheet.title) and near else self._sheet.title
            )

    def _note_title(self, row: Row) -> None:
        texts = [clean(cell) for cell in row.cells if isinstance(cell, str)]
        if len(texts) > 4 or len(row.cells) > 20 and len(texts) != 1:
            return
        for text in texts:
            if self._cafes.stated(text):
                self._section = text if self._cafes.match(text) else self._cafes.stated(text) or ""
        if len(texts) == 1 and len(texts[0]) < 60:
            self.reading.titles.append(texts[0])

    def _read(self, row: Row) -> VisitRow | None:
        """The visit that a row below the header tells of, or None for any other row."""
        cells = row.cells
        columns = self._columns
        place = columns.single["date"]
        when = cells[place] if place < len(cells) else None
        if not self._is_visit(row, when):
            self._note_other(row)
            self._above = row
            return None
        if row.has_formula:
            self._refuse_formula(row)
        cafe = self._default_cafe
        column = columns.single.get("cafe")
        if column is not None and column < len(cells) and cells[column] is not None:
            cafe = clean(cells[column])
        if '"' in cafe or len(cafe) < 14:
            cafe = self._without_ditto("cafe", cafe)
        if isinstance(when, str) and _is_ditto(when):
            cells[place] = self._last.get("date")
        else:
            self._last["date"] = when
        return VisitRow(row.number, cells, columns, cafe)

    def _without_ditto(self, name: str, written: str) -> str:
        if _is_ditto(written):
            return str(self._last.get(name) or "")
        self._last[name] = written
        return written

    def _is_visit(self, row: Row, when: Cell) -> bool:
        cells = row.cells
        width = len(cells)
        filled = sum(1 for index in self._used if index < width and cells[index] is not None)
        if isinstance(when, date) and filled >= ENOUGH:
            return not self._is_header(row)
        if filled < 2 or self._is_header(row) or self._is_aside(cells, when):
            return False
        if self._is_numbers_only(row, when):
            return False
        if looks_like_date(when) or isinstance(when, int | float):
            return filled >= 3 or not self._is_closed(cells)
        return filled >= min(ENOUGH, max(2, len(self._used) // 2))

    def _is_aside(self, cells: list[Cell], when: Cell) -> bool:
        """Whether the row is a total, a note or an example, by the words it starts with or has for its café or date."""
        first = next((cell for cell in cells if cell is not None), None)
        column = self._columns.single.get("cafe", -1)
        cafe = cells[column] if 0 <= column < len(cells) else None
        has_date = looks_like_date(when)
        for cell in (first, cafe, when):
            if not isinstance(cell, str) or (cell is cafe and self._cafes.match(cell)):
                continue
            words = fold(cell)
            if _TOTAL.fullmatch(words) and not has_date:
                return True
            if _NOTE.match(words) and (not has_date or words.startswith(("example", "e g", "eg"))):
                return True
        return False

    def _is_numbers_only(self, row: Row, when: Cell) -> bool:
        """Whether a row holds only numbers and formulas: sums under the columns, or a template's running numbers."""
        if isinstance(when, date):
            return False
        for cell in row.cells:
            if isinstance(cell, str) and not _is_number_text(cell):
                return False
        if row.cells.count(FORMULA) >= ENOUGH and not self.reading.unread_formula:
            self.reading.unread_formula = cell_name(row.number, row.cells.index(FORMULA))
        return True

    def _is_closed(self, cells: list[Cell]) -> bool:
        return any(isinstance(cell, str) and _NO_VISIT.fullmatch(fold(cell)) for cell in cells)

    def _is_header(self, row: Row) -> bool:
        """Whether a row is the header come again, perhaps with its columns in another order."""
        labels = self._columns.labels
        same = 0
        texts = 0
        for index, cell in enumerate(row.cells):
            if isinstance(cell, str):
                texts += 1
                if (
                    index < len(labels)
                    and labels[index]
                    and len(cell) < 80
                    and heading_key(cell) == labels[index]
                ):
                    same += 1
                elif texts > 5 and not same:
                    break
        if same >= 3 and same * 2 >= texts:
            return True
        return self._is_new_header(row)

    def _is_new_header(self, row: Row) -> bool:
        if any(cell is not None and not isinstance(cell, str) for cell in row.cells):
            return False
        place = self._columns.single["date"]
        if place < len(row.cells) and looks_like_date(row.cells[place]):
            return False
        columns = read_header(row.cells, _adjacent(self._above, row))
        return columns.is_table and columns.score * 3 >= 2 * sum(1 for cell in row.cells if cell is not None)

    def _note_other(self, row: Row) -> None:
        """Learn from a row that is no visit: a header for what follows, or the café that the next block is of."""
        columns = read_header(row.cells, _adjacent(self._above, row))
        if columns.is_table and self._is_header(row):
            if columns.single != self._columns.single or columns.score > self._columns.score:
                self._use_again(columns)
            return
        texts = [clean(cell) for cell in row.cells if cell is not None]
        if len(texts) <= 3:
            stated = next((cafe for text in texts if (cafe := self._cafes.stated(text))), None)
            if stated:
                self._section = self._default_cafe = stated

    def _use_again(self, columns: Columns) -> None:
        default = self._default_cafe
        self._use(columns)
        self._default_cafe = default or self._default_cafe

    def _refuse_formula(self, row: Row) -> None:
        name = cell_name(row.number, row.cells.index(FORMULA))
        raise UnreadableReturn(_FORMULA.format(sheet=quoted(self._sheet.title), cell=name))

    def _refuse_linked_table(self) -> None:
        if self.reading.unread_formula and not self.reading.found:
            name = self.reading.unread_formula
            raise UnreadableReturn(_FORMULA.format(sheet=quoted(self._sheet.title), cell=name))

    def _explain_missing(self, opening: list[Row]) -> None:
        """Say why a sheet holds no table; a table of visits that lacks only its date heading stops the load."""
        for row in opening:
            columns = read_header(row.cells)
            if columns.score >= ENOUGH + 1 and all(isinstance(cell, str | None) for cell in row.cells):
                raise UnreadableReturn(
                    f"Sheet {quoted(self._sheet.title)} has a table with its headings in row {row.number}, but no "
                    "heading for the date of the visit. Add the heading “Date” and send the file again."
                )
        self.reading.why_skipped = "no table of visits" if opening else "empty"


_FORMULA = (
    "Sheet {sheet}, cell {cell} holds a formula, and a formula cannot be checked. Ask the provider to select the sheet, "
    "copy it, choose Paste special and then Values, save the file and send it again."
)


def _adjacent(above: Row | None, row: Row) -> list[Cell]:
    return above.cells if above is not None and row.number - above.number == 1 else []


def _tells_more(both: Columns, first: Columns, second: Row | None) -> bool:
    """Whether two lines together are the header: the second must be words only, and add to what the first tells."""
    if second is None or any(cell is not None and not isinstance(cell, str) for cell in second.cells):
        return False
    if not first.is_table:
        return True
    more_ticks = (
        len(both.reason_ticks) + len(both.support_ticks)
        > len(first.reason_ticks) + len(first.support_ticks) + 1
    )
    return both.score > first.score or (more_ticks and both.score >= first.score)


def _is_number_text(text: str) -> bool:
    return bool(re.fullmatch(r"\s*[£(]?-?[\d,]+(?:\.\d+)?[)%]?\s*", text))


def _is_ditto(text: str) -> bool:
    stripped = text.strip()
    return stripped in _DITTO_MARKS or stripped.casefold().rstrip(".") in _DITTO

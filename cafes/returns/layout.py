"""Finding the table of visits on a sheet and handing over its visits, each with the café that it was at."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice

from cafes.returns.cafe_names import CafeNames
from cafes.returns.dates import looks_like_date
from cafes.returns.headings import ENOUGH, Columns, read_header
from cafes.returns.refusals import UnreadableReturn, quoted
from cafes.returns.rejoining import fit, rejoin
from cafes.returns.row_kinds import (
    formulas,
    is_aside,
    is_closed,
    is_ditto,
    is_example,
    is_sums,
    new_header,
    repeats_header,
)
from cafes.returns.sheets import FORMULA, Cell, Row, Sheet, cell_name
from cafes.returns.text import Memo, clean

_HEADER_WITHIN = 100
_LONGEST_TITLE = 80
_MOST_CUT_ROWS = 2_000  # trying each place to join costs about half a millisecond a row
_FORMULA = (
    "Sheet {sheet}, cell {cell} holds a formula, and a formula cannot be checked. Ask the provider to select the "
    "sheet, copy it, choose Paste special and then Values, save the file and send it again."
)


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A row of the table that tells of a visit; `cafe` is the name that stands in it, over it, or on the sheet."""

    number: int
    cells: list[Cell]
    columns: Columns
    cafe: str


@dataclass(slots=True)
class SheetReading:
    """What became of a sheet: `why_skipped` says so when no table of visits was read on it."""

    title: str
    why_skipped: str = ""
    has_table: bool = False
    found: int = 0
    linked_cell: str = ""


@dataclass(slots=True)
class _Cafe:
    """What a sheet says of its café outside the café column."""

    stated: str = ""  # by a title or a heading over a block, in so many words
    titles: list[str] = field(default_factory=list)  # other titles, in which a person may recognise a café
    standing: str = ""  # the name that rows without their own take


class SheetLayout:
    """Reads one sheet row by row; after `visits` has ended, `reading` says what was found."""

    def __init__(self, sheet: Sheet, cafes: CafeNames) -> None:
        self._sheet = sheet
        self._cafes = cafes
        self._columns = Columns()
        self._used: list[int] = []
        self._cafe = _Cafe()
        self._above: Row | None = None
        self._last_cafe = ""
        self._last_date: Cell = None
        self._cut_rows = 0
        self._is_text_date: Memo[Cell, bool] = Memo(looks_like_date)
        self._is_example: Memo[Cell, bool] = Memo(is_example)
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
        if self.reading.linked_cell and not self.reading.found:
            self._refuse_formula(self.reading.linked_cell)

    def _find_header(self, rows: list[Row]) -> int | None:
        """The place of the first row below the header; the café named in a title above it is noted on the way."""
        above: Row | None = None
        for place, row in enumerate(rows):
            columns = read_header(row.cells, _adjacent(above, row))
            following = rows[place + 1] if place + 1 < len(rows) else None
            if not columns.is_table:
                self._note_title(row)
            both = _two_lines(row, following, columns)
            if both is not None:
                self._use(both)
                return place + 2
            if columns.is_table:
                self._use(columns)
                return place + 1
            above = row
        return None

    def _use(self, columns: Columns) -> None:
        """Read the rows that follow by these columns, under the café that the sheet names."""
        self._columns = columns
        self._used = columns.used
        cafe = self._cafe
        if cafe.stated:
            cafe.standing = cafe.stated
        elif self._cafes.match(self._sheet.title):
            cafe.standing = self._sheet.title
        elif "cafe" not in columns.single:
            # Nobody said which café in so many words: what stands on the sheet is put to a person.
            near = next((title for title in reversed(cafe.titles) if self._cafes.candidates(title)), "")
            cafe.standing = self._sheet.title if self._cafes.candidates(self._sheet.title) or not near else near

    def _note_title(self, row: Row) -> None:
        """Remember what a row that is no visit says of the café: a title, or the heading of a block."""
        texts = [clean(cell) for cell in row.cells if cell is not None]
        if len(texts) > ENOUGH:
            return
        for text in texts:
            official = self._cafes.stated(text)
            if official:
                self._cafe.stated = self._cafe.standing = official
        if len(texts) == 1 and len(texts[0]) < _LONGEST_TITLE:
            self._cafe.titles = [*self._cafe.titles[-9:], texts[0]]

    def _read(self, row: Row) -> VisitRow | None:
        """The visit that a row below the header tells of, or None for any other row."""
        if self._sheet.delimiter and len(row.cells) > len(self._columns.labels):
            row = self._rejoined(row)
        cells = row.cells
        place = self._columns.single["date"]
        when = cells[place] if place < len(cells) else None
        if not self._is_visit(row, when):
            self._note_other(row)
            self._above = row
            return None
        if row.has_formula:
            self._refuse_formula(cell_name(row.number, cells.index(FORMULA)))
        if isinstance(when, str) and is_ditto(when):
            cells[place] = self._last_date
        self._last_date = cells[place] if place < len(cells) else None
        return VisitRow(row.number, cells, self._columns, self._cafe_of(cells))

    def _rejoined(self, row: Row) -> Row:
        self._cut_rows += 1
        if self._cut_rows > _MOST_CUT_ROWS:
            raise UnreadableReturn(
                f"More than {_MOST_CUT_ROWS:,} rows of the CSV file have more cells than there are headings, because "
                "text with commas has no quotation marks. Ask the provider to save the spreadsheet as Excel Workbook "
                "(.xlsx) and send that."
            )
        return rejoin(row, self._columns, self._sheet.delimiter, self._cafes)

    def _cafe_of(self, cells: list[Cell]) -> str:
        place = self._columns.single.get("cafe")
        if place is None or place >= len(cells) or cells[place] is None:
            return self._cafe.standing
        written = cells[place]
        text = written if isinstance(written, str) else clean(written)
        if len(text) < 16 and is_ditto(text):
            return self._last_cafe
        self._last_cafe = text
        return text

    def _is_visit(self, row: Row, when: Cell) -> bool:
        cells = row.cells
        width = len(cells)
        filled = sum(1 for index in self._used if index < width and cells[index] is not None)
        has_date = isinstance(when, date) or self._is_text_date[when]
        if filled >= ENOUGH and has_date:
            return not self._is_example[cells[0]]
        if filled < 2 or repeats_header(cells, self._columns.labels) or new_header(cells, _adjacent(self._above, row)):
            return False
        if has_date:
            return not (self._is_example[cells[0]] or is_closed(cells))
        if is_aside(cells, self._columns, self._cafes.match):
            return False
        if is_sums(cells):
            if formulas(cells) >= ENOUGH and not self.reading.linked_cell:
                self.reading.linked_cell = cell_name(row.number, cells.index(FORMULA))
            return False
        if filled < min(ENOUGH, max(2, len(self._used) // 2)):
            return False
        return fit(cells, self._columns, self._cafes) >= min(2, len(self._used) // 2)

    def _note_other(self, row: Row) -> None:
        """Learn from a row that is no visit: a header for what follows, or the café that the next block is of."""
        above = _adjacent(self._above, row)
        columns = new_header(row.cells, above)
        if columns is None:
            self._note_title(row)
        elif "cafe" in columns.single or columns.score >= self._columns.score:
            self._start_block(columns)

    def _start_block(self, columns: Columns) -> None:
        """Begin the block under a repeated header; a heading over it that names no café we know is not passed over."""
        above = self._above
        texts = [clean(cell) for cell in above.cells if cell is not None] if above else []
        was_stated, self._cafe.titles = self._cafe.stated, []
        self._use(columns)
        if was_stated and len(texts) == 1 and not self._cafes.stated(texts[0]) and "cafe" not in columns.single:
            self._cafe.standing = texts[0]

    def _refuse_formula(self, cell: str) -> None:
        raise UnreadableReturn(_FORMULA.format(sheet=quoted(self._sheet.title), cell=cell))

    def _explain_missing(self, opening: list[Row]) -> None:
        """Say why a sheet holds no table; a table of visits that lacks only its date heading stops the load."""
        for row in opening:
            columns = read_header(row.cells)
            if columns.score > ENOUGH and all(isinstance(cell, str | None) for cell in row.cells):
                raise UnreadableReturn(
                    f"Sheet {quoted(self._sheet.title)} has a table with its headings in row {row.number}, but no "
                    "heading for the date of the visit. Add the heading “Date” and send the file again."
                )
        self.reading.why_skipped = "no table of visits" if opening else "empty"


def _adjacent(above: Row | None, row: Row) -> list[Cell]:
    return above.cells if above is not None and row.number - above.number == 1 else []


def _two_lines(first: Row, second: Row | None, alone: Columns) -> Columns | None:
    """The columns of a header in two lines, when the second is words only and adds to what the first tells."""
    if second is None or not _adjacent(first, second):
        return None
    if any(cell is not None and not isinstance(cell, str) for cell in second.cells):
        return None
    both = read_header(second.cells, first.cells)
    if not both.is_table:
        return None
    more_ticks = _ticks(both) > _ticks(alone) + 1 and both.score >= alone.score
    return both if not alone.is_table or both.score > alone.score or more_ticks else None


def _ticks(columns: Columns) -> int:
    return len(columns.reason_ticks) + len(columns.support_ticks)

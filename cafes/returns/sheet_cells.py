"""From the XML of one worksheet to cells with values: the innermost loop of reading a workbook."""

from datetime import datetime, time, timedelta
from xml.parsers import expat

from openpyxl.utils import get_column_letter

from cafes.returns.archive import DAMAGED
from cafes.returns.refusals import Limits, UnreadableReturn, quoted
from cafes.returns.sheets import FORMULA, Cell, Row, cell_name
from cafes.returns.text import Memo

_ROW, _CELL, _VALUE, _TEXT, _FORMULA, _HINT = range(1, 7)
_TAGS = {"row": _ROW, "c": _CELL, "v": _VALUE, "t": _TEXT, "f": _FORMULA, "rPh": _HINT}
_STORED = (_VALUE, _TEXT)
DEEPEST = 50  # elements within elements; a sheet has 7, and expat keeps each open one in memory
_LAST_SERIAL = 2_958_465  # 31 December 9999
_DIGITS = "0123456789"


class CellReader:
    """Turns what a cell stores into a value: text, number, or date where its style says so."""

    def __init__(self, *, strings: list[str], date_styles: frozenset[int], date1904: bool) -> None:
        self._strings = strings
        # Excel counts 29 February 1900, which never was; from March 1900 on its day 0 is 30 December 1899.
        self._day_zero = datetime(1904, 1, 1) if date1904 else datetime(1899, 12, 30)  # noqa: DTZ001 - wall time
        self._dated = {str(style) for style in date_styles}
        self._dates: Memo[str, Cell] = Memo(self._as_date)
        self._numbers: Memo[str, Cell] = Memo(_as_number)

    def value(self, kind: str, style: str, stored: str) -> Cell:
        """The value of a cell of this kind and style; None when it holds only white space."""
        if kind == "s":
            text = self._shared(stored)
            return text if text.strip() else None
        if kind == "n":
            return self._dates[stored] if style in self._dated else self._numbers[stored]
        if kind == "b":
            return "TRUE" if stored.strip() == "1" else "FALSE"
        if kind == "d":
            return _as_iso(stored)
        if "_x" in stored:
            stored = stored.replace("_x000D_", "\n").replace("_x000A_", "\n")
        return stored if stored.strip() else None

    def _shared(self, stored: str) -> str:
        try:
            return self._strings[int(stored)]
        except (ValueError, IndexError):
            return stored

    def _as_date(self, stored: str) -> Cell:
        number = _as_number(stored)
        if not isinstance(number, int | float) or not 0 <= number <= _LAST_SERIAL:
            return number
        moment = self._day_zero + timedelta(seconds=round(number * 86_400))
        return moment.time() if number < 1 else moment


def _as_number(stored: str) -> Cell:
    try:
        number = float(stored)
    except ValueError:
        return stored if stored.strip() else None
    if number.is_integer() and abs(number) < 1e15:
        return int(number)
    return number


def _as_iso(stored: str) -> Cell:
    text = stored.strip().removesuffix("Z")
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    try:
        return time.fromisoformat(text)
    except ValueError:
        return text or None


class SheetHandler:
    """Collects the rows of one worksheet as expat meets their parts; `finished` is emptied by the caller.

    Raises UnreadableReturn as soon as the sheet asks for more than the limits allow.
    """

    def __init__(self, title: str, reader: CellReader, limits: Limits) -> None:
        self._title = title
        self._reader = reader
        self._limits = limits
        self.finished: list[Row] = []
        self._tags: dict[str, int] = {}
        self._columns: dict[str, int] = {}
        self._number = 0
        self._cells: list[Cell] = []
        self._has_formula = False
        self._column = -1
        self._kind = "n"
        self._style = ""
        self._pieces: list[str] = []
        self._collects = False
        self._in_hint = False
        self._is_formula = False
        self._blanks = 0
        self._depth = 0
        self._markup = 0

    def attach(self, parser: expat.XMLParserType) -> None:
        """Have the parser call this handler."""
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text

    def _tag(self, name: str) -> int:
        code = self._tags[name] = _TAGS.get(name.rpartition(":")[2], 0)
        if len(self._tags) > 1_000:
            self._tags.clear()
        return code

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = self._tags.get(name)
        if tag is None:
            tag = self._tag(name)
        self._depth += 1
        if self._depth > DEEPEST:
            raise UnreadableReturn(DAMAGED)
        if tag == _CELL:
            place = attributes.get("r")
            self._column = self._column + 1 if place is None else self._column_of(place)
            self._kind = attributes.get("t", "n")
            self._style = attributes.get("s", "0")
            self._is_formula = False
            self._pieces.clear()
        elif tag in _STORED:
            self._collects = not self._in_hint
        elif tag == _ROW:
            self._start_row(attributes)
        elif tag == _FORMULA:
            self._is_formula = True
        elif tag == _HINT:
            self._in_hint = True
        else:
            self._count_markup()

    def _start_row(self, attributes: dict[str, str]) -> None:
        written = attributes.get("r", "")
        self._number = int(written) if written.isdecimal() and len(written) < 9 else self._number + 1
        self._column = -1
        self._cells = []
        self._has_formula = False
        self._count_blank()

    def _text(self, piece: str) -> None:
        if self._collects:
            self._pieces.append(piece)
            if len(self._pieces) > 1 and sum(map(len, self._pieces)) > self._limits.cell_characters:
                raise UnreadableReturn(
                    f"Sheet {quoted(self._title)}, cell {cell_name(self._number, max(0, self._column))} holds more "
                    "text than Excel allows. Ask the provider to shorten it."
                )

    def _end(self, name: str) -> None:
        tag = self._tags.get(name)
        self._depth -= 1
        if tag == _CELL:
            self._end_cell()
        elif tag in _STORED:
            self._collects = False
        elif tag == _ROW and self._cells:
            self._end_row()
        elif tag == _HINT:
            self._in_hint = False

    def _end_cell(self) -> None:
        value: Cell
        if self._is_formula:
            value = FORMULA
            self._has_formula = True
        elif self._pieces:
            stored = self._pieces[0] if len(self._pieces) == 1 else "".join(self._pieces)
            value = self._reader.value(self._kind, self._style, stored)
        else:
            value = None
        if value is None:
            self._count_blank()
            return
        missing = self._column - len(self._cells)
        if missing or self._column >= self._limits.columns:
            self._place(value, missing)
        else:
            self._cells.append(value)

    def _place(self, value: Cell, missing: int) -> None:
        if missing < 0:
            self._cells[self._column] = value
            return
        if self._column >= self._limits.columns:
            raise UnreadableReturn(
                f"Sheet {quoted(self._title)} reaches as far as column {get_column_letter(self._column + 1)}, in row "
                f"{self._number:,}. Ask the provider to delete what lies to the right of the table and send it again."
            )
        self._cells.extend([None] * missing)
        self._cells.append(value)

    def _end_row(self) -> None:
        self.finished.append(Row(self._number, self._cells, self._has_formula))
        self._cells = []

    def _count_blank(self) -> None:
        self._blanks += 1
        if self._blanks > self._limits.blank_cells:
            raise UnreadableReturn(
                f"Sheet {quoted(self._title)} is made of millions of blank rows or cells, as far as row "
                f"{self._number:,}. Ask the provider to delete the blank rows below the table and save the file again."
            )

    def _count_markup(self) -> None:
        self._markup += 1
        if self._markup > self._limits.markup:
            raise UnreadableReturn(
                f"Sheet {quoted(self._title)} is made of millions of elements that no spreadsheet needs. Ask the "
                "provider to copy the visits into a new workbook."
            )

    def _column_of(self, place: str) -> int:
        letters = place.rstrip(_DIGITS)
        column = self._columns.get(letters)
        if column is None:
            column = self._columns[letters] = _column_index(letters)
        return column


def _column_index(letters: str) -> int:
    index = 0
    for letter in letters.upper()[:4]:
        index = index * 26 + ord(letter) - 64
    return max(0, min(index, 1 << 15) - 1)

"""Reading CSV: which encoding, which separator, and rows without ever holding a long line."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from cafes.returns.headings import heading_score
from cafes.returns.refusals import Limits, UnreadableReturn
from cafes.returns.sheets import FORMULA, Cell, Row, Sheet

_SAMPLE_BYTES = 1 << 16
_SAMPLE_ROWS = 100
_DELIMITERS = (",", ";", "\t", "|")
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
# What a spreadsheet would run rather than show: =1+1, @SUM(…), +cmd|'…'!A1.
_FORMULA = re.compile(r"\s*(?:=.|[+\-@][A-Za-z.]+\(|[+\-@].*\|\s*['’].*!)", re.DOTALL)
_BINARY = (
    "The file is named as CSV but does not hold text. Ask the provider to save the spreadsheet as Excel Workbook "
    "(.xlsx) or CSV and send that."
)
_LONG_LINE = (
    "The CSV file has a line or a quoted cell far longer than a visit could be, from line {line} on; a quotation mark "
    "that is never closed does this. Ask the provider to save the spreadsheet as Excel Workbook (.xlsx) and send that."
)


class _Borrowed(io.RawIOBase):
    """Someone else's file, read from its start and never closed, so that it can be read a second time."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self._file = file
        self._position = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._file.seek(self._position)
        piece = self._file.read(len(buffer))
        self._position += len(piece)
        buffer[: len(piece)] = piece
        return len(piece)


def read_delimited(file: BinaryIO, *, title: str, limits: Limits) -> Sheet:
    """The one sheet of a CSV file; UnreadableReturn when it is not text or has no end of line."""
    encoding = find_encoding(file)
    sample = _sample(file, encoding)
    stated = _SEPARATOR_LINE.fullmatch(sample.partition("\n")[0].lstrip("\ufeff").strip("\r"))
    delimiter = stated[1] if stated else _likely_delimiter(sample)
    text = io.TextIOWrapper(io.BufferedReader(_Borrowed(file)), encoding=encoding, errors="replace", newline="")
    rows = _rows(_lines(text, limits), delimiter, limits, skip=1 if stated else 0)
    expected = _count_lines(file)
    return Sheet(title=title, is_hidden=False, rows=rows, expected_rows=expected, delimiter=delimiter)


def find_encoding(file: BinaryIO) -> str:
    """UTF-8 or UTF-16 where the bytes say so, else the Windows, Macintosh or DOS code page that spells "café"."""
    file.seek(0)
    head = file.read(_SAMPLE_BYTES)
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" in head:
        return _utf16_without_mark(head)
    return "utf-8" if _is_utf8(file) else _code_page(head)


def _utf16_without_mark(head: bytes) -> str:
    for name, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
        if zeros.count(0) > 0.9 * len(zeros) and head.count(0) < 0.6 * len(head):
            return name
    raise UnreadableReturn(_BINARY)


def _is_utf8(file: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    is_utf8 = True
    while piece := file.read(1 << 20):
        if b"\0" in piece:
            raise UnreadableReturn(_BINARY)
        try:
            is_utf8 = is_utf8 and decoder.decode(piece) is not None
        except UnicodeDecodeError:
            is_utf8 = False
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return is_utf8


def _code_page(head: bytes) -> str:
    if re.search(rb"[Cc]af\x8e", head):
        return "mac_roman"
    if re.search(rb"[Cc]af\x82", head):
        return "cp850"
    return "cp1252"


def _sample(file: BinaryIO, encoding: str) -> str:
    file.seek(0)
    return file.read(_SAMPLE_BYTES).decode(encoding, errors="replace")


def _likely_delimiter(sample: str) -> str:
    """The separator under which the headings are best understood; then the one seen most."""

    def quality(delimiter: str) -> tuple[int, int]:
        return _best_heading(sample, delimiter), sample.count(delimiter)

    return max(_DELIMITERS, key=quality)


def _best_heading(sample: str, delimiter: str) -> int:
    best = 0
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    try:
        for number, cells in enumerate(reader):
            if number > _SAMPLE_ROWS:
                break
            best = max(best, heading_score(cells))
    except csv.Error:
        pass
    return best


def _count_lines(file: BinaryIO) -> int:
    file.seek(0)
    count = 0
    while piece := file.read(1 << 20):
        count += piece.count(b"\n")
    return count


def _lines(text: io.TextIOWrapper, limits: Limits) -> Iterator[str]:
    number = 0
    while line := text.readline(limits.line_characters):
        number += 1
        if len(line) >= limits.line_characters:
            raise UnreadableReturn(_LONG_LINE.format(line=f"{number:,}"))
        yield line


def _rows(lines: Iterable[str], delimiter: str, limits: Limits, skip: int) -> Iterator[Row]:
    """Rows numbered as a spreadsheet would show them: the `sep=` line is no row, a cell may hold several lines."""
    reader = csv.reader(lines, delimiter=delimiter)
    number = -skip
    blanks = 0
    try:
        for cells in reader:
            number += 1
            if number < 1:
                continue
            if not any(cells) or not any(map(str.strip, cells)):
                blanks += 1
                _refuse_blank_flood(blanks, limits)
                continue
            yield _row(number, cells, limits)
    except csv.Error:
        raise UnreadableReturn(_LONG_LINE.format(line=f"{reader.line_num:,}")) from None


def _refuse_blank_flood(blanks: int, limits: Limits) -> None:
    if blanks > limits.blank_cells:
        raise UnreadableReturn(
            "The CSV file is made of millions of blank rows. Ask the provider to delete the rows below the table and "
            "save the file again."
        )


def _row(number: int, written: list[str], limits: Limits) -> Row:
    while written and not written[-1].strip():
        written.pop()
    if len(written) > limits.columns:
        raise UnreadableReturn(
            f"Row {number:,} of the CSV file has {len(written):,} cells, far more than the headings. Ask the provider "
            "to save the spreadsheet as Excel Workbook (.xlsx) and send that."
        )
    cells: list[Cell] = [text if text.strip() else None for text in written]
    has_formula = False
    for index, text in enumerate(written):
        if text and text.lstrip()[:1] in "=+-@" and _FORMULA.match(text):
            cells[index] = FORMULA
            has_formula = True
    return Row(number, cells, has_formula)

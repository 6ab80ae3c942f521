"""Reading a return from beginning to end: the one way in for the page, the command and the loading task."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import BinaryIO

from cafes.returns.cafe_names import CafeNames
from cafes.returns.files import open_return
from cafes.returns.layout import SheetLayout
from cafes.returns.quarter import Quarter
from cafes.returns.refusals import DEFAULT_LIMITS, Limits, UnreadableReturn
from cafes.returns.results import DuplicateRow, RejectedRow, VisitRecord
from cafes.returns.rows import RowChecker
from cafes.returns.sheets import Sheet
from cafes.returns.tally import Tally

Outcome = VisitRecord | RejectedRow | DuplicateRow
Progress = Callable[[int, int | None], None]

_NO_ALIASES: Mapping[str, str] = MappingProxyType({})
RecordedDays = Mapping[str, Collection[date]]
_NOTHING_RECORDED: RecordedDays = MappingProxyType({})
_PROGRESS_EVERY = 500
_NO_TABLE = (
    "No table of visits was found. A return needs a row of headings with Date and at least three of Café, Time, "
    "Visitor ref, New or returning, Age band, Gender, Ethnicity, Reasons, Support given, Distress on arrival and "
    "Distress on leaving, with one visit in each row below it."
)


class _Reading:
    """One pass over a return; `skipped` and `checker.unmatched` are complete when `outcomes` has ended."""

    def __init__(
        self,
        file: BinaryIO,
        *,
        filename: str,
        cafes: Sequence[str],
        quarter: Quarter,
        aliases: Mapping[str, str],
        recorded: RecordedDays,
        on_progress: Progress | None,
        limits: Limits,
    ) -> None:
        self._file = file
        self._filename = filename
        self._on_progress = on_progress
        self._limits = limits
        self._done = 0
        self.names = CafeNames(cafes, aliases)
        self.checker = RowChecker(self.names, quarter, recorded)
        self.skipped: list[tuple[str, str]] = []

    def outcomes(self) -> Iterator[Outcome]:
        """Each row of the return as what became of it."""
        sheets = list(open_return(self._file, filename=self._filename, limits=self._limits))
        known = [sheet.expected_rows for sheet in sheets if sheet.expected_rows is not None and not sheet.is_hidden]
        total = sum(known) if known else None
        has_table = False
        for sheet in sheets:
            layout = SheetLayout(sheet, self.names)
            yield from self._sheet(sheet, layout, total)
            has_table = has_table or layout.reading.has_table
            if layout.reading.why_skipped:
                self.skipped.append((sheet.title, layout.reading.why_skipped))
        if not has_table:
            raise UnreadableReturn(_NO_TABLE)
        if self._on_progress:
            self._on_progress(self._done, self._done)

    def _sheet(self, sheet: Sheet, layout: SheetLayout, total: int | None) -> Iterator[Outcome]:
        check = self.checker.check
        for row in layout.visits():
            self._done += 1
            if self._done > self._limits.rows:
                raise UnreadableReturn(
                    f"The return has more than {self._limits.rows:,} rows of visits. Send the quarter in several files."
                )
            yield check(sheet.title, row)
            if self._on_progress and self._done % _PROGRESS_EVERY == 0:
                self._on_progress(self._done, max(total, self._done) if total is not None else None)


def read_return(
    file: BinaryIO,
    *,
    filename: str,
    cafes: Sequence[str],
    quarter: Quarter,
    aliases: Mapping[str, str] = _NO_ALIASES,
    recorded: RecordedDays = _NOTHING_RECORDED,
    on_progress: Progress | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Iterator[VisitRecord | RejectedRow | DuplicateRow]:
    """Each data row of a return, in order, as a visit, a refused row or a repeat.

    `file` is a seekable binary stream and stays open; `filename` says what it should be; `cafes` are the official
    names of the provider's cafés; `aliases` map names as written to those; `recorded` are the days of which a café
    recorded the visits itself, so that a row would count one twice; `on_progress` is called with rows done and
    about how many there are (None when not known). Equal input gives equal output, so a return can be read to check it
    and again to load it. Raises UnreadableReturn while reading, and ValueError for an alias that points nowhere.
    """
    reading = _Reading(
        file,
        filename=filename,
        cafes=cafes,
        quarter=quarter,
        aliases=aliases,
        recorded=recorded,
        on_progress=on_progress,
        limits=limits,
    )
    return reading.outcomes()


def check_return(
    file: BinaryIO,
    *,
    filename: str,
    cafes: Sequence[str],
    quarter: Quarter,
    aliases: Mapping[str, str] = _NO_ALIASES,
    recorded: RecordedDays = _NOTHING_RECORDED,
    on_progress: Progress | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Tally:
    """The figures that a return comes to, read once from beginning to end; arguments and errors as `read_return`."""
    reading = _Reading(
        file,
        filename=filename,
        cafes=cafes,
        quarter=quarter,
        aliases=aliases,
        recorded=recorded,
        on_progress=on_progress,
        limits=limits,
    )
    tally = Tally()
    for outcome in reading.outcomes():
        tally.add(outcome)
    tally.skipped_sheets = reading.skipped
    tally.note_names(list(reading.checker.unmatched.values()), reading.names.candidates)
    return tally

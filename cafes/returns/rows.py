"""From a row of the table to an accepted visit, a repeat, or a refusal that says what to put right."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, time
from types import MappingProxyType

from cafes.returns import answers
from cafes.returns.cafe_names import CafeNames, cafe_key
from cafes.returns.dates import read_clock, read_date, read_time
from cafes.returns.headings import Columns
from cafes.returns.layout import VisitRow
from cafes.returns.quarter import Quarter
from cafes.returns.refusals import quoted
from cafes.returns.results import DuplicateRow, RejectedRow, VisitRecord
from cafes.returns.sheets import Cell
from cafes.returns.text import Memo, fold, is_blank

_MOST_UNMATCHED = 200  # names that a person could still be asked about
Outcome = VisitRecord | RejectedRow | DuplicateRow


class Refusal(Exception):
    """Why a row is not counted: a code and a sentence."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.message = message


class RowChecker:
    """Checks the rows of one file in order, and remembers which visits it has met.

    The café is looked at first, then the date, then whether the row repeats an earlier one, then the scores: the
    first fault found is the reason. A row repeats any earlier row whose café and date could be read, so that a
    repeat of a row with an impossible score is a repeat.
    """

    def __init__(
        self, cafes: CafeNames, quarter: Quarter, recorded: Mapping[str, Collection[date]] = MappingProxyType({})
    ) -> None:
        self._recorded = recorded
        self._cafes = cafes
        self._quarter = quarter
        self._sheets: list[str] = []
        self._met: dict[str, tuple[int, int]] = {}
        self.unmatched: dict[str, str] = {}
        self._cafe: Memo[str, str | None] = Memo(cafes.match)
        self._date: Memo[Cell, date | None] = Memo(lambda value: read_date(value, quarter.start.year))
        self._time: Memo[Cell, time | None] = Memo(read_time)
        self._gender: Memo[Cell, str] = Memo(answers.read_gender)
        self._age: Memo[Cell, str] = Memo(answers.read_age_band)
        self._ethnicity: Memo[Cell, tuple[str, str]] = Memo(answers.read_ethnicity)
        self._reasons: Memo[Cell, tuple[str, ...]] = Memo(answers.read_reasons)
        self._support: Memo[Cell, tuple[str, ...]] = Memo(answers.read_support)
        self._score: Memo[Cell, tuple[int | None, bool]] = Memo(answers.read_score)
        self._words: Memo[Cell, str] = Memo(answers.read_words)
        self._district: Memo[Cell, str] = Memo(answers.read_district)
        self._ticked: Memo[Cell, bool] = Memo(answers.is_ticked)

    def check(self, sheet: str, row: VisitRow) -> Outcome:
        """What becomes of a row."""
        try:
            return self._checked(sheet, row)
        except Refusal as refusal:
            return RejectedRow(sheet, row.number, refusal.reason, refusal.message)

    def _checked(self, sheet: str, row: VisitRow) -> Outcome:
        cells, single = row.cells, row.columns.single
        width = len(cells)

        def cell(name: str) -> Cell:
            place = single.get(name)
            return cells[place] if place is not None and place < width else None

        cafe = self._checked_cafe(row.cafe)
        written = cell("date")
        day = self._checked_date(written)
        self._check_not_recorded(cafe, day)
        reference = answers.read_reference(cell("reference"))
        came = cell("time")
        first = self._repeated(sheet, row.number, cafe, day, came, reference) if reference else None
        if first is not None:
            return DuplicateRow(sheet, row.number, self._sheets[first[0]], first[1])
        before = self._checked_score(cell("distress_before"), "on arrival")
        after = self._checked_score(cell("distress_after"), "on leaving")
        code, as_written = self._ethnicity[cell("ethnicity")]
        return VisitRecord(
            sheet=sheet,
            row=row.number,
            cafe=cafe,
            date=day,
            time=self._time[came] if came is not None else read_clock(written),
            reference=reference,
            is_new=self._newness(cells, row.columns),
            age_band=self._age[cell("age_band")],
            gender=self._gender[cell("gender")],
            ethnic_category=code,
            ethnicity_as_written=as_written,
            reasons=_answers(cells, row.columns.reasons, row.columns.reason_ticks, self._reasons, self._ticked),
            support=_answers(cells, row.columns.support, row.columns.support_ticks, self._support, self._ticked),
            onward_referral=self._words[cell("onward_referral")],
            alternative=self._words[cell("alternative")],
            distress_before=before,
            distress_after=after,
            postcode_district=self._district[cell("postcode")],
        )

    def _checked_cafe(self, written: str) -> str:
        cafe = self._cafe[written]
        if cafe is not None:
            return cafe
        if is_blank(written):
            raise Refusal("no_cafe", "No café is written in this row. Add its name and send the file again.")
        if len(self.unmatched) < _MOST_UNMATCHED:
            self.unmatched.setdefault(cafe_key(written), written)
        raise Refusal(
            "unknown_cafe",
            f"{quoted(written)} is not the name of a café that this provider runs. Say which café is meant, or have "
            "the name corrected.",
        )

    def _check_not_recorded(self, cafe: str, day: date) -> None:
        if day in self._recorded.get(cafe, ()):
            raise Refusal(
                "recorded_here",
                f"{cafe} recorded its visits of {day.day} {day:%B %Y} here, so they are counted already. "
                "Take the rows of that day out of the return.",
            )

    def _checked_date(self, written: Cell) -> date:
        day = self._date[written]
        if day is None:
            if is_blank(written):
                raise Refusal("no_date", "No date is written in this row. Add the date of the visit.")
            raise Refusal(
                "bad_date",
                f"{quoted(written)} is not a possible date, read with the day before the month. Correct it, such as "
                f"{self._quarter.start:%d/%m/%Y}.",
            )
        if not self._quarter.start <= day <= self._quarter.end:
            raise Refusal(
                "out_of_period",
                f"{day:%d/%m/%Y} is outside {self._quarter.label}. Correct the date, or send the row in the return "
                "of its own quarter.",
            )
        return day

    def _checked_score(self, written: Cell, when: str) -> int | None:
        score, is_accepted = self._score[written]
        if not is_accepted:
            raise Refusal(
                "score",
                f"Distress {when} is {quoted(written)}. Give a whole number from 0 to 10, or leave it blank.",
            )
        return score

    def _repeated(
        self, sheet: str, number: int, cafe: str, day: date, came: Cell, reference: str
    ) -> tuple[int, int] | None:
        """The sheet and row of the earlier row with the same café, date, time and reference; else remember this one."""
        clock = self._time[came]
        key = f"{cafe}|{day.toordinal()}|{clock or fold(came)}|{reference}"
        if not self._sheets or self._sheets[-1] != sheet:
            self._sheets.append(sheet)
        return self._first(key, (len(self._sheets) - 1, number))

    def _first(self, key: str, here: tuple[int, int]) -> tuple[int, int] | None:
        first = self._met.setdefault(key, here)
        return None if first is here else first

    def _newness(self, cells: list[Cell], columns: Columns) -> bool | None:
        for kind in ("new_or_returning", "first_visit", "returning_visit"):
            place = columns.single.get(kind)
            if place is None or place >= len(cells) or cells[place] is None:
                continue
            newness = answers.read_newness(cells[place], kind)
            if newness is not None:
                return newness
        return None


def _answers(
    cells: list[Cell],
    lists: Sequence[int],
    ticks: Sequence[tuple[int, str]],
    read: Memo[Cell, tuple[str, ...]],
    ticked: Memo[Cell, bool],
) -> tuple[str, ...]:
    """The answers of a row from its lists and its ticked columns, each once."""
    width = len(cells)
    found: list[str] = [name for place, name in ticks if place < width and ticked[cells[place]]]
    for place in lists:
        if place < width and cells[place] is not None:
            found.extend(read[cells[place]])
    return tuple(found) if len(found) < 2 else tuple(dict.fromkeys(found))

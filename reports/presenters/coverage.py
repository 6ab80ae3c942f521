"""Coverage as tables: gaps first, growth over time, and what a change would do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from reports.disclosure import Disclosed, Exact, NoSessions, Rounded, Suppressed
from reports.measures import VISITS
from reports.presenters.files import ATTRIBUTION
from reports.presenters.tables import Chart, Table
from reports.presenters.values import as_table_cell, status_of
from reports.presenters.words import count_in_words
from reports.selectors.activity import Activity, Cell
from reports.selectors.areas import Area
from reports.selectors.coverage import Coverage, Ground, Opening
from sutg.common.csv_lines import MARK, csv_line
from sutg.common.periods import Period

UNKNOWN = "list size unknown"
FILE_COLUMNS = (
    *("neighbourhood_code", "neighbourhood", "registered_people", "open_cafes", "open_hours_a_week"),
    *("hours_per_10000_people", "period", "visits_status", "visits", "visits_per_1000_people"),
    *("local_authorities", "percent_of_small_areas_in_most_deprived_fifth"),
)
NOTES = (
    "Open cafés and hours are those of the dated states and weekly openings that hold today; single days are left out.",
    (
        "Hours and visits per head are per person registered with the neighbourhood’s GP practices (business case of "
        "December 2021). Rutland’s list size is wrong in the source and so unknown: nothing is given per head there."
    ),
    (
        "Visits count where the café is, not where people live. Outside a provider they are rounded to the nearest 5; "
        "* is a figure below 5, which may be 0. Rates are worked out from the rounded figure, and tell no more than it."
    ),
    (
        "Deprivation is the share of small areas in the most deprived fifth of England (Index of Multiple Deprivation "
        "2025) in the local authorities where the neighbourhood has cafés. It is not known for neighbourhoods."
    ),
    (
        "Neighbourhoods without an open café come first, then those with the fewest hours per head; "
        "those that cannot be compared come last."
    ),
    ATTRIBUTION,
)


@dataclass(frozen=True, slots=True)
class Row:
    """One neighbourhood; ``visits`` has passed disclosure control, or is None where no figures are known."""

    ground: Ground
    opening: Opening
    visits: Disclosed | None

    @property
    def hours_per_head(self) -> float | None:
        return per_head(self.opening.hours, self.ground, 10_000)

    @property
    def gap_first(self) -> tuple[int, float, float, str]:
        """No café first; then the fewest hours a head, the more deprived of two alike before the other."""
        hours = self.hours_per_head
        rank = 0 if not self.opening.cafes else 1 if hours is not None else 2
        return rank, hours if rank == 1 and hours is not None else 0.0, -(self.ground.deprived or 0), self.ground.name


def rows_of(
    coverage: Coverage, today: date, period: Period | None, activity: Activity | None, areas: Mapping[str, Area]
) -> list[Row]:
    """A row for each neighbourhood, gaps first."""
    openings = coverage.on(today)
    rows = []
    for ground in coverage.grounds:
        visits = activity.value(Cell(period, areas[ground.code], VISITS)) if period and activity else None
        rows.append(Row(ground, openings[ground.code], visits))
    return sorted(rows, key=lambda row: row.gap_first)


def per_head(number: float, ground: Ground, heads: int) -> float | None:
    """To one decimal; None where the list size is unknown. Nothing at all is 0, and not the 0.0 of very little."""
    if not ground.people:
        return None
    return round(heads * number / ground.people, 1) if number else 0


def rate_of(visits: Disclosed | None, ground: Ground) -> float | None:
    """Visits per 1,000 people, of the number that may be shown alone: it tells no more than that number does."""
    return per_head(visits.number, ground, 1_000) if isinstance(visits, Exact | Rounded) else None


def gaps_table(rows: list[Row], period: Period | None) -> Table:
    visits = f"Visits, {period.label}" if period else "Visits"
    heads = [
        "Neighbourhood",
        _outside("Open cafés"),
        _outside("Open hours a week"),
        "Hours a week per 10,000 people",
        _outside(visits),
        _outside("Visits per 1,000 people"),
        _outside("In most deprived fifth"),
    ]
    cells = [
        [
            row.ground.name,
            row.opening.cafes,
            tidy(row.opening.hours),
            _head_cell(row.hours_per_head),
            _visits_cell(row.visits),
            _rate_cell(row),
            {"text": percent(row.ground), "reason": "not known"},
        ]
        for row in rows
    ]
    chart = Chart("bar", "Open hours a week per 10,000 people, gaps first", "Hours a week per 10,000 people")
    return Table("coverage", "Coverage by neighbourhood, gaps first", heads, cells, chart if len(rows) > 1 else None)


def growth_table(coverage: Coverage, today: date) -> Table | None:
    """What was open at the end of each quarter, and today; None where no café was ever open."""
    quarters = coverage.quarter_ends(today)
    days = [*(quarter.end for quarter in quarters), today]
    rows: list[tuple[str, int, int, float]] = []
    for day in days:
        openings = coverage.on(day).values()
        cafes = sum(opening.cafes for opening in openings)
        reached = sum(1 for opening in openings if opening.cafes)
        rows.append((f"{day:%B %Y}", cafes, reached, tidy(sum(opening.hours for opening in openings))))
    if not any(row[1] for row in rows):
        return None
    heads = ["Month", "Open cafés", "Neighbourhoods with one", _outside("Open hours a week")]
    first, last = rows[0][1], rows[-1][1]
    title = (
        f"As many open cafés as at first: {last}" if first == last else f"From {count(first, 'open café')} to {last}"
    )
    chart = Chart("line", title, "Cafés and neighbourhoods") if len(rows) > 1 else None
    caption = "Growth over time: at the end of each quarter, and today"
    return Table("growth", caption, heads, list(rows), chart)


def summary_of(rows: list[Row]) -> str:
    """What the table comes to, in a sentence or two."""
    without = sum(1 for row in rows if not row.opening.cafes)
    cafes = sum(row.opening.cafes for row in rows)
    hours = tidy(sum(row.opening.hours for row in rows))
    open_now = f"{count(cafes, 'café')} {'is' if cafes == 1 else 'are'} open {hours} hours a week"
    gaps = f"{without} of {count(len(rows), 'neighbourhood')} {'has' if without == 1 else 'have'} no open café"
    return f"{open_now}. {gaps if without else 'Every neighbourhood has an open café'}."


def lines_of(rows: list[Row], period: Period | None) -> Iterator[bytes]:
    """The table as lines of a CSV file, with its attribution."""
    yield MARK + csv_line(FILE_COLUMNS)
    for row in rows:
        ground, rate = row.ground, rate_of(row.visits, row.ground)
        visits = str(row.visits.number) if isinstance(row.visits, Exact | Rounded) else ""
        yield csv_line(
            [
                *(ground.code, ground.name, _written(ground.people), str(row.opening.cafes)),
                *(str(tidy(row.opening.hours)), _written(row.hours_per_head), str(period or "")),
                status_of(row.visits) if row.visits is not None else "no_figures",
                "*" if isinstance(row.visits, Suppressed) else visits,
                "*" if isinstance(row.visits, Suppressed) else _written(rate),
                "; ".join(ground.authorities),
                _written(None if ground.deprived is None else round(100 * ground.deprived)),
            ]
        )
    yield csv_line([ATTRIBUTION])


def tidy(hours: float) -> int | float:
    """Whole hours without a point."""
    rounded = round(hours, 1)
    return int(rounded) if rounded == int(rounded) else rounded


def percent(ground: Ground) -> str | None:
    return None if ground.deprived is None else f"{round(100 * ground.deprived)}%"


def count(number: int, noun: str) -> str:
    return count_in_words(Exact(number), noun, f"{noun}s")


def _outside(text: str) -> dict[str, Any]:
    return {"text": text, "in_chart": False}


def _head_cell(value: float | None) -> Any:
    return {"text": None, "reason": UNKNOWN} if value is None else value


def _visits_cell(value: Disclosed | None) -> Any:
    return {"text": None, "reason": "no figures"} if value is None else as_table_cell(value)


def _rate_cell(row: Row) -> Any:
    if row.visits is None or isinstance(row.visits, Suppressed | NoSessions):
        return _visits_cell(row.visits)
    return _head_cell(rate_of(row.visits, row.ground))


def _written(value: float | None) -> str:
    return "" if value is None else str(value)

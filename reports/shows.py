"""What a person may choose to be shown, and which measures that takes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from reports.measures import (
    BY_AGE_BAND,
    BY_ETHNIC_CATEGORY,
    BY_ETHNIC_GROUP,
    BY_GENDER,
    BY_NEWNESS,
    BY_REASON,
    PEOPLE,
    SESSIONS,
    VISITS,
    WITHOUT_REFERENCE,
    Measure,
)


class Layout(StrEnum):
    """How the figures are laid out in tables."""

    TOTALS = "totals"  # a row for each month, then one for each area: a column for each measure
    GRID = "grid"  # a row for each area, a column for each month
    OVER_TIME = "over_time"  # a row for each month, a column for each category
    CATEGORIES = "categories"  # a row for each category


@dataclass(frozen=True, slots=True)
class Show:
    """``noun`` is one of its categories in a sentence; ``by_area`` adds a table of areas by categories."""

    code: str
    label: str
    measures: tuple[Measure, ...]
    layout: Layout
    noun: str = ""
    by_area: bool = False

    @property
    def measure(self) -> Measure:
        """The measure whose categories are shown."""
        return self.measures[0]

    @property
    def measures_read(self) -> tuple[Measure, ...]:
        """Those shown and those that the sentence on top is made of."""
        return tuple({*self.measures, PEOPLE, VISITS, SESSIONS})


SHOWS = (
    Show("visits", "Visits and people", (VISITS, PEOPLE, WITHOUT_REFERENCE, SESSIONS), Layout.TOTALS),
    Show("areas", "Visits by month and area", (VISITS,), Layout.GRID),
    Show("new", "New and returning visits", (BY_NEWNESS,), Layout.OVER_TIME, by_area=True),
    Show("reasons", "Reasons for visits", (BY_REASON,), Layout.CATEGORIES, "reason"),
    Show(
        "ethnic-group", "Broad ethnic group", (BY_ETHNIC_GROUP,), Layout.CATEGORIES, "broad ethnic group", by_area=True
    ),
    Show("ethnic-category", "NHS ethnic category", (BY_ETHNIC_CATEGORY,), Layout.CATEGORIES, "ethnic category"),
    Show("age", "Age band", (BY_AGE_BAND,), Layout.CATEGORIES, "age band"),
    Show("gender", "Gender", (BY_GENDER,), Layout.CATEGORIES, "gender", by_area=True),
)
BY_CODE = {show.code: show for show in SHOWS}
USUAL = SHOWS[0]

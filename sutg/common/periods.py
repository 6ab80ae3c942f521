"""Months, quarters and financial years: the only periods for which figures are given."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_WRITTEN = re.compile(r"^(?P<year>\d{4})-(?:Q(?P<quarter>[1-4])|(?P<two>\d{2}))$")


class PeriodKind(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A calendar month, a quarter of the financial year, or a financial year (April to March).

    ``start`` is the first day; ``str()`` gives the written form used in URLs and the API: ``2024-04`` for a month,
    ``2024-Q1`` for April to June 2024, ``2024-25`` for the year from April 2024.
    """

    start: date
    kind: PeriodKind

    @property
    def months(self) -> int:
        return {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.YEAR: 12}[self.kind]

    @property
    def end(self) -> date:
        """The last day, included."""
        return _first_of_month(self.start, self.months) - timedelta(days=1)

    @property
    def financial_year(self) -> int:
        """The calendar year in which the financial year of this period began."""
        return self.start.year if self.start.month >= 4 else self.start.year - 1

    @property
    def label(self) -> str:
        """How a page names it: “April 2024”, “April to June 2024”, “April 2024 to March 2025”."""
        first = f"{calendar.month_name[self.start.month]} {self.start.year}"
        if self.kind is PeriodKind.MONTH:
            return first
        last = f"{calendar.month_name[self.end.month]} {self.end.year}"
        return f"{first} to {last}" if self.kind is PeriodKind.YEAR else f"{first.split()[0]} to {last}"

    def __str__(self) -> str:
        if self.kind is PeriodKind.MONTH:
            return f"{self.start:%Y-%m}"
        if self.kind is PeriodKind.QUARTER:
            return f"{self.financial_year}-Q{((self.start.month - 4) % 12) // 3 + 1}"
        return f"{self.financial_year}-{(self.financial_year + 1) % 100:02d}"

    def split_into_months(self) -> list[Period]:
        return [Period(_first_of_month(self.start, n), PeriodKind.MONTH) for n in range(self.months)]

    @classmethod
    def month_of(cls, day: date) -> Period:
        return cls(day.replace(day=1), PeriodKind.MONTH)

    @classmethod
    def quarter_of(cls, day: date) -> Period:
        return cls(_first_of_month(day, -((day.month - 1) % 3)), PeriodKind.QUARTER)

    @classmethod
    def year_of(cls, day: date) -> Period:
        return cls(_first_of_month(day, -((day.month - 4) % 12)), PeriodKind.YEAR)

    @classmethod
    def quarter(cls, financial_year: int, number: int) -> Period:
        """Quarter 1 to 4 of the financial year that begins in April of ``financial_year``."""
        return cls(_first_of_month(date(financial_year, 4, 1), 3 * (number - 1)), PeriodKind.QUARTER)

    @classmethod
    def parse(cls, written: str) -> Period:
        """Read the written form; ValueError with a sentence when it is none."""
        match = _WRITTEN.match(written.strip())
        refusal = (
            f"“{written}” is not a period. "
            "Write a month as 2024-04, a quarter as 2024-Q1 or a financial year as 2024-25."
        )
        if match is None:
            raise ValueError(refusal)
        year = int(match["year"])
        if not 2000 <= year <= 2200:
            raise ValueError(refusal)
        if match["quarter"]:
            return cls.quarter(year, int(match["quarter"]))
        # “2024-25” could only be a month if there were a twenty-fifth one; “2010-11” reads as November 2010.
        two = int(match["two"])
        if 1 <= two <= 12:
            return cls(date(year, two, 1), PeriodKind.MONTH)
        if two == (year + 1) % 100:
            return cls(date(year, 4, 1), PeriodKind.YEAR)
        raise ValueError(refusal)


def periods_containing(day: date) -> tuple[Period, Period, Period]:
    """The month, the quarter and the financial year that ``day`` falls in."""
    return Period.month_of(day), Period.quarter_of(day), Period.year_of(day)


def _first_of_month(start: date, months_later: int) -> date:
    index = start.year * 12 + start.month - 1 + months_later
    return date(index // 12, index % 12 + 1, 1)

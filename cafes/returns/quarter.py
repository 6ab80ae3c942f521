"""The period that a return is for."""

import re
from dataclasses import dataclass
from datetime import date

_WRITTEN = re.compile(r"(\d{4})-?Q([1-4])", re.IGNORECASE)
_FIRST_MONTHS = {1: 4, 2: 7, 3: 10, 4: 1}
_LABELS = {1: "April to June", 2: "July to September", 3: "October to December", 4: "January to March"}
_LAST_DAYS = {6: 30, 9: 30, 12: 31, 3: 31}


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter of the financial year: `year` is the calendar year in which that year's April falls.

    `Quarter(2024, 1)` is April to June 2024, `Quarter(2024, 4)` January to March 2025. Raises ValueError with a
    sentence when the number is not 1 to 4 or the year is not one this century.
    """

    year: int
    number: int

    def __post_init__(self) -> None:
        if self.number not in _FIRST_MONTHS:
            raise ValueError(f"A quarter is numbered 1 to 4, not {self.number}.")
        if not 2000 <= self.year <= 2099:
            raise ValueError(f"A financial year starts between 2000 and 2099, not in {self.year}.")

    @classmethod
    def parse(cls, written: str) -> "Quarter":
        """The quarter written as `2024-Q1`; ValueError with a sentence for anything else."""
        match = _WRITTEN.fullmatch(written.strip())
        if match is None:
            raise ValueError(
                f"“{written[:20]}” is not a quarter. Write the year in which the financial year starts and the "
                "quarter, such as 2024-Q1 for April to June 2024."
            )
        return cls(int(match[1]), int(match[2]))

    @property
    def start(self) -> date:
        """The first day of the quarter."""
        return date(self._calendar_year, _FIRST_MONTHS[self.number], 1)

    @property
    def end(self) -> date:
        """The last day of the quarter, which belongs to it."""
        month = _FIRST_MONTHS[self.number] + 2
        return date(self._calendar_year, month, _LAST_DAYS[month])

    @property
    def label(self) -> str:
        """The quarter as people say it, such as "April to June 2024"."""
        return f"{_LABELS[self.number]} {self._calendar_year}"

    @property
    def _calendar_year(self) -> int:
        return self.year + 1 if self.number == 4 else self.year

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

"""England's bank holidays."""

from __future__ import annotations

from datetime import date
from functools import cache

from holidays import country_holidays


@cache
def _of_year(year: int) -> dict[date, str]:
    return dict(country_holidays("GB", subdiv="ENG", years=year))


def bank_holiday_on(day: date) -> str:
    """What the bank holiday on ``day`` is called, in England; empty when it is none.

    A holiday on a weekend counts on its own day and on the working day that stands in for it.
    """
    return _of_year(day.year).get(day, "")

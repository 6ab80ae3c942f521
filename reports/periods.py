"""Rows of periods that figures may be asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sutg.common.errors import DomainError
from sutg.common.periods import Period, PeriodKind

MOST_PERIODS: Final = 120

_HOLDING: Final = {
    PeriodKind.MONTH: Period.month_of,
    PeriodKind.QUARTER: Period.quarter_of,
    PeriodKind.YEAR: Period.year_of,
}


def row_of_periods(first: Period, last: Period) -> list[Period]:
    """Every period from ``first`` to ``last``, both included; a :class:`DomainError` when they make no row."""
    if first.kind is not last.kind:
        raise DomainError("“from” and “to” must be two months, two quarters or two years.", field="to")
    if last < first:
        raise DomainError("“to” must not be before “from”.", field="to")
    row = [first]
    while row[-1] < last:
        if len(row) == MOST_PERIODS:
            raise DomainError(f"Ask for at most {MOST_PERIODS} periods at once.", field="to")
        row.append(_HOLDING[first.kind](row[-1].end + timedelta(days=1)))
    return row

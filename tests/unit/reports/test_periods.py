"""Rows of periods."""

from __future__ import annotations

import pytest

from reports.periods import MOST_PERIODS, row_of_periods
from sutg.common.errors import DomainError
from sutg.common.periods import Period


@pytest.mark.parametrize(
    ("first", "last", "row"),
    [
        ("2024-12", "2025-02", ["2024-12", "2025-01", "2025-02"]),
        ("2024-Q4", "2025-Q1", ["2024-Q4", "2025-Q1"]),
        ("2023-24", "2025-26", ["2023-24", "2024-25", "2025-26"]),
        ("2024-04", "2024-04", ["2024-04"]),
    ],
)
def test_row_holds_both_ends_and_all_between(first: str, last: str, row: list[str]) -> None:
    assert [str(period) for period in row_of_periods(Period.parse(first), Period.parse(last))] == row


@pytest.mark.parametrize(
    ("first", "last", "reason"),
    [("2024-04", "2024-Q1", "two months"), ("2024-05", "2024-04", "before"), ("2001-01", "2024-04", "at most")],
)
def test_what_makes_no_row_is_refused(first: str, last: str, reason: str) -> None:
    with pytest.raises(DomainError, match=reason) as refusal:
        row_of_periods(Period.parse(first), Period.parse(last))

    assert refusal.value.field == "to"


def test_longest_row_is_let_through() -> None:
    assert len(row_of_periods(Period.parse("2014-05"), Period.parse("2024-04"))) == MOST_PERIODS

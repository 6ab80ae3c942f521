"""Form fields that Django does not have: a date typed in three boxes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from sutg.nhsuk.widgets import SplitDateInput
from sutg.nhsuk.wording import sentence_start

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
EARLIEST_YEAR = 1900


class SplitDateField(forms.Field):
    """A date in three boxes, with messages that say which box is at fault.

    ``min_value`` and ``max_value`` are dates, both allowed themselves. A message that concerns some of the boxes
    carries their names in ``params["parts"]``: only those are marked, and the error summary leads to the first.
    """

    widget = SplitDateInput

    def __init__(self, *, min_value: date | None = None, max_value: date | None = None, **kwargs: Any) -> None:
        self.min_value = min_value
        self.max_value = max_value
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        """Read three strings; raise ValidationError naming the boxes that are empty or wrong."""
        if value is None or isinstance(value, date):
            return value
        typed = SplitDateInput().format_value(value)
        absent = [part for part in SplitDateInput.parts if not typed[part]]
        if len(absent) == len(SplitDateInput.parts):
            return None
        if absent:
            raise self._error(f"must include a {' and '.join(absent)}", "incomplete", absent)
        return self._read(typed)

    def validate(self, value: Any) -> None:
        """Check that a date was given and lies within its bounds."""
        super().validate(value)
        if value is None:
            return
        if self.min_value and value < self.min_value:
            raise self._error(f"must be on or after {_written(self.min_value)}", "min_value")
        if self.max_value and value > self.max_value:
            raise self._error(f"must be on or before {_written(self.max_value)}", "max_value")

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare what the boxes would hold."""
        widget = SplitDateInput()
        return widget.format_value(initial) != widget.format_value(data)

    def _read(self, typed: Mapping[str, str]) -> date:
        numbers = {
            "day": _whole(typed["day"]),
            "month": _month(typed["month"]),
            "year": _whole(typed["year"]),
        }
        wrong = [part for part, number in numbers.items() if number is None]
        if not wrong:
            wrong = [part for part, top in (("day", 31), ("month", 12)) if not 1 <= (numbers[part] or 0) <= top]
        if wrong:
            raise self._error("must be a real date", "invalid", wrong)
        year = numbers["year"] or 0
        if year < 1000:
            raise self._error("must include a year of 4 numbers, like 2024", "year", ["year"])
        if not EARLIEST_YEAR <= year <= 2200:
            raise self._error(f"must have a year after {EARLIEST_YEAR}", "year", ["year"])
        try:
            return date(year, numbers["month"] or 0, numbers["day"] or 0)
        except ValueError:
            # 31 June, or 29 February of a common year: each box is fine by itself.
            raise self._error("must be a real date", "invalid") from None

    def _error(self, what: str, code: str, parts: list[str] | None = None) -> ValidationError:
        own = self.error_messages.get(code) if code in {"min_value", "max_value"} else None
        message = own or f"{sentence_start(self.label or 'Date')} {what}"
        # Escaped because Django interpolates a message that comes with parameters.
        return ValidationError(message.replace("%", "%%"), code, {"parts": parts or []})


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else None


def _month(text: str) -> int | None:
    """Read 3, 03, Mar or March: people type what they see on a letter."""
    name = text[:3].lower()
    is_name = text.isalpha() and name in MONTHS
    return MONTHS.index(name) + 1 if is_name else _whole(text)


def _written(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"

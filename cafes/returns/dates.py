"""Dates and times as people write them; British, so the day always comes before the month."""

import re
from datetime import date, datetime, time, timedelta

from cafes.returns.sheets import Cell
from cafes.returns.text import clean

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_WEEKDAY = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*[.,]?\s*(?=\S)")
_ORDINAL = re.compile(r"(?<=\d)\s*(?:st|nd|rd|th)\b")
_CLOCK = r"(?:[t ,]+(?P<clock>\d{1,2}[:.]\d{2}.*))?"
_GAP = r"\s*[-/.,\\ ]\s*"
_YEAR = r"'?(?P<year>\d{4}|\d{2})"
_FORMS = tuple(
    re.compile(form + _CLOCK)
    for form in (
        rf"(?P<year>\d{{4}}){_GAP}(?P<month>\d{{1,2}}){_GAP}(?P<day>\d{{1,2}})",
        rf"(?P<day>\d{{1,2}}){_GAP}(?P<month>\d{{1,2}}){_GAP}{_YEAR}",
        rf"(?P<day>\d{{1,2}})[-/. ]*(?:of )?{_MONTH}[-/.,' ]*(?P<year>\d{{4}}|\d{{2}})",
        rf"{_MONTH}[. ]*(?P<day>\d{{1,2}}),?[ ]+{_YEAR}",
        rf"(?P<year>\d{{4}}){_GAP}{_MONTH}{_GAP}(?P<day>\d{{1,2}})",
        r"(?P<year>20\d{2})(?P<month>\d{2})(?P<day>\d{2})",
        r"(?P<day>\d{2})(?P<month>\d{2})(?P<year>20\d{2})",
        r"(?P<day>\d{2})(?P<month>\d{2})(?P<year>\d{2})",
        rf"(?P<day>\d{{1,2}})[-/. ]*(?:of )?{_MONTH}",
        r"(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})",
    )
)
_SERIAL = re.compile(r"[2-7]\d{4}(?:\.\d+)?")
_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - Excel counts days of wall time, without a zone
_TIME = re.compile(
    r"(?P<hour>\d{1,2})(?:\s*[:.;h]\s*(?P<minute>\d{2})(?:[:.]\d{2}(?:\.\d+)?)?)?\s*(?P<half>[ap]\.?m\.?)?(?:\s*(?:-|–|to)\s.*|\s*hrs?|\s*hours)?"
)
_COMPACT = re.compile(r"(?P<hour>\d{1,2})(?P<minute>\d{2})\s*(?P<half>[ap]\.?m\.?)?(?:\s*hrs?|\s*hours)?")
_WORDS = {"noon": time(12), "midday": time(12), "12 noon": time(12), "midnight": time(0)}


def looks_like_date(value: Cell) -> bool:
    """Whether a cell holds or was meant to hold a date, possible or not."""
    if isinstance(value, date):
        return True
    return isinstance(value, str) and bool(re.search(r"\d", value)) and len(value) < 40 and _matched(value) is not None


def read_date(value: Cell, year: int) -> date | None:
    """The date of a cell, or None when it is not a possible date; `year` stands in where none is written.

    Takes dates, Excel's day numbers (also as text), and text such as 3/4/24, 03.04.2024, 2024-04-03, Wed 3 Apr 2024,
    3rd April 2024. Two-digit years are of this century.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float):
        value = f"{value:.6f}".rstrip("0").rstrip(".")
    if not isinstance(value, str):
        return None
    serial = _SERIAL.fullmatch(value.strip())
    if serial:
        return (_DAY_ZERO + timedelta(days=float(serial[0]))).date()
    match = _matched(value)
    return _assembled(match, year) if match else None


def read_clock(value: Cell) -> time | None:
    """The time of day in a date cell, when it has one other than midnight."""
    if isinstance(value, datetime):
        return None if value.time() == time(0) else value.time()
    if isinstance(value, str):
        match = _matched(value)
        clock = read_time(match.groupdict().get("clock")) if match else None
        return None if clock == time(0) else clock
    return None


def _matched(value: str) -> re.Match[str] | None:
    text = _ORDINAL.sub(
        "", _WEEKDAY.sub("", clean(value).casefold().replace("–", "-").replace("‘", "'").replace("’", "'"))
    )
    return next((match for form in _FORMS if (match := form.fullmatch(text))), None)


def _assembled(match: re.Match[str], year: int) -> date | None:
    parts = match.groupdict()
    written = parts.get("year")
    number = year if written is None else int(written) + (2000 if len(written) == 2 else 0)
    name = parts.get("name")
    month = _MONTHS.index(name) + 1 if name else int(parts["month"])
    try:
        return date(number, month, int(parts["day"]))
    except ValueError:
        return None


def read_time(value: Cell) -> time | None:
    """The time of day of a cell, to the minute, or None when it says none that can be understood.

    Takes times, fractions of a day, and text or numbers such as 17:30, 17.30, 5.30pm, 1730, 5pm.
    """
    if isinstance(value, datetime):
        value = value.time()
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0)
    if isinstance(value, int | float):
        return _time_from_number(value)
    if not isinstance(value, str):
        return None
    text = clean(value).casefold()
    if text in _WORDS:
        return _WORDS[text]
    if re.fullmatch(r"0?\.\d{3,}", text):
        return _time_from_number(float(text))
    match = _COMPACT.fullmatch(text) or _TIME.fullmatch(text)
    return _clock(match) if match else None


def _time_from_number(number: float) -> time | None:
    if 0 < number < 1:
        minutes = round(number * 1440) % 1440
        return time(minutes // 60, minutes % 60)
    if isinstance(number, int) and number >= 100:
        return _checked_time(number // 100, number % 100)
    hours = int(number)
    return _checked_time(hours, round((number - hours) * 100)) if number > 0 else None


def _clock(match: re.Match[str]) -> time | None:
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    half = (match["half"] or "")[:1]
    if half and hour > 12:
        half = ""
    if half == "p" and hour < 12:
        hour += 12
    elif half == "a" and hour == 12:
        hour = 0
    return _checked_time(hour, minute)


def _checked_time(hour: int, minute: int) -> time | None:
    return time(hour, minute) if 0 <= hour < 24 and 0 <= minute < 60 else None

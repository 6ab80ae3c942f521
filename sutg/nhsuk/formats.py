"""How dates, times and numbers are written on pages, after the NHS.UK content guide.

Times are shown in Europe/London whatever the server's zone: a café's evening is a local evening.
"""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

LONDON = ZoneInfo("Europe/London")


def nhs_date(value: date | datetime | None) -> str:
    """Write "3 April 2024"; nothing for None."""
    if value is None:
        return ""
    day = _local(value)
    return f"{day.day} {day:%B} {day.year}"


def nhs_month(value: date | datetime | None) -> str:
    """Write "April 2024"; nothing for None."""
    if value is None:
        return ""
    day = _local(value)
    return f"{day:%B} {day.year}"


def nhs_time(value: time | datetime | None) -> str:
    """Write "3:30pm", "3pm", "midday" or "midnight"; nothing for None."""
    if value is None:
        return ""
    moment = _local(value) if isinstance(value, datetime) else value
    if moment.minute == 0 and moment.hour in (0, 12):
        return "midday" if moment.hour else "midnight"
    minutes = f":{moment.minute:02}" if moment.minute else ""
    return f"{moment.hour % 12 or 12}{minutes}{'pm' if moment.hour >= 12 else 'am'}"


def nhs_datetime(value: datetime | None) -> str:
    """Write "3 April 2024 at 3:30pm"; nothing for None."""
    return f"{nhs_date(value)} at {nhs_time(value)}" if value is not None else ""


def number(value: float | Decimal | None, places: int | None = None) -> str:
    """Write 12,345 or, with ``places``, 12,345.60; nothing for None."""
    if value is None:
        return ""
    if places is not None:
        return _with_minus(f"{value:,.{places}f}")
    return _with_minus(f"{value:,}")


def pounds(value: float | Decimal | None) -> str:
    """Write £30,000 or £30,000.50: pence only where there are any; nothing for None."""
    if value is None:
        return ""
    amount = Decimal(str(value)).quantize(Decimal("0.01"))
    places = 0 if amount == amount.to_integral_value() else 2
    sign = "−" if amount < 0 else ""
    return f"{sign}£{abs(amount):,.{places}f}"


FILTERS = {
    "nhs_date": nhs_date,
    "nhs_month": nhs_month,
    "nhs_time": nhs_time,
    "nhs_datetime": nhs_datetime,
    "number": number,
    "pounds": pounds,
}


def _local(value: Any) -> Any:
    """Move an aware moment to London; a plain date has no zone and stays."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        return value.astimezone(LONDON)
    return value


def _with_minus(text: str) -> str:
    """Use the minus sign: a hyphen is read aloud as nothing at all."""
    return text.replace("-", "−", 1)

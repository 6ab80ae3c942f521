"""Which months are locked: known to the room above that gives the figures, and asked by whoever changes a visit.

A locked month's visits may still be changed, so that none is ever lost; the change is then published as an adjustment
of a figure that people have read, and whoever makes it is told so before they save.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date

LockSource = Callable[[Collection[date]], frozenset[date]]
_SOURCES: list[LockSource] = []


def register_lock_source(source: LockSource) -> None:
    if source not in _SOURCES:
        _SOURCES.append(source)


def locked_months(days: Collection[date]) -> frozenset[date]:
    """The first days of those months of ``days`` that are locked, for the provider of the present scope."""
    return frozenset(month for source in _SOURCES for month in source(days))


def is_locked(day: date) -> bool:
    return bool(locked_months([day]))


def notice_of(day: date) -> str:
    """What to tell somebody before they change what a café recorded on ``day``; blank when its month is not locked."""
    if not is_locked(day):
        return ""
    return (
        f"The figures of {day:%B %Y} are locked. What you save is kept, and is published as an adjustment dated today, "
        "with your reason."
    )

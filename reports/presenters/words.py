"""Counts in words."""

from __future__ import annotations

from collections.abc import Iterable

from reports.disclosure import Disclosed, Exact, NoSessions, Rounded, Suppressed
from sutg.nhsuk.formats import number as written


def count_in_words(value: Disclosed, one: str, several: str) -> str:
    """“3 visits”, “about 25 visits”, “fewer than 5 visits” or “no visits”."""
    match value:
        case Exact(number):
            return f"{written(number)} {one if number == 1 else several}"
        case Rounded(number):
            return f"about {written(number)} {several}"
        case Suppressed():
            return f"fewer than 5 {several}"
        case NoSessions():
            return f"no {several}"


def sentence_start(text: str) -> str:
    """Fit to begin a sentence; ``capitalize()`` would make the rest small."""
    return text[:1].upper() + text[1:]


def joined(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


def highest(named: Iterable[tuple[str, Disclosed]]) -> tuple[list[str], Exact | Rounded] | None:
    """The names with the highest figure, and that figure; None where no figure above 0 may be shown."""
    shown = [(name, value) for name, value in named if isinstance(value, Exact | Rounded) and value.number]
    if not shown:
        return None
    most = max((value for _, value in shown), key=lambda value: value.number)
    return [name for name, value in shown if value == most], most

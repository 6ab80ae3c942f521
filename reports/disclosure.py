"""Disclosure control: the one place where an exact count becomes something that may be shown.

A count comes in wrapped (:class:`Undisclosed`) and cannot be printed, compared or added up until it has passed
:func:`disclose`. What comes out says which kind of value it is. Nothing here knows Django or the database.

The rule is the one NHS England applies to sub-national counts of the Mental Health Services Data Set: below 5, zero
included, is withheld; anything else is rounded to the nearest 5. Source: NHSDigital/mental-health-monthly-statistics,
``95.Round_output.py`` at 7b4d742. What it protects and what it does not is written in docs/measures.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NoReturn, TypeVar

LEAST_SHOWN: Final = 5
STEP: Final = 5

_C = TypeVar("_C", bound=type)

_ARITHMETIC: Final = (
    *("__int__", "__float__", "__complex__", "__index__", "__bool__", "__len__", "__iter__", "__neg__", "__abs__"),
    *("__round__", "__trunc__", "__floor__", "__ceil__", "__lt__", "__le__", "__gt__", "__ge__"),
    *("__add__", "__radd__", "__sub__", "__rsub__", "__mul__", "__rmul__", "__truediv__", "__rtruediv__"),
    *("__floordiv__", "__rfloordiv__", "__mod__", "__rmod__", "__divmod__", "__rdivmod__", "__pow__", "__rpow__"),
)
_WRITING: Final = ("__str__", "__format__", "__bytes__", "__eq__", "__ne__", "__hash__", "__reduce_ex__")


class Audience(StrEnum):
    """Who asks: somebody for the figures of their own cafés, or anybody else."""

    EXACT = "exact"
    CONTROLLED = "controlled"


class DisclosureError(TypeError):
    """Somebody tried to use a count that was not disclosed, or a value that was withheld, as a number."""


def _refuse(self: object, *_: object, **__: object) -> NoReturn:
    msg = f"{type(self).__name__} has no number to use; see reports.disclosure."
    raise DisclosureError(msg)


def _refusing(*operations: str) -> Callable[[_C], _C]:
    """Make every one of ``operations`` raise."""

    def change(cls: _C) -> _C:
        for operation in operations:
            setattr(cls, operation, _refuse)
        return cls

    return change


@_refusing(*_ARITHMETIC, *_WRITING)
class Undisclosed:
    """An exact count on its way to :func:`disclose`; it refuses whatever would let the number out.

    Only ``repr()`` answers, in the same words for every count: an error report must stay readable.
    """

    __slots__ = ("__count",)

    def __init__(self, count: int) -> None:
        if isinstance(count, bool) or not isinstance(count, int) or count < 0:
            msg = "A count is a whole number from 0."
            raise ValueError(msg)
        self.__count = count

    def __repr__(self) -> str:
        return "<undisclosed>"


@dataclass(frozen=True, slots=True)
class Exact:
    """The number itself: for the people whose figures they are, and for what does not count people."""

    number: int


@dataclass(frozen=True, slots=True)
class Rounded:
    """A number to the nearest 5."""

    number: int


@dataclass(frozen=True, slots=True)
class Percentage:
    """A share to the nearest whole per cent."""

    number: int


@_refusing(*_ARITHMETIC)
@dataclass(frozen=True, slots=True)
class Suppressed:
    """Withheld to protect people: below 5, which may be 0. It is no number, and using it as one raises."""


@_refusing(*_ARITHMETIC)
@dataclass(frozen=True, slots=True)
class NoSessions:
    """No café there held a session in that period: there is nothing to count and nothing to withhold."""


Disclosed = Exact | Rounded | Suppressed | NoSessions


def disclose(count: Undisclosed, audience: Audience, *, activity: Undisclosed, is_of_people: bool = True) -> Disclosed:
    """What ``audience`` may see of ``count``.

    ``activity`` is the number of sessions and visits behind the figure: none means that no café was open, which says
    nothing about anybody. ``is_of_people`` is False for sessions, which are facts about cafés and shown as they are.
    """
    number = _unwrap(count)
    if _unwrap(activity) == 0 and number == 0:
        return NoSessions()
    if audience is Audience.EXACT or not is_of_people:
        return Exact(number)
    if number < LEAST_SHOWN:
        return Suppressed()
    return Rounded(_to_nearest_step(number))


def restated(before: int, now: int, *, is_of_people: bool = True) -> int:
    """From which number a figure of a locked period is shown once it is ``now``, where it was shown from ``before``.

    It stays until at least five visits (or people) have come or gone since it was last restated, so that a reader who
    keeps every figure they were ever shown learns of five at once and never of one. For the provider it is not used.
    """
    if not is_of_people or abs(now - before) >= LEAST_SHOWN:
        return now
    return before


def disclose_percentage(numerator: Undisclosed | None, denominator: Undisclosed | None) -> Percentage | Suppressed:
    """The share of ``numerator`` in ``denominator`` under the rule, for whoever is not the provider.

    Withheld when either is below 5 or missing. A half is rounded up, as the publisher's ``ROUND`` does.
    """
    if numerator is None or denominator is None:
        return Suppressed()
    part, whole = _unwrap(numerator), _unwrap(denominator)
    if part < LEAST_SHOWN or whole < LEAST_SHOWN:
        return Suppressed()
    return Percentage((200 * part + whole) // (2 * whole))


def _to_nearest_step(number: int) -> int:
    """A whole number is never half-way between two multiples of 5, so there is no tie to break."""
    return (number + STEP // 2) // STEP * STEP


def _unwrap(count: Undisclosed) -> int:
    # The name is mangled on purpose: an architecture test finds every use of it, and allows this one.
    number: int = count._Undisclosed__count  # type: ignore[attr-defined]
    return number

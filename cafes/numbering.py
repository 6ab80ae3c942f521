"""Which numbers of a tablet have arrived, which it still holds, and which are neither here nor there.

A tablet numbers its records from 1 without a gap and says, with each message, how far it came and which numbers have
no receipt yet. What follows from that is worked out here, from numbers alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

MOST_MISSING = 1000

Ranges = Sequence[tuple[int, int]]


def accounted_to(above: int, arrived: Collection[int]) -> int:
    """The number up to which all have arrived, given that all up to ``above`` have."""
    while above + 1 in arrived:
        above += 1
    return above


def missing_numbers(above: int, last: int, arrived: Iterable[int], held: Ranges) -> list[int]:
    """Numbers over ``above``, up to ``last``, that have neither arrived nor are held; the first thousand of them.

    ``held`` are inclusive ranges in any order, which may overlap. They cost nothing by their length.
    """
    ranges = sorted([(number, number) for number in arrived if number > above] + list(held))
    missing: list[int] = []
    at = above + 1
    for first, end in [*ranges, (last + 1, last + 1)]:
        missing.extend(range(at, min(first, last + 1, at + MOST_MISSING)))
        if len(missing) >= MOST_MISSING:
            break
        at = max(at, end + 1)
    return missing[:MOST_MISSING]


def count_held(above: int, arrived: Collection[int], held: Ranges) -> int:
    """How many numbers a tablet holds that have not arrived.

    What arrived is held until its receipt has come back, and may be held long after, when the answer was lost.
    """
    count, at = 0, above
    for first, last in sorted(held):
        begin = max(first, at + 1)
        if begin <= last:
            count += last - begin + 1 - sum(begin <= number <= last for number in arrived)
            at = last
    return count

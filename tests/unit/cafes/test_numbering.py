"""Numbers of records that never came: named exactly, whatever arrived, is held or was deleted."""

from __future__ import annotations

import os
import random
from itertools import groupby

import pytest

from cafes.numbering import MOST_MISSING, accounted_to, count_held, missing_numbers


def ranges_of(numbers: set[int], chance: random.Random) -> list[tuple[int, int]]:
    """As a tablet writes them, or broken into pieces, in any order and here and there twice."""
    runs = [
        [number for _, number in run]
        for _, run in groupby(enumerate(sorted(numbers)), key=lambda each: each[1] - each[0])
    ]
    ranges = [(run[0], run[-1]) for run in runs]
    if chance.random() < 0.3:
        ranges += [(number, number) for number in numbers if chance.random() < 0.2]
    chance.shuffle(ranges)
    return ranges


def delete_some_and_ask(chance: random.Random) -> None:
    """One store: some records have arrived, of the rest ``k`` are deleted, and the tablet says what it has."""
    last = chance.choice([1, chance.randint(1, 12), chance.randint(1, 200)])
    made = set(range(1, last + 1))
    arrived = {number for number in made if chance.random() < chance.choice([0, 0.2, 0.9])}
    if chance.random() < 0.5:
        arrived |= set(range(1, chance.randint(1, last) + 1))
    kept = made - arrived
    deleted = set(chance.sample(sorted(kept), chance.randint(0, len(kept))))
    # Of what arrived the answer may have been lost: then the tablet holds it still.
    held = (kept - deleted) | {number for number in arrived if chance.random() < 0.3}
    above = accounted_to(0, arrived)
    known = {number for number in arrived if number > above or chance.random() < 0.1}
    ranges = ranges_of(held, chance)

    named = missing_numbers(above, last, known, ranges)

    assert named == sorted(deleted)
    assert count_held(above, known, ranges) == len(kept - deleted)
    assert above == next(number for number in range(last + 1) if number + 1 not in arrived)


@pytest.mark.parametrize("trials", [1_000, pytest.param(10_000, marks=pytest.mark.soak)], ids=["share", "whole"])
def test_records_deleted_from_a_store_are_named_exactly(trials: int) -> None:
    seed = int(os.environ.get("SUTG_SEED") or random.SystemRandom().randrange(2**32))
    print(f"SUTG_SEED={seed}")
    chance = random.Random(seed)  # noqa: S311  the run is to be repeatable

    for _ in range(trials):
        delete_some_and_ask(chance)

    print(f"{trials:,} stores: every deleted number named, and no other")


def test_more_missing_numbers_than_anybody_reads_are_the_first_thousand() -> None:
    named = missing_numbers(5, 2**31 - 1, {7}, [(9, 10)])

    assert len(named) == MOST_MISSING
    assert named[:4] == [6, 8, 11, 12]


def test_held_range_of_any_length_costs_nothing() -> None:
    assert missing_numbers(0, 2**31 - 1, (), [(2, 2**31 - 1)]) == [1]
    assert count_held(0, (), [(2, 2**31 - 1)]) == 2**31 - 2


def test_range_below_what_is_accounted_for_holds_nothing() -> None:
    assert count_held(25, set(), [(1, 25)]) == 0
    assert missing_numbers(25, 25, set(), [(1, 25)]) == []

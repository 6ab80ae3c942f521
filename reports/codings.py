"""Under which category of a measure an answer is counted, as visits record it.

Answers that a café wrote in its own words are counted under “other” or “to be reviewed”: a category that only one café
writes would name the people who came there, and their words could name them outright.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from reports.measures import (
    BY_AGE_BAND,
    BY_ETHNIC_CATEGORY,
    BY_ETHNIC_GROUP,
    BY_GENDER,
    BY_NEWNESS,
    BY_REASON,
    GROUP_OF,
    NOT_KNOWN,
    NOT_STATED,
    REASONS,
    TO_REVIEW,
    Measure,
)

# Stands for every answer that is not listed; no answer is written like this.
ANYTHING_ELSE: Final = "\x1f"
_OWN_WORDS: Final = {"other", "not_recorded"}

# The five-year bands of national data sets lie within the ten-year bands of the returns.
_HALVES: Final = {
    f"{first}-{first + 4}": f"{decade}-{decade + 9}" for decade in range(25, 65, 10) for first in (decade, decade + 5)
}


class Coding(NamedTuple):
    measure: str
    answer: str
    category: str


def _bands() -> dict[str, str]:
    kept = {code: code for code in BY_AGE_BAND.cells if code[0].isdigit()}
    return {**kept, **_HALVES, "Under 18": "under_18", "Prefer not to say": "declined", "": "not_known"}


def _without_group() -> dict[str, str]:
    return {NOT_STATED.code: NOT_STATED.code, NOT_KNOWN.code: NOT_KNOWN.code}


_ANSWERS: Final[dict[Measure, dict[str, str]]] = {
    BY_NEWNESS: {"true": "new", "false": "returning", ANYTHING_ELSE: "not_recorded"},
    BY_REASON: {
        # Returns write labels, and what is recorded here writes codes.
        **{reason.label: reason.code for reason in REASONS if reason.code not in _OWN_WORDS},
        **{reason.code: reason.code for reason in REASONS if reason.code not in _OWN_WORDS},
        ANYTHING_ELSE: "other",
    },
    BY_ETHNIC_CATEGORY: {**{code: code for code in GROUP_OF}, **_without_group(), ANYTHING_ELSE: TO_REVIEW.code},
    BY_ETHNIC_GROUP: {**GROUP_OF, **_without_group(), ANYTHING_ELSE: TO_REVIEW.code},
    BY_AGE_BAND: {**_bands(), ANYTHING_ELSE: "other"},
    BY_GENDER: {**{code: code for code in BY_GENDER.cells}, ANYTHING_ELSE: "not_stated"},
}


def codings() -> Iterator[Coding]:
    """Every answer of every measure with the category it counts under."""
    for measure, answers in _ANSWERS.items():
        for answer, category in answers.items():
            yield Coding(measure.code, answer, category)


def category_of(measure: Measure, answer: str) -> str:
    """The category that one answer counts under."""
    answers = _ANSWERS[measure]
    return answers.get(answer, answers[ANYTHING_ELSE])

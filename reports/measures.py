"""The measures: what is counted, in which categories, and what they are called. docs/measures.md defines each in words.

A measure without categories is one number; a measure with categories is one number for each of them, and all of them
are always given, so that a category in which nobody is counted looks the same as one with few.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_FACTS: Final = Path(__file__).resolve().parent / "facts"
TOTAL: Final = ""


@dataclass(frozen=True, slots=True)
class Category:
    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Measure:
    """``heading`` is what its table is called, ``column`` what one number is; sessions alone are not of people."""

    code: str
    heading: str
    column: str
    categories: tuple[Category, ...] = ()
    is_of_people: bool = True

    @property
    def cells(self) -> tuple[str, ...]:
        """The category codes under which figures are kept; one blank code when there are no categories."""
        return tuple(category.code for category in self.categories) or (TOTAL,)

    def label_of(self, category: str) -> str:
        return next((known.label for known in self.categories if known.code == category), self.column)


def _read(name: str) -> Iterator[dict[str, str]]:
    with (_FACTS / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


_ETHNIC_CATEGORIES: Final = tuple(_read("ethnic_categories.csv"))
NOT_STATED, NOT_KNOWN, TO_REVIEW = (
    Category("Z", "Not stated (asked and declined)"),
    Category("99", "Not known (not asked or not recorded)"),
    Category("review", "To be reviewed by the provider"),
)
_WITHOUT_GROUP: Final = (NOT_STATED, NOT_KNOWN, TO_REVIEW)
GROUP_OF: Final = {row["code"]: row["group"] for row in _ETHNIC_CATEGORIES if row["group"]}

# Answers that say nothing about whom a café reaches.
NOT_ANSWERS: Final = frozenset({"Z", "99", "review", "not_recorded", "not_known", "not_stated", "declined", "other"})

NEW, RETURNING, NEWNESS_NOT_RECORDED = (
    Category("new", "New"),
    Category("returning", "Returning"),
    Category("not_recorded", "Not recorded"),
)
REASONS: Final = (
    Category("stress", "Stress"),
    Category("anxiety", "Anxiety"),
    Category("depression", "Depression"),
    Category("isolation", "Isolation"),
    Category("bereavement", "Bereavement"),
    Category("relationship", "Relationship"),
    Category("money_or_debt", "Money or debt"),
    Category("housing", "Housing"),
    Category("suicidal_thoughts", "Suicidal thoughts"),
    Category("self_harm", "Self-harm"),
    Category("other", "Another reason"),
    Category("not_recorded", "No reason recorded"),
)
AGE_BANDS: Final = (
    Category("under_18", "Under 18"),
    *(Category(band, band.replace("-", " to ")) for band in ("18-24", "25-34", "35-44", "45-54", "55-64", "65-74")),
    Category("75+", "75 and over"),
    Category("other", "Another age band"),
    Category("declined", "Prefer not to say"),
    Category("not_known", "Not known"),
)
GENDERS: Final = (
    Category("female", "Female"),
    Category("male", "Male"),
    Category("non_binary", "Non-binary"),
    Category("not_stated", "Not stated"),
)

SESSIONS = Measure("sessions", "Sessions", "Sessions", is_of_people=False)
VISITS = Measure("visits", "Visits", "Visits")
PEOPLE = Measure("people", "People known by a reference", "People")
WITHOUT_REFERENCE = Measure("visits_without_reference", "Visits without a reference", "Without a reference")
BY_NEWNESS = Measure("visits_by_newness", "New and returning visits", "Visits", (NEW, RETURNING, NEWNESS_NOT_RECORDED))
BY_REASON = Measure("visits_by_reason", "Reasons for visits", "Visits", REASONS)
BY_ETHNIC_GROUP = Measure(
    "visits_by_ethnic_group",
    "Visits by broad ethnic group",
    "Visits",
    (*(Category(row["code"], row["label"]) for row in _read("ethnic_groups.csv")), *_WITHOUT_GROUP),
)
BY_ETHNIC_CATEGORY = Measure(
    "visits_by_ethnic_category",
    "Visits by NHS ethnic category",
    "Visits",
    (*(Category(row["code"], row["label"]) for row in _ETHNIC_CATEGORIES if row["group"]), *_WITHOUT_GROUP),
)
BY_AGE_BAND = Measure("visits_by_age_band", "Visits by age band", "Visits", AGE_BANDS)
BY_GENDER = Measure("visits_by_gender", "Visits by gender", "Visits", GENDERS)

MEASURES: Final = (
    SESSIONS,
    VISITS,
    PEOPLE,
    WITHOUT_REFERENCE,
    BY_NEWNESS,
    BY_REASON,
    BY_ETHNIC_GROUP,
    BY_ETHNIC_CATEGORY,
    BY_AGE_BAND,
    BY_GENDER,
)
BY_CODE: Final = {measure.code: measure for measure in MEASURES}

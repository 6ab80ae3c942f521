"""The measures and how answers are counted under them."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from reports import measures
from reports.codings import ANYTHING_ELSE, category_of, codings

CODE_LISTS = Path(__file__).resolve().parents[4] / "shared" / "reference" / "codelists"


def test_every_coding_leads_to_a_category_of_its_measure() -> None:
    for coding in codings():
        assert coding.category in measures.BY_CODE[coding.measure].cells


def test_every_measure_with_categories_has_a_place_for_anything_else() -> None:
    catch_all = {coding.measure for coding in codings() if coding.answer == ANYTHING_ELSE}

    assert catch_all == {measure.code for measure in measures.MEASURES if measure.categories}


@pytest.mark.parametrize(
    ("measure", "answer", "category"),
    [
        (measures.BY_ETHNIC_GROUP, "R", "Asian"),
        (measures.BY_ETHNIC_CATEGORY, "R", "R"),
        (measures.BY_ETHNIC_GROUP, "S", "Other"),
        (measures.BY_ETHNIC_GROUP, "Z", "Z"),
        (measures.BY_ETHNIC_GROUP, "99", "99"),
        (measures.BY_ETHNIC_GROUP, "review", "review"),
        (measures.BY_ETHNIC_CATEGORY, "???", "review"),
        (measures.BY_AGE_BAND, "25-34", "25-34"),
        (measures.BY_AGE_BAND, "30-34", "25-34"),
        (measures.BY_AGE_BAND, "60-64", "55-64"),
        (measures.BY_AGE_BAND, "65+", "other"),
        (measures.BY_AGE_BAND, "", "not_known"),
        (measures.BY_AGE_BAND, "Prefer not to say", "declined"),
        (measures.BY_GENDER, "", "not_stated"),
        (measures.BY_REASON, "Money or debt", "money_or_debt"),
        (measures.BY_REASON, "A name somebody wrote", "other"),
    ],
)
def test_answer_counts_under_its_category(measure: measures.Measure, answer: str, category: str) -> None:
    assert category_of(measure, answer) == category


def test_declined_and_not_known_are_apart_and_in_no_group() -> None:
    assert {"Z", "99"}.isdisjoint(measures.GROUP_OF)
    assert len(measures.GROUP_OF) == 16
    assert set(measures.GROUP_OF.values()) == {"White", "Mixed", "Asian", "Black", "Other"}


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("ethnic_categories.csv", "ethnic_category_nhs.csv"), ("ethnic_groups.csv", "ethnic_high_level_group.csv")],
)
def test_fact_file_agrees_with_its_source(ours: str, theirs: str) -> None:
    if not CODE_LISTS.exists():
        if os.environ.get("CI") == "true":
            pytest.fail("The reference code lists must be there in CI.")
        pytest.skip("The reference code lists are not beside this clone.")

    def rows(path: Path) -> list[dict[str, str]]:
        with path.open(encoding="utf-8") as file:
            return list(csv.DictReader(file))

    facts = rows(Path(measures.__file__).parent / "facts" / ours)
    source = rows(CODE_LISTS / theirs)
    assert facts == [{key: row[key] for key in facts[0]} for row in source]


def test_every_measure_is_defined_in_the_documentation() -> None:
    text = (Path(measures.__file__).parents[1] / "docs" / "measures.md").read_text(encoding="utf-8")

    assert [measure.code for measure in measures.MEASURES if f"`{measure.code}`" not in text] == []

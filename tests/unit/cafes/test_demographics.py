"""Answers about oneself: every code of every list goes round, and what is no answer is told apart."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cafes.codes import Reason
from cafes.demographics import BY_NAME, QUESTIONS, Answers, Question, Standing
from cafes.models import Demographics
from reports.codings import category_of
from reports.measures import BY_AGE_BAND, BY_ETHNIC_GROUP, BY_GENDER, BY_REASON, REASONS

FACTS = Path(__file__).resolve().parents[3] / "cafes" / "facts"
CODES = [(question, option.code) for question in QUESTIONS for option in question.options]


@pytest.mark.parametrize(("question", "code"), CODES, ids=lambda value: getattr(value, "name", value))
def test_code_of_a_list_stored_and_published_is_the_same(question: Question, code: str) -> None:
    answers = Answers(**{question.name: (code,) if question.many else code})

    stored = getattr(answers.as_stored(), question.name)
    found = stored[0] if question.many and stored else stored or ""

    assert list(answers.faults()) == []
    assert question.published(found) == code
    assert question.standing_of(found) == question.standing_of(code)
    column = Demographics._meta.get_field(question.name)
    assert len(code) <= (getattr(column, "base_field", column).max_length or 0)


@given(st.data())
def test_answers_kept_over_earlier_ones_never_lose_an_answer(data: st.DataObject) -> None:
    def some() -> Answers:
        picked = {q.name: data.draw(st.sampled_from(["", *(o.code for o in q.options)])) for q in QUESTIONS}
        return Answers(
            **{name: ((code,) if code else ()) if BY_NAME[name].many else code for name, code in picked.items()}
        )

    earlier, now = some().as_stored(), some().as_stored()
    kept = now.over(earlier)

    for question in QUESTIONS:
        before, given_now = getattr(earlier, question.name), getattr(now, question.name)
        assert getattr(kept, question.name) == (given_now or before)


def test_every_ethnic_group_counts_where_the_census_has_it() -> None:
    with (FACTS / "ethnic_group_census2021.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    groups = {
        row["code"]: category_of(BY_ETHNIC_GROUP, Answers(ethnic_group=row["code"]).nhs_ethnic_category) for row in rows
    }

    assert groups == {row["code"]: row["group"] or row["nhs_code"] for row in rows}
    assert {c for c in groups if Answers(ethnic_group=c).nhs_ethnic_category == "C"} == {"W3", "W4", "W5"}
    assert {c for c in groups if Answers(ethnic_group=c).nhs_ethnic_category == "S"} == {"O1", "O2"}
    assert groups["A2"] == "Asian"


def test_every_age_band_and_gender_counts_under_a_category_of_its_own_kind() -> None:
    ages = {
        o.code: category_of(BY_AGE_BAND, Answers(age_band=o.code).counted_age_band) for o in BY_NAME["age_band"].options
    }
    genders = [
        category_of(BY_GENDER, Answers(gender_identity=code).counted_gender) for code in ("1", "2", "3", "4", "")
    ]

    assert "other" not in ages.values()
    assert (ages["u18"], ages["60-64"], ages["75+"], ages["Z"], ages["X"]) == (
        "under_18",
        "55-64",
        "75+",
        "declined",
        "not_known",
    )
    assert genders == ["male", "female", "non_binary", "not_stated", "not_stated"]


def test_reason_recorded_here_counts_as_the_one_a_return_wrote() -> None:
    labels = {category.code: category.label for category in REASONS}

    for reason in Reason:
        assert category_of(BY_REASON, reason.value) == category_of(BY_REASON, reason.label)
        assert labels.get(reason.value, reason.label) == reason.label


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        (Answers(age_band="21"), "age_band"),
        (Answers(disability=("NN", "02")), "disability"),
        (Answers(disability=("ZZ", "02")), "disability"),
        (Answers(language="xx"), "language"),
    ],
)
def test_answer_that_no_list_knows_is_a_fault_of_its_field(answers: Answers, field: str) -> None:
    assert [name for name, _ in answers.faults()] == [field]


def test_declined_unsure_and_not_asked_are_told_apart() -> None:
    veteran = BY_NAME["veteran_status"]

    standings = [veteran.standing_of(code) for code in ("02", "ZZ", "UU", "")]

    assert standings == [Standing.ANSWERED, Standing.DECLINED, Standing.UNSURE, Standing.NOT_ASKED]
    assert [standing.was_asked for standing in standings] == [True, True, True, False]
    assert not Answers()
    assert Answers(veteran_status="ZZ")

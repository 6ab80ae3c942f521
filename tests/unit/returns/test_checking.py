"""Cafés, periods, repeats and the order of faults."""

import io
from datetime import date
from typing import Any

import pytest

from cafes.returns import DuplicateRow, Quarter, VisitRecord, read_return
from tests.unit.returns.building import CAFES, HEADINGS, QUARTER, check_rows, visit, workbook


def test_quarter_knows_its_days_and_names() -> None:
    quarter = Quarter.parse("2024-q4")

    assert (quarter.start, quarter.end) == (date(2025, 1, 1), date(2025, 3, 31))
    assert (str(quarter), quarter.label) == ("2024-Q4", "January to March 2025")


@pytest.mark.parametrize("written", ["2024-Q5", "Q1", "", "24-Q1", "1024-Q1"])
def test_quarter_written_as_nonsense_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"quarter|financial year"):
        Quarter.parse(written)


@pytest.mark.parametrize(
    "written",
    [
        "MELTON MOWBRAY CAFE",
        "Melton Mowbray Cafe\u0301",
        "melton  mowbray café ",
        "Melton\u00a0Mowbray Caf\u200bé",
        "Melton Mowbray CafÃ©",
        "Melton-Mowbray Café.",
    ],
)
def test_cafe_differing_in_case_accents_or_punctuation_is_the_same(written: str) -> None:
    tally = check_rows(visit(cafe=written))

    assert tally.visits_by_cafe == {"Melton Mowbray Café": 1}


@pytest.mark.parametrize("written", ["Melton", "Mobray Café", "Melton Mobray Cafe", "MMC", "Syston Stop-by, Melton"])
def test_cafe_that_could_be_meant_is_put_to_a_person(written: str) -> None:
    tally = check_rows(visit(cafe=written))

    assert list(tally.needs_cafe_alias) == [written]
    assert tally.rejected_by_reason == {"unknown_cafe": 1}


@pytest.mark.parametrize("written", ["Thursday Club", "Leicester Café", "Hinckley Haven"])
def test_cafe_like_no_other_is_only_refused(written: str) -> None:
    tally = check_rows(visit(cafe=written))

    assert tally.needs_cafe_alias == {}
    assert tally.rejected_by_reason == {"unknown_cafe": 1}
    assert written in tally.rejected[0].message


def test_alias_settles_a_name_however_it_is_folded() -> None:
    tally = check_rows(visit(cafe="MELTON"), aliases={"melton ": "melton mowbray cafe"})

    assert tally.visits_by_cafe == {"Melton Mowbray Café": 1}
    assert tally.needs_cafe_alias == {}


@pytest.mark.parametrize(
    "aliases", [{"Melton": "Hinckley Haven"}, {"Syston Stop-by": "Melton Mowbray Café"}, {" ": "Syston Stop-by"}]
)
def test_alias_that_points_nowhere_is_an_error(aliases: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"alias|already"):
        check_rows(visit(), aliases=aliases)


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({"date": "31/02/2024"}, "bad_date"),
        ({"date": None}, "no_date"),
        ({"date": "n/a"}, "no_date"),
        ({"date": "01/07/2024"}, "out_of_period"),
        ({"cafe": None}, "no_cafe"),
        ({"cafe": "Thursday Club", "date": None, "before": 77}, "unknown_cafe"),
        ({"date": "31/02/2024", "before": 77}, "bad_date"),
        ({"before": 77}, "score"),
        ({"after": -1}, "score"),
    ],
)
def test_row_with_faults_is_refused_for_the_first(answers: dict[str, Any], reason: str) -> None:
    tally = check_rows(visit(**answers))

    assert tally.rejected_by_reason == {reason: 1}


def test_row_is_a_repeat_only_with_a_reference() -> None:
    tally = check_rows(
        visit(reference="ab1"), visit(reference=" AB1 "), visit(reference="ab1", time="5.30pm"), visit(), visit()
    )

    assert (tally.accepted, tally.duplicates, tally.people_with_reference) == (3, 2, 1)


def test_repeat_of_a_refused_score_is_a_repeat() -> None:
    tally = check_rows(visit(reference="a", before=77), visit(reference="a", before=77))

    assert (tally.accepted, tally.duplicates, tally.rejected_by_reason) == (0, 1, {"score": 1})


def test_reader_gives_each_row_in_order() -> None:
    content = io.BytesIO(workbook([HEADINGS, visit(reference="a"), visit(reference="a")]))

    outcomes = list(read_return(content, filename="return.xlsx", cafes=CAFES, quarter=QUARTER))

    assert isinstance(outcomes[0], VisitRecord)
    assert outcomes[1] == DuplicateRow("Visits", 3, "Visits", 2)


def test_progress_is_told_now_and_then_and_at_the_end() -> None:
    told: list[tuple[int, int | None]] = []

    check_rows(*[visit()] * 1_200, on_progress=lambda done, total: told.append((done, total)))

    assert told == [(500, 1201), (1000, 1201), (1200, 1200)]

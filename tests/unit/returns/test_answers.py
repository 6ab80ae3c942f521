"""Answers as people write them become the project's codes, and what is in doubt is left for a person."""

from datetime import date, datetime, time
from typing import Any

import pytest

from cafes.returns.answers import (
    is_ticked,
    read_age_band,
    read_district,
    read_ethnicity,
    read_gender,
    read_newness,
    read_reasons,
    read_reference,
    read_score,
    read_support,
)
from cafes.returns.dates import read_clock, read_date, read_time

_DAY = date(2024, 4, 3)


@pytest.mark.parametrize(
    "written",
    [
        datetime(2024, 4, 3, 17, 30),  # noqa: DTZ001
        _DAY,
        45385,
        45385.5,
        "45385",
        "03/04/2024",
        "3/4/24",
        "03.04.24",
        "03-04-2024",
        "3 / 4 / 2024",
        "2024-04-03",
        "2024-04-03T17:30:00",
        "2024-04-03 00:00:00",
        "20240403",
        "3rd April 2024",
        "Wed 3 Apr 2024",
        "Wednesday, 3rd of April 2024",
        "3-Apr-24",
        "3 Apr '24",
        "April 3, 2024",
        "3 April",
        " 03/04/2024\u00a0\u200b",
        "03/04/2024 17:30",
    ],
)
def test_date_in_any_british_form_is_read_day_first(written: Any) -> None:
    assert read_date(written, 2024) == _DAY


@pytest.mark.parametrize(
    "written", ["31/06/2024", "31/02/2024", "04/13/2024", "soon", "3-5 April 2024", 7, 0.5, time(9), "1/4/"]
)
def test_date_that_is_impossible_is_no_date(written: Any) -> None:
    assert read_date(written, 2024) is None


@pytest.mark.parametrize(
    "written",
    [
        time(17, 30),
        datetime(2024, 4, 3, 17, 30),  # noqa: DTZ001
        0.729166667,
        "17:30",
        "17.30",
        "17:30:00",
        "1730",
        1730,
        "5.30pm",
        "5:30 p.m.",
        "17h30",
        "17:30 - 18:15",
        17.3,
    ],
)
def test_time_in_any_form_is_read(written: Any) -> None:
    assert read_time(written) == time(17, 30)


@pytest.mark.parametrize("written", ["evening", "25:00", None, "?", 2500])
def test_time_that_says_none_is_none(written: Any) -> None:
    assert read_time(written) is None


def test_time_in_a_date_cell_is_read_unless_midnight() -> None:
    assert read_clock(datetime(2024, 4, 3, 17, 30)) == time(17, 30)  # noqa: DTZ001
    assert read_clock("03/04/2024 17:30") == time(17, 30)
    assert read_clock(datetime(2024, 4, 3)) is None  # noqa: DTZ001


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("White - British", "A"),
        ("British (White)", "A"),
        ("White: English, Welsh, Scottish, Northern Irish or British", "A"),
        ("A", "A"),
        ("h", "H"),
        ("A - White British", "A"),
        ("H - White British", "review"),
        ("White Irish", "B"),
        ("White - Polish", "C"),
        ("White: Roma", "C"),
        ("Gypsy or Irish Traveller", "C"),
        ("Mixed White/Black Caribbean", "D"),
        ("White & Black African", "E"),
        ("White and Asian", "F"),
        ("Mixed or Multiple ethnic groups: Other Mixed or Multiple ethnic groups", "G"),
        ("INDIAN", "H"),
        ("Asian, Asian British or Asian Welsh: Pakistani", "J"),
        ("Asian or Asian British – Bangladeshi", "K"),
        ("Any other Asian background", "L"),
        ("Black, Black British, Black Welsh, Caribbean or African: Caribbean", "M"),
        ("Black, Black British, Black Welsh, Caribbean or African: African", "N"),
        ("Black or Black British - Any other Black background", "P"),
        ("Other Ethnic Groups - Chinese", "R"),
        ("Other ethnic group: Arab", "S"),
        ("Any other ethnic group", "S"),
        ("Not stated", "Z"),
        ("PNTS", "Z"),
        ("Refused", "Z"),
        ("Prefer not to say ", "Z"),
        (None, "99"),
        ("n/a", "99"),
        ("?", "99"),
        ("Not known", "99"),
        (99, "99"),
        *[
            (vague, "review")
            for vague in (
                "Asian",
                "Mixed",
                "Black",
                "White",
                "British",
                "European",
                "African Asian",
                "Somali",
                "BAME",
                "Human",
                "Other",
                "Polish",
            )
        ],
    ],
)
def test_ethnic_group_is_coded_or_left_for_review(written: Any, code: str) -> None:
    assert read_ethnicity(written)[0] == code


def test_ethnic_group_left_for_review_is_kept_as_written() -> None:
    assert read_ethnicity(" African  Asian ") == ("review", "African Asian")


@pytest.mark.parametrize(
    ("written", "gender"),
    [
        ("F", "female"),
        ("woman", "female"),
        ("MALE ", "male"),
        ("Non-binary", "non_binary"),
        ("NB", "non_binary"),
        ("PNTS", "not_stated"),
        (None, "not_stated"),
        ("purple", "not_stated"),
    ],
)
def test_gender_is_one_of_four(written: Any, gender: str) -> None:
    assert read_gender(written) == gender


@pytest.mark.parametrize(
    ("written", "band"),
    [
        ("25–34", "25-34"),
        ("25 to 34", "25-34"),
        ("25-34 yrs", "25-34"),
        ("25 — 34 years", "25-34"),
        ("aged 25 to 34", "25-34"),
        ("75+", "75+"),
        ("75 and over", "75+"),
        ("75 or older", "75+"),
        ("Over 75", "75+"),
        ("under 18", "Under 18"),
        (37, "35-44"),
        ("37", "35-44"),
        (81.0, "75+"),
        (16, "Under 18"),
        ("18-25", "18-25"),
        ("prefer not to say", "Prefer not to say"),
        ("Declined", "Prefer not to say"),
        (None, ""),
        ("?", ""),
        ("old", ""),
    ],
)
def test_age_band_is_put_in_one_form(written: Any, band: str) -> None:
    assert read_age_band(written) == band


@pytest.mark.parametrize(
    ("written", "kind", "is_new"),
    [
        ("N", "new_or_returning", True),
        ("R", "new_or_returning", False),
        ("Returning", "new_or_returning", False),
        ("Y", "new_or_returning", None),
        ("N", "first_visit", False),
        ("Yes", "first_visit", True),
        ("✓", "first_visit", True),
        ("Y", "returning_visit", False),
        ("No", "returning_visit", True),
        (None, "first_visit", None),
    ],
)
def test_new_or_returning_is_read_as_the_heading_asks(written: Any, kind: str, is_new: bool | None) -> None:
    assert read_newness(written, kind) is is_new


@pytest.mark.parametrize("written", [7, 7.0, "7", " 7 ", "7.0", "7/10", "7 out of 10", "seven", "\u200b7\u00a0"])
def test_score_in_any_form_is_read(written: Any) -> None:
    assert read_score(written) == (7, True)


@pytest.mark.parametrize("written", [None, "", "n/a", "-", "not asked", "PNTS", "?"])
def test_score_that_was_not_given_is_blank(written: Any) -> None:
    assert read_score(written) == (None, True)


@pytest.mark.parametrize("written", [11, -1, 77, 6.5, "11", "-1", "−1", "6.5", "7-8", "high", "11/10", _DAY])
def test_score_that_is_none_is_refused(written: Any) -> None:
    assert read_score(written) == (None, False)


@pytest.mark.parametrize("separator", [";", "; ", ", ", " / ", "|", " + ", "\n", " and ", " & ", " - ", "; and "])
def test_reasons_with_any_separator_are_told_apart(separator: str) -> None:
    assert read_reasons(separator.join(["anxiety ", "Money or debt", "SELF HARM"])) == (
        "Anxiety",
        "Money or debt",
        "Self-harm",
    )


@pytest.mark.parametrize("written", ["Money or debt", "money/debt", "Money & debt", "Debt", "Money and debts"])
def test_money_or_debt_stays_one_reason(written: str) -> None:
    assert read_reasons(written) == ("Money or debt",)


def test_reason_that_is_unknown_is_kept_once() -> None:
    assert read_reasons("Loneliness; Stress; loneliness; Stress") == ("Loneliness", "Stress")
    assert read_reasons("n/a") == ()


def test_support_keeps_one_to_one_whole() -> None:
    assert read_support("1:1 listening / Peer Support") == ("1:1 listening", "Peer support")


@pytest.mark.parametrize("written", ["✓", "✔", "x", "X", 1, "1", "Y", "yes", "TRUE", "√", "•", "rent arrears"])
def test_tick_of_any_form_is_a_tick(written: Any) -> None:
    assert is_ticked(written)


@pytest.mark.parametrize("written", [None, 0, "0", "N", "no", "FALSE", "-", "–", " ", "n/a", "✗", "☐", "\u200b"])
def test_tick_that_says_no_is_none(written: Any) -> None:
    assert not is_ticked(written)


@pytest.mark.parametrize(
    ("written", "district"),
    [
        ("le2", "LE2"),
        ("LE2 3AB", "LE2"),
        ("LE23AB", "LE2"),
        ("LE2 3", "LE2"),
        ("LE19", "LE19"),
        ("Leicester", ""),
        ("NFA", ""),
        (None, ""),
    ],
)
def test_postcode_is_cut_to_its_district(written: Any, district: str) -> None:
    assert read_district(written) == district


@pytest.mark.parametrize(
    ("written", "reference"), [("blc 033", "BLC 033"), (7.0, "7"), ("n/a", ""), ("Anon", ""), ("-", "")]
)
def test_reference_is_comparable_or_blank(written: Any, reference: str) -> None:
    assert read_reference(written) == reference

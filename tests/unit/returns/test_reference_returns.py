"""The 28 reference returns of 2024/25 come to exactly the figures that were worked out for them."""

import csv
import json
import os
from pathlib import Path
from typing import Any

import pytest

from cafes.returns import Quarter, Tally, check_return, read_return

_SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"
_RETURNS = _SHARED / "returns"
_IS_HERE = (_RETURNS / "expected.json").exists()
_EXPECTED: dict[str, dict[str, Any]] = (
    json.loads((_RETURNS / "expected.json").read_text(encoding="utf-8")) if _IS_HERE else {}
)
# What a person who knows the cafés would choose.
_MEANT = {
    "Mkt Harborough Cafe": "Market Harborough Café",
    "Alliance Cafe, Evington": "Alliance Café Evington",
    "Westen Park Cafe": "Western Park Café",
}
_COUNTED = (
    "rows",
    "accepted",
    "duplicates",
    "ethnicity_to_review",
    "visits_by_cafe",
    "visits_by_month",
    "visits_by_ethnic_category",
    "visits_by_gender",
    "visits_by_age_band",
    "visits_by_reason",
    "people_with_reference",
)

needs_reference_returns = pytest.mark.skipif(
    not _IS_HERE and os.environ.get("CI") != "true", reason="The reference returns lie outside this repository."
)


def _cafes(provider: str) -> list[str]:
    with (_SHARED / "cafes.csv").open(encoding="utf-8", newline="") as file:
        return [row["cafe"] for row in csv.DictReader(file) if row["provider"] == provider]


def _check(name: str, aliases: dict[str, str]) -> Tally:
    expected = _EXPECTED[name]
    quarter = Quarter(2024, expected["quarter"])
    with (_RETURNS / name).open("rb") as file:
        return check_return(file, filename=name, cafes=_cafes(expected["provider"]), quarter=quarter, aliases=aliases)


@needs_reference_returns
def test_reference_returns_are_all_there() -> None:
    names = sorted(_EXPECTED)

    found = sorted(path.name for path in _RETURNS.iterdir() if path.suffix in (".xlsx", ".csv"))

    assert len(names) == 28
    assert found == names


@needs_reference_returns
@pytest.mark.parametrize("name", sorted(_EXPECTED))
def test_reference_return_with_aliases_comes_to_its_figures(name: str) -> None:
    expected = _EXPECTED[name]
    aliases = {written: _MEANT[written] for written in expected["needs_cafe_alias"]}

    tally = _check(name, aliases)

    figures = tally.as_json()
    assert {key: figures[key] for key in _COUNTED} == {key: expected[key] for key in _COUNTED}
    assert tally.rejected_by_reason == expected["rejected"]
    assert figures["needs_cafe_alias"] == []


@needs_reference_returns
@pytest.mark.parametrize("name", [name for name in sorted(_EXPECTED) if _EXPECTED[name]["needs_cafe_alias"]])
def test_reference_return_without_aliases_asks_for_them(name: str) -> None:
    expected = _EXPECTED[name]

    tally = _check(name, {})

    assert tally.as_json()["needs_cafe_alias"] == expected["needs_cafe_alias"]
    assert all(tally.needs_cafe_alias[written][0] == _MEANT[written] for written in expected["needs_cafe_alias"])
    assert tally.rows == expected["rows"]
    assert tally.accepted < expected["accepted"]


@needs_reference_returns
def test_reference_return_read_twice_is_read_alike() -> None:
    name = "melton-mates-2024-25-q2.xlsx"

    with (_RETURNS / name).open("rb") as file:
        options: dict[str, Any] = {"filename": name, "cafes": _cafes("Melton Mates"), "quarter": Quarter(2024, 2)}
        first = list(read_return(file, **options))
        second = list(read_return(file, **options))

    assert first == second
    assert len(first) == 71


@needs_reference_returns
def test_reference_returns_of_both_quarters_add_up() -> None:
    accepted = sum(expected["accepted"] for expected in _EXPECTED.values())

    aliases = {
        name: {written: _MEANT[written] for written in _EXPECTED[name]["needs_cafe_alias"]} for name in _EXPECTED
    }
    counted = sum(_check(name, aliases[name]).accepted for name in _EXPECTED)

    assert counted == accepted

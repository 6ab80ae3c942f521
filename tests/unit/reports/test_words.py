"""Counts in words."""

from __future__ import annotations

import pytest

from reports.disclosure import Disclosed, Exact, NoSessions, Rounded, Suppressed
from reports.presenters.values import as_table_cell, as_wire
from reports.presenters.words import count_in_words, highest, joined
from sutg.common.csv_lines import _harmless


@pytest.mark.parametrize(
    ("value", "words", "wire", "cell"),
    [
        (Exact(0), "0 visits", {"status": "exact", "number": 0}, 0),
        (Exact(1), "1 visit", {"status": "exact", "number": 1}, 1),
        (Exact(1237), "1,237 visits", {"status": "exact", "number": 1237}, 1237),
        (Rounded(5), "about 5 visits", {"status": "rounded", "number": 5}, 5),
        (Suppressed(), "fewer than 5 visits", {"status": "suppressed"}, {"suppressed": True}),
        (NoSessions(), "no visits", {"status": "no_sessions"}, {"text": None, "reason": "no sessions"}),
    ],
)
def test_each_kind_of_value_has_its_own_form(value: Disclosed, words: str, wire: object, cell: object) -> None:
    assert count_in_words(value, "visit", "visits") == words
    assert as_wire(value) == wire
    assert as_table_cell(value) == cell


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ([], None),
        ([("a", Suppressed()), ("b", NoSessions()), ("c", Exact(0))], None),
        ([("a", Rounded(5)), ("b", Rounded(10)), ("c", Suppressed())], (["b"], Rounded(10))),
        ([("a", Rounded(10)), ("b", Rounded(10))], (["a", "b"], Rounded(10))),
    ],
)
def test_highest_leaves_out_what_is_withheld(
    values: list[tuple[str, Disclosed]], found: tuple[list[str], Disclosed] | None
) -> None:
    assert highest(values) == found


@pytest.mark.parametrize(
    ("names", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_names_are_joined_as_in_a_sentence(names: list[str], text: str) -> None:
    assert joined(names) == text


@pytest.mark.parametrize("field", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_formula_is_made_harmless(field: str) -> None:
    assert _harmless(field) == f"'{field}"


def test_other_text_stays_as_it_is() -> None:
    assert _harmless("The Hearth") == "The Hearth"

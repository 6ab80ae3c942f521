"""What holds for every return, whatever its visits and its layout."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.returns.building import CAFES, FIELDS, HEADINGS, check, delimited, workbook, workbook_of

_ANSWERS: dict[str, st.SearchStrategy[Any]] = {
    "cafe": st.sampled_from([*CAFES, "Thursday Club"]),
    "date": st.sampled_from(["03/04/2024", "30/06/2024", "31/06/2024", "1 May 2024", "01/07/2024", None]),
    "time": st.sampled_from(["10:00", "17.30", None]),
    "reference": st.sampled_from(["AB1", "AB2", "ab1", None]),
    "is_new": st.sampled_from(["New", "Returning"]),
    "age_band": st.sampled_from(["25-34", "75+", "Prefer not to say"]),
    "gender": st.sampled_from(["F", "Man", "NB", None]),
    "ethnicity": st.sampled_from(["A", "White - Polish", "Asian", "PNTS", "?", "Indian"]),
    "reasons": st.sampled_from(["Stress", "Anxiety; Money or debt", "Housing; Self-harm; Stress"]),
    "support": st.sampled_from(["Information", "Peer support; 1:1 listening"]),
    "referral": st.sampled_from(["GP", None]),
    "alternative": st.sampled_from(["A&E", "Nowhere"]),
    "before": st.sampled_from([0, 7, 10, 77]),
    "after": st.sampled_from([0, 4]),
    "postcode": st.sampled_from(["LE1", "LE7"]),
}
_VISITS = st.lists(st.tuples(*(_ANSWERS[name] for name in FIELDS)), max_size=12)
_UNHURRIED = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
_TICKS = ("Stress", "Anxiety", "Money or debt", "Housing", "Self-harm")


def _figures(content: bytes, filename: str = "return.xlsx") -> dict[str, Any]:
    tally = check(content, filename)
    return {**tally.as_json(), "rejected": tally.rejected_by_reason}


@_UNHURRIED
@given(_VISITS)
def test_every_row_is_accepted_or_repeated_or_refused(visits: list[tuple[Any, ...]]) -> None:
    tally = check(workbook([HEADINGS, *visits]))

    assert tally.rows == len(visits) == tally.accepted + tally.duplicates + len(tally.rejected)
    assert sum(tally.visits_by_gender.values()) == sum(tally.visits_by_age_band.values()) == tally.accepted
    assert sum(tally.visits_by_ethnic_category.values()) == sum(tally.visits_by_month.values()) == tally.accepted


@_UNHURRIED
@given(_VISITS, st.permutations(range(len(HEADINGS))))
def test_order_of_columns_changes_no_figure(visits: list[tuple[Any, ...]], order: list[int]) -> None:
    moved = [[row[place] for place in order] for row in [HEADINGS, *visits]]

    assert _figures(workbook(moved)) == _figures(workbook([HEADINGS, *visits]))


@_UNHURRIED
@given(_VISITS)
def test_same_visits_in_other_layouts_come_to_the_same(visits: list[tuple[Any, ...]]) -> None:
    ordinary = _figures(workbook([HEADINGS, *visits]))

    titled = [["Melton Mates"], ["Return"], [], HEADINGS, *visits, ["TOTAL", None, None, len(visits)]]
    assert _figures(workbook(titled)) == ordinary
    assert _figures(delimited([HEADINGS, *visits], ";", "cp1252"), "return.csv") == ordinary
    assert _figures(delimited([HEADINGS, *visits], ",", "utf-16"), "return.csv") == ordinary
    assert _figures(workbook(_ticked(visits))) == ordinary
    assert _figures(_sheet_per_cafe(visits)) == ordinary


def _ticked(visits: list[tuple[Any, ...]]) -> list[list[Any]]:
    place = FIELDS.index("reasons")
    group = [None] * place + ["Reason for visit"]
    header = [*HEADINGS[:place], *_TICKS, *HEADINGS[place + 1 :]]
    rows = [[*row[:place], *_ticks(row[place]), *row[place + 1 :]] for row in visits]
    return [group, header, *rows]


def _ticks(reasons: str) -> list[str | None]:
    return ["✓" if name in reasons.split("; ") else None for name in _TICKS]


def _sheet_per_cafe(visits: list[tuple[Any, ...]]) -> bytes:
    cafes = [*CAFES, "Thursday Club"]
    return workbook_of({cafe: [HEADINGS[1:], *[row[1:] for row in visits if row[0] == cafe]] for cafe in cafes})

"""The filters of the activity endpoint."""

from __future__ import annotations

import pytest

from tests.integration.reports.reading import API, items
from tests.integration.reports.world import World, as_trust, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"period": "2024-13"}, "period"),
        ({"period": ""}, "period"),
        ({"period": "2024-04-01"}, "period"),
        ({"cafe": "nonsense"}, "cafe"),
        ({"measure": "rumours"}, "measure"),
        ({"level": "street"}, "level"),
        ({"cursor": "nonsense"}, "cursor"),
        ({"cursor": "W10"}, "cursor"),
        ({"cursor": "é"}, "cursor"),
        ({"page_size": "0"}, "page_size"),
        ({"page_size": "501"}, "page_size"),
        ({"perod": "2024-04"}, "perod"),
        ({"from": "2024-04"}, "to"),
        ({"to": "2024-04"}, "from"),
        ({"from": "2024-04", "to": "2024-Q1"}, "to"),
        ({"from": "2024-06", "to": "2024-04"}, "to"),
        ({"from": "2004-04", "to": "2024-04"}, "to"),
        ({"from": "2024-04", "to": "2024-05", "period": "2024-04"}, "period"),
    ],
)
def test_nonsense_is_refused_by_the_name_of_its_field(world: World, query: dict[str, str], field: str) -> None:
    response = as_trust().get(API, query)

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["errors"][0]["field"].split(".")[0] == field


def test_unknown_area_is_not_found(world: World) -> None:
    assert as_trust().get(API, {"area": "NOWHERE"}).status_code == 404


def test_row_of_periods_gives_each_of_them(world: World) -> None:
    found = items(as_trust(), **{"from": "2024-03", "to": "2024-05"}, area="LLR", measure="visits")

    assert [(item["period"], item["value"]["status"]) for item in found] == [
        ("2024-03", "no_sessions"),
        ("2024-04", "rounded"),
        ("2024-05", "suppressed"),
    ]


def test_two_areas_give_two_rows_and_never_their_sum(world: World) -> None:
    found = items(as_trust(), period="2024-04", area=["LEI01", "RUT01"], measure="visits")

    assert [item["area"]["code"] for item in found] == ["LEI01", "RUT01"]


def test_level_gives_the_rows_inside_an_area(world: World) -> None:
    found = items(as_trust(), period="2024-04", area="LEI", level="cafe", measure="visits")

    assert [item["cafe"]["name"] for item in found] == ["The Hearth", "Anchor"]


def test_cafe_outside_the_area_asked_for_is_left_out(world: World) -> None:
    query = {"period": "2024-04", "area": "LEI01", "cafe": [world.hearth.id, world.harbour.id], "measure": "visits"}

    assert [item["cafe"]["name"] for item in items(as_trust(), **query)] == ["The Hearth"]

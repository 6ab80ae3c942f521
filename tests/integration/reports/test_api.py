"""The activity endpoint: who gets which figures, how exactly, and in which pages."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client

from accounts.roles import Role
from reports.measures import MEASURES
from reports.services.figures import refresh_figures
from tests.factories import make_cafe, make_session, make_visit
from tests.factories.scoped import TESTS, acting_for
from tests.integration.reports.reading import API, items
from tests.integration.reports.world import (
    APRIL,
    World,
    as_cafe_lead,
    as_lead,
    as_manager,
    as_trust,
    make_world,
    signed_in,
)

pytestmark = pytest.mark.django_db
CELLS = sum(len(measure.cells) for measure in MEASURES)


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def value(client: Client, **query: Any) -> dict[str, Any]:
    (item,) = items(client, **query)
    return item["value"]


def test_own_figures_are_exact_with_zero_shown(world: World) -> None:
    client = as_manager(world.mine)

    hearth = value(client, period="2024-05", cafe=world.hearth.id, measure="visits")
    harbour = value(client, period="2024-04", cafe=world.harbour.id, measure="visits")

    assert hearth == {"status": "exact", "number": 3}
    assert harbour == {"status": "exact", "number": 0}


def test_quarter_counts_the_months_and_the_people_once(world: World) -> None:
    client = as_manager(world.mine)

    found = items(client, period="2024-Q1", area="OWN", measure=["sessions", "visits", "people"])

    assert [item["value"]["number"] for item in found] == [3, 20, 7]


def test_neighbourhood_adds_up_providers_before_rounding(world: World) -> None:
    assert value(as_trust(), period="2024-04", area="LEI01", measure="visits") == {"status": "rounded", "number": 25}


def test_trust_gets_suppressed_figure_without_a_number(world: World) -> None:
    found = value(as_trust(), period="2024-05", area="LEI01", measure="visits")

    assert found == {"status": "suppressed"}


def test_zero_visits_in_an_open_cafe_are_suppressed(world: World) -> None:
    assert value(as_trust(), period="2024-04", area="RUT01", measure="visits") == {"status": "suppressed"}


def test_neighbourhood_without_sessions_says_so(world: World) -> None:
    found = items(as_trust(), period="2024-04", area="LEI02", measure=["visits", "sessions"])

    assert [item["value"] for item in found] == [{"status": "no_sessions"}] * 2


def test_sessions_are_not_people_and_stay_exact(world: World) -> None:
    assert value(as_trust(), period="2024-04", area="LEI", measure="sessions") == {"status": "exact", "number": 2}


def test_chinese_is_counted_under_asian(world: World) -> None:
    found = items(as_trust(), period="2024-04", area="LLR", measure="visits_by_ethnic_group")

    shown = {item["category"]["code"]: item["value"].get("number") for item in found}
    assert shown == {"Asian": 15, "White": 5, "Black": None, "Mixed": None, "Other": None} | dict.fromkeys(
        ["Z", "99", "review"]
    )


def test_reason_in_a_cafes_own_words_is_never_quoted(world: World) -> None:
    response = as_manager(world.theirs).get(API, {"page_size": 500})

    assert "Something of their own" not in response.content.decode()
    assert {"code": "other", "label": "Another reason"} in [item["category"] for item in response.json()["items"]]


@pytest.mark.parametrize("query", [{"area": "LEI"}, {"area": "LLR"}, {"area": "RUT01"}, {"area": "OWN"}])
def test_lead_of_one_neighbourhood_finds_no_other_area(world: World, query: dict[str, str]) -> None:
    assert as_lead("LEI01").get(API, query).status_code == 404


def test_lead_sees_their_neighbourhood_and_its_cafes_under_control(world: World) -> None:
    found = items(as_lead("LEI01"), period="2024-04", measure="visits")

    assert [(item["area"]["code"], (item["cafe"] or {}).get("name"), item["value"]["number"]) for item in found] == [
        ("LEI01", None, 25),
        ("LEI01", "The Hearth", 15),
        ("LEI01", "Anchor", 5),
    ]


def test_foreign_and_absent_cafe_answer_the_same(world: World) -> None:
    client = as_manager(world.mine)

    foreign = client.get(API, {"cafe": world.anchor.id})
    absent = client.get(API, {"cafe": uuid.uuid4()})

    assert foreign.status_code == absent.status_code == 404
    assert foreign.content == absent.content
    assert foreign["Content-Type"] == "application/problem+json"


def test_cafe_lead_finds_only_their_own_cafe(world: World) -> None:
    client = as_cafe_lead(world.mine, world.hearth)

    assert client.get(API, {"cafe": world.harbour.id}).status_code == 404
    assert value(client, period="2024-Q1", area="OWN", measure="visits") == {"status": "exact", "number": 20}
    assert client.get(API, {"area": "RUT01"}).status_code == 404


def test_representative_sees_areas_and_no_single_cafe(world: World) -> None:
    client = as_trust(Role.REPRESENTATIVE)

    assert client.get(API, {"cafe": world.hearth.id}).status_code == 404
    assert {item["cafe"] for item in items(client, period="2024-04", measure="visits")} == {None}


@pytest.mark.parametrize("role", [Role.SERVICE_ADMINISTRATOR, Role.INFORMATION_GOVERNANCE, Role.ROSTER_COORDINATOR])
def test_role_without_figures_is_forbidden(role: Role) -> None:
    response = as_trust(role).get(API)

    assert response.status_code == 403
    assert response.json()["title"] == "Forbidden"


def test_cafe_worker_is_forbidden(world: World) -> None:
    from tests.factories import make_membership

    assert signed_in(make_membership(provider=world.mine, role=Role.CAFE_WORKER).user).get(API).status_code == 403


def test_nobody_signed_in_is_unauthorised() -> None:
    assert Client().get(API).status_code == 401


def test_pages_together_are_the_whole_and_in_order(world: World) -> None:
    client = as_trust()
    query = {"period": ["2024-04", "2024-Q1"], "area": ["LEI01", "LLR"], "page_size": 37}
    seen: list[Any] = []
    response = client.get(API, query).json()
    while True:
        assert len(response["items"]) <= 37
        seen += response["items"]
        if response["next"] is None:
            break
        response = client.get(response["next"]).json()

    assert seen == items(client, **{**query, "page_size": 500})
    assert len(seen) == 4 * CELLS


def test_page_goes_on_in_place_when_a_cafe_was_added(world: World) -> None:
    client = as_trust()
    query = {"period": "2024-04", "measure": "visits", "level": "cafe", "page_size": 1}
    first = client.get(API, query).json()
    make_cafe(provider=world.mine, name="A new one")

    rest = client.get(first["next"]).json()["items"]

    assert rest != first["items"]
    assert rest[0]["cafe"]["name"] == "Harbour"


def test_etag_saves_sending_what_is_known_already(world: World) -> None:
    client = as_trust()
    query = {"period": "2024-04", "area": "LEI01"}
    first = client.get(API, query)

    again = client.get(API, query, headers={"If-None-Match": first["ETag"]})
    weak = client.get(API, query, headers={"If-None-Match": f'"other", W/{first["ETag"]}'})
    other = client.get(API, query, headers={"If-None-Match": '"other"'})

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert weak.status_code == 304
    assert other.status_code == 200


def test_etag_changes_with_the_figures(world: World) -> None:
    client = as_manager(world.mine)
    query = {"period": "2024-04", "cafe": world.hearth.id}
    before = client.get(API, query)["ETag"]
    session = make_session(provider=world.mine, cafe=world.hearth, held_on=APRIL.replace(day=10))
    make_visit(provider=world.mine, session=session)
    with acting_for(world.mine):
        refresh_figures(
            provider_id=world.mine.id, cafe_days={world.hearth.id: [session.held_on]}, by=TESTS, reason="recorded"
        )

    assert client.get(API, query)["ETag"] != before


def test_answer_is_stored_by_no_cache(world: World) -> None:
    assert "no-store" in as_trust().get(API, {"period": "2024-04"})["Cache-Control"]


def test_reading_takes_as_many_queries_for_forty_cafes_as_for_three(
    world: World, django_assert_max_num_queries: Any
) -> None:
    client = as_trust()
    query = {"period": ["2024-04", "2024-05", "2024-06", "2024-Q1"], "page_size": 500}
    counted = []
    for more in (0, 37):
        for _ in range(more):
            session = make_session(provider=world.mine, held_on=APRIL)
            make_visit(provider=world.mine, session=session)
        with django_assert_max_num_queries(40) as captured:
            items(client, **query)
        counted.append(len(captured))

    assert counted[0] == counted[1]


def test_description_of_the_api_is_public_and_names_the_endpoint() -> None:
    response = Client().get("/api/v1/openapi.yaml")

    assert response.status_code == 200
    assert b"/api/v1/activity" in response.content

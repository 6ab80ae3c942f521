"""The file of figures, and that page, file and API say the same and never more."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest

from accounts.roles import Role
from reports.models import Figure
from reports.shows import SHOWS
from tests.factories import make_cafe
from tests.factories.scoped import acting_for
from tests.integration.reports.reading import API, FILE, rows_of_file, tables
from tests.integration.reports.world import APRIL, MAY, World, as_lead, as_manager, as_trust, make_world, visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.mark.parametrize("query", [{"period": "yesterday"}, {"show": "gossip"}])
def test_file_of_nonsense_is_not_found(world: World, query: dict[str, str]) -> None:
    assert as_trust().get(FILE, query).status_code == 404


def test_file_before_the_first_return_is_not_found(db: None) -> None:
    assert as_trust().get(FILE).status_code == 404


def test_file_marks_withheld_figures_and_is_stored_nowhere(world: World) -> None:
    client = as_lead("LEI01")
    response = client.get(FILE, {"period": "2024-05", "show": "visits"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")

    assert "attachment" in response["Content-Disposition"]
    assert response["Content-Type"].startswith("text/csv")
    assert "no-store" in response["Cache-Control"]
    assert (
        "2024-05,month,neighbourhood,LEI01,Belgrave and Spinney,,,visits,,,suppressed,*,not_locked,"
        in text.splitlines()
    )
    assert (
        text.splitlines()[-1].startswith('"Contains public sector')
        or "Open Government Licence" in text.splitlines()[-1]
    )


def test_file_runs_no_formula(world: World) -> None:
    cafe = make_cafe(provider=world.mine, name="=HYPERLINK(1)", neighbourhood_code="LEI01")
    visit(world.mine, cafe, MAY, 1)

    names = {row["cafe"] for row in rows_of_file(as_manager(world.mine), period="2024-05")}

    assert "'=HYPERLINK(1)" in names


@pytest.mark.parametrize("period", ["2024-04", "2024-Q1"])
def test_page_file_and_api_say_the_same(world: World, period: str) -> None:
    for client in (as_trust(), as_lead("LEI01"), as_manager(world.mine)):
        by_api = {
            (item["area"]["code"], (item["cafe"] or {}).get("id", "")): item["value"]
            for item in client.get(API, {"period": period, "measure": "visits", "page_size": 500}).json()["items"]
        }
        in_file = [r for r in rows_of_file(client, period=period) if r["measure"] == "visits" and r["period"] == period]
        on_page = {row[0]: row[1] for rows in tables(client, period=period).values() for row in rows[1:]}

        assert {(r["area_code"], r["cafe_id"]): _wire(r["status"], r["value"]) for r in in_file} == by_api
        for row in in_file:
            name = row["cafe"] or row["area"]
            if name in on_page:
                assert on_page[name] == (row["value"] or "–")


def _wire(status: str, written: str) -> dict[str, Any]:
    return {"status": status, "number": int(written)} if written.isdigit() else {"status": status}


def test_small_and_exact_numbers_appear_nowhere_under_control(db: None) -> None:
    """Canaries: 3 visits and 1,237 visits may be seen by nobody but the provider."""
    world = make_world()
    figures = {"small": 3, "exact": 1237}
    with_figures = make_cafe(provider=world.mine, name="Canary", neighbourhood_code="LEI05")
    visit(world.mine, with_figures, APRIL, 3)
    _inflate(world, with_figures.id, figures["exact"])

    for client in (as_trust(), as_lead("LEI05"), as_trust(Role.REPRESENTATIVE)):
        for show in SHOWS:
            found = tables(client, show=show.code, period="2024-Q1", area="LEI05")
            cells = {cell for rows in found.values() for row in rows for cell in row[1:]}
            rows = rows_of_file(client, show=show.code, period="2024-Q1", area="LEI05")
            values = {row["value"] for row in rows if row["measure"] != "sessions"}
            assert not {"3", "4", "1,237", "1237"} & (cells | values)
            assert all(value in {"", "*"} or int(value) % 5 == 0 for value in values)
        response = client.get(API, {"area": "LEI05", "page_size": 500})
        assert not re.search(rb"\b(1237|1,237)\b", response.content)
        numbers = [
            item["value"]["number"]
            for item in response.json()["items"]
            if item["measure"] != "sessions" and "number" in item["value"]
        ]
        assert numbers
        assert all(number % 5 == 0 and number >= 5 for number in numbers)


def _inflate(world: World, cafe_id: uuid.UUID, value: int) -> None:
    """Write a large, recognisable figure straight into the table of figures."""
    with acting_for(world.mine):
        Figure.objects.filter(cafe_id=cafe_id, measure="visits_without_reference").update(value=value, published=value)

"""The coverage page, its file and its what-if."""

from __future__ import annotations

import csv
import io
from datetime import date, time
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.roles import Role
from cafes.models import CafeStatus
from providers.models import Provider
from tests.factories import (
    make_cafe_status,
    make_open_cafe,
    make_opening_pattern,
    make_provider,
)
from tests.integration.reports.reading import _Tables
from tests.integration.reports.world import APRIL, MAY, as_cafe_lead, as_lead, as_manager, as_trust, visit

pytestmark = pytest.mark.django_db

PAGE, FILE = "/coverage/", "/coverage/coverage.csv"
QUERIES = 33
WHO = [Role.EQUALITY_LEAD, Role.GRANT_OFFICER, Role.REPRESENTATIVE]


@pytest.fixture
def provider(db: None) -> Provider:
    """The Hearth in Belgrave (LEI01), 4 and 2 hours a week, with 23 visits; nothing anywhere else."""
    provider = make_provider()
    hearth = make_open_cafe(provider=provider, name="The Hearth", neighbourhood_code="LEI01")
    make_opening_pattern(provider=provider, cafe=hearth, opens=time(17), closes=time(21))
    make_opening_pattern(provider=provider, cafe=hearth, weekday=4, opens=time(10), closes=time(12))
    visit(provider, hearth, APRIL, 23)
    return provider


def page(client: Client, **query: Any) -> str:
    response = client.get(PAGE, query)
    assert response.status_code == 200
    return response.content.decode()


def tables(client: Client, **query: Any) -> dict[str, list[list[str]]]:
    parser = _Tables()
    parser.feed(page(client, **query))
    return parser.tables


def rows(client: Client, table: str = "coverage", **query: Any) -> dict[str, list[str]]:
    return {row[0]: row[1:] for row in tables(client, **query)[table][1:]}


def lines(client: Client) -> dict[str, dict[str, str]]:
    response = client.get(FILE)
    assert response.status_code == 200
    found = csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))
    return {row["neighbourhood_code"]: row for row in found}


@pytest.mark.parametrize("role", WHO)
def test_page_of_the_trust_gives_hours_and_rounded_visits_per_head(provider: Provider, role: Role) -> None:
    found = rows(as_trust(role))

    # 45,774 people: 6 hours are 1.3 for 10,000 of them, and 25 visits (23, rounded) 0.5 for 1,000.
    assert found["Belgrave and Spinney"] == ["1", "6", "1.3", "25", "0.5", "50%"]
    assert len(found) == 25


def test_page_below_five_visits_gives_neither_visits_nor_rate(provider: Provider) -> None:
    cafe = make_open_cafe(provider=provider, neighbourhood_code="LEI02")
    visit(provider, cafe, MAY, 4)

    found = rows(as_trust())

    assert found["The Leicester Foxes"][3:5] == ["*", "*"]
    assert lines(as_trust())["LEI02"]["visits_per_1000_people"] == "*"


def test_page_lists_gaps_first_and_the_more_deprived_of_them(provider: Provider) -> None:
    order = list(rows(as_trust()))

    assert order[-1] == "Belgrave and Spinney"
    assert order.index("The Leicester Foxes") < order.index("Rutland Healthcare")


def test_page_with_an_unknown_list_size_gives_nothing_per_head(provider: Provider) -> None:
    cafe = make_open_cafe(provider=provider, neighbourhood_code="RUT01", local_authority_code="E06000017")
    make_opening_pattern(provider=provider, cafe=cafe)
    visit(provider, cafe, APRIL, 9)

    found = rows(as_trust())["Rutland Healthcare"]

    assert found == ["1", "4", "–", "10", "–", "0%"]


def test_cafe_that_is_not_open_today_adds_no_hours(provider: Provider) -> None:
    for state in (CafeStatus.State.PAUSED, CafeStatus.State.CLOSED):
        cafe = make_open_cafe(provider=provider, neighbourhood_code="LEI02")
        make_opening_pattern(provider=provider, cafe=cafe)
        make_cafe_status(provider=provider, cafe=cafe, state=state, since=date(2024, 6, 1))

    assert rows(as_trust())["The Leicester Foxes"][:3] == ["0", "0", "0"]


def test_opening_that_has_ended_adds_no_hours(provider: Provider) -> None:
    cafe = make_open_cafe(provider=provider, neighbourhood_code="LEI02")
    make_opening_pattern(provider=provider, cafe=cafe, until=date(2024, 3, 31))

    assert rows(as_trust())["The Leicester Foxes"][:2] == ["1", "0"]


def test_growth_counts_what_was_open_at_the_end_of_each_quarter(provider: Provider) -> None:
    cafe = make_open_cafe(provider=provider, neighbourhood_code="LEI02", since=date(2024, 5, 1))
    make_opening_pattern(provider=provider, cafe=cafe, since=date(2024, 5, 1))
    make_cafe_status(provider=provider, cafe=cafe, state=CafeStatus.State.CLOSED, since=date(2024, 8, 1))

    growth = rows(as_trust(), "growth")

    assert growth["March 2024"] == ["1", "1", "6"]
    assert growth["June 2024"] == ["2", "2", "10"]
    assert growth["September 2024"] == ["1", "1", "6"]


def test_page_of_a_lead_shows_their_own_neighbourhoods_alone(provider: Provider) -> None:
    client = as_lead("LEI02", "RUT01")

    assert set(rows(client)) == {"The Leicester Foxes", "Rutland Healthcare"}
    assert set(lines(client)) >= {"LEI02", "RUT01"}
    assert "LEI01" not in lines(client)
    assert client.get(PAGE, {"where": "LEI01", "add": "cafe", "hours": 4}).status_code == 404
    assert "growth" not in tables(client)


def test_what_if_where_nothing_is_open_tells_who_comes_within_reach(provider: Provider) -> None:
    said = page(as_trust(), where="LEI02", add="cafe", hours="4")
    found = rows(as_trust(), "what-if", where="LEI02", add="cafe", hours="4")

    assert "33,498 people registered in The Leicester Foxes come within reach" in said
    assert found["Open cafés there"] == ["0", "1"]
    assert found["People within reach of a café"] == ["45,774", "79,272"]
    others = rows(as_trust(), "what-if-others", where="LEI02", add="cafe", hours="4")
    assert others["The Leicester Foxes"] == ["0", "1.2"]
    assert others["Belgrave and Spinney"] == ["1.3", "1.3"]


def test_what_if_of_hours_at_an_open_cafe_brings_nobody_new(provider: Provider) -> None:
    query = {"where": "LEI01", "add": "hours", "hours": "4"}

    assert "nobody new comes within reach" in page(as_trust(), **query)
    found = rows(as_trust(), "what-if", **query)
    assert found["Open cafés there"] == ["1", "1"]
    assert found["Open hours a week there"] == ["6", "10"]


def test_what_if_in_rutland_says_that_its_people_are_unknown(provider: Provider) -> None:
    said = page(as_trust(), where="RUT01", add="cafe", hours="4")

    assert "How many people come within reach is unknown" in said
    assert "where the list size is known" in said


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"where": "LEI02", "add": "hours", "hours": "4"}, "The Leicester Foxes has no open café to add hours to"),
        ({"where": "LEI01", "add": "hours", "hours": "many"}, "Hours must be a whole number"),
        ({"where": "LEI01", "add": "hours", "hours": "0"}, "Hours must be 1 or more"),
        ({"where": "LEI01", "add": "hours", "hours": "101"}, "Hours must be 100 or fewer"),
        ({"where": "LEI01", "add": "hours", "hours": ""}, "Enter how many hours a week"),
        ({"where": "LEI01", "add": "castle", "hours": "4"}, "Select hours at an open café, or a café"),
        ({"where": "", "add": "cafe", "hours": "4"}, "Select a neighbourhood"),
    ],
)
def test_what_if_that_cannot_be_answered_says_why_and_keeps_the_page(
    provider: Provider, query: dict[str, str], sentence: str
) -> None:
    said = page(as_trust(), **query)

    assert sentence in said
    assert 'id="what-if"' not in said
    assert 'id="coverage"' in said


def test_file_gives_the_table_and_says_which_kind_each_figure_is(provider: Provider) -> None:
    found = lines(as_trust())["LEI01"]

    assert (found["open_cafes"], found["open_hours_a_week"], found["hours_per_10000_people"]) == ("1", "6", "1.3")
    assert (found["visits_status"], found["visits"], found["visits_per_1000_people"]) == ("rounded", "25", "0.5")
    assert found["local_authorities"] == "Leicester"
    assert lines(as_trust())["LEI02"]["visits_status"] == "no_sessions"


def test_page_before_the_first_figure_says_that_there_are_none(db: None) -> None:
    found = rows(as_trust())

    assert found["Belgrave and Spinney"] == ["0", "0", "0", "–", "–", "50%"]


def test_page_for_a_provider_is_refused(provider: Provider) -> None:
    cafe = make_open_cafe(provider=provider)

    refused = [as_manager(provider), as_cafe_lead(provider, cafe), as_trust(Role.SERVICE_ADMINISTRATOR)]

    assert {client.get(address).status_code for client in refused for address in (PAGE, FILE)} == {403}


def test_page_with_more_cafes_takes_as_many_queries(
    provider: Provider, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_trust()
    client.get(PAGE)  # the session is written at the first request

    with django_assert_num_queries(QUERIES):
        client.get(PAGE)
    for code in ("LEI02", "LEI03", "LEI04"):
        cafe = make_open_cafe(provider=make_provider(), neighbourhood_code=code)
        make_opening_pattern(provider=cafe.provider, cafe=cafe)
        visit(cafe.provider, cafe, APRIL, 6)

    with django_assert_num_queries(QUERIES):
        client.get(PAGE)

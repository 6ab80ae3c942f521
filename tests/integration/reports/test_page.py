"""The figures page."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest
from django.test import Client

from accounts.roles import Role
from reports.shows import SHOWS
from tests.factories import make_cafe, make_provider
from tests.integration.reports.reading import FILE, PAGE, page, rows_of_file, tables
from tests.integration.reports.world import (
    APRIL,
    MAY,
    World,
    as_cafe_lead,
    as_lead,
    as_manager,
    as_trust,
    make_world,
    visit,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def test_own_page_gives_exact_numbers(world: World) -> None:
    found = tables(as_manager(world.mine), period="2024-Q1")

    assert found["by-month"][1:] == [
        ["April 2024", "17", "7", "0", "2"],
        ["May 2024", "3", "0", "3", "1"],
        ["June 2024", "–", "–", "–", "–"],
        ["Whole period", "20", "7", "3", "3"],
    ]
    assert [row[:2] for row in found["by-cafe"][1:]] == [["Harbour", "0"], ["The Hearth", "20"]]


def test_trust_page_rounds_and_withholds(world: World) -> None:
    found = tables(as_trust(), period="2024-Q1", area="LEI01")

    assert found["by-month"][1:] == [
        ["April 2024", "25", "5", "5", "2"],
        ["May 2024", "*", "*", "*", "1"],
        ["June 2024", "–", "–", "–", "–"],
        ["Whole period", "25", "5", "10", "3"],
    ]
    assert [row[:2] for row in found["by-cafe"][1:]] == [["Anchor", "5"], ["The Hearth", "20"]]


def test_first_page_shows_the_latest_year_and_everything(world: World) -> None:
    found = tables(as_trust())

    assert len(found["by-month"]) == 1 + 12 + 1
    assert len(found["by-neighbourhood"]) == 1 + 25
    assert [row[0] for row in found["by-place"][1:]] == ["Leicester", "Leicestershire", "Rutland"]


@pytest.mark.parametrize("period", ["2024-04", "2024-Q1", "2024-25"])
def test_every_choice_of_what_to_show_gives_a_page_and_a_file(world: World, period: str) -> None:
    clients = [(as_trust(), "LLR"), (as_lead("LEI01"), "LEI01"), (as_manager(world.mine), "OWN")]
    for client, area in [*clients, (as_manager(world.mine), str(world.hearth.id))]:
        for show in SHOWS:
            assert tables(client, show=show.code, period=period, area=area)
            assert rows_of_file(client, show=show.code, period=period, area=area)


def test_reasons_are_given_by_name(world: World) -> None:
    found = dict(tables(as_manager(world.mine), show="reasons", period="2024-05")["by-category"][1:])

    assert (found["Housing"], found["Stress"], found["Anxiety"]) == ("3", "3", "0")


def test_new_and_returning_are_given_by_month(world: World) -> None:
    found = tables(as_trust(), show="new", period="2024-Q1", area="LEI01")["by-month"]

    assert found[0] == ["Month", "New", "Returning", "Not recorded"]
    assert found[1] == ["April 2024", "15", "5", "*"]


def test_ethnic_group_puts_chinese_under_asian(world: World) -> None:
    found = dict(tables(as_trust(), show="ethnic-group", period="2024-04", area="LLR")["by-category"][1:])

    assert found["Asian, Asian British or Asian Welsh"] == "15"


def test_month_by_area_is_a_grid(world: World) -> None:
    found = tables(as_trust(), show="areas", period="2024-Q1", area="LEI")["by-neighbourhood"]

    assert found[0] == ["Neighbourhood", "Apr 2024", "May 2024", "Jun 2024", "Whole period"]
    assert ["Belgrave and Spinney", "25", "*", "–", "25"] in found
    assert ["The Leicester Foxes", "–", "–", "–", "–"] in found


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"period": "2024-04"}, "In April 2024 cafés in Belgrave and Spinney recorded about 25 visits in 2 sessions."),
        ({"period": "2024-04"}, "About 5 people were known by a reference."),
        ({"period": "2024-05"}, "cafés in Belgrave and Spinney recorded fewer than 5 visits in 1 session."),
        ({"period": "2024-06"}, "No session at cafés in Belgrave and Spinney is recorded in June 2024."),
        ({"period": "2023-24"}, "is recorded from April 2023 to March 2024."),
        (
            {"period": "2024-04", "show": "reasons"},
            "the most common reason at cafés in Belgrave and Spinney was “Anxiety”, with about",
        ),
        (
            {"period": "2024-05", "show": "reasons"},
            "fewer than 5 visits at cafés in Belgrave and Spinney under each answer",
        ),
        (
            {"period": "2024-04", "show": "new"},
            "about 15 visits by people who were new and about 5 visits by people who had been",
        ),
        ({"period": "2024-05", "show": "gender"}, "under each answer, so that none is shown."),
    ],
)
def test_page_says_the_result_in_words(world: World, query: dict[str, str], sentence: str) -> None:
    assert sentence in page(as_lead("LEI01"), **query)


@pytest.mark.parametrize(
    ("reasons", "sentence"),
    [
        (["Housing", "Stress"], "“Stress” and “Housing” were equally common at The Hearth, with 3 visits each."),
        (["Housing", "Stress", "Anxiety", "Isolation"], "no reason stands out at The Hearth: 4 have 3 visits each."),
    ],
)
def test_sentence_does_not_single_out_one_of_several(world: World, reasons: list[str], sentence: str) -> None:
    visit(world.mine, world.hearth, date(2024, 7, 3), 3, reasons=reasons)

    assert sentence in page(as_manager(world.mine), period="2024-07", area=str(world.hearth.id), show="reasons")


def test_own_sentence_is_exact(world: World) -> None:
    text = page(as_manager(world.mine), period="2024-05", area=str(world.hearth.id))

    assert "In May 2024 The Hearth recorded 3 visits in 1 session." in text


@pytest.mark.parametrize(("name", "value"), [("show", "gossip"), ("period", "yesterday"), ("period", "2024-4")])
def test_nonsense_is_refused_in_an_error_summary(world: World, name: str, value: str) -> None:
    text = page(as_trust(), **{name: value})

    assert "There is a problem" in text
    assert f'href="#id_{name}"' in text


@pytest.mark.parametrize("path", [PAGE, FILE])
def test_foreign_and_absent_cafe_are_the_same_page(world: World, path: str) -> None:
    client = as_manager(world.mine)

    foreign = client.get(path, {"area": world.anchor.id})
    absent = client.get(path, {"area": uuid.uuid4()})

    assert foreign.status_code == absent.status_code == 404
    assert foreign.content == absent.content


@pytest.mark.parametrize("area", ["LEI02", "LEI", "LLR", "nonsense", "\x00"])
def test_lead_finds_nothing_outside_their_neighbourhood(world: World, area: str) -> None:
    assert as_lead("LEI01").get(PAGE, {"area": area}).status_code == 404


def test_cafe_lead_sees_their_own_cafe_alone(world: World) -> None:
    client = as_cafe_lead(world.mine, world.hearth)

    assert "Visits and people: The cafés you lead, " in page(client)
    assert "Harbour" not in page(client)
    assert client.get(PAGE, {"area": world.harbour.id}).status_code == 404


def test_representative_sees_no_single_cafe(world: World) -> None:
    text = page(as_trust(Role.REPRESENTATIVE), area="LEI01", period="2024-04")

    assert "The Hearth" not in text
    assert "Anchor" not in text


@pytest.mark.parametrize("path", [PAGE, FILE])
def test_other_roles_are_forbidden(world: World, path: str) -> None:
    assert as_trust(Role.SERVICE_ADMINISTRATOR).get(path).status_code == 403


@pytest.mark.parametrize("path", [PAGE, FILE])
def test_nobody_is_asked_to_sign_in(path: str) -> None:
    assert Client().get(path).status_code == 302


def test_page_before_the_first_return_says_so(db: None) -> None:
    text = page(as_trust())

    assert "No figures yet" in text


def test_provider_without_cafes_sees_an_empty_page(world: World) -> None:
    assert "No figures yet" in page(as_manager(make_provider()))


def test_name_of_a_cafe_is_escaped_on_the_page(world: World) -> None:
    cafe = make_cafe(provider=world.mine, name="<script>alert(1)</script>", neighbourhood_code="LEI01")
    visit(world.mine, cafe, MAY, 1)

    assert "<script>alert(1)" not in page(as_manager(world.mine), period="2024-05")


@pytest.mark.parametrize("path", [PAGE, FILE])
def test_page_takes_as_many_queries_for_forty_cafes_as_for_three(
    world: World, path: str, django_assert_max_num_queries: Any
) -> None:
    client = as_trust()
    counted = []
    for more in (0, 37):
        for _ in range(more):
            visit(world.mine, make_cafe(provider=world.mine), APRIL, 1)
        with django_assert_max_num_queries(35) as captured:
            response = client.get(path, {"period": "2024-Q1", "area": "LEI01"})
            assert b"".join(response)
        counted.append(len(captured))

    assert counted[0] == counted[1]


def test_navigation_leads_to_the_figures(world: World) -> None:
    assert 'href="/figures/"' in page(as_trust())

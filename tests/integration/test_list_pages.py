"""Every page that lists something costs the same number of queries however much there is."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.roles import HeldFor, Role
from providers.models import Provider
from tests.factories import make_provider
from tests.support.scale import plant_years
from tests.support.walk import Route, person_of, routes

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def listing(route: Route) -> bool:
    """Pages of ours that open without an id, for somebody signed in: the start page and all that lists."""
    named = isinstance(route.permissions, tuple) and bool(route.permissions)
    return not route.arguments and named and not route.is_api and not route.is_third_party


# Takes a form and shows nothing: a new one is found by its status.
NO_PAGE = {"accounts:change_hat"}
PAGES = sorted(
    (route for route in routes() if listing(route) and route.name not in NO_PAGE), key=lambda route: route.name
)


# Written to its end however long, some lines a query.
FILES = {"accounts:download_audit"}


def one_of_each(route: Route) -> list[Role]:
    """The first role of a provider's and the first of anybody else's that may open the page."""
    may = [role for role in Role if route.lets(role)]
    own = [role for role in may if role.held_for is HeldFor.PROVIDER]
    others = [role for role in may if role.held_for is not HeldFor.PROVIDER]
    return [*own[-1:], *others[:1]]


def queries_of(client: Client, address: str) -> tuple[int, int]:
    _read(client, address)
    with CaptureQueriesContext(connection) as queries:
        status = _read(client, address)
    return status, len(queries)


def _read(client: Client, address: str) -> int:
    response = client.get(address)
    if response.streaming:
        b"".join(response.streaming_content)
    return response.status_code


@pytest.fixture
def provider(db: None) -> Provider:
    return make_provider()


def plant(provider: Provider, weeks: int, people: int, seed: int) -> None:
    last = timezone.localdate() - timedelta(days=1)
    for number, whose in enumerate((provider, make_provider())):
        plant_years(whose, seed=seed + number, people=people, last=last, weeks=weeks)


def test_list_pages_are_found() -> None:
    names = {route.name for route in PAGES}

    assert {"home", "cafes:cafes", "cafes:incidents", "reports:figures", "reports:months"} <= names


def test_every_list_page_takes_as_many_queries_for_years_as_for_weeks(provider: Provider) -> None:
    plant(provider, weeks=3, people=2, seed=1)
    clients: dict[Role, Any] = {}
    for role in {role for route in PAGES for role in one_of_each(route)}:
        clients[role] = Client()
        clients[role].force_login(person_of(role, provider), backend=BACKEND)

    def walk() -> dict[tuple[str, str], tuple[int, int]]:
        return {
            (route.name, role.value): queries_of(clients[role], reverse(route.name))
            for route in PAGES
            if route.name not in FILES
            for role in one_of_each(route)
        }

    # Once uncounted: the audit record asks who people are only when somebody has done something, as opening is.
    walk()
    few = walk()
    plant(provider, weeks=80, people=12, seed=11)
    many = walk()

    assert {key: status for key, (status, _) in few.items() if status != HTTPStatus.OK} == {}
    assert {key: (few[key], many[key]) for key in few if few[key] != many[key]} == {}

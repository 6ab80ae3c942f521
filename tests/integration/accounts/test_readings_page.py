"""A manager sees who was shown which named record of their organisation, and of no other."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.roles import Role
from providers.models import Provider
from sutg.audit.models import ProviderEvent
from sutg.audit.services import record_read
from sutg.tenancy.scope import Actor
from tests.factories import make_incident, make_membership, make_provider, make_user
from tests.factories.scoped import acting_for
from tests.integration.cafes.test_return_pages import signed_in

pytestmark = pytest.mark.django_db
PAGE = "/readings/"


@pytest.fixture
def provider() -> Provider:
    return make_provider()


@pytest.fixture
def manager(provider: Provider) -> Client:
    return signed_in(make_membership(provider=provider, role=Role.PROVIDER_MANAGER).user)


def read_incident(provider: Provider, by: User) -> Any:
    incident = make_incident(provider=provider)
    with acting_for(provider):
        record_read(incident, by=Actor.user(by.id), purpose="incident")
    return incident


def test_incident_that_was_opened_is_listed_with_who_and_a_link(provider: Provider, manager: Client) -> None:
    incident = make_incident(provider=provider)
    lead = make_membership(provider=provider, role=Role.CAFE_LEAD, user=make_user(full_name="Callum Reid")).user
    assert signed_in(lead).get(f"/incidents/{incident.id}/").status_code == 200

    page = manager.get(PAGE).text

    assert "Callum Reid" in page
    assert f'href="/incidents/{incident.id}/"' in page
    assert str(incident.id) in page


def test_reading_in_another_organisation_is_not_there(provider: Provider, manager: Client) -> None:
    stranger = make_user(full_name="Ruth Pickering")
    elsewhere = read_incident(make_provider(), stranger)

    page = manager.get(PAGE).text

    assert "Nobody yet" in page
    assert "Ruth Pickering" not in page
    assert str(elsewhere.id) not in page


def test_person_of_another_organisation_cannot_be_searched_for(provider: Provider, manager: Client) -> None:
    stranger = make_user(full_name="Ruth Pickering")
    read_incident(make_provider(), stranger)

    page = manager.get(PAGE, {"who": f"user:{stranger.id}"}).text

    assert "There is a problem" in page
    assert "Ruth Pickering" not in page


def test_search_by_person_and_day_finds_theirs_of_that_day_alone(provider: Provider, manager: Client) -> None:
    one, two = make_user(full_name="Wanjiru Kamau"), make_user(full_name="Callum Reid")
    first, second = read_incident(provider, one), read_incident(provider, two)
    with acting_for(provider):
        ProviderEvent.objects.create(
            provider_id=provider.id,
            name="record_read",
            actor=f"user:{one.id}",
            at=datetime(2024, 5, 1, 22, 30, tzinfo=UTC),
            subject=second.id,
            detail={"table": "cafes_incident", "purpose": "incident"},
        )

    of_one = manager.get(PAGE, {"who": f"user:{one.id}"}).text
    days = {f"{end}_{part}": value for end in ("since", "until") for part, value in (("day", "1"), ("month", "5"))}
    of_that_day = manager.get(PAGE, {**days, "since_year": "2024", "until_year": "2024"}).text

    assert re.findall(r"/incidents/([0-9a-f-]{36})/", of_one) == [str(first.id), str(second.id)]
    assert re.findall(r"/incidents/([0-9a-f-]{36})/", of_that_day) == [str(second.id)]
    assert "1 May 2024 at 11:30pm" in of_that_day


def test_page_costs_as_many_queries_with_few_readings_as_with_many(
    provider: Provider,
    manager: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("accounts.views.readings.PER_PAGE", 10)
    read_incident(provider, make_user())
    manager.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        manager.get(PAGE)
    for _ in range(12):
        read_incident(provider, make_user())

    with django_assert_num_queries(len(few)):
        page = manager.get(PAGE).text

    assert "below=" in page


@pytest.mark.parametrize("role", [Role.CAFE_WORKER, Role.CAFE_LEAD, Role.PROVIDER_FINANCE])
def test_readings_are_for_the_manager_alone(provider: Provider, role: Role) -> None:
    assert signed_in(make_membership(provider=provider, role=role).user).get(PAGE).status_code == 403

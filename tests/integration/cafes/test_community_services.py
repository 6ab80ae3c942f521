"""The directory of community services: the trust's, each provider's own, and who may keep which."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.roles import Role
from cafes.models import OwnService, SharedService
from cafes.services.community_services import Facts, add_service, confirm_service, edit_service, end_service
from providers.models import Provider
from sutg.audit.models import ProviderEvent
from sutg.common.errors import ChangedMeanwhile, DomainError, NotFound
from tests.factories import make_appointment, make_membership, make_own_service, make_provider, make_shared_service
from tests.factories.scoped import TESTS, acting_for, acting_for_trust
from tests.integration.cafes.test_return_pages import signed_in

pytestmark = pytest.mark.django_db
TODAY = date(2026, 5, 4)
FACTS = Facts(name="Debt Line", kind="debt", what_for="Free advice about debts.", phone="01632 960001")
TYPED = {"name": "Debt Line", "kind": "debt", "what_for": "Free advice about debts.", "phone": "01632 960001"}


@pytest.fixture
def provider() -> Provider:
    return make_provider()


@pytest.fixture
def manager(provider: Provider) -> Client:
    return signed_in(make_membership(provider=provider).user)


def add(provider: Provider, **changes: Any) -> OwnService:
    with acting_for(provider):
        added = add_service(provider_id=provider.id, facts=Facts(**{**TYPED, **changes}), today=TODAY, by=TESTS)
    assert isinstance(added, OwnService)
    return added


def events(provider: Provider) -> list[str]:
    with acting_for(provider):
        return list(ProviderEvent.objects.filter(name__startswith="community_service").values_list("name", flat=True))


def test_service_added_to_own_directory_is_checked_today_and_recorded(provider: Provider) -> None:
    service = add(provider)

    assert (service.checked_on, service.checked_by, service.version) == (TODAY, str(TESTS), 0)
    assert events(provider) == ["community_service_added"]


def test_service_without_a_way_to_reach_it_is_refused(provider: Provider) -> None:
    with pytest.raises(DomainError, match="able to get there"):
        add(provider, phone="")


@pytest.mark.parametrize("name", ["Debt Line", "DEBT LINE"])
def test_service_of_a_name_in_the_directory_is_refused_at_its_field(provider: Provider, name: str) -> None:
    add(provider)

    with pytest.raises(DomainError, match="has a service of this name") as refusal:
        add(provider, name=name)

    assert refusal.value.field == "name"


def test_service_of_the_name_of_one_that_ended_is_added(provider: Provider) -> None:
    old = add(provider)
    with acting_for(provider):
        end_service(provider_id=provider.id, service_id=old.id, today=TODAY, by=TESTS)

    new = add(provider)

    assert new.id != old.id
    assert events(provider) == ["community_service_added", "community_service_ended", "community_service_added"]


def test_service_edited_at_an_old_version_is_not_saved(provider: Provider) -> None:
    service = add(provider)
    with acting_for(provider):
        edit_service(provider_id=provider.id, service_id=service.id, facts=FACTS, version=0, today=TODAY, by=TESTS)

    other = Facts(**{**TYPED, "name": "Other"})
    with acting_for(provider), pytest.raises(ChangedMeanwhile):
        edit_service(provider_id=provider.id, service_id=service.id, facts=other, version=0, today=TODAY, by=TESTS)

    with acting_for(provider):
        assert OwnService.objects.get(id=service.id).name == "Debt Line"


def test_service_of_another_provider_is_not_found(provider: Provider) -> None:
    foreign = make_own_service(provider=make_provider())

    for move in (confirm_service, end_service):
        with acting_for(provider), pytest.raises(NotFound):
            move(provider_id=provider.id, service_id=foreign.id, today=TODAY, by=TESTS)


def test_service_confirmed_is_checked_today(provider: Provider) -> None:
    service = make_own_service(provider=provider, checked_on=date(2024, 1, 1))

    with acting_for(provider):
        confirmed = confirm_service(provider_id=provider.id, service_id=service.id, today=TODAY, by=TESTS)

    assert confirmed.checked_on == TODAY
    assert events(provider) == ["community_service_checked"]


def test_shared_service_is_kept_by_the_trust() -> None:
    with acting_for_trust():
        service = add_service(provider_id=None, facts=FACTS, today=TODAY, by=TESTS)

    assert isinstance(service, SharedService)
    assert SharedService.objects.get().name == "Debt Line"


def test_list_shows_shared_and_own_and_nobody_elses(provider: Provider, manager: Client) -> None:
    make_shared_service(name="Shared Line")
    make_own_service(provider=provider, name="Own Line")
    make_own_service(provider=make_provider(), name="Foreign Line")

    response = manager.get("/services/")

    assert "Shared Line" in response.text
    assert "Own Line" in response.text
    assert "Foreign Line" not in response.text


def test_list_costs_as_many_queries_with_few_services_as_with_many(
    provider: Provider, manager: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_own_service(provider=provider)
    manager.get("/services/")
    with CaptureQueriesContext(connection) as few:
        manager.get("/services/")
    for _ in range(20):
        make_own_service(provider=provider)
        make_shared_service()

    with django_assert_num_queries(len(few)):
        manager.get("/services/")


def test_list_filtered_by_help_and_words_finds_both(provider: Provider, manager: Client) -> None:
    make_own_service(provider=provider, name="Debt Line", kind="debt")
    make_own_service(provider=provider, name="Bread Shop", kind="food", what_for="Bread for everybody.")

    response = manager.get("/services/?kind=food&words=bread everybody")

    assert "Bread Shop" in response.text
    assert "Debt Line" not in response.text
    assert "1 service found" in response.text


def test_manager_adds_changes_and_ends_a_service(provider: Provider, manager: Client) -> None:
    added = manager.post("/services/new/", TYPED | {"version": 0})
    with acting_for(provider):
        service = OwnService.objects.get()
    address = f"/services/own/{service.id}/"
    manager.post(address, TYPED | {"name": "Money Line", "place_codes": ["RUT"], "version": 0})
    confirmed = manager.post(f"{address}checked/")
    ended = manager.post(f"{address}end/")

    assert [added.status_code, confirmed.status_code, ended.status_code] == [302, 302, 302]
    with acting_for(provider):
        service = OwnService.objects.get()
    assert (service.name, service.ended_on, service.version) == ("Money Line", timezone.localdate(), 3)


def test_second_editor_sees_the_difference_keeps_what_they_typed_and_may_save(
    provider: Provider, manager: Client
) -> None:
    service = make_own_service(provider=provider, name="Debt Line")
    address = f"/services/own/{service.id}/"
    manager.post(address, TYPED | {"phone": "01632 960111", "version": 0})

    second = manager.post(address, TYPED | {"phone": "01632 960222", "version": 0})
    third = manager.post(address, TYPED | {"phone": "01632 960222", "version": 1})

    assert second.status_code == 200
    assert "Somebody else saved this" in second.text
    assert "01632 960111" in second.text
    assert 'value="01632 960222"' in second.text
    assert 'name="version" value="1"' in second.text
    assert third.status_code == 302


def test_form_with_nothing_typed_names_each_field(manager: Client) -> None:
    response = manager.post("/services/new/", {"version": 0})

    for sentence in ("Enter the name of the service", "Select what it helps with", "Enter what a visitor can expect"):
        assert sentence in response.text


def test_service_unchecked_for_a_year_is_on_its_keepers_start_page(provider: Provider, manager: Client) -> None:
    make_own_service(provider=provider, checked_on=date(2020, 1, 1))

    assert "Check that community services still hold" in manager.get("/").text


def test_officer_keeps_the_shared_directory() -> None:
    officer = signed_in(make_appointment(role=Role.GRANT_OFFICER).user)
    service = make_shared_service(name="Shared Line")

    changed = officer.post(f"/services/shared/{service.id}/", TYPED | {"version": 0})
    absent = officer.get(f"/services/shared/{uuid.uuid4()}/")

    assert (changed.status_code, absent.status_code) == (302, 404)
    assert SharedService.objects.get().name == "Debt Line"

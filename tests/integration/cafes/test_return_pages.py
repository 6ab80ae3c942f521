"""The pages on which a return is handed in, checked and loaded."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.roles import Role
from cafes.models import ReturnFile, Visit
from cafes.services.return_work import work_on
from providers.models import Provider
from sutg.audit.models import ProviderEvent
from sutg.tenancy.scope import Actor
from tests.factories import (
    make_appointment,
    make_cafe,
    make_membership,
    make_provider,
    make_return_check,
    make_return_file,
)
from tests.factories.scoped import acting_for
from tests.integration.cafes.test_load_return import HEADER, ROWS

pytestmark = pytest.mark.django_db
State = ReturnFile.State
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


@pytest.fixture
def provider() -> Provider:
    provider = make_provider(name="Hearth Trust", slug="hearth-trust")
    make_cafe(provider=provider, name="The Hearth")
    return provider


@pytest.fixture
def officer() -> Client:
    return signed_in(make_appointment(role=Role.GRANT_OFFICER).user)


@pytest.fixture
def manager(provider: Provider) -> Client:
    return signed_in(make_membership(provider=provider).user)


def upload(client: Client, provider: Provider, content: str = HEADER + ROWS, **fields: Any) -> Any:
    file = SimpleUploadedFile("return.csv", content.encode())
    return client.post("/returns/new/", {"provider": str(provider.id), "quarter": "2026-Q1", "file": file, **fields})


def only_return(provider: Provider) -> ReturnFile:
    with acting_for(provider):
        return ReturnFile.objects.get()


def check(file: ReturnFile, provider: Provider) -> None:
    with acting_for(provider):
        work_on(return_file_id=file.id, state=file.state, by=Actor.job("tests"))


def test_upload_without_anything_names_each_field(officer: Client, provider: Provider) -> None:
    make_provider()
    response = officer.post("/returns/new/", {})

    assert response.status_code == 200
    for sentence in ("Error: ", "Select a provider", "Select a quarter", "Select a file"):
        assert sentence in response.text


def test_upload_of_an_empty_file_keeps_what_was_chosen(officer: Client, provider: Provider) -> None:
    make_provider()
    response = upload(officer, provider, "")

    assert "The file is empty" in response.text
    assert f'<option value="{provider.id}" selected' in response.text


def test_officer_uploads_checks_and_loads(officer: Client, provider: Provider) -> None:
    make_provider()
    rows = ROWS.replace("/2024", "/2026")

    page = upload(officer, provider, HEADER + rows)
    file = only_return(provider)
    waiting = officer.get(page.url)
    check(file, provider)
    checked = officer.get(page.url)
    officer.post(f"{page.url}load/")
    check(only_return(provider), provider)
    loaded = officer.get(page.url)

    assert "Waiting for its turn" in waiting.text
    assert "Load 3 visits" in checked.text
    assert "These visits are in the figures" in loaded.text
    with acting_for(provider):
        assert Visit.objects.standing().count() == 3
        assert ProviderEvent.objects.filter(name="return_seen").exists()


def test_manager_is_not_asked_for_the_provider(manager: Client, provider: Provider) -> None:
    response = manager.get("/returns/new/")

    assert 'name="provider"' not in response.text


def test_manager_cannot_hand_in_for_another_provider(manager: Client, provider: Provider) -> None:
    other = make_provider()

    upload(manager, other)

    with acting_for(other):
        assert ReturnFile.objects.count() == 0
    assert only_return(provider).provider_id == provider.id


def test_foreign_return_is_not_found_in_the_same_words_as_an_absent_one(manager: Client, provider: Provider) -> None:
    other = make_provider()
    theirs = make_return_file(provider=other)

    foreign = manager.get(f"/returns/{other.id}/{theirs.id}/")
    disguised = manager.get(f"/returns/{provider.id}/{theirs.id}/")
    absent = manager.get(f"/returns/{provider.id}/{provider.id}/")

    assert foreign.status_code == disguised.status_code == absent.status_code == 404
    assert foreign.content == disguised.content == absent.content


@pytest.mark.parametrize("role", [Role.CAFE_WORKER, Role.CAFE_LEAD, Role.PROVIDER_FINANCE])
def test_other_roles_of_the_provider_are_refused(provider: Provider, role: Role) -> None:
    client = signed_in(make_membership(provider=provider, role=role).user)

    assert client.get("/returns/").status_code == 403


def test_unreadable_return_says_why_and_what_to_do(manager: Client, provider: Provider) -> None:
    upload(manager, provider, "%PDF-1.7")
    file = only_return(provider)
    check(file, provider)

    response = manager.get(f"/returns/{provider.id}/{file.id}/")

    assert "This file cannot be read" in response.text
    assert "Load another file" in response.text


def test_cafe_names_that_were_not_chosen_are_asked_for_again(manager: Client, provider: Provider) -> None:
    upload(manager, provider, HEADER + ROWS.replace("The Hearth", "The Hearht").replace("/2024", "/2026"))
    file = only_return(provider)
    check(file, provider)
    address = f"/returns/{provider.id}/{file.id}/"

    unchosen = manager.post(f"{address}cafes/", {})
    manager.post(f"{address}cafes/", {"cafe_0": "The Hearth"})
    check(only_return(provider), provider)

    assert "Error: " in unchosen.text
    assert "Select which café “The Hearht” is" in unchosen.text
    assert "Load 3 visits" in manager.get(address).text


def test_load_clicked_twice_is_taken_once(manager: Client, provider: Provider) -> None:
    upload(manager, provider, HEADER + ROWS.replace("/2024", "/2026"))
    file = only_return(provider)
    check(file, provider)
    address = f"/returns/{provider.id}/{file.id}/load/"

    manager.post(address)
    second = manager.post(address, follow=True)

    assert "being loaded" in second.text
    assert only_return(provider).state == State.LOADING


def test_put_aside_return_loads_nothing(manager: Client, provider: Provider) -> None:
    upload(manager, provider, HEADER + ROWS.replace("/2024", "/2026"))
    file = only_return(provider)
    check(file, provider)

    response = manager.post(f"/returns/{provider.id}/{file.id}/discard/", follow=True)

    assert "put aside" in response.text
    assert only_return(provider).state == State.DISCARDED


def test_progress_tells_where_the_work_is(manager: Client, provider: Provider) -> None:
    file = make_return_file(provider=provider, state=State.LOADING, rows_done=1200, rows_total=100000)

    answer = manager.get(f"/returns/{provider.id}/{file.id}/progress/").json()

    assert answer == {
        "state": "running",
        "done": 1200,
        "total": 100000,
        "message": "1,200 of about 100,000 rows loaded",
        "next": "",
    }


@pytest.mark.parametrize("number", [1, 30])
def test_list_of_returns_costs_the_same_however_many(
    officer: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(number):
        make_return_file(provider=make_provider())

    with django_assert_num_queries(22):
        response = officer.get("/returns/")

    assert response.text.count("Checked, waiting for you") == number


def test_corrected_file_shows_what_changes(manager: Client, provider: Provider) -> None:
    rows = ROWS.replace("/2024", "/2026")
    upload(manager, provider, HEADER + rows)
    first = only_return(provider)
    check(first, provider)
    manager.post(f"/returns/{provider.id}/{first.id}/load/")
    check(only_return(provider), provider)

    page = upload(manager, provider, HEADER + rows.replace("Isolation", "Housing"))
    with acting_for(provider):
        second = ReturnFile.objects.exclude(id=first.id).get()
    check(second, provider)
    shown = manager.get(page.url)

    assert "Replace with these 3 visits" in shown.text
    for change in ("Visits by reason", "Isolation", "Housing"):
        assert change in shown.text


def test_start_page_names_the_file_that_waits(manager: Client, provider: Provider) -> None:
    file = make_return_file(provider=provider)
    make_return_check(provider=provider, return_file=file)

    response = manager.get("/")

    assert "Hearth Trust: return for April to June 2024" in response.text

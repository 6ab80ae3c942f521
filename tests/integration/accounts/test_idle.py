"""Sessions end when nobody does anything: what counts, what a page is told, and what becomes of what was typed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.kept_forms import ACTION, ANYWAY, MARK, PAGE
from accounts.roles import Role
from accounts.web import NOT_SAVED
from tests.factories import make_membership, make_provider
from tests.integration.accounts.test_kept_forms import Page

pytestmark = pytest.mark.django_db
BACKGROUND = {"X-Background": "1"}


@pytest.fixture
def manager() -> Any:
    return make_membership(provider=make_provider(), role=Role.PROVIDER_MANAGER).user


@pytest.fixture
def client(manager: Any) -> Client:
    client = Client()
    client.force_login(manager)
    return client


def leave(client: Client, seconds: int) -> None:
    """As if nothing had been done until ``seconds`` before the end."""
    end = timezone.now() + timedelta(seconds=seconds)
    assert Session.objects.filter(session_key=client.session.session_key).update(expire_date=end) == 1


def left(client: Client) -> float:
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    return (Session.objects.get(session_key=key).expire_date - timezone.now()).total_seconds()


def mark_of(client: Client) -> str:
    address = reverse("cafes:propose_cafe")
    return next(form for form in Page(client.get(address), address).forms if MARK in form.values).values[MARK][0]


def handed_over(mark: str, **more: str) -> dict[str, str]:
    page = reverse("cafes:propose_cafe")
    return {MARK: mark, PAGE: page, ACTION: page, "name": "The Lantern", **more}


def end(client: Client, given: dict[str, str]) -> Any:
    return client.post(reverse("accounts:end_session"), given).json()


def test_request_of_a_person_puts_off_the_end(client: Client) -> None:
    leave(client, 60)

    client.get(reverse("home"))

    assert left(client) > settings.SESSION_COOKIE_AGE - 30


@pytest.mark.parametrize(("address", "headers"), [("/", BACKGROUND), ("/?background", {})])
def test_request_that_a_page_makes_by_itself_puts_nothing_off(
    client: Client, address: str, headers: dict[str, str]
) -> None:
    leave(client, 60)

    answer = client.get(address, headers=headers)

    assert answer.status_code == 200
    assert left(client) <= 60


def test_request_that_a_page_makes_by_itself_and_that_changes_the_session_puts_nothing_off(client: Client) -> None:
    mark = mark_of(client)
    leave(client, 60)
    end(client, handed_over(mark, **{ANYWAY: "1"}))

    client.get(reverse("cafes:propose_cafe"), headers=BACKGROUND)

    assert "kept_form" not in client.session
    assert left(client) <= 60


def test_form_that_is_sent_is_somebodys_doing_whatever_it_says(client: Client) -> None:
    leave(client, 60)

    client.post(reverse("accounts:change_hat"), {"hat": "nobody's"}, headers=BACKGROUND)

    assert left(client) > settings.SESSION_COOKIE_AGE - 30


def test_page_that_asks_is_told_what_is_left_and_puts_nothing_off(client: Client) -> None:
    mark = mark_of(client)
    leave(client, 60)

    answer = client.get(reverse("accounts:time_left"), headers={"X-Typed-By": mark})

    assert 55 <= answer.json()["left"] <= 60
    assert left(client) <= 60


def test_page_of_somebody_else_is_told_that_nothing_is_left(client: Client) -> None:
    other = Client()
    other.force_login(make_membership(provider=make_provider(), role=Role.PROVIDER_MANAGER).user)
    mark = mark_of(other)

    answers = [
        client.get(reverse("accounts:time_left"), headers={"X-Typed-By": mark}).json(),
        client.post(reverse("accounts:stay_signed_in"), {MARK: mark}).json(),
        client.get(reverse("accounts:time_left"), headers={"X-Typed-By": "made up"}).json(),
    ]

    assert answers == [{"left": 0}] * 3


def test_staying_signed_in_puts_off_the_end(client: Client) -> None:
    mark = mark_of(client)
    leave(client, 60)

    answer = client.post(reverse("accounts:stay_signed_in"), {MARK: mark})

    assert answer.json() == {"left": settings.SESSION_COOKIE_AGE}
    assert left(client) > settings.SESSION_COOKIE_AGE - 30


def test_staying_signed_in_after_the_end_signs_nobody_in(client: Client) -> None:
    mark = mark_of(client)
    leave(client, -1)

    answer = client.post(reverse("accounts:stay_signed_in"), {MARK: mark})

    assert answer.json() == {"left": 0}
    assert client.get(reverse("home")).status_code == 302


@pytest.mark.parametrize("seconds", [3, -1])
def test_what_a_page_hands_over_at_the_end_is_put_back_after_signing_in(
    client: Client, manager: Any, seconds: int
) -> None:
    mark = mark_of(client)
    leave(client, seconds)

    answer = end(client, handed_over(mark))
    is_out = client.get(reverse("home")).status_code == 302
    client.force_login(manager)
    page = client.get(reverse("cafes:propose_cafe")).content.decode()

    assert answer == {"left": 0, "kept": True}
    assert is_out
    assert NOT_SAVED in page
    assert "The Lantern" in page


def test_page_whose_time_is_not_up_ends_nothing_and_puts_nothing_off(client: Client) -> None:
    mark = mark_of(client)
    leave(client, 60)

    answer = end(client, handed_over(mark))

    assert 55 <= answer["left"] <= 60
    assert answer["kept"] is False
    assert left(client) <= 60
    assert client.get(reverse("home")).status_code == 200


def test_page_that_was_cleared_without_a_connection_is_kept_while_another_tab_is_at_work(client: Client) -> None:
    mark = mark_of(client)

    answer = end(client, handed_over(mark, **{ANYWAY: "1"}))
    page = client.get(reverse("cafes:propose_cafe")).content.decode()

    assert answer["kept"] is True
    assert "The Lantern" in page


def test_two_tabs_that_end_each_have_theirs_put_back(client: Client, manager: Any) -> None:
    mark = mark_of(client)
    other = reverse("providers:add_policy")
    leave(client, 3)

    end(client, handed_over(mark))
    end(client, {MARK: mark, PAGE: other, ACTION: other, "since_year": "2031"})
    client.force_login(manager)
    pages = [client.get(address).content.decode() for address in (reverse("cafes:propose_cafe"), other)]

    assert "The Lantern" in pages[0]
    assert 'value="2031"' in pages[1]


def test_page_that_ends_under_somebody_else_disturbs_and_keeps_nothing(client: Client) -> None:
    mark = mark_of(client)
    other = make_membership(provider=make_provider(), role=Role.PROVIDER_MANAGER).user
    client.logout()
    client.force_login(other)

    answer = end(client, handed_over(mark))

    assert answer == {"left": 0, "kept": False}
    assert client.get(reverse("home")).status_code == 200
    assert "kept_form" not in client.session


@pytest.mark.parametrize(
    "more",
    [
        {MARK: "made up"},
        {PAGE: "https://elsewhere.example/"},
        {PAGE: "//elsewhere.example/"},
        {ACTION: "javascript:x"},
        {"name": "x" * 70_000},
    ],
)
def test_what_could_not_be_put_back_is_said_not_to_be_kept(client: Client, more: dict[str, str]) -> None:
    mark = mark_of(client)
    leave(client, -1)

    answer = end(client, handed_over(mark) | more)

    assert answer == {"left": 0, "kept": False}


def test_session_holds_no_more_forms_than_a_person_has_pages_open(client: Client) -> None:
    mark = mark_of(client)
    leave(client, -1)

    answers = [end(client, handed_over(mark))["kept"] for _ in range(11)]

    assert answers == [True] * 10 + [False]


def test_end_that_another_site_asks_for_is_refused(manager: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(manager)

    assert client.post(reverse("accounts:end_session"), {}).status_code == 403


def test_page_carries_the_warning_for_somebody_signed_in_alone(client: Client) -> None:
    pages = [client.get(reverse("home")).content.decode(), Client().get(reverse("account_login")).content.decode()]

    assert [page.count("data-idle-seconds") for page in pages] == [1, 0]

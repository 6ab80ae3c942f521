"""Guessing passwords is slow: for one account from everywhere, and for one address against everybody."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache

from accounts.models import User
from tests.integration.accounts.guessing import PASSWORD, WRONG, person_with_a_password, try_password, was_counted_out

pytestmark = pytest.mark.django_db
PER_ACCOUNT, PER_ADDRESS = 5, 10


@pytest.fixture(autouse=True)
def nobody_counted() -> None:
    cache.clear()


@pytest.fixture
def person() -> User:
    return person_with_a_password()


def is_signed_in(response: Any) -> bool:
    return response.status_code == 302


def test_account_is_slowed_after_a_few_guesses_from_anywhere(person: User) -> None:
    guesses = [try_password(person.email, WRONG, f"198.51.100.{number}") for number in range(PER_ACCOUNT + 1)]

    answer = try_password(person.email, PASSWORD, "198.51.100.99")

    assert [was_counted_out(guess) for guess in guesses] == [False] * PER_ACCOUNT + [True]
    assert was_counted_out(answer)


def test_address_is_slowed_after_some_guesses_whatever_the_account(person: User) -> None:
    for number in range(PER_ADDRESS):
        try_password(f"nobody{number}@example.org", WRONG)

    assert was_counted_out(try_password(person.email, PASSWORD))
    assert is_signed_in(try_password(person.email, PASSWORD, "203.0.113.9"))


def test_count_of_an_account_outlasts_tries_at_many_others(person: User) -> None:
    for number in range(PER_ACCOUNT):
        try_password(person.email, WRONG, f"198.51.100.{number}")

    for number in range(400):  # past Django's own limit of entries, at which it throws a third away
        cache.add(f"another-count-{number}", 1, timeout=300)

    assert was_counted_out(try_password(person.email, PASSWORD, "198.51.100.99"))


def test_right_password_uses_up_no_guess(person: User) -> None:
    for _ in range(PER_ACCOUNT + 2):
        assert is_signed_in(try_password(person.email, PASSWORD))


def test_letter_case_gives_no_further_guesses(person: User) -> None:
    for number in range(PER_ACCOUNT):
        try_password(person.email.upper() if number % 2 else person.email.title(), WRONG, f"198.51.100.{number}")

    assert was_counted_out(try_password(person.email, PASSWORD, "198.51.100.99"))


def test_address_in_a_header_is_believed_of_nobody_when_no_proxy_is_trusted(person: User) -> None:
    for number in range(PER_ADDRESS):
        try_password(f"nobody{number}@example.org", WRONG, **{"X-Forwarded-For": f"203.0.113.{number}"})

    assert was_counted_out(try_password(person.email, PASSWORD, **{"X-Forwarded-For": "203.0.113.99"}))


def test_address_that_our_proxy_adds_is_the_one_that_counts(person: User, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(PER_ADDRESS):
        spoofed = f"203.0.113.{number}, 192.0.2.7"
        try_password(f"nobody{number}@example.org", WRONG, "10.0.0.1", **{"X-Forwarded-For": spoofed})

    same = try_password(person.email, PASSWORD, "10.0.0.1", **{"X-Forwarded-For": "203.0.113.99, 192.0.2.7"})
    other = try_password(person.email, PASSWORD, "10.0.0.1", **{"X-Forwarded-For": "192.0.2.7, 192.0.2.8"})

    assert was_counted_out(same)
    assert is_signed_in(other)


def test_unknown_address_is_answered_in_the_same_words(person: User) -> None:
    known, unknown = try_password(person.email, WRONG), try_password("nobody@example.org", WRONG)

    def said(response: Any) -> str:
        page = response.text
        return str(page[page.index("nhsuk-error-summary") : page.index("csrfmiddlewaretoken")])

    assert said(known) == said(unknown)
    assert person.full_name not in known.text


def test_refusal_says_what_to_do_and_keeps_the_address(person: User) -> None:
    for number in range(PER_ACCOUNT):
        try_password(person.email, WRONG, f"198.51.100.{number}")

    page = try_password(person.email, PASSWORD, "198.51.100.99").text

    assert "Wait 5 minutes and try again, or reset your password" in page
    assert person.email in page

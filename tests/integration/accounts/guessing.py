"""Somebody who tries passwords."""

from __future__ import annotations

from typing import Any

from django.test import Client

from accounts.models import User
from tests.factories import make_user

LOGIN = "/accounts/login/"
PASSWORD = "a long and good password"
WRONG = "not this one"
TOO_MANY = "There were too many tries to sign in."


def person_with_a_password() -> User:
    return make_user(password=PASSWORD)


def try_password(email: str, password: str, address: str = "198.51.100.1", **headers: str) -> Any:
    return Client().post(LOGIN, {"login": email, "password": password}, REMOTE_ADDR=address, headers=headers)


def was_counted_out(response: Any) -> bool:
    return response.status_code == 200 and TOO_MANY in response.text

"""Somebody who signs in by password and sets an authenticator app up, as people do it."""

from __future__ import annotations

import re
from contextlib import nullcontext
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from providers.models import Provider
from tests.integration.accounts.guessing import PASSWORD
from tests.support.walk import person_of


def person(role: Role, provider: Provider) -> User:
    user: User = person_of(role, provider)
    user.set_password(PASSWORD)
    user.save()
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return client


def code_of(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))


def set_up(client: Client, callbacks: Any = None) -> str:
    """Set up an authenticator app; its secret. ``callbacks`` runs what waits for a commit that a test never makes."""
    secret = re.search(r"app-key\">(\w+)<", client.get(reverse("mfa_activate_totp")).text)
    assert secret is not None
    with callbacks(execute=True) if callbacks else nullcontext():
        response = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret[1])})
    assert response.status_code == 302, response.text
    return secret[1]

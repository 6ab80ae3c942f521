"""Setting a second step up, in transactions that really commit: what allauth tells us of comes after the commit."""

from __future__ import annotations

import re

from django.core.cache import cache
from django.urls import reverse

from accounts.roles import Role
from tests.factories import make_provider
from tests.integration.accounts.second_steps import person, set_up, signed_in


def test_setting_an_app_up_opens_the_service_and_gives_codes_once(committed_db: None) -> None:
    cache.clear()
    client = signed_in(person(Role.PROVIDER_MANAGER, make_provider()))

    set_up(client)
    first, second = (client.get(reverse("mfa_view_recovery_codes")).text for _ in range(2))

    assert client.get("/").status_code == 200
    assert len(re.findall(r"<code>\d{8}</code>", first)) == 10
    assert re.findall(r"<code>\d{8}</code>", second) == []

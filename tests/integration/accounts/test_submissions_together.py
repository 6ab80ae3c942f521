"""Clicks at the same moment: the second waits for the first, and is answered like it."""

from __future__ import annotations

import threading

from django.core.cache import cache
from django.db import connections
from django.test import Client

from accounts.kept_forms import TOKEN
from providers.models import StaffMember
from tests.factories import make_membership, make_provider
from tests.factories.scoped import acting_for
from tests.integration.accounts.test_submissions import STAFF, token_of
from tests.integration.cafes.test_return_pages import signed_in
from tests.integration.providers.test_staff import posted


def test_two_clicks_at_the_same_moment_make_one_person_and_one_answer(committed_db: None) -> None:
    cache.clear()
    provider = make_provider()
    client = signed_in(make_membership(provider=provider).user)
    sent = posted(**{TOKEN: token_of(client, STAFF)})
    together, answers = threading.Barrier(4), []

    def click() -> None:
        browser = Client()
        browser.cookies = client.cookies
        try:
            together.wait(10)
            answers.append(browser.post(STAFF, sent))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    with acting_for(provider):
        assert StaffMember.objects.count() == 1
    assert [answer.status_code for answer in answers] == [302] * 4
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert client.get(answers[0].headers["Location"]).text.count("They are on the register") == 1

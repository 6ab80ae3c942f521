"""A letter to several people: an address that is refused keeps it from nobody else, and nobody is written to twice."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from providers.models import Provider
from sutg.outbox import letters
from sutg.outbox.delivery import NotDelivered
from sutg.outbox.letters import send_to_each
from sutg.outbox.models import OutboxMessage
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Scope
from tests.factories import make_outbox_message, make_provider
from tests.factories.scoped import TESTS
from tests.support.mail_server import MailServer, mail_server

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@dataclass(frozen=True)
class Reader:
    email: str
    id: uuid.UUID


GONE, ANNA, ZOE = (Reader(f"{name}@example.org", uuid.uuid4()) for name in ("gone", "anna", "zoe"))


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with mail_server(settings) as server:
        yield server


@pytest.fixture
def provider() -> Provider:
    return make_provider()


def send(message: OutboxMessage, *people: Reader) -> str:
    """As a worker does: with the message as it is stored now. What was said, or why it was not delivered."""
    with scopes.enter(Scope.provider(TESTS, message.provider_id)):
        with transaction.atomic():
            stored = OutboxMessage.objects.get(id=message.id)
        try:
            return send_to_each(stored, people, subject="Read this", text="Sign in to read it.")
        except NotDelivered as fault:
            return fault.code


def test_letter_of_which_one_address_is_refused_goes_to_all_others_once(provider: Provider, server: MailServer) -> None:
    message = make_outbox_message(provider=provider)
    server.refused = {GONE.email}

    for _ in range(3):
        assert send(message, GONE, ANNA, ZOE) == "SMTPRecipientsRefused"

    assert server.taken == [ANNA.email, ZOE.email]


def test_letter_is_delivered_when_the_last_address_takes_it(provider: Provider, server: MailServer) -> None:
    message = make_outbox_message(provider=provider)
    server.refused = {GONE.email}
    send(message, GONE, ANNA)
    server.refused = set()

    said = send(message, GONE, ANNA)

    assert said == "accepted by the mail server for 2"
    assert server.taken == [ANNA.email, GONE.email]


def test_letter_is_delivered_when_whoever_could_not_be_written_to_has_left(
    provider: Provider, server: MailServer
) -> None:
    message = make_outbox_message(provider=provider)
    server.refused = {GONE.email}
    send(message, GONE, ANNA)

    assert send(message, ANNA) == "accepted by the mail server for 1"
    assert send(message) == "accepted by the mail server for 1"


def test_address_that_is_none_keeps_the_letter_from_nobody_else(provider: Provider, server: MailServer) -> None:
    message = make_outbox_message(provider=provider)

    said = send(message, Reader("two@example.org\nlines", uuid.uuid4()), ZOE)

    assert said == "BadHeaderError"
    assert server.taken == [ZOE.email]


def test_letter_to_nobody_waits(provider: Provider) -> None:
    assert send(make_outbox_message(provider=provider)) == "nobody to tell"


def test_letter_that_takes_longer_than_the_lease_allows_is_gone_on_with_next_time(
    provider: Provider, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = make_outbox_message(provider=provider)
    monkeypatch.setattr(letters, "AT_MOST", timedelta(seconds=-1))

    assert send(message, ANNA) == "no time left"
    assert server.taken == []

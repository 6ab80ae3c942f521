"""Two who give a café the same name at the same moment: the second is refused in words."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from cafes.models import Cafe
from cafes.services.cafes import propose_cafe, rename_cafe
from providers.models import LocalAuthority, Neighbourhood, Provider
from sutg.common.errors import DomainError
from tests.factories import make_open_cafe, make_provider
from tests.factories.scoped import TESTS, acting_for

pytestmark = pytest.mark.usefixtures("committed_db")


def propose(provider: Provider) -> Cafe:
    return propose_cafe(
        provider=provider,
        name="The Ember",
        neighbourhood=Neighbourhood.objects.get(code="LEI01"),
        local_authority=LocalAuthority.objects.get(code="E06000016"),
        since=timezone.localdate(),
        by=TESTS,
    )


def rename(provider: Provider) -> Cafe:
    today = timezone.localdate()
    return rename_cafe(cafe=Cafe.objects.get(name="The Hearth"), name="The Ember", since=today, today=today, by=TESTS)


@pytest.mark.parametrize("second", [propose, rename])
def test_name_that_is_taken_while_one_asks_for_it_is_refused_in_words(second: Callable[[Provider], Any]) -> None:
    provider = make_provider()
    make_open_cafe(provider=provider, name="The Hearth")
    was_taken, refusals = threading.Event(), []

    def ask() -> None:
        was_taken.wait(20)
        try:
            with acting_for(provider):
                second(provider)
        except DomainError as refusal:
            refusals.append((refusal.field, refusal.reason))
        finally:
            connections.close_all()

    thread = threading.Thread(target=ask)
    thread.start()
    with acting_for(provider):
        propose(provider)
        was_taken.set()
        time.sleep(1)  # the other has looked, found nothing, and waits for this to end
    thread.join(20)

    assert refusals == [("name", "You have a café of this name.")]

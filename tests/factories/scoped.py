from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from providers.models import Provider
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Actor, Scope

TESTS = Actor.job("tests")


@contextmanager
def acting_for(provider: Provider) -> Iterator[None]:
    """A transaction under the scope of ``provider``."""
    with scopes.enter(Scope.provider(TESTS, provider.id)), transaction.atomic():
        yield


@contextmanager
def acting_for_trust() -> Iterator[None]:
    with scopes.enter(Scope.trust(TESTS)), transaction.atomic():
        yield

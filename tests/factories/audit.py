from __future__ import annotations

from typing import Any

from providers.models import Provider
from sutg.audit.chain import Chain, seal_next
from sutg.audit.services import record
from tests.factories.scoped import TESTS, acting_for


def make_provider_block(*, provider: Provider) -> Any:
    """The next block of the provider's chain, around what happened so far and one event more."""
    with acting_for(provider):
        record("tests.sealed", by=TESTS, provider_id=provider.id)
        return seal_next(Chain(provider.id), by=str(TESTS))


def make_trust_block() -> Any:
    record("tests.sealed", by=TESTS)
    return seal_next(Chain(None), by=str(TESTS))

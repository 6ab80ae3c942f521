"""Sealing and verifying every chain, each in its own scope."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from sutg.audit.chain import Chain, faults_of, seal_next
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Actor, Scope

logger = logging.getLogger(__name__)


def seal_everything(*, by: Actor) -> int:
    """Seal what is unsealed in every chain, the trust's last; the number of blocks made.

    Each block's digest goes into the log as well, which is kept apart from the database.
    """
    blocks, heads = 0, dict[str, Any]()
    for provider_id in _provider_ids():
        chain = Chain(provider_id)
        with scopes.enter(Scope.provider(by, provider_id)):
            sealed = _seal(chain, by)
        if sealed:
            blocks += len(sealed)
            heads[str(provider_id)] = [sealed[-1].number, sealed[-1].digest.hex()]
    # The trust's events are written outside a scope or inside any; sealing them is nobody's right but the login's.
    with scopes.enter(None):
        return blocks + len(_seal(Chain(None), by, heads))


def _seal(chain: Chain, by: Actor, heads: dict[str, Any] | None = None) -> list[Any]:
    sealed = []
    while (block := seal_next(chain, by=str(by), heads=heads)) is not None:
        sealed.append(block)
        heads = None
        logger.info(
            "audit_sealed",
            extra={
                "chain": str(chain),
                "block": block.number,
                "events": len(block.event_ids),
                "sha256": block.digest.hex(),
            },
        )
    return sealed


def faults_of_everything(*, by: Actor, unsealed_for: timedelta) -> Iterator[str]:
    """Every fault of every chain, and the events that have been unsealed for longer than ``unsealed_for``."""
    before = timezone.now() - unsealed_for
    heads: dict[str, list[Any]] = {}
    for provider_id in _provider_ids():
        with scopes.enter(Scope.provider(by, provider_id)), transaction.atomic():
            found = [*faults_of(Chain(provider_id)), *_left_unsealed(Chain(provider_id), before)]
            blocks = Chain(provider_id).blocks.values_list("number", "digest")
            heads[str(provider_id)] = [f"{number} {bytes(digest).hex()}" for number, digest in blocks]
        yield from found
    with scopes.enter(None), transaction.atomic():
        found = [*faults_of(Chain(None)), *_left_unsealed(Chain(None), before), *_cut_off(heads)]
    yield from found


def _left_unsealed(chain: Chain, before: Any) -> Iterator[str]:
    count = chain.events.filter(block__isnull=True, at__lt=before).count()
    if count:
        yield f"{chain}: {count} events are unsealed since before {before:%Y-%m-%d %H:%M}; is the sealing job running?"


def _cut_off(found: dict[str, list[Any]]) -> Iterator[str]:
    """Chains of providers that no longer reach to where the trust's chain says that they stood."""
    for block in Chain(None).blocks.order_by("number").iterator(chunk_size=50):
        for provider_id, (number, digest) in block.heads.items():
            if f"{number} {digest}" not in found.get(provider_id, []):
                yield (
                    f"chain of provider {provider_id}: block {number} is not the one that the trust's block "
                    f"{block.number} saw"
                )
                return


def _provider_ids() -> list[uuid.UUID]:
    provider = apps.get_model(settings.TENANT_MODEL)
    return list(provider._default_manager.order_by("pk").values_list("pk", flat=True))

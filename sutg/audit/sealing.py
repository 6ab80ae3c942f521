"""Sealing what was written into every chain, each in its own scope."""

from __future__ import annotations

import logging
import uuid
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import transaction

from sutg.audit.chain import Chain, seal_next
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Actor, Scope

logger = logging.getLogger(__name__)


def seal_everything(*, by: Actor, every_head: bool = False) -> int:
    """Seal what is unsealed in every chain, the trust's last; the number of blocks made.

    The trust's block holds where the chains that grew now stand; with ``every_head`` where all of them do. Each
    block's digest goes into the log as well, which is kept apart from the database.
    """
    blocks, heads = 0, dict[str, Any]()
    for provider_id in provider_ids():
        chain = Chain(provider_id)
        with scopes.enter(Scope.provider(by, provider_id)):
            sealed = _seal(chain, by)
            last = sealed[-1] if sealed else _last_of(chain) if every_head else None
        blocks += len(sealed)
        if last:
            heads[str(provider_id)] = [last.number, bytes(last.digest).hex()]
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


@transaction.atomic
def _last_of(chain: Chain) -> Any:
    return chain.blocks.order_by("-number").first()


def provider_ids() -> list[uuid.UUID]:
    """Whose chains there are."""
    provider = apps.get_model(settings.TENANT_MODEL)
    return list(provider._default_manager.order_by("pk").values_list("pk", flat=True))

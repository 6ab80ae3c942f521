"""Finding out whether every chain is whole, and keeping what was found in the record itself."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from sutg.audit.chain import Chain, Walk, blocks_of
from sutg.audit.sealing import provider_ids, seal_everything
from sutg.audit.services import record
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Actor, Scope

logger = logging.getLogger(__name__)

CHECKED = "audit_checked"
MAY_BE_UNSEALED_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Check:
    """What a check found, and how much it went through."""

    began_at: datetime
    chains: int
    blocks: int
    events: int
    faults: tuple[str, ...]


def check_record(*, by: Actor, unsealed_for: timedelta = MAY_BE_UNSEALED_FOR) -> Check:
    """Check every chain, and keep the outcome as an event: the page of information governance shows the last.

    What is unsealed is looked at before anything else is sealed, so that a sealing job that stands still is noticed.
    """
    began_at = timezone.now()
    unsealed = list(faults_of_unsealed(by=by, before=began_at - unsealed_for))
    # Every chain's end goes into the trust's once more: a run killed between the two left the last one out.
    seal_everything(by=by, every_head=True)
    walks: list[Walk] = []
    faults = (*unsealed, *_faults_of_chains(by, walks))
    check = Check(began_at, len(walks), sum(w.blocks for w in walks), sum(w.events for w in walks), faults)
    with scopes.enter(None), transaction.atomic():
        record(
            CHECKED,
            by=by,
            began_at=began_at.isoformat(),
            chains=check.chains,
            blocks=check.blocks,
            events=check.events,
            faults=len(faults),
            first=faults[0] if faults else "",
        )
    for fault in faults:
        logger.error("audit_broken", extra={"fault": fault})
    return check


def faults_of_everything(*, by: Actor, unsealed_for: timedelta) -> Iterator[str]:
    """Every fault of every chain, and the events that have been unsealed for longer than ``unsealed_for``."""
    yield from faults_of_unsealed(by=by, before=timezone.now() - unsealed_for)
    yield from _faults_of_chains(by, [])


def faults_of_unsealed(*, by: Actor, before: datetime) -> Iterator[str]:
    for provider_id in [*provider_ids(), None]:
        chain = Chain(provider_id)
        with _in_scope_of(chain, by), transaction.atomic():
            count = chain.events.filter(block__isnull=True, at__lt=before).count()
        if count:
            since = f"{before:%Y-%m-%d %H:%M}"
            yield f"{chain}: {count} events are unsealed since before {since}; is the sealing job running?"


def _faults_of_chains(by: Actor, walks: list[Walk]) -> Iterator[str]:
    # The trust's first: what it saw of the others' ends they must still reach, however far they have gone since.
    with scopes.enter(None), transaction.atomic():
        walks.append(Walk(Chain(None)))
        found = list(walks[-1].faults())
        seen = _seen_by_the_trust()
    yield from found
    for provider_id in provider_ids():
        chain = Chain(provider_id)
        with _in_scope_of(chain, by), transaction.atomic():
            walks.append(Walk(chain))
            wanted = seen.pop(provider_id, set())
            found = list(walks[-1].faults(wanted))
        yield from found
        if wanted:
            yield f"{chain}: {len(wanted)} blocks that the trust's chain saw are gone: it was cut off or rewritten"
    for provider_id in seen:
        yield f"{Chain(provider_id)}: gone altogether, though the trust's chain saw it"


def _in_scope_of(chain: Chain, by: Actor) -> AbstractContextManager[Scope | None]:
    # The trust's events are written outside a scope or inside any; its chain is nobody's right but the login's.
    return scopes.enter(Scope.provider(by, chain.provider_id) if chain.provider_id else None)


def _seen_by_the_trust() -> dict[uuid.UUID, set[str]]:
    seen: dict[uuid.UUID, set[str]] = {}
    for batch in blocks_of(Chain(None)):
        for block in batch:
            for provider_id, (_, digest) in block.heads.items():
                seen.setdefault(uuid.UUID(provider_id), set()).add(digest)
    return seen

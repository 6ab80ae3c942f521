"""The hash chain over the record: sealing what was written, and finding out whether it is still what was written.

Events are appended by everybody at once and know nothing of one another. A job then seals whatever it sees unsealed
into the next block of its chain: one chain for each provider, and one for the trust's own events. An event that commits
late is simply in a later block; nothing waits for it and nothing is skipped.

A block holds the id and the digest of each of its events, and a digest over those, its number and the digest of the
block before. The trust's blocks also hold where every provider's chain stood, so that cutting off the end of one shows
in the other.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef

from sutg.audit.models import ProviderBlock, ProviderEvent, TrustBlock, TrustEvent

START = bytes(32)
MOST_EVENTS = 1000
_BLOCKS_AT_ONCE = 50
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIELDS = ("id", "at", "name", "actor", "on_behalf_of", "subject", "subjects", "detail")


@dataclass(frozen=True, slots=True)
class Chain:
    """One chain: whose it is (None: the trust's), and the tables it is kept in."""

    provider_id: uuid.UUID | None

    @property
    def events(self) -> models.QuerySet[Any]:
        return TrustEvent.objects.all() if self.provider_id is None else ProviderEvent.objects.all()

    @property
    def blocks(self) -> models.QuerySet[Any]:
        return TrustBlock.objects.all() if self.provider_id is None else ProviderBlock.objects.all()

    @property
    def owner(self) -> dict[str, uuid.UUID]:
        return {} if self.provider_id is None else {"provider_id": self.provider_id}

    def __str__(self) -> str:
        return f"chain of provider {self.provider_id}" if self.provider_id else "chain of the trust"


def canonical(event: Mapping[str, Any]) -> bytes:
    """An event as bytes, the same for the same event whatever wrote or read it."""
    subjects = event["subjects"]
    written = {
        **{name: event[name] for name in ("name", "actor", "on_behalf_of", "detail")},
        "id": str(event["id"]),
        "at": (event["at"] - _EPOCH) // timedelta(microseconds=1),
        "subject": str(event["subject"]) if event["subject"] else None,
        "subjects": [str(subject) for subject in subjects] if subjects is not None else None,
    }
    return json.dumps(written, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest_of_event(event: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(canonical(event)).digest()


def digest_of_block(
    chain: Chain,
    number: int,
    previous: bytes,
    ids: Sequence[uuid.UUID],
    digests: bytes,
    heads: Mapping[str, Any],
) -> bytes:
    """SHA-256 over everything in a block, each part with its length before it."""
    parts = (
        str(chain).encode(),
        str(number).encode(),
        previous,
        b"".join(event_id.bytes for event_id in ids),
        digests,
        json.dumps(heads, sort_keys=True, separators=(",", ":")).encode(),
    )
    return hashlib.sha256(b"".join(len(part).to_bytes(8, "big") + part for part in parts)).digest()


def seal_next(chain: Chain, *, by: str, heads: Mapping[str, Any] | None = None) -> Any:
    """Seal up to ``MOST_EVENTS`` events as the chain's next block, in the scope at hand; None when there is nothing.

    Safe when two run: they wait for each other, and the second sees what the first sealed.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"audit {chain}"])
        last = chain.blocks.order_by("-number").first()
        events = list(chain.events.filter(block__isnull=True).order_by("id").values(*_FIELDS)[:MOST_EVENTS])
        heads = dict(heads or {})  # as JSON gives them back
        if not events and not heads:
            return None
        number, previous = (last.number + 1, bytes(last.digest)) if last else (1, START)
        ids = [event["id"] for event in events]
        digests = b"".join(digest_of_event(event) for event in events)
        block = chain.blocks.create(
            **chain.owner,
            number=number,
            event_ids=ids,
            event_digests=digests,
            heads=heads,
            previous=previous,
            digest=digest_of_block(chain, number, previous, ids, digests, heads),
            sealed_by=by,
        )
        chain.events.filter(id__in=ids, block__isnull=True).update(block=number)
        return block


def blocks_of(chain: Chain) -> Iterator[list[Any]]:
    """The chain's blocks in order, some at a time: no cursor of the server's, which a pooler would lose."""
    last = -1
    while batch := list(chain.blocks.filter(number__gt=last).order_by("number")[:_BLOCKS_AT_ONCE]):
        yield batch
        last = batch[-1].number


@dataclass(slots=True)
class Walk:
    """One way along a chain, from its first block to its last: what was found, and how far it went.

    Sealing may go on meanwhile: what it adds is either walked or not there yet.
    """

    chain: Chain
    blocks: int = 0
    events: int = 0

    def faults(self, expected_digests: set[str] | None = None) -> Iterator[str]:
        """Every way in which the chain's events are no longer what was sealed; nothing when whole.

        Each digest that was walked is taken out of ``expected_digests``.
        """
        expected = expected_digests if expected_digests is not None else set()
        previous, number = START, 1
        for batch in blocks_of(self.chain):
            events = self._events(batch)
            for block in batch:
                yield from self._faults_of_links(block, previous, number)
                yield from self._faults_of_events(block, events.get(block.number, {}))
                previous, number = bytes(block.digest), block.number + 1
                expected.discard(previous.hex())
                self.blocks += 1
                self.events += len(block.event_ids)
        yield from self._faults_of_strays()

    def _events(self, batch: list[Any]) -> dict[int, dict[uuid.UUID, Mapping[str, Any]]]:
        found: dict[int, dict[uuid.UUID, Mapping[str, Any]]] = {}
        within = self.chain.events.filter(block__gte=batch[0].number, block__lte=batch[-1].number)
        for event in within.values("block", *_FIELDS):
            found.setdefault(event["block"], {})[event["id"]] = event
        return found

    def _faults_of_links(self, block: Any, previous: bytes, number: int) -> Iterator[str]:
        if block.number != number:
            yield f"{self.chain}: block {number} is missing"
        elif bytes(block.previous) != previous:
            yield f"{self.chain}: block {block.number} does not follow the block before it"
        digests = bytes(block.event_digests)
        wanted = digest_of_block(self.chain, block.number, bytes(block.previous), block.event_ids, digests, block.heads)
        if bytes(block.digest) != wanted:
            yield f"{self.chain}: block {block.number} was altered"

    def _faults_of_events(self, block: Any, found: dict[uuid.UUID, Mapping[str, Any]]) -> Iterator[str]:
        digests = bytes(block.event_digests)
        for position, event_id in enumerate(block.event_ids):
            event = found.pop(event_id, None)
            if event is None:
                yield f"{self.chain}: event {event_id} of block {block.number} was removed or moved"
            elif digest_of_event(event) != digests[32 * position : 32 * position + 32]:
                yield f"{self.chain}: event {event_id} of block {block.number} was altered"
        for event_id in sorted(found):
            yield f"{self.chain}: event {event_id} was inserted into block {block.number}"

    def _faults_of_strays(self) -> Iterator[str]:
        # One statement, so that a block sealed meanwhile is seen with its events or not at all.
        block = self.chain.blocks.filter(number=OuterRef("block"))
        strays = self.chain.events.filter(~Exists(block), block__isnull=False).order_by("block")
        for event_id, number in strays.values_list("id", "block")[:20]:
            yield f"{self.chain}: event {event_id} names block {number}, which is missing"

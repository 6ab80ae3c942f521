"""Finding events, the newest first. Which there are is the scope's to say: a provider's own, or everybody's."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from django.apps import apps
from django.conf import settings
from django.db.models import F, Q, QuerySet

from sutg.audit.checking import CHECKED
from sutg.audit.models import ProviderEvent, TrustEvent
from sutg.common.errors import NotFound
from sutg.tenancy import scope as scopes
from sutg.tenancy.roles import ScopeRole

READ = "record_read"
_FIELDS = ("id", "at", "name", "actor", "on_behalf_of", "subject", "detail")
_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page of events ends: the next one goes on below it, whatever was added above meanwhile."""

    at: datetime
    id: uuid.UUID

    @classmethod
    def parse(cls, text: str) -> Self:
        """:class:`NotFound` for anything that :meth:`__str__` did not write."""
        try:
            at, _, event_id = text.rpartition("_")
            position = cls(datetime.fromisoformat(at), uuid.UUID(event_id))
        except ValueError as error:
            raise NotFound from error
        if position.at.tzinfo is None:
            raise NotFound
        return position

    def __str__(self) -> str:
        return f"{self.at.isoformat()}_{self.id}"


@dataclass(frozen=True, slots=True)
class Search:
    """Which events are wanted; a field left out asks nothing. ``actor`` ending in a colon asks for a kind of actor."""

    since: datetime | None = None
    before: datetime | None = None
    actor: str = ""
    name: str = ""
    provider_id: uuid.UUID | None = None
    of_trust: bool = False
    object_id: uuid.UUID | None = None

    def asked(self) -> Q:
        wanted = Q()
        if self.since:
            wanted &= Q(at__gte=self.since)
        if self.before:
            wanted &= Q(at__lt=self.before)
        if self.actor:
            wanted &= Q(actor__startswith=self.actor) if self.actor.endswith(":") else Q(actor=self.actor)
        if self.name:
            wanted &= Q(name=self.name)
        if self.object_id:
            wanted &= Q(subject=self.object_id) | Q(subjects__contains=[self.object_id])
        return wanted


@dataclass(frozen=True, slots=True)
class Event:
    """One event; ``provider_id`` is None for the trust's own. ``object_id`` is the one row that it is about, if one."""

    provider_id: uuid.UUID | None
    id: uuid.UUID
    at: datetime
    name: str
    actor: str
    on_behalf_of: str
    object_id: uuid.UUID | None
    detail: dict[str, Any]

    @property
    def position(self) -> Position:
        return Position(self.at, self.id)


def find_events(search: Search, *, below: Position | None, limit: int) -> list[Event]:
    """Up to ``limit`` events of providers and of the trust, the newest first. Two queries, or one."""
    found: list[Event] = []
    if not search.of_trust:
        events: QuerySet[Any] = ProviderEvent.objects.filter(search.asked())
        if search.provider_id:
            events = events.filter(provider_id=search.provider_id)
        found += _newest(events, below, limit, "provider_id")
    if search.provider_id is None:
        found += _newest(TrustEvent.objects.filter(search.asked()), below, limit)
    return sorted(found, key=lambda event: (event.at, event.id), reverse=True)[:limit]


def every_event(search: Search, *, most: int) -> Iterator[Event]:
    """The newest ``most`` events, read some at a time."""
    below: Position | None = None
    while most > 0 and (events := find_events(search, below=below, limit=min(most, _AT_ONCE))):
        yield from events
        most -= len(events)
        below = events[-1].position


def reads_of_named_records(search: Search, *, below: Position | None, limit: int) -> list[Event]:
    """Who was shown which named record of the provider at hand, the newest first."""
    return _newest(ProviderEvent.objects.filter(search.asked(), name=READ), below, limit, "provider_id")


def readers_of_named_records() -> list[str]:
    """Everybody who was ever shown a named record of the provider at hand."""
    return sorted(set(ProviderEvent.objects.filter(name=READ).values_list("actor", flat=True).distinct()))


def events_about(ids: Collection[uuid.UUID], names: Collection[str], *, limit: int) -> list[Event]:
    """Events of these names about any of these rows, the newest first: the trust's own too, where the scope reads them.

    One query, or two.
    """
    search = Q(name__in=names, subject__in=ids)
    found = _newest(ProviderEvent.objects.filter(search), None, limit, "provider_id")
    if scopes.require().role is ScopeRole.TRUST:
        found += _newest(TrustEvent.objects.filter(search), None, limit)
    return sorted(found, key=lambda event: (event.at, event.id), reverse=True)[:limit]


def last_check() -> dict[str, Any] | None:
    """What the last check of the chains found, and ``at``; None before the first."""
    event = TrustEvent.objects.filter(name=CHECKED).order_by("-at").first()
    return {"at": event.at, "detail": event.detail} if event else None


def organisations() -> dict[uuid.UUID, str]:
    """Whose events there are, by name."""
    provider = apps.get_model(settings.TENANT_MODEL)
    return dict(provider._default_manager.order_by("name").values_list("pk", "name"))


def _newest(events: QuerySet[Any], below: Position | None, limit: int, *owner: str) -> list[Event]:
    if below is not None:
        events = events.filter(Q(at__lt=below.at) | Q(id__lt=below.id), at__lte=below.at)
    rows = events.order_by("-at", "-id").values(*_FIELDS, *owner, first=F("subjects__0"))[:limit]
    return [_event(row) for row in rows]


def _event(row: dict[str, Any]) -> Event:
    is_one = row["detail"].get("rows", 1) == 1
    return Event(
        provider_id=row.get("provider_id"),
        id=row["id"],
        at=row["at"],
        name=row["name"],
        actor=row["actor"],
        on_behalf_of=row["on_behalf_of"],
        object_id=row["subject"] or (row["first"] if is_one else None),
        detail=row["detail"],
    )

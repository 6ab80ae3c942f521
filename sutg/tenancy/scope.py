"""On whose behalf code runs.

The scope lives in one ContextVar. :func:`enter` sets it; the database backend writes it into each transaction
(:mod:`sutg.tenancy.postgresql`), and the manager puts its provider into each query. A thread starts without one.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from django.db import connections, transaction

from sutg.tenancy.errors import ScopeMissing
from sutg.tenancy.roles import ScopeRole


class ActorKind(StrEnum):
    USER = "user"
    DEVICE = "device"
    JOB = "job"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person or a device by id, or a named job. A job may act at a person's request."""

    kind: ActorKind
    id: str
    on_behalf_of: str = ""

    @classmethod
    def user(cls, user_id: uuid.UUID) -> Self:
        return cls(ActorKind.USER, str(user_id))

    @classmethod
    def job(cls, name: str, *, on_behalf_of: str = "") -> Self:
        return cls(ActorKind.JOB, name, on_behalf_of)

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Scope:
    """Who acts, with which database role, for which provider.

    ``provider_id`` is set for the provider role alone, ``user_id`` for the identity role alone;
    ``neighbourhood_codes`` limits what reports may be asked for, and is enforced there.
    """

    actor: Actor
    role: ScopeRole
    provider_id: uuid.UUID | None = None
    user_id: uuid.UUID | None = None
    neighbourhood_codes: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if (self.role is ScopeRole.PROVIDER) != (self.provider_id is not None):
            msg = "The provider role, and no other, acts for one provider."
            raise ValueError(msg)
        if (self.role is ScopeRole.IDENTITY) != (self.user_id is not None):
            msg = "The identity role, and no other, acts for one user."
            raise ValueError(msg)

    @classmethod
    def provider(cls, actor: Actor, provider_id: uuid.UUID) -> Self:
        return cls(actor, ScopeRole.PROVIDER, provider_id=provider_id)

    @classmethod
    def trust(cls, actor: Actor) -> Self:
        return cls(actor, ScopeRole.TRUST)

    @classmethod
    def pathway(cls, actor: Actor) -> Self:
        return cls(actor, ScopeRole.PATHWAY)

    @classmethod
    def report(cls, actor: Actor, *, neighbourhood_codes: frozenset[str] = frozenset()) -> Self:
        return cls(actor, ScopeRole.REPORT, neighbourhood_codes=neighbourhood_codes)

    @classmethod
    def identity(cls, user_id: uuid.UUID) -> Self:
        return cls(Actor.user(user_id), ScopeRole.IDENTITY, user_id=user_id)

    def as_wire(self) -> dict[str, Any]:
        """The scope as plain data, for a task's message header."""
        return {
            "actor": [self.actor.kind.value, self.actor.id, self.actor.on_behalf_of],
            "role": self.role.value,
            "provider_id": str(self.provider_id) if self.provider_id else None,
            "user_id": str(self.user_id) if self.user_id else None,
            "neighbourhood_codes": sorted(self.neighbourhood_codes),
        }

    @classmethod
    def from_wire(cls, wire: dict[str, Any]) -> Self:
        kind, actor_id, on_behalf_of = wire["actor"]
        return cls(
            Actor(ActorKind(kind), actor_id, on_behalf_of),
            ScopeRole(wire["role"]),
            uuid.UUID(wire["provider_id"]) if wire["provider_id"] else None,
            uuid.UUID(wire["user_id"]) if wire["user_id"] else None,
            frozenset(wire["neighbourhood_codes"]),
        )


_current: ContextVar[Scope | None] = ContextVar("sutg_scope", default=None)


def current() -> Scope | None:
    return _current.get()


def require() -> Scope:
    """The current scope; :class:`ScopeMissing` when nobody said on whose behalf this runs."""
    scope = _current.get()
    if scope is None:
        msg = "No scope: say on whose behalf this runs (sutg.tenancy.scope.enter)."
        raise ScopeMissing(msg)
    return scope


@contextmanager
def enter(scope: Scope | None) -> Iterator[Scope | None]:
    """Run a block on behalf of ``scope`` (None: of nobody), and return to the one before, whatever happens.

    Outside a transaction this costs no query: each transaction begun inside writes the scope as its first statement.
    Inside one, the change is bounded by a savepoint, so that an error cannot leave it behind. Never yield from inside
    the block: the caller would go on under this scope (sutg.tenancy.streaming has the one exception).
    """
    token = _current.set(scope)
    try:
        with ExitStack() as stack:
            for connection in connections.all(initialized_only=True):
                if connection.in_atomic_block and hasattr(connection, "write_scope"):
                    stack.enter_context(_rewritten(connection))
            yield scope
    finally:
        _current.reset(token)


@contextmanager
def _rewritten(connection: Any) -> Iterator[None]:
    """The open transaction under the current scope, and after it under the one before, by way of a savepoint."""
    before = connection.written_scope
    try:
        with transaction.atomic(using=connection.alias):
            connection.write_scope(_current.get())
            yield
            connection.write_scope(before)
    except BaseException:
        # Rolling back to the savepoint undid set_config, wherever it broke; only the note of it is ours to undo.
        connection.written_scope = before
        raise

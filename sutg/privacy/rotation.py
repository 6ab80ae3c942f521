"""Sealing everything anew under the current key, while it is in use.

Each value is exchanged only if it still is what was read: whoever writes meanwhile seals under the current key, and
wins. What is done already is recognised by the key's id in it, so that a broken run is simply started again.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

from sutg.audit.services import record
from sutg.privacy.envelope import CannotOpen, Place, header_of, ring, seal, unseal
from sutg.privacy.fields import EncryptedField
from sutg.tenancy import scope as scopes
from sutg.tenancy.catalogue import tenant_models
from sutg.tenancy.scope import Actor, Scope

# What is sealed in tables that are not ours: rooms above say how to bring it under the current key, and how much waits.
Resealing = Callable[[], int]
_ELSEWHERE: list[tuple[Resealing, Resealing]] = []

BATCH_ROWS = 500
# A column of files: as many as fit, and at least one.
BATCH_BYTES = 16_000_000


@dataclass
class Rotation:
    """How many values were exchanged, how many somebody else wrote meanwhile, and which could not be opened."""

    exchanged: int = 0
    overtaken: int = 0
    unopened: list[str] = field(default_factory=list)

    def __iadd__(self, other: Rotation) -> Rotation:
        self.exchanged += other.exchanged
        self.overtaken += other.overtaken
        self.unopened += other.unopened
        return self


@dataclass(frozen=True, slots=True)
class Column:
    """One encrypted column."""

    table: str
    name: str


def encrypted_columns() -> list[Column]:
    return [
        Column(model._meta.db_table, str(field.column))
        for model in tenant_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, EncryptedField)
    ]


def register_sealed_elsewhere(*, reseal: Resealing, waiting: Resealing) -> None:
    """``reseal`` brings a third party’s values under the current key and counts them; ``waiting`` counts the others."""
    _ELSEWHERE.append((reseal, waiting))


def rotate_everything(*, by: Actor) -> Rotation:
    """Bring every sealed value of every provider under the current key."""
    done = Rotation()
    provider = apps.get_model(settings.TENANT_MODEL)
    for provider_id in provider._default_manager.order_by("pk").values_list("pk", flat=True):
        done += rotate_provider(provider_id=provider_id, by=by)
    done.exchanged += sum(reseal() for reseal, _ in _ELSEWHERE)
    return done


def rotate_provider(*, provider_id: uuid.UUID, by: Actor) -> Rotation:
    """The same for one provider, in its scope, a transaction for each batch. Recorded when anything was exchanged."""
    done = Rotation()
    with scopes.enter(Scope.provider(by, provider_id)):
        for column in encrypted_columns():
            done += _rotate_column(column, provider_id)
        if done.exchanged:
            with transaction.atomic():
                record(
                    "field_keys_rotated",
                    by=by,
                    provider_id=provider_id,
                    key_id=ring().current,
                    values=done.exchanged,
                    unopened=len(done.unopened),
                )
    return done


def count_waiting() -> int:
    """Values that are not under the current key: a key may leave the ring when this is 0."""
    waiting = sum(count() for _, count in _ELSEWHERE)
    provider = apps.get_model(settings.TENANT_MODEL)
    for provider_id in provider._default_manager.values_list("pk", flat=True):
        with scopes.enter(Scope.provider(Actor.job("rotate_field_keys"), provider_id)), transaction.atomic():
            for column in encrypted_columns():
                query = sql.SQL("SELECT count(*) FROM {} WHERE {}").format(
                    sql.Identifier(column.table), _not_current(column)
                )
                waiting += _execute(query, {**_header(), "provider": provider_id})[0][0]
    return waiting


def _rotate_column(column: Column, provider_id: uuid.UUID) -> Rotation:
    done, after = Rotation(), uuid.UUID(int=0)
    while True:
        with transaction.atomic():
            rows = list(_next_batch(column, provider_id, after))
            done += _exchange(column, provider_id, rows)
        if not rows:
            return done
        after = rows[-1][0]


def _next_batch(column: Column, provider_id: uuid.UUID, after: uuid.UUID) -> Iterator[tuple[uuid.UUID, bytes]]:
    query = sql.SQL(
        "SELECT id, {column} FROM (SELECT id, {column}, "
        "sum(octet_length({column})) OVER (ORDER BY id) - octet_length({column}) AS bytes_before "
        "FROM {table} WHERE {not_current} AND id > %(after)s ORDER BY id LIMIT %(rows)s) batch "
        "WHERE bytes_before < %(bytes)s ORDER BY id"
    ).format(column=sql.Identifier(column.name), table=sql.Identifier(column.table), not_current=_not_current(column))
    bounds = {"after": after, "rows": BATCH_ROWS, "bytes": BATCH_BYTES, "provider": provider_id}
    for row_id, sealed in _execute(query, {**_header(), **bounds}):
        yield row_id, bytes(sealed)


def _exchange(column: Column, provider_id: uuid.UUID, rows: list[tuple[uuid.UUID, bytes]]) -> Rotation:
    done = Rotation()
    ids, old, new = [], [], []
    for row_id, sealed in rows:
        place = Place(column.table, column.name, provider_id, row_id)
        try:
            fresh = seal(unseal(sealed, place), place)
        except CannotOpen as error:
            done.unopened.append(str(error))
            continue
        ids.append(row_id)
        old.append(sealed)
        new.append(fresh)
    if ids:
        query = sql.SQL(
            "UPDATE {table} AS kept SET {column} = given.new "
            "FROM unnest(%(ids)s::uuid[], %(old)s::bytea[], %(new)s::bytea[]) AS given (id, old, new) "
            "WHERE kept.provider_id = %(provider)s AND kept.id = given.id AND kept.{column} = given.old "
            "RETURNING kept.id"
        ).format(table=sql.Identifier(column.table), column=sql.Identifier(column.name))
        done.exchanged = len(_execute(query, {"ids": ids, "old": old, "new": new, "provider": provider_id}))
        done.overtaken = len(ids) - done.exchanged
    return done


def _not_current(column: Column) -> sql.Composed:
    return sql.SQL(
        "provider_id = %(provider)s AND {0} IS NOT NULL AND substring({0} FROM 1 FOR %(length)s) <> %(header)s"
    ).format(sql.Identifier(column.name))


def _header() -> dict[str, Any]:
    header = header_of(ring().current)
    return {"header": header, "length": len(header)}


def _execute(query: sql.Composed, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())

"""The behavioural guard: takes each role in turn, tries to cross to another tenant, and tells what got through.

It knows nothing of the catalogue: it looks at what PostgreSQL does, so that it also sees what the catalogue guard
would not know to look for.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg

from sutg.tenancy.access import EVERY_ROW, Access, predicate_of
from sutg.tenancy.catalogue import tenant_tables
from sutg.tenancy.roles import LOGIN_APP, LOGIN_OWNER, ScopeRole

# Tries one statement in a role and undoes it. Only "you may not" is a refusal: a key's complaint comes too late, since
# it tells one tenant of another. Run as the superuser, whose own rights end where it takes the role.
_ATTEMPT = """
CREATE OR REPLACE FUNCTION pg_temp.attempt(role text, provider text, person text, statement text, made jsonb)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    touched bigint;
BEGIN
    PERFORM set_config('sutg.provider_id', provider, true), set_config('sutg.user_id', person, true),
        set_config('sutg.actor', 'job:crossing', true), set_config('role', role, true);
    EXECUTE statement USING made;
    GET DIAGNOSTICS touched = ROW_COUNT;
    IF statement LIKE 'TRUNCATE%' THEN touched := 1; END IF;
    RAISE EXCEPTION USING ERRCODE = 'ZZ001', MESSAGE = touched::text;
EXCEPTION
    WHEN insufficient_privilege THEN RETURN false;
    WHEN SQLSTATE 'ZZ001' THEN RETURN SQLERRM <> '0';
    WHEN OTHERS THEN RETURN true;
END $$
"""
_RUN = """
SELECT what FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::jsonb[])
AS attempts(what, role, provider, person, statement, made)
WHERE pg_temp.attempt(role, provider, person, statement, made)
"""


@dataclass(frozen=True)
class Tenants:
    """Whose scope is taken, whose rows are tried for, and a person who belongs to neither."""

    own: uuid.UUID
    other: uuid.UUID
    stranger: uuid.UUID


# What, role, provider, person, statement, row.
Attempt = tuple[str, str, str, str, str, str | None]


def find_crossings(connection: psycopg.Connection[Any], tenants: Tenants, tables: list[str]) -> list[str]:
    """Everything that got across, in words; empty when the locks hold."""
    attempts = [*_readings_elsewhere(connection, tenants)]
    for table in tables:
        attempts += _attempts_at(connection, tenants, table)
    if not attempts:
        return []
    connection.execute(_ATTEMPT)
    found = connection.execute(_RUN, [list(column) for column in zip(*attempts, strict=True)])
    return [what for (what,) in found.fetchall()]


def _attempts_at(connection: psycopg.Connection[Any], tenants: Tenants, table: str) -> Iterator[Attempt]:
    own, other = _row_of(connection, table, tenants.own), _row_of(connection, table, tenants.other)
    for login in (LOGIN_APP, LOGIN_OWNER):
        yield f"{login} without a scope reads {table}", login, "", "", f"SELECT FROM {table}", None
    for role in ScopeRole:
        yield from _attempts_of(tenants, table, role, tenant_tables()[table], own, other)


def _attempts_of(
    tenants: Tenants, table: str, role: ScopeRole, access: Access, own: str, other: str
) -> Iterator[Attempt]:
    provider = str(tenants.own) if role is ScopeRole.PROVIDER else ""
    person = str(tenants.stranger) if role is ScopeRole.IDENTITY else ""
    privileges = access.right_of(role).privileges
    # Trust, pathway, report and public are no provider's: what they are given, they are given of everybody.
    given = privileges if predicate_of(role) == EVERY_ROW else frozenset()
    of_other = f"WHERE provider_id = '{tenants.other}'"
    insert = f"INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, $1)"
    for verb, statement, row in (
        ("reads", f"SELECT FROM {table} {of_other}", None),
        ("adds to", insert, other),
        ("changes", f"UPDATE {table} SET id = id {of_other}", None),
        ("removes from", f"DELETE FROM {table} {of_other}", None),
        ("empties", f"TRUNCATE {table} CASCADE", None),
        ("moves rows to", f"UPDATE {table} SET provider_id = '{tenants.other}'", None),
    ):
        if statement.split()[0] not in given:
            yield f"{role} {verb} {table} of another", role, provider, person, statement, row
    if "INSERT" not in privileges:
        yield f"{role} adds to {table}", role, provider, person, insert, own
    if predicate_of(role) != EVERY_ROW:
        yield f"{role} for nobody reads {table}", role, "", "", f"SELECT FROM {table}", None
        yield f"{role} for nobody adds to {table}", role, "", "", insert, own


def _readings_elsewhere(connection: psycopg.Connection[Any], tenants: Tenants) -> Iterator[Attempt]:
    """Copies, views, partitions and new tables: whatever else has a provider_id."""
    relations = connection.execute(
        "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'provider_id' AND NOT a.attisdropped "
        "WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^pg_' AND NOT c.relname = ANY(%s)",
        [list(tenant_tables())],
    ).fetchall()
    for (relation,) in relations:
        query = f"SELECT FROM {relation} WHERE provider_id = '{tenants.other}'"
        for role in (LOGIN_APP, ScopeRole.PROVIDER.value):
            yield f"{role} reads {relation} of another", role, str(tenants.own), "", query, None


def _row_of(connection: psycopg.Connection[Any], table: str, provider: uuid.UUID) -> str:
    """A row of the provider's as JSON, with an id that is not taken."""
    found = connection.execute(
        f"SELECT to_jsonb(t) FROM {table} t WHERE provider_id = %s LIMIT 1", [provider]
    ).fetchone()
    assert found is not None, f"no row was planted in {table}"
    return json.dumps(found[0] | {"id": str(uuid.uuid4())})

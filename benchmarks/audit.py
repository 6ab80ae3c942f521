"""What noting every change costs: inserts under policies into two tables alike, one with the audit triggers.

Both sides have policies, keys and indexes, and run the whole transaction of the application under a scope; the record
has the columns, indexes, policy and key that it has in life. Runs are interleaved.

    make bench ARGS=audit
"""

from __future__ import annotations

import statistics
import sys
import time
import uuid
from typing import Any

import psycopg

from benchmarks import _cluster, _django
from benchmarks.tenancy import COLUMNS, INDEXES, ONE, TABLE
from sutg.audit.capture import OPERATIONS, Watched
from sutg.tenancy.access import READ, WRITE, Access, enable_sql
from sutg.tenancy.postgresql.base import BEGIN_UNDER_SCOPE
from sutg.tenancy.roles import ScopeRole

PROVIDERS = 30
WATCHED, PLAIN = "visit", "visit_plain"
BATCH = (
    f"INSERT INTO {{0}} ({COLUMNS}) SELECT %s, a, b, %s, '2025-04-01', 'A', '{{{{Anxiety}}}}', 5, 3 "
    "FROM unnest(%s::uuid[], %s::uuid[]) AS x(a, b)"
)
UPDATE = "UPDATE {0} SET distress_after = 10 - coalesce(distress_after, 0) WHERE provider_id = %s AND id = %s"
RECORD = """
CREATE TABLE audit_providerevent (
    provider_id uuid NOT NULL REFERENCES provider DEFERRABLE INITIALLY DEFERRED, id uuid NOT NULL,
    at timestamptz NOT NULL, name varchar(60) NOT NULL, actor varchar(120) NOT NULL, on_behalf_of varchar(120) NOT NULL,
    subject uuid, subjects uuid[], detail jsonb NOT NULL, block integer, PRIMARY KEY (provider_id, id)
);
CREATE INDEX ON audit_providerevent (provider_id, at DESC);
CREATE INDEX ON audit_providerevent (provider_id, subject);
CREATE INDEX ON audit_providerevent (provider_id, id) WHERE block IS NULL
"""
KEY = "ALTER TABLE {0} ADD FOREIGN KEY (provider_id) REFERENCES provider DEFERRABLE INITIALLY DEFERRED"
CASES = (("insert of 1", 1, 2000, None), ("insert of 100", 100, 1000, 1.15), ("insert of 1,000", 1000, 300, None))


def _prepare(owner: psycopg.Connection[Any]) -> list[uuid.UUID]:
    owner.execute("CREATE TABLE provider (id uuid PRIMARY KEY)")
    owner.execute(f"INSERT INTO provider SELECT md5('p' || n)::uuid FROM generate_series(1, {PROVIDERS}) n".encode())
    owner.execute(RECORD)
    for table in (WATCHED, PLAIN):
        owner.execute(TABLE.format(table).encode())
        for statement in (*INDEXES, KEY):
            owner.execute(statement.format(table).encode())
    for table in (WATCHED, PLAIN, "audit_providerevent"):
        for statement in enable_sql(table, Access(provider=WRITE, trust=READ)):
            owner.execute(statement.encode())
    watched = Watched(WATCHED, tuple(COLUMNS.split(", ")), has_provider=True)
    owner.execute(watched.create_function().encode())
    for operation in OPERATIONS:
        owner.execute(watched.create_trigger(operation).encode())
    return [row[0] for row in owner.execute("SELECT id FROM provider").fetchall()]


def _run(connection: psycopg.Connection[Any], statement: str, provider: uuid.UUID, parameters: list[Any]) -> float:
    """One transaction of the application; its time in milliseconds."""
    begun = time.perf_counter()
    begin = psycopg.ClientCursor(connection)
    begin.execute(BEGIN_UNDER_SCOPE, [str(provider), "", "device:bench", "", ScopeRole.PROVIDER.value])
    begin.nextset()
    begin.fetchone()
    connection.execute(statement.encode(), parameters)
    connection.commit()
    return (time.perf_counter() - begun) * 1000


def _parameters(rows: int, provider: uuid.UUID) -> list[Any]:
    if rows == 1:
        return [provider, uuid.uuid4(), uuid.uuid4(), uuid.uuid4()]
    return [provider, uuid.uuid4(), *([uuid.uuid4() for _ in range(rows)] for _ in range(2))]


def _measure(connection: psycopg.Connection[Any], rows: int, providers: list[uuid.UUID], runs: int) -> list[float]:
    times: dict[str, list[float]] = {WATCHED: [], PLAIN: []}
    statement = ONE if rows == 1 else BATCH
    for number in range(runs + runs // 10):
        provider = providers[number * 7 % len(providers)]
        for table in (WATCHED, PLAIN) if number % 2 else (PLAIN, WATCHED):
            taken = _run(connection, statement.format(table), provider, _parameters(rows, provider))
            if number >= runs // 10:
                times[table].append(taken)
    return [statistics.median(times[table]) for table in (WATCHED, PLAIN)]


def _measure_updates(connection: psycopg.Connection[Any], providers: list[uuid.UUID], runs: int) -> list[float]:
    times: dict[str, list[float]] = {WATCHED: [], PLAIN: []}
    ids = {}
    for table in (WATCHED, PLAIN):
        ids[table] = uuid.uuid4()
        _run(connection, ONE.format(table), providers[0], [providers[0], ids[table], uuid.uuid4(), uuid.uuid4()])
    for number in range(runs):
        for table in (WATCHED, PLAIN) if number % 2 else (PLAIN, WATCHED):
            taken = _run(connection, UPDATE.format(table), providers[0], [providers[0], ids[table]])
            times[table].append(taken)
    return [statistics.median(times[table]) for table in (WATCHED, PLAIN)]


def main() -> int:
    assert _django.READY
    failed = False
    with _cluster.throw_away() as (owner_address, application_address):
        with psycopg.connect(owner_address, autocommit=True) as owner:
            providers = _prepare(owner)
            print(_cluster.describe(owner), "medians of interleaved runs, ms")
        print(f"{'':20} {'noted':>9} {'without':>9} {'ratio':>6} {'asked':>6}")
        with psycopg.connect(application_address, autocommit=True) as connection:
            figures = [(name, asked, _measure(connection, rows, providers, runs)) for name, rows, runs, asked in CASES]
            figures.append(("update of 1", None, _measure_updates(connection, providers, 1000)))
        for name, asked, (noted, without) in figures:
            ratio = noted / without
            failed |= asked is not None and ratio > asked
            print(f"{name:20} {noted:9.3f} {without:9.3f} {ratio:6.3f} {asked or '':>6}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())

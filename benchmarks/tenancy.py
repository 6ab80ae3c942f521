"""What row-level security costs: 1,000,000 visits of 300 providers, with policies and without, runs interleaved.

Both sides have the same columns, rows, keys and indexes; the query names its provider on both, as the manager does.
A run is one transaction of the application: BEGIN with the scope's statement in one message, the query, COMMIT.

``policies``: the scope's statement writes the settings and takes the role; the table is locked.
``without``: in its place a statement of the same shape without effect; no role, no policy. This ratio is held against
    what is asked.
``bare``: BEGIN alone, as plain Django has it. As many round trips; the difference is the work of the scope's statement.

    make bench ARGS=tenancy
"""

from __future__ import annotations

import statistics
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg

from benchmarks import _cluster
from sutg.tenancy.access import READ, WRITE, Access, enable_sql
from sutg.tenancy.postgresql.base import BEGIN_UNDER_SCOPE
from sutg.tenancy.roles import ScopeRole

PROVIDERS, VISITS = 300, 1_000_000
LOCKED, PLAIN = "visit", "visit_plain"
TABLE = """
CREATE TABLE {0} (
    provider_id uuid NOT NULL, id uuid NOT NULL, client_uuid uuid NOT NULL, cafe_id uuid NOT NULL,
    visited_on date NOT NULL, ethnic_category text NOT NULL, reasons text[] NOT NULL,
    distress_before smallint, distress_after smallint,
    PRIMARY KEY (provider_id, id), UNIQUE (provider_id, client_uuid)
)
"""
INDEXES = (
    "CREATE INDEX ON {0} (provider_id, visited_on DESC, id)",
    "CREATE INDEX ON {0} (provider_id, cafe_id, visited_on)",
)
# Providers differ in size as they do in life: the largest has some 30 times the visits of the smallest.
FILL = """
INSERT INTO {0} SELECT p.id, md5('v' || n)::uuid, md5('c' || n)::uuid, md5(p.id::text || n % 3)::uuid,
    date '2023-04-01' + (n * 7919 % 730)::int, (ARRAY['A', 'H', 'M', 'N', 'Z', '99'])[1 + (n % 6)::int],
    ARRAY['Anxiety', 'Isolation'], n % 11, n % 8
FROM generate_series(1::bigint, {1}) n
JOIN provider p ON p.number = floor({2} * power((n * 48271 % 1000003) / 1000003.0, 1.5))
"""
COLUMNS = "provider_id, id, client_uuid, cafe_id, visited_on, ethnic_category, reasons, distress_before, distress_after"
ONE = f"INSERT INTO {{0}} ({COLUMNS}) VALUES (%s, %s, %s, %s, '2025-04-01', 'A', '{{{{Anxiety}}}}', 5, 3)"
BATCH = (
    f"INSERT INTO {{0}} ({COLUMNS}) SELECT %s, a, b, %s, '2025-04-01', 'A', '{{{{Anxiety}}}}', 5, 3 "
    "FROM unnest(%s::uuid[], %s::uuid[]) AS x(a, b)"
)
LAST = "SELECT * FROM {0} WHERE provider_id = %s ORDER BY visited_on DESC, id LIMIT 50"
OWN = "SELECT cafe_id, ethnic_category, count(*) FROM {0} WHERE provider_id = %s GROUP BY 1, 2"
ALL = "SELECT provider_id, ethnic_category, count(*) FROM {0} GROUP BY 1, 2"
# Of the same length and result shape as the scope statement, and without effect.
NO_SCOPE = "BEGIN; SELECT true, ''::text, ''::text, ''::text, %s::text, %s::text, %s::text, %s::text, %s::text"


SIDES = ("policies", "without")


@dataclass(frozen=True)
class Case:
    name: str
    role: ScopeRole
    statement: str
    parameters: Callable[[uuid.UUID], list[Any]]
    asked: float
    runs: int


def _no_rows(provider: uuid.UUID) -> list[Any]:
    return []


def _own_rows(provider: uuid.UUID) -> list[Any]:
    return [provider]


def _one_row(provider: uuid.UUID) -> list[Any]:
    return [provider, uuid.uuid4(), uuid.uuid4(), uuid.uuid4()]


def _many_rows(provider: uuid.UUID) -> list[Any]:
    return [provider, uuid.uuid4(), *([uuid.uuid4() for _ in range(100)] for _ in range(2))]


CASES = (
    Case("last 50 visits of one provider", ScopeRole.PROVIDER, LAST, _own_rows, 1.05, 3000),
    Case("aggregate of one provider", ScopeRole.PROVIDER, OWN, _own_rows, 1.05, 1200),
    Case("aggregate of every provider, report role", ScopeRole.REPORT, ALL, _no_rows, 1.20, 15),
    Case("single insert", ScopeRole.PROVIDER, ONE, _one_row, 1.15, 1500),
    Case("batch of 100", ScopeRole.PROVIDER, BATCH, _many_rows, 1.05, 500),
)


def _prepare(owner: psycopg.Connection[Any]) -> list[uuid.UUID]:
    """Both tables filled alike and the one locked by the migration operation's own statements."""
    owner.execute("CREATE TABLE provider (number int PRIMARY KEY, id uuid NOT NULL)")
    owner.execute(f"INSERT INTO provider SELECT n, md5('p' || n)::uuid FROM generate_series(0, {PROVIDERS - 1}) n")
    for table in (LOCKED, PLAIN):
        owner.execute(TABLE.format(table).encode())
        owner.execute(FILL.format(table, VISITS, PROVIDERS).encode())
        for index in INDEXES:
            owner.execute(index.format(table).encode())
    for statement in enable_sql(LOCKED, Access(provider=WRITE, report=READ)):
        owner.execute(statement.encode())
    owner.execute(f"GRANT SELECT, INSERT, UPDATE ON {PLAIN} TO sutg_app".encode())
    owner.execute("VACUUM (ANALYZE)")
    return [row[0] for row in owner.execute("SELECT id FROM provider ORDER BY number").fetchall()]


def _run(connection: psycopg.Connection[Any], case: Case, provider: uuid.UUID, side: str) -> float:
    """One transaction; its time in milliseconds."""
    scope = [str(provider) if case.role is ScopeRole.PROVIDER else "", "", "job:bench", "", case.role.value]
    parameters = case.parameters(provider)
    statement = case.statement.format(LOCKED if side == "policies" else PLAIN).encode()
    begun = time.perf_counter()
    begin = psycopg.ClientCursor(connection)
    if side == "bare":
        begin.execute("BEGIN")
    else:
        begin.execute(BEGIN_UNDER_SCOPE if side == "policies" else NO_SCOPE, scope)
        begin.nextset()
        begin.fetchone()
    cursor = connection.execute(statement, parameters)
    if cursor.description:
        cursor.fetchall()
    connection.commit()
    return (time.perf_counter() - begun) * 1000


def _measure(
    connection: psycopg.Connection[Any], case: Case, providers: list[uuid.UUID], sides: tuple[str, ...], runs: int
) -> dict[str, float]:
    """Medians of each side; each round on the same provider, and who goes first changes from round to round.

    No two sides of a round read the same table: the second would find it in the processor's caches.
    """
    times: dict[str, list[float]] = {side: [] for side in sides}
    warm_up = max(3, runs // 10)
    for number in range(runs + warm_up):
        provider = providers[number * 37 % len(providers)]
        for side in sides if number % 2 else sides[::-1]:
            taken = _run(connection, case, provider, side)
            if number >= warm_up:
                times[side].append(taken)
    return {side: statistics.median(taken) for side, taken in times.items()}


def _report(address: str, providers: list[uuid.UUID], **options: Any) -> bool:
    """Measure and print every case; whether one falls short."""
    failed = False
    print(f"{'':42} {'policies':>9} {'without':>9} {'ratio':>6} {'asked':>6} {'bare':>9}")
    with psycopg.connect(address, autocommit=True, **options) as connection:
        for case in CASES:
            median = _measure(connection, case, providers, SIDES, case.runs)
            median |= _measure(connection, case, providers, ("bare",), case.runs // 5)
            ratio = median["policies"] / median["without"]
            failed |= ratio > case.asked
            verdict = "  falls short" if ratio > case.asked else ""
            print(
                f"{case.name:42} {median['policies']:9.3f} {median['without']:9.3f} {ratio:6.3f} {case.asked:6.2f} "
                f"{median['bare']:9.3f}{verdict}",
                flush=True,
            )
    return failed


def main() -> int:
    with _cluster.throw_away() as (owner_address, application_address):
        with psycopg.connect(owner_address, autocommit=True) as owner:
            started = time.perf_counter()
            providers = _prepare(owner)
            print(_cluster.describe(owner), f"{VISITS:,} visits of {PROVIDERS} providers twice,")
            print(f"filled in {time.perf_counter() - started:.0f} s; medians of interleaved runs, ms")
        print("\nprepared statements, as the application runs")
        failed = _report(application_address, providers)
        print("\neach statement planned anew, as behind a pooler that loses prepared statements")
        _report(application_address, providers, cursor_factory=psycopg.ClientCursor, prepare_threshold=None)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())

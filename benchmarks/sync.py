"""What a tablet's message costs: HTTP, policies, audit, receipts and figures, against bare inserts of its rows.

    make bench ARGS=sync

The service runs as in life (granian, two workers) in a database of its own on the server of OWNER_DATABASE_URL, with
the durability that server has; both are printed. Tablets speak to it over loopback. The other side inserts the rows
that the same messages left behind (visits, support, records) by ``unnest`` and psycopg into tables of the same columns,
indexes and keys, without policies and triggers, one transaction for each message. Runs are interleaved.

``visits alone`` leaves out all but the visits on that side. Asked of a batch of 100: 0.60 of the rows a second of the
bare inserts; one at a time: 0.25. At last 1,680 tablets come back at once with 50 visits each.
"""

from __future__ import annotations

import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import psycopg

if TYPE_CHECKING:
    from tests.support.tablet import SimulatedTablet

BATCH, ASKED_BATCH, ASKED_ONE = 100, 0.60, 0.25
# The service takes 120 messages a minute from one tablet: after so many another one goes on.
MESSAGES_OF_A_TABLET = 100
FLEET, VISITS_EACH, PROVIDERS = int(os.environ.get("FLEET", "1680")), 50, 40
AS_IT_IS_RUN = ("--workers", "2", "--blocking-threads", "4", "--backpressure", "64")
SYNC = "/api/v1/tablet/sync"
# Table, and how its rows are found from the ids of a message's records.
TABLES = {
    "cafes_visit": "client_uuid = ANY(%(ids)s)",
    "cafes_tabletrecord": "record_id = ANY(%(ids)s)",
    "cafes_visitsupport": "visit_id IN (SELECT id FROM cafes_visit WHERE client_uuid = ANY(%(ids)s))",
}
VISIT = {
    "came_for": "self",
    "reasons": ["anxiety", "stress"],
    "support": [{"kind": "one_to_one", "minutes": 40}],
    "distress_before": 7,
    "distress_after": 4,
}


class Cafes:
    """Cafés with an open session and a tablet each, made as they are needed."""

    def __init__(self) -> None:
        from tests.factories import make_provider

        self.providers = [make_provider() for _ in range(PROVIDERS)]
        self.made = 0

    def tablet(self) -> Sender:
        from django.utils import timezone

        from cafes.services.tablets import add_tablet, enrol_tablet
        from tests.factories import make_cafe, make_open_session
        from tests.factories.scoped import TESTS, acting_for
        from tests.support.tablet import SimulatedTablet

        provider = self.providers[self.made % PROVIDERS]
        self.made += 1
        with acting_for(provider):
            cafe = make_cafe(provider=provider)
            session = make_open_session(provider=provider, cafe=cafe)
            now = timezone.now()
            _, link = add_tablet(cafe_id=cafe.id, name="Front desk", by=TESTS, now=now)
            enrolment = enrol_tablet(link=link, now=now)
        said = {
            "device_id": str(enrolment.tablet.id),
            "cafe_id": str(cafe.id),
            "token": enrolment.token,
            "server_key": enrolment.server_key,
            "receipt_key": enrolment.receipt_key,
        }
        return Sender(SimulatedTablet(said), str(session.id))


@dataclass
class Sent:
    """A message ready to be sent, and the ids of its records."""

    body: bytes
    ids: list[str]


@dataclass
class Sender:
    """A tablet that seals messages before they are timed, and lets go of what it has sent."""

    tablet: SimulatedTablet
    session: str

    def message(self, visits: int) -> Sent:
        made = [self.tablet.record("visit", {"session": self.session, **VISIT}) for _ in range(visits)]
        body = json.dumps(self.tablet.message(made)).encode()
        self.tablet.held.clear()
        return Sent(body, [record["id"] for record in made])

    @property
    def headers(self) -> dict[str, str]:
        token = self.tablet.enrolment["token"]
        return {"Authorization": f"Tablet {token}", "Content-Type": "application/json"}


@dataclass
class Service:
    """The service's address, and one connection to it for each thread."""

    address: str
    statuses: dict[int, int] = field(default_factory=dict)
    _own: threading.local = field(default_factory=threading.local)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def post(self, sender: Sender, sent: Sent) -> float:
        """Send and hear the whole answer; its time in milliseconds."""
        begun = time.perf_counter()
        connection = getattr(self._own, "connection", None)
        if connection is None:
            connection = self._own.connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=600)
        connection.request("POST", SYNC, sent.body, sender.headers)
        answer = connection.getresponse()
        body = answer.read()
        taken = (time.perf_counter() - begun) * 1000
        with self._lock:
            self.statuses[answer.status] = self.statuses.get(answer.status, 0) + 1
        assert answer.status == 200, (answer.status, body[:200])
        results = json.loads(body)["results"]
        assert len(results) == len(sent.ids), "a record without a receipt"
        assert not any("reason" in result for result in results), "a record that needs attention"
        return taken


class Bare:
    """Tables like ours without policies and triggers, and the rows of messages to put there."""

    def __init__(self, superuser_address: str) -> None:
        self.superuser_address = superuser_address
        self.columns: dict[str, list[tuple[str, str]]] = {}
        with psycopg.connect(superuser_address, autocommit=True) as database:
            for table in TABLES:
                self._copy(database, table)

    def _copy(self, database: psycopg.Connection[Any], table: str) -> None:
        database.execute(f"CREATE TABLE bare_{table} (LIKE {table} INCLUDING ALL)".encode())
        keys = database.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'",
            [table],
        )
        for (definition,) in keys.fetchall():
            # Keys between the three go to the copies; those to other tables stay.
            for other in TABLES:
                definition = definition.replace(f"REFERENCES {other}(", f"REFERENCES bare_{other}(")
            database.execute(f"ALTER TABLE bare_{table} ADD {definition}".encode())
        found = database.execute(
            "SELECT attname::text, format_type(atttypid, NULL) FROM pg_attribute "
            "WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
            [table],
        )
        self.columns[table] = found.fetchall()

    def rows_of(self, database: psycopg.Connection[Any], sent: Sent) -> dict[str, list[list[Any]]]:
        """For each table the columns of what the message left behind. Lists travel as text: unnest flattens them."""
        rows = {}
        for table, condition in TABLES.items():
            names = ", ".join(
                f'"{name}"::text' if kind.endswith("[]") else f'"{name}"' for name, kind in self.columns[table]
            )
            statement = f"SELECT {names} FROM {table} WHERE {condition}".encode()
            found = database.execute(statement, {"ids": sent.ids}).fetchall()
            rows[table] = [list(column) for column in zip(*found, strict=True)]
        return rows

    def insert(self, connection: psycopg.Connection[Any], rows: dict[str, list[list[Any]]], tables: list[str]) -> float:
        """One durable transaction; its time in milliseconds."""
        begun = time.perf_counter()
        with connection.transaction():
            for table in tables:
                connection.execute(self._statement(table), rows[table])
        return (time.perf_counter() - begun) * 1000

    def _statement(self, table: str) -> bytes:
        columns = self.columns[table]
        names = ", ".join(f'"{name}"' for name, _ in columns)
        picked = ", ".join(f'"{name}"::{kind}' if kind.endswith("[]") else f'"{name}"' for name, kind in columns)
        arrays = ", ".join("%s::text[]" if kind.endswith("[]") else f"%s::{kind}[]" for _, kind in columns)
        return f"INSERT INTO bare_{table} ({names}) SELECT {picked} FROM unnest({arrays}) AS r ({names})".encode()

    def forget(self, database: psycopg.Connection[Any], sent: Sent) -> None:
        """Take a message's rows out again, so that the next side may put them in."""
        for table, condition in reversed(TABLES.items()):
            database.execute(f"DELETE FROM bare_{table} WHERE {condition}".encode(), {"ids": sent.ids})


def measure_in_turn(
    service: Service, bare: Bare, database: psycopg.Connection[Any], cafes: Cafes, visits: int, rounds: int
) -> dict[str, list[float]]:
    """One device: a message, then the bare inserts of what it left, with all its rows and with the visits alone."""
    times: dict[str, list[float]] = {"service": [], "all rows": [], "visits alone": []}
    sender = cafes.tablet()
    # All rows last: they stay, so that both sides grow alike.
    sides = (("visits alone", ["cafes_visit"]), ("all rows", list(TABLES)))
    for number in range(rounds + 5):
        if number % MESSAGES_OF_A_TABLET == MESSAGES_OF_A_TABLET - 1:
            sender = cafes.tablet()
        sent = sender.message(visits)
        taken = {"service": service.post(sender, sent)}
        rows = bare.rows_of(database, sent)
        for name, tables in sides:
            bare.forget(database, sent)
            taken[name] = bare.insert(database, rows, tables)
        if number >= 5:  # the first ones warm up
            for name, value in taken.items():
                times[name].append(value)
    return times


def run_together(works: list[Callable[[], Any]]) -> list[Any]:
    """Each in a thread of its own, all from one moment on; what each returned. An error ends the benchmark."""
    results: list[Any] = [None] * len(works)
    errors: list[BaseException] = []

    def run(number: int) -> None:
        try:
            results[number] = works[number]()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=[number]) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return results


def measure_devices(
    service: Service, bare: Bare, database: psycopg.Connection[Any], cafes: Cafes, devices: int, messages: int
) -> tuple[float, float]:
    """Visits a second of ``devices`` that send batches at once, and of as many connections that insert their rows."""
    senders = [cafes.tablet() for _ in range(devices)]
    sent = [[sender.message(BATCH) for _ in range(messages)] for sender in senders]
    visits = devices * messages * BATCH
    begun = time.perf_counter()
    run_together(
        [
            lambda mine=mine, sender=sender: [service.post(sender, each) for each in mine]  # type: ignore[misc]
            for sender, mine in zip(senders, sent, strict=True)
        ]
    )
    ours = visits / (time.perf_counter() - begun)
    rows = [[bare.rows_of(database, each) for each in mine] for mine in sent]
    connections = [psycopg.connect(bare.superuser_address, autocommit=True) for _ in senders]
    begun = time.perf_counter()
    run_together(
        [
            lambda mine=mine, connection=connection: [  # type: ignore[misc]
                bare.insert(connection, each, list(TABLES)) for each in mine
            ]
            for connection, mine in zip(connections, rows, strict=True)
        ]
    )
    theirs = visits / (time.perf_counter() - begun)
    for connection in connections:
        connection.close()
    return ours, theirs


def drain_fleet(service: Service, cafes: Cafes) -> None:
    """Every tablet comes back at the same moment with what it gathered, and waits for its answer."""
    begun = time.perf_counter()
    senders = [cafes.tablet() for _ in range(FLEET)]
    sent = [sender.message(VISITS_EACH) for sender in senders]
    print(
        f"\n{FLEET:,} tablets with {VISITS_EACH} visits each, made in {time.perf_counter() - begun:.0f} s", flush=True
    )
    service.statuses.clear()
    threading.stack_size(256 * 1024)
    begun = time.perf_counter()
    waits = run_together(
        [
            lambda sender=sender, each=each: service.post(sender, each)  # type: ignore[misc]
            for sender, each in zip(senders, sent, strict=True)
        ]
    )
    took = time.perf_counter() - begun
    waits.sort()
    print(
        f"drained in {took:.1f} s, {FLEET * VISITS_EACH / took:,.0f} visits a second; answers by status "
        f"{service.statuses}; a tablet waited {waits[len(waits) // 2] / 1000:.1f} s (median), {waits[-1] / 1000:.1f} s "
        "(longest)"
    )


def report(service: Service, bare: Bare, database: psycopg.Connection[Any], cafes: Cafes) -> bool:
    """Measure and print; whether something falls short of what is asked."""
    failed = False
    print(
        f"{'medians, ms':22} {'service':>9} {'all rows':>9} {'ratio':>6} {'asked':>6} {'visits alone':>13} {'ratio':>6}"
    )
    for name, visits, rounds, asked in (
        (f"batch of {BATCH}", BATCH, 60, ASKED_BATCH),
        ("one at a time", 1, 250, ASKED_ONE),
    ):
        times = measure_in_turn(service, bare, database, cafes, visits, rounds)
        ours, rows, alone = (statistics.median(times[side]) for side in ("service", "all rows", "visits alone"))
        failed |= rows / ours < asked
        print(
            f"{name:22} {ours:9.2f} {rows:9.2f} {rows / ours:6.3f} {asked:6.2f} {alone:13.2f} {alone / ours:6.3f}",
            flush=True,
        )
    print(f"\n{'visits a second':22} {'service':>9} {'all rows':>9} {'ratio':>6}")
    for devices in (1, 4, 16):
        ours, theirs = measure_devices(service, bare, database, cafes, devices, 30 if devices == 1 else 10)
        print(f"{devices:3} at once {'':11} {ours:9,.0f} {theirs:9,.0f} {ours / theirs:6.3f}", flush=True)
    return failed


def measure() -> int:
    """In a process of its own, in the database that was made for it."""
    import django

    django.setup()
    from django.conf import settings

    from benchmarks import _cluster
    from sutg.local.environment import superuser_url
    from tests.support.site import serving_database

    # Nobody else sees every provider's rows, and policies are what the bare side is without.
    superuser_address = superuser_url(settings.DATABASES["default"]["NAME"])
    with tempfile.TemporaryDirectory() as folder, psycopg.connect(superuser_address, autocommit=True) as database:
        print(_cluster.describe(database), "one machine for tablets, service and database,", os.cpu_count(), "cores")
        cafes = Cafes()
        with serving_database(Path(folder), settings.DATABASES["default"]["NAME"], *AS_IT_IS_RUN) as address:
            # After the service has started: it would refuse to, beside tables without policies.
            service, bare = Service(address), Bare(superuser_address)
            failed = report(service, bare, database, cafes)
            drain_fleet(service, cafes)
    return int(failed)


def main() -> int:
    from tests.support.site import ROOT, database

    with database("sutg_benchmark_sync") as urls:
        environment = {**os.environ, **urls, "SUTG_ENV": "test", "DJANGO_SETTINGS_MODULE": "sutg.settings"}
        migrate = [sys.executable, "-m", "django", "migrate", "--database", "owner", "-v0"]
        subprocess.run(migrate, cwd=ROOT, env=environment, check=True)
        child = [sys.executable, "-m", "benchmarks.sync", "measure"]
        return subprocess.run(child, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(measure() if sys.argv[1:] == ["measure"] else main())

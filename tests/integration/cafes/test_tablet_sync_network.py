"""The protocol over a bad network, against the server as it is run: 20 tablets, sockets, PostgreSQL that commits.

Of the messages' acknowledgements 30 % are lost, half of them by a connection that is closed unread; each message is
replayed five times; records go out in any order, and messages of long ago come again; some records are posted by eight
connections at once.
"""

from __future__ import annotations

import json
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor  # noqa: TID251  these threads meet the service by sockets alone
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.db import connections

from cafes.models import Tablet, TabletRecord, Visit
from providers.models import Provider
from tests.factories import make_cafe, make_open_session, make_provider
from tests.factories.scoped import acting_for
from tests.integration.cafes.tablets import enrolled, visit
from tests.support.site import serving_database
from tests.support.tablet import Record, SimulatedTablet
from tests.support.wire import Heard, Wire

LOST, REPLAYS, AT_ONCE = 0.3, 5, 8
MOST_IN_A_MESSAGE = 60
AS_IT_IS_RUN = ("--workers", "2", "--blocking-threads", "4", "--backpressure", "64")


@dataclass
class Told:
    """All that the server said, to all tablets."""

    receipts: dict[str, set[str]] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    missing: set[int] = field(default_factory=set)
    reasons: set[str] = field(default_factory=set)
    unproven: int = 0
    lost: int = 0
    replayed: int = 0
    at_once: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, tablet: SimulatedTablet, heard: Heard) -> None:
        with self.lock:
            self.statuses[heard.status] += 1
            if heard.status != 200:
                return
            self.missing |= set(heard.answer["missing"])
            for result in heard.answer["results"]:
                receipt = result["receipt"]
                self.receipts.setdefault(receipt["id"], set()).add(json.dumps(receipt, sort_keys=True))
                self.reasons |= {result["reason"]} if "reason" in result else set()
                self.unproven += not tablet.proves(receipt)

    def count(self, **numbers: int) -> None:
        with self.lock:
            for name, number in numbers.items():
                setattr(self, name, getattr(self, name) + number)


class BadNetwork:
    """One tablet that sends until it holds nothing, however often it is not heard or does not hear."""

    def __init__(self, address: str, tablet: SimulatedTablet, told: Told, seed: int) -> None:
        self.address, self.tablet, self.told = address, tablet, told
        self.chance = random.Random(seed)  # noqa: S311  the run is to be repeatable
        self.wire = Wire(address, tablet)
        self.earlier: list[bytes] = []

    def drain(self) -> None:
        self._post_at_once(self.chance.choice(list(self.tablet.held.values())))
        while self.tablet.held:
            records = self._any_records()
            body = json.dumps(self.tablet.message(records)).encode()
            if self.chance.random() < LOST:
                self._lose(body)
            else:
                self._acknowledge(self._send(body))
            for _ in range(REPLAYS):
                self._send(body)
            self.told.count(replayed=REPLAYS)
            self.earlier.append(body)
            self._send(self.chance.choice(self.earlier))  # late, after others that were made after it
        self.wire.close()

    def _any_records(self) -> list[Record]:
        most = min(len(self.tablet.held), MOST_IN_A_MESSAGE)
        return self.chance.sample(list(self.tablet.held.values()), self.chance.randint(1, most))

    def _send(self, body: bytes) -> Heard:
        heard = self.wire.post(body)
        self.told.note(self.tablet, heard)
        return heard

    def _lose(self, body: bytes) -> None:
        self.told.count(lost=1)
        if self.chance.random() < 0.5:
            self.wire.post_and_hang_up(body)
        else:
            self._send(body)  # it arrived, and the tablet never knew

    def _acknowledge(self, heard: Heard) -> None:
        got = {(result["receipt"]["id"], result["receipt"]["hash"]) for result in heard.answer["results"]}
        for number, record in list(self.tablet.held.items()):
            if (record["id"], record["hash"]) in got:
                del self.tablet.held[number]

    def _post_at_once(self, record: Record) -> None:
        """One record by eight connections at the same moment, before the server has heard of it."""
        body, barrier = json.dumps(self.tablet.message([record])).encode(), threading.Barrier(AT_ONCE)

        def post() -> None:
            wire = Wire(self.address, self.tablet)
            barrier.wait(30)
            self.told.note(self.tablet, wire.post(body))
            wire.close()

        run_all([post] * AT_ONCE)
        self.told.count(at_once=AT_ONCE)


def run_all(works: list[Callable[[], None]]) -> None:
    with ThreadPoolExecutor(len(works)) as pool:
        for done in [pool.submit(work) for work in works]:
            done.result()


def tablet_with_visits(provider: Provider, visits: int, chance: random.Random) -> SimulatedTablet:
    cafe = make_cafe(provider=provider)
    session = make_open_session(provider=provider, cafe=cafe)
    tablet = enrolled(provider, cafe)
    for _ in range(visits):
        tablet.record("visit", visit(session.id, distress_before=chance.randint(0, 10)))
    return tablet


def share(visits: int, tablets: int) -> list[int]:
    return [visits // tablets + (number < visits % tablets) for number in range(tablets)]


@pytest.mark.parametrize(
    ("tablets", "visits"), [(6, 150), pytest.param(20, 10_000, marks=pytest.mark.soak)], ids=["share", "whole"]
)
def test_lossy_network_loses_and_doubles_no_visit(
    committed_db: None, tmp_path: Path, tablets: int, visits: int
) -> None:
    seed = int(os.environ.get("SUTG_SEED") or random.SystemRandom().randrange(2**32))
    print(f"SUTG_SEED={seed}")
    chance, told = random.Random(seed), Told()  # noqa: S311
    providers = [make_provider() for _ in range(4)]
    devices = [
        tablet_with_visits(providers[number % 4], made, chance) for number, made in enumerate(share(visits, tablets))
    ]
    wanted = {record["id"] for device in devices for record in device.held.values()}

    begun = time.monotonic()
    with serving_database(tmp_path, connections["default"].settings_dict["NAME"], *AS_IT_IS_RUN) as address:
        run_all([BadNetwork(address, device, told, seed + n).drain for n, device in enumerate(devices)])
    took = time.monotonic() - begun

    print(
        f"{visits:,} visits of {tablets} tablets in {took:.0f} s: {sum(told.statuses.values()):,} answers "
        f"{dict(told.statuses)}, {told.lost:,} acknowledgements lost, {told.replayed:,} replays, "
        f"{told.at_once} posts of one record at once; {len(told.receipts):,} receipts"
    )
    assert set(told.statuses) == {200}
    assert {len(receipts) for receipts in told.receipts.values()} == {1}
    assert (told.missing, told.reasons, told.unproven) == (set(), set(), 0)
    assert set(told.receipts) == wanted
    stored: list[str] = []
    for provider in providers:
        with acting_for(provider):
            stored += [str(value) for value in Visit.objects.standing().values_list("client_uuid", flat=True)]
            assert set(TabletRecord.objects.values_list("state", flat=True)) == {TabletRecord.State.APPLIED}
            for tablet in Tablet.objects.all():
                assert (tablet.accounted_to, tablet.held, tablet.missing) == (tablet.last_number, 0, [])
    assert len(stored) == visits
    assert set(stored) == wanted

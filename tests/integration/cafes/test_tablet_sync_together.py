"""The protocol under a bad network: acknowledgements lost, messages replayed, reordered and sent by many at once."""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from cafes.models import Session, TabletRecord, Visit
from providers.models import Provider
from tests.factories import make_cafe, make_open_session, make_provider
from tests.factories.scoped import acting_for
from tests.integration.cafes.tablets import enrolled, visit
from tests.support.superuser import superuser_connection
from tests.support.tablet import Record, SimulatedTablet

AT_ONCE = 8


def together(works: list[Callable[[], Any]]) -> list[Any]:
    """Run all at the same moment, each in a thread with its own connection; what each returned."""
    barrier, results = threading.Barrier(len(works)), [None] * len(works)

    def run(number: int) -> None:
        try:
            barrier.wait(10)
            results[number] = works[number]()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[number]) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_one_record_posted_eight_times_at_once_is_one_visit_with_one_receipt(committed_db: None) -> None:
    provider = make_provider()
    cafe = make_cafe(provider=provider)
    session = make_open_session(provider=provider, cafe=cafe)
    tablet = enrolled(provider, cafe)
    tablet.record("visit", visit(session.id))
    message = tablet.message()

    answers = together([lambda: tablet.post_message(message)] * AT_ONCE)

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    with acting_for(provider):
        assert Visit.objects.count() == 1
        assert TabletRecord.objects.count() == 1


def cancelled_while_waiting(session: Session, work: Callable[[], Any]) -> Any:
    """Run ``work`` while somebody else holds the session, and have the database end the wait: what it returned."""
    done = threading.Event()

    def wait() -> Any:
        try:
            return work()
        finally:
            done.set()

    def cancel() -> None:
        while not done.wait(0.02):
            watcher.execute(
                "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid))",
                [other.info.backend_pid],
            )

    # In one transaction the list of what runs is read once.
    with superuser_connection() as other, superuser_connection(autocommit=True) as watcher:
        other.execute("SELECT id FROM cafes_session WHERE id = %s FOR UPDATE", [session.id])
        answer, _ = together([wait, cancel])
        other.rollback()
    return answer


@pytest.mark.parametrize("kind", ["visit", "session_closed"])
def test_record_that_waits_too_long_for_a_lock_is_sent_again_and_needs_nobody(committed_db: None, kind: str) -> None:
    provider = make_provider()
    cafe = make_cafe(provider=provider)
    session = make_open_session(provider=provider, cafe=cafe)
    tablet = enrolled(provider, cafe)
    tablet.record("visit", visit(session.id))
    if kind == "session_closed":
        tablet.sync()
        tablet.record("session_closed", {"session": str(session.id), "door_tally": 1, "tally_reason": ""})

    answer = cancelled_while_waiting(session, tablet.post)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert tablet.sync()["results"][0].get("reason") is None
    with acting_for(provider):
        assert {row.state for row in TabletRecord.objects.all()} == {TabletRecord.State.APPLIED}


class Evening:
    """Tablets of several cafés, an unreliable network, and what the server said of each record."""

    def __init__(self, tablets: int, visits: int, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311  the run is to be repeatable
        self.providers = [make_provider() for _ in range(4)]
        self.receipts: dict[str, set[str]] = {}
        self.statuses: set[int] = set()
        self.missing: set[int] = set()
        self.tablets = [self._tablet(self.providers[number % 4], visits // tablets) for number in range(tablets)]

    def _tablet(self, provider: Provider, visits: int) -> SimulatedTablet:
        cafe = make_cafe(provider=provider)
        session = make_open_session(provider=provider, cafe=cafe)
        tablet = enrolled(provider, cafe)
        for _ in range(visits):
            tablet.record("visit", visit(session.id, distress_before=self.random.randint(0, 10)))
        return tablet

    def drain(self, tablet: SimulatedTablet, seed: int) -> None:
        """Send until every record has its receipt: 30 % of the answers are lost, and each is replayed now and then."""
        chance = random.Random(seed)  # noqa: S311
        while tablet.held:
            records: list[Record] = chance.sample(list(tablet.held.values()), min(len(tablet.held), 25))
            message = tablet.message(records)
            for _ in range(chance.choice([1, 1, 1, 2, 5])):
                response = self._send(tablet, message)
                answer = response.json()
                self.missing |= set(answer["missing"])
                for result in answer["results"]:
                    receipt = result["receipt"]
                    self.receipts.setdefault(receipt["id"], set()).add(receipt["mac"])
            if chance.random() >= 0.3:
                for result in answer["results"]:
                    receipt = result["receipt"]
                    assert tablet.proves(receipt)
                    sent = next(record for record in records if record["id"] == receipt["id"])
                    tablet.held.pop(sent["number"], None)

    def _send(self, tablet: SimulatedTablet, message: dict[str, Any]) -> Any:
        while (response := tablet.post_message(message)).status_code == 429:
            time.sleep(int(response.headers["Retry-After"]))
        self.statuses.add(response.status_code)
        assert response.status_code == 200, response.content
        return response


def run_evening(tablets: int, visits: int, seed: int) -> None:
    evening = Evening(tablets, visits, seed)
    for at in range(0, tablets, AT_ONCE):
        batch = evening.tablets[at : at + AT_ONCE]
        together(
            [lambda t=tablet, n=number: evening.drain(t, seed + n) for number, tablet in enumerate(batch)]  # type: ignore[misc]
        )

    stored: set[str] = set()
    for provider in evening.providers:
        with acting_for(provider):
            stored |= {str(value) for value in Visit.objects.values_list("client_uuid", flat=True)}
            assert Visit.objects.count() == TabletRecord.objects.filter(state=TabletRecord.State.APPLIED).count()
    assert len(stored) == visits
    assert set(evening.receipts) == stored
    assert {len(macs) for macs in evening.receipts.values()} == {1}
    assert evening.statuses == {200}
    assert evening.missing == set()


@pytest.mark.parametrize(
    ("tablets", "visits"), [(8, 240), pytest.param(20, 10_000, marks=pytest.mark.soak)], ids=["brief", "whole"]
)
def test_lossy_network_loses_and_doubles_no_visit(committed_db: None, tablets: int, visits: int) -> None:
    seed = int(os.environ.get("SUTG_SEED") or random.SystemRandom().randrange(2**32))
    print(f"SUTG_SEED={seed}")

    run_evening(tablets, visits, seed)

"""Tablets and desks that meet in the database: one record sent by many at once, and a lock held too long."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from cafes.models import Session, TabletRecord, Visit
from tests.factories import make_cafe, make_open_session, make_provider
from tests.factories.scoped import acting_for
from tests.integration.cafes.tablets import enrolled, visit
from tests.support.superuser import superuser_connection

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

"""People who settle one record at the same moment, and jobs that look for silent tablets at once."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from cafes.models import Session, TabletRecord
from cafes.services.tablet_alarms import tell_of_silent_tablets
from cafes.services.tablet_exports import load_export, read_export
from cafes.services.tablet_settling import apply_again, let_stand, set_aside
from providers.models import Provider
from sutg.audit.models import ProviderEvent
from sutg.common.errors import DomainError
from sutg.outbox.models import OutboxMessage
from tests.factories import make_cafe, make_open_session, make_provider
from tests.factories.scoped import TESTS, acting_for
from tests.factories.tablets import make_tablet
from tests.integration.cafes.tablets import enrolled, records, standing_visits, visit
from tests.integration.cafes.test_tablet_sync_together import together
from tests.support.superuser import superuser_connection


def scoped(provider: Provider, work: Callable[[], Any]) -> Callable[[], Any]:
    """``work`` in a scope and transaction of its own; a refusal is its answer."""

    def run() -> Any:
        try:
            with acting_for(provider):
                return work()
        except DomainError as refusal:
            return refusal

    return run


def test_record_settled_in_two_ways_at_once_is_settled_in_one(committed_db: None) -> None:
    provider = make_provider()
    cafe = make_cafe(provider=provider)
    session = make_open_session(provider=provider, cafe=cafe)
    tablet, client_uuid = enrolled(provider, cafe), uuid.uuid4()
    for distress in (7, 3):
        tablet.record("visit", visit(session.id, distress_before=distress), record_id=client_uuid)
    tablet.sync()
    row = records(provider)[-1]
    given = {"tablet_record_id": row.id, "by": TESTS, "now": timezone.now()}

    answers = together(
        [
            scoped(provider, lambda: let_stand(**given, version=1)),
            scoped(provider, lambda: set_aside(**given, because="stands")),
        ]
    )

    [settled] = [answer for answer in answers if isinstance(answer, TabletRecord)]
    [refused] = [answer for answer in answers if isinstance(answer, DomainError)]
    assert "settled already" in refused.reason
    assert records(provider)[-1].state == settled.state
    assert standing_visits(provider)[0].distress_before == (3 if settled.state == "applied" else 7)


def one_after_the_other(session: Session, works: list[Callable[[], Any]]) -> list[Any]:
    """Run ``works`` while somebody holds the session, each once those before it wait; what each returned."""
    results: list[Any] = [None] * len(works)

    def run(number: int) -> None:
        try:
            results[number] = works[number]()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[number]) for number in range(len(works))]
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    with superuser_connection() as holder, superuser_connection(autocommit=True) as watcher:
        holder.execute("SELECT id FROM cafes_session WHERE id = %s FOR UPDATE", [session.id])
        for number, thread in enumerate(threads):
            thread.start()
            deadline = time.monotonic() + 10
            while watcher.execute(waiting).fetchone() != (number + 1,):
                assert time.monotonic() < deadline, "it does not wait"
                time.sleep(0.02)
        holder.rollback()
        for thread in threads:
            thread.join()
    return results


@pytest.mark.parametrize("comes_first", ["person", "tablet"])
def test_waiting_record_tried_again_while_its_tablet_sends_is_applied_once(
    committed_db: None, comes_first: str
) -> None:
    provider = make_provider()
    cafe = make_cafe(provider=provider)
    tablet, session_id = enrolled(provider, cafe), uuid.uuid4()
    tablet.record("visit", visit(session_id))
    tablet.sync()
    [row] = records(provider)
    assert row.state == TabletRecord.State.WAITING
    session = make_open_session(provider=provider, cafe=cafe, id=session_id)
    given = {"tablet_record_id": row.id, "by": TESTS, "now": timezone.now()}
    works: dict[str, Callable[[], Any]] = {
        "person": scoped(provider, lambda: apply_again(**given)),
        "tablet": tablet.post,
    }
    order = sorted(works, key=lambda name: name != comes_first)

    answers = dict(zip(order, one_after_the_other(session, [works[name] for name in order]), strict=True))

    assert answers["tablet"].status_code == 200
    assert isinstance(answers["person"], TabletRecord if comes_first == "person" else DomainError)
    assert [one.state for one in records(provider)] == [TabletRecord.State.APPLIED]
    assert len(standing_visits(provider)) == 1


def test_file_loaded_while_the_tablet_sends_the_same_counts_once(committed_db: None) -> None:
    provider = make_provider()
    cafe = make_cafe(provider=provider)
    session = make_open_session(provider=provider, cafe=cafe)
    tablet = enrolled(provider, cafe)
    for _ in range(20):
        tablet.record("visit", visit(session.id))
    export, device_id = read_export(tablet.export()), uuid.UUID(tablet.enrolment["device_id"])

    def load() -> int:
        return load_export(tablet_id=device_id, export=export, by=TESTS, now=timezone.now()).known

    answers = together([scoped(provider, load), tablet.post, scoped(provider, load), tablet.post])

    assert [answers[1].status_code, answers[3].status_code] == [200, 200]
    assert answers[1].content == answers[3].content
    assert len(standing_visits(provider)) == 20
    assert len(records(provider)) == 20


def test_silence_looked_for_by_four_at_once_is_told_of_once(committed_db: None) -> None:
    provider = make_provider()
    make_tablet(provider=provider, held=1, last_seen_at=timezone.now() - timedelta(hours=30))
    now = timezone.now()

    told = together([scoped(provider, lambda: tell_of_silent_tablets(by=TESTS, now=now))] * 4)

    assert sorted(told) == [0, 0, 0, 1]
    with acting_for(provider):
        assert OutboxMessage.objects.count() == 1
        assert ProviderEvent.objects.filter(name="tablet_silent").count() == 1

"""A task runs under the scope of whoever sent it, and under no other: least of all the last task's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connections
from kombu import pools

from providers.models import Provider
from sutg.celery import app
from sutg.tenancy import scope as scopes
from sutg.tenancy.errors import ScopeMissing
from sutg.tenancy.scope import Scope
from sutg.tenancy.tasks import HEADER
from tests.factories import make_cafe, make_provider
from tests.factories.scoped import TESTS
from tests.support.scope_tasks import fail, tell, tell_of_nobody

pytestmark = [pytest.mark.database, pytest.mark.queue, pytest.mark.usefixtures("committed_db")]


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return tmp_path / "notes"


def forget_connections() -> None:
    """Close what was opened to the broker, and have the next task open anew.

    A pool that is only closed refuses the tests that come after, and one that is only emptied has them wait for ever.
    """
    pools.reset()
    app._after_fork()


def read(notes: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in notes.read_text().splitlines()] if notes.exists() else []


def provider_with_cafe(name: str) -> Provider:
    provider = make_provider()
    make_cafe(provider=provider, name=name)
    return provider


def of(provider: Provider) -> Scope:
    return Scope.provider(TESTS, provider.id)


def run(task: Any, notes: Path, scope: Scope | None) -> Any:
    """As a worker does, with the headers that the message would carry."""
    headers = {HEADER: scope.as_wire()} if scope else {}
    return task.apply(args=[str(notes)], headers=headers, throw=True)


def test_task_is_sent_after_connections_were_forgotten() -> None:
    with app.pool.acquire(block=True):
        pass
    forget_connections()
    sent = threading.Event()

    def send() -> None:
        with app.pool.acquire(block=True), app.producer_pool.acquire(block=True):
            sent.set()

    threading.Thread(target=send, daemon=True).start()

    assert sent.wait(10)


def test_task_sent_without_a_scope_is_refused(notes: Path) -> None:
    with pytest.raises(ScopeMissing):
        tell.delay(str(notes))


def test_task_that_arrives_without_a_scope_is_refused(notes: Path) -> None:
    with scopes.enter(of(make_provider())), pytest.raises(ScopeMissing):
        run(tell, notes, None)

    assert read(notes) == []


def test_task_runs_under_the_scope_in_its_headers_and_not_the_workers(notes: Path) -> None:
    first, second = provider_with_cafe("First"), provider_with_cafe("Second")

    with scopes.enter(of(second)):
        run(tell, notes, of(first))

    assert read(notes)[0]["raw"] == ["First"]


def test_task_that_fails_leaves_no_scope(notes: Path) -> None:
    with pytest.raises(DatabaseError):
        run(fail, notes, of(make_provider()))

    assert scopes.current() is None


def test_task_of_nobody_runs_without_the_senders_scope(notes: Path) -> None:
    with scopes.enter(of(make_provider())):
        run(tell_of_nobody, notes, None)

    assert read(notes)[0]["provider"] is None


@pytest.fixture
def worker(committed_db: None, tmp_path: Path) -> Iterator[str]:
    """A real worker of one process on a queue of its own; gives the queue's name."""
    queue = f"isolation-{uuid.uuid4().hex[:8]}"
    database = connections["default"].settings_dict
    port = f":{database['PORT']}" if database["PORT"] else ""
    login = f"{database['USER']}:{database['PASSWORD']}"
    address = f"postgres://{login}@{database['HOST']}{port}/{database['NAME']}"
    log = (tmp_path / "worker.log").open("wb")
    command = [sys.executable, "-m", "celery", "-A", "sutg", "worker", "-P", "solo", "-Q", queue]
    process = subprocess.Popen(
        [*command, "--include", "tests.support.scope_tasks", "--without-mingle", "--without-gossip"],
        env=os.environ | {"DATABASE_URL": address, "SUTG_ENV": "test"},
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    yield queue
    process.terminate()
    process.wait(timeout=20)
    log.close()
    forget_connections()


def wait_for(notes: Path, count: int) -> list[dict[str, Any]]:
    deadline = time.monotonic() + 60
    while len(read(notes)) < count:
        assert time.monotonic() < deadline, f"only {read(notes)}; {(notes.parent / 'worker.log').read_text()[-2000:]}"
        time.sleep(0.05)
    return read(notes)


def test_worker_gives_each_task_its_own_scope_whatever_came_before(worker: str, notes: Path) -> None:
    first, second = provider_with_cafe("First"), provider_with_cafe("Second")
    arguments = {"args": [str(notes)], "queue": worker}

    for number in range(6):
        with scopes.enter(of((first, second)[number % 2])):
            fail.apply_async(**arguments)
        with scopes.enter(of((second, first)[number % 2])):
            tell.apply_async(**arguments)
        tell_of_nobody.apply_async(**arguments)
        # A message from outside, or from before scopes: no header at all.
        app.send_task(tell.name, **arguments)
    told = wait_for(notes, 18)

    assert len({note["pid"] for note in told}) == 1
    for note in told:
        if note["task"] == "tell":
            name = {str(first.id): "First", str(second.id): "Second"}[note["provider"]]
            assert note["raw"] == note["by_manager"] == [name]
        if note["task"] == "tell_of_nobody":
            assert note["provider"] is None
    assert [note["task"] for note in told].count("tell") == 6

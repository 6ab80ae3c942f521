"""Runs that are killed, and two at once."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connections

from cafes.models import VisitorIdentity
from sutg.audit.models import ProviderEvent
from sutg.privacy import erasing
from tests.factories import make_provider, make_visitor_identity
from tests.factories.scoped import TESTS, acting_for

pytestmark = pytest.mark.database
TODAY = date(2034, 6, 15)
ROWS = 7


def people(number: int = ROWS) -> Any:
    provider = make_provider()
    for _ in range(number):
        make_visitor_identity(provider=provider, recorded_at=datetime(2020, 3, 1, tzinfo=UTC))
    return provider


def left(provider: Any) -> int:
    with acting_for(provider):
        return int(VisitorIdentity.objects.count())


def on_record(provider: Any) -> int:
    with acting_for(provider):
        return sum(event.detail["rows"] for event in ProviderEvent.objects.filter(name="retention.erased"))


def test_run_that_is_killed_has_on_record_what_it_erased_and_the_next_goes_on(
    committed_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider = people()
    monkeypatch.setattr(erasing, "BATCH", 2)
    batches = iter(range(2))
    recording = erasing.record

    def killed_in_the_third(*args: Any, **kwargs: Any) -> None:
        if next(batches, None) is None:
            raise KeyboardInterrupt
        recording(*args, **kwargs)

    monkeypatch.setattr(erasing, "record", killed_in_the_third)
    with pytest.raises(KeyboardInterrupt):
        erasing.apply(today=TODAY, by=TESTS)
    monkeypatch.setattr(erasing, "record", recording)
    assert (left(provider), on_record(provider)) == (3, 4)

    erasing.apply(today=TODAY, by=TESTS)

    assert (left(provider), on_record(provider)) == (0, ROWS)


def test_two_runs_at_once_erase_each_row_once(committed_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    provider = people(20)
    monkeypatch.setattr(erasing, "BATCH", 3)
    errors: list[BaseException] = []

    def run() -> None:
        try:
            erasing.apply(today=TODAY, by=TESTS)
        except BaseException as error:  # whatever it is, the test itself reports it
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert errors == []
    assert (left(provider), on_record(provider)) == (0, 20)

"""Locking a month: who may, when, and what stands in the way."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from cafes.models import ReturnFile, Session
from reports.models import MonthLock
from reports.services.months import lock_month, lock_overdue_month
from sutg.audit.models import ProviderEvent
from sutg.common.errors import ChangedMeanwhile, DomainError
from sutg.common.periods import Period
from sutg.tenancy.errors import ScopeForbids
from tests.factories import make_cafe, make_open_session, make_provider, make_return_file, make_session
from tests.factories.scoped import TESTS, acting_for

pytestmark = pytest.mark.django_db

DAY = date(2024, 4, 3)
APRIL = Period.month_of(DAY)
NOW = datetime(2024, 5, 2, 9, tzinfo=UTC)
AFTER_DEADLINE = datetime(2024, 6, 15, 9, tzinfo=UTC)


def lock(provider: Any, *, month: Period = APRIL, not_held: int = 0, now: datetime = NOW) -> MonthLock:
    with acting_for(provider):
        return lock_month(provider_id=provider.id, month=month, not_held=not_held, by=TESTS, now=now)


def locks(provider: Any) -> int:
    with acting_for(provider):
        return MonthLock.objects.count()


def test_month_that_is_over_is_locked_and_on_record() -> None:
    provider = make_provider()
    make_session(provider=provider, held_on=DAY)

    found = lock(provider)

    assert (found.month, found.locked_as, found.locked_by, found.not_held) == (APRIL.start, "provider", str(TESTS), 0)
    with acting_for(provider):
        event = ProviderEvent.objects.get(name="reports.month_locked")
    assert (event.subject, event.detail["month"], event.detail["held"]) == (found.id, "2024-04", 1)


def test_month_that_goes_on_is_refused() -> None:
    provider = make_provider()

    with pytest.raises(DomainError, match="is not over yet"):
        lock(provider, now=datetime(2024, 4, 30, 22, 30, tzinfo=UTC))

    assert locks(provider) == 0


def test_month_with_an_open_session_is_refused() -> None:
    provider = make_provider()
    make_open_session(provider=provider, held_on=DAY)

    with pytest.raises(DomainError, match="still open"):
        lock(provider)


@pytest.mark.parametrize("state", [ReturnFile.State.CHECKED, ReturnFile.State.CHECKING, ReturnFile.State.LOADING])
def test_month_with_a_return_that_waits_is_refused(state: str) -> None:
    provider = make_provider()
    make_return_file(provider=provider, quarter="2024-Q1", state=state)

    with pytest.raises(DomainError, match="not loaded yet"):
        lock(provider)


def test_planned_sessions_without_a_record_are_signed_for() -> None:
    provider = make_provider()
    planned = {"held_on": DAY, "state": Session.State.PLANNED, "opens": time(17)}
    make_session(provider=provider, **planned)

    with pytest.raises(ChangedMeanwhile):
        lock(provider, not_held=0)

    assert lock(provider, not_held=1).not_held == 1


def test_quarter_is_no_month() -> None:
    with pytest.raises(DomainError, match="Only a month"):
        lock(make_provider(), month=Period.quarter(2024, 1), now=AFTER_DEADLINE)


def test_locking_in_another_providers_scope_is_forbidden() -> None:
    mine, theirs = make_provider(), make_provider()

    with pytest.raises(ScopeForbids), acting_for(mine):
        lock_month(provider_id=theirs.id, month=APRIL, not_held=0, by=TESTS, now=NOW)


def test_trust_before_the_deadline_is_refused() -> None:
    provider = make_provider()

    with pytest.raises(DomainError, match="until 14 June 2024"), acting_for(provider):
        lock_overdue_month(provider_id=provider.id, month=APRIL, by=TESTS, now=datetime(2024, 6, 14, 12, tzinfo=UTC))


def test_trust_after_the_deadline_locks_what_was_left() -> None:
    provider = make_provider()
    cafe = make_cafe(provider=provider)
    make_open_session(provider=provider, cafe=cafe, held_on=DAY)
    make_session(provider=provider, cafe=cafe, held_on=DAY, state=Session.State.PLANNED, opens=time(9))

    with acting_for(provider):
        found = lock_overdue_month(provider_id=provider.id, month=APRIL, by=TESTS, now=AFTER_DEADLINE)

    assert (found.locked_as, found.left_open, found.not_held) == ("trust", 1, 1)


def test_month_locked_before_gives_the_first_signature() -> None:
    provider = make_provider()
    first = lock(provider)

    with acting_for(provider):
        second = lock_overdue_month(provider_id=provider.id, month=APRIL, by=TESTS, now=AFTER_DEADLINE)

    assert second.id == first.id
    assert locks(provider) == 1

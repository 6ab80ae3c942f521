"""People who lock and record at once: nothing is counted twice, nothing is lost between the two."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connections, transaction

from providers.models import Provider
from reports.models import MonthLock
from reports.services.figures import refresh_figures
from reports.services.months import lock_month, lock_overdue_month
from sutg.common.periods import Period
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Scope
from tests.factories import make_provider, make_session, make_visit
from tests.factories.scoped import TESTS, acting_for
from tests.integration.reports.locking import LATER, assert_sums_add_up

DAY = date(2024, 4, 3)
APRIL = Period.month_of(DAY)


def together(provider: Provider, *work: Callable[[], Any]) -> list[Any]:
    """Do each piece of work in a thread of its own, all starting at once; what each returned."""
    barrier = threading.Barrier(len(work))
    results: list[Any] = [None] * len(work)
    errors: list[BaseException] = []

    def run(position: int, piece: Callable[[], Any]) -> None:
        try:
            with scopes.enter(Scope.provider(TESTS, provider.id)):
                barrier.wait(timeout=30)
                results[position] = piece()
        except BaseException as error:  # whatever it is, the test itself reports it
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(position, piece)) for position, piece in enumerate(work)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    return results


@pytest.mark.database
def test_two_people_who_lock_at_once_lock_once(committed_db: None) -> None:
    provider = make_provider()
    make_session(provider=provider, held_on=DAY)

    def lock() -> MonthLock:
        return lock_month(provider_id=provider.id, month=APRIL, not_held=0, by=TESTS, now=LATER)

    locks = together(provider, lock, lock, lock)

    assert len({found.id for found in locks}) == 1
    with acting_for(provider):
        assert MonthLock.objects.count() == 1


@pytest.mark.database
def test_month_locked_while_visits_come_in_adds_up(committed_db: None) -> None:
    provider = make_provider()
    sessions = [make_session(provider=provider, held_on=DAY) for _ in range(4)]

    def recorder(order: int) -> Callable[[], None]:
        def record() -> None:
            for _ in range(6):
                with transaction.atomic():
                    for session in sessions[::order]:
                        make_visit(provider=provider, session=session)
                    days = {session.cafe_id: [DAY] for session in sessions}
                    refresh_figures(provider_id=provider.id, cafe_days=days, by=TESTS, reason="recorded")

        return record

    def lock() -> None:
        lock_overdue_month(provider_id=provider.id, month=APRIL, by=TESTS, now=LATER)

    together(provider, recorder(1), recorder(-1), lock, lock)

    assert_sums_add_up(provider)

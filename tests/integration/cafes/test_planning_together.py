"""Planning by several at once, each in a transaction that really commits."""

from __future__ import annotations

import threading
from datetime import date

from django.db import connections

from cafes.models import Session
from cafes.services.planning import plan_sessions
from tests.factories import make_open_cafe, make_opening_pattern, make_provider
from tests.factories.scoped import TESTS, acting_for

TODAY = date(2026, 9, 28)


def test_planning_by_two_at_once_plans_once(committed_db: None) -> None:
    provider = make_provider()
    cafe = make_open_cafe(provider=provider)
    make_opening_pattern(provider=provider, cafe=cafe)
    together, changed = threading.Barrier(4), []

    def plan() -> None:
        together.wait(10)
        with acting_for(provider):
            changed.append(plan_sessions(cafe=cafe, today=TODAY, by=TESTS))
        connections.close_all()

    threads = [threading.Thread(target=plan) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(changed) == [0, 0, 0, 8]
    with acting_for(provider):
        assert Session.objects.standing().filter(cafe_id=cafe.id).count() == 8

"""A tablet's batch comes to exactly what the same visits come to one by one, and two hands never make two of one."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cafes.demographics import Answers
from cafes.entries import Anonymous, Named, Particulars, ReturnCode, SupportGiven, VisitEntry
from cafes.models import Session, Visit, VisitorIdentity, VisitorReference
from cafes.services.sessions import Duty, open_session, open_unplanned_session
from cafes.services.visits import Recorded, Settled, record_visit, record_visits
from providers.models import Provider
from sutg.common.errors import DomainError
from tests.factories import make_cafe, make_provider
from tests.factories.scoped import TESTS, acting_for
from tests.integration.cafes.sessions import NOW, YESTERDAY, entry, figures, opened, planned

WHO = st.sampled_from(
    [
        Anonymous(),
        ReturnCode("blue heron"),
        ReturnCode("Blue  Heron"),
        ReturnCode("red kite"),
        ReturnCode("x"),
        Named("Ada"),
    ]
)
PARTICULARS = st.builds(
    Particulars,
    reasons=st.lists(st.sampled_from(["anxiety", "stress", "housing", "wrong"]), max_size=3).map(tuple),
    support=st.lists(st.sampled_from(["group", "one_to_one"]).map(SupportGiven), max_size=2).map(tuple),
    distress_before=st.sampled_from([None, 0, 10, 11]),
    outcome=st.sampled_from(["", "supported"]),
)
ANSWERS = st.builds(
    Answers,
    ethnic_group=st.sampled_from(["", "W3", "A2", "Z", "99", "??"]),
    age_band=st.sampled_from(["", "25-29", "X"]),
    disability=st.sampled_from([(), ("02",), ("NN", "02")]),
)
# Which client UUID, which session, who, what: few of each, so that they meet.
BATCH = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2), WHO, PARTICULARS, ANSWERS), max_size=8)


def visits_in(provider: Provider) -> list[tuple[Any, ...]]:
    """What is stored, without ids: visitors by the order in which they appear."""
    order: dict[Any, int] = {None: -1}
    with acting_for(provider):
        rows = Visit.objects.order_by("client_uuid").prefetch_related("supports")
        return [
            (
                visit.client_uuid,
                visit.session.held_on,
                order.setdefault(visit.visitor_id, len(order)),
                visit.is_new,
                visit.reasons,
                visit.support,
                visit.distress_before,
                visit.outcome,
                visit.ethnic_category,
                visit.age_band,
            )
            for visit in rows
        ]


def outcome_of(settled: Settled | DomainError) -> tuple[Any, ...]:
    error = settled if isinstance(settled, DomainError) else getattr(settled, "error", None)
    return (error.reason, error.field) if error else ("recorded", settled.is_repeat)  # type: ignore[union-attr]


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batch=BATCH)
def test_batch_comes_to_what_its_visits_come_to_one_by_one(batch: list[tuple[Any, ...]]) -> None:
    with transaction.atomic():
        worlds = []
        for _ in range(2):
            provider = make_provider()
            cafe = make_cafe(provider=provider)
            sessions = [opened(provider, cafe), opened(provider, cafe, YESTERDAY), planned(provider)]
            worlds.append((provider, sessions))
        written = [
            [VisitEntry(uuid.UUID(int=n + 1), sessions[s].id, who, facts, said) for n, s, who, facts, said in batch]
            for _, sessions in worlds
        ]

        with acting_for(worlds[0][0]):
            together = [outcome_of(each) for each in record_visits(entries=written[0], by=TESTS, now=NOW)]
        alone = []
        with acting_for(worlds[1][0]):
            for each in written[1]:
                try:
                    alone.append(outcome_of(record_visit(entry=each, by=TESTS, now=NOW)))
                except DomainError as error:
                    alone.append(outcome_of(error))

        assert together == alone
        assert visits_in(worlds[0][0]) == visits_in(worlds[1][0])
        assert figures(worlds[0][0]) == figures(worlds[1][0])
        assert figures(worlds[0][0], "year") == figures(worlds[1][0], "year")
        transaction.set_rollback(True)


def at_once(provider: Provider, *moves: Callable[[], Any]) -> list[Any]:
    """What each move ends in, when all of them begin together on connections of their own."""
    gate, results = threading.Barrier(len(moves)), list[Any]([None] * len(moves))

    def run(number: int, move: Callable[[], Any]) -> None:
        try:
            gate.wait(10)
            with acting_for(provider):
                results[number] = move()
        except Exception as error:
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number, move)) for number, move in enumerate(moves)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


@pytest.mark.database
def test_visit_posted_five_times_at_once_is_one_visit(committed_db: None) -> None:
    provider = make_provider()
    sent = entry(opened(provider), Named("Ada"))

    settled = at_once(provider, *[lambda: record_visit(entry=sent, by=TESTS, now=NOW)] * 5)

    assert all(isinstance(each, Recorded) for each in settled), settled
    assert len({each.visit_id for each in settled}) == 1
    assert sorted(each.is_repeat for each in settled) == [False, True, True, True, True]
    with acting_for(provider):
        assert (Visit.objects.count(), VisitorIdentity.objects.count()) == (1, 1)
    assert figures(provider)["visits", ""] == 1


@pytest.mark.database
def test_one_code_recorded_at_once_by_two_is_one_visitor(committed_db: None) -> None:
    provider = make_provider()
    cafe = make_cafe(provider=provider)
    both = [
        entry(opened(provider, cafe), ReturnCode("blue heron")),
        entry(opened(provider, cafe, YESTERDAY), ReturnCode("blue heron")),
    ]

    settled = at_once(provider, *[lambda e=e: record_visit(entry=e, by=TESTS, now=NOW) for e in both])

    assert all(isinstance(each, Recorded) for each in settled), settled
    with acting_for(provider):
        assert VisitorReference.objects.count() == 1
        assert sorted(Visit.objects.values_list("is_new", flat=True)) == [False, True]


@pytest.mark.database
@pytest.mark.parametrize("is_planned", [True, False])
def test_cafe_opened_at_once_by_two_is_one_session(committed_db: None, is_planned: bool) -> None:
    provider = make_provider()
    cafe = make_cafe(provider=provider)
    session = planned(provider, cafe) if is_planned else None

    def open_as(initials: str) -> Session:
        duty = Duty(initials=frozenset({initials}))
        if session:
            return open_session(session_id=session.id, duty=duty, by=TESTS, now=NOW)
        return open_unplanned_session(cafe_id=cafe.id, duty=duty, by=TESTS, now=NOW)

    got = at_once(provider, lambda: open_as("WK"), lambda: open_as("CR"))

    assert got[0].id == got[1].id
    with acting_for(provider):
        assert Session.objects.filter(state=Session.State.OPEN).count() == 1
        assert Session.objects.get(id=got[0].id).on_duty.count() == 2

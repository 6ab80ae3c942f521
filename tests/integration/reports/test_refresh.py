"""Figures are the visits, counted."""

from __future__ import annotations

import threading
import uuid
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cafes import refreshers
from cafes.models import Visit
from reports.services.figures import refresh_figures
from sutg.common.errors import NotFound
from sutg.tenancy import scope as scopes
from sutg.tenancy.errors import ScopeForbids, ScopeMissing
from sutg.tenancy.scope import Scope
from tests.factories import make_cafe, make_provider, make_session, make_visit, make_visitor
from tests.factories.scoped import TESTS, acting_for
from tests.integration.reports.counting import naive_figures, stored_figures

DAY = date(2024, 4, 2)
WITHDRAWN = datetime(2024, 7, 1, tzinfo=UTC)


def refresh(provider: Any, cafe_days: Any) -> None:
    with acting_for(provider):
        refresh_figures(provider_id=provider.id, cafe_days=cafe_days, by=TESTS, reason="recorded")


visits = st.fixed_dictionaries(
    {
        "cafe": st.integers(0, 1),
        "day": st.dates(date(2024, 1, 1), date(2025, 6, 30)),
        "person": st.one_of(st.none(), st.integers(0, 2)),
        "is_new": st.sampled_from([True, False, None]),
        "ethnic_category": st.sampled_from(["A", "R", "S", "N", "Z", "99", "review", "?"]),
        "age_band": st.sampled_from(["", "18-24", "25-29", "30-34", "75+", "Under 18", "20-40", "Prefer not to say"]),
        "gender": st.sampled_from(["", "female", "male", "non_binary", "not_stated"]),
        "reasons": st.lists(st.sampled_from(["Stress", "Anxiety", "Money or debt", "Mice", "Rain"]), unique=True),
        "withdrawn_at": st.sampled_from([None, None, None, WITHDRAWN]),
    }
)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(visits, max_size=30), st.lists(st.dates(date(2024, 3, 1), date(2024, 8, 1)), max_size=5))
def test_refresh_of_random_visits_equals_a_naive_count(rows: list[dict[str, Any]], quiet_days: list[date]) -> None:
    with transaction.atomic():
        provider = make_provider()
        cafes = [make_cafe(provider=provider), make_cafe(provider=provider)]
        people = [[make_visitor(provider=provider, cafe=cafe) for _ in range(3)] for cafe in cafes]
        sessions = {(0, day): make_session(provider=provider, cafe=cafes[0], held_on=day) for day in set(quiet_days)}
        for row in rows:
            fields = dict(row)
            cafe, day, person = fields.pop("cafe"), fields.pop("day"), fields.pop("person")
            if (cafe, day) not in sessions:
                sessions[cafe, day] = make_session(provider=provider, cafe=cafes[cafe], held_on=day)
            visitor_id = None if person is None else people[cafe][person].id
            make_visit(provider=provider, session=sessions[cafe, day], visitor_id=visitor_id, **fields)
        cafe_days = {cafe.id: [day for index, day in sessions if index == n] for n, cafe in enumerate(cafes)}

        refresh(provider, cafe_days)
        once = stored_figures(provider)
        refresh(provider, cafe_days)

        assert once == naive_figures(provider)
        assert stored_figures(provider) == once
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_refresh_after_visits_were_withdrawn_leaves_nothing_of_them() -> None:
    provider = make_provider()
    session = make_session(provider=provider, held_on=DAY)
    visit = make_visit(provider=provider, session=session)
    refresh(provider, {session.cafe_id: [DAY]})
    with acting_for(provider):
        type(session).objects.filter(id=session.id).update(withdrawn_at=WITHDRAWN)
        Visit.objects.filter(id=visit.id).update(withdrawn_at=WITHDRAWN)

    refresh(provider, {session.cafe_id: [DAY]})

    assert stored_figures(provider) == {}


@pytest.mark.django_db
def test_refresh_leaves_other_cafes_and_periods_as_they_are() -> None:
    provider = make_provider()
    touched, other = (make_session(provider=provider, held_on=DAY) for _ in range(2))
    later = make_session(provider=provider, held_on=date(2025, 4, 2), cafe=None)
    for session in (touched, other, later):
        make_visit(provider=provider, session=session)
    refresh(provider, {s.cafe_id: [s.held_on] for s in (touched, other, later)})
    before = stored_figures(provider)
    make_visit(provider=provider, session=touched)

    refresh(provider, {touched.cafe_id: [DAY]})

    after = stored_figures(provider)
    changed = {key[0] for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    assert changed == {touched.cafe_id}


@pytest.mark.django_db
def test_person_who_comes_in_two_months_is_one_person_in_the_quarter() -> None:
    provider = make_provider()
    cafe = make_cafe(provider=provider)
    visitor = make_visitor(provider=provider, cafe=cafe)
    days = [DAY, date(2024, 5, 7)]
    for day in days:
        session = make_session(provider=provider, cafe=cafe, held_on=day)
        make_visit(provider=provider, session=session, visitor_id=visitor.id)

    refresh(provider, {cafe.id: days})

    people = {key[1:3]: value for key, value in stored_figures(provider).items() if key[3] == "people"}
    assert people == {
        ("month", date(2024, 4, 1)): 1,
        ("month", date(2024, 5, 1)): 1,
        ("quarter", date(2024, 4, 1)): 1,
        ("year", date(2024, 4, 1)): 1,
    }


@pytest.mark.django_db
def test_refresh_for_another_providers_cafe_is_not_found() -> None:
    mine, theirs = make_provider(), make_provider()
    foreign = make_cafe(provider=theirs)

    with pytest.raises(NotFound):
        refresh(mine, {foreign.id: [DAY]})


@pytest.mark.django_db
def test_refresh_for_a_cafe_that_does_not_exist_is_not_found() -> None:
    with pytest.raises(NotFound):
        refresh(make_provider(), {uuid.uuid4(): [DAY]})


@pytest.mark.django_db
def test_refresh_in_another_providers_scope_is_forbidden() -> None:
    mine, theirs = make_provider(), make_provider()

    with pytest.raises(ScopeForbids), acting_for(mine):
        refresh_figures(provider_id=theirs.id, cafe_days={}, by=TESTS, reason="recorded")


@pytest.mark.django_db
def test_refresh_without_a_scope_raises() -> None:
    with pytest.raises(ScopeMissing):
        refresh_figures(provider_id=uuid.uuid4(), cafe_days={}, by=TESTS, reason="recorded")


@pytest.mark.django_db
def test_refresh_of_no_days_does_nothing(django_assert_num_queries: Any) -> None:
    provider = make_provider()

    with acting_for(provider), django_assert_num_queries(0):
        refresh_figures(provider_id=provider.id, cafe_days={uuid.uuid4(): []}, by=TESTS, reason="recorded")


@pytest.mark.django_db
def test_refresh_takes_as_many_queries_for_forty_cafes_as_for_one(django_assert_num_queries: Any) -> None:
    provider = make_provider()
    sessions = [make_session(provider=provider, held_on=DAY) for _ in range(40)]

    for touched in (sessions[:1], sessions):
        with acting_for(provider), django_assert_num_queries(8):  # cafés, months held and read, delete, counts, audit
            refresh_figures(
                provider_id=provider.id, cafe_days={s.cafe_id: [DAY] for s in touched}, by=TESTS, reason="recorded"
            )


@pytest.mark.django_db
def test_loading_visits_refreshes_figures_through_the_registry() -> None:
    provider = make_provider()
    session = make_session(provider=provider, held_on=DAY)
    make_visit(provider=provider, session=session)

    with acting_for(provider):
        refreshers.refresh(provider_id=provider.id, cafe_days={session.cafe_id: [DAY]}, by=TESTS, reason="recorded")

    assert stored_figures(provider) == naive_figures(provider)


@pytest.mark.database
def test_two_refreshes_at_once_neither_double_nor_deadlock(committed_db: None) -> None:
    provider = make_provider()
    sessions = [make_session(provider=provider, held_on=DAY) for _ in range(6)]
    barrier = threading.Barrier(4)
    errors: list[BaseException] = []

    def load(order: int) -> None:
        try:
            with scopes.enter(Scope.provider(TESTS, provider.id)):
                for _ in range(5):
                    barrier.wait(timeout=30)
                    with transaction.atomic():
                        ordered = sessions[::order]
                        for session in ordered:
                            make_visit(provider=provider, session=session)
                        days = {session.cafe_id: [DAY] for session in ordered}
                        refresh_figures(provider_id=provider.id, cafe_days=days, by=TESTS, reason="recorded")
        except BaseException as error:  # whatever it is, the test itself reports it
            errors.append(error)
            barrier.abort()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=load, args=(order,)) for order in (1, -1, 1, -1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert errors == []
    assert stored_figures(provider) == naive_figures(provider)
    assert max(stored_figures(provider).values()) == 20

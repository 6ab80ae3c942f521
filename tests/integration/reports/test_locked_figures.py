"""A locked month's figures stand; what changes them is a dated adjustment; and the two always add up to the visits."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cafes import refreshers
from cafes.models import Visit
from reports.disclosure import LEAST_SHOWN
from reports.measures import BY_CODE
from reports.models import Adjustment, MonthLock
from reports.services.figures import refresh_figures
from tests.factories import make_cafe, make_provider, make_session, make_visit, make_visitor
from tests.factories.scoped import TESTS, acting_for
from tests.integration.reports.locking import LATER, assert_sums_add_up, lock, published, rows

MONTHS = [date(2024, 4, 1), date(2024, 5, 1), date(2024, 6, 1)]
DAYS = [date(2024, 4, 3), date(2024, 4, 24), date(2024, 5, 8), date(2024, 6, 5), date(2024, 7, 3)]


class Cafes:
    """One provider with two cafés, sessions on some days and three people each."""

    def __init__(self) -> None:
        self.provider = make_provider()
        self.cafes = [make_cafe(provider=self.provider) for _ in range(2)]
        self.people = [[make_visitor(provider=self.provider, cafe=cafe).id for _ in range(3)] for cafe in self.cafes]
        self.sessions: dict[tuple[int, date], Any] = {}
        self.visits: list[Any] = []

    def add(self, cafe: int = 0, day: date = DAYS[0], person: int | None = None, number: int = 1) -> None:
        if (cafe, day) not in self.sessions:
            self.sessions[cafe, day] = make_session(provider=self.provider, cafe=self.cafes[cafe], held_on=day)
        visitor = None if person is None else self.people[cafe][person]
        for _ in range(number):
            visit = make_visit(provider=self.provider, session=self.sessions[cafe, day], visitor_id=visitor)
            self.visits.append(visit)
        self.refresh(cafe, day)

    def withdraw(self, position: int = 0) -> None:
        if not self.visits:
            return
        visit = self.visits.pop(position % len(self.visits))
        with acting_for(self.provider):
            Visit.objects.filter(id=visit.id).update(withdrawn_at=LATER)
        self.refresh(next(n for n, cafe in enumerate(self.cafes) if cafe.id == visit.cafe_id), visit.visited_on)

    def refresh(self, cafe: int, day: date, reason: str = "left_out") -> None:
        with acting_for(self.provider):
            days = {self.cafes[cafe].id: [day]}
            refresh_figures(provider_id=self.provider.id, cafe_days=days, by=TESTS, reason=reason)


steps = st.one_of(
    st.tuples(st.just("lock"), st.sampled_from(MONTHS)),
    st.tuples(
        st.just("add"),
        st.integers(0, 1),
        st.sampled_from(DAYS),
        st.one_of(st.none(), st.integers(0, 2)),
        st.integers(1, 7),
    ),
    st.tuples(st.just("withdraw"), st.integers(0, 40)),
    st.tuples(st.just("refresh"), st.integers(0, 1), st.sampled_from(DAYS)),
)


@pytest.mark.django_db
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, min_size=3, max_size=14))
def test_locked_figures_after_any_changes_add_up_to_the_visits(todo: list[tuple[Any, ...]]) -> None:
    with transaction.atomic():
        cafes = Cafes()
        for name, *given_ in todo:
            before = published(cafes.provider)
            if name == "lock":
                lock(cafes.provider, *given_)
            else:
                getattr(cafes, name)(*given_)
            assert_sums_add_up(cafes.provider)
            _assert_months_move_by_five(cafes, before)
        transaction.set_rollback(True)


def _assert_months_move_by_five(cafes: Cafes, before: dict[Any, int]) -> None:
    """What is shown of a locked month stays, or becomes what is known by a step of five or more."""
    locked = {(row[1], row[2]) for row in rows_of_locks(cafes)}
    after = published(cafes.provider)
    for key in before.keys() | after.keys():
        if (key[1], key[2]) in locked and BY_CODE[key[3]].is_of_people:
            step = abs(after.get(key, 0) - before.get(key, 0))
            assert step == 0 or step >= LEAST_SHOWN, key


def rows_of_locks(cafes: Cafes) -> list[tuple[Any, ...]]:
    with acting_for(cafes.provider):
        return [(None, "month", lock.month) for lock in MonthLock.objects.all()]


@pytest.mark.django_db
def test_locked_month_with_one_more_visit_shows_outside_what_it_showed() -> None:
    cafes = Cafes()
    for day in DAYS[:4]:
        cafes.add(day=day, person=0, number=7)
    lock(cafes.provider, *MONTHS)
    before = published(cafes.provider)

    cafes.add(person=1)

    assert published(cafes.provider) == before
    assert {row[5] for row in rows(Adjustment, cafes.provider, "delta")} == {1}


@pytest.mark.django_db
def test_month_of_a_quarter_that_goes_on_with_one_more_visit_shows_outside_what_it_showed() -> None:
    cafes = Cafes()
    for day in DAYS[:4]:
        cafes.add(day=day, person=0, number=7)
    lock(cafes.provider, MONTHS[0])
    before = published(cafes.provider)

    cafes.add(person=1)

    assert published(cafes.provider) == before


@pytest.mark.django_db
def test_locked_month_with_five_more_visits_is_restated() -> None:
    cafes = Cafes()
    cafes.add(number=20)
    lock(cafes.provider, MONTHS[0])
    key = (cafes.cafes[0].id, "month", MONTHS[0], "visits", "")

    seen = []
    for _ in range(5):
        cafes.add()
        seen.append(published(cafes.provider)[key])

    assert seen == [20, 20, 20, 20, 25]


@pytest.mark.django_db
def test_adjustment_says_by_how_much_why_and_by_whom() -> None:
    cafes = Cafes()
    cafes.add(number=3)
    lock(cafes.provider, MONTHS[0])

    cafes.withdraw()

    with acting_for(cafes.provider):
        found = Adjustment.objects.get(measure="visits", period_kind="month")
    assert (found.number, found.delta, found.value_after, found.reason) == (1, -1, 2, "left_out")
    assert (found.adjusted_by, found.because) == (str(TESTS), "Something was left out")


@pytest.mark.django_db
def test_month_that_is_locked_twice_keeps_its_first_figures() -> None:
    cafes = Cafes()
    cafes.add(number=3)
    lock(cafes.provider, MONTHS[0])
    cafes.add()

    lock(cafes.provider, MONTHS[0])

    assert_sums_add_up(cafes.provider)
    assert len([row for row in rows(Adjustment, cafes.provider, "delta") if row[3] == "visits"]) == 1


@pytest.mark.django_db
def test_quarter_is_locked_with_the_last_of_its_months() -> None:
    cafes = Cafes()
    for day in DAYS[:4]:
        cafes.add(day=day, person=0)
    lock(cafes.provider, MONTHS[2], MONTHS[0])
    cafes.add(person=1)

    lock(cafes.provider, MONTHS[1])
    cafes.add(person=2)

    changed = {
        (row[1], row[3], row[5]) for row in rows(Adjustment, cafes.provider, "value_after") if row[3] == "people"
    }
    assert changed == {("month", "people", 2), ("month", "people", 3), ("quarter", "people", 3)}
    assert_sums_add_up(cafes.provider)


@pytest.mark.django_db
def test_another_providers_month_stays_open() -> None:
    mine, theirs = Cafes(), Cafes()
    mine.add(number=2)
    theirs.add(number=2)
    lock(mine.provider, MONTHS[0])

    theirs.add()

    assert rows(Adjustment, theirs.provider, "delta") == []
    assert_sums_add_up(theirs.provider)


@pytest.mark.django_db
def test_visit_at_a_cafe_that_had_none_when_its_month_was_locked_is_an_adjustment_from_nothing() -> None:
    cafes = Cafes()
    cafes.add(cafe=0)
    lock(cafes.provider, MONTHS[0])

    cafes.add(cafe=1)

    assert_sums_add_up(cafes.provider)
    assert (cafes.cafes[1].id, "month", MONTHS[0], "visits", "", 1) in rows(Adjustment, cafes.provider, "delta")


@pytest.mark.django_db
@pytest.mark.parametrize("reason", ["", "because"])
def test_count_without_a_known_reason_is_refused(reason: str) -> None:
    provider = make_provider()
    with acting_for(provider), pytest.raises(ValueError, match="says nobody why"):
        refreshers.refresh(provider_id=provider.id, cafe_days={uuid.uuid4(): [DAYS[0]]}, by=TESTS, reason=reason)

"""A session that was planned and that a return reports is one session, not two."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest

from cafes.models import Cafe, Session, Visit
from cafes.services.planning import plan_sessions
from providers.models import Provider
from tests.factories import make_opening_pattern, make_provider, make_session
from tests.factories.cafes import make_cafe
from tests.factories.scoped import TESTS, acting_for
from tests.integration.cafes.test_load_return import HEADER, ROWS, load

pytestmark = pytest.mark.django_db
State = Session.State
DAY = date(2024, 4, 2)


@pytest.fixture
def provider() -> Provider:
    return make_provider(name="Hearth Trust", slug="hearth-trust")


@pytest.fixture
def cafe(provider: Provider) -> Cafe:
    return make_cafe(provider=provider, name="The Hearth")


def plan(cafe: Cafe, *, opens: int = 17, **fields: Any) -> Session:
    values = {"state": State.PLANNED, "opens": time(opens), "closes": time(opens + 2), "held_on": DAY, **fields}
    return make_session(provider=cafe.provider, cafe=cafe, **values)


def of_day(cafe: Cafe) -> list[tuple[str, time | None]]:
    with acting_for(cafe.provider):
        standing = Session.objects.standing().filter(cafe_id=cafe.id, held_on=DAY)
        return list(standing.order_by("opens").values_list("state", "opens"))


def test_planned_session_reported_becomes_the_reported_one(provider: Provider, cafe: Cafe) -> None:
    session = plan(cafe)

    file = load(provider, HEADER + ROWS)

    assert of_day(cafe) == [(State.REPORTED, time(17))]
    with acting_for(provider):
        assert Session.objects.get(id=session.id).return_file_id == file.id
        assert Visit.objects.standing().filter(session_id=session.id).count() == 2


def test_return_replaced_without_the_day_leaves_the_session_planned(provider: Provider, cafe: Cafe) -> None:
    session = plan(cafe)
    load(provider, HEADER + ROWS)

    load(provider, HEADER + ROWS.replace("02/04/2024", "09/04/2024"))

    assert of_day(cafe) == [(State.PLANNED, time(17))]
    with acting_for(provider):
        assert Session.objects.get(id=session.id).return_file_id is None
        assert Visit.objects.standing().filter(session_id=session.id).count() == 0


def test_return_replaced_with_the_day_keeps_one_session(provider: Provider, cafe: Cafe) -> None:
    session = plan(cafe)
    load(provider, HEADER + ROWS)

    second = load(provider, HEADER + ROWS.replace("10:00", "10:05"))

    assert of_day(cafe) == [(State.REPORTED, time(17))]
    with acting_for(provider):
        assert Session.objects.get(id=session.id).return_file_id == second.id
        assert Visit.objects.standing().filter(session_id=session.id).count() == 2


def test_day_with_two_planned_sessions_reports_the_first(provider: Provider, cafe: Cafe) -> None:
    plan(cafe, opens=17)
    plan(cafe, opens=10)

    load(provider, HEADER + ROWS)

    assert of_day(cafe) == [(State.REPORTED, time(10)), (State.PLANNED, time(17))]


@pytest.mark.parametrize(
    "fields",
    [
        {"withdrawn_at": "2024-03-01T09:00Z"},
        {"state": State.CANCELLED, "cancelled_at": "2024-04-01T09:00Z", "cancelled_by": "x", "cancel_reason": "venue"},
    ],
)
def test_session_that_is_not_planned_stays_beside_the_reported_one(
    provider: Provider, cafe: Cafe, fields: dict[str, Any]
) -> None:
    session = plan(cafe, **fields)
    before = session.state

    load(provider, HEADER + ROWS)

    assert (State.REPORTED, None) in of_day(cafe)
    with acting_for(provider):
        assert Session.objects.get(id=session.id).state == before
        assert Visit.objects.filter(session_id=session.id).count() == 0


def test_return_of_another_cafe_leaves_a_planned_session_alone(provider: Provider, cafe: Cafe) -> None:
    other = make_cafe(provider=provider, name="Elsewhere")
    plan(other)

    load(provider, HEADER + ROWS)

    assert of_day(other) == [(State.PLANNED, time(17))]


def test_day_reported_before_it_was_planned_is_not_planned_again(provider: Provider, cafe: Cafe) -> None:
    make_opening_pattern(provider=provider, cafe=cafe)
    plan(cafe)
    load(provider, HEADER + ROWS)

    with acting_for(provider):
        plan_sessions(cafe=cafe, today=DAY, by=TESTS)

    assert of_day(cafe) == [(State.REPORTED, time(17))]

"""Opening and closing a session: who may find what open, and how the count at the door becomes visits."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cafes.models import OnDuty, Session
from cafes.selectors.sessions import (
    find_session,
    on_duty_at,
    sessions_held,
    sessions_left_open,
    todays_sessions,
    visits_of,
)
from cafes.services.sessions import Duty, close_session, open_session, reconcile_session, set_on_duty
from sutg.audit.models import ProviderEvent
from sutg.common.errors import DomainError, NotFound
from tests.factories import make_cafe, make_membership, make_provider, make_session
from tests.factories.scoped import TESTS, acting_for
from tests.integration.cafes.sessions import (
    DUTY,
    NOW,
    TODAY,
    YESTERDAY,
    closed,
    figures,
    member,
    opened,
    planned,
    recorded,
    unplanned,
)

pytestmark = pytest.mark.django_db
State = Session.State


def test_session_opened_has_people_on_duty_and_a_record() -> None:
    provider = make_provider()
    session, user_id = planned(provider), member(provider)

    with acting_for(provider):
        duty = Duty(frozenset({user_id}), frozenset({"w k", " "}))
        open_session(session_id=session.id, duty=duty, by=TESTS, now=NOW)
        found = find_session(session.id)
        on_duty = {(row.user_id, row.initials) for row in on_duty_at(found)}
        names = list(ProviderEvent.objects.filter(subject=session.id).values_list("name", flat=True))

    assert (found.state, found.opened_at, found.opened_by) == (State.OPEN, NOW, str(TESTS))
    assert on_duty == {(user_id, ""), (None, "WK")}
    assert names == ["session_opened"]
    assert figures(provider)["sessions", ""] == 1


def test_session_opened_by_two_is_one_with_both_on_duty() -> None:
    provider = make_provider()
    session = planned(provider)

    with acting_for(provider):
        for written in ("WK", "CR"):
            open_session(session_id=session.id, duty=Duty(initials=frozenset({written})), by=TESTS, now=NOW)
        assert set(OnDuty.objects.values_list("initials", flat=True)) == {"WK", "CR"}


def test_cafe_opened_unplanned_takes_what_is_open_or_planned_for_this_hour() -> None:
    provider = make_provider()
    cafe, other = make_cafe(provider=provider), make_cafe(provider=provider)
    soon = planned(provider, cafe)

    first, again, elsewhere = unplanned(provider, cafe), unplanned(provider, cafe), unplanned(provider, other)

    assert first.id == again.id == soon.id
    assert elsewhere.id != soon.id
    assert (elsewhere.state, elsewhere.opens.isoformat(), elsewhere.closes) == (State.OPEN, "18:30:00", None)


def test_cafe_opened_again_in_the_same_minute_takes_the_next_one() -> None:
    provider = make_provider()
    cafe = make_cafe(provider=provider)
    closed(unplanned(provider, cafe), 0)

    assert unplanned(provider, cafe).opens.isoformat() == "18:31:00"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"held_on": TODAY + timedelta(days=1)}, "on its day"),
        ({"held_on": TODAY - timedelta(days=32)}, "on its day"),
        (
            {"state": State.CANCELLED, "cancelled_at": NOW, "cancelled_by": "x", "cancel_reason": "venue"},
            "is cancelled",
        ),
    ],
)
def test_session_that_cannot_be_opened_says_why(fields: dict[str, object], sentence: str) -> None:
    provider = make_provider()
    session = planned(provider, **fields)  # type: ignore[arg-type]

    with acting_for(provider), pytest.raises(DomainError, match=sentence):
        open_session(session_id=session.id, duty=DUTY, by=TESTS, now=NOW)


def test_session_on_a_day_that_a_return_reported_is_refused() -> None:
    provider = make_provider()
    cafe = make_cafe(provider=provider)
    make_session(provider=provider, cafe=cafe, held_on=TODAY)

    with pytest.raises(DomainError, match="twice"):
        unplanned(provider, cafe)


@pytest.mark.parametrize(
    ("duty", "field"), [(Duty(), "people"), (Duty(initials=frozenset({"Wanjiru Kamau"})), "initials")]
)
def test_session_opened_without_anybody_on_duty_is_refused(duty: Duty, field: str) -> None:
    provider = make_provider()
    session = planned(provider)

    with acting_for(provider), pytest.raises(DomainError) as refused:
        open_session(session_id=session.id, duty=duty, by=TESTS, now=NOW)

    assert refused.value.field == field


def test_person_of_another_provider_on_duty_is_not_found() -> None:
    mine, theirs = make_provider(), make_provider()
    session, stranger = planned(mine), make_membership(provider=theirs).user_id

    with acting_for(mine), pytest.raises(NotFound):
        open_session(session_id=session.id, duty=Duty(frozenset({stranger})), by=TESTS, now=NOW)


def test_session_of_another_provider_is_not_found_by_any_service() -> None:
    mine, theirs = make_provider(), make_provider()
    session = opened(theirs)
    tally = {"door_tally": 1, "tally_reason": "", "by": TESTS}

    with acting_for(mine):
        for move in (
            lambda: open_session(session_id=session.id, duty=DUTY, by=TESTS, now=NOW),
            lambda: set_on_duty(session_id=session.id, duty=DUTY, by=TESTS, now=NOW),
            lambda: close_session(session_id=session.id, now=NOW, **tally),
            lambda: reconcile_session(session_id=session.id, reason="recounted", **tally),
            lambda: find_session(session.id),
        ):
            with pytest.raises(NotFound):
                move()


def test_session_of_a_cafe_that_is_not_theirs_is_not_found() -> None:
    provider = make_provider()
    session, mine = opened(provider), make_cafe(provider=provider)

    with acting_for(provider), pytest.raises(NotFound):
        find_session(session.id, [mine.id])


def test_duty_set_anew_replaces_who_was_named() -> None:
    provider = make_provider()
    session = opened(provider)

    with acting_for(provider):
        set_on_duty(session_id=session.id, duty=Duty(initials=frozenset({"CR"})), by=TESTS, now=NOW)
        assert list(OnDuty.objects.values_list("initials", flat=True)) == ["CR"]
    closed(session, 0)
    with acting_for(provider), pytest.raises(DomainError, match="is closed"):
        set_on_duty(session_id=session.id, duty=DUTY, by=TESTS, now=NOW)


def test_session_closed_with_more_people_than_records_counts_them_as_unrecorded() -> None:
    provider = make_provider()
    session = opened(provider)
    recorded(session)

    closed(session, 5, "unrecorded")

    found = figures(provider)
    assert {measure: found[measure, ""] for measure in ("visits", "visits_without_reference", "sessions")} == {
        "visits": 5,
        "visits_without_reference": 5,
        "sessions": 1,
    }
    assert found["visits_by_newness", "not_recorded"] == 5
    assert found["visits_by_reason", "not_recorded"] == 4
    assert found["visits_by_ethnic_category", "99"] == found["visits_by_ethnic_group", "99"] == 5
    assert found["visits_by_age_band", "not_known"] == found["visits_by_gender", "not_stated"] == 5


def test_session_of_a_headcount_alone_counts() -> None:
    provider = make_provider()

    closed(opened(provider), 9, "unrecorded")

    assert figures(provider, "year")["visits", ""] == 9
    assert figures(provider, "quarter")["visits_by_gender", "not_stated"] == 9


@pytest.mark.parametrize("reason", ["miscounted", "staff_counted", "came_twice"])
def test_difference_that_is_no_visit_adds_none(reason: str) -> None:
    provider = make_provider()
    session = opened(provider)
    recorded(session)

    done = closed(session, 3, reason)

    assert (done.door_tally, done.unrecorded_visits, done.tally_reason) == (3, 0, reason)
    assert figures(provider)["visits", ""] == 1


@pytest.mark.parametrize(
    ("tally", "reason", "field"),
    [(3, "", "tally_reason"), (0, "unrecorded", "tally_reason"), (-1, "", "door_tally"), (1001, "", "door_tally")],
)
def test_count_that_is_not_explained_is_refused(tally: int, reason: str, field: str) -> None:
    session = opened(make_provider())
    recorded(session)

    with pytest.raises(DomainError) as refused:
        closed(session, tally, reason)

    assert refused.value.field == field


def test_session_closed_twice_is_closed_once() -> None:
    provider = make_provider()
    session = opened(provider)
    closed(session, 0)

    closed(session, 0)

    with acting_for(provider):
        assert ProviderEvent.objects.filter(name="session_closed").count() == 1
    with pytest.raises(DomainError, match="is closed"):
        closed(session, 4, "unrecorded")


def test_closed_session_counted_again_is_put_right_with_a_reason() -> None:
    provider = make_provider()
    session = closed(opened(provider), 4, "unrecorded")
    again = {"session_id": session.id, "door_tally": 6, "tally_reason": "unrecorded", "by": TESTS}

    with acting_for(provider):
        with pytest.raises(DomainError, match="why the count"):
            reconcile_session(reason="", **again)
        reconcile_session(reason="recounted", **again)
        detail = ProviderEvent.objects.get(name="session_reconciled").detail

    assert figures(provider)["visits", ""] == 6
    assert (detail["unrecorded_before"], detail["unrecorded"], detail["reason"]) == (4, 6, "recounted")


def test_open_session_is_not_reconciled() -> None:
    session = opened(make_provider())

    with acting_for(session.provider), pytest.raises(DomainError, match="after a session was closed"):
        reconcile_session(session_id=session.id, door_tally=1, tally_reason="", reason="recounted", by=TESTS)


def test_lists_of_sessions_keep_to_the_day_and_the_cafes() -> None:
    provider = make_provider()
    cafe, other = make_cafe(provider=provider), make_cafe(provider=provider)
    today, last_night = planned(provider, cafe), opened(provider, cafe, YESTERDAY)
    old = opened(provider, cafe, TODAY - timedelta(days=3))
    elsewhere = opened(provider, other)
    make_session(provider=provider, cafe=cafe, held_on=YESTERDAY - timedelta(days=7))
    recorded(old)

    with acting_for(provider):
        assert [s.id for s in todays_sessions([cafe.id], TODAY)] == [last_night.id, today.id]
        assert [s.id for s in sessions_left_open([cafe.id], TODAY)] == [old.id, last_night.id]
        assert {s.id for s in sessions_held(None)} == {old.id, last_night.id, elsewhere.id}
        assert len(visits_of(old)) == 1

"""Planned sessions: they follow the weekly openings, and nothing that a person touched is ever taken back."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from cafes.models import Cafe, OpeningPattern, Session
from cafes.selectors.openings import last_planned_day
from cafes.services.cafe_statuses import call_off_move, close_cafe, open_cafe, pause_cafe
from cafes.services.openings import (
    begin_opening,
    change_opening,
    close_on_day,
    end_opening,
    open_as_usual,
    open_at_other_times,
)
from cafes.services.planned_sessions import add_session, cancel_session, restore_session
from cafes.services.planning import plan_sessions
from cafes.tasks.planning import plan_all_sessions
from providers.models import Provider
from sutg.audit.models import ProviderEvent
from sutg.common.errors import DomainError, NotFound
from tests.factories import make_cafe, make_open_cafe, make_opening_pattern, make_provider, make_session
from tests.factories.scoped import TESTS, acting_for

pytestmark = pytest.mark.django_db
State = Session.State
# A Monday; the eight weeks from here hold the end of British Summer Time, and no bank holiday.
TODAY = date(2026, 9, 28)
TUESDAY = TODAY + timedelta(days=1)
FIVE, NINE = time(17), time(21)


@pytest.fixture
def provider() -> Provider:
    return make_provider()


@pytest.fixture
def cafe(provider: Provider) -> Cafe:
    return make_open_cafe(provider=provider)


def begin(cafe: Cafe, *, weekday: int = 2, opens: time = FIVE, closes: time = NINE, **given: Any) -> OpeningPattern:
    values = {"since": TODAY, "today": TODAY, **given}
    return begin_opening(cafe=cafe, weekday=weekday, opens=opens, closes=closes, by=TESTS, **values)


def planned(cafe: Cafe) -> list[Session]:
    return list(Session.objects.standing().filter(cafe_id=cafe.id, state=State.PLANNED).order_by("held_on", "opens"))


def days(cafe: Cafe) -> list[date]:
    return [session.held_on for session in planned(cafe)]


def test_opening_begun_plans_eight_weeks(provider: Provider, cafe: Cafe) -> None:
    with acting_for(provider):
        pattern = begin(cafe)

        sessions = planned(cafe)

        assert [session.held_on for session in sessions] == [TUESDAY + timedelta(weeks=n) for n in range(8)]
        assert {(s.opens, s.closes, s.opening_pattern_id) for s in sessions} == {(FIVE, NINE, pattern.id)}
        assert ProviderEvent.objects.filter(name="cafe_opening_begun", subject=pattern.id).exists()
        assert ProviderEvent.objects.get(name="sessions_planned").detail == {"sessions": 8}


def test_planning_again_changes_nothing(provider: Provider, cafe: Cafe) -> None:
    with acting_for(provider):
        begin(cafe)

        changed = plan_sessions(cafe=cafe, today=TODAY, by=TESTS)

        assert changed == 0
        assert len(planned(cafe)) == 8


def test_planning_a_day_later_reaches_a_day_further(provider: Provider, cafe: Cafe) -> None:
    with acting_for(provider):
        begin(cafe)

        changed = plan_sessions(cafe=cafe, today=TUESDAY + timedelta(weeks=1), by=TESTS)

        assert changed == 1
        assert days(cafe)[-1] == last_planned_day(TUESDAY + timedelta(weeks=1)) - timedelta(days=6)


def test_two_openings_of_one_day_are_both_planned(provider: Provider, cafe: Cafe) -> None:
    with acting_for(provider):
        begin(cafe)
        begin(cafe, opens=time(10), closes=time(12))

        assert [session.opens for session in planned(cafe)[:2]] == [time(10), FIVE]


@pytest.mark.parametrize(("opens", "closes"), [(time(16), time(18)), (time(18), time(19)), (time(20, 59), time(23))])
def test_opening_that_overlaps_is_refused_by_service_and_database(
    provider: Provider, cafe: Cafe, opens: time, closes: time
) -> None:
    with acting_for(provider):
        begin(cafe)

        with pytest.raises(DomainError, match="overlaps") as refused:
            begin(cafe, opens=opens, closes=closes)
        with pytest.raises(IntegrityError, match="overlap"), transaction.atomic():
            make_opening_pattern(provider=provider, cafe=cafe, opens=opens, closes=closes)

        assert refused.value.field == "opens"


def test_opening_that_touches_another_is_allowed(provider: Provider, cafe: Cafe) -> None:
    with acting_for(provider):
        begin(cafe)

        begin(cafe, opens=NINE, closes=time(22))

        assert len(planned(cafe)) == 16


def test_opening_that_closes_before_it_opens_is_refused(provider: Provider, cafe: Cafe) -> None:
    with acting_for(provider), pytest.raises(DomainError, match="close after"):
        begin(cafe, opens=NINE, closes=FIVE)


def test_opening_changed_leaves_no_ghost_of_the_old_one(provider: Provider, cafe: Cafe) -> None:
    with acting_for(provider):
        pattern = begin(cafe)
        since = TODAY + timedelta(weeks=3)

        change_opening(
            cafe=cafe, pattern_id=pattern.id, weekday=4, opens=FIVE, closes=NINE, since=since, today=TODAY, by=TESTS
        )

        assert [day for day in days(cafe) if day >= since] == [
            since + timedelta(days=3) + timedelta(weeks=n) for n in range(5)
        ]
        assert days(cafe)[:3] == [TUESDAY + timedelta(weeks=n) for n in range(3)]


def test_opening_changed_to_other_hours_keeps_the_sessions_themselves(provider: Provider, cafe: Cafe) -> None:
    with acting_for(provider):
        pattern = begin(cafe)
        ids = {session.id for session in planned(cafe)}

        change_opening(
            cafe=cafe, pattern_id=pattern.id, weekday=2, opens=FIVE, closes=time(20), since=TODAY, today=TODAY, by=TESTS
        )

        assert {session.id for session in planned(cafe)} == ids
        assert {session.closes for session in planned(cafe)} == {time(20)}


def test_opening_ended_takes_back_only_what_nobody_touched(provider: Provider, cafe: Cafe) -> None:
    with acting_for(provider):
        pattern = begin(cafe)
        sessions = planned(cafe)
        cancel_session(cafe=cafe, session_id=sessions[0].id, reason="venue", today=TODAY, by=TESTS)
        opened = Session.objects.filter(id=sessions[1].id)
        opened.update(state=State.OPEN, opened_at="2026-10-06T16:00Z", opened_by="user:x")
        by_hand = add_session(cafe=cafe, day=TUESDAY, opens=time(10), closes=time(12), today=TODAY, by=TESTS)

        end_opening(cafe=cafe, pattern_id=pattern.id, until=TODAY - timedelta(days=1), today=TODAY, by=TESTS)

        standing = Session.objects.standing().filter(cafe_id=cafe.id)
        assert {session.id for session in standing} == {sessions[0].id, sessions[1].id, by_hand.id}


def test_opening_ended_before_it_began_holds_on_no_day(provider: Provider, cafe: Cafe) -> None:
    with acting_for(provider):
        pattern = begin(cafe, since=TODAY + timedelta(weeks=2))

        end_opening(cafe=cafe, pattern_id=pattern.id, until=TODAY, today=TODAY, by=TESTS)
        begin(cafe)

        assert len(planned(cafe)) == 8


def test_opening_of_another_provider_is_not_found(provider: Provider, cafe: Cafe) -> None:
    other = make_provider()
    theirs = make_opening_pattern(provider=other)

    with acting_for(provider), pytest.raises(NotFound):
        end_opening(cafe=cafe, pattern_id=theirs.id, until=TODAY, today=TODAY, by=TESTS)


def test_cafe_paused_takes_sessions_back_and_opened_again_plans_them(provider: Provider, cafe: Cafe) -> None:
    with acting_for(provider):
        begin(cafe)
        ids = [session.id for session in planned(cafe)]
        pause = {"cafe": cafe, "today": TODAY, "by": TESTS, "reason": "Roof"}

        pause_cafe(since=TODAY + timedelta(weeks=2), **pause)
        paused = days(cafe)
        open_cafe(since=TODAY + timedelta(weeks=4), **pause)

        assert len(paused) == 2
        assert [session.id for session in planned(cafe)] == ids[:2] + ids[4:]


def test_closing_called_off_plans_again(provider: Provider, cafe: Cafe) -> None:
    with acting_for(provider):
        begin(cafe)
        close_cafe(cafe=cafe, since=TODAY + timedelta(weeks=1), reason="Lease", today=TODAY, by=TESTS)
        closed = len(planned(cafe))

        call_off_move(cafe=cafe, today=TODAY, by=TESTS)

        assert (closed, len(planned(cafe))) == (1, 8)


def test_cafe_that_is_not_open_plans_nothing(provider: Provider) -> None:
    cafe = make_cafe(provider=provider)

    with acting_for(provider):
        begin(cafe)

        assert planned(cafe) == []


@pytest.mark.parametrize(("choice", "count"), [("closed", 7), ("as_usual", 8)])
def test_bank_holiday_follows_the_cafes_choice(provider: Provider, cafe: Cafe, choice: str, count: int) -> None:
    today = date(2026, 11, 23)  # Fridays from here hold 25 December
    with acting_for(provider):
        Cafe.objects.filter(id=cafe.id).update(bank_holidays=choice)

        begin(cafe, weekday=5, since=today, today=today)

        assert len(planned(cafe)) == count - (choice == "closed")  # New Year's Day is a Friday too


def test_times_are_local_across_the_end_of_summer_time(provider: Provider, cafe: Cafe) -> None:
    with acting_for(provider):
        begin(cafe, weekday=7, opens=time(1), closes=time(3))

        sessions = planned(cafe)

        assert date(2026, 10, 25) in [session.held_on for session in sessions]
        assert {(session.opens, session.closes) for session in sessions} == {(time(1), time(3))}


def test_day_closed_far_ahead_is_never_planned(provider: Provider, cafe: Cafe) -> None:
    far = TUESDAY + timedelta(weeks=12)
    with acting_for(provider):
        begin(cafe)
        close_on_day(cafe=cafe, day=far, reason="", today=TODAY, by=TESTS)

        plan_sessions(cafe=cafe, today=TODAY + timedelta(weeks=8), by=TESTS)

        assert far not in days(cafe)
        assert far + timedelta(weeks=1) in days(cafe)


def test_day_at_other_times_replaces_that_one_session(provider: Provider, cafe: Cafe) -> None:
    with acting_for(provider):
        pattern = begin(cafe)
        at = {"cafe": cafe, "day": TUESDAY, "today": TODAY, "by": TESTS}

        exception = open_at_other_times(pattern_id=pattern.id, opens=time(12), closes=time(14), reason="", **at)
        changed = [(session.held_on, session.opens) for session in planned(cafe)][:2]
        open_as_usual(cafe=cafe, exception_id=exception.id, today=TODAY, by=TESTS)

        assert changed == [(TUESDAY, time(12)), (TUESDAY + timedelta(weeks=1), FIVE)]
        assert next((session.held_on, session.opens) for session in planned(cafe)) == (TUESDAY, FIVE)
        assert len(planned(cafe)) == 8


@pytest.mark.parametrize("day", [TODAY - timedelta(days=1), TUESDAY])
def test_day_that_is_past_or_changed_already_is_refused(provider: Provider, cafe: Cafe, day: date) -> None:
    with acting_for(provider):
        close_on_day(cafe=cafe, day=TUESDAY, reason="", today=TODAY, by=TESTS)

        with pytest.raises(DomainError) as refused:
            close_on_day(cafe=cafe, day=day, reason="", today=TODAY, by=TESTS)

        assert refused.value.field == "day"


def test_session_cancelled_does_not_come_back_at_another_time(provider: Provider, cafe: Cafe) -> None:
    with acting_for(provider):
        pattern = begin(cafe)
        session = planned(cafe)[0]
        cancel_session(cafe=cafe, session_id=session.id, reason="staffing", today=TODAY, by=TESTS)

        change_opening(
            cafe=cafe, pattern_id=pattern.id, weekday=2, opens=time(18), closes=NINE, since=TODAY, today=TODAY, by=TESTS
        )

        assert TUESDAY not in days(cafe)
        assert ProviderEvent.objects.get(name="session_cancelled").detail == {"reason": "staffing"}


def test_cancellation_undone_after_its_opening_ended_stands(provider: Provider, cafe: Cafe) -> None:
    with acting_for(provider):
        pattern = begin(cafe)
        session = planned(cafe)[0]
        cancel_session(cafe=cafe, session_id=session.id, reason="staffing", today=TODAY, by=TESTS)
        end_opening(cafe=cafe, pattern_id=pattern.id, until=TODAY, today=TODAY, by=TESTS)

        restore_session(cafe=cafe, session_id=session.id, today=TODAY, by=TESTS)
        plan_sessions(cafe=cafe, today=TODAY, by=TESTS)

        assert days(cafe) == [TUESDAY]


@pytest.mark.parametrize("state", [State.CANCELLED, State.REPORTED, State.OPEN])
def test_session_that_is_not_planned_cannot_be_cancelled(provider: Provider, cafe: Cafe, state: str) -> None:
    acts = {
        State.CANCELLED: {"cancelled_at": "2026-09-27T09:00Z", "cancelled_by": "x", "cancel_reason": "venue"},
        State.OPEN: {"opened_at": "2026-09-28T09:00Z", "opened_by": "x"},
    }
    session = make_session(
        provider=provider, cafe=cafe, held_on=TUESDAY, opens=FIVE, closes=NINE, state=state, **acts.get(state, {})
    )

    with acting_for(provider), pytest.raises(DomainError, match="Only a planned one"):
        cancel_session(cafe=cafe, session_id=session.id, reason="venue", today=TODAY, by=TESTS)


def test_session_of_another_provider_is_not_found(provider: Provider, cafe: Cafe) -> None:
    theirs = make_session(provider=make_provider(), state=State.PLANNED, held_on=TUESDAY)

    with acting_for(provider), pytest.raises(NotFound):
        cancel_session(cafe=cafe, session_id=theirs.id, reason="venue", today=TODAY, by=TESTS)


def test_session_past_can_be_neither_cancelled_nor_restored(provider: Provider, cafe: Cafe) -> None:
    with acting_for(provider):
        begin(cafe)
        session = planned(cafe)[0]
        later = {"cafe": cafe, "session_id": session.id, "today": TUESDAY + timedelta(days=1), "by": TESTS}

        with pytest.raises(DomainError, match="past"):
            cancel_session(reason="venue", **later)
        cancel_session(reason="venue", **{**later, "today": TODAY})
        with pytest.raises(DomainError, match="past"):
            restore_session(**later)


def test_session_added_takes_the_place_of_one_taken_back(provider: Provider, cafe: Cafe) -> None:
    with acting_for(provider):
        pattern = begin(cafe)
        end_opening(cafe=cafe, pattern_id=pattern.id, until=TODAY, today=TODAY, by=TESTS)

        add_session(cafe=cafe, day=TUESDAY, opens=FIVE, closes=time(19), today=TODAY, by=TESTS)
        plan_sessions(cafe=cafe, today=TODAY, by=TESTS)

        assert [(session.held_on, session.closes) for session in planned(cafe)] == [(TUESDAY, time(19))]


def test_session_added_beside_another_is_refused(provider: Provider, cafe: Cafe) -> None:
    with acting_for(provider):
        begin(cafe)

        with pytest.raises(DomainError, match="17:00 to 21:00 is planned") as refused:
            add_session(cafe=cafe, day=TUESDAY, opens=time(18), closes=time(22), today=TODAY, by=TESTS)

        assert refused.value.field == "opens"


def test_daily_job_plans_every_providers_cafes(provider: Provider, cafe: Cafe) -> None:
    other = make_provider()
    theirs = make_open_cafe(provider=other)
    for owner, one in ((provider, cafe), (other, theirs)):
        make_opening_pattern(provider=owner, cafe=one)

    first, second = plan_all_sessions(), plan_all_sessions()

    assert (first > 0, second) == (True, 0)
    with acting_for(other):
        assert len(planned(theirs)) == first / 2

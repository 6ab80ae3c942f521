"""The pages of cafés: what each person sees and may do, and that nothing typed is lost."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.roles import Role
from cafes.models import Cafe, CafeStatus, OpeningPattern, Session
from cafes.services.planning import plan_sessions
from providers.models import Provider
from sutg.audit.models import ProviderEvent
from tests.factories import (
    make_appointment,
    make_cafe,
    make_cafe_address,
    make_cafe_status,
    make_membership,
    make_open_cafe,
    make_opening_exception,
    make_opening_pattern,
    make_provider,
)
from tests.factories.scoped import TESTS, acting_for
from tests.integration.cafes.test_return_pages import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider() -> Provider:
    return make_provider(name="Hearth Trust")


@pytest.fixture
def cafe(provider: Provider) -> Cafe:
    cafe = make_open_cafe(provider=provider, name="The Hearth")
    make_opening_pattern(provider=provider, cafe=cafe)
    with acting_for(provider):
        plan_sessions(cafe=cafe, today=timezone.localdate(), by=TESTS)
    return cafe


@pytest.fixture
def manager(provider: Provider) -> Client:
    return signed_in(make_membership(provider=provider).user)


@pytest.fixture
def officer() -> Client:
    return signed_in(make_appointment(role=Role.GRANT_OFFICER).user)


def address(cafe: Cafe, ending: str = "") -> str:
    return f"/cafes/{cafe.provider_id}/{cafe.id}/{ending}"


def split(name: str, day: date) -> dict[str, int]:
    return {f"{name}_{part}": getattr(day, part) for part in ("day", "month", "year")}


def next_planned(cafe: Cafe) -> Session:
    with acting_for(cafe.provider):
        planned = Session.objects.standing().filter(cafe_id=cafe.id, state=Session.State.PLANNED)
        return planned.order_by("held_on").first()


@pytest.mark.parametrize("path", ["/cafes/", "", "calendar/"])
def test_page_of_cafes_keeps_its_number_of_queries(
    manager: Client, provider: Provider, cafe: Cafe, path: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    where = path if path.startswith("/") else address(cafe, path)
    manager.get(where)
    with CaptureQueriesContext(connection) as before:
        manager.get(where)
    for weekday in (3, 4, 5):
        make_opening_pattern(provider=provider, cafe=make_open_cafe(provider=provider))
        make_opening_pattern(provider=provider, cafe=cafe, weekday=weekday)
        make_cafe_address(provider=provider, cafe=cafe)
        make_opening_exception(provider=provider, cafe=cafe, day=date(2199, 5, weekday))
    with acting_for(provider):
        plan_sessions(cafe=cafe, today=timezone.localdate(), by=TESTS)

    with django_assert_num_queries(len(before)):
        response = manager.get(where)

    assert "The Hearth" in response.text


def test_list_of_the_trust_names_providers_and_states(officer: Client, cafe: Cafe) -> None:
    proposed = make_cafe(provider=make_provider(name="Second"), name="To come")
    make_cafe_status(provider=proposed.provider, cafe=proposed, state=CafeStatus.State.PROPOSED)

    response = officer.get("/cafes/")

    for words in ("Hearth Trust", "The Hearth", "Tuesday, 5pm to 9pm", "Second", "To come", "Proposed"):
        assert words in response.text
    assert "Propose a café" not in response.text


def test_list_without_cafes_says_what_to_do(manager: Client) -> None:
    assert "The trust decides whether it is approved" in manager.get("/cafes/").text


def test_manager_proposes_and_the_officer_approves_in_their_own_name(
    manager: Client, officer: Client, provider: Provider
) -> None:
    body = {"name": "The Ember", "neighbourhood": "LEI01", "local_authority": "E06000016"}

    page = manager.post("/cafes/new/", body)
    own = manager.get(page.url)
    waiting = officer.get("/")
    decided = officer.post(f"{page.url}approve/", {**split("since", timezone.localdate()), "reason": ""}, follow=True)

    assert "Approve</a>" not in own.text
    assert "Hearth Trust: The Ember" in waiting.text
    assert "The Ember is approved" in decided.text
    with acting_for(provider):
        moved = ProviderEvent.objects.get(name="cafe_moved")
        assert moved.actor.startswith("user:")
        assert CafeStatus.objects.get(state="approved").moved_by == moved.actor
    assert "To open" in manager.get("/").text


def test_manager_may_not_approve_nor_officer_change(manager: Client, officer: Client, cafe: Cafe) -> None:
    assert manager.get(address(cafe, "approve/")).status_code == 403
    assert officer.get(address(cafe, "edit/")).status_code == 403


def test_proposal_without_anything_names_each_field(manager: Client) -> None:
    response = manager.post("/cafes/new/", {})

    for sentence in ("Error: ", "Enter name", "Select neighbourhood", "Select local authority"):
        assert sentence in response.text


def test_facts_with_a_language_misspelt_keep_what_was_typed(manager: Client, cafe: Cafe) -> None:
    typed = {"for_whom": "Carers", "languages": "Gujarati, Pnajabi", "bank_holidays": "closed", "version": cafe.version}

    response = manager.post(address(cafe, "edit/"), typed)

    assert "“Pnajabi” is not in the list of languages" in response.text
    assert "Gujarati, Pnajabi" in response.text
    assert "Carers" in response.text


def test_facts_changed_by_two_show_the_second_the_difference(manager: Client, cafe: Cafe) -> None:
    first = {"for_whom": "Adults", "languages": "Gujarati", "bank_holidays": "closed", "version": cafe.version}
    second = {"for_whom": "Carers", "features": ["lift"], "bank_holidays": "closed", "version": cafe.version}
    manager.post(address(cafe, "edit/"), first)

    told = manager.post(address(cafe, "edit/"), second)
    with acting_for(cafe.provider):
        version = Cafe.objects.get(id=cafe.id).version
    manager.post(address(cafe, "edit/"), {**second, "version": version})

    assert "Somebody else changed this café" in told.text
    for words in ("What is different", "Adults", "Carers", "Lift to every floor", str(version)):
        assert words in told.text
    assert 'value="lift" checked' in " ".join(told.text.split())
    with acting_for(cafe.provider):
        saved = Cafe.objects.get(id=cafe.id)
    assert (saved.for_whom, saved.languages, saved.features) == ("Carers", [], ["lift"])


@pytest.mark.parametrize(
    ("opens", "closes", "sentence"),
    [
        ("5", "9pm", "Enter a time, like 5pm or 17:30"),
        ("25:00", "9pm", "Enter a time, like 5pm or 17:30"),
        ("9pm", "5pm", "A café must close after it opens"),
        ("6pm", "7pm", "This overlaps with the opening “Tuesday 17:00 to 21:00”"),
        ("", "7pm", "Enter opens at"),
    ],
)
def test_opening_that_cannot_be_is_refused_at_its_field(
    manager: Client, cafe: Cafe, opens: str, closes: str, sentence: str
) -> None:
    body = {"weekday": "2", "opens": opens, "closes": closes, **split("since", timezone.localdate())}

    response = manager.post(address(cafe, "openings/new/"), body)

    assert "There is a problem" in response.text
    assert sentence in response.text
    assert f'value="{closes}"' in response.text


def test_opening_changed_ends_the_old_and_begins_the_new(manager: Client, cafe: Cafe) -> None:
    today = timezone.localdate()
    with acting_for(cafe.provider):
        pattern = OpeningPattern.objects.get()
    body = {"weekday": "3", "opens": "midday", "closes": "2.30pm", **split("since", today)}

    page = manager.post(address(cafe, f"openings/{pattern.id}/"), body, follow=True)

    assert "Wednesday, midday to 2:30pm" in page.text
    assert "Tuesday" not in page.text
    with acting_for(cafe.provider):
        assert OpeningPattern.objects.get(id=pattern.id).until == today - timedelta(days=1)


def test_session_cancelled_and_brought_back_shows_in_the_calendar(manager: Client, officer: Client, cafe: Cafe) -> None:
    session = next_planned(cafe)
    where = address(cafe, f"sessions/{session.id}/")

    without_reason = manager.post(f"{where}cancel/", {})
    cancelled = manager.post(f"{where}cancel/", {"reason": "weather"}, follow=True)
    seen = officer.get(address(cafe, "calendar/"))
    restored = manager.post(f"{where}restore/", follow=True)

    assert "Select why the session is cancelled" in without_reason.text
    assert "The session is cancelled" in cancelled.text
    assert "Weather" in seen.text
    assert "Undo the cancellation" not in seen.text
    assert "The session takes place after all" in restored.text


def test_session_added_closed_day_and_other_times_show_in_the_calendar(manager: Client, cafe: Cafe) -> None:
    session = next_planned(cafe)
    day = session.held_on + timedelta(weeks=1)
    with acting_for(cafe.provider):
        pattern = OpeningPattern.objects.get()

    added = manager.post(
        address(cafe, "sessions/new/"),
        {**split("day", session.held_on), "opens": "10am", "closes": "11am"},
        follow=True,
    )
    times = {"pattern": str(pattern.id), "opens": "1pm", "closes": "3pm", **split("day", day)}
    changed = manager.post(address(cafe, "days/times/"), times, follow=True)
    closed = manager.post(address(cafe, "days/close/"), split("day", session.held_on + timedelta(weeks=2)), follow=True)

    assert "10am to 11am" in added.text
    assert "Other times: 1pm to 3pm" in changed.text
    assert "Closed all day" in closed.text


def test_bank_holiday_that_closes_the_cafe_is_said_in_its_calendar(
    manager: Client, cafe: Cafe, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = next_planned(cafe).held_on
    monkeypatch.setattr("cafes.presenters.cafes.bank_holiday_on", lambda one: "A holiday" if one == day else "")

    closed = manager.get(address(cafe, "calendar/"))
    with acting_for(cafe.provider):
        Cafe.objects.update(bank_holidays=Cafe.BankHolidays.AS_USUAL)
    usual = manager.get(address(cafe, "calendar/"))

    assert "Bank holiday" in closed.text
    assert "Bank holiday" not in usual.text


def test_lead_of_one_cafe_plans_that_one_only(provider: Provider, cafe: Cafe) -> None:
    other = make_open_cafe(provider=provider)
    lead = signed_in(make_membership(provider=provider, role=Role.CAFE_LEAD, cafe_ids=[cafe.id]).user)

    statuses = [lead.get(address(one, "sessions/new/")).status_code for one in (cafe, other)]

    assert statuses == [200, 404]
    assert "Add a session" not in lead.get(address(other, "calendar/")).text
    assert "Add a weekly opening" in lead.get(address(cafe)).text


def test_worker_sees_the_calendar_and_changes_nothing(provider: Provider, cafe: Cafe) -> None:
    worker = signed_in(make_membership(provider=provider, role=Role.CAFE_WORKER).user)

    page = worker.get(address(cafe, "calendar/"))

    assert "5pm to 9pm" in page.text
    assert "What you can do" not in page.text
    assert worker.get(address(cafe, "sessions/new/")).status_code == 403


def test_move_and_history_are_shown_on_the_cafes_page(manager: Client, cafe: Cafe) -> None:
    ahead = timezone.localdate() + timedelta(days=40)

    manager.post(address(cafe, "pause/"), {**split("since", ahead), "reason": "The roof is mended"})
    page = manager.get(address(cafe))
    called_off = manager.post(address(cafe, "call-off/"), follow=True)

    assert "Paused from" in page.text
    assert "The roof is mended" in page.text
    assert "Call off the change ahead" in page.text
    assert "was called off" in called_off.text
    assert "Paused from" not in called_off.text


def test_address_with_a_bad_postcode_keeps_what_was_typed(manager: Client, cafe: Cafe) -> None:
    typed = {
        "building": "Mill",
        "street": "Mill Lane",
        "town": "Oadby",
        "postcode": "LE4",
        **split("since", timezone.localdate()),
    }

    refused = manager.post(address(cafe, "address/"), typed)
    saved = manager.post(address(cafe, "address/"), {**typed, "postcode": "le25hh"}, follow=True)

    assert "Enter a full UK postcode" in refused.text
    assert 'value="Mill Lane"' in refused.text
    assert "Mill, Mill Lane, Oadby LE2 5HH" in saved.text


def test_times_of_day_are_read_as_people_write_them(manager: Client, cafe: Cafe) -> None:
    body = {"weekday": "4", "opens": "5.30 PM", "closes": "21:00", **split("since", timezone.localdate())}

    manager.post(address(cafe, "openings/new/"), body)

    with acting_for(cafe.provider):
        assert OpeningPattern.objects.filter(weekday=4).values_list("opens", "closes").get() == (time(17, 30), time(21))

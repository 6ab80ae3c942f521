"""The pages of months."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.roles import Role
from reports.models import MonthLock
from tests.factories import make_open_session, make_provider, make_session, make_visit, make_visitor
from tests.factories.scoped import acting_for
from tests.integration.reports.locking import lock
from tests.integration.reports.reading import API, PAGE, items, rows_of_file, tables
from tests.integration.reports.world import APRIL, World, as_lead, as_manager, as_trust, make_world, refresh, visit

pytestmark = pytest.mark.django_db
LIST = "/months/"


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def month_page(provider: Any, month: str = "2024-04") -> str:
    return f"{LIST}{provider.id}/{month}/"


def send(client: Client, provider: Any, month: str = "2024-04", **body: Any) -> Any:
    return client.post(f"{month_page(provider, month)}lock/", body, follow=True)


def text(response: Any) -> str:
    assert response.status_code == 200
    return str(response.content.decode())


def test_manager_signs_and_the_month_is_locked(world: World) -> None:
    client = as_manager(world.mine)
    assert "It cannot be unlocked" in text(client.get(month_page(world.mine)))

    after = text(send(client, world.mine, not_held="0", signed="on"))

    assert "April 2024 is locked." in after
    assert "What was first published still stands" in after
    assert "Lock April 2024" not in after
    with acting_for(world.mine):
        assert MonthLock.objects.get().locked_as == "provider"


def test_manager_who_does_not_sign_is_asked_again(world: World) -> None:
    answer = text(send(as_manager(world.mine), world.mine, not_held="0"))

    assert "Tick the box to sign" in answer
    with acting_for(world.mine):
        assert not MonthLock.objects.exists()


def test_month_that_changed_since_it_was_shown_is_shown_again(world: World) -> None:
    answer = text(send(as_manager(world.mine), world.mine, not_held="3", signed="on"))

    assert "changed while you were reading" in answer
    with acting_for(world.mine):
        assert not MonthLock.objects.exists()


def test_open_session_stands_in_the_way(world: World) -> None:
    make_open_session(provider=world.mine, cafe=world.hearth, held_on=APRIL)

    answer = text(as_manager(world.mine).get(month_page(world.mine)))

    assert "1 session is still open" in answer
    assert "3 April 2024, The Hearth: still open" in answer
    assert "It cannot be unlocked" not in answer


def test_change_of_a_locked_month_is_listed_with_its_reason(world: World) -> None:
    lock(world.mine, APRIL)
    visit(world.mine, world.hearth, date(2024, 4, 10), 2)

    answer = text(as_manager(world.mine).get(month_page(world.mine)))

    assert "Recorded while the session was open" in answer
    assert "+2" in answer


def test_trust_locks_what_a_provider_left(world: World) -> None:
    client = as_trust()

    after = text(send(client, world.mine, not_held="0", signed="on"))

    assert "The trust, after the deadline" in after
    assert "Adjustments" not in after


def test_trust_sees_who_has_locked_a_month(world: World) -> None:
    month = timezone.localdate().replace(day=1) - timedelta(days=1)
    for provider in (world.mine, world.theirs):
        make_session(provider=provider, held_on=month)
    lock_as = as_manager(world.mine)
    send(lock_as, world.mine, f"{month:%Y-%m}", not_held="0", signed="on")

    answer = text(as_trust().get(LIST))

    assert "Aegis Community Care" in answer
    assert "Beacon Trust" in answer
    assert answer.count("Nobody yet") == 1


@pytest.mark.parametrize("month", ["2024-Q1", "2024-25", "2024-13", "april", "2024-4"])
def test_what_is_no_month_is_not_found(world: World, month: str) -> None:
    assert as_manager(world.mine).get(month_page(world.mine, month)).status_code == 404


def test_another_providers_month_is_not_found(world: World) -> None:
    client = as_manager(world.mine)

    assert client.get(month_page(world.theirs)).status_code == 404
    assert client.post(f"{month_page(world.theirs)}lock/", {"not_held": "0", "signed": "on"}).status_code == 404


def test_unknown_provider_is_not_found_for_the_trust(world: World) -> None:
    assert as_trust().get(f"{LIST}{uuid.uuid4()}/2024-04/").status_code == 404


def test_provider_without_sessions_is_told_what_will_be_here() -> None:
    assert "No months yet" in text(as_manager(make_provider()).get(LIST))


def queries_of(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_list_of_months_takes_as_many_queries_for_many_as_for_few(world: World) -> None:
    client = as_manager(world.mine)
    lock(world.mine, APRIL)
    few = queries_of(client, LIST)

    lock(world.mine, date(2024, 5, 1), date(2024, 6, 1))
    make_session(provider=world.mine, held_on=date(2022, 4, 1))

    assert queries_of(client, LIST) == few


def test_trusts_list_takes_as_many_queries_for_many_providers_as_for_few(world: World) -> None:
    client, address = as_trust(), f"{LIST}?month={timezone.localdate() - timedelta(days=40):%Y-%m}"
    day = (timezone.localdate() - timedelta(days=40)).replace(day=2)
    make_session(provider=world.mine, held_on=day)
    few = queries_of(client, address)

    for _ in range(5):
        make_session(provider=make_provider(), held_on=day)

    assert queries_of(client, address) == few


def test_page_of_a_month_takes_as_many_queries_for_many_changes_as_for_few(world: World) -> None:
    client = as_manager(world.mine)
    lock(world.mine, APRIL)
    visit(world.mine, world.hearth, date(2024, 4, 10), 1)
    few = queries_of(client, month_page(world.mine))

    for day in range(11, 20):
        visit(world.mine, world.harbour, date(2024, 4, day), 2)

    assert queries_of(client, month_page(world.mine)) == few


def test_own_page_gives_what_was_first_published_and_what_is_known(world: World) -> None:
    lock(world.mine, APRIL)
    visit(world.mine, world.hearth, date(2024, 4, 10), 1)

    found = tables(as_manager(world.mine), period="2024-04")

    assert ["April 2024", "The Hearth", "Visits", "17", "18"] in found["adjusted"]


def test_file_and_api_give_what_was_first_published(world: World) -> None:
    lock(world.mine, APRIL)
    visit(world.mine, world.hearth, date(2024, 4, 10), 1)
    client = as_manager(world.mine)

    row = next(r for r in rows_of_file(client, period="2024-04", area="OWN") if r["measure"] == "visits")
    item = items(client, period="2024-04", area="OWN", measure="visits")[0]
    open_item = items(client, period="2024-05", area="OWN", measure="visits")[0]

    assert (row["value"], row["first_status"], row["first_value"]) == ("18", "exact", "17")
    assert item["value"] == {"status": "exact", "number": 18}
    assert item["first_published"] == {"status": "exact", "number": 17}
    assert open_item["first_published"] is None


def test_area_is_locked_when_every_provider_there_has_locked_it(world: World) -> None:
    lock(world.mine, APRIL)
    client = as_trust()
    before = items(client, period="2024-04", area="LEI01", measure="visits")[0]["first_published"]

    lock(world.theirs, APRIL)

    after = items(client, period="2024-04", area="LEI01", measure="visits")[0]["first_published"]
    assert (before, after) == (None, {"status": "rounded", "number": 25})


def everything_shown(client: Client) -> list[Any]:
    """All that pages, files and API show of months, quarters and years."""
    shown: list[Any] = []
    for period in ("2024-04", "2024-Q1", "2024-25"):
        for show in ("visits", "new", "reasons", "ethnic-group", "age", "gender"):
            area = {"area": "LEI01"}
            shown.append(
                client.get(PAGE, {"period": period, "show": show, **area})
                .content.split(b"<main")[1]
                .split(b"</main>")[0]
            )
            shown.append(rows_of_file(client, period=period, show=show, **area))
    return [*shown, client.get(API, {"page_size": 500}).json()]


@pytest.mark.parametrize("months", [[date(2024, 4, 1)], [date(2024, 4, 1), date(2024, 5, 1), date(2024, 6, 1)]])
@pytest.mark.parametrize("number", [1, 4])
def test_fewer_than_five_more_visits_in_a_locked_month_change_nothing_outside(
    world: World, months: list[date], number: int
) -> None:
    """17 visits and 1 more would be 20 instead of 15: one person's visit would be told."""
    lock(world.mine, *months)
    clients = [as_trust(), as_lead("LEI01"), as_trust(Role.REPRESENTATIVE)]
    before = [everything_shown(client) for client in clients]

    for _ in range(number):
        _one_more(world, people=1, is_new=True, ethnic_category="A", gender="female", age_band="18-24")

    assert [everything_shown(client) for client in clients] == before
    assert items(as_manager(world.mine), period="2024-04", cafe=str(world.hearth.id), measure="visits")[0]["value"] == {
        "status": "exact",
        "number": 17 + number,
    }


def _one_more(world: World, **fields: Any) -> None:
    """One more visit at the session that was: a further session is a fact about the café, and shown as it is."""
    people = fields.pop("people")
    with acting_for(world.mine):
        session = world.hearth.sessions.get(held_on=APRIL)
    visitor = make_visitor(provider=world.mine, cafe=world.hearth).id if people else None
    make_visit(provider=world.mine, session=session, visitor_id=visitor, **fields)
    refresh(world.mine, {world.hearth.id: [APRIL]})


def test_fifth_visit_in_a_locked_month_is_shown_outside_with_the_four_before_it(world: World) -> None:
    lock(world.mine, APRIL)
    client = as_trust()

    for _ in range(5):
        _one_more(world, people=0, gender="female")

    item = items(client, period="2024-04", cafe=str(world.hearth.id), measure="visits")[0]
    assert item["value"] == {"status": "rounded", "number": 20}
    assert item["first_published"] == {"status": "rounded", "number": 15}

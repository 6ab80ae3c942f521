"""What a tablet is told of its café, so that the café can open without a connection."""

from __future__ import annotations

import json
import uuid
from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.roles import Role
from cafes import tablet_choices
from cafes.models import Session, TabletRecord
from cafes.selectors import tablets
from cafes.services.tablet_settling import apply_again, set_aside
from cafes.services.tablets import revoke_tablet
from providers.models import Provider
from tests.factories import (
    make_cafe,
    make_membership,
    make_open_session,
    make_own_service,
    make_provider,
    make_session,
    make_shared_service,
    make_user,
)
from tests.factories.scoped import TESTS, acting_for
from tests.integration.cafes.tablets import enrolled, visit
from tests.support.tablet import SimulatedTablet

pytestmark = [pytest.mark.django_db, pytest.mark.database]
TODAY = "/api/v1/tablet/today"
PLANNED = Session.State.PLANNED


@pytest.fixture
def provider(db: None) -> Provider:
    return make_provider()


def ask(tablet: SimulatedTablet, query: dict[str, str] | None = None, **headers: str) -> Any:
    return Client().get(TODAY, query, headers={"Authorization": f"Tablet {tablet.enrolment['token']}", **headers})


def names(answer: Any, part: str) -> list[str]:
    return [each["name"] for each in answer.json()[part]]


def test_day_of_a_cafe_has_what_it_needs_to_open(provider: Provider) -> None:
    cafe = make_cafe(provider=provider)
    tablet, today = enrolled(provider, cafe), timezone.localdate()
    due = make_session(provider=provider, cafe=cafe, held_on=today, state=PLANNED, opens=time(18), closes=time(22))
    make_session(provider=provider, cafe=cafe, held_on=today + timedelta(days=3), state=PLANNED)
    make_session(provider=provider, cafe=cafe, held_on=today + timedelta(days=40), state=PLANNED)

    day = ask(tablet).json()

    assert day["cafe"] == {"id": str(cafe.id), "name": cafe.name, "provider_name": provider.name}
    assert [session["held_on"] for session in day["sessions"]] == [
        today.isoformat(),
        (today + timedelta(days=3)).isoformat(),
    ]
    assert day["sessions"][0] == {
        "id": str(due.id),
        "held_on": today.isoformat(),
        "opens": "18:00:00",
        "closes": "22:00:00",
        "state": "planned",
    }
    assert [each["number"] for each in day["urgent_help"]] == ["999", "0808 800 3302"]


def test_choices_are_those_of_the_app_and_of_the_pages(provider: Provider) -> None:
    choices = ask(enrolled(provider)).json()["choices"]

    assert choices.pop("version") == tablet_choices.version()
    assert choices == json.loads(tablet_choices.FILE.read_text(encoding="utf-8"))


def test_people_are_those_who_may_open_the_tablet_of_this_cafe_once_each(provider: Provider) -> None:
    cafe, elsewhere = make_cafe(provider=provider), make_cafe(provider=provider)
    today = timezone.localdate()
    lead, left = make_user(full_name="Ada Lead"), make_user(full_name="Eve Left")
    make_membership(provider=provider, user=lead, role=Role.CAFE_WORKER)
    make_membership(provider=provider, user=lead, role=Role.CAFE_LEAD, cafe_ids=[cafe.id])
    make_membership(provider=provider, user=make_user(full_name="Bob Manager"), role=Role.PROVIDER_MANAGER)
    make_membership(provider=provider, user=make_user(full_name="Cy Other"), cafe_ids=[elsewhere.id])
    make_membership(provider=provider, user=make_user(full_name="Di Finance"), role=Role.PROVIDER_FINANCE)
    make_membership(provider=provider, user=left, until=today - timedelta(days=1), since=today - timedelta(days=9))
    make_membership(provider=provider, user=make_user(full_name="Flo Shut", is_active=False))

    people = ask(enrolled(provider, cafe)).json()["people"]

    assert [(person["name"], person["is_lead"], person["is_manager"]) for person in people] == [
        ("Ada Lead", True, False),
        ("Bob Manager", False, True),
    ]
    assert people[0]["user_id"] == str(lead.id)


def test_services_are_the_current_ones_of_the_trust_and_of_the_provider(provider: Provider) -> None:
    make_own_service(provider=provider, name="Own debt advice")
    make_own_service(provider=provider, name="Ended", ended_on=timezone.localdate())
    make_own_service(provider=make_provider(), name="Somebody else’s")
    make_shared_service(name="Shared helpline")

    found = names(ask(enrolled(provider)), "services")

    assert "Own debt advice" in found
    assert "Shared helpline" in found
    assert not {"Ended", "Somebody else’s"} & set(found)


def test_services_of_a_day_are_bounded_by_kind_and_name(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tablets, "MOST_SERVICES", 2)
    for name in ("C", "A", "B"):
        make_own_service(provider=provider, name=name)

    assert names(ask(enrolled(provider)), "services") == ["A", "B"]


def test_visit_pointed_to_a_service_of_the_day_is_recorded_with_it(provider: Provider) -> None:
    cafe = make_cafe(provider=provider)
    session = make_open_session(provider=provider, cafe=cafe)
    service = make_own_service(provider=provider)
    tablet = enrolled(provider, cafe)
    tablet.record("visit", visit(session.id, signposted=[str(service.id)]))
    tablet.record("visit", visit(session.id, signposted=[str(uuid.uuid4())]))

    reasons = [result.get("reason") for result in tablet.sync()["results"]]

    assert reasons == [None, "Choose services from the directory"]


# What became of its records


def refused(provider: Provider) -> tuple[SimulatedTablet, Session, TabletRecord]:
    cafe = make_cafe(provider=provider)
    session = make_session(provider=provider, cafe=cafe, held_on=timezone.localdate(), state=PLANNED)
    tablet = enrolled(provider, cafe)
    tablet.record("visit", visit(session.id))
    tablet.sync()
    with acting_for(provider):
        return tablet, session, TabletRecord.objects.get()


def test_record_that_needs_a_person_is_named_with_what_is_wrong(provider: Provider) -> None:
    tablet, _, row = refused(provider)

    records = ask(tablet).json()["records"]

    assert records == [
        {"id": str(row.record_id), "hash": row.hash, "state": "attention", "reason": row.reason, "settled_at": None}
    ]
    assert row.reason


@pytest.mark.parametrize(
    ("how", "given", "state"), [(apply_again, {}, "applied"), (set_aside, {"because": "trial"}, "set_aside")]
)
def test_record_that_a_person_settled_is_told_until_the_tablet_knows(
    provider: Provider, how: Any, given: dict[str, str], state: str
) -> None:
    tablet, session, row = refused(provider)
    with acting_for(provider):
        Session.objects.filter(id=session.id).update(state="open", opened_at=timezone.now(), opened_by=str(TESTS))
        how(tablet_record_id=row.id, by=TESTS, now=timezone.now(), **given)

    first = ask(tablet).json()
    again = ask(tablet, {"since": first["settled_until"]}).json()
    later = ask(tablet, {"since": (timezone.now() + timedelta(minutes=1)).isoformat()}).json()

    assert [record["state"] for record in first["records"]] == [state]
    assert again["records"] == first["records"]
    assert later["records"] == []


def test_records_of_another_tablet_are_not_told(provider: Provider) -> None:
    refused(provider)

    assert ask(enrolled(provider)).json()["records"] == []


# The answer


def test_etag_saves_sending_what_is_known_already(provider: Provider) -> None:
    tablet = enrolled(provider)
    first = ask(tablet)

    again = ask(tablet, **{"If-None-Match": first["ETag"]})
    make_own_service(provider=provider)
    changed = ask(tablet, **{"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert (changed.status_code, first["Cache-Control"]) == (200, "no-store")


def test_day_is_closed_to_a_revoked_tablet_and_without_a_token(provider: Provider) -> None:
    tablet = enrolled(provider)
    with acting_for(provider):
        revoke_tablet(tablet_id=uuid.UUID(tablet.enrolment["device_id"]), by=TESTS, now=timezone.now())

    assert (ask(tablet).status_code, Client().get(TODAY).status_code) == (401, 401)


def test_cursor_that_is_none_is_refused_naming_the_field(provider: Provider) -> None:
    answer = ask(enrolled(provider), {"since": "yesterday"})

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "since")


def test_day_costs_as_many_queries_however_much_there_is(
    provider: Provider, django_assert_max_num_queries: Any
) -> None:
    cafe = make_cafe(provider=provider)
    tablet = enrolled(provider, cafe)
    with django_assert_max_num_queries(30) as few:
        ask(tablet)
    for number in range(5):
        make_membership(provider=provider)
        make_own_service(provider=provider)
        make_session(provider=provider, cafe=cafe, held_on=timezone.localdate(), state=PLANNED, opens=time(10 + number))

    with django_assert_max_num_queries(30) as many:
        ask(tablet)

    assert len(many) == len(few)

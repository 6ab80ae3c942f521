"""People of the provider's register on duty at a session, beside accounts and initials."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from cafes.models import Cafe, OnDuty, Session
from cafes.services.sessions import Duty, set_on_duty
from providers.models import Provider, StaffMember
from sutg.common.errors import NotFound
from tests.factories import make_cafe, make_membership, make_open_session, make_provider, make_staff_member
from tests.factories.scoped import TESTS, acting_for
from tests.integration.cafes.tablets import enrolled

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = timezone.localdate()


@pytest.fixture
def provider() -> Provider:
    return make_provider()


@pytest.fixture
def cafe(provider: Provider) -> Cafe:
    return make_cafe(provider=provider, name="The Hearth")


@pytest.fixture
def session(provider: Provider, cafe: Cafe) -> Session:
    return make_open_session(provider=provider, cafe=cafe)


@pytest.fixture
def worker(provider: Provider, cafe: Cafe) -> Client:
    client = Client()
    user_id = make_membership(provider=provider, role=Role.CAFE_WORKER, cafe_ids=[cafe.id]).user_id
    client.force_login(get_user_model().objects.get(id=user_id))
    return client


def at(name: str, session: Session) -> str:
    return reverse(f"cafes:{name}", args=[session.id])


def on_register(provider: Provider, **fields: Any) -> StaffMember:
    return make_staff_member(provider=provider, **fields)


def set_duty(provider: Provider, session: Session, *staff_ids: uuid.UUID) -> None:
    with acting_for(provider):
        set_on_duty(session_id=session.id, duty=Duty(staff_ids=frozenset(staff_ids)), by=TESTS, now=NOW)


def staff_on_duty(provider: Provider) -> set[uuid.UUID]:
    with acting_for(provider):
        return set(OnDuty.objects.filter(user=None, initials="").values_list("staff_member_id", flat=True))


def test_volunteer_without_an_account_is_ticked_and_shown_at_the_session(
    worker: Client, provider: Provider, session: Session
) -> None:
    joan = on_register(provider, name="Joan Marsh")
    assert "Joan Marsh" in worker.get(at("change_duty", session)).text

    page = worker.post(at("change_duty", session), {"people": [str(joan.id)], "initials": "wk"}, follow=True)

    assert "Joan Marsh" in page.text
    assert staff_on_duty(provider) == {joan.id}
    assert re.search(rf'value="{joan.id}"[^>]*\schecked', worker.get(at("change_duty", session)).text)


def test_choice_leaves_out_who_left_who_works_elsewhere_and_who_is_offered_by_account(
    worker: Client, provider: Provider, cafe: Cafe, session: Session
) -> None:
    past = TODAY - timedelta(days=3)
    on_register(provider, name="Left Lately", since=past, until=past)
    on_register(provider, name="Works Elsewhere", cafe_ids=[make_cafe(provider=provider).id])
    member = make_membership(provider=provider, role=Role.CAFE_LEAD, cafe_ids=[cafe.id])
    on_register(provider, name="Offered Twice", user=member.user)
    on_register(provider, name="Works Here", cafe_ids=[cafe.id])

    page = worker.get(at("change_duty", session)).text

    assert "Works Here" in page
    assert not [name for name in ("Left Lately", "Works Elsewhere", "Offered Twice") if name in page]


@pytest.mark.parametrize("who", ["another provider's", "nobody", "left"])
def test_duty_of_somebody_who_is_not_on_the_register_is_refused(provider: Provider, session: Session, who: str) -> None:
    past = TODAY - timedelta(days=3)
    staff_id = {
        "another provider's": lambda: on_register(make_provider()).id,
        "nobody": uuid.uuid4,
        "left": lambda: on_register(provider, since=past, until=past).id,
    }[who]()

    with pytest.raises(NotFound):
        set_duty(provider, session, staff_id)

    assert staff_on_duty(provider) == set()


def test_row_of_two_kinds_of_people_is_refused_by_the_database(provider: Provider, session: Session) -> None:
    joan = on_register(provider)

    with pytest.raises(IntegrityError, match="cafes_onduty_who"), acting_for(provider), transaction.atomic():
        OnDuty.objects.create(provider=provider, session_id=session.id, staff_member_id=joan.id, initials="JM")


def test_name_that_was_erased_since_is_not_invented(worker: Client, provider: Provider, session: Session) -> None:
    joan = on_register(provider, name="Joan Marsh")
    set_duty(provider, session, joan.id)
    with acting_for(provider):
        StaffMember.objects.filter(id=joan.id).update(name=None)

    page = worker.get(at("session", session))

    assert "Name erased" in page.text


def test_tablet_names_people_of_the_register_and_whoever_left_stops_nothing(
    provider: Provider, cafe: Cafe, session: Session
) -> None:
    tablet = enrolled(provider, cafe)
    past = TODAY - timedelta(days=3)
    here, gone = on_register(provider), on_register(provider, since=past, until=past)
    users = [str(here.id), str(gone.id)]
    tablet.record("on_duty", {"session": str(session.id), "users": users, "initials": ["WK"]})

    answer = tablet.sync()

    assert [result.get("reason") for result in answer["results"]] == [None]
    assert staff_on_duty(provider) == {here.id}


def test_pages_cost_as_many_queries_with_many_on_duty_as_with_one(
    worker: Client, provider: Provider, session: Session
) -> None:
    def cost() -> list[int]:
        found = []
        for name in ("session", "change_duty"):
            with CaptureQueriesContext(connection) as captured:
                assert worker.get(at(name, session)).status_code == 200
            found.append(len(captured))
        return found

    everybody = [on_register(provider).id]
    set_duty(provider, session, *everybody)
    few = cost()
    everybody += [on_register(provider).id for _ in range(5)]
    set_duty(provider, session, *everybody)

    assert cost() == few

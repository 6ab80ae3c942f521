"""A session's pages at a desk: who may see which, what is kept through errors, and what each costs."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from cafes.models import Cafe, OnDuty, Session, Visit, VisitRevision
from providers.models import Provider
from tests.factories import make_cafe, make_membership, make_open_session, make_provider, make_visit
from tests.factories.scoped import acting_for
from tests.integration.cafes.sessions import planned

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider() -> Provider:
    return make_provider()


@pytest.fixture
def cafe(provider: Provider) -> Cafe:
    return make_cafe(provider=provider, name="The Hearth")


@pytest.fixture
def session(provider: Provider, cafe: Cafe) -> Session:
    return make_open_session(provider=provider, cafe=cafe)


def signed_in(provider: Provider, role: Role, *cafes: Cafe) -> Client:
    client = Client()
    user_id = make_membership(provider=provider, role=role, cafe_ids=[cafe.id for cafe in cafes]).user_id
    client.force_login(get_user_model().objects.get(id=user_id))
    return client


@pytest.fixture
def worker(provider: Provider, cafe: Cafe) -> Client:
    return signed_in(provider, Role.CAFE_WORKER, cafe)


@pytest.fixture
def lead(provider: Provider, cafe: Cafe) -> Client:
    return signed_in(provider, Role.CAFE_LEAD, cafe)


def at(name: str, *args: Any) -> str:
    return reverse(f"cafes:{name}", args=args)


def a_visit(**fields: Any) -> dict[str, Any]:
    return {"client_uuid": str(uuid.uuid4()), "who": "anonymous", "reasons": ["stress"], **fields}


def visits_of(provider: Provider) -> list[Visit]:
    with acting_for(provider):
        return list(Visit.objects.order_by("recorded_at", "id"))


def test_planned_session_opened_leads_to_its_page_and_home_says_so(
    worker: Client, provider: Provider, cafe: Cafe
) -> None:
    waiting = planned(provider, cafe, timezone.localdate())
    assert "Open The Hearth" in worker.get("/").content.decode()

    answer = worker.post(at("open_session", waiting.id), {"initials": "WK, cr"})

    assert answer.url == at("session", waiting.id)
    with acting_for(provider):
        assert set(OnDuty.objects.values_list("initials", flat=True)) == {"WK", "CR"}
    assert "Record visits at The Hearth" in worker.get("/").content.decode()


def test_session_opened_with_nobody_on_duty_shows_why_and_opens_nothing(
    worker: Client, provider: Provider, cafe: Cafe
) -> None:
    waiting = planned(provider, cafe, timezone.localdate())

    page = worker.post(at("open_session", waiting.id), {"initials": ""})

    assert "Select who is on duty, or enter their initials" in page.content.decode()
    with acting_for(provider):
        waiting.refresh_from_db()
    assert waiting.state == Session.State.PLANNED


def test_cafe_of_ones_own_opened_unplanned_without_being_asked_which(worker: Client, cafe: Cafe) -> None:
    chosen = worker.get(at("choose_cafe"))

    opened = worker.post(chosen.url, {"initials": "WK"})

    assert chosen.url == at("open_now", cafe.id)
    assert "Record a visit" in worker.get(opened.url).content.decode()


def test_visit_posted_twice_is_recorded_once(worker: Client, provider: Provider, session: Session) -> None:
    typed = a_visit(who="code", code="blue heron", distress_before="10", support=["one_to_one"], minutes="20")

    answers = [worker.post(at("record_visit", session.id), typed) for _ in range(2)]

    assert {answer.url for answer in answers} == {at("session", session.id)}
    assert [(visit.distress_before, visit.is_new) for visit in visits_of(provider)] == [(10, True)]
    page = worker.get(at("session", session.id)).content.decode()
    assert "Return code, new" in page
    assert "heron" not in page


def test_visit_with_a_fault_keeps_everything_typed(worker: Client, provider: Provider, session: Session) -> None:
    typed = a_visit(who="code", code="A1", distress_before="7", ethnic_group="A2", support=["one_to_one"], minutes="x")

    page = worker.post(at("record_visit", session.id), typed).content.decode()
    typed["minutes"] = "20"
    again = worker.post(at("record_visit", session.id), typed).content.decode()

    assert "Minutes must be a whole number" in page
    assert "Choose a code of at least 4 letters or numbers" in again
    for kept in ('value="A1"', 'value="20"', typed["client_uuid"], 'value="A2" selected'):
        assert kept in again, kept
    assert visits_of(provider) == []


def test_return_code_looked_up_says_when_it_was_asked_and_keeps_what_was_typed(
    worker: Client, provider: Provider, session: Session
) -> None:
    typed = a_visit(who="code", code="blue heron", ethnic_group="A2")
    look_up = {**typed, "look_up": "1", "distress_before": "4"}
    unknown = worker.post(at("record_visit", session.id), look_up).content.decode()
    worker.post(at("record_visit", session.id), typed)

    known = worker.post(at("record_visit", session.id), look_up).content.decode()

    today = timezone.localdate()
    assert "has not been used here before" in unknown
    assert f"Asked about themselves on {today.day} {today:%B %Y}" in known
    assert "blue heron" in known
    assert len(visits_of(provider)) == 1


def test_name_that_is_known_asks_whether_it_is_the_same_person(
    worker: Client, provider: Provider, session: Session
) -> None:
    typed = a_visit(who="named", name="Ada Lovelace", contact="0116 496 0123")
    worker.post(at("record_visit", session.id), typed)
    second = {**a_visit(who="named", name="ada  lovelace")}

    asked = worker.post(at("record_visit", session.id), second).content.decode()
    first = visits_of(provider)[0]
    worker.post(at("record_visit", session.id), {**second, "same_person": str(first.visitor_id)})
    other = {**a_visit(who="named", name="Ada Lovelace"), "same_person": "new"}
    worker.post(at("record_visit", session.id), other)

    assert "Select whether it is the same person" in asked
    assert "contact ends in 123" in asked
    ids = [visit.visitor_id for visit in visits_of(provider)]
    assert ids[0] == ids[1] != ids[2]
    assert "Ada" not in worker.get(at("session", session.id)).content.decode()


def test_second_editor_sees_the_difference_and_chooses(worker: Client, provider: Provider, session: Session) -> None:
    worker.post(at("record_visit", session.id), a_visit())
    visit = visits_of(provider)[0]
    page = at("visit", session.id, visit.id)
    worker.post(page, {"who": "keep", "version": "1", "distress_after": "3", "reasons": ["stress"]})

    mine = {"who": "keep", "version": "1", "distress_after": "9", "reasons": ["stress"]}
    shown = worker.post(page, mine).content.decode()
    worker.post(page, {**mine, "version": "2"})

    assert "Somebody else saved this while you were editing" in shown
    assert "They saved" in shown
    assert 'name="version" value="2"' in shown
    assert visits_of(provider)[0].distress_after == 9
    with acting_for(provider):
        assert VisitRevision.objects.count() == 2


def test_lead_closes_with_the_count_and_corrects_with_a_reason(
    lead: Client, worker: Client, provider: Provider, session: Session
) -> None:
    worker.post(at("record_visit", session.id), a_visit())
    visit = visits_of(provider)[0]
    counted = {"door_tally": "3", "signed": "on"}

    unexplained = lead.post(at("close_session", session.id), counted).content.decode()
    lead.post(at("close_session", session.id), {**counted, "tally_reason": "unrecorded"})
    page = lead.get(at("session", session.id)).content.decode()
    denied = worker.get(at("visit", session.id, visit.id))
    withdrawn = lead.post(at("withdraw_visit", session.id, visit.id), {"version": "1", "reason": "duplicate"})

    assert "Select why the count at the door and the records differ" in unexplained
    assert "3 counted at the door: people came who were not recorded one by one" in page
    assert withdrawn.url == denied.url == at("session", session.id)
    with acting_for(provider):
        session.refresh_from_db()
    assert session.unrecorded_visits == 3


def test_session_left_open_is_on_the_leads_home_page_and_not_on_the_workers(
    lead: Client, worker: Client, provider: Provider, cafe: Cafe
) -> None:
    day = timezone.localdate() - timedelta(days=3)
    old = make_open_session(provider=provider, cafe=cafe, held_on=day)

    assert "Left open" in lead.get("/").content.decode()
    assert "Left open" in lead.get(at("sessions_held")).content.decode()
    assert "Left open" not in worker.get("/").content.decode()
    assert worker.get(at("session", old.id)).status_code == 404
    assert lead.get(at("session", old.id)).status_code == 200


@pytest.mark.parametrize(
    "name", ["session", "open_session", "change_duty", "record_visit", "close_session", "visit", "withdraw_visit"]
)
def test_another_cafe_of_the_same_provider_is_not_found(
    worker: Client, lead: Client, provider: Provider, name: str
) -> None:
    elsewhere = make_open_session(provider=provider)
    visit = make_visit(provider=provider, session=elsewhere)
    address = at(name, *([elsewhere.id, visit.id] if "visit" in name and name != "record_visit" else [elsewhere.id]))

    statuses = {lead.get(address).status_code, lead.post(address, {}).status_code}
    if name != "close_session":
        statuses |= {worker.get(address).status_code, worker.post(address, {}).status_code}

    assert statuses - {405} == {404}
    assert worker.get(at("open_now", elsewhere.cafe_id)).status_code == 404


@pytest.mark.parametrize(("name", "most"), [("sessions", 30), ("session", 30), ("sessions_held", 30)])
def test_page_costs_the_same_however_many_rows_it_has(
    lead: Client,
    provider: Provider,
    cafe: Cafe,
    session: Session,
    name: str,
    most: int,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    address = at(name, session.id) if name == "session" else at(name)
    costs = []

    for _ in range(2):
        with django_assert_max_num_queries(most) as queries:
            assert lead.get(address).status_code == 200
        costs.append(len(queries))
        for _ in range(5):
            make_visit(provider=provider, session=session)
            make_open_session(provider=provider, cafe=cafe)

    assert costs[0] == costs[1]

"""The pages of those who keep tablets: how each is, the code that sets it up, and what could not be applied."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from html import unescape

import pytest
import segno
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.roles import Role
from cafes.models import Cafe, Tablet, TabletRecord
from cafes.presenters.tablets import in_ranges
from cafes.services.tablet_recovery import keep_share
from providers.models import Provider
from sutg.audit.models import ProviderEvent
from tests.factories import make_cafe, make_membership, make_provider
from tests.factories.scoped import TESTS, acting_for
from tests.factories.tablets import make_tablet, make_tablet_record
from tests.integration.cafes.tablets import ENROL, enrolled, opening, records, visit
from tests.integration.cafes.test_return_pages import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def provider() -> Provider:
    return make_provider()


@pytest.fixture
def cafe(provider: Provider) -> Cafe:
    return make_cafe(provider=provider, name="The Hearth")


@pytest.fixture
def manager(provider: Provider) -> Client:
    return signed_in(make_membership(provider=provider, role=Role.PROVIDER_MANAGER).user)


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, response.status_code
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def code_in(html: str) -> str:
    found = re.search(r'app-id">([\w-]{100,})<', html)
    assert found
    return found.group(1)


def enrol(code: str) -> int:
    return Client().post(ENROL, {"link": code}, content_type="application/json").status_code


def test_list_without_tablets_says_what_to_do(manager: Client) -> None:
    assert "No tablets yet" in page(manager, "/tablets/")


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"held": 0}, "In order"),
        ({"held": 2, "oldest_held_at": 23}, "In order"),
        ({"held": 2, "oldest_held_at": 25}, "Not sent for 25 hours"),
        ({"held": 2, "oldest_held_at": 73}, "Not sent for 3 days"),
        ({"held": 2, "last_seen_at": 30}, "Not sent for 30 hours"),
        ({"missing": [4, 5, 6, 9]}, "4 records missing"),
        ({"is_persistent": False}, "May lose its records"),
        ({"enrolled_at": None, "token_digest": "", "secrets": None}, "Not set up yet"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_list_says_how_each_tablet_is(manager: Client, provider: Provider, facts: dict[str, object], said: str) -> None:
    now = timezone.now()
    times = {"oldest_held_at", "last_seen_at"}
    given = {name: now - timedelta(hours=value) if name in times else value for name, value in facts.items()}  # type: ignore[arg-type]
    make_tablet(provider=provider, **given)

    assert said in page(manager, "/tablets/")


def test_list_colours_a_day_amber_and_three_days_red(manager: Client, provider: Provider) -> None:
    for hours in (25, 80):
        make_tablet(provider=provider, held=1, oldest_held_at=timezone.now() - timedelta(hours=hours))

    html = manager.get("/tablets/").content.decode()

    assert re.search(r"nhsuk-tag--orange\W+Not sent for 25 hours", html)
    assert re.search(r"nhsuk-tag--red\W+Not sent for 3 days", html)


def test_list_costs_as_many_queries_with_one_tablet_as_with_ten(
    provider: Provider, manager: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_tablet_record(provider=provider)
    page(manager, "/tablets/")
    with CaptureQueriesContext(connection) as few:
        page(manager, "/tablets/")
    for _ in range(9):
        make_tablet_record(provider=provider)

    with django_assert_num_queries(len(few)):
        page(manager, "/tablets/")


def test_code_that_is_shown_enrols_once_and_is_in_the_drawn_address(manager: Client, cafe: Cafe) -> None:
    response = manager.post("/tablets/new/", {"cafe": str(cafe.id), "name": "Front desk"})

    html = response.content.decode()
    code = code_in(html)
    assert response.headers["Cache-Control"] == "no-store"
    drawn = segno.make(f"http://testserver/tablet/#{code}", error="m")
    assert re.findall(r' d="(.+?)"', html)[-1] in drawn.svg_inline(scale=4, omitsize=True)
    assert "style=" not in html
    assert [enrol(code), enrol(code)] == [200, 422]
    assert "Front desk" in page(manager, "/tablets/")


def test_another_code_takes_the_place_of_the_first(manager: Client, provider: Provider, cafe: Cafe) -> None:
    first = code_in(manager.post("/tablets/new/", {"cafe": str(cafe.id), "name": "Desk"}).content.decode())
    with acting_for(provider):
        tablet = Tablet.objects.get()

    second = code_in(manager.post(f"/tablets/{tablet.id}/code/").content.decode())

    assert [enrol(first), enrol(second)] == [422, 200]


def test_second_tablet_of_a_name_is_refused_and_what_was_typed_stays(
    manager: Client, provider: Provider, cafe: Cafe
) -> None:
    make_tablet(provider=provider, cafe=cafe, name="Front desk")

    html = manager.post("/tablets/new/", {"cafe": str(cafe.id), "name": "Front desk"}).content.decode()

    assert "There is a problem" in html
    assert "This café has a tablet of that name" in html
    assert 'value="Front desk"' in html


def test_access_ended_shuts_the_tablet_out_at_once_and_deletes_nothing(
    manager: Client, provider: Provider, cafe: Cafe
) -> None:
    tablet = enrolled(provider, cafe)
    tablet.record("visit", visit(uuid.uuid4()))
    tablet.sync()
    address = f"/tablets/{tablet.enrolment['device_id']}/"

    assert "Nothing on the tablet is deleted" in page(manager, f"{address}end/")
    manager.post(f"{address}end/")

    assert tablet.post().status_code == 401
    assert len(records(provider)) == 1
    assert "Access ended" in page(manager, address)
    assert manager.get(f"{address}end/").status_code == 302


def test_page_names_missing_numbers_and_records_to_look_at(manager: Client, provider: Provider) -> None:
    tablet = make_tablet(provider=provider, missing=[2, 5, 6, 7], last_number=9)
    make_tablet_record(provider=provider, tablet=tablet, number=8)

    text = page(manager, f"/tablets/{tablet.id}/")

    assert "number 2 and 5 to 7" in text
    assert "Number 8: a visit This session is planned." in text.replace("What is wrong ", "")


def test_page_costs_as_many_queries_with_one_record_as_with_ten(
    provider: Provider, manager: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    tablet = make_tablet(provider=provider)
    make_tablet_record(provider=provider, tablet=tablet)
    page(manager, f"/tablets/{tablet.id}/")
    with CaptureQueriesContext(connection) as few:
        page(manager, f"/tablets/{tablet.id}/")
    for number in range(9):
        make_tablet_record(provider=provider, tablet=tablet, number=number + 2)

    with django_assert_num_queries(len(few)):
        page(manager, f"/tablets/{tablet.id}/")


def two_contents(provider: Provider, cafe: Cafe) -> TabletRecord:
    tablet = enrolled(provider, cafe)
    session, client_uuid = opening(tablet), uuid.uuid4()
    for distress in (7, 3):
        facts = visit(session, distress_before=distress, who={"kind": "code", "code": "blue heron"})
        tablet.record("visit", facts, record_id=client_uuid)
    tablet.sync()
    return records(provider)[-1]


def test_two_contents_are_compared_without_code_or_name_and_one_is_let_stand(
    manager: Client, provider: Provider, cafe: Cafe
) -> None:
    row = two_contents(provider, cafe)
    address = f"/tablets/records/{row.id}/"

    text = page(manager, address)
    manager.post(f"{address}stands/", {"version": "1"})

    assert "Distress on arrival 7 3" in text
    assert "heron" not in text
    assert [row.state for row in records(provider)] == ["applied"] * 3
    with acting_for(provider):
        assert ProviderEvent.objects.filter(name="record_read", subject=row.id).exists()


def test_record_with_another_version_sent_is_not_let_stand(manager: Client, provider: Provider, cafe: Cafe) -> None:
    row = two_contents(provider, cafe)

    answer = manager.post(f"/tablets/records/{row.id}/stands/", {"version": "nine"}, follow=True)

    assert "Somebody else changed this visit" in answer.content.decode()
    assert records(provider)[-1].state == "attention"


def test_record_tried_in_vain_says_what_is_in_its_way(manager: Client, provider: Provider) -> None:
    row = make_tablet_record(provider=provider)

    answer = manager.post(f"/tablets/records/{row.id}/again/", follow=True)

    assert "It could not be done." in answer.content.decode()


def test_record_set_aside_needs_a_reason_and_shows_it_afterwards(manager: Client, provider: Provider) -> None:
    row = make_tablet_record(provider=provider)
    address = f"/tablets/records/{row.id}/"

    refused = manager.post(f"{address}aside/", {}).content.decode()
    manager.post(f"{address}aside/", {"because": "trial"})

    assert "Select why it counts nowhere" in refused
    assert "Somebody was trying the tablet out" in page(manager, address)
    assert "Somebody was trying the tablet out" in page(manager, f"/tablets/{row.tablet_id}/")


def test_record_set_aside_is_taken_up_again_once(manager: Client, provider: Provider) -> None:
    row = make_tablet_record(provider=provider, state="set_aside", set_aside_because="trial")
    address = f"/tablets/records/{row.id}/"

    first = manager.post(f"{address}take-up/", follow=True).content.decode()
    second = manager.post(f"{address}take-up/", follow=True).content.decode()

    assert "The record needs a decision again." in first
    assert "This record is not set aside." in second


def test_new_pin_is_allowed_to_the_person_chosen_and_is_recorded(
    manager: Client, provider: Provider, cafe: Cafe
) -> None:
    worker: User = make_membership(provider=provider, cafe_ids=[cafe.id]).user
    tablet = make_tablet(provider=provider, cafe=cafe)
    address = f"/tablets/{tablet.id}/"
    refused = manager.post(f"{address}new-pin/", {"person": str(worker.id)}).content.decode()
    with acting_for(provider):
        keep_share(tablet_id=tablet.id, share=b"1" * 60, by=TESTS, now=timezone.now())

    manager.post(f"{address}new-pin/", {"person": str(worker.id)})

    assert "has not sent what a new PIN needs" in refused
    assert f"{worker.full_name} may set a new PIN" in page(manager, address)
    with acting_for(provider):
        event = ProviderEvent.objects.get(name="tablet_pin_allowed")
    assert (event.subject, event.detail) == (tablet.id, {"person": str(worker.id)})


def test_lead_of_one_cafe_finds_its_tablets_alone(provider: Provider, cafe: Cafe) -> None:
    lead = signed_in(make_membership(provider=provider, role=Role.CAFE_LEAD, cafe_ids=[cafe.id]).user)
    own = make_tablet_record(provider=provider, tablet=make_tablet(provider=provider, cafe=cafe, name="Ours"))
    other = make_tablet_record(provider=provider, tablet=make_tablet(provider=provider, name="Theirs"))

    text = page(lead, "/tablets/")

    assert ("Ours" in text, "Theirs" in text) == (True, False)
    assert lead.get(f"/tablets/records/{own.id}/").status_code == 200
    for address in (f"/tablets/{other.tablet_id}/", f"/tablets/records/{other.id}/"):
        assert lead.get(address).status_code == 404
    assert lead.post(f"/tablets/{other.tablet_id}/code/").status_code == 404


def test_start_page_names_tablets_that_press_and_no_others(manager: Client, provider: Provider) -> None:
    make_tablet(provider=provider, name="Quiet")
    make_tablet(provider=provider, name="Full", held=3, oldest_held_at=timezone.now() - timedelta(hours=80))

    text = page(manager, "/")

    assert "Tablet “Full”" in text
    assert "Not sent for 3 days" in text
    assert "Quiet" not in text


@pytest.mark.parametrize(
    ("numbers", "words"), [([3], "3"), ([1, 2], "1 to 2"), ([9, 3, 5, 4], "3 to 5 and 9"), ([1, 3, 5], "1, 3 and 5")]
)
def test_numbers_are_written_in_ranges(numbers: list[int], words: str) -> None:
    assert in_ranges(numbers) == words

"""Who may do what, and ending it: the manager's and the administrator's pages."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.hats import hats_of
from accounts.models import User
from accounts.roles import Role
from accounts.services.api_clients import create_api_client
from cafes.selectors.tablets import people_who_open
from providers.models import Membership, Provider, StaffMember
from providers.services.providers import grant_membership
from sutg.audit.models import ProviderEvent, TrustEvent
from sutg.tenancy.scope import Actor
from tests.factories import (
    make_appointment,
    make_cafe,
    make_lead,
    make_membership,
    make_provider,
    make_staff_member,
    make_tablet,
    make_user,
)
from tests.factories.scoped import TESTS, acting_for, acting_for_trust
from tests.integration.cafes.test_return_pages import signed_in

pytestmark = pytest.mark.django_db
LIST, EVERYBODY = "/people/access/", "/people/everybody/"


@pytest.fixture
def provider() -> Provider:
    return make_provider(name="Hearth Trust")


@pytest.fixture
def meena(provider: Provider) -> User:
    return make_membership(provider=provider, user=make_user(full_name="Meena Solanki")).user


@pytest.fixture
def manager(meena: User) -> Client:
    return signed_in(meena)


@pytest.fixture
def rose(provider: Provider) -> Membership:
    """A café lead of one café."""
    cafe = make_cafe(provider=provider, name="The Hearth")
    user = make_user(full_name="Rose Ahmed", email="rose@example.org")
    return make_membership(provider=provider, user=user, role=Role.CAFE_LEAD, cafe_ids=[cafe.id])


@pytest.fixture
def administrator() -> Client:
    return signed_in(make_appointment(role=Role.SERVICE_ADMINISTRATOR, user=make_user(full_name="Dev Mistry")).user)


def page_of(client: Client, path: str) -> str:
    return " ".join(client.get(path).content.decode().split())


def reasons(provider: Provider, name: str) -> list[str]:
    with acting_for(provider):
        return [event.detail["reason"] for event in ProviderEvent.objects.filter(name=name)]


def test_list_shows_who_has_which_role_and_whose_access_is_over(manager: Client, provider: Provider) -> None:
    rose = make_membership(provider=provider, user=make_user(full_name="Rose Ahmed"), role=Role.PROVIDER_FINANCE)
    yesterday = timezone.localdate() - timedelta(days=1)
    old = make_user(full_name="Old Hand")
    make_membership(provider=provider, user=old, role=Role.CAFE_LEAD, since=yesterday, until=yesterday)
    make_membership(provider=make_provider(), user=make_user(full_name="A Stranger"))

    page = page_of(manager, LIST)

    here, gone = page.split("Whose access is over")
    assert "Provider finance" in here
    assert f"{LIST}{rose.id}/" in here
    assert "Old Hand" in gone
    assert "Old Hand" not in here
    assert "A Stranger" not in page


def test_page_of_a_person_says_in_sentences_what_each_role_lets_them_do(
    manager: Client, provider: Provider, meena: User
) -> None:
    user = make_user(full_name="Rose Ahmed")
    with acting_for(provider):
        given = grant_membership(
            provider=provider,
            user=user,
            role=Role.PROVIDER_FINANCE,
            since=timezone.localdate(),
            by=Actor.user(meena.id),
        )

    page = page_of(manager, f"{LIST}{given.id}/")

    assert "until further notice" in page
    assert "read the documents of their own organisation" in page
    assert "Meena Solanki gave a person a role in an organisation: provider finance." in page


def test_role_that_is_ended_closes_what_it_opened_and_keeps_the_reason(
    manager: Client, provider: Provider, rose: Membership
) -> None:
    browser = signed_in(rose.user)
    assert browser.get("/organisation/").status_code == 200

    response = manager.post(f"{LIST}{rose.id}/end/", {"reason": "concern"}, follow=True)

    assert response.redirect_chain == [(f"{LIST}{rose.id}/", 302)]
    assert "There is a concern about how it was used." in " ".join(response.content.decode().split())
    assert reasons(provider, "membership_ended") == ["concern"]
    assert browser.get("/organisation/").status_code == 403


def test_person_whose_role_ended_is_no_longer_among_those_who_open_the_tablet(
    manager: Client, provider: Provider, rose: Membership
) -> None:
    def names() -> list[str]:
        with acting_for(provider):
            return [person.name for person in people_who_open(rose.cafe_ids[0], timezone.now())]

    assert names() == ["Meena Solanki", "Rose Ahmed"]

    manager.post(f"{LIST}{rose.id}/end/", {"reason": "left"})

    assert names() == ["Meena Solanki"]


def test_page_that_asks_says_what_will_end_before_anything_does(
    manager: Client, provider: Provider, rose: Membership
) -> None:
    page = page_of(manager, f"{LIST}{rose.id}/end/")

    assert "Rose Ahmed is no longer café lead, The Hearth, from the moment you confirm." in page
    assert "They are signed out of Hearth Trust everywhere" in page
    assert "Their name and PIN go from the tablets" in page
    with acting_for(provider):
        assert Membership.objects.get(id=rose.id).ended_at is None


def test_ending_without_a_reason_is_refused_and_ends_nothing(
    manager: Client, provider: Provider, rose: Membership
) -> None:
    response = manager.post(f"{LIST}{rose.id}/end/", {})

    assert "Select why this ends" in response.content.decode()
    with acting_for(provider):
        assert Membership.objects.get(id=rose.id).ended_at is None


def test_role_that_a_colleague_ended_meanwhile_is_told_and_left(
    manager: Client, provider: Provider, rose: Membership
) -> None:
    manager.post(f"{LIST}{rose.id}/end/", {"reason": "left"})

    response = manager.post(f"{LIST}{rose.id}/end/", {"reason": "mistake"}, follow=True)

    assert "Somebody has ended this already" in response.content.decode()
    assert reasons(provider, "membership_ended") == ["left"]


@pytest.mark.parametrize("act", ["end", "leave"])
def test_last_manager_is_told_why_and_what_to_do(manager: Client, provider: Provider, meena: User, act: str) -> None:
    with acting_for(provider):
        own = Membership.objects.get(user=meena)

    page = page_of(manager, f"{LIST}{own.id}/{act}/")
    sent = manager.post(f"{LIST}{own.id}/{act}/", {"reason": "left"})

    assert "without one nobody could invite people" in page
    assert 'href="/people/invitations/new/"' in page
    assert "<form method" not in page.split("<main")[1].split("</main>")[0]
    assert sent.status_code == 200
    with acting_for(provider):
        assert Membership.objects.get(id=own.id).ended_at is None


def test_manager_who_ends_their_own_role_is_led_home(manager: Client, provider: Provider, meena: User) -> None:
    make_membership(provider=provider)
    with acting_for(provider):
        own = Membership.objects.get(user=meena)

    response = manager.post(f"{LIST}{own.id}/end/", {"reason": "left"})

    assert (response.status_code, response["Location"]) == (302, "/")


def test_person_who_leaves_the_organisation_has_a_last_day_on_the_register(
    manager: Client, provider: Provider, rose: Membership
) -> None:
    make_membership(provider=provider, user=rose.user, role=Role.PROVIDER_FINANCE)
    entry = make_staff_member(provider=provider, user=rose.user)

    page = page_of(manager, f"{LIST}{rose.id}/leave/")
    manager.post(f"{LIST}{rose.id}/leave/", {"reason": "left"})

    assert "provider finance and café lead" in page or "café lead and provider finance" in page
    with acting_for(provider):
        assert StaffMember.objects.get(id=entry.id).until == timezone.localdate()
        assert not Membership.objects.standing().filter(user=rose.user).exists()


def test_role_of_another_provider_is_not_found(manager: Client) -> None:
    other = make_membership(provider=make_provider())

    statuses = {manager.post(f"{LIST}{other.id}/{act}/", {"reason": "left"}).status_code for act in ("end", "leave")}

    assert statuses | {manager.get(f"{LIST}{other.id}/").status_code} == {404}


@pytest.mark.parametrize("role", [Role.CAFE_WORKER, Role.CAFE_LEAD, Role.PROVIDER_FINANCE])
def test_people_and_access_is_the_managers_alone(provider: Provider, role: Role) -> None:
    client = signed_in(make_membership(provider=provider, role=role).user)

    assert client.get(LIST).status_code == 403


def test_administrator_finds_a_person_and_reads_their_roles_everywhere(administrator: Client, rose: Membership) -> None:
    make_lead(user=rose.user)
    found = page_of(administrator, f"{EVERYBODY}?who=rose%40")

    page = page_of(administrator, f"{EVERYBODY}{rose.user_id}/")

    assert found.count("Rose Ahmed") == 1
    assert "Dev Mistry" not in found.split("<main")[1]
    assert "Café lead, Hearth Trust" in page
    assert "Neighbourhood lead" in page
    assert "Their organisation’s manager ends this role." in page
    assert "The Hearth" not in page


def test_administrator_ends_a_role_of_the_trust_with_its_reason(administrator: Client) -> None:
    officer = make_appointment(role=Role.GRANT_OFFICER)
    lead = make_lead()

    for path in (f"/people/appointments/{officer.id}/end/", f"/people/leads/{lead.id}/end/"):
        assert "from the moment you confirm" in page_of(administrator, path)
        assert administrator.post(path, {"reason": "changed"}).status_code == 302

    with acting_for_trust():
        names = ["appointment_ended", "neighbourhood_lead_ended"]
        found = TrustEvent.objects.filter(name__in=names).order_by("name")
        assert [(event.name, event.detail["reason"]) for event in found] == [(name, "changed") for name in names]


def test_last_administrator_is_told_why_and_what_to_do(administrator: Client) -> None:
    with acting_for_trust():
        user = User.objects.get(full_name="Dev Mistry")
        own = user.appointments.get()

    role = page_of(administrator, f"/people/appointments/{own.id}/end/")
    all_of_it = page_of(administrator, f"{EVERYBODY}{user.id}/leave/")

    assert "This is the last service administrator" in role
    assert "You cannot remove yourself" in all_of_it


def test_administrator_takes_a_person_out_everywhere_at_once(
    administrator: Client, provider: Provider, rose: Membership
) -> None:
    browser = signed_in(rose.user)

    response = administrator.post(f"{EVERYBODY}{rose.user_id}/leave/", {"reason": "left"}, follow=True)

    assert "They may do nothing here now." in response.content.decode()
    assert "closed the account" in response.content.decode()
    assert "login" in browser.get("/")["Location"]
    assert reasons(provider, "membership_ended") == ["left"]


def test_person_or_role_that_nobody_is_cannot_be_found(administrator: Client, rose: Membership) -> None:
    paths = [f"{EVERYBODY}{rose.id}/", f"/people/appointments/{rose.id}/end/", f"/people/leads/{rose.id}/end/"]

    assert {administrator.get(path).status_code for path in paths} == {404}


def test_role_that_has_run_out_does_not_keep_what_followed_from_the_last(
    manager: Client, provider: Provider, rose: Membership
) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    make_membership(
        provider=provider, user=rose.user, role=Role.CAFE_WORKER, since=yesterday - timedelta(days=9), until=yesterday
    )
    make_tablet(
        provider=provider,
        code_digest="x" * 64,
        code_expires_at=timezone.now() + timedelta(minutes=9),
    )

    manager.post(f"{LIST}{rose.id}/end/", {"reason": "left"})

    with acting_for(provider):
        assert ProviderEvent.objects.filter(name="tablet_link_voided").count() == 1


def test_pages_cost_as_many_queries_with_many_people_as_with_one(
    manager: Client, administrator: Client, provider: Provider, rose: Membership
) -> None:
    def queries(client: Client, path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    pages = [(manager, LIST), (administrator, EVERYBODY), (manager, f"{LIST}{rose.id}/")]
    few = [queries(*page) for page in pages]
    for number in range(5):
        make_membership(provider=provider)
        make_membership(provider=provider, user=rose.user, since=timezone.localdate() - timedelta(days=number + 1))
        make_appointment(role=Role.GRANT_OFFICER)
        make_lead()

    assert [queries(*page) for page in pages] == few


def test_last_role_for_the_trust_takes_its_programs_with_it(administrator: Client) -> None:
    officer = make_appointment(role=Role.GRANT_OFFICER)
    create_api_client(user=officer.user, hat=hats_of(officer.user, timezone.localdate())[0], name="Monthly", by=TESTS)

    page = page_of(administrator, f"/people/appointments/{officer.id}/end/")
    administrator.post(f"/people/appointments/{officer.id}/end/", {"reason": "left"})

    assert "The program “Monthly” stops fetching figures." in page
    with acting_for_trust():
        assert TrustEvent.objects.filter(name="api_client_removed").count() == 1

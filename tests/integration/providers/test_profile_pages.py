"""The pages of a provider's profile: its own people's, and the trust's."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.roles import Role
from providers.models import Insurance, Policy, ProfileVersion, Provider, SafeguardingHolder
from tests.factories import (
    make_appointment,
    make_insurance,
    make_membership,
    make_policy,
    make_profile_version,
    make_provider,
    make_safeguarding_holder,
    make_safeguarding_post,
    make_user,
)
from tests.factories.scoped import acting_for
from tests.integration.cafes.test_return_pages import signed_in

pytestmark = pytest.mark.django_db
OWN = "/organisation/"
CHARITY = {"legal_form": "charity", "charity_register": "GB-CHC", "charity_number": "1234567", "version": 0}


@pytest.fixture
def provider() -> Provider:
    return make_provider(name="Hearth Trust")


@pytest.fixture
def manager(provider: Provider) -> Client:
    return signed_in(make_membership(provider=provider, user=make_user(full_name="Meena Solanki")).user)


@pytest.fixture
def officer() -> Client:
    return signed_in(make_appointment(role=Role.GRANT_OFFICER).user)


def split(name: str, day: date) -> dict[str, int]:
    return {f"{name}_{part}": getattr(day, part) for part in ("day", "month", "year")}


def an_insurance(**changes: object) -> dict[str, object]:
    today = timezone.localdate()
    given = {"kind": "public_liability", "insurer": "Hall Mutual", "policy_number": "HM-1", "cover": "£5,000,000"}
    return {**given, **split("since", today), **split("until", today + timedelta(days=364)), **changes}


def test_page_of_a_provider_that_said_nothing_says_what_is_missing(manager: Client) -> None:
    page = manager.get(OWN)

    assert "Nothing is written down yet" in page.text
    assert "Nobody is named" in page.text
    assert page.text.count("Not written down") == len(Insurance.REQUIRED) + len(Policy.REQUIRED)


def test_manager_writes_down_what_the_organisation_is(manager: Client) -> None:
    page = manager.post(f"{OWN}edit/", {**CHARITY, "address": "1 High Street\nLeicester"}, follow=True)

    assert "GB-CHC-1234567" in page.text
    assert "1 High Street<br>Leicester" in page.text
    assert "First written down" in page.text


def test_form_with_a_number_of_no_register_keeps_what_was_typed(manager: Client) -> None:
    page = manager.post(f"{OWN}edit/", {**CHARITY, "charity_number": "12", "phone": "0116 496 0000"})

    assert "Enter a number as Charity Commission for England and Wales writes it" in page.text
    assert 'value="0116 496 0000"' in page.text


def test_profile_saved_by_somebody_else_meanwhile_shows_the_difference(manager: Client, provider: Provider) -> None:
    make_profile_version(provider=provider, phone="0116 496 0001")

    page = manager.post(f"{OWN}edit/", {**CHARITY, "phone": "0116 496 0002"})
    again = manager.post(f"{OWN}edit/", {**CHARITY, "phone": "0116 496 0002", "version": 1}, follow=True)

    assert "Somebody else saved this" in page.text
    assert "0116 496 0001" in page.text
    assert "Phone number was “0116 496 0001”" in again.text


def test_insurance_added_stands_in_force_and_may_be_taken_back(manager: Client, provider: Provider) -> None:
    page = manager.post(f"{OWN}insurance/new/", an_insurance(), follow=True)
    with acting_for(provider):
        insurance = Insurance.objects.get()
    back = manager.post(f"{OWN}insurance/{insurance.id}/withdraw/", follow=True)

    assert "Hall Mutual, HM-1, £5,000,000" in page.text
    assert "In force" in page.text
    assert "In force" not in back.text
    assert "Taken back by Meena Solanki" in back.text


@pytest.mark.parametrize("cover", ["five million", "-5", "5.50", "5" * 13, "٥"])
def test_insurance_with_a_cover_that_is_no_sum_is_asked_again(manager: Client, cover: str) -> None:
    page = manager.post(f"{OWN}insurance/new/", an_insurance(cover=cover))

    assert "whole pounds" in page.text
    assert 'value="HM-1"' in page.text


def test_policy_added_is_due_for_review(manager: Client) -> None:
    today = timezone.localdate()
    given = {"kind": "complaints", **split("since", today), **split("until", today + timedelta(days=20))}

    page = manager.post(f"{OWN}policies/new/", given, follow=True)

    assert "Review soon" in page.text
    assert "Complaints policy" in page.text


def test_lead_named_is_shown_to_everybody_who_works_there(manager: Client, provider: Provider) -> None:
    member = make_membership(provider=provider, user=make_user(full_name="Ada Lead"))
    worker = signed_in(make_membership(provider=provider, role=Role.CAFE_WORKER).user)

    manager.post(f"{OWN}safeguarding/", {"lead": str(member.id), "lead_phone": "0116 496 0003"})
    page = worker.get(OWN)

    assert "Ada Lead" in page.text
    assert "0116 496 0003" in page.text
    assert "Add an insurance" not in page.text


def test_trust_sees_that_there_is_a_lead_and_not_who(officer: Client, provider: Provider) -> None:
    make_safeguarding_holder(provider=provider, user=make_user(full_name="Ada Lead"))
    make_profile_version(provider=provider)

    page = officer.get(f"/providers/{provider.id}/")

    assert "Named" in page.text
    assert "GB-CHC-1234567" in page.text
    assert "Ada Lead" not in page.text
    assert "Add an insurance" not in page.text


def test_trusts_list_names_first_who_let_something_expire_and_who_is_one_organisation_twice(officer: Client) -> None:
    today = timezone.localdate()
    late, fine = make_provider(name="Zeal"), make_provider(name="Able")
    for one in (late, fine):
        make_profile_version(provider=one)
        make_safeguarding_post(provider=one)
    make_policy(provider=late, until=today - timedelta(days=1))
    make_insurance(provider=fine, until=today + timedelta(days=30))

    page = officer.get("/providers/")

    assert page.text.index("Zeal") < page.text.index("Able")
    assert "1 of 2 have let something expire" in page.text
    assert "Zeal gives the same number" in page.text
    assert "Safeguarding lead" not in page.text


def test_start_page_asks_the_manager_and_the_officer(manager: Client, officer: Client, provider: Provider) -> None:
    today = timezone.localdate()
    make_insurance(provider=provider, until=today - timedelta(days=1))
    make_policy(provider=provider, until=today + timedelta(days=30))

    own, trust = manager.get("/"), officer.get("/")

    assert "Name your safeguarding lead" in own.text
    assert "Renew public liability insurance" in own.text
    assert "Review: Safeguarding adults policy" in own.text
    assert "Ask providers about what has expired" in trust.text


@pytest.mark.parametrize("role", [Role.CAFE_WORKER, Role.CAFE_LEAD, Role.PROVIDER_FINANCE])
def test_profile_is_kept_by_the_manager_alone(provider: Provider, role: Role) -> None:
    client = signed_in(make_membership(provider=provider, role=role).user)

    assert client.get(OWN).status_code == 200
    assert client.post(f"{OWN}edit/", CHARITY).status_code == 403
    with acting_for(provider):
        assert not ProfileVersion.objects.exists()


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_pages_cost_as_many_queries_with_much_as_with_little(
    manager: Client, officer: Client, provider: Provider
) -> None:
    make_insurance(provider=provider)
    make_profile_version(provider=provider)
    make_safeguarding_holder(provider=provider)
    few = [queries(manager, OWN), queries(officer, "/providers/"), queries(officer, f"/providers/{provider.id}/")]

    for number in range(2, 8):
        other = make_provider()
        make_profile_version(provider=other)
        make_policy(provider=other)
        make_profile_version(provider=provider, number=number)
        make_insurance(provider=provider, policy_number=f"HM-{number}")
        make_policy(provider=provider, kind=Policy.Kind.values[number])
    many = [queries(manager, OWN), queries(officer, "/providers/"), queries(officer, f"/providers/{provider.id}/")]

    assert few == many
    with acting_for(provider):
        assert SafeguardingHolder.objects.count() == 1

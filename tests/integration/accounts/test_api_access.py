"""Programs that fetch figures: how they get in, what they may see, and when it ends."""

from __future__ import annotations

import base64
import re
from datetime import date, timedelta

import pytest
from allauth.idp.oidc.models import Client as ApiClient
from allauth.idp.oidc.models import Token
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.services.api_clients import MOST, remove_old_tokens
from providers.models import NeighbourhoodLead
from providers.services.leaving import leave_provider
from tests.factories import make_cafe, make_figure, make_lead, make_membership, make_provider
from tests.factories.scoped import TESTS, acting_for, acting_for_trust

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def nobody_counted() -> None:
    cache.clear()


@pytest.fixture
def lead() -> User:
    return make_lead(neighbourhood_code="LEI01").user


@pytest.fixture
def browser(lead: User) -> Client:
    client = Client()
    client.force_login(lead, backend=BACKEND)
    return client


def give_access(browser: Client, name: str = "Monthly report") -> tuple[str, str]:
    page = browser.post("/api-access/", {"name": name}).text
    values = re.findall(r"summary-list__value\">\s*(\S.*?)\s*</dd>", page)
    return values[1], values[2]


def fetch_token(client_id: str, secret: str) -> str:
    response = ask_for_token(client_id, secret)
    assert response.status_code == 200, response.content
    return str(response.json()["access_token"])


def ask_for_token(client_id: str, secret: str):  # type: ignore[no-untyped-def]
    basic = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
    return Client().post(
        "/identity/o/api/token", {"grant_type": "client_credentials"}, headers={"Authorization": f"Basic {basic}"}
    )


def fetch_figures(token: str):  # type: ignore[no-untyped-def]
    return Client().get("/api/v1/activity", headers={"Authorization": f"Bearer {token}"})


def test_program_with_a_token_fetches_figures(browser: Client) -> None:
    token = fetch_token(*give_access(browser))

    response = fetch_figures(token)

    assert response.status_code == 200


def test_secret_is_shown_once_and_kept_as_a_hash(browser: Client) -> None:
    client_id, secret = give_access(browser)

    assert secret not in browser.get("/api-access/").text
    assert secret not in ApiClient.objects.get(id=client_id).secret


@pytest.mark.parametrize("header", ["", "Bearer nonsense", "Bearer ", "Basic abc"])
def test_call_without_a_good_token_is_told_to_bring_one(header: str) -> None:
    response = Client().get("/api/v1/activity", headers={"Authorization": header} if header else {})

    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Bearer")
    assert response["Content-Type"] == "application/problem+json"


def test_wrong_secret_gets_no_token(browser: Client) -> None:
    client_id, _ = give_access(browser)

    assert ask_for_token(client_id, "wrong").status_code == 401


def test_token_ends_with_its_program(browser: Client) -> None:
    client_id, secret = give_access(browser)
    token = fetch_token(client_id, secret)

    browser.post(f"/api-access/{client_id}/remove/")

    assert fetch_figures(token).status_code == 401
    assert ask_for_token(client_id, secret).status_code == 401


def test_token_opens_nothing_once_its_owner_leads_no_more(browser: Client, lead: User) -> None:
    token = fetch_token(*give_access(browser))
    with acting_for_trust():
        NeighbourhoodLead.objects.filter(user=lead).update(until=date(2024, 1, 2))

    assert fetch_figures(token).status_code == 403


def test_token_opens_nothing_once_its_owner_has_left(browser: Client, lead: User) -> None:
    token = fetch_token(*give_access(browser))
    with acting_for_trust():
        User.objects.filter(id=lead.id).update(is_active=False)

    assert fetch_figures(token).status_code == 401


def test_program_sees_what_its_hat_sees_and_not_what_another_hat_does(browser: Client, lead: User) -> None:
    token = fetch_token(*give_access(browser))
    provider = make_provider()
    make_membership(provider=provider, user=lead)
    cafe = make_cafe(provider=provider, neighbourhood_code="LEI01")
    for measure, value in (("visits", 7), ("sessions", 2)):
        make_figure(provider=provider, cafe=cafe, measure=measure, value=value)

    answer = fetch_figures(token).json()

    visits = [item["value"] for item in answer["items"] if item["measure"] == "visits" and item["category"] is None]
    assert visits
    assert all(value == {"status": "rounded", "number": 5} for value in visits)


def test_somebody_elses_program_cannot_be_removed(browser: Client) -> None:
    client_id, _ = give_access(browser)
    other = Client()
    other.force_login(make_lead().user, backend=BACKEND)

    foreign = other.post(f"/api-access/{client_id}/remove/")
    absent = other.post("/api-access/absent/remove/")

    assert (foreign.status_code, foreign.content) == (404, absent.content)
    assert ApiClient.objects.filter(id=client_id).exists()


def test_tokens_are_counted_and_the_caller_told_when_to_come_back(browser: Client) -> None:
    client_id, _ = give_access(browser)

    answers = [ask_for_token(client_id, "wrong") for _ in range(31)]

    assert answers[-1].status_code == 429
    assert answers[-1]["Retry-After"]


def test_more_programs_than_anybody_needs_are_refused(browser: Client) -> None:
    for number in range(MOST):
        give_access(browser, f"Report {number}")

    response = browser.post("/api-access/", {"name": "One more"})

    assert "Remove one that is no longer used" in response.text


def test_tokens_that_ran_out_are_deleted(browser: Client) -> None:
    fetch_token(*give_access(browser))

    removed = remove_old_tokens(now=timezone.now() + timedelta(hours=1))

    assert (removed, Token.objects.count()) == (1, 0)


def test_token_of_a_person_who_left_opens_nothing_at_once() -> None:
    provider = make_provider()
    make_membership(provider=provider)
    manager = make_membership(provider=provider).user
    browser = Client()
    browser.force_login(manager, backend=BACKEND)
    client_id, secret = give_access(browser)
    token = fetch_token(client_id, secret)
    before = fetch_figures(token).status_code

    with acting_for(provider):
        leave_provider(user_id=manager.id, by=TESTS, now=timezone.now())

    assert (before, fetch_figures(token).status_code) == (200, 401)
    assert ask_for_token(client_id, secret).status_code in {400, 401}

"""The audit record on its page: what is found, in whose words, by whom, and how it leaves as a file."""

from __future__ import annotations

import csv
import io
import re
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.roles import Role
from providers.models import Provider
from sutg.audit.models import ProviderEvent, TrustEvent
from sutg.audit.services import record
from sutg.tenancy.scope import Actor
from tests.factories import make_appointment, make_membership, make_provider, make_user, make_visitor
from tests.factories.scoped import TESTS, acting_for, acting_for_trust
from tests.integration.cafes.test_return_pages import signed_in

pytestmark = pytest.mark.django_db
PAGE, FILE = "/audit/", "/audit/download/"
LONG_AGO = datetime(2024, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def provider() -> Provider:
    return make_provider(name="Hearth and Home")


@pytest.fixture
def worker() -> User:
    return make_user(full_name="Wanjiru Kamau")


@pytest.fixture
def governance() -> Client:
    return signed_in(make_appointment(role=Role.INFORMATION_GOVERNANCE).user)


def happen(provider: Provider | None, by: User | None = None, name: str = "session_opened", **facts: Any) -> None:
    """An event of a provider, or of the trust, and when it happened."""
    actor = Actor.user(by.id) if by else TESTS
    common = {"name": name, "actor": str(actor), **facts}
    if provider is None:
        with acting_for_trust():
            TrustEvent.objects.create(**common)
    else:
        with acting_for(provider):
            ProviderEvent.objects.create(provider_id=provider.id, **common)


def sentences(page: Any) -> list[str]:
    """Each row as a person reads it: who did what."""
    assert page.status_code == 200
    rows = re.findall(r"<div>\s*<strong>(.*?)</strong>(.*?)(?:<br>|</div>)", page.text, re.DOTALL)
    return [" ".join(f"{who} {what}".split()) for who, what in rows]


def rows_of(response: Any) -> list[dict[str, str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_event_is_a_sentence_of_who_what_and_for_whom(governance: Client, provider: Provider, worker: User) -> None:
    happen(provider, worker, subject=uuid.UUID(int=7))

    page = governance.get(PAGE, {"what": "session_opened"})

    assert sentences(page) == ["Wanjiru Kamau opened a session"]
    assert "Hearth and Home" in page.text
    assert str(uuid.UUID(int=7)) in page.text


def test_row_that_a_trigger_noted_says_columns_and_never_values(governance: Client, provider: Provider) -> None:
    happen(provider, name="row_changed", detail={"table": "cafes_visitor", "rows": 3, "columns": ["label", "born_in"]})

    page = governance.get(PAGE, {"what": "row_changed"})

    assert sentences(page) == ["The service changed label and born in of 3 visitors"]


def test_job_at_a_persons_request_names_the_person(governance: Client, provider: Provider, worker: User) -> None:
    happen(provider, on_behalf_of=f"user:{worker.id}", name="return_loaded")

    assert sentences(governance.get(PAGE, {"what": "return_loaded"})) == [
        "The service (for Wanjiru Kamau) loaded a return"
    ]


def test_detail_of_a_service_is_not_shown(governance: Client, provider: Provider) -> None:
    happen(provider, name="incident_raised", detail={"kind": "risk_to_self"})

    page = governance.get(PAGE, {"what": "incident_raised"})

    assert sentences(page) == ["The service wrote down an incident"]
    assert "risk" not in page.text


def test_event_that_nobody_described_is_called_by_its_name(governance: Client, provider: Provider) -> None:
    happen(provider, name="tests.cafe_painted", subject=uuid.UUID(int=9))

    assert sentences(governance.get(PAGE, {"object": uuid.UUID(int=9)})) == ["The service café painted"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"since_day": "2", "since_month": "5", "since_year": "2024"}, ["second"]),
        ({"until_day": "1", "until_month": "5", "until_year": "2024"}, ["first"]),
        ({"who": "job:"}, ["second"]),
        ({"who": "device:"}, []),
        ({"organisation": "trust"}, []),
        ({"object": str(uuid.UUID(int=1))}, ["first"]),
        ({"object": str(uuid.UUID(int=2))}, ["second"]),
    ],
)
def test_search_finds_what_answers_it_alone(
    governance: Client, provider: Provider, worker: User, asked: dict[str, str], found: list[str]
) -> None:
    happen(provider, worker, at=LONG_AGO, subject=uuid.UUID(int=1), name="first")
    happen(provider, at=LONG_AGO + timedelta(days=1), subjects=[uuid.UUID(int=5), uuid.UUID(int=2)], name="second")

    said = [what.split()[-1] for what in sentences(governance.get(PAGE, asked))]

    assert [word for word in said if word in ("first", "second")] == found


def test_search_by_person_and_organisation_finds_theirs_alone(governance: Client, worker: User) -> None:
    mine, other = make_provider(), make_provider()
    happen(mine, worker)
    happen(other, worker)
    happen(other)

    page = governance.get(PAGE, {"who": f"user:{worker.id}", "organisation": str(other.id)})

    assert sentences(page) == ["Wanjiru Kamau opened a session"]


def test_days_the_wrong_way_round_are_refused_and_nothing_is_listed(governance: Client, provider: Provider) -> None:
    happen(provider)
    asked = {"since_day": "2", "since_month": "5", "since_year": "2024", "until_day": "1", "until_month": "5"}

    page = governance.get(PAGE, {**asked, "until_year": "2024"})

    assert "must be the same day as “From”, or after it" in page.text
    assert sentences(page) == []


def test_search_that_nothing_answers_says_so(governance: Client) -> None:
    assert "No events like this" in governance.get(PAGE, {"object": uuid.UUID(int=404)}).text


def test_pages_go_on_below_each_other_without_gap_or_repeat_though_times_are_the_same(
    governance: Client, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accounts.views.audit.PER_PAGE", 2)
    ids = [uuid.uuid4() for _ in range(5)]
    for number, event_id in enumerate(ids):
        happen(provider if number % 2 else None, id=event_id, at=LONG_AGO, subject=event_id)
    asked, seen = f"{PAGE}?until_day=1&until_month=5&until_year=2024", list[str]()

    while asked:
        page = governance.get(asked).text
        seen += re.findall(r'class="app-id"[^>]*>([0-9a-f-]{36})<', page)
        older = re.search(r'href="(\?[^"]*below=[^"]*)"', page)
        asked = PAGE + older[1].replace("&amp;", "&") if older else ""
        happen(None)  # what is added above meanwhile moves nothing

    assert seen == [str(event_id) for event_id in sorted(ids, reverse=True)]


@pytest.mark.parametrize("below", ["x", "2024-05-01T12:00:00_00000000-0000-0000-0000-000000000001", "_"])
def test_place_in_the_list_that_no_page_gave_is_not_found(governance: Client, below: str) -> None:
    assert governance.get(PAGE, {"below": below}).status_code == 404


def test_page_costs_as_many_queries_with_few_events_as_with_many(
    governance: Client, provider: Provider, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    happen(provider, make_user())
    governance.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        governance.get(PAGE)
    for number in range(60):
        happen(provider if number % 2 else None, make_user())

    with django_assert_num_queries(len(few)):
        page = governance.get(PAGE)

    assert len(sentences(page)) == 50


def test_state_of_the_chains_is_what_the_last_check_found(governance: Client) -> None:
    before = governance.get(PAGE).text
    _checked(faults=0, first="")
    whole = governance.get(PAGE).text
    _checked(faults=2, first="chain of the trust: block 7 was altered")
    broken = governance.get(PAGE).text
    start = governance.get("/").text

    assert "has not been checked yet" in before
    assert "unbroken, 1,234 sealed events" in whole
    assert "broken in 2 places" in broken
    assert "block 7 was altered" in broken
    assert "Find out how the audit record was broken" in start


def test_check_that_is_days_old_is_called_overdue(governance: Client) -> None:
    happen(
        None,
        name="audit_checked",
        at=timezone.now() - timedelta(days=3),
        detail={"faults": 0, "first": "", "events": 9, "blocks": 1, "chains": 1},
    )

    assert "Check overdue" in governance.get(PAGE).text
    assert "Have the audit record checked" in governance.get("/").text


def test_file_holds_what_was_asked_and_its_download_is_recorded(
    governance: Client, provider: Provider, worker: User
) -> None:
    happen(provider, worker, subject=uuid.UUID(int=7))
    happen(provider)

    response = governance.get(FILE, {"what": "session_opened", "who": f"user:{worker.id}"})
    (row,) = rows_of(response)

    assert response["Content-Type"].startswith("text/csv")
    assert (row["who"], row["what"], row["organisation"]) == ("Wanjiru Kamau", "opened a session", "Hearth and Home")
    assert (row["record"], row["actor"]) == (str(uuid.UUID(int=7)), f"user:{worker.id}")
    event = TrustEvent.objects.get(name="audit_downloaded")
    assert event.actor.startswith("user:")
    assert (event.detail["event"], event.detail["actor"]) == ("session_opened", f"user:{worker.id}")


def test_name_that_starts_like_a_formula_is_harmless_in_the_file(governance: Client) -> None:
    happen(make_provider(name="=cmd|'/c calc'!A1"), make_user(full_name="@SUM(A1)"))

    (row,) = rows_of(governance.get(FILE, {"what": "session_opened"}))

    assert row["organisation"] == "'=cmd|'/c calc'!A1"
    assert row["who"] == "'@SUM(A1)"


def test_file_goes_on_beyond_one_batch_and_ends_at_its_limit(
    governance: Client, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sutg.audit.selectors._AT_ONCE", 2)
    monkeypatch.setattr("accounts.views.audit.MOST_IN_FILE", 5)
    for _ in range(7):
        happen(provider)

    rows = rows_of(governance.get(FILE, {"what": "session_opened"}))

    assert len({row["event_id"] for row in rows}) == 5


def test_file_of_a_search_that_is_not_valid_is_not_found(governance: Client) -> None:
    assert governance.get(FILE, {"object": "x"}).status_code == 404


@pytest.mark.parametrize("address", [PAGE, FILE])
@pytest.mark.parametrize("role", [Role.PROVIDER_MANAGER, Role.SERVICE_ADMINISTRATOR, Role.GRANT_OFFICER])
def test_record_is_for_information_governance_alone(provider: Provider, role: Role, address: str) -> None:
    is_providers = role is Role.PROVIDER_MANAGER
    user = (make_membership(provider=provider, role=role) if is_providers else make_appointment(role=role)).user

    assert signed_in(user).get(address).status_code == 403


def test_nothing_of_a_visitor_but_ids_is_on_the_page(governance: Client, provider: Provider) -> None:
    visitor = make_visitor(provider=provider)

    page = governance.get(PAGE, {"object": str(visitor.id)})

    assert sentences(page) == ["The service added 1 visitor"]


def _checked(**found: Any) -> None:
    with acting_for_trust():
        record("audit_checked", by=TESTS, events=1234, blocks=9, chains=3, **found)

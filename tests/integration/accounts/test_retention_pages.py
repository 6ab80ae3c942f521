"""Information governance's pages of retention."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.roles import Role
from sutg.audit.models import TrustEvent
from sutg.common.catalogue import Retention
from sutg.common.errors import DomainError, NotFound
from sutg.privacy.keeping import place_hold, release_hold, set_period
from sutg.privacy.models import RetentionHold, RetentionPeriod
from sutg.privacy.retention import months_in_force
from tests.factories import make_appointment, make_provider, make_retention_forecast, make_retention_hold
from tests.factories.scoped import TESTS, acting_for_trust

pytestmark = pytest.mark.django_db
PAGE = "/retention/"
TODAY = timezone.localdate()


@pytest.fixture
def client() -> Client:
    browser = Client()
    user = make_appointment(role=Role.INFORMATION_GOVERNANCE).user
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


def text(response: Any) -> str:
    assert response.status_code == 200
    return str(response.content.decode())


def test_page_says_what_is_held_why_and_for_how_long(client: Client) -> None:
    make_retention_forecast(provider=make_provider(name="Old Friends"), kind="cafes.Visit", due=1234)

    page = text(client.get(PAGE))

    assert "8 years" in page
    assert "to be known by it, since the visitor wants to be" in page
    assert "Old Friends" in page
    assert "1,234" in page
    assert "Nothing is held." in page


def test_page_takes_as_many_queries_for_many_as_for_few(client: Client) -> None:
    def queries() -> int:
        client.get(PAGE)
        with CaptureQueriesContext(connection) as found:
            client.get(PAGE)
        return len(found)

    def plant() -> None:
        provider = make_provider()
        make_retention_forecast(provider=provider, kind="cafes.Visit")
        make_retention_hold(provider=provider)

    plant()
    few = queries()
    for _ in range(5):
        plant()

    assert queries() == few


def test_shorter_period_applies_after_a_week(client: Client) -> None:
    answer = text(client.post(f"{PAGE}visit/", {"months": "60", "reason": "Board, May 2026"}, follow=True))

    assert "Kept for 5 years from" in answer
    assert "8 years; 5 years from" in answer
    with acting_for_trust():
        assert months_in_force(TODAY)[Retention.VISIT] == 96
        assert months_in_force(TODAY + timedelta(days=7))[Retention.VISIT] == 60


def test_longer_period_applies_at_once() -> None:
    with acting_for_trust():
        set_period(retention=Retention.NAMED, months=36, reason="Agreed", today=TODAY, by=TESTS)

        assert months_in_force(TODAY)[Retention.NAMED] == 36
    event = TrustEvent.objects.get(name="retention.period_set")
    assert (event.actor, event.detail) == (str(TESTS), {"retention": "named", "months": 36, "before": 24})


@pytest.mark.parametrize(("months", "reason"), [(0, "x"), (1201, "x"), (60, " "), (96, "x")])
def test_period_that_makes_no_sense_is_refused(months: int, reason: str) -> None:
    with pytest.raises(DomainError), acting_for_trust():
        set_period(retention=Retention.VISIT, months=months, reason=reason, today=TODAY, by=TESTS)

    with acting_for_trust():
        assert not RetentionPeriod.objects.exists()


def test_period_without_a_reason_keeps_what_was_typed(client: Client) -> None:
    page = text(client.post(f"{PAGE}visit/", {"months": "61", "reason": ""}))

    assert "Enter why the period changes" in page
    assert 'value="61"' in page


def test_hold_is_placed_and_released(client: Client) -> None:
    provider = make_provider(name="Old Friends")
    body = {"provider": str(provider.id), "reason": "legal", "reference": "Case 12"}

    placed = text(client.post(f"{PAGE}holds/new/", body, follow=True))
    with acting_for_trust():
        hold = RetentionHold.objects.get()
    released = text(client.post(f"{PAGE}holds/{hold.id}/release/", follow=True))

    assert "Case 12" in placed
    assert "Nothing is held." in released
    with acting_for_trust():
        assert RetentionHold.objects.get().released_by


def test_hold_without_a_case_or_until_yesterday_is_refused() -> None:
    provider = make_provider()
    said: dict[str, Any] = {"provider_id": provider.id, "record_id": None, "today": TODAY, "by": TESTS}

    with acting_for_trust():
        for change in ({"reference": " "}, {"reason": "whim"}, {"until": TODAY - timedelta(days=1)}):
            values = {"reason": "legal", "reference": "Case 1", "until": None, **said, **change}
            with pytest.raises(DomainError):
                place_hold(**values)
        assert not RetentionHold.objects.exists()


def test_hold_of_an_absent_organisation_or_an_absent_hold_is_not_found() -> None:
    with acting_for_trust():
        with pytest.raises(NotFound):
            place_hold(
                provider_id=uuid.uuid4(),
                record_id=None,
                reason="legal",
                reference="1",
                until=None,
                today=TODAY,
                by=TESTS,
            )
        with pytest.raises(NotFound):
            release_hold(hold_id=uuid.uuid4(), by=TESTS)


def test_class_that_does_not_exist_is_not_found(client: Client) -> None:
    assert client.get(f"{PAGE}nothing/").status_code == 404


def test_service_administrator_is_refused() -> None:
    browser = Client()
    user = make_appointment(role=Role.SERVICE_ADMINISTRATOR).user
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")

    assert browser.get(PAGE).status_code == 403

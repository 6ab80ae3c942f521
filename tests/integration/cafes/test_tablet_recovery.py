"""A forgotten PIN: the tablet's share is kept sealed, and given back once when somebody was allowed a new PIN."""

from __future__ import annotations

import os
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from cafes.models import Cafe, Tablet
from cafes.services.tablet_recovery import allow_new_pin, give_share
from providers.models import Membership, Provider
from sutg.audit.models import ProviderEvent
from sutg.common.errors import DomainError, NotFound
from tests.factories import make_cafe, make_membership, make_provider
from tests.factories.scoped import TESTS, acting_for
from tests.integration.cafes.tablets import enrolled
from tests.support.tablet import SimulatedTablet, to_text

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SHARE = {"iv": to_text(os.urandom(12)), "data": to_text(os.urandom(48))}


@pytest.fixture
def provider(db: None) -> Provider:
    return make_provider()


@pytest.fixture
def cafe(provider: Provider) -> Cafe:
    return make_cafe(provider=provider)


@pytest.fixture
def tablet(provider: Provider, cafe: Cafe) -> SimulatedTablet:
    """One that has deposited its share."""
    tablet = enrolled(provider, cafe)
    assert post(tablet, "recovery-share", SHARE).status_code == 204
    return tablet


@pytest.fixture
def worker(provider: Provider) -> User:
    user: User = make_membership(provider=provider).user
    return user


def post(tablet: SimulatedTablet, what: str, body: dict[str, str] | None = None) -> Any:
    headers = {"Authorization": f"Tablet {tablet.enrolment['token']}"}
    return Client().post(f"/api/v1/tablet/{what}", body or {}, content_type="application/json", headers=headers)


def id_of(tablet: SimulatedTablet) -> uuid.UUID:
    return uuid.UUID(tablet.enrolment["device_id"])


def allow(provider: Provider, tablet: SimulatedTablet, user: User, ago: timedelta = timedelta()) -> None:
    with acting_for(provider):
        allow_new_pin(tablet_id=id_of(tablet), user_id=user.id, by=TESTS, now=timezone.now() - ago)


def test_share_comes_back_once_for_the_person_who_was_allowed(
    provider: Provider, tablet: SimulatedTablet, worker: User
) -> None:
    allow(provider, tablet, worker)

    first, second = post(tablet, "recover"), post(tablet, "recover")

    assert first.json() == {**SHARE, "user_id": str(worker.id), "name": worker.full_name}
    assert first.headers["Cache-Control"] == "no-store"
    assert second.status_code == 422
    with acting_for(provider):
        said = ProviderEvent.objects.filter(name__startswith="tablet").values_list("name", flat=True)
        assert {"tablet_share_kept", "tablet_pin_allowed", "tablet_share_given"} <= set(said)


def test_share_that_nobody_allowed_stays_at_the_server(tablet: SimulatedTablet) -> None:
    answer = post(tablet, "recover")

    assert (answer.status_code, "Ask your manager" in answer.json()["detail"]) == (422, True)


@pytest.mark.parametrize(("minutes", "status"), [(14, 200), (16, 422)])
def test_leave_to_set_a_pin_lasts_a_quarter_of_an_hour(
    provider: Provider, tablet: SimulatedTablet, worker: User, minutes: int, status: int
) -> None:
    allow(provider, tablet, worker, ago=timedelta(minutes=minutes))

    assert post(tablet, "recover").status_code == status


def test_leave_of_somebody_who_left_meanwhile_is_worth_nothing(
    provider: Provider, tablet: SimulatedTablet, worker: User
) -> None:
    allow(provider, tablet, worker)
    today = timezone.localdate()
    with acting_for(provider):
        Membership.objects.update(since=today - timedelta(days=9), until=today - timedelta(days=1))

    assert post(tablet, "recover").status_code == 422


def test_leave_for_one_tablet_opens_no_other(
    provider: Provider, cafe: Cafe, tablet: SimulatedTablet, worker: User
) -> None:
    other = enrolled(provider, cafe, name="Kitchen")
    post(other, "recovery-share", SHARE)
    allow(provider, tablet, worker)

    assert post(other, "recover").status_code == 422


def test_leave_is_refused_for_who_does_not_work_at_the_cafe(provider: Provider, tablet: SimulatedTablet) -> None:
    elsewhere = make_membership(provider=provider, cafe_ids=[make_cafe(provider=provider).id]).user

    with pytest.raises(DomainError, match="works at this café"):
        allow(provider, tablet, elsewhere)


def test_leave_is_refused_while_the_tablet_has_deposited_nothing(provider: Provider, cafe: Cafe, worker: User) -> None:
    with pytest.raises(DomainError, match="has not sent"):
        allow(provider, enrolled(provider, cafe), worker)


def test_tablet_of_another_provider_is_not_found(tablet: SimulatedTablet) -> None:
    stranger = make_provider()

    with pytest.raises(NotFound):
        allow(stranger, tablet, make_membership(provider=stranger).user)
    with acting_for(stranger), pytest.raises(NotFound):
        give_share(tablet_id=id_of(tablet), by=TESTS, now=timezone.now())


def test_share_lies_sealed_and_the_last_one_counts(provider: Provider, tablet: SimulatedTablet) -> None:
    newer = {**SHARE, "data": to_text(b"\1" * 48)}
    post(tablet, "recovery-share", newer)

    with acting_for(provider):
        kept = Tablet.objects.get().recovery_share.open()
        with connection.cursor() as cursor:
            cursor.execute("SELECT recovery_share FROM cafes_tablet")
            stored = bytes(cursor.fetchone()[0])

    assert kept[12:] == b"\1" * 48
    assert b"\1" * 48 not in stored


@pytest.mark.parametrize(
    ("part", "value"), [("iv", "AAAA"), ("data", "AAAA"), ("data", "not base64!"), ("iv", "")], ids=str
)
def test_share_of_another_shape_is_refused_naming_the_part(tablet: SimulatedTablet, part: str, value: str) -> None:
    answer = post(tablet, "recovery-share", {**SHARE, part: value})

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, part)

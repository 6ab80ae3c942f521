"""A tablet that has records and is not heard of: told of after a day and after three, once, to those who keep it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from cafes.models import Cafe, Tablet
from cafes.services.tablet_alarms import tell_of_silent_tablets
from cafes.tasks.tablets import tell_of_all_silent_tablets, tell_of_silence
from providers.models import Provider
from sutg.audit.models import ProviderEvent
from sutg.outbox.delivery import NotDelivered
from sutg.outbox.models import OutboxMessage
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Scope
from tests.factories import make_cafe, make_membership, make_provider
from tests.factories.scoped import TESTS, acting_for
from tests.factories.tablets import make_tablet

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def provider() -> Provider:
    return make_provider()


@pytest.fixture
def cafe(provider: Provider) -> Cafe:
    return make_cafe(provider=provider, name="The Hearth")


def silent(provider: Provider, hours: float, cafe: Cafe | None = None, **facts: Any) -> Tablet:
    seen = timezone.now() - timedelta(hours=hours)
    return make_tablet(provider=provider, cafe=cafe, last_seen_at=seen, **{"held": 2, **facts})


def told(provider: Provider, later: float = 0) -> int:
    with acting_for(provider):
        return tell_of_silent_tablets(by=TESTS, now=timezone.now() + timedelta(hours=later))


def messages(provider: Provider) -> list[OutboxMessage]:
    with acting_for(provider):
        return list(OutboxMessage.objects.order_by("created_at"))


def deliver(provider: Provider) -> str:
    with scopes.enter(Scope.provider(TESTS, provider.id)):
        return tell_of_silence(messages(provider)[-1])


def person(provider: Provider, role: Role, **fields: Any) -> User:
    user: User = make_membership(provider=provider, role=role, **fields).user
    return user


@pytest.mark.parametrize(
    ("hours", "facts", "expected"),
    [
        (23.9, {}, []),
        (24.1, {}, [24]),
        (72.1, {}, [72]),
        (99, {"held": 0}, []),
        (99, {"revoked_at": timezone.now(), "revoked_by": "user:1"}, []),
    ],
)
def test_silence_is_told_of_from_a_day_on_where_records_are_unsent(
    provider: Provider, hours: float, facts: dict[str, Any], expected: list[int]
) -> None:
    silent(provider, hours, **facts)

    told(provider)

    assert [message.detail["hours"] for message in messages(provider)] == expected


def test_each_step_is_told_once_however_often_it_is_looked_for(provider: Provider) -> None:
    tablet = silent(provider, 25)

    counts = [told(provider), told(provider), told(provider, later=48), told(provider, later=400)]

    assert counts == [1, 0, 1, 0]
    with acting_for(provider):
        events = ProviderEvent.objects.filter(name="tablet_silent", subject=tablet.id).order_by("id")
        assert [event.detail for event in events] == [{"hours": 24, "held": 2}, {"hours": 72, "held": 2}]


def test_tablet_heard_of_and_silent_again_is_told_of_anew(provider: Provider) -> None:
    tablet = silent(provider, 80)
    told(provider)
    with acting_for(provider):
        Tablet.objects.filter(id=tablet.id).update(last_seen_at=timezone.now() - timedelta(hours=26))

    assert told(provider) == 1
    assert [message.detail["hours"] for message in messages(provider)] == [72, 24]


def test_letter_goes_to_leads_of_the_cafe_and_managers_and_names_nobody(provider: Provider, cafe: Cafe) -> None:
    manager = person(provider, Role.PROVIDER_MANAGER)
    lead = person(provider, Role.CAFE_LEAD, cafe_ids=[cafe.id])
    person(provider, Role.CAFE_LEAD, cafe_ids=[make_cafe(provider=provider).id])
    person(provider, Role.CAFE_WORKER)
    tablet = silent(provider, 73, cafe, name="Wanjiru’s tablet")
    told(provider)

    answer = deliver(provider)

    assert answer == "accepted by the mail server for 2"
    assert {letter.to[0] for letter in mail.outbox} == {manager.email, lead.email}
    letter = mail.outbox[0]
    assert letter.subject == "A tablet of The Hearth has sent nothing for 3 days"
    assert f"/tablets/{tablet.id}/" in letter.body
    assert "Wanjiru" not in letter.subject + letter.body


@pytest.mark.parametrize("change", [{"last_seen_at": timezone.now()}, {"revoked_by": "user:1"}], ids=["heard", "ended"])
def test_letter_about_a_tablet_that_was_seen_to_meanwhile_is_not_sent(
    provider: Provider, cafe: Cafe, change: dict[str, Any]
) -> None:
    person(provider, Role.PROVIDER_MANAGER)
    tablet = silent(provider, 30, cafe)
    told(provider)
    with acting_for(provider):
        given = change | ({"revoked_at": timezone.now()} if "revoked_by" in change else {})
        Tablet.objects.filter(id=tablet.id).update(**given)

    assert deliver(provider) == "heard of since"
    assert mail.outbox == []


def test_letter_without_anybody_to_read_it_is_kept_for_later(provider: Provider) -> None:
    silent(provider, 30)
    told(provider)

    with pytest.raises(NotDelivered, match="nobody to tell"):
        deliver(provider)


def test_job_tells_each_provider_of_its_own_tablets_alone(provider: Provider) -> None:
    other = make_provider()
    own, foreign = silent(provider, 30), silent(other, 30)

    assert tell_of_all_silent_tablets() == 2
    assert [message.subject for message in messages(provider)] == [own.id]
    assert [message.subject for message in messages(other)] == [foreign.id]

"""Two who end each other's access at the same moment: neither waits for ever, and somebody stays to answer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from accounts.models import Appointment, User
from accounts.roles import Role
from accounts.services.appointments import end_appointment
from providers.models import AccessReview, Membership
from providers.services.access_reviews import sign_review
from providers.services.leaving import end_membership, leave_everywhere, leave_provider
from sutg.common.errors import DomainError
from sutg.tenancy.scope import Actor
from tests.factories import make_appointment, make_membership, make_provider
from tests.factories.scoped import acting_for, acting_for_trust

pytestmark = pytest.mark.usefixtures("committed_db")
PATIENCE = 20


def together(*works: Callable[[], Any]) -> list[Any]:
    """What each work gives or raises, all begun at once."""
    barrier, results = threading.Barrier(len(works)), [None] * len(works)

    def run(number: int) -> None:
        try:
            barrier.wait(PATIENCE)
            results[number] = works[number]()
        except Exception as error:
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[number]) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads)
    return results


def refusals(results: list[Any]) -> list[str]:
    assert all(isinstance(result, DomainError) for result in results if isinstance(result, Exception)), results
    return [str(result) for result in results if isinstance(result, Exception)]


@pytest.mark.parametrize("round_", range(5))
def test_two_last_managers_ending_each_other_leave_one_to_manage(round_: int) -> None:
    provider = make_provider(name="Hearth Trust")
    first, second = (make_membership(provider=provider) for _ in range(2))
    for manager in (first, second):
        make_membership(provider=provider, user=manager.user, role=Role.CAFE_LEAD)

    def end(leaving: User, by: User) -> Callable[[], Any]:
        def work() -> None:
            with acting_for(provider):
                leave_provider(user_id=leaving.id, by=Actor.user(by.id), now=timezone.now())

        return work

    results = together(end(first.user, second.user), end(second.user, first.user))

    assert len(refusals(results)) == 1
    with acting_for(provider):
        assert Membership.objects.standing().filter(role=Role.PROVIDER_MANAGER).count() == 1


def test_two_roles_of_last_managers_ended_at_once_leave_one() -> None:
    provider = make_provider(name="Hearth Trust")
    memberships = [make_membership(provider=provider) for _ in range(2)]

    def end(membership: Membership) -> Callable[[], Any]:
        def work() -> None:
            with acting_for(provider):
                end_membership(membership_id=membership.id, by=Actor.user(membership.user_id), now=timezone.now())

        return work

    results = together(*(end(membership) for membership in memberships))

    assert len(refusals(results)) == 1
    with acting_for(provider):
        assert Membership.objects.standing().count() == 1


@pytest.mark.parametrize("is_whole", [True, False])
def test_two_last_administrators_ending_each_other_leave_one(is_whole: bool) -> None:
    first, second = (make_appointment(role=Role.SERVICE_ADMINISTRATOR) for _ in range(2))
    for appointment in (first, second):
        make_appointment(user=appointment.user, role=Role.GRANT_OFFICER)

    def end(appointment: Appointment, by: Appointment) -> Callable[[], Any]:
        def work() -> None:
            actor, now = Actor.user(by.user_id), timezone.now()
            with acting_for_trust():
                if is_whole:
                    leave_everywhere(user_id=appointment.user_id, by=actor, now=now)
                else:
                    end_appointment(appointment_id=appointment.id, by=actor, now=now)

        return work

    results = together(end(first, second), end(second, first))

    assert len(refusals(results)) == 1
    with acting_for_trust():
        standing = Appointment.objects.standing().filter(role=Role.SERVICE_ADMINISTRATOR, user__is_active=True)
        assert standing.count() == 1


@pytest.mark.parametrize("round_", range(3))
def test_two_managers_signing_different_reviews_at_once_leave_one_whole(round_: int) -> None:
    provider = make_provider(name="Hearth Trust")
    first, second = (make_membership(provider=provider) for _ in range(2))
    worker = make_membership(provider=provider, role=Role.CAFE_WORKER)

    def sign(by: Membership, kept: list[Membership], ended: list[Membership]) -> Callable[[], Any]:
        def work() -> None:
            with acting_for(provider):
                sign_review(
                    kind=AccessReview,
                    kept=[role.id for role in kept],
                    ended=[role.id for role in ended],
                    by=Actor.user(by.user_id),
                    now=timezone.now(),
                )

        return work

    results = together(sign(first, [first, second], [worker]), sign(second, [first, second, worker], []))

    assert len(refusals(results)) == 1
    with acting_for(provider):
        review = AccessReview.objects.get()
        ended = set(Membership.objects.filter(ended_at__isnull=False).values_list("id", flat=True))
    assert set(review.ended_ids) == ended

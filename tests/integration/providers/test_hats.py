"""For whom a person may act, and for which cafés."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.hats import hats_of
from accounts.models import User
from accounts.roles import Role
from reports.permissions import SEE_OWN_FIGURES
from tests.factories import make_appointment, make_cafe, make_lead, make_membership, make_provider, make_user

pytestmark = pytest.mark.django_db
TODAY = date(2024, 6, 1)


@pytest.fixture
def user() -> User:
    return make_user()


def test_lead_of_one_cafe_who_does_the_books_of_all_leads_that_one_only(user: User) -> None:
    provider = make_provider()
    led = make_cafe(provider=provider)
    make_membership(provider=provider, user=user, role=Role.CAFE_LEAD, cafe_ids=[led.id])
    make_membership(provider=provider, user=user, role=Role.PROVIDER_FINANCE)

    (hat,) = hats_of(user, TODAY)

    assert hat.cafes_for(SEE_OWN_FIGURES) == {led.id}


def test_lead_of_one_cafe_who_manages_the_provider_sees_all(user: User) -> None:
    provider = make_provider()
    make_membership(provider=provider, user=user, role=Role.CAFE_LEAD, cafe_ids=[make_cafe(provider=provider).id])
    make_membership(provider=provider, user=user, role=Role.PROVIDER_MANAGER)

    (hat,) = hats_of(user, TODAY)

    assert hat.cafes_for(SEE_OWN_FIGURES) is None


def test_lead_of_two_cafes_by_two_memberships_leads_both(user: User) -> None:
    provider = make_provider()
    cafes = [make_cafe(provider=provider), make_cafe(provider=provider)]
    for cafe, since in zip(cafes, (date(2024, 1, 1), date(2024, 2, 1)), strict=True):
        make_membership(provider=provider, user=user, role=Role.CAFE_LEAD, cafe_ids=[cafe.id], since=since)

    (hat,) = hats_of(user, TODAY)

    assert hat.cafes_for(SEE_OWN_FIGURES) == {cafe.id for cafe in cafes}


def test_roles_with_two_providers_the_trust_and_a_neighbourhood_are_four_hats(user: User) -> None:
    for _ in range(2):
        make_membership(provider=make_provider(), user=user)
    make_appointment(user=user)
    make_lead(user=user)

    assert len({hat.key for hat in hats_of(user, TODAY)}) == 4


@pytest.mark.parametrize(
    ("since", "until", "held"),
    [
        (date(2024, 6, 1), None, True),
        (date(2024, 6, 2), None, False),
        (date(2024, 1, 1), date(2024, 6, 1), True),
        (date(2024, 1, 1), date(2024, 5, 31), False),
    ],
)
def test_role_is_held_from_its_first_day_to_its_last(user: User, since: date, until: date | None, held: bool) -> None:
    make_membership(provider=make_provider(), user=user, since=since, until=until)
    make_appointment(user=user, since=since, until=until)
    make_lead(user=user, since=since, until=until)

    assert len(hats_of(user, TODAY)) == (3 if held else 0)

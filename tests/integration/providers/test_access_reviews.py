"""The quarterly review of access: what it lists, what signing does, and when it is overdue."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Appointment
from accounts.roles import Role
from providers.models import AccessReview, Membership, NeighbourhoodLead, Provider, TrustAccessReview
from providers.selectors.access_reviews import review_state, roles_to_review
from providers.services.access_reviews import sign_review
from sutg.audit.models import ProviderEvent
from sutg.common.errors import DomainError
from sutg.common.periods import Period
from sutg.tenancy.scope import Actor
from tests.factories import (
    make_access_review,
    make_appointment,
    make_lead,
    make_membership,
    make_provider,
    make_trust_access_review,
    make_user,
)
from tests.factories.scoped import TESTS, acting_for, acting_for_trust
from tests.integration.cafes.test_return_pages import signed_in

pytestmark = pytest.mark.django_db
OWN, TRUST = "/people/access/reviews/", "/people/everybody/reviews/"
MAY = date(2026, 5, 20)


@pytest.fixture
def provider() -> Provider:
    return make_provider(name="Hearth Trust")


@pytest.fixture
def meena(provider: Provider) -> Membership:
    return make_membership(provider=provider, user=make_user(full_name="Meena Solanki"))


@pytest.fixture
def rose(provider: Provider) -> Membership:
    return make_membership(provider=provider, user=make_user(full_name="Rose Ahmed"), role=Role.CAFE_LEAD)


def sign(
    provider: Provider,
    kept: list[Membership],
    ended: list[Membership],
    *,
    by: Actor = TESTS,
    now: datetime | None = None,
) -> AccessReview:
    with acting_for(provider):
        return sign_review(  # type: ignore[return-value]
            kind=AccessReview,
            kept=[role.id for role in kept],
            ended=[role.id for role in ended],
            by=by,
            now=now or timezone.now(),
        )


def is_ended(membership: Membership) -> bool:
    with acting_for(membership.provider):
        return Membership.objects.get(id=membership.id).ended_at is not None


def answers(keep: list[Any], end: list[Any] = [], **more: str) -> dict[str, str]:  # noqa: B006
    given = {f"role_{role.id}": "keep" for role in keep} | {f"role_{role.id}": "end" for role in end}
    return given | {"signed": "on"} | more


def page_of(client: Client, path: str) -> str:
    return " ".join(client.get(path).content.decode().split())


def test_review_that_is_signed_keeps_who_when_and_what_and_ends_the_rest(
    provider: Provider, meena: Membership, rose: Membership
) -> None:
    by = Actor.user(meena.user_id)

    review = sign(provider, [meena], [rose], by=by)

    assert (review.kept_ids, review.ended_ids, review.signed_by) == ([meena.id], [rose.id], str(by))
    assert (is_ended(meena), is_ended(rose)) == (False, True)
    with acting_for(provider):
        signed = ProviderEvent.objects.get(name="access_reviewed", subject=review.id)
        ended = ProviderEvent.objects.get(name="membership_ended", subject=rose.id)
    assert (signed.detail["kept"], signed.detail["ended"]) == (1, 1)
    assert ended.detail["reason"] == "review"


def test_review_that_leaves_out_a_role_given_meanwhile_is_refused(
    provider: Provider, meena: Membership, rose: Membership
) -> None:
    with pytest.raises(DomainError, match="gave or ended a role meanwhile"):
        sign(provider, [meena], [])

    assert not is_ended(rose)


def test_second_review_of_a_quarter_is_refused_and_ends_nothing(
    provider: Provider, meena: Membership, rose: Membership
) -> None:
    sign(provider, [meena, rose], [])

    with pytest.raises(DomainError, match="signed already"):
        sign(provider, [meena], [rose])

    assert not is_ended(rose)


def test_reviewers_own_role_and_the_last_managers_cannot_be_ended_by_it(
    provider: Provider, meena: Membership, rose: Membership
) -> None:
    with pytest.raises(DomainError, match="role of your own"):
        sign(provider, [rose], [meena], by=Actor.user(meena.user_id))
    with pytest.raises(DomainError, match="last manager"):
        sign(provider, [], [rose, meena])

    assert (is_ended(meena), is_ended(rose)) == (False, False)
    with acting_for(provider):
        assert not AccessReview.objects.exists()


def test_role_of_another_provider_cannot_be_reviewed(provider: Provider, meena: Membership) -> None:
    other = make_membership(provider=make_provider())

    with pytest.raises(DomainError, match="meanwhile"):
        sign(provider, [meena], [other])

    assert not is_ended(other)


def test_signed_review_can_never_be_changed(provider: Provider) -> None:
    review = make_access_review(provider=provider)
    trusts = make_trust_access_review()

    with acting_for(provider), pytest.raises(DatabaseError), transaction.atomic():
        AccessReview.objects.filter(id=review.id).update(signed_by="user:nobody")
    with acting_for_trust(), pytest.raises(DatabaseError), transaction.atomic():
        TrustAccessReview.objects.filter(id=trusts.id).update(signed_by="user:nobody")


@pytest.mark.parametrize(
    ("since", "signed", "is_signed", "missed"),
    [
        (date(2026, 4, 2), [], False, None),
        (date(2024, 1, 1), ["2025-Q4"], False, None),
        (date(2024, 1, 1), ["2025-Q4", "2026-Q1"], True, None),
        (date(2024, 1, 1), ["2026-Q1"], True, None),
        (date(2024, 1, 1), ["2025-Q3"], False, "2025-Q4"),
        (date(2026, 3, 31), [], False, "2025-Q4"),
    ],
)
def test_review_is_overdue_once_a_quarter_has_ended_without_one(
    provider: Provider, since: date, signed: list[str], is_signed: bool, missed: str | None
) -> None:
    make_membership(provider=provider, since=since)
    for quarter in signed:
        make_access_review(provider=provider, quarter=quarter)

    with acting_for(provider):
        state = review_state(AccessReview, MAY)

    assert (state.is_signed, str(state.missed) if state.missed else None) == (is_signed, missed)


def test_review_of_the_trust_ends_appointments_and_leads(provider: Provider) -> None:
    administrator, officer, lead = make_appointment(role=Role.SERVICE_ADMINISTRATOR), make_appointment(), make_lead()
    with acting_for_trust():
        roles = {held.id for held in roles_to_review(TrustAccessReview, timezone.localdate())}
        ended = {officer.id, lead.id}

        sign_review(kind=TrustAccessReview, kept=roles - ended, ended=ended, by=TESTS, now=timezone.now())

        assert Appointment.objects.get(id=officer.id).ended_at is not None
        assert NeighbourhoodLead.objects.get(id=lead.id).ended_at is not None
        assert Appointment.objects.get(id=administrator.id).ended_at is None


def test_manager_reviews_signs_and_reads_what_was_signed(
    provider: Provider, meena: Membership, rose: Membership
) -> None:
    manager = signed_in(meena.user)
    assert "Rose Ahmed: Café lead, every café" in page_of(manager, f"{OWN}new/")

    response = manager.post(f"{OWN}new/", answers([meena], [rose]), follow=True)

    assert "Signed by Meena Solanki" in response.content.decode()
    with acting_for(provider):
        review = AccessReview.objects.get()
    page = page_of(manager, f"{OWN}{review.id}/")
    ended, kept = page.split("Kept</h2>")
    assert "Rose Ahmed: Café lead, every café" in ended
    assert "Meena Solanki: Provider manager" in kept
    assert "signed already" in " ".join(manager.get(f"{OWN}new/", follow=True).content.decode().split())


def test_review_with_a_role_unanswered_keeps_the_other_answers_and_signs_nothing(
    provider: Provider, meena: Membership, rose: Membership
) -> None:
    response = signed_in(meena.user).post(f"{OWN}new/", answers([meena]))

    page = " ".join(response.content.decode().split())
    assert "Select whether to keep or end: Rose Ahmed: Café lead, every café" in page
    assert page.count("checked") == 2
    with acting_for(provider):
        assert not AccessReview.objects.exists()


def test_review_that_is_refused_shows_why_and_keeps_the_answers(
    provider: Provider, meena: Membership, rose: Membership
) -> None:
    response = signed_in(meena.user).post(f"{OWN}new/", answers([rose], [meena]))

    page = " ".join(response.content.decode().split())
    assert "You cannot end a role of your own here" in page or "last manager" in page
    assert page.count("checked") == 3


def test_overdue_review_is_on_the_managers_and_the_administrators_home(meena: Membership) -> None:
    administrator = signed_in(make_appointment(role=Role.SERVICE_ADMINISTRATOR, since=date(2024, 1, 1)).user)

    pages = [page_of(signed_in(meena.user), "/"), page_of(administrator, "/")]

    for page, path in zip(pages, (OWN, TRUST), strict=True):
        assert f'href="{path}"' in page
        assert "Overdue" in page


def test_review_that_is_signed_is_no_task(provider: Provider, meena: Membership) -> None:
    make_access_review(provider=provider, quarter=str(Period.quarter_of(timezone.localdate())))

    assert "Review who has access" not in page_of(signed_in(meena.user), "/")


def test_administrator_signs_for_the_trust(provider: Provider, meena: Membership) -> None:
    dev = make_appointment(role=Role.SERVICE_ADMINISTRATOR, user=make_user(full_name="Dev Mistry"))
    officer = make_appointment(user=make_user(full_name="Grace Okafor"))
    administrator = signed_in(dev.user)
    asked = page_of(administrator, f"{TRUST}new/")

    response = administrator.post(f"{TRUST}new/", answers([dev], [officer]), follow=True)

    assert "Grace Okafor" in asked
    assert "Meena Solanki" not in asked
    assert "Signed by Dev Mistry" in response.content.decode()
    with acting_for_trust():
        review = TrustAccessReview.objects.get()
    assert "Grace Okafor" in page_of(administrator, f"{TRUST}{review.id}/")


@pytest.mark.parametrize("path", [OWN, f"{OWN}new/", TRUST, f"{TRUST}new/"])
def test_reviews_are_for_who_answers_for_access(provider: Provider, path: str) -> None:
    lead = make_membership(provider=provider, role=Role.CAFE_LEAD).user

    assert signed_in(lead).get(path).status_code == 403


def test_review_of_another_provider_or_of_nobody_is_not_found(meena: Membership) -> None:
    other = make_access_review(provider=make_provider())
    manager = signed_in(meena.user)

    assert {manager.get(f"{OWN}{review_id}/").status_code for review_id in (other.id, uuid.uuid4())} == {404}


def test_review_costs_as_many_queries_with_many_people_as_with_one(provider: Provider, meena: Membership) -> None:
    manager = signed_in(meena.user)
    review = make_access_review(provider=provider, kept_ids=[meena.id])

    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert manager.get(path).status_code == 200
        return len(captured)

    paths = [OWN, f"{OWN}new/", f"{OWN}{review.id}/", "/"]
    few = [queries(path) for path in paths]
    for number in range(5):
        make_membership(provider=provider, role=Role.CAFE_LEAD)
        make_access_review(provider=provider, quarter=f"2023-Q{number}" if number else "2022-Q1")

    assert [queries(path) for path in paths] == few

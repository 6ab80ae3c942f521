"""Leaving: access ends at once, everywhere, and whole or not at all."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from allauth.idp.oidc.models import Client as ApiClient
from allauth.idp.oidc.models import Token
from django.test import Client
from django.utils import timezone

from accounts.hats import hats_of, scope_of
from accounts.leaving import Departure, consequences_of
from accounts.models import Appointment, User
from accounts.roles import Role
from accounts.services.api_clients import create_api_client
from accounts.services.appointments import end_appointment
from accounts.standing import may_still_act
from cafes.models import Tablet
from providers import tasks
from providers.models import Invitation, Membership, NeighbourhoodLead, Provider, TrustInvitation
from providers.services.acceptance import accept_invitation
from providers.services.leaving import end_lead, end_membership, leave_everywhere, leave_provider
from providers.services.providers import grant_membership
from sutg.audit.models import ProviderEvent, TrustEvent
from sutg.common.errors import DomainError, NotFound
from sutg.tenancy.scope import Actor, Scope
from sutg.tenancy.tasks import HEADER
from tests.factories import (
    make_appointment,
    make_cafe,
    make_invitation,
    make_lead,
    make_membership,
    make_provider,
    make_tablet,
    make_trust_invitation,
    make_user,
)
from tests.factories.scoped import TESTS, acting_for, acting_for_trust
from tests.integration.providers.test_invitations import opened

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def provider() -> Provider:
    return make_provider(name="Hearth Trust")


@pytest.fixture
def manager(provider: Provider) -> User:
    return make_membership(provider=provider).user


@pytest.fixture
def leaver(provider: Provider, manager: User) -> User:
    """A second manager, who also leads a café."""
    user = make_user(full_name="Rose Ahmed", email="rose@example.org")
    make_membership(provider=provider, user=user)
    make_membership(provider=provider, user=user, role=Role.CAFE_LEAD)
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def leave(provider: Provider, user: User, **fields: Any) -> None:
    with acting_for(provider):
        leave_provider(user_id=user.id, by=TESTS, now=timezone.now(), **fields)


def leave_all(user: User) -> None:
    with acting_for_trust():
        leave_everywhere(user_id=user.id, by=TESTS, now=timezone.now())


def program_of(user: User) -> ApiClient:
    """A program under the person's first hat."""
    client, _ = create_api_client(user=user, hat=hats_of(user, timezone.localdate())[0], name="Monthly", by=TESTS)
    return client


def test_open_session_of_a_person_who_left_opens_nothing_in_the_next_request(provider: Provider, leaver: User) -> None:
    browser = signed_in(leaver)
    assert browser.get("/people/invitations/").status_code == 200

    leave(provider, leaver)

    assert browser.get("/people/invitations/").status_code == 403
    assert hats_of(leaver, timezone.localdate()) == []


def test_person_who_left_everywhere_is_signed_out(leaver: User) -> None:
    browser = signed_in(leaver)

    leave_all(leaver)

    response = browser.get("/")
    assert (response.status_code, "login" in response.url) == (302, True)


def test_programs_of_a_person_who_left_are_gone_with_their_tokens(provider: Provider, leaver: User) -> None:
    client = program_of(leaver)
    Token.objects.create(client=client, type=Token.Type.ACCESS_TOKEN, hash="x", expires_at=timezone.now())

    leave(provider, leaver)

    assert not ApiClient.objects.filter(id=client.id).exists()
    assert not Token.objects.filter(hash="x").exists()


def test_program_for_another_organisation_stays(provider: Provider, leaver: User) -> None:
    other = make_provider(name="Aspen")
    make_membership(provider=other, user=leaver)
    (hat,) = [hat for hat in hats_of(leaver, timezone.localdate()) if hat.provider_id == other.id]
    client, _ = create_api_client(user=leaver, hat=hat, name="Theirs", by=TESTS)

    leave(provider, leaver)

    assert ApiClient.objects.filter(id=client.id).exists()
    assert [hat.label for hat in hats_of(leaver, timezone.localdate())] == ["Aspen"]


def test_queued_task_of_a_person_who_left_does_nothing(provider: Provider, leaver: User, mailoutbox: list[Any]) -> None:
    invitation = make_invitation(provider=provider, mail="queued", mail_due_at=timezone.now())
    headers = {HEADER: Scope.provider(Actor.user(leaver.id), provider.id).as_wire()}
    leave(provider, leaver)

    tasks.send_invitation.apply(args=["provider", str(invitation.id)], headers=headers)

    assert mailoutbox == []


def test_queued_task_of_a_person_who_stays_runs(provider: Provider, manager: User, mailoutbox: list[Any]) -> None:
    invitation = make_invitation(provider=provider, mail="queued", mail_due_at=timezone.now())
    headers = {HEADER: Scope.provider(Actor.user(manager.id), provider.id).as_wire()}

    tasks.send_invitation.apply(args=["provider", str(invitation.id)], headers=headers, throw=True)

    assert len(mailoutbox) == 1


def test_queued_task_of_trust_people_runs_under_their_own_scope(mailoutbox: list[Any]) -> None:
    user = make_appointment(role=Role.SERVICE_ADMINISTRATOR).user
    (hat,) = hats_of(user, timezone.localdate())
    invitation = make_trust_invitation(mail="queued", mail_due_at=timezone.now())

    headers = {HEADER: scope_of(user, hat).as_wire()}
    tasks.send_invitation.apply(args=["trust", str(invitation.id)], headers=headers, throw=True)

    assert len(mailoutbox) == 1


def test_person_may_act_under_the_scopes_that_they_hold_and_no_other(leaver: User, provider: Provider) -> None:
    lead, officer = make_lead(user=make_user()).user, make_appointment().user
    (led,) = hats_of(lead, timezone.localdate())
    by = Actor.user

    answers = [
        may_still_act(scope_of(lead, led)),
        may_still_act(Scope.provider(by(officer.id), provider.id)),  # the trust's officer handles a return
        may_still_act(Scope.provider(TESTS, provider.id)),
        may_still_act(Scope.report(by(lead.id), neighbourhood_codes=frozenset({"RUT01"}))),
        may_still_act(Scope.provider(by(leaver.id), make_provider().id)),
        may_still_act(Scope.trust(by(leaver.id))),
        may_still_act(Scope.trust(by(uuid.uuid4()))),
    ]

    assert answers == [True, True, True, False, False, False, False]


def test_invitations_from_and_to_a_person_who_left_are_taken_back(provider: Provider, leaver: User) -> None:
    sent = make_invitation(provider=provider, invited_by=str(Actor.user(leaver.id)))
    received = make_invitation(provider=provider, email=leaver.email, role=Role.PROVIDER_FINANCE)
    anothers = make_invitation(provider=provider)

    leave(provider, leaver)

    with acting_for(provider):
        open_ids = set(Invitation.objects.open().values_list("id", flat=True))
    assert open_ids & {sent.id, received.id, anothers.id} == {anothers.id}


def test_links_that_enrol_a_tablet_are_void_after_somebody_left(provider: Provider, leaver: User) -> None:
    soon = timezone.now() + timedelta(minutes=10)
    cafe = make_cafe(provider=provider)
    tablet = make_tablet(provider=provider, cafe=cafe, name="Front desk", code_digest="d", code_expires_at=soon)

    with acting_for(provider):
        said = consequences_of(Departure(leaver, f"provider:{provider.id}", provider.id))
    leave(provider, leaver)

    assert any("Front desk" in sentence for sentence in said)
    with acting_for(provider):
        tablet = Tablet.objects.get(id=tablet.id)
        assert (tablet.code_digest, tablet.code_expires_at, tablet.revoked_at) == ("", None, None)


def test_role_yet_to_begin_ends_too(provider: Provider, leaver: User) -> None:
    make_membership(provider=provider, user=leaver, role=Role.CAFE_WORKER, since=date(2199, 1, 1))

    leave(provider, leaver)

    with acting_for(provider):
        assert not Membership.objects.standing().filter(user=leaver).exists()


def test_ended_role_says_when_and_by_whom_and_is_in_the_record(provider: Provider, leaver: User) -> None:
    leave(provider, leaver)

    with acting_for(provider):
        rows = list(Membership.objects.filter(user=leaver))
        names = list(ProviderEvent.objects.values_list("name", flat=True))
    assert {row.ended_by for row in rows} == {str(TESTS)}
    assert all(row.ended_at for row in rows)
    assert (names.count("membership_ended"), names.count("person_left")) == (2, 1)


def test_last_role_of_several_takes_the_programs_with_it(provider: Provider, leaver: User) -> None:
    client = program_of(leaver)
    with acting_for(provider):
        first, second = Membership.objects.filter(user=leaver).order_by("role")

    with acting_for(provider):
        end_membership(membership_id=first.id, by=TESTS, now=timezone.now())
    still_there = ApiClient.objects.filter(id=client.id).exists()
    with acting_for(provider):
        end_membership(membership_id=second.id, by=TESTS, now=timezone.now())

    assert still_there
    assert not ApiClient.objects.filter(id=client.id).exists()


def test_last_manager_cannot_leave_and_nothing_is_half_done(provider: Provider, manager: User) -> None:
    make_membership(provider=provider, user=manager, role=Role.CAFE_LEAD)

    with pytest.raises(DomainError, match="last manager"):
        leave(provider, manager)

    with acting_for(provider):
        assert Membership.objects.standing().filter(user=manager).count() == 2


def test_last_manager_cannot_give_up_that_role_alone(provider: Provider, manager: User) -> None:
    with acting_for(provider):
        membership = Membership.objects.get(user=manager)

    with acting_for(provider), pytest.raises(DomainError, match="last manager"):
        end_membership(membership_id=membership.id, by=TESTS, now=timezone.now())


def test_manager_whose_account_is_closed_is_no_other_manager(provider: Provider, manager: User) -> None:
    gone = make_user(is_active=False)
    make_membership(provider=provider, user=gone)

    with pytest.raises(DomainError, match="last manager"):
        leave(provider, manager)


def test_trust_decides_about_a_last_manager(provider: Provider, manager: User) -> None:
    leave_all(manager)

    with acting_for(provider):
        assert not Membership.objects.standing().exists()


def test_leaving_everywhere_ends_every_role_of_every_organisation(provider: Provider, leaver: User) -> None:
    other = make_provider()
    make_membership(provider=other, user=leaver)
    make_appointment(user=leaver)
    make_lead(user=leaver)
    asked = make_trust_invitation(email=leaver.email)

    leave_all(leaver)

    assert hats_of(leaver, timezone.localdate()) == []
    with acting_for_trust():
        assert not Appointment.objects.standing().filter(user=leaver).exists()
        assert not NeighbourhoodLead.objects.standing().filter(user=leaver).exists()
        assert not TrustInvitation.objects.open().filter(id=asked.id).exists()
        assert TrustEvent.objects.filter(name="person_left_everywhere", subject=leaver.id).count() == 1


def test_failure_in_the_middle_leaves_the_person_whole(leaver: User, provider: Provider) -> None:
    make_appointment(user=leaver, role=Role.SERVICE_ADMINISTRATOR)

    with pytest.raises(DomainError, match="last service administrator"):
        leave_all(leaver)

    with acting_for(provider):
        assert Membership.objects.standing().filter(user=leaver).count() == 2
    with acting_for_trust():
        assert User.objects.get(id=leaver.id).is_active


def test_administrator_cannot_remove_themselves(leaver: User) -> None:
    with acting_for_trust(), pytest.raises(DomainError, match="yourself"):
        leave_everywhere(user_id=leaver.id, by=Actor.user(leaver.id), now=timezone.now())


def test_person_of_another_provider_is_not_found(provider: Provider) -> None:
    theirs = make_membership(provider=make_provider())

    with pytest.raises(NotFound):
        leave(provider, theirs.user)
    with acting_for(provider), pytest.raises(NotFound):
        end_membership(membership_id=theirs.id, by=TESTS, now=timezone.now())


def test_ended_trust_roles_end_once(leaver: User) -> None:
    appointment, lead = make_appointment(user=leaver), make_lead(user=leaver)
    with acting_for_trust():
        end_appointment(appointment_id=appointment.id, by=TESTS, now=timezone.now())
        end_lead(lead_id=lead.id, by=TESTS, now=timezone.now())

    with acting_for_trust(), pytest.raises(NotFound):
        end_appointment(appointment_id=appointment.id, by=TESTS, now=timezone.now())
    with acting_for_trust(), pytest.raises(NotFound):
        end_lead(lead_id=lead.id, by=TESTS, now=timezone.now())


def test_role_may_be_given_again_on_the_day_on_which_it_ended(provider: Provider, leaver: User) -> None:
    with acting_for(provider):
        since = Membership.objects.filter(user=leaver, role=Role.CAFE_LEAD).get().since
    leave(provider, leaver)

    with acting_for(provider):
        grant_membership(provider=provider, user=leaver, role=Role.CAFE_LEAD, since=since, by=TESTS)

    assert [hat.roles for hat in hats_of(leaver, timezone.localdate())] == [{Role.CAFE_LEAD}]


def test_person_who_comes_back_by_invitation_has_the_account_again(provider: Provider, leaver: User) -> None:
    leave_all(leaver)
    link = opened(make_invitation(provider=provider, email=leaver.email))

    back = accept_invitation(link=link, now=timezone.now(), full_name="Rose Ahmed", password="three random words")

    assert (back.id, back.is_active) == (leaver.id, True)
    (hat,) = hats_of(back, timezone.localdate())
    assert hat.roles == {Role.CAFE_WORKER}

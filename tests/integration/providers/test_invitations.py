"""Invitations: from the form to the mail, from the link to the role."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from accounts.models import Appointment, User
from accounts.roles import Role
from accounts.services.people import find_person
from providers.links import Link, new_link, read_link
from providers.models import (
    Invitation,
    MailState,
    Membership,
    Neighbourhood,
    NeighbourhoodLead,
    Provider,
    TrustInvitation,
)
from providers.services.acceptance import accept_invitation
from providers.services.invitation_mail import MOST_ATTEMPTS, claim_mail
from providers.services.invitations import invite, invite_for_trust, resend_invitation, revoke_invitation
from providers.tasks import take_up_left_invitations
from sutg.audit.models import ProviderEvent, TrustEvent
from sutg.common.errors import DomainError, NotFound
from tests.factories import (
    make_appointment,
    make_cafe,
    make_invitation,
    make_membership,
    make_provider,
    make_trust_invitation,
    make_user,
)
from tests.factories.scoped import TESTS, acting_for, acting_for_trust

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PASSWORD = "correct horse battery"
NEW_PERSON = {"full_name": "Zoë Ní Dhomhnaill", "password": PASSWORD}


@pytest.fixture
def provider() -> Provider:
    return make_provider(name="Hearth Trust", slug="hearth-trust")


@pytest.fixture
def manager(provider: Provider) -> User:
    return make_membership(provider=provider, user=make_user(full_name="Meena Solanki")).user


@pytest.fixture
def jobs_run_at_once(settings: Any) -> Iterator[None]:
    """Celery's messages are handed to the worker's code in the same moment."""
    from sutg.celery import app

    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def filled(**fields: Any) -> dict[str, Any]:
    day = timezone.localdate()
    return {
        "email": "New.Person@Example.org",
        "role": "cafe_lead",
        "since_day": day.day,
        "since_month": day.month,
        "since_year": day.year,
        **fields,
    }


def sent_link() -> str:
    (found,) = re.findall(r"http://\S+(/invitation/\S+/)", mail.outbox[-1].body)
    return found


def opened(row: Any) -> Link:
    """A link that opens a planted invitation."""
    provider_id = row.provider_id if isinstance(row, Invitation) else None
    link = new_link(provider_id, row.id)
    with acting_for(row.provider) if provider_id else acting_for_trust():
        type(row).objects.filter(id=row.id).update(digest=link.digest)
    return link


def path_of(link: Link) -> str:
    return f"/invitation/{link.as_text()}/"


@pytest.mark.usefixtures("jobs_run_at_once")
def test_manager_invites_and_a_new_person_accepts_once(
    provider: Provider, manager: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    cafe = make_cafe(provider=provider, name="The Hearth")
    with django_capture_on_commit_callbacks(execute=True):
        signed_in(manager).post("/people/invitations/new/", filled(cafes=[str(cafe.id)]))
    newcomer = Client()

    shown = newcomer.get(sent_link())
    accepted = newcomer.post(sent_link(), NEW_PERSON, follow=True)
    again = Client().post(sent_link(), NEW_PERSON)

    assert "café lead with Hearth Trust" in shown.text
    assert "You are now café lead with Hearth Trust" in accepted.text
    assert (again.status_code, "cannot be used" in again.text) == (404, True)
    person = find_person("new.person@example.org")
    assert person is not None
    assert person.check_password(PASSWORD)
    with acting_for(provider):
        membership = Membership.objects.get(user=person)
        assert (membership.role, membership.cafe_ids) == ("cafe_lead", [cafe.id])
        names = set(ProviderEvent.objects.values_list("name", flat=True))
    assert {"invited", "invitation_mailed", "invitation_accepted", "membership_granted"} <= names


@pytest.mark.usefixtures("jobs_run_at_once")
def test_mail_says_who_invites_to_what_and_nothing_else(
    manager: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        signed_in(manager).post("/people/invitations/new/", filled())

    (message,) = mail.outbox

    assert message.to == ["new.person@example.org"]
    assert message.body.startswith("Meena Solanki invites you to join Step Up to Great as café lead with Hearth Trust.")
    assert "new.person" not in message.body


@pytest.mark.usefixtures("jobs_run_at_once")
def test_secret_of_the_link_is_kept_as_a_hash_alone(
    provider: Provider, manager: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        signed_in(manager).post("/people/invitations/new/", filled())
    link = read_link(sent_link().split("/")[2])

    with acting_for(provider):
        row = Invitation.objects.values().get()

    assert link is not None
    assert row["digest"] == link.digest
    assert link.secret.hex() not in repr(row)


def test_inviter_sees_the_same_for_an_address_with_an_account_and_without(manager: User) -> None:
    make_user(email="known@example.org")
    client = signed_in(manager)

    answers = [client.post("/people/invitations/new/", filled(email=f"{who}@example.org")) for who in ("known", "nova")]
    page = client.get("/people/invitations/").text

    assert {(answer.status_code, answer.url) for answer in answers} == {(302, "/people/invitations/")}
    rows = re.findall(r"<tr class=\"nhsuk-table__row\".*?</tr>", page, re.DOTALL)
    known, nova = (re.sub(r"[0-9a-f-]{36}|known|nova|value=\"\w+\"", "", row) for row in rows)
    assert known == nova


def test_person_with_an_account_must_sign_in_to_accept(provider: Provider) -> None:
    make_user(email="known@example.org")
    link = opened(make_invitation(provider=provider, email="known@example.org"))

    shown = Client().get(path_of(link))
    forced = Client().post(path_of(link), NEW_PERSON)

    assert "You have an account already" in shown.text
    assert "You have an account already" in forced.text
    with acting_for(provider):
        assert Membership.objects.count() == 0


def test_signed_in_person_adds_a_second_provider_with_one_click(provider: Provider) -> None:
    user = make_membership(provider=make_provider(), user=make_user(email="both@example.org")).user
    link = opened(make_invitation(provider=provider, email="both@example.org"))

    response = signed_in(user).post(path_of(link), follow=True)

    assert "You are now café worker with Hearth Trust" in response.text
    with acting_for(provider):
        assert Membership.objects.get().user_id == user.id


def test_somebody_else_signed_in_is_told_to_sign_out_and_gets_nothing(provider: Provider) -> None:
    link = opened(make_invitation(provider=provider))

    response = signed_in(make_user()).post(path_of(link))

    assert "another email address" in response.text
    with acting_for(provider):
        assert Membership.objects.count() == 0


@pytest.mark.parametrize(
    "ended",
    [
        {"expires_at": timezone.now() - timedelta(seconds=1)},
        {"revoked_at": timezone.now(), "revoked_by": "job:tests"},
        {"accepted_at": timezone.now(), "accepted_by": "job:tests"},
    ],
    ids=["expired", "revoked", "accepted"],
)
def test_link_that_ended_answers_like_one_that_never_was(provider: Provider, ended: dict[str, Any]) -> None:
    link = opened(make_invitation(provider=provider, **ended))
    never = new_link(provider.id, uuid.uuid4())

    answers = [Client().post(path_of(any_link), NEW_PERSON) for any_link in (link, never)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    with pytest.raises(DomainError):
        accept_invitation(link=link, now=timezone.now(), **NEW_PERSON)


@pytest.mark.parametrize("text", ["", "x", "é", "A" * 107, "A" * 400, "=" * 9, "../.."])
def test_text_that_we_did_not_seal_is_no_link(text: str) -> None:
    assert read_link(text) is None


def test_link_with_another_providers_id_put_in_is_no_link() -> None:
    link = new_link(uuid.uuid4(), uuid.uuid4())
    sealed = link.as_text()

    forged = Link(link.purpose, uuid.uuid4(), link.row_id, link.secret).as_text()[:-22] + sealed[-22:]

    assert read_link(sealed) == link
    assert read_link(forged) is None


def test_secret_of_one_invitation_does_not_open_another(provider: Provider) -> None:
    link = opened(make_invitation(provider=provider))
    other = make_invitation(provider=provider)

    response = Client().get(path_of(Link(link.purpose, provider.id, other.id, link.secret)))

    assert response.status_code == 404


def test_same_invitation_twice_is_refused_while_it_is_open(provider: Provider) -> None:
    given = {"provider": provider, "email": "a@example.org", "role": Role.CAFE_LEAD, "since": timezone.localdate()}
    with acting_for(provider):
        invite(**given, by=TESTS, now=timezone.now())
        with pytest.raises(DomainError, match="open invitation"):
            invite(**{**given, "email": "A@example.org"}, by=TESTS, now=timezone.now())

        later = invite(**given, by=TESTS, now=timezone.now() + timedelta(days=8))
        states = set(Invitation.objects.values_list("id", "revoked_by"))

    assert (later.id, "") in states
    assert len(states) == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"role": Role.GRANT_OFFICER}, "role"),
        ({"cafe_ids": [uuid.uuid4()]}, "cafes"),
        ({"role": Role.PROVIDER_FINANCE, "cafe_ids": [uuid.uuid4()]}, "cafes"),
        ({"until": date(2020, 1, 1)}, "until"),
    ],
)
def test_invitation_that_makes_no_sense_is_refused(provider: Provider, changes: dict[str, Any], field: str) -> None:
    given = {"email": "a@example.org", "role": Role.CAFE_LEAD, "since": timezone.localdate(), **changes}

    with acting_for(provider), pytest.raises(DomainError) as refusal:
        invite(provider=provider, by=TESTS, now=timezone.now(), **given)

    assert refusal.value.field == field


def test_cafe_of_another_provider_is_refused(provider: Provider) -> None:
    foreign = make_cafe(provider=make_provider())

    with acting_for(provider), pytest.raises(DomainError, match="from the list"):
        invite(
            provider=provider,
            email="a@example.org",
            role=Role.CAFE_LEAD,
            since=timezone.localdate(),
            cafe_ids=[foreign.id],
            by=TESTS,
            now=timezone.now(),
        )


def test_invitation_of_another_provider_is_not_found(provider: Provider) -> None:
    foreign = make_invitation(provider=make_provider())

    for service in (resend_invitation, revoke_invitation):
        with acting_for(provider), pytest.raises(NotFound):
            service(kind=Invitation, invitation_id=foreign.id, by=TESTS, now=timezone.now())


def test_invitation_sent_again_stops_the_earlier_link(provider: Provider) -> None:
    row = make_invitation(provider=provider, expires_at=timezone.now() - timedelta(days=1))
    link = opened(row)
    with acting_for(provider):
        resend_invitation(kind=Invitation, invitation_id=row.id, by=TESTS, now=timezone.now())
        claimed = claim_mail(kind=Invitation, invitation_id=row.id, now=timezone.now())

    assert claimed is not None
    assert Client().get(path_of(link)).status_code == 404
    assert Client().get(path_of(claimed[1])).status_code == 200


def test_accepted_invitation_is_neither_sent_again_nor_taken_back(provider: Provider) -> None:
    row = make_invitation(provider=provider, accepted_at=timezone.now(), accepted_by="job:tests")

    for service in (resend_invitation, revoke_invitation):
        with acting_for(provider), pytest.raises(DomainError, match="accepted"):
            service(kind=Invitation, invitation_id=row.id, by=TESTS, now=timezone.now())


class AwayBackend(EmailBackend):
    """A mail server that cannot be reached."""

    def send_messages(self, messages: Any) -> int:
        raise ConnectionRefusedError


def test_mail_server_away_keeps_the_mail_and_a_sweep_sends_it(
    provider: Provider, settings: Any, jobs_run_at_once: None
) -> None:
    row = make_invitation(provider=provider, mail=MailState.QUEUED, mail_due_at=timezone.now())
    settings.EMAIL_BACKEND = f"{__name__}.AwayBackend"
    take_up_left_invitations()
    with acting_for(provider):
        waiting = Invitation.objects.get(id=row.id)
        Invitation.objects.filter(id=row.id).update(mail_due_at=timezone.now())
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    take_up_left_invitations()

    with acting_for(provider):
        sent = Invitation.objects.get(id=row.id)
    assert (waiting.mail, waiting.mail_attempts) == (MailState.QUEUED, 1)
    assert (sent.mail, len(mail.outbox)) == (MailState.SENT, 1)


def test_mail_that_fails_for_a_day_is_left_to_a_person_who_is_told(
    provider: Provider, manager: User, settings: Any, jobs_run_at_once: None
) -> None:
    make_invitation(
        provider=provider, mail=MailState.QUEUED, mail_due_at=timezone.now(), mail_attempts=MOST_ATTEMPTS - 1
    )
    settings.EMAIL_BACKEND = f"{__name__}.AwayBackend"
    take_up_left_invitations()

    client = signed_in(manager)

    assert "1 not sent" in client.get("/").text
    assert "could not be sent" in client.get("/people/invitations/").text


def test_mail_claimed_by_one_worker_is_not_sent_by_another(provider: Provider) -> None:
    row = make_invitation(provider=provider, mail=MailState.QUEUED, mail_due_at=timezone.now())

    with acting_for(provider):
        first = claim_mail(kind=Invitation, invitation_id=row.id, now=timezone.now())
        second = claim_mail(kind=Invitation, invitation_id=row.id, now=timezone.now())

    assert first is not None
    assert second is None


@pytest.mark.parametrize(
    ("role", "given"),
    [
        (Role.GRANT_OFFICER, {}),
        (Role.PATHWAY_CLINICIAN, {"team": "Central Access Point"}),
        (Role.NEIGHBOURHOOD_LEAD, {"neighbourhoods": ["LEI01", "LEI02"]}),
        (Role.PROVIDER_MANAGER, {"organisation": "a provider"}),
    ],
)
def test_administrators_invitation_accepted_gives_its_role(
    role: Role, given: dict[str, Any], provider: Provider
) -> None:
    if "organisation" in given:
        given = {"organisation": provider}
    if "neighbourhoods" in given:
        given = {"neighbourhoods": list(Neighbourhood.objects.filter(code__in=given["neighbourhoods"]))}
    with acting_for_trust():
        row = invite_for_trust(
            email="a@example.org", role=role, since=timezone.localdate(), by=TESTS, now=timezone.now(), **given
        )

    person = accept_invitation(link=opened(row), now=timezone.now(), **NEW_PERSON)

    with acting_for(provider):
        held = Membership.objects.filter(user=person).count()
    held += Appointment.objects.filter(user=person, role=role).count()
    held += NeighbourhoodLead.objects.filter(user=person).count()
    assert held == len(given.get("neighbourhoods", [1]))
    assert TrustEvent.objects.filter(name="invitation_accepted", subject=row.id).exists()


@pytest.mark.parametrize(
    ("role", "given", "field"),
    [
        (Role.CAFE_LEAD, {}, "role"),
        (Role.PATHWAY_CLINICIAN, {}, "team"),
        (Role.NEIGHBOURHOOD_LEAD, {}, "neighbourhoods"),
        (Role.PROVIDER_MANAGER, {}, "organisation"),
        (Role.GRANT_OFFICER, {"team": "A team"}, "team"),
    ],
)
def test_administrators_invitation_without_what_its_role_needs_is_refused(
    role: Role, given: dict[str, Any], field: str
) -> None:
    with acting_for_trust(), pytest.raises(DomainError) as refusal:
        invite_for_trust(
            email="a@example.org", role=role, since=timezone.localdate(), by=TESTS, now=timezone.now(), **given
        )

    assert refusal.value.field == field


def test_administrator_invites_by_the_page_and_takes_back(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    client = signed_in(make_appointment(role=Role.SERVICE_ADMINISTRATOR).user)
    wrong = client.post("/people/invitations/new/", filled(role="pathway_clinician"))
    client.post("/people/invitations/new/", filled(role="grant_officer", team="left from a changed choice"))
    with acting_for_trust():
        row = TrustInvitation.objects.get()

    client.post(f"/people/trust-invitations/{row.id}/resend/")
    page = client.post(f"/people/trust-invitations/{row.id}/revoke/", follow=True)

    assert "Enter the receiving team" in wrong.text
    assert "was taken back" in page.text
    assert "Revoked" in page.text


def test_weak_password_is_refused_and_the_name_kept(provider: Provider) -> None:
    link = opened(make_invitation(provider=provider))

    response = Client().post(path_of(link), {"full_name": "Zoë Ash", "password": "password1234"})

    assert "too common" in response.text
    assert 'value="Zoë Ash"' in response.text


@pytest.mark.parametrize("many", [1, 12])
def test_list_of_invitations_costs_the_same_for_one_and_many(
    provider: Provider, manager: User, many: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(manager)
    for _ in range(many):
        make_invitation(provider=provider, invited_by=f"user:{manager.id}")
    make_trust_invitation()
    client.get("/people/invitations/")

    with django_assert_num_queries(QUERIES):
        page = client.get("/people/invitations/?state=pending")

    assert page.text.count("Take back") == 2 * many


QUERIES = 25

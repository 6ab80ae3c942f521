"""A second step to sign in: who needs one, how it is set up, used and lost."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.roles import HeldFor, Role
from accounts.services.factors import count_under_other_keys, open_secret, remove_factors, reseal_secrets
from providers.models import Provider
from sutg.audit.models import TrustEvent
from sutg.common.errors import NotFound
from sutg.common.ids import new_id
from sutg.privacy.keys import KeyRing
from tests.factories import make_appointment, make_provider
from tests.factories.scoped import TESTS
from tests.integration.accounts.guessing import PASSWORD, try_password
from tests.integration.accounts.second_steps import code_of, person, set_up, signed_in

pytestmark = pytest.mark.django_db
NEED_ONE = [role for role in Role if role is Role.PROVIDER_MANAGER or role.held_for in {HeldFor.TRUST, HeldFor.PATHWAY}]


@pytest.fixture(autouse=True)
def nobody_counted() -> None:
    cache.clear()


@pytest.fixture
def provider() -> Provider:
    return make_provider()


@pytest.mark.parametrize("role", NEED_ONE)
def test_role_that_needs_a_second_step_opens_nothing_before_it(role: Role, provider: Provider) -> None:
    client = signed_in(person(role, provider))

    pages = [client.get(path) for path in ("/", "/cafes/", "/roles/", "/figures/")]
    change = client.post(reverse("accounts:change_hat"), {"hat": "trust"})

    assert {(page.status_code, page.headers["Location"]) for page in [*pages, change]} == {(302, reverse("mfa_index"))}
    assert client.get("/api/v1/activity").status_code == 401


@pytest.mark.parametrize("role", [role for role in Role if role not in NEED_ONE])
def test_role_that_needs_none_is_let_in_by_its_password(role: Role, provider: Provider) -> None:
    assert signed_in(person(role, provider)).get("/").status_code == 200


def test_person_with_two_hats_is_held_to_the_stricter(provider: Provider) -> None:
    user = person(Role.CAFE_WORKER, provider)
    make_appointment(user=user, role=Role.GRANT_OFFICER)

    assert signed_in(user).get("/").status_code == 302


def test_next_sign_in_asks_for_the_code_and_takes_each_once(
    provider: Provider, django_capture_on_commit_callbacks: Any
) -> None:
    user = person(Role.PROVIDER_MANAGER, provider)
    secret = set_up(signed_in(user), django_capture_on_commit_callbacks)
    first, second = signed_in(user), signed_in(user)
    code = code_of(secret)

    before = first.get("/").status_code
    wrong = first.post(reverse("mfa_authenticate"), {"code": "000000"})
    right = first.post(reverse("mfa_authenticate"), {"code": code})
    replayed = second.post(reverse("mfa_authenticate"), {"code": code})

    assert before == 302
    assert "The code is not right" in wrong.text
    assert (right.status_code, first.get("/").status_code) == (302, 200)
    assert "The code is not right" in replayed.text
    assert second.get("/").status_code == 302


def test_recovery_code_lets_in_once(provider: Provider, django_capture_on_commit_callbacks: Any) -> None:
    user = person(Role.PROVIDER_MANAGER, provider)
    client = signed_in(user)
    set_up(client, django_capture_on_commit_callbacks)
    code = re.findall(r"<code>(\d{8})</code>", client.get(reverse("mfa_view_recovery_codes")).text)[0]
    first, second = signed_in(user), signed_in(user)

    first.post(reverse("mfa_authenticate"), {"code": code})
    second.post(reverse("mfa_authenticate"), {"code": code})

    assert first.get("/").status_code == 200
    assert second.get("/").status_code == 302


def test_codes_are_counted_as_passwords_are(provider: Provider, django_capture_on_commit_callbacks: Any) -> None:
    user = person(Role.PROVIDER_MANAGER, provider)
    secret = set_up(signed_in(user), django_capture_on_commit_callbacks)
    client = signed_in(user)

    for number in range(6):
        client.post(reverse("mfa_authenticate"), {"code": f"00000{number}"})
    page = client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})

    assert "There were too many tries" in page.text


def test_session_from_before_the_factor_has_to_use_it(
    provider: Provider, django_capture_on_commit_callbacks: Any
) -> None:
    user = person(Role.PROVIDER_MANAGER, provider)
    older = signed_in(user)
    set_up(signed_in(user), django_capture_on_commit_callbacks)

    response = older.get("/cafes/")

    assert response.headers["Location"] == f"{reverse('mfa_reauthenticate')}?next=%2Fcafes%2F"


def test_last_factor_stays_while_the_role_needs_one(
    provider: Provider, django_capture_on_commit_callbacks: Any
) -> None:
    user = person(Role.PROVIDER_MANAGER, provider)
    client = signed_in(user)
    set_up(client, django_capture_on_commit_callbacks)

    page = client.post(reverse("mfa_deactivate_totp"))

    assert "Set up another way before you remove this one" in page.text
    assert Authenticator.objects.filter(user=user, type="totp").exists()


def test_last_passkey_stays_while_the_role_needs_one(provider: Provider) -> None:
    user = person(Role.PROVIDER_MANAGER, provider)
    passkey = Authenticator.objects.create(user=user, type="webauthn", data={"name": "Phone", "credential": {}})
    client = Client()
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"][0]["at"] = time.time()
    session.save()

    client.post(reverse("mfa_remove_webauthn", args=[passkey.pk]))

    assert Authenticator.objects.filter(pk=passkey.pk).exists()


def test_secrets_lie_sealed(provider: Provider, django_capture_on_commit_callbacks: Any) -> None:
    user = person(Role.PROVIDER_MANAGER, provider)
    secret = set_up(signed_in(user), django_capture_on_commit_callbacks)

    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM mfa_authenticator WHERE user_id = %s", [user.pk])
        stored = " ".join(row[0] for row in cursor.fetchall())

    assert secret not in stored
    assert open_secret(Authenticator.objects.get(user=user, type="totp").data["secret"]) == secret


def test_secrets_follow_the_keys(provider: Provider, django_capture_on_commit_callbacks: Any, settings: Any) -> None:
    user = person(Role.PROVIDER_MANAGER, provider)
    secret = set_up(signed_in(user), django_capture_on_commit_callbacks)
    settings.FIELD_KEYS = KeyRing("later", {"later": b"\x07" * 32, **settings.FIELD_KEYS.keys})

    waiting = count_under_other_keys()

    exchanged, again = reseal_secrets(), reseal_secrets()
    settings.FIELD_KEYS = KeyRing("later", {"later": b"\x07" * 32})

    assert (waiting, exchanged, again, count_under_other_keys()) == (2, 2, 0, 0)
    assert open_secret(Authenticator.objects.get(user=user, type="totp").data["secret"]) == secret


def test_somebody_who_lost_everything_sets_up_anew(provider: Provider, django_capture_on_commit_callbacks: Any) -> None:
    user = person(Role.PROVIDER_MANAGER, provider)
    set_up(signed_in(user), django_capture_on_commit_callbacks)

    removed = remove_factors(user_id=user.id, by=TESTS)

    assert removed == 2
    client = signed_in(user)
    assert client.get("/").headers["Location"] == reverse("mfa_index")
    assert "Set up a second step" in client.get(reverse("mfa_index")).text
    assert TrustEvent.objects.get(name="factors_removed").subject == user.id


def test_removing_the_factors_of_nobody_finds_nothing() -> None:
    with pytest.raises(NotFound):
        remove_factors(user_id=new_id(), by=TESTS)


def test_password_alone_still_counts_as_a_right_one(provider: Provider) -> None:
    user = person(Role.PROVIDER_MANAGER, provider)

    assert try_password(user.email, PASSWORD).status_code == 302


@pytest.mark.parametrize(
    "name", ["mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_list_webauthn", "mfa_generate_recovery_codes"]
)
def test_page_of_a_second_step_is_ours(name: str, provider: Provider, django_capture_on_commit_callbacks: Any) -> None:
    client = signed_in(person(Role.CAFE_WORKER, provider))
    if name == "mfa_generate_recovery_codes":
        set_up(client, django_capture_on_commit_callbacks)

    page = client.get(reverse(name))

    assert page.status_code == 200
    assert "nhsuk-header" in page.text


def test_command_removes_the_factors_of_one_person(
    provider: Provider, django_capture_on_commit_callbacks: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    user, other = (person(Role.PROVIDER_MANAGER, provider) for _ in range(2))
    for each in (user, other):
        set_up(signed_in(each), django_capture_on_commit_callbacks)

    call_command("remove_factors", user.email.upper())

    assert "2 removed" in capsys.readouterr().out
    assert set(Authenticator.objects.values_list("user_id", flat=True)) == {other.id}


def test_command_for_nobodys_address_says_so() -> None:
    with pytest.raises(CommandError, match="Nobody signs in"):
        call_command("remove_factors", "nobody@example.org")

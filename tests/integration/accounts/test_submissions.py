"""A form that is sent twice: one thing comes of it, and the second answer is the first's."""

from __future__ import annotations

import base64
import pickle
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import submissions
from accounts.kept_forms import TOKEN
from accounts.models import User
from cafes.models import CafeStatus, Tablet
from cafes.services.tablets import revoke_tablet
from providers.models import DocumentVersion, Provider, StaffMember
from sutg.audit.models import ProviderEvent
from tests.factories import make_lead, make_membership, make_open_cafe, make_provider
from tests.factories.scoped import TESTS, acting_for
from tests.factories.tablets import make_tablet
from tests.integration.cafes.test_return_pages import signed_in
from tests.integration.cafes.test_tablet_pages import code_in
from tests.integration.providers.test_documents import A_PDF
from tests.integration.providers.test_staff import posted

pytestmark = pytest.mark.django_db
STAFF = "/organisation/staff/new/"


@pytest.fixture
def provider() -> Provider:
    return make_provider()


@pytest.fixture
def user(provider: Provider) -> User:
    manager: User = make_membership(provider=provider).user
    return manager


@pytest.fixture
def manager(user: User) -> Client:
    return signed_in(user)


def token_of(client: Client, address: str) -> str:
    """The token of a page as it is drawn now."""
    found = re.search(rf'name="{TOKEN}" value="(\w+)"', client.get(address).text)
    assert found
    return found.group(1)


def count(provider: Provider, model: Any, **facts: Any) -> int:
    with acting_for(provider):
        return int(model.objects.filter(**facts).count())


def test_form_sent_twice_writes_one_person_down_and_says_so_once(manager: Client, provider: Provider) -> None:
    sent = posted(**{TOKEN: token_of(manager, STAFF)})

    first = manager.post(STAFF, sent)
    second = manager.post(STAFF, sent, follow=True)

    assert count(provider, StaffMember) == 1
    assert second.redirect_chain == [(first.headers["Location"], 302)]
    assert second.text.count("They are on the register") == 1


def test_repeat_after_the_first_answer_was_seen_says_so_again(manager: Client, provider: Provider) -> None:
    sent = posted(**{TOKEN: token_of(manager, STAFF)})
    manager.post(STAFF, sent, follow=True)

    assert "They are on the register" in manager.post(STAFF, sent, follow=True).text
    assert count(provider, StaffMember) == 1


@pytest.mark.parametrize("change", [{}, {"name": "Joan March"}], ids=["another drawing of the page", "other words"])
def test_form_that_is_not_the_same_is_carried_out(manager: Client, provider: Provider, change: dict[str, str]) -> None:
    token = token_of(manager, STAFF)
    manager.post(STAFF, posted(**{TOKEN: token}))

    manager.post(STAFF, posted(**{TOKEN: token if change else token_of(manager, STAFF)}, **change))

    assert count(provider, StaffMember) == 2


def test_form_that_was_refused_is_refused_again_with_what_was_typed(manager: Client, provider: Provider) -> None:
    sent = posted(**{TOKEN: token_of(manager, STAFF)}, kind="")

    for _ in range(2):
        page = manager.post(STAFF, sent)
        assert "Select if they are paid or a volunteer" in page.text
        assert 'value="Joan Marsh"' in page.text

    assert count(provider, StaffMember) == 0


def test_same_form_of_somebody_else_is_theirs(manager: Client, provider: Provider) -> None:
    sent = posted(**{TOKEN: token_of(manager, STAFF)})
    manager.post(STAFF, sent)

    signed_in(make_membership(provider=provider).user).post(STAFF, sent)

    assert count(provider, StaffMember) == 2


def test_what_was_meant_anew_from_the_page_of_before_is_carried_out(manager: Client, provider: Provider) -> None:
    cafe, today = make_open_cafe(provider=provider), timezone.localdate()
    address = f"/cafes/{provider.id}/{cafe.id}/"
    day = {"since_day": today.day, "since_month": today.month, "since_year": today.year, "reason": "Roof"}
    pause = day | {TOKEN: token_of(manager, f"{address}pause/")}

    manager.post(f"{address}pause/", pause)
    manager.post(f"{address}open/", day | {TOKEN: token_of(manager, f"{address}open/")})
    manager.post(f"{address}pause/", pause)

    with acting_for(provider):
        states = [status.state for status in CafeStatus.objects.filter(cafe_id=cafe.id)]
    assert states[-3:] == ["paused", "open", "paused"]


def test_answer_is_forgotten_after_a_while(manager: Client, provider: Provider, monkeypatch: Any) -> None:
    monkeypatch.setattr(submissions, "REMEMBERED", 0)
    sent = posted(**{TOKEN: token_of(manager, STAFF)})

    for _ in range(2):
        manager.post(STAFF, sent)

    assert count(provider, StaffMember) == 2


def test_answer_lies_sealed_and_is_none_once_its_key_is_gone(manager: Client, provider: Provider, user: User) -> None:
    sent = posted(**{TOKEN: token_of(manager, STAFF)})
    location = manager.post(STAFF, sent).headers["Location"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM sutg_cache WHERE cache_key LIKE %s", [f"%:of:{user.id}:%"])
        ((key, value),) = cursor.fetchall()
    assert str(provider.id) in key
    assert location.encode() not in pickle.loads(base64.b64decode(value)).encode()  # noqa: S301  written by ourselves
    cache.set(key.removeprefix(":1:"), "AAAA")

    manager.post(STAFF, sent)

    assert count(provider, StaffMember) == 2


def test_code_of_a_tablet_is_shown_to_the_repeat_as_to_the_first(manager: Client, provider: Provider) -> None:
    cafe = make_open_cafe(provider=provider)
    sent = {"cafe": str(cafe.id), "name": "Front desk", TOKEN: token_of(manager, "/tablets/new/")}

    answers = [manager.post("/tablets/new/", sent) for _ in range(2)]

    assert count(provider, Tablet) == 1
    assert code_in(answers[0].text) == code_in(answers[1].text)
    assert [answer.headers["Cache-Control"] for answer in answers] == ["no-store", "no-store"]


def test_program_that_is_added_twice_is_one_with_one_secret() -> None:
    client = signed_in(make_lead(neighbourhood_code="LEI01").user)
    sent = {"name": "Monthly report", TOKEN: token_of(client, "/api-access/")}

    pages = [client.post("/api-access/", sent).text for _ in range(2)]

    assert pages[0] == pages[1]
    assert client.get("/api-access/").text.count("/remove/") == 1


@pytest.mark.parametrize(("more", "status"), [(b"", 302), (b" ", 200)], ids=["the same file", "another file"])
def test_repeat_of_an_upload_is_one_of_the_same_file(
    manager: Client, provider: Provider, more: bytes, status: int
) -> None:
    new = "/organisation/documents/new/"
    sent = {"kind": "policy", "title": "Our safeguarding", TOKEN: token_of(manager, new)}
    manager.post(new, sent | {"file": SimpleUploadedFile("ours.pdf", A_PDF)})

    answer = manager.post(new, sent | {"file": SimpleUploadedFile("ours.pdf", A_PDF + more)})

    # Another file is another document, of a title that is taken.
    assert answer.status_code == status
    assert count(provider, DocumentVersion) == 1


def test_tablet_whose_access_is_ended_twice_is_ended_once(provider: Provider) -> None:
    tablet = make_tablet(provider=provider)

    with acting_for(provider):
        ended = [revoke_tablet(tablet_id=tablet.id, by=TESTS, now=timezone.now()).revoked_at for _ in range(2)]
        again = revoke_tablet(tablet_id=tablet.id, by=TESTS, now=timezone.now() + timedelta(days=1)).revoked_at

    assert {*ended, again} == {ended[0]}
    assert count(provider, ProviderEvent, name="tablet_revoked") == 1

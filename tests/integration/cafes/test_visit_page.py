"""Nothing typed on the page of a visit is lost: a repeat, a difference, a sign-in that ran out."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from cafes.models import Cafe, DifferingVisit, Session, Visit, VisitSignpost
from providers.models import Provider
from sutg.audit.models import ProviderEvent
from tests.factories import (
    make_cafe,
    make_membership,
    make_open_session,
    make_own_service,
    make_provider,
    make_shared_service,
)
from tests.factories.scoped import acting_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider() -> Provider:
    return make_provider()


@pytest.fixture
def cafe(provider: Provider) -> Cafe:
    return make_cafe(provider=provider, name="The Hearth")


@pytest.fixture
def session(provider: Provider, cafe: Cafe) -> Session:
    return make_open_session(provider=provider, cafe=cafe)


@pytest.fixture
def worker(provider: Provider, cafe: Cafe) -> Client:
    return signed_in(provider, cafe)


def signed_in(provider: Provider, cafe: Cafe, client: Client | None = None) -> Client:
    client = client or Client()
    member = make_membership(provider=provider, role=Role.CAFE_WORKER, cafe_ids=[cafe.id])
    client.force_login(get_user_model().objects.get(id=member.user_id))
    return client


def at(name: str, *args: Any) -> str:
    return reverse(f"cafes:{name}", args=args)


def a_visit(**fields: Any) -> dict[str, Any]:
    return {"client_uuid": str(uuid.uuid4()), "who": "anonymous", "reasons": ["stress"], **fields}


def visit_of(provider: Provider) -> Visit:
    with acting_for(provider):
        return Visit.objects.get()


def mark_on(page: Any) -> str:
    found = re.search(r'name="typed_by" value="([^"]+)"', page.content.decode())
    assert found is not None
    return found[1]


def test_visit_sent_back_and_changed_is_put_before_the_worker_to_settle(
    worker: Client, provider: Provider, session: Session
) -> None:
    first = a_visit(distress_before="8")
    worker.post(at("record_visit", session.id), first)

    answer = worker.post(at("record_visit", session.id), {**first, "who": "code", "code": "blue heron"})
    page = worker.get(answer.url).content.decode()
    listed = worker.get(at("session", session.id)).content.decode()
    saved = worker.post(answer.url, {"version": "1", "outcome": "second"})

    assert "One visit came twice" in page
    assert "Anonymous" in page
    assert "Return code" in page
    assert "heron" not in page.lower()
    assert answer.url in listed
    assert saved.url == at("session", session.id)
    assert visit_of(provider).visitor_id is not None
    assert answer.url not in worker.get(saved.url).content.decode()
    assert worker.get(answer.url).status_code == 404
    with acting_for(provider):
        assert ProviderEvent.objects.filter(name="record_read", detail__purpose="settle_difference").exists()


def test_difference_settled_on_an_old_page_is_compared_again(
    worker: Client, provider: Provider, session: Session
) -> None:
    first = a_visit()
    worker.post(at("record_visit", session.id), first)
    answer = worker.post(at("record_visit", session.id), {**first, "reasons": ["housing"]})
    visit = visit_of(provider)
    worker.post(at("visit", session.id, visit.id), {"who": "keep", "version": "1", "reasons": ["work"]})

    page = worker.post(answer.url, {"version": "1", "outcome": "second"}).content.decode()
    unsaid = worker.post(answer.url, {"version": "2"}).content.decode()
    worker.post(answer.url, {"version": "2", "outcome": "second"})

    assert "Somebody else changed this visit meanwhile" in page
    assert 'name="version" value="2"' in page
    assert "Work or study" in page
    assert "Select which of the two stands" in unsaid
    assert visit_of(provider).reasons == ["housing"]


def test_visitor_pointed_to_services_of_both_directories_is_shown_so_again(
    worker: Client, provider: Provider, session: Session
) -> None:
    own, shared = make_own_service(provider=provider, name="Warm Room"), make_shared_service(name="Debt Line")
    typed = a_visit(signposted=[str(own.id), str(shared.id)])

    worker.post(at("record_visit", session.id), typed)
    worker.post(at("record_visit", session.id), typed)
    page = worker.get(at("visit", session.id, visit_of(provider).id)).content.decode()

    with acting_for(provider):
        assert {signpost.service_id for signpost in VisitSignpost.objects.all()} == {own.id, shared.id}
        assert not DifferingVisit.objects.exists()
    for service in (own, shared):
        assert f'value="{service.id}" checked' in page
    assert "Warm Room (Money and debt)" in page


def test_visit_sent_after_the_sign_in_ran_out_comes_back_filled_in_and_is_one_visit(
    worker: Client, provider: Provider, session: Session
) -> None:
    address = at("record_visit", session.id)
    typed = a_visit(who="code", code="blue heron", typed_by=mark_on(worker.get(address)), distress_before="7")
    user = get_user_model().objects.get(id=worker.session["_auth_user_id"])
    worker.logout()

    sent = worker.post(address, typed)
    stored = str(dict(worker.session.items()))
    worker.force_login(user)
    page = worker.get(address)
    empty = worker.get(address).content.decode()
    worker.post(address, typed)

    assert sent.url.startswith(reverse("account_login"))
    assert "heron" not in stored
    filled = page.content.decode()
    assert "You were signed out before this was saved" in filled
    for kept in ('value="blue heron"', typed["client_uuid"], 'value="stress" checked', 'value="7" checked'):
        assert kept in filled, kept
    assert "heron" not in empty
    assert visit_of(provider).distress_before == 7


def test_change_sent_after_the_sign_in_ran_out_comes_back_and_still_sees_the_other_editor(
    worker: Client, provider: Provider, session: Session, cafe: Cafe
) -> None:
    worker.post(at("record_visit", session.id), a_visit())
    address = at("visit", session.id, visit_of(provider).id)
    mine = {"who": "keep", "version": "1", "distress_after": "9", "reasons": ["stress"]}
    mine["typed_by"] = mark_on(worker.get(address))
    user = get_user_model().objects.get(id=worker.session["_auth_user_id"])
    worker.logout()
    worker.post(address, mine)
    signed_in(provider, cafe).post(address, {**mine, "distress_after": "3"})

    worker.force_login(user)
    page = worker.get(address).content.decode()
    second = worker.post(address, mine).content.decode()

    assert 'name="version" value="1"' in page
    assert "Somebody else saved this while you were editing" in second
    assert visit_of(provider).distress_after == 3


def test_form_kept_for_one_person_is_not_shown_to_another(
    worker: Client, provider: Provider, session: Session, cafe: Cafe
) -> None:
    address = at("record_visit", session.id)
    typed = a_visit(who="named", name="Ada Lovelace", typed_by=mark_on(worker.get(address)))
    worker.logout()
    worker.post(address, typed)

    page = signed_in(provider, cafe, worker).get(address).content.decode()

    assert "Ada" not in page
    assert "kept_form" not in worker.session


@pytest.mark.parametrize("mark", ["", "forged:mark", "x" * 70_000])
def test_form_that_says_not_whose_it_is_is_not_kept(worker: Client, session: Session, mark: str) -> None:
    worker.logout()

    worker.post(at("record_visit", session.id), a_visit(typed_by=mark))

    assert "kept_form" not in worker.session


def test_form_larger_than_any_person_types_is_not_kept(worker: Client, session: Session) -> None:
    address = at("record_visit", session.id)
    mark = mark_on(worker.get(address))
    worker.logout()

    worker.post(address, a_visit(typed_by=mark, code="x" * 70_000))

    assert "kept_form" not in worker.session

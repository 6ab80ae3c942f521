"""What was typed into any form of the service comes back after a sign-in that ran out: to its owner, and once."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts import kept_forms
from accounts.roles import Role
from accounts.web import NO_FILES, NOT_SAVED, PUBLIC
from providers.models import Provider
from tests.factories import make_membership, make_provider, make_user
from tests.isolation.test_walk import OURS, World, signed_in, world  # noqa: F401  a fixture
from tests.support.walk import DESCRIBED, Description, Route, arguments_of

pytestmark = pytest.mark.django_db

TYPED = "é “x” <b>&amp;\"'</b>"
UNSENT = {"submit", "button", "image", "reset", "file"}


@dataclass
class Filled:
    """A form as a browser sees it: what may be sent, by name."""

    action: str
    values: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    text: list[str] = field(default_factory=list)
    many: set[str] = field(default_factory=set)

    def typed(self) -> dict[str, Any]:
        """Something in every box, and the last of all choices."""
        sent: dict[str, Any] = dict(self.values)
        sent |= {name: [f"{TYPED} {number}"] for number, name in enumerate(self.text)}
        return sent | {name: all_of if name in self.many else all_of[-1:] for name, all_of in self.choices.items()}


class Page(HTMLParser):
    def __init__(self, response: Any, path: str) -> None:
        super().__init__()
        self.path, self.forms = path, list[Filled]()
        self._form: Filled | None = None
        self._select = self._textarea = ""
        self.feed(response.content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag == "form":
            self._form = Filled(urljoin(self.path, given.get("action", ""))) if given.get("method") == "post" else None
            self.forms += [self._form] if self._form else []
        elif self._form is None:
            return
        elif tag == "select":
            self._select = name
        elif tag == "option" or (tag == "input" and kind in {"checkbox", "radio"}):
            name = name or self._select
            self._form.choices.setdefault(name, []).append(given.get("value", "on"))
            self._form.many |= {name} if kind == "checkbox" else set()
            if "selected" in given or "checked" in given:
                self._form.values.setdefault(name, []).append(given.get("value", "on"))
        elif tag == "textarea":
            self._textarea = name
            self._form.values[name] = [""]
            self._form.text.append(name)
        elif tag == "input" and name and kind not in UNSENT:
            self._form.values.setdefault(name, []).append(given.get("value", ""))
            if kind != "hidden":
                self._form.text.append(name)

    def handle_data(self, data: str) -> None:
        if self._textarea and self._form:
            self._form.values[self._textarea][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._form:
            self._form.values[self._textarea][0] = self._form.values[self._textarea][0].removeprefix("\n")
            self._textarea = ""
        elif tag == "select":
            self._select = ""

    def form(self, like: Filled) -> Filled:
        """The form of this page that is sent to the same address and shares most inputs."""
        same = [form for form in self.forms if form.action == like.action]
        return max(same, key=lambda form: len(form.values.keys() & like.values.keys()))


# Pages that cannot pass by showing no form; others are tried as they come.
SHOW_FORMS = {
    "accounts:retention_period",
    "accounts:new_hold",
    "accounts:api_access",
    "providers:edit_profile",
    "providers:name_safeguarding",
    "providers:add_insurance",
    "providers:add_policy",
    "providers:invite",
    "providers:review_access",
    "providers:review_trust_access",
    "cafes:propose_cafe",
    "cafes:edit_cafe",
    "cafes:rename_cafe",
    "cafes:move_cafe",
    "cafes:add_delivery_point",
    "cafes:end_delivery_point",
    "cafes:add_opening",
    "cafes:change_opening",
    "cafes:end_opening",
    "cafes:close_day",
    "cafes:other_times",
    "cafes:add_session",
    "cafes:cancel_session",
    "cafes:change_duty",
    "cafes:close_session",
    "cafes:record_visit",
    "cafes:visit",
    "cafes:settle_difference",
    "cafes:withdraw_visit",
    "cafes:raise_incident",
    "cafes:add_service",
    "cafes:edit_own_service",
    "cafes:upload_return",
}
PAGES = [route for route in OURS if route.permissions != PUBLIC and not route.is_api]


@pytest.mark.parametrize("route", PAGES, ids=lambda route: route.name)
def test_form_sent_after_the_sign_in_ran_out_is_as_it_was_typed(route: Route, world: World) -> None:  # noqa: F811
    role = next((role for role in Role if route.lets(role)), None)
    if role is None:
        return
    client = signed_in(role, world)
    described = DESCRIBED.get(route.name, Description())
    address = reverse(route.name, kwargs=arguments_of(route, world.own, world.own))
    page = client.get(address, described.query(world.own))
    is_page = page.status_code == 200 and not page.streaming and "text/html" in page["Content-Type"]
    forms = [form for form in Page(page, address).forms if form.text or form.choices] if is_page else []
    if page.streaming:
        b"".join(page.streaming_content)  # read to its end, or its file stays open
    user_id = client.session["_auth_user_id"]

    assert forms or route.name not in SHOW_FORMS
    for form in forms:
        typed = form.typed()
        client.logout()
        sent = client.post(form.action, typed, headers={"referer": f"http://testserver{page.request['PATH_INFO']}"})
        client.force_login(get_user_model().objects.get(id=user_id))
        again = client.get(page.request["PATH_INFO"])

        assert urlsplit(sent.url).path == reverse("account_login")
        assert NOT_SAVED in again.content.decode(), form.action
        found = Page(again, address).form(form).values
        left_out = {kept_forms.MARK, kept_forms.TOKEN}
        assert {name: found.get(name) for name in typed.keys() - left_out} == {
            name: value for name, value in typed.items() if name not in left_out
        }
        assert "kept_form" not in client.session


@pytest.fixture
def manager() -> Any:
    """Somebody who manages two providers."""
    user = make_user()
    for name in ("First provider", "Second provider"):
        make_membership(provider=make_provider(name=name), user=user, role=Role.PROVIDER_MANAGER)
    return user


def typed_without_sign_in(client: Client, **more: str) -> str:
    """The form of a new café, sent when the sign-in had run out; returns its page."""
    address = reverse("cafes:propose_cafe")
    form = next(form for form in Page(client.get(address), address).forms if "name" in form.text)
    client.logout()
    client.post(
        address, {**form.typed(), "name": "The Lantern", **more}, headers={"referer": "http://testserver" + address}
    )
    return address


def wear(client: Client, name: str) -> None:
    client.post(reverse("accounts:change_hat"), {"hat": f"provider:{Provider.objects.get(name=name).id}"})


def test_form_typed_for_one_provider_is_taken_up_for_it_and_not_put_before_another(manager: Any) -> None:
    client = Client()
    client.force_login(manager)
    wear(client, "Second provider")
    address = typed_without_sign_in(client)

    client.force_login(manager)
    hat = client.session["hat"]
    wear(client, "First provider")
    under_another = client.get(address).content.decode()
    wear(client, "Second provider")
    under_its_own = client.get(address).content.decode()

    assert hat == f"provider:{Provider.objects.get(name='Second provider').id}"
    assert "The Lantern" not in under_another
    assert "The Lantern" in under_its_own


def test_form_kept_longer_than_a_session_lasts_is_gone(manager: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    client.force_login(manager)
    later = time.time() + settings.SESSION_COOKIE_AGE + 1
    address = typed_without_sign_in(client)

    client.force_login(manager)
    monkeypatch.setattr("accounts.kept_forms.time.time", lambda: later)
    page = client.get(address).content.decode()

    assert "The Lantern" not in page
    assert "kept_form" not in client.session


def test_password_sent_without_sign_in_is_not_kept(manager: Any) -> None:
    client = Client()
    client.force_login(manager)
    typed_without_sign_in(client, new_password="correct horse")

    request = RequestFactory().get("/")
    request.session = client.session
    (kept,) = kept_forms.find_forms(request, manager.id)

    assert "new_password" not in kept.typed
    assert "Lantern" not in str(client.session.items())


@pytest.mark.parametrize("referer", ["https://elsewhere.example/page", "//elsewhere.example/page", "javascript:x", ""])
def test_page_elsewhere_that_sent_a_form_is_not_led_back_to(manager: Any, referer: str) -> None:
    client = Client()
    client.force_login(manager)
    address = reverse("cafes:propose_cafe")
    form = next(form for form in Page(client.get(address), address).forms if "name" in form.text)
    client.logout()

    sent = client.post(address, form.typed(), headers={"referer": referer})

    assert sent.url == f"{reverse('account_login')}?next={address}"


def test_file_that_was_chosen_is_asked_for_again() -> None:
    client = Client()
    member = make_membership(provider=make_provider(), role=Role.PROVIDER_MANAGER)
    client.force_login(member.user)
    address = reverse("cafes:upload_return")
    form = next(form for form in Page(client.get(address), address).forms if form.choices or form.text)
    client.logout()

    client.post(address, form.typed(), headers={"referer": "http://testserver" + address})
    client.force_login(member.user)

    assert NO_FILES in client.get(address).content.decode()

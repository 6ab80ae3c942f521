"""The environment, the layout, error pages and built assets."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory
from jinja2 import UndefinedError

from sutg.nhsuk import formats, urls, views
from sutg.nhsuk.assets import asset
from sutg.nhsuk.context import page
from tests.unit.nhsuk.conftest import CANARY

LAYOUT = """{% extends "nhsuk/page.jinja" %}
{% block page_title %}Cafés{% endblock %}
{% block content %}<p>Body</p>{% endblock %}
"""


def test_environment_misspelt_name_is_an_error(render: Callable[..., str]) -> None:
    with pytest.raises(UndefinedError):
        render("{{ nothing }}")


def test_environment_misspelt_attribute_of_an_object_is_an_error(render: Callable[..., str]) -> None:
    with pytest.raises(UndefinedError):
        render("{{ cafe.nmae }}", cafe=SimpleNamespace(name="The Hearth"))


def test_environment_misspelt_name_in_a_loop_is_an_error(render: Callable[..., str]) -> None:
    with pytest.raises(UndefinedError):
        render("{% for visit in vistis %}{% endfor %}")


def test_environment_absent_parameter_is_nothing(render: Callable[..., str]) -> None:
    text = "{{ params.label.classes }}{{ 'x' if params.flag }}{% for row in params.rows %}{% endfor %}"

    assert render(text, params={}) == ""


def test_environment_escapes_by_default(render: Callable[..., str]) -> None:
    assert "<script" not in render("{{ value }}", value=CANARY)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (formats.nhs_date(date(2024, 4, 3)), "3 April 2024"),
        (formats.nhs_month(date(2024, 4, 3)), "April 2024"),
        (formats.nhs_time(time(15, 30)), "3:30pm"),
        (formats.nhs_time(time(9, 0)), "9am"),
        (formats.nhs_time(time(0, 0)), "midnight"),
        (formats.nhs_time(time(12, 0)), "midday"),
        (formats.nhs_time(time(0, 5)), "12:05am"),
        # Summer: London is an hour ahead, over midnight.
        (formats.nhs_datetime(datetime(2024, 6, 30, 23, 30, tzinfo=UTC)), "1 July 2024 at 12:30am"),
        (formats.nhs_month(datetime(2024, 6, 30, 23, 30, tzinfo=UTC)), "July 2024"),
        (formats.number(1234567), "1,234,567"),
        (formats.number(-5), "−5"),
        (formats.number(1.5, 2), "1.50"),
        (formats.pounds(30000), "£30,000"),
        (formats.pounds(Decimal("-30000.5")), "−£30,000.50"),
    ],
)
def test_formats_follow_the_content_guide(text: str, expected: str) -> None:
    assert text == expected


@pytest.mark.parametrize("write", formats.FILTERS.values())
def test_formats_nothing_is_nothing(write: Callable[[Any], str]) -> None:
    assert write(None) == ""


def test_asset_built_is_its_hashed_address(built_assets: Path) -> None:
    assert asset("app").endswith("assets/app-abcdefgh.js")


@pytest.mark.parametrize("name", ["charts", "nothing"])
def test_asset_that_is_no_entry_names_the_command(name: str, built_assets: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="npm run build"):
        asset(name)


def test_asset_not_built_names_the_command(tmp_path: Path, settings: Any) -> None:
    settings.BASE_DIR = tmp_path

    with pytest.raises(ImproperlyConfigured, match="npm run build"):
        asset("app")


def test_asset_rebuilt_is_read_again(built_assets: Path) -> None:
    before = asset("app")
    built_assets.write_text(json.dumps({"a": {"file": "assets/app-zzzzzzzz.js", "name": "app", "isEntry": True}}))
    os.utime(built_assets, (1, 1))

    assert asset("app") != before


def test_layout_has_what_every_page_needs(built_assets: Path, render: Callable[..., str]) -> None:
    html = render(
        LAYOUT,
        user=SimpleNamespace(is_authenticated=True),
        hat_label=CANARY,
        hat_href="/hats/",
        is_demo=True,
        csrf_input="token",
        navigation=[
            SimpleNamespace(text="Home", href="/", current=True),
            SimpleNamespace(text=CANARY, href="/x", current=False),
        ],
    )

    assert "<title>Cafés – Step Up to Great</title>" in html
    assert 'lang="en-GB"' in html
    assert 'href="#maincontent"' in html
    assert 'aria-current="page"' in html
    assert "Demo" in html
    assert "Open Government Licence v3.0" in html
    assert 'method="post"' in html
    assert "Sign out" in html
    assert "<script>" not in html  # neither the canary nor an inline script
    assert "style=" not in html


def test_layout_form_with_errors_says_so_in_the_title(built_assets: Path, render: Callable[..., str]) -> None:
    form = type("Made", (forms.Form,), {"x": forms.CharField()})({})

    assert "<title>Error: Cafés – Step Up to Great</title>" in render(LAYOUT, form=form)


def test_layout_back_link_stands_in_a_landmark_only_when_there_is_one(
    built_assets: Path, render: Callable[..., str]
) -> None:
    assert 'aria-label="Back"' not in render(LAYOUT)
    assert 'aria-label="Back"' in render(LAYOUT + "{% block back %}<a href='/'>Back</a>{% endblock %}")


@pytest.mark.parametrize(
    ("view", "status"),
    [
        (views.bad_request, 400),
        (views.permission_denied, 403),
        (views.csrf_failure, 403),
        (views.page_not_found, 404),
        (views.too_many_requests, 429),
        (views.server_error, 500),
        (views.unavailable, 503),
    ],
)
def test_error_page_needs_no_database_and_says_the_same_whatever_was_asked(
    view: Callable[[Any], Any], status: int, built_assets: Path, rf: RequestFactory
) -> None:
    one, other = view(rf.get("/cafes/canary/?name=canary")), view(rf.post("/", {"canary": "canary"}))

    assert one.status_code == status
    assert one.content == other.content
    assert b"canary" not in one.content
    assert b"nhsuk-heading-l" in one.content


def test_error_page_without_assets_still_says_something(tmp_path: Path, settings: Any, rf: RequestFactory) -> None:
    settings.BASE_DIR = tmp_path

    response = views.server_error(rf.get("/"))

    assert response.status_code == 500
    assert b"Sorry, there is a problem" in response.content


@pytest.mark.parametrize("view", [views.accessibility_statement, views.privacy])
def test_public_page_is_drawn_for_anybody(view: Callable[[Any], Any], built_assets: Path, rf: RequestFactory) -> None:
    request = rf.get("/")
    request.user = SimpleNamespace(is_authenticated=False)
    request._messages = []

    assert view(request).status_code == 200


def test_public_pages_are_where_the_footer_leads() -> None:
    paths = {f"/{pattern.pattern}" for pattern in urls.urlpatterns}

    assert paths == {"/accessibility-statement/", "/privacy/"}


def test_context_takes_what_the_request_carries(rf: RequestFactory, settings: Any) -> None:
    settings.SUTG_ENV = "demo"
    request = rf.get("/")
    request.navigation = ["item"]
    request.hat_label = "Rushey Mead Together"

    context = page(request)

    assert context["navigation"] == ["item"]
    assert context["hat_label"] == "Rushey Mead Together"
    assert context["is_demo"] is True


def test_context_of_a_bare_request_is_empty(rf: RequestFactory, settings: Any) -> None:
    settings.SUTG_ENV = "production"

    context = page(rf.get("/"))

    assert context["navigation"] == []
    assert context["is_demo"] is False
    assert context["user"] is None

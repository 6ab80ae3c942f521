"""A visitor answers alone on the café's tablet, in Polish, and the answers are sent without staff having seen them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.navigation import follow
from tests.browser.tablets import CAFE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
PIN = "480213"


def test_visitor_answers_alone_in_polish_and_staff_learn_how_many(
    page: Page, sign_in: Callable[[str], None], accessible: Callable[[], None]
) -> None:
    sign_in("Meena Solanki")
    code = _code_of_a_new_tablet(page)
    page.goto(f"/tablet/#{code}")
    _choose_the_first_pin(page)
    _record_a_visit(page)

    page.get_by_role("button", name="Hand to the visitor").click()
    expect(page.get_by_role("button", name="Polski")).to_contain_text("not yet checked by a speaker")
    accessible()
    page.get_by_role("button", name="Polski").click()
    expect(page.get_by_role("heading", name="Kilka pytań o Tobie")).to_be_visible()
    accessible()
    page.get_by_role("button", name="Zacznij").click()
    page.get_by_role("button", name="30–34").click()
    page.get_by_role("button", name="Wolę nie mówić").click()
    page.get_by_role("button", name="Pomiń to pytanie").click()
    expect(page.get_by_text("Pytanie 4 z 14")).to_be_visible()
    page.emulate_media(color_scheme="dark")
    accessible()
    page.emulate_media(color_scheme="light")

    # As after a flat battery: nothing of the staff is on the way.
    page.reload()
    expect(page.get_by_text("Pytanie 4 z 14")).to_be_visible()
    expect(page.get_by_role("button", name="Lock now")).to_have_count(0)
    page.get_by_role("button", name="Pilna pomoc").click()
    expect(page.get_by_role("link", name="0808 800 3302")).to_be_visible()
    accessible()
    page.get_by_role("button", name="Wróć", exact=True).click()

    page.get_by_role("button", name="Oddaj tablet").click()
    accessible()
    page.get_by_role("button", name="Meena Solanki").click()
    page.get_by_label("Your PIN").fill(PIN)
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_text("Answers given: 2 of 14")).to_be_visible()
    expect(page.get_by_text("0 saved on this tablet, not sent yet")).to_be_visible(timeout=15_000)
    expect(page.get_by_text("30–34")).to_have_count(0)
    _close_the_session(page)


def _code_of_a_new_tablet(page: Page) -> str:
    follow(page, "Tablets")
    page.get_by_role("button", name="Add a tablet").click()
    page.get_by_label("Café", exact=True).select_option(CAFE)
    page.get_by_label("Name of the tablet").fill("Visitor’s corner")
    page.get_by_role("button", name="Show the code").click()
    page.get_by_text("The tablet cannot scan the code").click()
    return page.locator("details .app-id").last.inner_text().strip()


def _choose_the_first_pin(page: Page) -> None:
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Meena Solanki").click()
    for button in ("Next", "Set PIN"):
        page.get_by_label("PIN").fill(PIN)
        page.get_by_role("button", name=button).click()


def _record_a_visit(page: Page) -> None:
    for name in (
        "Open a session",
        "Open the session",
        "Record a visit",
        "Somebody who gives no name",
        "7",
        "Anxiety",
        "Next",
        "Next",
        "4",
        "Save visit",
    ):
        page.get_by_role("button", name=name, exact=name.isdigit()).click()
    page.locator(".app-visits button").first.click()


def _close_the_session(page: Page) -> None:
    page.get_by_role("button", name="Close the session").click()
    page.get_by_label("How many people came through the door?").fill("1")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("heading", name="The session is closed")).to_be_visible()
    expect(page.get_by_text("0 saved on this tablet, not sent yet")).to_be_visible(timeout=15_000)

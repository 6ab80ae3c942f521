"""A manager adds a tablet, shows its code, settles what it could not, and ends its access."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import TABLET
from tests.browser.navigation import follow

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_manager_adds_a_tablet_settles_a_record_and_ends_the_access(
    page: Page, sign_in: Callable[[str], None], accessible: Callable[[], None]
) -> None:
    sign_in("Meena Solanki")
    expect(page.get_by_role("link", name="Tablet “Kitchen”")).to_be_visible()
    follow(page, "Tablets")
    accessible()

    page.get_by_role("button", name="Add a tablet").click()
    page.get_by_role("button", name="Show the code").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    accessible()
    page.get_by_label("Café", exact=True).select_option("Belgrave Neighbourhood Café")
    page.get_by_label("Name of the tablet").fill("Back room")
    page.get_by_role("button", name="Show the code").click()
    expect(page.get_by_role("heading", name="Set up Back room")).to_be_visible()
    expect(page.get_by_role("img", name="Code to scan with the tablet")).to_be_visible()
    page.get_by_text("The tablet cannot scan the code").click()
    accessible()

    page.get_by_role("link", name="Back room").click()
    accessible()
    page.get_by_role("button", name="End this tablet’s access").click()
    expect(page.get_by_text("Nothing on the tablet is deleted")).to_be_visible()
    accessible()
    page.get_by_role("button", name="End access").click()
    expect(page.get_by_text("The tablet’s access has ended")).to_be_visible()

    follow(page, "Tablets")
    page.get_by_role("link", name="Front desk").click()
    page.get_by_role("button", name="Load a file from the tablet").click()
    page.get_by_role("button", name="Load this file").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    accessible()
    page.get_by_role("link", name="Front desk").click()
    page.get_by_role("link", name="Number 1").click()
    accessible()
    page.get_by_role("button", name="Set aside").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    page.get_by_label("The same thing was recorded twice").check()
    page.get_by_role("button", name="Set aside").click()
    expect(page.get_by_text("The record is kept, and counts nowhere")).to_be_visible()
    accessible()

    page.get_by_text("Records set aside").click()
    page.get_by_role("link", name="Number 1").click()
    accessible()
    page.get_by_role("button", name="Take it up again").click()
    expect(page.get_by_text("The record needs a decision again.")).to_be_visible()


def test_second_window_becomes_the_tablet_by_the_address_that_is_drawn(
    page: Page, browser: Browser, sign_in: Callable[[str], None]
) -> None:
    sign_in("Meena Solanki")
    page.goto("/tablets/new/")
    page.get_by_label("Café", exact=True).select_option("Belgrave Neighbourhood Café")
    page.get_by_label("Name of the tablet").fill("Second window")
    page.get_by_role("button", name="Show the code").click()
    page.get_by_text("The tablet cannot scan the code").click()
    app, code = page.locator(".app-id").all_inner_texts()

    context = browser.new_context(viewport={"width": TABLET[0], "height": TABLET[1]})
    try:
        tablet = context.new_page()
        tablet.goto(f"{app}#{code}")
        tablet.get_by_role("button", name="Next").click()
        expect(tablet.get_by_text("Wanjiru Kamau")).to_be_visible(timeout=15_000)
        assert code not in tablet.url
    finally:
        context.close()

    page.get_by_role("link", name="Second window").click()
    expect(page.get_by_text("Not yet")).to_have_count(0)
    expect(page.get_by_role("button", name="Allow a new PIN")).to_be_visible()

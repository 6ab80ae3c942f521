"""An evening on a café's tablet: set up by its manager, cut off in the middle, and nothing lost."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.navigation import follow
from tests.browser.tablets import (
    CAFE,
    PERSON,
    Tablet,
    browser_of_the_tablet,
    code_from_the_manager,
    recorded_this_year,
    set_up,
)
from tests.support.line import line_to

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SECONDS_A_TAP = 3.0  # of somebody who looks at the person in front of them between two taps
MOST_TAPS, MOST_SECONDS = 12, 45


def test_forgotten_pin_is_set_anew_when_the_manager_allows_it_and_nothing_is_lost(
    page: Page, sign_in: Callable[[str], None], browser: Browser, address: str
) -> None:
    sign_in(PERSON)
    code = code_from_the_manager(page, CAFE, "Forgetful")

    with browser_of_the_tablet(browser, address) as context:
        tablet = Tablet(context.new_page())
        with tablet.page.expect_response("**/recovery-share") as deposited:
            set_up(tablet, code)
        assert deposited.value.status == 204
        tablet.tap("Lock now")
        tablet.tap(PERSON)
        tablet.type_pin("271828")
        tablet.tap("Open")
        expect(tablet.page.get_by_role("alert")).to_contain_text("That is not your PIN.")
        expect(tablet.page.locator("#pin")).to_be_focused()
        tablet.tap("Forgotten your PIN?")
        tablet.sees("A forgotten PIN")
        tablet.tap("Set a new PIN")
        expect(tablet.page.get_by_role("alert")).to_contain_text("Ask your manager to allow it")

        follow(page, "Tablets")
        page.get_by_role("link", name="Forgetful").click()
        page.get_by_role("button", name="Allow a new PIN").click()
        page.get_by_label("Who has forgotten their PIN?").select_option(label=PERSON)
        page.get_by_role("button", name="Allow a new PIN").click()

        tablet.tap("Set a new PIN")
        tablet.sees(f"Choose a PIN, {PERSON}")
        tablet.type_pin("271828")
        tablet.tap("Next")
        tablet.type_pin("271828")
        tablet.tap("Set PIN")
        tablet.sees("No session is open")


def test_tablet_whose_access_ended_hands_over_what_it_holds_in_a_file(
    page: Page, sign_in: Callable[[str], None], browser: Browser, address: str, tmp_path: Path
) -> None:
    sign_in(PERSON)
    code = code_from_the_manager(page, CAFE, "Shut out")

    with line_to(address) as line, browser_of_the_tablet(browser, line.address) as context:
        tablet = Tablet(context.new_page())
        set_up(tablet, code)
        line.cut()
        for name in ("Open a session", "Open the session", "Record a visit", "Somebody who gives no name", "4", "Next"):
            tablet.tap(name)
        for name in ("Next", "Not recorded", "Save visit", "Close the session"):
            tablet.tap(name)
        tablet.page.locator("#typed").fill("1")
        tablet.tap("Next")
        follow(page, "Tablets")
        page.get_by_role("link", name="Shut out").click()
        page.get_by_role("button", name="End this tablet’s access").click()
        page.get_by_role("button", name="End access").click()
        line.mend()
        tablet.tap("Lock now")
        tablet.open()
        expect(tablet.page.get_by_text("This tablet cannot send")).to_be_visible()
        tablet.sees("The session is closed")
        with tablet.page.expect_download() as download:
            tablet.tap("Save what is not sent to a file")
        expect(tablet.page.get_by_text("3 records are in the file")).to_be_visible()
        download.value.save_as(tmp_path / "tablet.json")

    follow(page, "Tablets")
    page.get_by_role("link", name="Shut out").click()
    page.get_by_role("button", name="Load a file from the tablet").click()
    page.locator("input[type=file]").set_input_files(tmp_path / "tablet.json")
    page.get_by_role("button", name="Load this file").click()
    expect(page.get_by_text("3 records loaded")).to_be_visible()


def test_evening_on_a_tablet_with_the_server_away_in_the_middle_reaches_the_figures(
    page: Page, sign_in: Callable[[str], None], browser: Browser, address: str
) -> None:
    sign_in(PERSON)
    before = recorded_this_year(page)
    code = code_from_the_manager(page, CAFE, "Garden room")

    with line_to(address) as line, browser_of_the_tablet(browser, line.address) as context:
        tablet = Tablet(context.new_page())
        tablet.page.goto(f"/tablet/#{code}")
        tablet.sees("Set up this tablet")
        assert code not in tablet.page.url
        tablet.tap("Next")
        tablet.sees(CAFE)
        tablet.tap(PERSON)
        tablet.sees(f"Choose a PIN, {PERSON}")
        tablet.type_pin()
        tablet.tap("Next")
        tablet.sees("Enter the same PIN again")
        tablet.type_pin()
        tablet.tap("Set PIN")
        tablet.sees("No session is open")
        tablet.tap("Open a session")
        tablet.sees("Open today’s session")
        tablet.tap("Open the session")
        tablet.sees("Today’s session")
        tablet.page.evaluate("navigator.serviceWorker.ready")

        line.cut()
        tablet.page.reload()
        tablet.sees(CAFE)
        tablet.open()
        tablet.sees("Today’s session")
        expect(tablet.page.get_by_text("The server does not answer")).to_be_visible()

        # Somebody who walks in and gives no name.
        tablet.taps, began = 0, time.monotonic()
        for name in (
            "Record a visit",
            "Somebody who gives no name",
            "7",
            "Stress",
            "Next",
            "Refreshments",
            "Next",
            "3",
        ):
            tablet.tap(name)
        tablet.page.get_by_role("heading", name="Check and save").wait_for()
        tablet.tap("Save visit")
        expect(tablet.page.get_by_text("Saved on this tablet.", exact=True)).to_be_visible()
        assert tablet.taps <= MOST_TAPS
        assert tablet.taps * SECONDS_A_TAP + (time.monotonic() - began) <= MOST_SECONDS

        # Somebody who comes again, with each screen looked at.
        tablet.tap("Record a visit")
        tablet.sees("Who is here?")
        tablet.tap("Somebody with a return code")
        tablet.sees("Return code")
        tablet.tap("Next")
        expect(tablet.page.get_by_role("alert")).to_be_visible()
        tablet.page.locator("#typed").fill("quiet canal")
        tablet.tap("Next")
        tablet.sees("How distressed are they on arrival?")
        tablet.tap("Urgent help")
        tablet.sees("Urgent help")
        tablet.tap("Go back")
        tablet.tap("5")
        tablet.tap("Isolation")
        tablet.sees("What brings them here?")
        # A flat battery in the middle of a visit: the question that was open is open again.
        tablet.page.reload()
        tablet.open()
        tablet.sees("What brings them here?")
        expect(tablet.page.get_by_role("button", name="Isolation")).to_have_attribute("aria-pressed", "true")
        tablet.tap("Next")
        tablet.tap("One-to-one")
        tablet.tap("Next")
        tablet.sees("How long was the one-to-one?")
        tablet.page.locator("#typed").fill("30")
        tablet.tap("Next")
        tablet.sees("How distressed are they now?")
        tablet.tap("Not recorded")
        tablet.sees("Check and save")
        tablet.tap("Save visit")

        tablet.tap("Close the session")
        tablet.sees("Close the session")
        tablet.page.locator("#typed").fill("3")
        tablet.tap("Next")
        tablet.sees("Why do the two differ?")
        tablet.tap("People came who were not recorded one by one")
        tablet.sees("The session is closed")
        expect(tablet.page.get_by_text("0 saved on this tablet")).not_to_be_visible()
        tablet.tap("Lock now")
        tablet.sees(CAFE)

        line.mend()
        tablet.open()
        expect(tablet.page.get_by_text("0 saved on this tablet, not sent yet")).to_be_visible(timeout=30_000)
        expect(tablet.page.get_by_text("Nothing needs attention")).to_be_visible()

    # The worker prepares the figures once the session is closed.
    visits, sessions = before
    deadline = time.monotonic() + 30
    while recorded_this_year(page) != (visits + 3, sessions + 1) and time.monotonic() < deadline:
        time.sleep(0.5)
    assert recorded_this_year(page) == (visits + 3, sessions + 1)

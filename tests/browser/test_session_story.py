"""An evening at a café: a worker opens, records by keyboard and adds; the lead closes with the count at the door."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

CAFE = "Belgrave Neighbourhood Café"
SECONDS_A_KEY = 0.6  # of somebody who does not type for a living


def press(page: Page, *keys: str) -> int:
    for key in keys:
        page.keyboard.press(key)
    return len(keys)


def test_evening_opened_recorded_by_keyboard_added_to_and_closed(
    page: Page, sign_in: Callable[[str], None], accessible: Callable[[], None]
) -> None:
    sign_in("Wanjiru Kamau")
    page.get_by_role("link", name=f"Open {CAFE}").click()
    accessible()
    page.get_by_role("button", name="Open the session").click()
    expect(page.get_by_text("Nobody is recorded yet")).to_be_visible()
    accessible()

    # A plain visit: anonymous, distress 7, stress and anxiety.
    page.get_by_role("button", name="Record a visit").click()
    expect(page.get_by_role("heading", name="Record a visit")).to_be_visible()
    began = time.monotonic()
    keys = press(page, "Tab", "Enter", "Tab", "Tab", "7", "Tab", "Space", "Tab", "Space", "Enter")
    expect(page.get_by_text("Visit recorded.")).to_be_visible()
    assert keys * SECONDS_A_KEY + (time.monotonic() - began) <= 30
    row = page.get_by_role("row").filter(has_text="Anonymous")
    expect(row).to_contain_text("Stress, Anxiety")
    expect(row).to_contain_text("7 to –")
    accessible()

    # A return code that is too short: nothing is lost, and the rest of the page is there to be added.
    page.get_by_role("button", name="Record a visit").click()
    page.get_by_label("Return code", exact=True).first.check()
    page.locator("input[name=code]").fill("A1")
    page.get_by_text("About the visitor").click()
    page.get_by_label("Ethnic group").select_option("A3")
    accessible()
    page.get_by_role("button", name="Record the visit").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    accessible()
    page.locator("input[name=code]").fill("green kettle")
    page.get_by_role("button", name="Look up the return code").click()
    expect(page.get_by_text("has not been used here before")).to_be_visible()
    expect(page.get_by_label("Ethnic group")).to_have_value("A3")
    page.get_by_role("button", name="Record the visit").click()
    expect(page.get_by_text("Return code, new")).to_be_visible()

    # Distress on leaving is added at the end.
    page.get_by_role("link", name="add to visit 1").click()
    page.get_by_role("group", name="Distress on leaving").get_by_label("3", exact=True).check()
    accessible()
    page.get_by_role("button", name="Save the visit").click()
    expect(page.get_by_text("7 to 3")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()

    sign_in("Callum Reid")
    page.get_by_role("link", name=f"Record visits at {CAFE}").click()
    page.get_by_role("button", name="Close the session").click()
    page.get_by_label("How many people were counted").fill("4")
    page.get_by_label("People came who were not recorded").check()
    page.get_by_label("I, Callum Reid").check()
    accessible()
    page.get_by_role("button", name="Close the session").click()
    expect(page.get_by_text("4 counted at the door")).to_be_visible()
    accessible()
    page.goto("/sessions/held/")
    accessible()


def test_form_sent_after_signing_out_elsewhere_comes_back_filled_in(
    page: Page, sign_in: Callable[[str], None], accessible: Callable[[], None]
) -> None:
    sign_in("Callum Reid")
    page.goto("/sessions/open/")
    page.get_by_role("button", name="Open the session").click()
    page.get_by_role("button", name="Record a visit").click()
    page.get_by_label("Return code", exact=True).first.check()
    page.locator("input[name=code]").fill("copper lantern")
    page.get_by_text("Signposting").click()
    page.get_by_label("Countywide Debt Advice").check()

    # The sign-in runs out while the form is open.
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Record the visit").click()
    address = page.url
    page.wait_for_url("**/login/**")
    sign_in("Callum Reid")
    page.goto(parse_qs(urlsplit(address).query)["next"][0])

    expect(page.get_by_text("You were signed out before this was saved")).to_be_visible()
    expect(page.locator("input[name=code]")).to_have_value("copper lantern")
    expect(page.get_by_label("Countywide Debt Advice")).to_be_checked()
    accessible()
    page.get_by_role("button", name="Record the visit").click()
    expect(page.get_by_text("Visit recorded.")).to_be_visible()

    # No session stays open for another story to find.
    page.get_by_role("button", name="Close the session").click()
    page.get_by_label("How many people were counted").fill("1")
    page.get_by_label("I, Callum Reid").check()
    page.get_by_role("button", name="Close the session").click()
    expect(page.get_by_text("1 counted at the door")).to_be_visible()


def test_lead_settles_two_records_of_one_visit_and_joins_two_codes(
    page: Page, sign_in: Callable[[str], None], accessible: Callable[[], None]
) -> None:
    sign_in("Callum Reid")
    page.goto("/sessions/held/")
    page.get_by_role("row").filter(has_text="Closed").get_by_role("link").last.click()
    page.get_by_role("link", name="settle which of two records stands").click()
    expect(page.get_by_role("row").filter(has_text="Distress on leaving")).to_be_visible()
    accessible()
    page.get_by_label("The visit as it stands").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Settled. Both records are kept.")).to_be_visible()

    page.goto("/sessions/held/")
    page.get_by_role("link", name="Return codes that are one person’s").click()
    page.get_by_label("One return code").fill("blue heron")
    page.get_by_label("The other return code").fill("never heard of")
    page.get_by_role("button", name="Join the codes").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    accessible()
    page.get_by_label("The other return code").fill("old clock")
    page.get_by_role("button", name="Join the codes").click()
    expect(page.get_by_text("The two codes count as one person")).to_be_visible()
    accessible()
    page.get_by_role("button", name="Part the codes joined on").click()
    expect(page.get_by_text("as if the codes had never been joined")).to_be_visible()
    accessible()

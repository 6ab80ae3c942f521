"""A worker writes a concern down; the manager takes it in hand and closes it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_concern_written_down_by_a_worker_is_taken_in_hand_and_closed_by_the_manager(
    page: Page, sign_in: Callable[[str], None], accessible: Callable[[], None]
) -> None:
    sign_in("Wanjiru Kamau")
    page.get_by_role("link", name="Incidents").first.click()
    page.get_by_role("button", name="Write down an incident").click()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    accessible()

    page.get_by_label("A child may be at risk").check()
    page.get_by_label("Nobody was harmed").check()
    page.get_by_label("What happened?").fill("A visitor’s small son waits outside alone for hours.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Your organisation’s lead is being told")).to_be_visible()
    expect(page.get_by_text("waits outside alone")).to_be_visible()
    accessible()

    sign_in("Meena Solanki")
    page.get_by_role("link", name="a child may be at risk").click()
    page.get_by_role("button", name="I have this in hand").click()
    page.get_by_label("What was done since?").fill("Rang children’s social care.")
    page.get_by_role("button", name="Add note").click()
    expect(page.get_by_text("Rang children’s social care.")).to_be_visible()
    accessible()
    page.get_by_label("How did it end?").fill("They have an early help worker now.")
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_text("This is closed.")).to_be_visible()
    page.goto("/incidents/")
    accessible()

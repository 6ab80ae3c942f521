"""Information governance reads what is held, sets a period and holds records back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_period_set_and_hold_placed_and_released_by_information_governance(
    page: Page, sign_in: Callable[[str], None], accessible: Callable[[], None]
) -> None:
    sign_in("Ingrid Holm")
    page.get_by_role("link", name="Retention", exact=True).first.click()
    expect(page.get_by_text("Nothing is held.")).to_be_visible()
    page.get_by_text("Personal fields: Names").click()
    expect(page.get_by_text("to be known by it, since the visitor wants to be")).to_be_visible()
    accessible()

    page.get_by_role("link", name="how long this class is kept: Names").click()
    page.get_by_label("Keep for how many months?").fill("18")
    page.get_by_role("button", name="Set the period").click()
    expect(page.get_by_role("link", name="Enter why the period changes")).to_be_visible()
    expect(page.get_by_label("Keep for how many months?")).to_have_value("18")
    accessible()
    page.get_by_label("Why does it change?").fill("Board paper 12, November 2026")
    page.get_by_role("button", name="Set the period").click()
    expect(page.get_by_text("Kept for 18 months from")).to_be_visible()

    page.get_by_role("button", name="Hold records").click()
    accessible()
    page.get_by_label("Organisation").select_option("Rutland Reach")
    page.get_by_label("Legal claim or court order").check()
    page.get_by_label("Number of the case").fill("LC 2026/14")
    page.get_by_role("button", name="Place hold").click()
    expect(page.get_by_text("The hold is placed.")).to_be_visible()
    accessible()
    page.get_by_role("button", name="Release the hold LC 2026/14").click()
    expect(page.get_by_text("The hold is released.")).to_be_visible()

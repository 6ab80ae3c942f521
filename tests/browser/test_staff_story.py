"""A manager keeps the register of staff and volunteers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def fill_day(page: Page, legend: str, day: date) -> None:
    group = page.get_by_role("group", name=legend)
    for label, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        group.get_by_label(label, exact=True).fill(str(value))


def test_manager_writes_a_volunteer_down_with_a_check_and_later_their_leaving(
    page: Page, sign_in: Callable[[str], None], accessible: Callable[[], None]
) -> None:
    sign_in("Ruth Pickering")
    page.goto("/organisation/")
    page.get_by_role("link", name="The register of staff and volunteers").click()
    accessible()
    page.get_by_role("button", name="Add a person").click()
    accessible()
    page.get_by_role("button", name="Add this person").click()
    expect(page.get_by_role("link", name="Enter their full name")).to_be_visible()
    accessible()
    page.get_by_label("Full name").fill("Alma Reyes")
    page.get_by_label("Volunteer", exact=True).check()
    page.get_by_label("What they do").select_option(label="Peer supporter")
    fill_day(page, "First day", date(2026, 3, 2))
    page.get_by_role("button", name="Add this person").click()
    expect(page.get_by_role("heading", name="Alma Reyes")).to_be_visible()
    page.get_by_role("button", name="Add a check or training").click()
    accessible()
    page.get_by_label("Check or training").select_option(label="DBS check, enhanced")
    fill_day(page, "Day of the check or training", date(2023, 3, 1))
    fill_day(page, "Last day before it must be renewed", date(2026, 3, 1))
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("Ended", exact=True)).to_be_visible()
    accessible()
    page.goto("/organisation/staff/")
    row = page.get_by_role("row").filter(has_text="Alma Reyes")
    expect(row).to_contain_text("DBS check, enhanced: ended 1 March 2026")
    accessible()
    page.get_by_role("link", name="Alma Reyes").click()
    page.get_by_role("link", name="They leave or have left").click()
    accessible()
    fill_day(page, "Their last day", date(2026, 4, 1))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("They have left.")).to_be_visible()
    accessible()

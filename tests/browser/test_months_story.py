"""A manager locks a month for good; the trust sees who has, and locks what another left."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_month_signed_by_the_manager_is_seen_by_the_trust_which_locks_what_another_left(
    page: Page, sign_in: Callable[[str], None], accessible: Callable[[], None]
) -> None:
    sign_in("Meena Solanki")
    page.get_by_role("link", name="Months", exact=True).first.click()
    accessible()
    page.get_by_role("link", name="Next").click()
    page.get_by_role("link", name="July 2024").click()
    page.get_by_role("button", name="Lock July 2024").click()
    expect(page.get_by_role("link", name="Tick the box to sign")).to_be_visible()
    accessible()
    page.get_by_label("I have checked the records of July 2024").check()
    page.get_by_role("button", name="Lock July 2024").click()
    expect(page.get_by_text("July 2024 is locked.")).to_be_visible()
    expect(page.get_by_text("What was first published still stands")).to_be_visible()
    accessible()

    sign_in("Grace Okafor")
    page.goto("/months/?month=2024-07")
    expect(page.get_by_role("row", name="Belgrave Community Trust")).to_contain_text("Meena Solanki")
    accessible()
    page.get_by_role("link", name="Rutland Reach").click()
    accessible()
    page.get_by_label("The deadline is over").check()
    page.get_by_role("button", name="Lock July 2024").click()
    expect(page.get_by_text("The trust, after the deadline")).to_be_visible()
    accessible()

"""The grant officer looks for gaps and tries a café there; a lead sees their own neighbourhoods."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.navigation import follow

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_grant_officer_tries_a_cafe_more_and_sees_who_comes_within_reach(
    page: Page, sign_in: Callable[[str], None], accessible: Callable[[], None]
) -> None:
    sign_in("Grace Okafor")
    follow(page, "Coverage")
    expect(page.get_by_role("heading", name="Coverage", exact=True)).to_be_visible()
    expect(page.get_by_role("table", name="Coverage by neighbourhood, gaps first")).to_be_visible()
    expect(page.locator("#coverage-chart svg")).to_be_visible()

    page.get_by_label("Neighbourhood", exact=True).select_option(label="Belgrave and Spinney")
    page.get_by_label("Add", exact=True).select_option(label="A café")
    page.get_by_label("Open hours a week").fill("6")
    page.get_by_role("button", name="Show what would change").click()

    expect(page.get_by_role("heading", name="What if: a café more, open 6 hours a week")).to_be_visible()
    expect(page.get_by_role("table", name="Belgrave and Spinney now and with the change")).to_be_visible()
    assert "where=LEI01" in page.url
    page.reload()
    expect(page.get_by_label("Open hours a week")).to_have_value("6")
    accessible()


def test_neighbourhood_lead_sees_their_own_neighbourhoods_and_their_gaps(
    page: Page, sign_in: Callable[[str], None], accessible: Callable[[], None]
) -> None:
    sign_in("Nikhil Shah")
    follow(page, "Coverage")

    table = page.get_by_role("table", name="Coverage by neighbourhood, gaps first")
    expect(table.get_by_role("rowheader", name="Belgrave and Spinney")).to_be_visible()
    expect(table.get_by_role("rowheader", name="Rutland Healthcare")).to_have_count(0)
    accessible()

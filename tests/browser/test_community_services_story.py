"""A café worker looks up where somebody can get help; a manager keeps the directory right."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_worker_finds_help_with_debts_by_keyboard(
    page: Page, sign_in: Callable[[str], None], accessible: Callable[[], None]
) -> None:
    sign_in("Wanjiru Kamau")
    page.get_by_role("link", name="Community services").first.click()
    accessible()

    page.get_by_label("Help with").select_option(label="Money and debt")
    page.get_by_label("Words").press("Enter")

    expect(page.get_by_text("1 service found")).to_be_visible()
    expect(page.get_by_role("link", name="01632 960101")).to_have_attribute("href", "tel:01632960101")
    expect(page.get_by_role("link", name="Add a service")).to_have_count(0)
    accessible()


def test_manager_adds_a_service_mends_it_and_takes_it_out(
    page: Page, sign_in: Callable[[str], None], accessible: Callable[[], None]
) -> None:
    sign_in("Ruth Pickering")
    page.goto("/services/")
    page.get_by_role("button", name="Add a service").click()
    page.get_by_role("button", name="Add this service").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    accessible()

    page.get_by_label("Name of the service").fill("Uppingham Repair Café")
    page.get_by_label("What it helps with").select_option(label="Groups and activities")
    page.get_by_label("What a visitor can expect").fill("Mending things in company.")
    page.get_by_label("Address").fill("5 Example Street, Uppingham")
    page.get_by_role("button", name="Add this service").click()
    expect(page.get_by_text("Uppingham Repair Café is in the directory.")).to_be_visible()

    page.get_by_role("link", name="Change Uppingham Repair Café").click()
    accessible()
    page.get_by_role("button", name="Take it out of the directory").click()
    expect(page.get_by_role("heading", name="Uppingham Repair Café")).to_have_count(0)

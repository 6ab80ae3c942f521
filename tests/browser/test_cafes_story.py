"""A manager looks after a café: what is planned, a cancellation, a change of hours; and an officer approves another."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def success(page: Page, words: str) -> None:
    expect(page.get_by_role("alert").filter(has_text=words)).to_be_visible()


def test_manager_cancels_a_session_brings_it_back_and_changes_the_hours(
    page: Page, sign_in: Callable[[str], None], accessible: Callable[[], None]
) -> None:
    sign_in("Meena Solanki")
    page.get_by_role("link", name="Cafés", exact=True).first.click()
    accessible()
    page.get_by_role("link", name="Spinney Hills Calm Space").click()
    expect(page.get_by_role("listitem").filter(has_text="Thursday, 10am to 2pm")).to_be_visible()
    accessible()

    page.get_by_role("link", name="Calendar of the coming weeks").click()
    accessible()
    page.get_by_role("link", name="Cancel").first.click()
    page.get_by_role("button", name="Cancel this session").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    accessible()
    page.get_by_label("Weather").check()
    page.get_by_role("button", name="Cancel this session").click()
    success(page, "The session is cancelled")
    page.get_by_role("button", name="Undo the cancellation").first.click()
    success(page, "The session takes place after all")

    page.get_by_role("link", name="Spinney Hills Calm Space").click()
    page.get_by_role("link", name="Change Thursday, 10am to 2pm").click()
    accessible()
    page.get_by_label("Closes at").fill("3.30pm")
    page.get_by_role("button", name="Change this opening").click()
    success(page, "Sessions planned from that day on follow the new times")
    expect(page.get_by_role("listitem").filter(has_text="Thursday, 10am to 3:30pm")).to_be_visible()


def test_manager_proposes_a_cafe_and_the_officer_approves_it(
    page: Page, sign_in: Callable[[str], None], accessible: Callable[[], None]
) -> None:
    sign_in("Meena Solanki")
    page.goto("/cafes/new/")
    accessible()
    page.get_by_label("Name").fill("The Evening Lamp")
    page.get_by_label("Neighbourhood").select_option(label="Belgrave and Spinney")
    page.get_by_label("Local authority").select_option(label="Leicester")
    page.get_by_role("button", name="Propose this café").click()
    success(page, "The Evening Lamp is proposed")
    page.get_by_role("link", name="Change what people are told").click()
    accessible()
    page.get_by_label("Languages spoken").fill("Gujarati, British Sign Language")
    page.get_by_label("Hearing loop").check()
    page.get_by_role("button", name="Save").click()
    success(page, "Saved")
    page.get_by_role("button", name="Sign out").click()

    sign_in("Grace Okafor")
    page.get_by_role("link", name="Belgrave Community Trust: The Evening Lamp").click()
    page.get_by_role("button", name="Approve").click()
    accessible()
    page.get_by_role("button", name="Confirm").click()
    success(page, "The Evening Lamp is approved")
    accessible()

"""A page left open: the warning, staying, and the end, with what was typed put back afterwards."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.site import serving

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
# As long as axe needs for a dialog at three sizes, and no longer than a person would wait for a test.
SECONDS, WARNING = 40, 34
SOON = (SECONDS - WARNING + 5) * 1000
END = (SECONDS + 10) * 1000


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The service, impatient."""
    shortened = {"SUTG_SESSION_SECONDS": str(SECONDS), "SUTG_SESSION_WARNING_SECONDS": str(WARNING)}
    folder: Path = tmp_path_factory.mktemp("impatient")
    with serving(folder, f"sutg_idle_{os.getpid()}", **shortened) as url:
        yield url


def test_manager_who_left_a_form_is_warned_stays_and_finds_it_again_after_the_end(
    page: Page, sign_in: Callable[[str], None], accessible: Callable[[], None]
) -> None:
    sign_in("Meena Solanki")
    page.goto("/cafes/new/")
    page.get_by_label("Name", exact=False).first.fill("The Lantern")
    warning = page.get_by_role("alertdialog", name="You will be signed out soon")
    stay = page.get_by_role("button", name="Stay signed in")

    expect(warning).to_be_visible(timeout=SOON)
    expect(stay).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(warning.locator(":focus").or_(page.locator("body:focus"))).to_have_count(1)
    accessible()
    stay.press("Enter")
    expect(warning).to_be_hidden()
    expect(page.get_by_label("Name", exact=False).first).to_have_value("The Lantern")

    expect(page.get_by_role("heading", name="You were signed out")).to_be_visible(timeout=END)
    expect(page.get_by_role("main").get_by_text("What you typed will be put back")).to_be_visible()
    assert "Meena Solanki" not in page.content()
    assert "Lantern" not in page.content()
    accessible()

    page.get_by_role("button", name="Sign in again").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.goto("/demo/")
    page.get_by_role("button", name="Sign in as Meena Solanki").click()
    page.goto("/cafes/new/")
    expect(page.get_by_text("You were signed out before this was saved")).to_be_visible()
    expect(page.get_by_label("Name", exact=False).first).to_have_value("The Lantern")

"""A grant officer loads what a provider e-mailed, and a neighbourhood lead sees the month."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

HEADER = "Café;Date;Time;Ref;New/Ret;Age;Gender;Ethnicity;Reasons;Before;After\n"


def a_return(folder: Path, *, cafe: str = "Oakham Oasis", visits: int = 12) -> Path:
    path = folder / "rutland reach october to december.csv"
    rows = [
        f"{cafe};{day:02}/10/2025;10:{day:02};OO{day:03};N;25-34;F;White British;Stress|Isolation;7;4\n"
        for day in range(1, visits + 1)
    ]
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    return path


def hand_in(page: Page, path: Path, quarter: str = "October to December 2025") -> None:
    page.get_by_role("link", name="Returns").first.click()
    page.get_by_role("button", name="Load a return").click()
    page.get_by_label("Provider").select_option(label="Rutland Reach")
    page.get_by_label("Quarter").select_option(label=quarter)
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Check this file").click()


def test_officer_says_which_cafe_is_meant_and_loads(
    page: Page, sign_in: Callable[[str], None], accessible: Callable[[], None], tmp_path: Path
) -> None:
    sign_in("Grace Okafor")
    accessible()
    hand_in(page, a_return(tmp_path, cafe="Oakham Oassis"))

    # The worker reads the file while the page shows how far it is; then the page moves on by itself.
    expect(page.get_by_role("heading", name="Which cafés are these?")).to_be_visible(timeout=30_000)
    accessible()

    page.get_by_role("button", name="Check the file again").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    accessible()

    page.get_by_label("“Oakham Oassis”").select_option(label="Oakham Oasis")
    page.get_by_role("button", name="Check the file again").click()
    load = page.get_by_role("button", name="Load 12 visits")
    expect(load).to_be_visible(timeout=30_000)
    load.click()
    expect(page.get_by_text("These visits are in the figures")).to_be_visible(timeout=30_000)
    accessible()


def test_officer_hands_in_what_is_no_return_and_is_told_why(
    page: Page, sign_in: Callable[[str], None], accessible: Callable[[], None], tmp_path: Path
) -> None:
    path = tmp_path / "minutes.xlsx"
    path.write_bytes(b"%PDF-1.7 the minutes of a meeting")
    sign_in("Grace Okafor")

    hand_in(page, path)

    expect(page.get_by_role("heading", name="This file cannot be read")).to_be_visible(timeout=30_000)
    accessible()
    page.get_by_role("button", name="Put this file aside").click()
    expect(page.get_by_text("Nothing was loaded from it")).to_be_visible()
    accessible()


def test_upload_form_with_nothing_filled_in_leads_to_each_field_by_keyboard(
    page: Page, sign_in: Callable[[str], None], accessible: Callable[[], None]
) -> None:
    sign_in("Grace Okafor")
    page.goto("/returns/new/")

    page.get_by_role("button", name="Check this file").press("Enter")
    page.get_by_role("link", name="Select a quarter").press("Enter")

    expect(page.get_by_label("Quarter")).to_be_focused()
    accessible()

"""A neighbourhood lead sees the month, in the browser and in the file; a provider sees its own exact numbers."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

# README.md shows these; SUTG_SCREENSHOTS=1 takes them anew.
IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"


def keep_screenshot(page: Page, name: str, folder: Path) -> None:
    target = IMAGES if os.environ.get("SUTG_SCREENSHOTS") else folder
    target.mkdir(exist_ok=True)
    page.screenshot(path=target / f"{name}.png")
    assert (target / f"{name}.png").stat().st_size > 10_000


def test_neighbourhood_lead_sees_rounded_figures_in_table_chart_and_file(
    page: Page, sign_in: Callable[[str], None], accessible: Callable[[], None], tmp_path: Path
) -> None:
    sign_in("Nikhil Shah")
    page.get_by_role("link", name="Figures", exact=True).first.click()

    expect(page.get_by_role("table").first).to_be_visible()
    expect(page.get_by_role("figure").first).to_be_visible()
    accessible()
    keep_screenshot(page, "figures", tmp_path)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download these figures").click()

    rows = list(csv.reader(Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()))
    assert any("Belgrave and Spinney" in cell for row in rows for cell in row)
    assert not any("Oakham" in cell for row in rows for cell in row)


def test_return_as_the_officer_sees_it_before_loading(
    page: Page, sign_in: Callable[[str], None], tmp_path: Path
) -> None:
    sign_in("Grace Okafor")
    page.get_by_role("link", name="Returns").first.click()
    page.get_by_role("row", name="Aegis Community Care").get_by_role("link").first.click()

    expect(page.get_by_role("heading", name="What is in the file")).to_be_visible()
    keep_screenshot(page, "return", tmp_path)

"""Information governance searches the record and takes it away; a manager sees who read named records."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_record_searched_by_governance_leaves_as_a_file_which_is_recorded(
    page: Page, sign_in: Callable[[str], None], accessible: Callable[[], None]
) -> None:
    sign_in("Ingrid Holm")
    page.get_by_role("link", name="Audit", exact=True).first.click()
    expect(page.get_by_text("unbroken")).to_be_visible()
    accessible()
    page.get_by_label("What").select_option(label="wrote down an incident")
    page.get_by_label("Organisation").select_option(label="Belgrave Community Trust")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("row").nth(1)).to_contain_text("Wanjiru Kamau wrote down an incident")
    accessible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download these events").click()
    assert "wrote down an incident" in Path(download.value.path()).read_text(encoding="utf-8-sig")

    page.get_by_role("link", name="Clear filters").click()
    page.get_by_label("What").select_option(label="downloaded events of the audit record")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("row").nth(1)).to_contain_text("Ingrid Holm")
    page.get_by_label("Id of a record").fill("not an id")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("link", name="Enter an id as this page shows it")).to_be_visible()
    accessible()


def test_incident_read_by_a_worker_is_seen_by_the_manager(
    page: Page, sign_in: Callable[[str], None], accessible: Callable[[], None]
) -> None:
    sign_in("Callum Reid")
    page.goto("/incidents/")
    page.get_by_role("row").nth(1).get_by_role("link").click()
    opened = page.url

    sign_in("Meena Solanki")
    page.goto("/readings/")
    accessible()
    page.get_by_label("Who").select_option(label="Callum Reid")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("row").nth(1)).to_contain_text("Callum Reid")
    page.get_by_role("row").nth(1).get_by_role("link").click()
    assert page.url == opened
    accessible()

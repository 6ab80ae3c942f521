"""A manager keeps what the organisation is and has in force; an officer sees what has expired."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import FilePayload, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def success(page: Page, words: str) -> None:
    expect(page.get_by_role("alert").filter(has_text=words)).to_be_visible()


def write_day(page: Page, legend: str, day: date) -> None:
    group = page.get_by_role("group", name=legend)
    for part in ("day", "month", "year"):
        group.get_by_label(part.capitalize(), exact=True).fill(str(getattr(day, part)))


def test_manager_renews_an_insurance_and_the_officer_sees_what_remains(
    page: Page, sign_in: Callable[[str], None], accessible: Callable[[], None]
) -> None:
    today = date.today()  # noqa: DTZ011  any day near now will do
    sign_in("Ruth Pickering")
    expect(page.get_by_role("link", name="Renew public liability insurance")).to_be_visible()
    page.get_by_role("link", name="Name your safeguarding lead").click()
    accessible()
    page.get_by_label("Safeguarding lead").select_option(label="Ruth Pickering")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    accessible()
    page.get_by_label("Phone number of the lead").fill("01572 496 011")
    page.get_by_role("button", name="Save").click()
    success(page, "Safeguarding concerns are told to them from now on")
    accessible()

    page.get_by_role("button", name="Add an insurance").click()
    accessible()
    page.get_by_label("Kind of insurance").select_option(label="Public liability")
    page.get_by_label("Insurer").fill("Example Mutual")
    page.get_by_label("Policy number").fill("EM-006")
    page.get_by_label("Cover").fill("5,000,000")
    write_day(page, "First day", today.replace(day=1))
    write_day(page, "Last day", today.replace(year=today.year + 1, day=1))
    page.get_by_role("button", name="Add").click()
    success(page, "The insurance was added")
    expect(
        page.get_by_role("row").filter(has_text="Public liability insurance").filter(has_text="In force")
    ).to_be_visible()

    page.get_by_role("link", name="Change what is said of the organisation").click()
    accessible()
    page.get_by_label("Charity number").fill("12")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Enter a number as Charity Commission")).to_be_visible()
    page.get_by_label("Charity number").fill("9990003")
    page.get_by_role("button", name="Save").click()
    success(page, "Saved")
    expect(page.get_by_text("Charity number was “9990002”")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()

    sign_in("Grace Okafor")
    page.get_by_role("navigation").get_by_role("link", name="Providers", exact=True).click()
    accessible()
    page.get_by_role("link", name="Rutland Reach").click()
    expect(page.get_by_text("GB-CHC-9990003")).to_be_visible()
    expect(page.get_by_text("Ruth Pickering")).not_to_be_visible()
    accessible()


def a_file(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/pdf", "buffer": content}


def test_manager_keeps_a_document_and_sees_that_the_officer_read_it(
    page: Page, sign_in: Callable[[str], None], accessible: Callable[[], None]
) -> None:
    sign_in("Ruth Pickering")
    page.goto("/organisation/documents/")
    accessible()
    page.get_by_role("button", name="Add a document").click()
    accessible()
    page.get_by_label("Kind of document").select_option(label="Constitution or governing document")
    page.get_by_label("Name").fill("Constitution of 2019")
    page.locator("input[type=file]").set_input_files(a_file("constitution.pdf", b"<html>no</html>"))
    page.get_by_role("button", name="Add this document").click()
    expect(page.get_by_role("link", name="This is a web page or XML")).to_be_visible()
    accessible()
    page.locator("input[type=file]").set_input_files(a_file("constitution.pdf", b"%PDF-1.4 one %%EOF"))
    page.get_by_role("button", name="Add this document").click()
    success(page, "The document was added")
    accessible()
    page.locator("input[type=file]").set_input_files(a_file("constitution-2.pdf", b"%PDF-1.4 two %%EOF"))
    page.get_by_role("button", name="Add this version").click()
    success(page, "The new version was added")
    page.get_by_role("button", name="Sign out").click()

    sign_in("Grace Okafor")
    page.goto("/providers/")
    page.get_by_role("link", name="Rutland Reach").click()
    with page.expect_download() as given:
        page.get_by_role("link", name="Constitution of 2019").click()
    assert given.value.suggested_filename == "constitution-of-2019-2.pdf"
    page.get_by_role("button", name="Sign out").click()

    sign_in("Ruth Pickering")
    page.goto("/organisation/documents/")
    page.get_by_role("link", name="Versions and readers of Constitution of 2019").click()
    expect(page.get_by_role("row").filter(has_text="Grace Okafor").filter(has_text="Version 2")).to_be_visible()
    accessible()

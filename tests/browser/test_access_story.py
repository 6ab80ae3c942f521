"""Who may do what, and ending it, as a manager and the service administrator do it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.navigation import follow

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_manager_reads_what_a_lead_may_do_and_is_told_why_the_last_manager_stays(
    page: Page, sign_in: Callable[[str], None], accessible: Callable[[], None]
) -> None:
    sign_in("Meena Solanki")
    follow(page, "People and access")
    expect(page.get_by_role("heading", name="Whose access is over")).to_be_visible()
    accessible()
    page.get_by_role("link", name="Alun Parry").click()
    expect(page.get_by_text("Meena Solanki ended a role of a person in an organisation: café worker.")).to_be_visible()
    accessible()
    page.get_by_role("link", name="People and access", exact=True).first.click()
    page.get_by_role("link", name="Callum Reid").click()
    expect(page.get_by_text("settle what it could not", exact=False)).to_be_visible()
    accessible()
    page.get_by_role("button", name="End this role: Café lead").click()
    page.get_by_role("button", name="End this role").click()
    expect(page.get_by_role("link", name="Select why this ends")).to_be_visible()
    accessible()
    page.get_by_role("link", name="Keep it as it is").click()
    expect(page.get_by_role("heading", name="Callum Reid")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()

    # Of the other organisation, to which no other story invites a manager.
    sign_in("Ruth Pickering")
    page.goto("/people/access/")
    page.get_by_role("link", name="Ruth Pickering").click()
    page.get_by_role("link", name="End all that they may do for").click()
    expect(page.get_by_role("heading", name="This cannot end yet")).to_be_visible()
    accessible()
    page.get_by_role("button", name="Invite somebody").click()
    expect(page.get_by_role("heading", name="Invite somebody")).to_be_visible()


def test_administrator_finds_a_person_and_ends_all_that_they_may_do(
    page: Page, sign_in: Callable[[str], None], accessible: Callable[[], None]
) -> None:
    sign_in("Dev Mistry")
    follow(page, "People and access")
    accessible()
    page.get_by_label("Name or email address").fill("nobody of that name")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text("Nobody like this")).to_be_visible()
    accessible()
    page.get_by_label("Name or email address").fill("alun")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Alun Parry").click()
    accessible()
    page.get_by_role("link", name="End all that they may do anywhere").click()
    accessible()
    page.get_by_label("They leave, or have left").check()
    page.get_by_role("button", name="End it all").click()
    expect(page.get_by_text("They may do nothing here now.")).to_be_visible()
    expect(page.get_by_text("closed the account", exact=False)).to_be_visible()
    accessible()


def test_manager_reviews_every_role_of_the_quarter_and_signs(
    page: Page, sign_in: Callable[[str], None], accessible: Callable[[], None]
) -> None:
    sign_in("Ruth Pickering")
    page.get_by_role("link", name="Review who has access").click()
    expect(page.get_by_role("heading", name="Overdue")).to_be_visible()
    accessible()
    page.get_by_role("button", name="Review now").click()
    accessible()
    page.get_by_role("button", name="Sign the review").click()
    expect(page.get_by_role("link", name="Tick the box to sign")).to_be_visible()
    accessible()
    for group in page.get_by_role("group").all():
        group.get_by_label("Keep", exact=True).check()
    page.get_by_label("I have looked at each role").check()
    page.get_by_role("button", name="Sign the review").click()
    expect(page.get_by_text("Signed by Ruth Pickering", exact=False)).to_be_visible()
    accessible()
    page.get_by_role("link", name="Review of", exact=False).first.click()
    expect(page.get_by_text("Ruth Pickering: Provider manager")).to_be_visible()
    accessible()
    page.goto("/")
    expect(page.get_by_text("Review who has access")).to_have_count(0)

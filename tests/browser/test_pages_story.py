"""Each role's start page, the public pages and the error pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from sutg.demo.personas import BY_KEY

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


# One of each kind of start page: the roles left out see the café worker's, with another name on it.
@pytest.mark.parametrize(
    "key",
    ["grant-officer", "neighbourhood-lead", "provider-manager", "cafe-lead", "cafe-worker", "service-administrator"],
)
def test_start_page_of_each_role_and_all_it_leads_to_is_accessible(
    page: Page, sign_in: Callable[[str], None], accessible: Callable[[], None], key: str
) -> None:
    sign_in(BY_KEY[key].name)

    accessible()
    links = page.locator(".nhsuk-header__navigation-link")
    for address in [links.nth(n).get_attribute("href") for n in range(links.count())]:
        page.goto(address or "/")
        accessible()


@pytest.mark.parametrize("path", ["/accounts/login/", "/demo/", "/accessibility-statement/", "/privacy/"])
def test_public_page_is_accessible(page: Page, accessible: Callable[[], None], path: str) -> None:
    page.goto(path)

    accessible()


def test_person_who_signs_out_meets_the_sign_in_page_again(page: Page, sign_in: Callable[[str], None]) -> None:
    sign_in("Meena Solanki")

    page.get_by_role("button", name="Sign out").click()
    page.goto("/returns/")

    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()

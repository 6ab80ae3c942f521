"""Going by the navigation: links that do not fit beside the others are in the menu."""

from __future__ import annotations

from playwright.sync_api import Page

# Links that no longer fit go into the menu a frame after the page was laid out.
IS_SETTLED = """() => {
    const header = document.querySelector(".nhsuk-header")?.getBoundingClientRect();
    return [...document.querySelectorAll(".nhsuk-header__navigation-link")]
        .filter((link) => link.offsetParent)
        .map((link) => link.getBoundingClientRect())
        .every((link) => link.bottom <= header.bottom + 1 && link.right <= header.right + 1);
}"""


def follow(page: Page, name: str) -> None:
    """Follow a link of the navigation, opening the menu where it lies in it."""
    page.wait_for_function(IS_SETTLED, timeout=5000)
    link = page.locator(".nhsuk-header__navigation").get_by_role("link", name=name, include_hidden=True)
    if not link.is_visible():
        page.get_by_role("button", name="More").click()
    link.click()

"""A café's tablet in a real browser: what somebody does with it in their hands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.navigation import follow

# The other café of this provider: a session left open at the first would be in the way of the desk's story.
CAFE = "Spinney Hills Calm Space"
PERSON, PIN = "Meena Solanki", "314159"
SIZES = {"tablet": (820, 1180), "on its side": (1180, 820), "phone": (320, 640), "zoomed to 200 %": (410, 590)}


class Tablet:
    """What somebody does with the tablet in their hands; every tap is counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps = page, 0

    def tap(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()
        self.taps += 1

    def type_pin(self, pin: str = PIN) -> None:
        self.page.locator("#pin").fill(pin)

    def open(self) -> None:
        self.tap(PERSON)
        self.type_pin()
        self.tap("Open")
        self.page.get_by_role("button", name="Lock now").wait_for()

    def sees(self, heading: str) -> None:
        expect(self.page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
        self._is_accessible(heading)

    def _is_accessible(self, screen: str) -> None:
        before = self.page.viewport_size
        for size, (width, height) in SIZES.items():
            self.page.set_viewport_size({"width": width, "height": height})
            for scheme in ("light", "dark"):
                self.page.emulate_media(color_scheme=scheme)
                found = Axe().run(self.page)
                assert found.violations_count == 0, f"{screen}, {size}, {scheme}: {found.generate_report()}"
            is_wider = self.page.evaluate("document.documentElement.scrollWidth > innerWidth")
            assert not is_wider, f"{screen} is wider than {size}"
        self.page.emulate_media(color_scheme="light")
        if before:
            self.page.set_viewport_size(before)


@contextmanager
def browser_of_the_tablet(browser: Browser, address: str) -> Iterator[BrowserContext]:
    width, height = SIZES["tablet"]
    context = browser.new_context(
        base_url=address, viewport={"width": width, "height": height}, has_touch=True, reduced_motion="reduce"
    )
    yield context
    context.close()


def code_from_the_manager(page: Page, cafe: str, name: str) -> str:
    """Add a tablet and read the code that the manager is shown."""
    follow(page, "Tablets")
    page.get_by_role("button", name="Add a tablet").click()
    page.get_by_label("Café", exact=True).select_option(cafe)
    page.get_by_label("Name of the tablet").fill(name)
    page.get_by_role("button", name="Show the code").click()
    page.get_by_text("The tablet cannot scan the code").click()
    return page.locator(".app-id").last.inner_text().strip()


def set_up(tablet: Tablet, code: str) -> None:
    """Enrol it and choose the first PIN; the tablet is open afterwards."""
    tablet.page.goto(f"/tablet/#{code}")
    tablet.tap("Next")
    tablet.tap(PERSON)
    tablet.type_pin()
    tablet.tap("Next")
    tablet.type_pin()
    tablet.tap("Set PIN")
    tablet.page.get_by_role("heading", name="No session is open").wait_for()


def recorded_this_year(page: Page) -> tuple[int, int]:
    """Visits and sessions of the provider, as its manager is told of them."""
    page.goto("/figures/")
    told = re.search(r"recorded ([\d,]+) visits? in ([\d,]+) sessions?", page.locator("main").inner_text())
    assert told
    visits, sessions = (int(number.replace(",", "")) for number in told.groups())
    return visits, sessions

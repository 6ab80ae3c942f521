"""A real Chromium before the whole service."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, Playwright, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from tests.browser.navigation import IS_SETTLED
from tests.support.chromium import ARGUMENTS, MISSING, find_chromium
from tests.support.site import serving

SCROLLING_REGIONS_ARE_FOCUSABLE = """() => [...document.querySelectorAll(".nhsuk-scroll__content")]
    .every((region) => region.scrollWidth <= region.clientWidth || region.tabIndex >= 0)"""
DESKTOP, TABLET, PHONE = (1280, 900), (820, 1180), (320, 640)


@pytest.fixture(scope="session")
def site_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the service keeps its logs, its queue and the mails of the demo."""
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="session")
def address(site_folder: Path) -> Iterator[str]:
    """Where the service is; its own database, so that stories and other tests do not meet."""
    with serving(site_folder, f"sutg_stories_{os.getpid()}") as url:
        yield url


def _found_chromium(playwright: Playwright) -> str:
    found = find_chromium(playwright)
    if found is not None:
        return found
    if os.environ.get("CI"):
        pytest.fail(MISSING)
    pytest.skip(MISSING)


@pytest.fixture(scope="session")
def chromium() -> Iterator[tuple[BrowserType, str]]:
    """How Chromium is started, and where it is."""
    with sync_playwright() as playwright:
        yield playwright.chromium, _found_chromium(playwright)


@pytest.fixture(scope="session")
def browser(chromium: tuple[BrowserType, str]) -> Iterator[Browser]:
    kind, path = chromium
    browser = kind.launch(executable_path=path, args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture
def installed(chromium: tuple[BrowserType, str], tmp_path: Path) -> Callable[[str], BrowserContext]:
    """A browser that keeps what it is given in a folder, as on a tablet: the same folder each time it is started."""
    kind, path = chromium

    def start(address: str) -> BrowserContext:
        return kind.launch_persistent_context(
            tmp_path / "profile",
            executable_path=path,
            args=ARGUMENTS,
            base_url=address,
            viewport={"width": TABLET[0], "height": TABLET[1]},
            reduced_motion="reduce",
        )

    return start


@pytest.fixture
def context(browser: Browser, address: str) -> Iterator[BrowserContext]:
    context = browser.new_context(
        base_url=address, viewport={"width": DESKTOP[0], "height": DESKTOP[1]}, reduced_motion="reduce"
    )
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that fails the test when the browser complains: a policy broken, a script failed, a thing not found."""
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    assert complaints == []


@pytest.fixture
def sign_in(page: Page) -> Callable[[str], None]:
    def sign_in_as(name: str) -> None:
        page.goto("/demo/")
        page.get_by_role("button", name=f"Sign in as {name}").click()
        page.get_by_role("heading", name="What needs doing next").wait_for()

    return sign_in_as


@pytest.fixture
def accessible(page: Page) -> Callable[[], None]:
    """Axe finds nothing, at tablet, phone and desktop size; and nothing is wider than a phone."""

    def check() -> None:
        for width, height in (TABLET, PHONE, DESKTOP):
            page.set_viewport_size({"width": width, "height": height})
            # Links that no longer fit go into the menu a frame after the window changed; they must.
            page.wait_for_function(IS_SETTLED, timeout=3000)
            # The design system makes a region that scrolls focusable a moment after the window changed.
            with suppress(PlaywrightTimeoutError):
                page.wait_for_function(SCROLLING_REGIONS_ARE_FOCUSABLE, timeout=3000)
            results = Axe().run(page)
            assert results.violations_count == 0, results.generate_report()
            overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert overflow <= 0, f"the page is {overflow} px wider than {width}"

    return check

"""The tablet's browser is killed while it saves and sends, again and again: what it said was saved arrives, once."""

from __future__ import annotations

import os
import random
import secrets
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from playwright.sync_api import Error as BrowserError

from tests.browser.tablets import CAFE, PERSON, Tablet, code_from_the_manager, recorded_this_year, set_up
from tests.support.line import line_to

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

LATEST_KILL = 4.0  # seconds after the first visit of a round was begun
ANSWERS = ("Somebody who gives no name", "7", "Stress", "Next", "Next", "3")


def kill_the_browser_of(profile: Path) -> None:
    """SIGKILL to every process that has ``profile`` open, as a tablet dies whose battery is pulled."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if f"--user-data-dir={profile}".encode() in (process / "cmdline").read_bytes():
                os.kill(int(process.name), signal.SIGKILL)
    # A browser that died leaves its lock behind, and the next one would ask whether another computer has it.
    for name in ("SingletonLock", "SingletonCookie", "SingletonSocket"):
        (profile / name).unlink(missing_ok=True)


class Count:
    """What somebody at the screen could know of it."""

    def __init__(self) -> None:
        self.begun = self.said_saved = 0


def record_until_it_dies(tablet: Tablet, count: Count) -> None:
    while True:
        tablet.tap("Record a visit")
        count.begun += 1
        finish(tablet, ANSWERS, count)


def finish(tablet: Tablet, answers: tuple[str, ...], count: Count) -> None:
    for name in answers:
        tablet.tap(name)
    tablet.tap("Save visit")
    tablet.page.get_by_text("Saved on this tablet.", exact=True).wait_for()
    count.said_saved += 1


def take_up_what_was_begun(tablet: Tablet, count: Count) -> None:
    """After a restart either the session is shown, or the question that was open when the power went."""
    tablet.page.get_by_role("heading", level=1).wait_for()
    back = tablet.page.get_by_role("button", name="Back", exact=True)
    check = tablet.page.get_by_role("button", name="Save visit")
    session = tablet.page.get_by_role("button", name="Record a visit")
    back.or_(check).or_(session).first.wait_for()
    if session.is_visible():
        return
    # Whichever question is open, and with whatever was answered before: go on to its end.
    deadline = time.monotonic() + 30
    while not check.is_visible():
        assert time.monotonic() < deadline
        for name in ("Somebody who gives no name", "Next", "7"):
            answer = tablet.page.get_by_role("button", name=name, exact=True)
            if answer.is_visible():
                answer.click()
                break
        tablet.page.wait_for_timeout(50)
    finish(tablet, (), count)


@pytest.mark.parametrize("kills", [4, pytest.param(50, marks=pytest.mark.soak)], ids=["share", "whole"])
def test_visits_of_a_browser_killed_again_and_again_arrive_once_each(
    page: Page,
    sign_in: Callable[[str], None],
    installed: Callable[[str], BrowserContext],
    address: str,
    tmp_path: Path,
    kills: int,
) -> None:
    seed = secrets.randbits(32)
    print(f"seed {seed}, {kills} kills")
    chance = random.Random(seed)  # noqa: S311  not for secrets
    sign_in(PERSON)
    visits, sessions = recorded_this_year(page)
    code = code_from_the_manager(page, CAFE, f"Killed {secrets.token_hex(3)}")
    profile, count = tmp_path / "profile", Count()

    with line_to(address) as line:
        for kill in range(kills + 1):
            context = installed(line.address)
            tablet = Tablet(context.new_page())
            if kill == 0:
                set_up(tablet, code)
                tablet.tap("Open a session")
                tablet.tap("Open the session")
                tablet.page.evaluate("navigator.serviceWorker.ready")
            else:
                tablet.page.goto("/tablet/")
                tablet.open()
                take_up_what_was_begun(tablet, count)
            if kill == kills:
                break
            # Some rounds have no server, some lose it on the way, some have it all the time.
            if chance.random() < 0.5:
                line.cut()
            timer = threading.Timer(chance.uniform(0, LATEST_KILL), kill_the_browser_of, (profile,))
            timer.start()
            with suppress(BrowserError):
                record_until_it_dies(tablet, count)
            timer.join()
            with suppress(BrowserError):
                context.close()
            kill_the_browser_of(profile)
            line.cut()
            line.mend()

        shown = tablet.page.get_by_role("heading", name="so far").inner_text()
        kept = int(shown.split()[0])
        print(f"{count.begun} begun, {count.said_saved} said to be saved, {kept} kept")
        assert count.said_saved <= kept <= count.begun
        assert count.said_saved > 0
        tablet.tap("Close the session")
        tablet.page.locator("#typed").fill(str(kept))
        tablet.tap("Next")
        tablet.page.get_by_role("heading", name="The session is closed").wait_for()
        expect(tablet.page.get_by_text("0 saved on this tablet, not sent yet")).to_be_visible(timeout=60_000)
        expect(tablet.page.get_by_text("Nothing needs attention")).to_be_visible()
        context.close()

    deadline = time.monotonic() + 60
    while recorded_this_year(page) != (visits + kept, sessions + 1) and time.monotonic() < deadline:
        time.sleep(0.5)
    assert recorded_this_year(page) == (visits + kept, sessions + 1)

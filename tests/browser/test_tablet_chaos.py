"""What breaks around a tablet: the server, the way to it, the clock, a second window, the room, the database beneath.

In each case no visit is lost or doubled at the server, and what cannot be saved is said before anybody walks away.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.tablets import (
    CAFE,
    PERSON,
    Tablet,
    browser_of_the_tablet,
    code_from_the_manager,
    recorded_this_year,
    set_up,
)
from tests.support.line import Line, line_to
from tests.support.middlebox import Fault, Middlebox, middlebox_to

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ANSWERS = ("Somebody who gives no name", "7", "Stress", "Next", "Next", "3")
DAY_MS = 24 * 60 * 60 * 1000
UP_AND_DOWN = 0.3
ROOM_LEFT, MOST_UNTIL_FULL = 100_000, 30
# A clock that can be set while the page runs, and is still wrong after a reload.
CLOCK = """(() => {
    const Right = Date;
    const wrong = () => Number(sessionStorage.getItem("clock") ?? 0);
    globalThis.Date = class extends Right {
        constructor(...given) {
            if (given.length === 0) super(Right.now() + wrong());
            else super(...given);
        }
        static now() {
            return Right.now() + wrong();
        }
    };
})()"""
# The connections that the app opens, so that they can be closed beneath it as the system does.
CONNECTIONS = """(() => {
    window.opened = [];
    const open = IDBFactory.prototype.open;
    IDBFactory.prototype.open = function (...given) {
        const request = open.apply(this, given);
        request.addEventListener("success", () => window.opened.push(request.result));
        return request;
    };
})()"""


class Evening:
    """A tablet with an open session, and what the manager's figures were before it."""

    def __init__(self, desk: Page, context: BrowserContext) -> None:
        self.desk, self.context = desk, context
        self.before = recorded_this_year(desk)
        self.recorded = 0
        code = code_from_the_manager(desk, CAFE, f"Chaos {secrets.token_hex(3)}")
        self.tablet = Tablet(context.new_page())
        set_up(self.tablet, code)
        self.tablet.page.evaluate("navigator.serviceWorker.ready")
        self.tablet.tap("Open a session")
        self.tablet.tap("Open the session")
        self.tablet.page.get_by_role("heading", name="Today’s session").wait_for()

    def enter(self, tablet: Tablet | None = None) -> Tablet:
        tablet = tablet or self.tablet
        for name in ("Record a visit", *ANSWERS):
            tablet.tap(name)
        return tablet

    def record(self, tablet: Tablet | None = None) -> None:
        tablet = self.enter(tablet)
        tablet.tap("Save visit")
        expect(tablet.page.get_by_text("Saved on this tablet.", exact=True)).to_be_visible()
        self.recorded += 1

    def close(self) -> None:
        """Close the session, and wait until every record has its receipt and the figures show the evening."""
        self.tablet.tap("Close the session")
        self.tablet.page.locator("#typed").fill(str(self.recorded))
        self.tablet.tap("Next")
        self.tablet.page.get_by_role("heading", name="The session is closed").wait_for()
        expect(self.tablet.page.get_by_text("0 saved on this tablet, not sent yet")).to_be_visible(timeout=60_000)
        expect(self.tablet.page.get_by_text("Nothing needs attention")).to_be_visible()
        visits, sessions = self.before
        wanted = (visits + self.recorded, sessions + 1)
        deadline = time.monotonic() + 60
        while recorded_this_year(self.desk) != wanted and time.monotonic() < deadline:
            time.sleep(0.5)
        assert recorded_this_year(self.desk) == wanted


@contextmanager
def evening(desk: Page, browser: Browser, address: str, *scripts: str) -> Iterator[Evening]:
    with browser_of_the_tablet(browser, address) as context:
        for script in scripts:
            context.add_init_script(script)
        yield Evening(desk, context)


class Room:
    """How much the browser may still keep for the tablet."""

    def __init__(self, page: Page, origin: str) -> None:
        self._session, self._origin = page.context.new_cdp_session(page), origin

    def leave(self, room: int) -> None:
        usage = self._session.send("Storage.getUsageAndQuota", {"origin": self._origin})["usage"]
        self._session.send("Storage.overrideQuotaForOrigin", {"origin": self._origin, "quotaSize": usage + room})

    def make(self) -> None:
        self._session.send("Storage.overrideQuotaForOrigin", {"origin": self._origin})


def wait_until_met(box: Middlebox, fault: Fault) -> None:
    deadline = time.monotonic() + 30
    while not box.met[fault]:
        assert time.monotonic() < deadline, f"no message met {fault}"
        time.sleep(0.05)


def set_clock(page: Page, milliseconds: int) -> None:
    page.evaluate("wrong => sessionStorage.setItem('clock', wrong)", milliseconds)


@contextmanager
def flapping(line: Line) -> Iterator[None]:
    stop = threading.Event()

    def flap() -> None:
        while not stop.wait(UP_AND_DOWN):
            line.cut()
            stop.wait(UP_AND_DOWN)
            line.mend()

    thread = threading.Thread(target=flap)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def test_server_that_fails_in_every_way_gets_each_visit_once(
    page: Page, sign_in: Callable[[str], None], browser: Browser, address: str
) -> None:
    sign_in(PERSON)

    with middlebox_to(address) as box, evening(page, browser, box.address) as told:
        for fault in Fault:
            box.fault = fault
            told.record()
            wait_until_met(box, fault)
            if fault is not Fault.NONE:
                expect(told.tablet.page.get_by_text("The server does not answer")).to_be_visible()
                expect(told.tablet.page.get_by_text("Nothing needs attention")).to_be_visible()
        # A reload in the middle of it: what the portal answers is not taken for the app.
        box.fault = Fault.PORTAL
        told.tablet.page.reload()
        told.tablet.open()
        told.record()
        box.fault = Fault.NONE
        told.close()


def test_line_that_is_up_and_down_all_the_time_loses_and_doubles_no_visit(
    page: Page, sign_in: Callable[[str], None], browser: Browser, address: str
) -> None:
    sign_in(PERSON)

    with line_to(address) as line, evening(page, browser, line.address) as told:
        with flapping(line):
            for _ in range(4):
                told.record()
        told.close()


def test_clock_that_is_a_day_wrong_either_way_loses_and_doubles_no_visit(
    page: Page, sign_in: Callable[[str], None], browser: Browser, address: str
) -> None:
    sign_in(PERSON)

    with line_to(address) as line, evening(page, browser, line.address, CLOCK) as told:
        for wrong in (DAY_MS, -DAY_MS):
            set_clock(told.tablet.page, wrong)
            told.record()
            line.cut()
            told.record()
            told.tablet.page.reload()
            told.tablet.open()
            told.record()
            line.mend()
        set_clock(told.tablet.page, 0)
        told.close()


def test_two_windows_on_one_tablet_lose_and_double_no_visit(
    page: Page, sign_in: Callable[[str], None], browser: Browser, address: str
) -> None:
    sign_in(PERSON)

    with line_to(address) as line, evening(page, browser, line.address) as told:
        other = Tablet(told.context.new_page())
        other.page.goto("/tablet/")
        other.open()
        told.record(other)
        # The first window sends for both, and hears at once that the other one saved something.
        for tablet in (told.tablet, other):
            expect(tablet.page.get_by_text("0 saved on this tablet, not sent yet")).to_be_visible()
            expect(tablet.page.get_by_role("heading", name="1 visit so far")).to_be_visible()
        line.cut()
        for tablet in (told.tablet, other):
            told.enter(tablet)
        for tablet in (told.tablet, other):
            tablet.tap("Save visit")
            told.recorded += 1
        for tablet in (told.tablet, other):
            expect(tablet.page.get_by_text("Saved on this tablet.", exact=True)).to_be_visible()
            expect(tablet.page.get_by_role("heading", name=f"{told.recorded} visits so far")).to_be_visible()
            expect(tablet.page.get_by_text("2 saved on this tablet, not sent yet")).to_be_visible()
        line.mend()
        told.record(other)
        # The window that sends is closed; the other one goes on.
        told.tablet.page.close()
        told.tablet = other
        told.record()
        told.close()


def test_visit_for_which_there_is_no_room_is_said_and_saved_once_there_is(
    page: Page, sign_in: Callable[[str], None], installed: Callable[[str], BrowserContext], address: str
) -> None:
    sign_in(PERSON)

    # Installed: a private window is told of no limit.
    with closing(installed(address)) as context:
        told = Evening(page, context)
        told.record()
        expect(told.tablet.page.get_by_text("0 saved on this tablet, not sent yet")).to_be_visible()
    # Started anew: the browser goes by what it found when it opened the database.
    with closing(installed(address)) as context:
        tablet = told.tablet = Tablet(context.new_page())
        alert = tablet.page.get_by_role("alert")
        room = Room(tablet.page, address)
        room.leave(0)
        tablet.page.goto("/tablet/")
        tablet.tap(PERSON)
        tablet.type_pin()
        tablet.tap("Open")
        expect(alert).to_contain_text("This tablet has no room left")
        room.leave(ROOM_LEFT)
        tablet.type_pin()
        tablet.tap("Open")
        tablet.page.get_by_role("button", name="Record a visit").wait_for()
        for _ in range(MOST_UNTIL_FULL):
            told.enter()
            tablet.tap("Save visit")
            saved = tablet.page.get_by_text("Saved on this tablet.", exact=True)
            expect(saved.or_(alert)).to_be_visible()
            if alert.is_visible():
                break
            told.recorded += 1
        expect(alert).to_contain_text("Not saved: this tablet has no room left")
        expect(alert).to_contain_text("Write the visit on paper now")
        expect(tablet.page.get_by_text("Saved on this tablet.", exact=True)).to_have_count(0)
        expect(tablet.page.get_by_role("heading", name="Check and save")).to_be_visible()

        room.make()
        tablet.tap("Save visit")
        expect(tablet.page.get_by_text("Saved on this tablet.", exact=True)).to_be_visible()
        told.recorded += 1
        expect(alert).to_have_count(0)
        told.close()


def test_database_closed_beneath_the_app_is_opened_again_and_each_visit_saved_once(
    page: Page, sign_in: Callable[[str], None], browser: Browser, address: str
) -> None:
    sign_in(PERSON)

    with evening(page, browser, address, CONNECTIONS) as told:
        told.enter()
        told.tablet.page.evaluate("opened.forEach((database) => database.close())")
        told.tablet.tap("Save visit")
        expect(told.tablet.page.get_by_text("Saved on this tablet.", exact=True)).to_be_visible()
        told.recorded += 1
        # As Chromium tells it: the connection is gone, and nobody asked for it.
        told.tablet.page.evaluate(
            "opened.forEach((database) => { database.close(); database.dispatchEvent(new Event('close')); })"
        )
        told.record()
        told.close()


def test_database_that_a_newer_app_took_says_so_before_anybody_walks_away(
    page: Page, sign_in: Callable[[str], None], browser: Browser, address: str
) -> None:
    sign_in(PERSON)
    code = code_from_the_manager(page, CAFE, f"Chaos {secrets.token_hex(3)}")

    with line_to(address) as line, browser_of_the_tablet(browser, line.address) as context:
        tablet = Tablet(context.new_page())
        set_up(tablet, code)
        # No session is left open at the server: nothing of this evening can ever be sent.
        line.cut()
        for name in ("Open a session", "Open the session", "Record a visit", *ANSWERS):
            tablet.tap(name)
        tablet.page.evaluate(
            """() => new Promise((done) => {
                const request = indexedDB.open("sutg-tablet", 99);
                request.onsuccess = () => { request.result.close(); done(); };
            })"""
        )
        tablet.tap("Save visit")
        expect(tablet.page.get_by_role("alert")).to_contain_text("Not saved: the app was updated in another window")
        expect(tablet.page.get_by_text("Saved on this tablet.", exact=True)).to_have_count(0)
        expect(tablet.page.get_by_role("heading", name="Check and save")).to_be_visible()

"""Whoever takes a locked tablet, with everything that its browser wrote, reads nothing that was entered on it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.tablets import CAFE, PERSON, Tablet, code_from_the_manager, set_up
from tests.support.line import line_to

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

CANARIES = 50
# Everything that scripts can get at: each database with each of its rows, each cache with its answers, and the rest.
EVERYTHING = """async () => {
    const texts = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie, document.title];
    const write = (value) => {
        if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
            return new TextDecoder("latin1").decode(value);
        }
        if (value && typeof value === "object") {
            return Object.entries(value).map(([name, each]) => `${name}: ${write(each)}`).join("\\n");
        }
        return String(value);
    };
    for (const { name } of await indexedDB.databases()) {
        const database = await new Promise((done, failed) => {
            const request = indexedDB.open(name);
            request.onsuccess = () => done(request.result);
            request.onerror = () => failed(request.error);
        });
        for (const store of database.objectStoreNames) {
            const rows = await new Promise((done) => {
                const request = database.transaction(store).objectStore(store).getAll();
                request.onsuccess = () => done(request.result);
            });
            texts.push(`${store}: ${rows.map(write).join("\\n")}`);
        }
        database.close();
    }
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
            texts.push(request.url, await (await cache.match(request)).text());
        }
    }
    texts.push(document.documentElement.outerHTML);
    return texts.join("\\n");
}"""


def files_of(folder: Path) -> Iterator[bytes]:
    """What the browser wrote to the disk, whatever it calls it."""
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            yield path.read_bytes()


def found_in(text: bytes, values: list[str]) -> list[str]:
    """Those of ``values`` that are in ``text``, as UTF-8 or as UTF-16, in which Chromium writes strings."""
    return [value for value in values if value.encode() in text or value.encode("utf-16-le") in text]


def record(tablet: Tablet, canary: str, *, is_named: bool) -> None:
    tablet.tap("Record a visit")
    tablet.tap("Somebody who wants to be known by name" if is_named else "Somebody with a return code")
    tablet.page.locator("#typed").fill(canary)
    tablet.tap("Next")
    if is_named:
        tablet.page.get_by_role("heading", name="How can they be reached?").wait_for()
        tablet.page.locator("#typed").fill(canary)
        tablet.tap("Next")
    for name in ("7", "Stress", "Next", "Next", "Not recorded", "Save visit"):
        tablet.tap(name)
    tablet.page.get_by_text("Saved on this tablet.", exact=True).wait_for()


def test_locked_tablet_searched_for_what_was_entered_holds_none_of_it(
    page: Page,
    sign_in: Callable[[str], None],
    installed: Callable[[str], BrowserContext],
    address: str,
    tmp_path: Path,
) -> None:
    *canaries, half_entered = [f"canary{secrets.token_hex(6)}" for _ in range(CANARIES + 1)]
    sign_in(PERSON)
    code = code_from_the_manager(page, CAFE, f"Searched {secrets.token_hex(3)}")

    with line_to(address) as line:
        context = installed(line.address)
        tablet = Tablet(context.new_page())
        set_up(tablet, code)
        # No session is left open at the server.
        line.cut()
        tablet.tap("Open a session")
        tablet.tap("Open the session")
        for number, canary in enumerate(canaries):
            record(tablet, canary, is_named=number % 2 == 1)
        # One is left half entered.
        tablet.tap("Record a visit")
        tablet.tap("Somebody with a return code")
        tablet.page.locator("#typed").fill(half_entered)
        tablet.tap("Lock now")
        tablet.page.get_by_text("Who are you?").wait_for()
        stored = tablet.page.evaluate(EVERYTHING).encode()
        context.close()
    on_disk = list(files_of(tmp_path / "profile"))

    # The search finds what is there: the name of a café and of a database are no secret.
    assert found_in(stored, [CAFE])
    assert any(found_in(text, ["sutg-tablet"]) for text in on_disk)
    secret = [*canaries, half_entered]
    assert found_in(stored, secret) == []
    assert {value for text in on_disk for value in found_in(text, secret)} == set()

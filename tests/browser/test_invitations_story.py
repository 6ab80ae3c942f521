"""A manager invites somebody, who accepts from the mail and starts."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from email import message_from_bytes
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.navigation import follow

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def link_in_mail_to(folder: Path, receiver: str) -> str:
    """The path of the link in the mail that the worker wrote; waits for it."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        for file in folder.glob("mail/*.log"):
            message = message_from_bytes(file.read_bytes())
            found = re.search(r"(/invitation/\S+/)", str(message.get_payload()))
            if receiver in str(message["To"]) and found:
                return found[1]
        time.sleep(0.2)
    pytest.fail(f"no mail to {receiver}")


def test_manager_invites_and_the_invited_person_starts(
    page: Page, sign_in: Callable[[str], None], accessible: Callable[[], None], site_folder: Path
) -> None:
    sign_in("Meena Solanki")
    follow(page, "Invitations")
    expect(page.get_by_text("nadia.farouk@demo.invalid")).to_be_visible()
    accessible()

    page.get_by_role("button", name="Invite somebody").click()
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_role("link", name="Enter the email address to invite")).to_be_visible()
    accessible()
    page.get_by_label("Email address").fill("new.volunteer@demo.invalid")
    page.get_by_label("Café worker").check()
    page.get_by_label("Belgrave Neighbourhood Café").check()
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("The invitation is on its way")).to_be_visible()
    link = link_in_mail_to(site_folder, "new.volunteer@demo.invalid")
    page.get_by_role("button", name="Sign out").click()

    page.goto(link)
    expect(page.get_by_text("café worker with Belgrave Community Trust")).to_be_visible()
    accessible()
    page.get_by_label("Full name").fill("Xanthe Appiah-Montgomery")
    page.get_by_label("Password", exact=True).fill("three random words")
    page.get_by_role("button", name="Accept and create an account").click()

    expect(page.get_by_text("You are now café worker with Belgrave Community Trust")).to_be_visible()
    accessible()

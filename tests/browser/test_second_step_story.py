"""Setting up a second step and signing in with it: an authenticator app, a recovery code, a passkey."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.navigation import follow
from tests.browser.test_invitations_story import link_in_mail_to

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
PASSWORD = "three random words"


@pytest.fixture
def context(browser: Browser, address: str) -> Iterator[BrowserContext]:
    """By name: a passkey belongs to a name, and a browser makes none for an address in numbers."""
    named = address.replace("127.0.0.1", "localhost")
    context = browser.new_context(base_url=named, viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    yield context
    context.close()


def code_of(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def sign_in_by_password(page: Page, email: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def become_manager(page: Page, sign_in: Callable[[str], None], folder: Path, email: str) -> None:
    """Somebody new, invited as a manager, with an account and a password of their own."""
    sign_in("Meena Solanki")
    follow(page, "Invitations")
    page.get_by_role("button", name="Invite somebody").click()
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Provider manager").check()
    page.get_by_role("button", name="Send the invitation").click()
    link = link_in_mail_to(folder, email)
    page.get_by_role("button", name="Sign out").click()
    page.goto(link)
    page.get_by_label("Full name").fill("Farida Osei")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Accept and create an account").click()


def test_manager_sets_up_an_app_and_signs_in_with_code_and_recovery_code(
    page: Page, sign_in: Callable[[str], None], accessible: Callable[[], None], site_folder: Path
) -> None:
    email = "second.step@demo.invalid"
    become_manager(page, sign_in, site_folder, email)
    expect(page.get_by_role("heading", name="Set up a second step to sign in")).to_be_visible()
    accessible()

    page.get_by_role("button", name="Set up an authenticator app").click()
    accessible()
    page.get_by_text("I can’t scan the code").click()
    secret = page.locator(".app-key").inner_text()
    page.get_by_label("Code that the app shows").fill("12")
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_text("The code is not right").first).to_be_visible()
    accessible()
    page.get_by_label("Code that the app shows").fill(code_of(secret))
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_role("heading", name="Recovery codes", exact=True)).to_be_visible()
    accessible()
    recovery = page.locator(".app-codes code").first.inner_text()
    page.get_by_role("button", name="I have kept them").click()
    expect(page.get_by_text("Belgrave Community Trust").first).to_be_visible()
    page.get_by_role("button", name="Sign out").click()

    sign_in_by_password(page, email)
    expect(page.get_by_role("heading", name="Enter your code")).to_be_visible()
    accessible()
    page.get_by_label("Code from your authenticator app").fill(recovery)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("Belgrave Community Trust").first).to_be_visible()


def test_manager_signs_in_with_a_passkey_alone(
    page: Page, sign_in: Callable[[str], None], accessible: Callable[[], None], site_folder: Path
) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
            }
        },
    )
    become_manager(page, sign_in, site_folder, "passkey@demo.invalid")

    page.get_by_role("button", name="Add a passkey").click()
    accessible()
    page.get_by_label("What to call it").fill("Work phone")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes", exact=True)).to_be_visible()
    page.goto("/accounts/second-step/")
    expect(page.get_by_text("Work phone").first).to_be_visible()
    accessible()
    page.get_by_role("link", name=re.compile("Remove")).click()
    accessible()
    page.get_by_role("button", name="Remove the passkey").click()
    expect(page.get_by_text("Set up another way before you remove this one")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()

    page.goto("/accounts/login/")
    accessible()
    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_text("Belgrave Community Trust").first).to_be_visible()

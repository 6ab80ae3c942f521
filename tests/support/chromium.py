"""The Chromium that stories and benchmarks drive: where it is found, and how it is started."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
MISSING = "No Chromium: set CHROMIUM, or install the package chromium."


def find_chromium(playwright: Playwright) -> str | None:
    """From CHROMIUM, the path, Debian's package when we may install it, or Playwright's own."""
    for candidate in _candidates(playwright):
        if candidate and Path(candidate).exists():
            return candidate
    return None


def _candidates(playwright: Playwright) -> Iterator[str | None]:
    yield os.environ.get("CHROMIUM")
    yield shutil.which("chromium")
    yield shutil.which("google-chrome")
    yield playwright.chromium.executable_path
    if os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", *command], env=environment, check=False, stdout=subprocess.DEVNULL)
        yield shutil.which("chromium")

"""The shell of the tablet's app, its service worker and its manifest: the same for everybody, and whole."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from accounts.roles import Role
from tests.factories import make_membership, make_provider

SHELL, WORKER, MANIFEST = "/tablet/", "/tablet/sw.js", "/tablet/manifest.webmanifest"
BUILT = Path(settings.BASE_DIR) / "static" / "dist"
KILOBYTE = 1000


def kept_by_the_worker() -> dict[str, Any]:
    """What the server tells the service worker to keep."""
    first_line = Client().get(WORKER).content.decode().splitlines()[0]
    return dict(json.loads(first_line.removeprefix("self.shell = ").removesuffix(";")))


@pytest.mark.parametrize("address", [SHELL, WORKER, MANIFEST])
def test_shell_asked_again_with_its_etag_is_not_sent_again(address: str) -> None:
    first = Client().get(address)

    again = Client().get(address, headers={"If-None-Match": first["ETag"]})

    assert (first.status_code, again.status_code) == (200, 304)
    assert first["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("address", [SHELL, WORKER, MANIFEST])
def test_shell_posted_to_is_refused(address: str) -> None:
    assert Client().post(address).status_code == 405


@pytest.mark.django_db
def test_shell_is_the_same_whoever_is_signed_in() -> None:
    anonymous = Client().get(SHELL)
    somebody = Client()
    member = make_membership(provider=make_provider(), role=Role.CAFE_LEAD)
    somebody.force_login(member.user)

    signed_in = somebody.get(SHELL)

    assert signed_in.content == anonymous.content
    assert not anonymous.cookies


def test_worker_keeps_every_file_that_the_shell_loads() -> None:
    shell = Client().get(SHELL).content.decode()

    kept = {file["url"] for file in kept_by_the_worker()["files"]}

    assert set(re.findall(r'(?:src|href)="(/[^"]+)"', shell)) <= kept
    assert SHELL in kept


def test_worker_keeps_only_files_that_exist() -> None:
    static = [
        file["url"].removeprefix("/static/") for file in kept_by_the_worker()["files"] if "/static/" in file["url"]
    ]

    missing = [path for path in static if finders.find(path) is None]

    assert static
    assert missing == []


def test_worker_files_without_a_hash_in_the_name_carry_a_revision() -> None:
    files = kept_by_the_worker()["files"]

    loose = [file["url"] for file in files if not re.search(r"-[\w-]{8}\.\w+$", file["url"]) and not file["revision"]]

    assert loose == []


def test_worker_is_one_classic_script() -> None:
    script = (BUILT / "worker" / "tablet.js").read_text(encoding="utf-8")

    assert not re.search(r"^\s*(import|export)\b", script, re.MULTILINE)


def test_manifest_opens_the_app_by_itself() -> None:
    manifest = json.loads(Client().get(MANIFEST).content)

    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == (SHELL, SHELL, "standalone")
    assert all(finders.find(icon["src"].removeprefix("/static/")) for icon in manifest["icons"])


def test_first_load_of_a_tablet_is_small() -> None:
    """At most 100 KB of scripts and 45 KB of styles, compressed: what a cheap tablet loads before its first screen."""
    chunks = json.loads((BUILT / ".vite" / "manifest.json").read_text(encoding="utf-8"))
    entry = next(chunk for chunk in chunks.values() if chunk["name"] == "tablet")
    scripts = [entry["file"], *(chunks[name]["file"] for name in entry.get("imports", []))]
    style = next(chunk["file"] for chunk in chunks.values() if chunk["name"] == "tablet_style")

    def compressed(path: str) -> int:
        return len(gzip.compress((BUILT / path).read_bytes()))

    assert sum(compressed(path) for path in scripts) <= 100 * KILOBYTE
    assert compressed(style) <= 45 * KILOBYTE

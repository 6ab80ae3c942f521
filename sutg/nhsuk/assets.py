"""Addresses of built assets, read from the manifest that Vite writes."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static


def asset(name: str) -> str:
    """Return the address of the built entry called ``name`` ("style", "app", "support").

    Raises ImproperlyConfigured, naming the command to run, when the assets were not built or know no such entry.
    """
    manifest = _dist() / ".vite" / "manifest.json"
    try:
        changed_at = manifest.stat().st_mtime_ns
    except FileNotFoundError:
        raise ImproperlyConfigured("The assets are not built: run `npm ci && npm run build`.") from None
    # In production files never change below a running process; asking once more costs a microsecond and lets a
    # developer rebuild without a restart.
    entries = _entries(manifest, changed_at)
    if name not in entries:
        raise ImproperlyConfigured(f"The assets have no entry “{name}”: run `npm run build`.")
    return static(entries[name])


@lru_cache(maxsize=4)
def _entries(manifest: Path, changed_at: int) -> dict[str, str]:
    chunks = json.loads(manifest.read_text(encoding="utf-8"))
    return {chunk["name"]: chunk["file"] for chunk in chunks.values() if chunk.get("isEntry")}


def _dist() -> Path:
    return Path(settings.BASE_DIR) / "static" / "dist"

"""Addresses of built assets, read from the manifest that Vite writes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static

NOT_BUILT = "The assets are not built: run `npm ci && npm run build`."


def asset(name: str) -> str:
    """Return the address of the built entry called ``name`` ("style", "app", "support").

    Raises ImproperlyConfigured, naming the command to run, when the assets were not built or know no such entry.
    """
    return static(_entry(_chunks(), name)["file"])


def files_of(*names: str) -> list[str]:
    """Return the address of everything that the entries called ``names`` may ever load, each once, in a stable order.

    What they import at once, what they import later, and the style sheets and images of both.
    """
    chunks = _chunks()
    found: dict[str, None] = {}
    for name in names:
        for file in _all_files(chunks, _entry(chunks, name), set()):
            found[static(file)] = None
    return list(found)


def built_text(path: str) -> str:
    """Return the text of a built file, ``path`` being below static/dist; ImproperlyConfigured when it is absent."""
    try:
        return (_dist() / path).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ImproperlyConfigured(NOT_BUILT) from None


def _all_files(chunks: dict[str, Any], chunk: dict[str, Any], seen: set[str]) -> Iterator[str]:
    if chunk["file"] in seen:
        return
    seen.add(chunk["file"])
    yield chunk["file"]
    yield from chunk.get("css", [])
    yield from chunk.get("assets", [])
    for name in (*chunk.get("imports", []), *chunk.get("dynamicImports", [])):
        yield from _all_files(chunks, chunks[name], seen)


def _entry(chunks: dict[str, Any], name: str) -> dict[str, Any]:
    for chunk in chunks.values():
        if chunk.get("isEntry") and chunk["name"] == name:
            return dict(chunk)
    raise ImproperlyConfigured(f"The assets have no entry “{name}”: run `npm run build`.")


def _chunks() -> dict[str, Any]:
    manifest = _dist() / ".vite" / "manifest.json"
    try:
        changed_at = manifest.stat().st_mtime_ns
    except FileNotFoundError:
        raise ImproperlyConfigured(NOT_BUILT) from None
    # In production files never change below a running process; asking once more costs a microsecond and lets a
    # developer rebuild without a restart.
    return _read(manifest, changed_at)


@lru_cache(maxsize=4)
def _read(manifest: Path, changed_at: int) -> dict[str, Any]:
    chunks: dict[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))
    return chunks


def _dist() -> Path:
    return Path(settings.BASE_DIR) / "static" / "dist"

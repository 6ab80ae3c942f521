"""Helpers for tests of the design system."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.template import engines

CANARY = '<script>alert("canary")</script>'


@pytest.fixture
def render() -> Callable[..., str]:
    """Render a template given as text."""

    def from_text(text: str, **context: Any) -> str:
        return str(engines["jinja2"].from_string(text).render(context))

    return from_text


@pytest.fixture
def built_assets(tmp_path: Path, settings: Any) -> Path:
    """A manifest as Vite writes it, so that no build is needed; returns its path."""
    manifest = tmp_path / "static" / "dist" / ".vite" / "manifest.json"
    manifest.parent.mkdir(parents=True)
    entries = {
        f"static/{name}": {"file": f"assets/{name}-abcdefgh.{kind}", "name": name, "isEntry": True}
        for name, kind in (("style", "css"), ("app", "js"), ("support", "js"))
    }
    entries["static/charts"] = {"file": "assets/charts-abcdefgh.js", "name": "charts", "isDynamicEntry": True}
    manifest.write_text(json.dumps(entries))
    settings.BASE_DIR = tmp_path
    return manifest

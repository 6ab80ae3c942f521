"""What import-linter cannot say: which parts of Django a room may know."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ("accounts", "providers", "cafes", "reports")
# A request, a form and an answer are the business of pages and endpoints.
FORBIDDEN = (
    "django.http",
    "django.forms",
    "django.shortcuts",
    "django.template",
    "django.urls",
    "rest_framework",
    "celery",
)


def _modules() -> list[Path]:
    return sorted(
        path
        for app in APPS
        for part in ("models", "selectors", "services")
        for path in (ROOT / app).glob(f"{part}/**/*.py")
    )


def _imported(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", _modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_model_selector_or_service_never_sees_a_request_or_a_form(path: Path) -> None:
    seen = [name for name in _imported(path.read_text(encoding="utf-8")) if name.startswith(FORBIDDEN)]

    assert seen == []


@pytest.mark.parametrize("source", ["from django.http import HttpRequest", "from django import forms", "import celery"])
def test_forbidden_import_is_noticed(source: str) -> None:
    assert any(name.startswith(FORBIDDEN) for name in _imported(source))

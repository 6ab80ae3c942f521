"""The default database connected to in another way for a while: pooled, prepared, or past the pooler."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections


def is_behind_pooler() -> bool:
    """Whether the application connects elsewhere than the owner, who always connects to PostgreSQL itself."""
    return _place("default") != _place("owner")


@contextmanager
def connecting(*, past_pooler: bool = False, **options: Any) -> Iterator[None]:
    """Every thread's default connection made anew, with ``options`` added to those of its settings."""
    _forget()
    settings = connections.settings["default"]
    before = dict(settings)
    settings["OPTIONS"] = {**settings.get("OPTIONS", {}), **options}
    if past_pooler:
        settings["HOST"], settings["PORT"] = _place("owner")
    try:
        yield
    finally:
        if connections["default"].pool:
            connections["default"].close()
            connections["default"].close_pool()
        _forget()
        settings.clear()
        settings.update(before)


def _place(alias: str) -> tuple[str, str]:
    settings = connections.settings[alias]
    return settings["HOST"], str(settings["PORT"])


def _forget() -> None:
    connections["default"].close()
    del connections["default"]

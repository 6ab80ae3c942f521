"""Which tables the triggers leave alone, and why; and which that belong to no provider they watch."""

from __future__ import annotations

from collections.abc import Mapping

_LEFT_OUT: dict[str, str] = {
    "audit_providerevent": "the record itself; sealed in blocks",
    "audit_providerblock": "the record itself; each block holds the digest of the one before",
}
_SHARED: dict[str, str] = {}
_QUIET: dict[str, Mapping[str, str]] = {}


def leave_out(table: str, reason: str) -> None:
    """Say that changes of a provider's ``table`` are not noted, and why: it is derived from what is noted."""
    _LEFT_OUT[table] = reason


def watch_shared(table: str, reason: str) -> None:
    """Have changes of a ``table`` that belongs to no provider noted in the trust's record: it decides access."""
    _SHARED[table] = reason


def keep_quiet(table: str, columns: Mapping[str, str]) -> None:
    """Columns of ``table`` whose change by itself is nothing to record, each with the reason."""
    _QUIET[table] = dict(columns)


def left_out() -> Mapping[str, str]:
    return dict(_LEFT_OUT)


def watched_shared_tables() -> Mapping[str, str]:
    return dict(_SHARED)


def quiet_columns(table: str) -> Mapping[str, str]:
    return _QUIET.get(table, {})

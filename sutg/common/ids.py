"""Identifiers."""

from __future__ import annotations

import uuid

import uuid_utils


def new_id() -> uuid.UUID:
    """A UUID of version 7 (RFC 9562): unique, safe to show, and arriving in index order."""
    return uuid.UUID(int=uuid_utils.uuid7().int)

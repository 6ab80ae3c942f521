"""The link of an invitation (docs/adr/0008)."""

from __future__ import annotations

import uuid

from sutg.common import links
from sutg.common.links import Link

_PURPOSE = "sutg.providers.links"

__all__ = ["Link", "new_link", "read_link"]


def new_link(provider_id: uuid.UUID | None, invitation_id: uuid.UUID) -> Link:
    """``provider_id`` is None for an invitation of the trust's own."""
    return links.new_link(_PURPOSE, provider_id, invitation_id)


def read_link(text: str) -> Link | None:
    """The link that ``text`` is; None for anything that we did not make."""
    return links.read_link(_PURPOSE, text)

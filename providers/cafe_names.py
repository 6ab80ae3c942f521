"""Where this room learns a provider's cafés, for roles that are held for some of them: the room above registers."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping

CafeSource = Callable[[], Mapping[str, uuid.UUID]]
_SOURCES: list[CafeSource] = []


def register_cafe_source(source: CafeSource) -> None:
    if source not in _SOURCES:
        _SOURCES.append(source)


def cafe_names() -> dict[uuid.UUID, str]:
    """The cafés of the scope's provider, by name: id → name."""
    found = {cafe_id: name for source in _SOURCES for name, cafe_id in source().items()}
    return dict(sorted(found.items(), key=lambda item: item[1]))

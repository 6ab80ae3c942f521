"""Finding cafés."""

from __future__ import annotations

import uuid

from cafes.models import Cafe


def cafe_ids_by_name() -> dict[str, uuid.UUID]:
    """The scope's cafés: official name → id."""
    return dict(Cafe.objects.order_by("name").values_list("name", "id"))

"""Who must know when visits change: rooms above register here, so that the arrow to them stays down."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import date
from typing import Protocol

from sutg.tenancy.scope import Actor


class Refresher(Protocol):
    """Brings what was derived from visits up to date, in the caller's transaction and scope."""

    def __call__(
        self, *, provider_id: uuid.UUID, cafe_days: Mapping[uuid.UUID, Collection[date]], by: Actor
    ) -> None: ...


_REFRESHERS: list[Refresher] = []


def register_refresher(refresher: Refresher) -> None:
    if refresher not in _REFRESHERS:
        _REFRESHERS.append(refresher)


def refresh(*, provider_id: uuid.UUID, cafe_days: Mapping[uuid.UUID, Collection[date]], by: Actor) -> None:
    """Tell everybody that the visits of these cafés on these days changed."""
    for refresher in _REFRESHERS:
        refresher(provider_id=provider_id, cafe_days=cafe_days, by=by)

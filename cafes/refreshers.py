"""Who must know when visits change: rooms above register here, so that the arrow to them stays down."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import date
from typing import Protocol

from cafes.codes import REASONS_TO_COUNT_ANEW
from sutg.tenancy.scope import Actor


class Refresher(Protocol):
    """Brings what was derived from visits up to date, in the caller's transaction and scope."""

    def __call__(
        self,
        *,
        provider_id: uuid.UUID,
        cafe_days: Mapping[uuid.UUID, Collection[date]],
        by: Actor,
        reason: str,
        subject: uuid.UUID | None,
    ) -> None: ...


_REFRESHERS: list[Refresher] = []


def register_refresher(refresher: Refresher) -> None:
    if refresher not in _REFRESHERS:
        _REFRESHERS.append(refresher)


def refresh(
    *,
    provider_id: uuid.UUID,
    cafe_days: Mapping[uuid.UUID, Collection[date]],
    by: Actor,
    reason: str,
    subject: uuid.UUID | None = None,
) -> None:
    """Tell everybody that the visits of these cafés on these days changed.

    ``reason`` is a ``CorrectionReason`` or an ``Occasion``: in a locked month it stands beside the adjustment that
    follows. ``subject`` is the session or the return that changed, where it was one.
    """
    if reason not in REASONS_TO_COUNT_ANEW:
        msg = f"“{reason}” says nobody why figures change."
        raise ValueError(msg)
    for refresher in _REFRESHERS:
        refresher(provider_id=provider_id, cafe_days=cafe_days, by=by, reason=reason, subject=subject)

"""Preparing figures when visits change."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db import connection

from cafes.models import Cafe
from reports.codings import ANYTHING_ELSE, codings
from reports.services.adjusting import Change, Held, Slot
from reports.services.counting import STATEMENTS
from sutg.audit.services import record
from sutg.common.errors import NotFound
from sutg.common.periods import periods_containing
from sutg.tenancy import scope as scopes
from sutg.tenancy.errors import ScopeForbids
from sutg.tenancy.scope import Actor


def refresh_figures(
    *,
    provider_id: uuid.UUID,
    cafe_days: Mapping[uuid.UUID, Collection[date]],
    by: Actor,
    reason: str,
    subject: uuid.UUID | None = None,
) -> None:
    """Count anew, for each café, every month, quarter and financial year in which one of its days lies.

    Runs in the caller's transaction and provider scope, and leaves the same figures however often it runs: they are
    counted from the standing visits and sessions. What differs from a locked figure and its adjustments so far becomes
    one more adjustment, for ``reason``. Of two refreshes of one café the second waits, and then counts what the first
    one's transaction stored.

    Raises :class:`ScopeForbids` outside the provider's scope and :class:`NotFound` for a café that is not its own.
    """
    if scopes.require().provider_id != provider_id or not connection.in_atomic_block:
        msg = "Figures are refreshed in the provider's own scope and in the transaction that changed its visits."
        raise ScopeForbids(msg)
    slots = _slots(cafe_days)
    if not slots:
        return
    _lock({cafe_id for cafe_id, _ in slots})
    held = Held.of(provider_id, slots)
    _count(provider_id, slots)
    adjustments = held.settle(Change(reason, subject, by))
    record("reports.figures_refreshed", by=by, provider_id=provider_id, slots=len(slots), adjustments=adjustments)


def _slots(cafe_days: Mapping[uuid.UUID, Collection[date]]) -> list[Slot]:
    found = {(cafe, period) for cafe, days in cafe_days.items() for day in days for period in periods_containing(day)}
    return sorted(found)


def _lock(cafe_ids: set[uuid.UUID]) -> None:
    """Lock the cafés in the order of their ids, so that two refreshes cannot wait for each other.

    NO KEY: rows that refer to a café may still be added, which the loading of a return has done by now.
    """
    locked = Cafe.objects.filter(id__in=cafe_ids).order_by("id").select_for_update(no_key=True, of=("self",))
    if len(locked.values_list("id", flat=True)) != len(cafe_ids):
        raise NotFound


def _count(provider_id: uuid.UUID, slots: list[Slot]) -> None:
    coded = list(codings())
    parameters: dict[str, Any] = {
        "provider_id": provider_id,
        "cafe_ids": [cafe_id for cafe_id, _ in slots],
        "kinds": [period.kind.value for _, period in slots],
        "starts": [period.start for _, period in slots],
        "ends": [period.end for _, period in slots],
        "measures": [coding.measure for coding in coded],
        "answers": [coding.answer for coding in coded],
        "categories": [coding.category for coding in coded],
        "anything_else": ANYTHING_ELSE,
    }
    with connection.cursor() as cursor:
        for statement in STATEMENTS:
            cursor.execute(statement, parameters)

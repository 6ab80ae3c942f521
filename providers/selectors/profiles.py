"""What providers say of themselves, and how what they must have in force stands."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet

from providers.models import Insurance, Policy, ProfileVersion

SOON = timedelta(days=60)
AnyAssurance = Insurance | Policy


class State(StrEnum):
    """How one kind of insurance or policy stands on a day, the worst first."""

    EXPIRED = "expired"
    MISSING = "missing"
    SOON = "soon"
    IN_FORCE = "in_force"


@dataclass(frozen=True, slots=True)
class Standing:
    """One kind: ``ends`` is the last day without a gap, or the day on which it ran out; ``row`` what that rests on."""

    model: type[Insurance] | type[Policy]
    kind: str
    state: State
    ends: date | None = None
    row: AnyAssurance | None = None

    @property
    def label(self) -> str:
        return str(self.model.Kind(self.kind).label)


def latest_profile(provider_id: uuid.UUID) -> ProfileVersion | None:
    """What holds now; None before anything was saved."""
    found: ProfileVersion | None = ProfileVersion.objects.filter(provider_id=provider_id).first()
    return found


def latest_profiles(provider_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, ProfileVersion]:
    """Provider → what holds now."""
    rows = ProfileVersion.objects.filter(provider_id__in=list(provider_ids))
    newest = rows.order_by("provider_id", "-number").distinct("provider_id")
    return {row.provider_id: row for row in newest}


def profile_history(provider_id: uuid.UUID) -> list[ProfileVersion]:
    """Every state, the latest first."""
    return list(ProfileVersion.objects.filter(provider_id=provider_id))


def insurances_of(provider_id: uuid.UUID) -> list[Insurance]:
    """Everything ever written down, withdrawn ones too."""
    found: QuerySet[Insurance] = Insurance.objects.filter(provider_id=provider_id)
    return list(found)


def policies_of(provider_id: uuid.UUID) -> list[Policy]:
    found: QuerySet[Policy] = Policy.objects.filter(provider_id=provider_id)
    return list(found)


def standings_of(provider_ids: Iterable[uuid.UUID], day: date) -> dict[uuid.UUID, list[Standing]]:
    """Provider → how each kind stands that it must have or has written down. Two queries, however many."""
    ids = list(provider_ids)
    found: dict[uuid.UUID, list[Standing]] = {provider_id: [] for provider_id in ids}
    for model in (Insurance, Policy):
        rows: dict[tuple[uuid.UUID, str], list[Any]] = {}
        for row in model.objects.standing().filter(provider_id__in=ids):
            rows.setdefault((row.provider_id, row.kind), []).append(row)
        for provider_id in ids:
            for kind in model.Kind.values:
                mine = rows.get((provider_id, kind), [])
                if mine or kind in model.REQUIRED:
                    found[provider_id].append(standing_on(model, kind, mine, day))
    return found


def standing_on(model: type[Insurance] | type[Policy], kind: str, rows: Sequence[AnyAssurance], day: date) -> Standing:
    """How ``rows`` of one kind leave it on ``day``: a renewal carries on from the term before when no day is between.

    What only begins later is missing until then.
    """
    last: AnyAssurance | None = None
    for row in sorted(rows, key=lambda row: (row.since, row.until)):
        carries_on = last is not None and row.since <= last.until + timedelta(days=1)
        if row.since <= day or (last is not None and last.until >= day and carries_on):
            last = row if last is None or row.until >= last.until else last
    if last is None:
        return Standing(model, kind, State.MISSING)
    if last.until < day:
        return Standing(model, kind, State.EXPIRED, last.until, last)
    return Standing(model, kind, State.SOON if last.until <= day + SOON else State.IN_FORCE, last.until, last)

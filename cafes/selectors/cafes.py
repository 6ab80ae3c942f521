"""Finding cafés, and what is known of one."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery

from cafes.models import Cafe, CafeAddress, CafeName, CafeStatus
from sutg.common.errors import NotFound

State = CafeStatus.State


def cafe_ids_by_name() -> dict[str, uuid.UUID]:
    """The scope's cafés: official name → id."""
    return dict(Cafe.objects.order_by("name").values_list("name", "id"))


def cafes() -> QuerySet[Cafe]:
    """Every café that the scope may see, with its provider and neighbourhood, by provider and name."""
    return Cafe.objects.select_related("provider", "neighbourhood").order_by("provider__name", "name", "id")


def find_cafe(provider_id: uuid.UUID, cafe_id: uuid.UUID) -> Cafe:
    """The provider's café of this id; :class:`NotFound` when the scope has none."""
    found = Cafe.objects.select_related("provider", "neighbourhood", "local_authority")
    cafe = found.filter(provider_id=provider_id, id=cafe_id).first()
    if cafe is None:
        raise NotFound
    return cafe


def lock_cafe(cafe_id: uuid.UUID) -> Cafe:
    """The provider's café, held until the transaction ends: whoever changes its openings or state comes one by one."""
    cafe = Cafe.objects.select_for_update().filter(id=cafe_id).first()
    if cafe is None:
        raise NotFound
    return cafe


def statuses_of(cafes: Iterable[Cafe]) -> dict[uuid.UUID, list[CafeStatus]]:
    """Café → its moves that stand, in order."""
    found: dict[uuid.UUID, list[CafeStatus]] = {cafe.id: [] for cafe in cafes}
    for status in CafeStatus.objects.standing().filter(cafe_id__in=list(found)):
        found[status.cafe_id].append(status)
    return found


def status_on(statuses: Iterable[CafeStatus], day: date) -> CafeStatus | None:
    """The move that holds on ``day``, of ``statuses`` in order."""
    holding = None
    for status in statuses:
        if status.since <= day:
            holding = status
    return holding


def addresses_of(cafe: Cafe) -> list[CafeAddress]:
    return list(CafeAddress.objects.filter(provider_id=cafe.provider_id, cafe_id=cafe.id))


def earlier_names_of(cafe: Cafe) -> list[CafeName]:
    """What the café was called before, the latest first."""
    return list(CafeName.objects.filter(provider_id=cafe.provider_id, cafe_id=cafe.id))


def cafes_that_are(state: str) -> QuerySet[Cafe]:
    """Cafés whose last move that stands is to ``state``."""
    moves = CafeStatus.objects.standing().filter(provider_id=OuterRef("provider_id"), cafe_id=OuterRef("id"))
    last = Subquery(moves.order_by("-since", "-moved_at", "-id").values("state")[:1])
    return cafes().annotate(last_state=last).filter(last_state=state)

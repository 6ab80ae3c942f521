"""Who is one person with whom, where return codes were joined."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from django.db.models import Q, QuerySet

from cafes.models import VisitorMerge
from sutg.common.errors import NotFound


def persons_of(visitor_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """Visitor → the person they are, for these visitors and everybody who is one with them."""
    if not visitor_ids:
        return {}
    standing = VisitorMerge.objects.standing()
    kept = set(standing.filter(merged_id__in=visitor_ids).values_list("kept_id", flat=True))
    persons = {visitor_id: visitor_id for visitor_id in (*visitor_ids, *kept) if visitor_id}
    for merged, person in standing.filter(kept_id__in=list(persons)).values_list("merged_id", "kept_id"):
        persons |= {merged: person} if merged and person else {}
    return persons


def same_person(visitor_id: uuid.UUID) -> set[uuid.UUID]:
    """This visitor, and everybody who is one person with them."""
    persons = persons_of([visitor_id])
    return {other for other, person in persons.items() if person == persons[visitor_id]}


def merges_at(cafe_ids: Collection[uuid.UUID] | None) -> QuerySet[VisitorMerge]:
    """Every joining at these cafés, or at all of the scope's; the latest first, undone ones too."""
    condition = Q() if cafe_ids is None else Q(cafe_id__in=cafe_ids)
    found: QuerySet[VisitorMerge] = VisitorMerge.objects.filter(condition).select_related("cafe")
    return found.order_by("-merged_at", "-id")


def find_merge(merge_id: uuid.UUID, cafe_ids: Collection[uuid.UUID] | None) -> VisitorMerge:
    found = merges_at(cafe_ids).filter(id=merge_id).first()
    if found is None:
        raise NotFound
    return found

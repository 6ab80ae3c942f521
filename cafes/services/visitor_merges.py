"""Joining return codes that are one person's, and parting them again.

Nothing is moved: a visit stays with the code under which it was recorded, and so do the answers that were given under
it. People are counted by the person; a person has one first visit.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from cafes.codes import Occasion
from cafes.models import Visit, VisitorMerge, VisitorReference
from cafes.references import digest_of, reference_key
from cafes.refreshers import refresh
from cafes.selectors.visitor_merges import persons_of, same_person
from cafes.services.holding import hold_cafes
from sutg.audit.services import record
from sutg.common.errors import DomainError, NotFound
from sutg.tenancy.scope import Actor

_ORDER = ("visited_on", "arrived_at", "recorded_at", "id")


@transaction.atomic
def join_codes(*, cafe_id: uuid.UUID, first: str, second: str, by: Actor, now: datetime) -> VisitorMerge:
    """Say that two return codes of a café are one person's, and count anew.

    Raises :class:`DomainError` for a code that was never used there, and for two that are joined already, be it by way
    of a third.
    """
    cafe = hold_cafes([cafe_id])[0]
    key = reference_key(cafe.provider_id)
    one, other = (_visitor(key, cafe_id, code, field) for code, field in ((first, "first"), (second, "second")))
    persons = persons_of([one, other])
    if persons[one] == persons[other]:
        raise DomainError("These two are one person’s already", field="second")
    joined = VisitorMerge(
        provider_id=cafe.provider_id, cafe_id=cafe_id, one_id=one, other_id=other, merged_at=now, merged_by=str(by)
    )
    group = set(persons)
    _lay_out([*_standing(group), joined], group)
    _conclude(joined, group, by, "return_codes_joined")
    return joined


@transaction.atomic
def part_codes(*, visitor_merge_id: uuid.UUID, by: Actor, now: datetime) -> VisitorMerge:
    """Undo a joining: everything is counted as if it had never been. Raises :class:`DomainError` when it is undone."""
    found = VisitorMerge.objects.filter(id=visitor_merge_id).values_list("cafe_id", flat=True).first()
    if found is None:
        raise NotFound
    hold_cafes([found])
    parted = VisitorMerge.objects.select_for_update().get(id=visitor_merge_id)
    if parted.undone_at is not None:
        raise DomainError("These codes were parted already.")
    group = same_person(parted.one_id)
    _restore([parted], group)
    parted.undone_at, parted.undone_by, parted.flipped = now, str(by), []
    parted.kept_id = parted.merged_id = None
    parted.save()
    _lay_out(_standing(group), group)
    _conclude(parted, group, by, "return_codes_parted")
    return parted


def _visitor(key: bytes, cafe_id: uuid.UUID, code: str, field: str) -> uuid.UUID:
    digest = digest_of(key, cafe_id, code)
    reference = VisitorReference.objects.filter(cafe_id=cafe_id, digest=digest).first()
    if reference is None:
        raise DomainError("This return code has not been used at this café", field=field)
    visitor_id: uuid.UUID = reference.visitor_id
    return visitor_id


def _standing(group: Collection[uuid.UUID]) -> list[VisitorMerge]:
    return list(VisitorMerge.objects.standing().filter(one_id__in=group).select_for_update())


def _lay_out(merges: Sequence[VisitorMerge], group: Collection[uuid.UUID]) -> None:
    """Have each row merge one visitor into whom they all are, and each person have one first visit.

    ``merges`` in the order in which they came; no two of them join the same people, so each brings two groups together.
    A first visit is as it was recorded, less what each joining takes away. What a return says stays as it says it.
    """
    _restore(merges, group)
    together: dict[uuid.UUID, set[uuid.UUID]] = {visitor_id: {visitor_id} for visitor_id in group}
    for merge in merges:
        one, other = together[merge.one_id], together[merge.other_id]
        # Of two groups' least ids the greater is least of no group again: this row merges it, and no other does.
        merge.merged_id = max(min(one), min(other))
        together |= dict.fromkeys(one | other, one | other)
        merge.flipped = _take_first_visits(one | other)
    for merge in merges:
        merge.kept_id = min(together[merge.one_id])
        merge.save()


def _take_first_visits(together: Collection[uuid.UUID]) -> list[uuid.UUID]:
    """Which visits are not first ones any more, once these are one person.

    Whoever came first keeps their first visit as it was recorded: an earlier day may have been recorded after it.
    """
    visits = Visit.objects.standing().filter(visitor_id__in=together)
    said = visits.filter(Q(is_new=True) | Q(return_file_id__isnull=False))
    came_first = said.order_by(*_ORDER).values_list("visitor_id", flat=True).first()
    later = visits.filter(is_new=True, return_file_id__isnull=True).exclude(visitor_id=came_first)
    flipped = sorted(later.values_list("id", flat=True))
    Visit.objects.filter(id__in=flipped).update(is_new=False)
    return flipped


def _restore(merges: Sequence[VisitorMerge], group: Collection[uuid.UUID]) -> None:
    """First visits as they were before these joinings, one of each visitor.

    Whose a visit was may have been put right since: it is not a second first visit of whom it belongs to now.
    """
    taken = [visit_id for merge in merges for visit_id in merge.flipped]
    visits = Visit.objects.standing().filter(visitor_id__in=group, return_file_id__isnull=True)
    have_one = set(visits.filter(is_new=True).values_list("visitor_id", flat=True))
    first: dict[uuid.UUID, uuid.UUID] = {}
    for visitor_id, visit_id in visits.filter(id__in=taken).order_by(*_ORDER).values_list("visitor_id", "id"):
        if visitor_id and visitor_id not in have_one:
            first.setdefault(visitor_id, visit_id)
    Visit.objects.filter(id__in=first.values()).update(is_new=True)


def _conclude(merge: VisitorMerge, group: Collection[uuid.UUID], by: Actor, name: str) -> None:
    visits = Visit.objects.standing().filter(visitor_id__in=group)
    days = set(visits.values_list("visited_on", flat=True))
    record(name, by=by, subject=merge.id, provider_id=merge.provider_id, visits=visits.count())
    if days:
        refresh(
            provider_id=merge.provider_id,
            cafe_days={merge.cafe_id: days},
            by=by,
            reason=Occasion.ONE_PERSON,
        )

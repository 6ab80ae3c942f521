"""A provider's tablets and what waits on them, for those who keep them."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from accounts.models import User
from accounts.roles import Role
from cafes.models import Tablet, TabletRecord
from providers.models import Membership
from sutg.common.errors import NotFound

State = TabletRecord.State
MOST_ASIDE = 50
UNSETTLED = (State.ATTENTION, State.WAITING)


@dataclass(frozen=True, slots=True)
class KeptTablet:
    """``attention`` records need a person; ``waiting`` ones wait for a record that has not come."""

    tablet: Tablet
    attention: int = 0
    waiting: int = 0


def kept_tablets(*, cafe_ids: Collection[uuid.UUID] | None) -> list[KeptTablet]:
    """Tablets of ``cafe_ids`` (None: of every café) by café and name, those whose access ended last. Two queries."""
    found = list(_tablets(cafe_ids).order_by("cafe__name", "name", "id"))
    counts = _unsettled([tablet.id for tablet in found])
    kept = [KeptTablet(tablet, *(counts.get((tablet.id, state), 0) for state in UNSETTLED)) for tablet in found]
    return sorted(kept, key=lambda each: each.tablet.revoked_at is not None)


def find_kept_tablet(tablet_id: uuid.UUID, *, cafe_ids: Collection[uuid.UUID] | None) -> KeptTablet:
    """One of :func:`kept_tablets`; :class:`NotFound` when it is not among them."""
    tablet = _tablets(cafe_ids).filter(id=tablet_id).first()
    if tablet is None:
        raise NotFound
    counts = _unsettled([tablet.id])
    return KeptTablet(tablet, *(counts.get((tablet.id, state), 0) for state in UNSETTLED))


def records_to_settle(tablet_id: uuid.UUID) -> QuerySet[TabletRecord]:
    """Those that need a person first, then those that wait, by number."""
    found = TabletRecord.objects.filter(tablet_id=tablet_id, state__in=UNSETTLED)
    return found.defer("payload").order_by("state", "number", "id")


def records_set_aside(tablet_id: uuid.UUID) -> list[TabletRecord]:
    """The latest of those that count nowhere."""
    found = TabletRecord.objects.filter(tablet_id=tablet_id, state=State.SET_ASIDE)
    return list(found.defer("payload").order_by("-settled_at", "id")[:MOST_ASIDE])


def find_tablet_record(tablet_record_id: uuid.UUID, *, cafe_ids: Collection[uuid.UUID] | None) -> TabletRecord:
    """A record that is kept, of a tablet of ``cafe_ids``; :class:`NotFound` for any other."""
    found = TabletRecord.objects.filter(id=tablet_record_id).select_related("tablet__cafe")
    row = (found if cafe_ids is None else found.filter(tablet__cafe_id__in=cafe_ids)).first()
    if row is None:
        raise NotFound
    return row


def _tablets(cafe_ids: Collection[uuid.UUID] | None) -> QuerySet[Tablet]:
    found: QuerySet[Tablet] = Tablet.objects.select_related("cafe")
    return found if cafe_ids is None else found.filter(cafe_id__in=cafe_ids)


def _unsettled(tablet_ids: Collection[uuid.UUID]) -> dict[tuple[uuid.UUID, str], int]:
    found = TabletRecord.objects.filter(tablet_id__in=tablet_ids, state__in=UNSETTLED).order_by()
    counted = found.values_list("tablet_id", "state").annotate(records=Count("id"))
    return {(tablet_id, state): records for tablet_id, state, records in counted}


def people_who_keep_tablets(cafe_id: uuid.UUID, day: date) -> list[User]:
    """The café's leads and the provider's managers on ``day``, by name."""
    held = Membership.objects.held_on(day).filter(role__in=[Role.CAFE_LEAD, Role.PROVIDER_MANAGER])
    here = held.filter(Q(cafe_ids=[]) | Q(cafe_ids__contains=[cafe_id])).values_list("user_id", flat=True)
    return list(User.objects.filter(id__in=list(here), is_active=True).order_by("full_name", "id"))

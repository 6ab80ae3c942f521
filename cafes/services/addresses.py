"""Where a café is, and its delivery points, over time."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from cafes.models import Cafe, CafeAddress
from cafes.models.cafe_address import POSTCODE
from cafes.selectors.cafes import lock_cafe
from sutg.audit.services import record
from sutg.common.errors import DomainError, NotFound
from sutg.tenancy.scope import Actor

Kind = CafeAddress.Kind


@dataclass(frozen=True, slots=True)
class Place:
    """An address as people write it."""

    building: str
    street: str
    town: str
    postcode: str


def tidy_postcode(written: str) -> str:
    """“le45ab” as “LE4 5AB”; :class:`DomainError` when it is no full UK postcode."""
    packed = re.sub(r"[^A-Z0-9]", "", written.upper())
    postcode = f"{packed[:-3]} {packed[-3:]}"
    if not re.fullmatch(POSTCODE, postcode):
        raise DomainError("Enter a full UK postcode, like LE4 5AB.", field="postcode")
    return postcode


@transaction.atomic
def move_cafe(*, cafe: Cafe, place: Place, since: date, by: Actor) -> CafeAddress:
    """Say where ``cafe`` is from ``since`` on. The address before it ends the day before."""
    cafe = lock_cafe(cafe.id)
    postcode = tidy_postcode(place.postcode)
    current = CafeAddress.objects.filter(cafe_id=cafe.id, kind=Kind.MAIN).last()
    if current is not None and since <= current.since:
        day = f"{current.since.day} {current.since:%B %Y}"
        raise DomainError(f"The café is at its present address since {day}. Enter a later day.", field="since")
    if current is not None and (current.until is None or current.until >= since):
        current.until = since - timedelta(days=1)
        current.save(update_fields=["until"])
    return _create(cafe, Kind.MAIN, place, postcode, since, by)


@transaction.atomic
def add_delivery_point(*, cafe: Cafe, place: Place, since: date, by: Actor) -> CafeAddress:
    """Say where else ``cafe`` delivers from ``since`` on. Refused when it delivers there already."""
    cafe = lock_cafe(cafe.id)
    postcode = tidy_postcode(place.postcode)
    points = CafeAddress.objects.filter(cafe_id=cafe.id, kind=Kind.DELIVERY_POINT, postcode=postcode)
    if points.filter(Q(until__isnull=True) | Q(until__gte=since), building__iexact=place.building).exists():
        raise DomainError("The café delivers at this address already.", field="building")
    return _create(cafe, Kind.DELIVERY_POINT, place, postcode, since, by)


@transaction.atomic
def end_delivery_point(*, cafe: Cafe, address_id: uuid.UUID, until: date, by: Actor) -> CafeAddress:
    """Say on which day ``cafe`` delivers at that address for the last time."""
    cafe = lock_cafe(cafe.id)
    points = CafeAddress.objects.filter(cafe_id=cafe.id, kind=Kind.DELIVERY_POINT, id=address_id)
    point = points.select_for_update().first()
    if point is None:
        raise NotFound
    if until < point.since:
        raise DomainError("The last day must not be before the first.", field="until")
    point.until = until
    point.save(update_fields=["until"])
    record("delivery_point_ended", by=by, subject=point.id, provider_id=cafe.provider_id)
    return point


def _create(cafe: Cafe, kind: str, place: Place, postcode: str, since: date, by: Actor) -> CafeAddress:
    address = CafeAddress.objects.create(
        provider_id=cafe.provider_id,
        cafe_id=cafe.id,
        kind=kind,
        building=place.building,
        street=place.street,
        town=place.town,
        postcode=postcode,
        since=since,
    )
    record("cafe_address_added", by=by, subject=address.id, provider_id=cafe.provider_id, kind=kind)
    return address

"""What becomes of tablets when a person leaves: links that nobody has used yet are void; tablets in use stay.

A tablet belongs to its café and opens nothing for the person away from it, but a link lets whoever holds it enrol one.
Who renewed a link is not kept beside it, so every open one of the provider goes; it lives 15 minutes at most.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from accounts.leaving import Departure
from cafes.models import Tablet
from cafes.services.tablets import void_links
from sutg.tenancy.scope import Actor


def describe_tablet_links(departure: Departure) -> Iterable[str]:
    if departure.provider_id is None:
        return
    waiting = Tablet.objects.standing().filter(code_expires_at__gt=timezone.now())
    for name in waiting.order_by("name").values_list("name", flat=True):
        yield f"The link that enrols the tablet “{name}” stops working. Make a new one if it is still needed."


def end_tablet_links(departure: Departure, by: Actor, now: datetime) -> None:
    if departure.provider_id is not None:
        void_links(by=by)

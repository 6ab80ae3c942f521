"""Opening a café."""

from __future__ import annotations

from datetime import date, time

from django.db import transaction

from cafes.models import Cafe, CafeStatus, OpeningPattern
from providers.models import LocalAuthority, Neighbourhood, Provider
from sutg.audit.services import record
from sutg.common.errors import DomainError
from sutg.tenancy.scope import Actor


@transaction.atomic
def create_cafe(
    *,
    provider: Provider,
    name: str,
    neighbourhood: Neighbourhood,
    local_authority: LocalAuthority,
    open_since: date,
    by: Actor,
) -> Cafe:
    """Add a café that is open since a day, under its provider's scope. Refused when the name is taken."""
    if Cafe.objects.filter(name__iexact=name).exists():
        raise DomainError("You have a café of this name.", field="name")
    cafe = Cafe.objects.create(
        provider=provider, name=name, neighbourhood=neighbourhood, local_authority=local_authority
    )
    CafeStatus.objects.create(provider=provider, cafe_id=cafe.id, state=CafeStatus.State.OPEN, since=open_since)
    record("cafe_created", by=by, subject=cafe.id, provider_id=provider.id)
    return cafe


@transaction.atomic
def set_opening(*, cafe: Cafe, weekday: int, opens: time, closes: time, since: date, by: Actor) -> OpeningPattern:
    """Have ``cafe`` open every week on ``weekday`` (1 is Monday) from ``since`` on."""
    if closes <= opens:
        raise DomainError("A café must close after it opens.", field="closes")
    opening = OpeningPattern.objects.create(
        provider_id=cafe.provider_id, cafe_id=cafe.id, weekday=weekday, opens=opens, closes=closes, since=since
    )
    record("cafe_opening_set", by=by, subject=cafe.id, provider_id=cafe.provider_id)
    return opening

from __future__ import annotations

from datetime import date, time
from typing import Any

from cafes.models import Cafe, CafeAddress, CafeName, CafeStatus, OpeningException
from providers.models import Provider
from tests.factories.cafes import make_cafe, make_cafe_status
from tests.factories.scoped import acting_for


def make_open_cafe(*, provider: Provider, since: date = date(2024, 1, 1), **fields: Any) -> Cafe:
    """A café that is open since a day."""
    cafe = make_cafe(provider=provider, **fields)
    make_cafe_status(provider=provider, cafe=cafe, state=CafeStatus.State.OPEN, since=since)
    return cafe


def make_cafe_name(*, provider: Provider, cafe: Cafe | None = None, **fields: Any) -> CafeName:
    cafe = cafe or make_cafe(provider=provider)
    values = {"name": "What it was called", "since": date(2023, 1, 1), "until": date(2023, 12, 31), **fields}
    with acting_for(provider):
        return CafeName.objects.create(provider=provider, cafe_id=cafe.id, **values)


def make_cafe_address(*, provider: Provider, cafe: Cafe | None = None, **fields: Any) -> CafeAddress:
    cafe = cafe or make_cafe(provider=provider)
    values = {
        "kind": CafeAddress.Kind.DELIVERY_POINT,
        "building": "The Hall",
        "street": "1 Example Street",
        "town": "Leicester",
        "postcode": "LE1 1AA",
        "since": date(2024, 1, 1),
        **fields,
    }
    with acting_for(provider):
        return CafeAddress.objects.create(provider=provider, cafe_id=cafe.id, **values)


def make_opening_exception(*, provider: Provider, cafe: Cafe | None = None, **fields: Any) -> OpeningException:
    cafe = cafe or make_cafe(provider=provider)
    values = {"day": date(2199, 5, 1), "kind": OpeningException.Kind.CLOSED, "made_by": "job:tests", **fields}
    if values["kind"] == OpeningException.Kind.OTHER_TIMES:
        values = {"opens": time(10), "closes": time(12), **values}
    with acting_for(provider):
        return OpeningException.objects.create(provider=provider, cafe_id=cafe.id, **values)

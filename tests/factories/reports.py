from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from cafes.models import Cafe
from providers.models import Provider
from reports.models import Adjustment, Figure, LockedFigure, MonthLock
from tests.factories.cafes import make_cafe
from tests.factories.scoped import TESTS, acting_for

_FIGURE = {"period_kind": "month", "period_start": date(2024, 4, 1), "measure": "visits"}


def make_figure(*, provider: Provider, cafe: Cafe | None = None, **fields: Any) -> Figure:
    cafe = cafe or make_cafe(provider=provider)
    values = {**_FIGURE, "value": 12, **fields}
    values.setdefault("published", values["value"])
    with acting_for(provider):
        return Figure.objects.create(provider=provider, cafe_id=cafe.id, **values)


def make_month_lock(*, provider: Provider, **fields: Any) -> MonthLock:
    values = {
        "month": date(2024, 4, 1),
        "locked_at": timezone.now(),
        "locked_by": str(TESTS),
        "locked_as": MonthLock.LockedAs.PROVIDER,
        **fields,
    }
    with acting_for(provider):
        return MonthLock.objects.create(provider=provider, **values)


def make_locked_figure(
    *, provider: Provider, cafe: Cafe | None = None, month_lock: MonthLock | None = None, **fields: Any
) -> LockedFigure:
    cafe = cafe or make_cafe(provider=provider)
    lock = month_lock or make_month_lock(provider=provider)
    values = {**_FIGURE, "value": 12, "published": 12, **fields}
    with acting_for(provider):
        return LockedFigure.objects.create(provider=provider, cafe_id=cafe.id, month_lock_id=lock.id, **values)


def make_adjustment(*, provider: Provider, cafe: Cafe | None = None, **fields: Any) -> Adjustment:
    cafe = cafe or make_cafe(provider=provider)
    values = {
        **_FIGURE,
        "number": 1,
        "delta": 1,
        "value_after": 13,
        "reason": "left_out",
        "adjusted_at": timezone.now(),
        "adjusted_by": str(TESTS),
        **fields,
    }
    with acting_for(provider):
        return Adjustment.objects.create(provider=provider, cafe_id=cafe.id, **values)

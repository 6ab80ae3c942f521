from __future__ import annotations

from datetime import date
from typing import Any

from cafes.models import Cafe
from providers.models import Provider
from reports.models import Figure
from tests.factories.cafes import make_cafe
from tests.factories.scoped import acting_for


def make_figure(*, provider: Provider, cafe: Cafe | None = None, **fields: Any) -> Figure:
    cafe = cafe or make_cafe(provider=provider)
    values = {
        "period_kind": "month",
        "period_start": date(2024, 4, 1),
        "measure": "visits",
        "value": 12,
        **fields,
    }
    with acting_for(provider):
        return Figure.objects.create(provider=provider, cafe_id=cafe.id, **values)

"""What changed the figures of a locked month, for the provider whose figures they are: nobody else may read it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Protocol

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from reports.measures import PEOPLE, SESSIONS, VISITS
from reports.models import Adjustment
from sutg.common.periods import Period


class Adjusted(Protocol):
    """A row: one change of one café's figures, by how much its totals moved, and how many of all its figures did."""

    adjusted_at: datetime
    adjusted_by: str
    reason: str
    cafe_name: str
    visits: int
    people: int
    sessions: int
    figures: int


def adjustments_of(month: Period) -> QuerySet[Adjustment, Any]:
    """The changes of a locked month, the latest first."""
    found = Adjustment.objects.filter(period_kind=month.kind.value, period_start=month.start)
    counted = found.values("adjusted_at", "adjusted_by", "reason", cafe_name=F("cafe__name")).annotate(
        **{
            measure.code: Coalesce(Sum("delta", filter=Q(measure=measure.code)), 0)
            for measure in (VISITS, PEOPLE, SESSIONS)
        },
        figures=Count("id"),
    )
    return counted.order_by("-adjusted_at", "cafe_name").values_list(
        *("adjusted_at", "adjusted_by", "reason", "cafe_name", VISITS.code, PEOPLE.code, SESSIONS.code, "figures"),
        named=True,
    )


def months_adjusted(months: list[date]) -> dict[date, int]:
    """How many changes each of these locked months has had."""
    found = Adjustment.objects.filter(period_kind="month", period_start__in=months)
    changes = found.order_by().values_list("period_start").annotate(changes=Count("adjusted_at", distinct=True))
    return dict(changes)

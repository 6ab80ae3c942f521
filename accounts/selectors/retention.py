"""What information governance reads of retention. In the trust's scope."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from sutg.privacy.models import RetentionForecast, RetentionHold, RetentionPeriod


def periods_to_come(today: date) -> QuerySet[RetentionPeriod]:
    """Periods that are set and do not apply yet."""
    return RetentionPeriod.objects.filter(applies_from__gt=today)


def history_of(code: str) -> QuerySet[RetentionPeriod]:
    """Every period that was ever set for a class, the latest first."""
    return RetentionPeriod.objects.filter(retention=code).order_by("-set_at", "-id")


def standing_holds(today: date) -> QuerySet[RetentionHold]:
    """Holds that keep something today, the latest first."""
    return RetentionHold.objects.standing(today).select_related("organisation")


def forecasts() -> QuerySet[RetentionForecast]:
    """What the last dry run found to become due, by organisation."""
    return RetentionForecast.objects.select_related("organisation").order_by("organisation__name", "retention", "kind")

"""When a café opens: every week, and on single days otherwise."""

from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from sutg.common.catalogue import NotPersonal
from sutg.tenancy.access import READ, WRITE, Access
from sutg.tenancy.fields import TenantForeignKey
from sutg.tenancy.models import TenantManager, TenantModel, TenantQuerySet


class OpeningPatternQuerySet(TenantQuerySet["OpeningPattern"]):
    def in_force_from(self, day: date) -> Self:
        """Patterns that hold on ``day`` or later. One that was ended before it began holds on no day."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=day) & Q(until__gte=F("since")))


class OpeningPattern(TenantModel):
    """One weekly opening. ``weekday`` 1 is Monday (ISO 8601); times are local; ``since`` and ``until`` are included.

    A pattern is never edited: it ends, and another begins. One that was ended before its first day has its ``until``
    on the day before ``since``. That two openings of one café never overlap is held by a trigger (migration 0008).
    """

    class Weekday(models.IntegerChoices):
        MONDAY = 1, "Monday"
        TUESDAY = 2, "Tuesday"
        WEDNESDAY = 3, "Wednesday"
        THURSDAY = 4, "Thursday"
        FRIDAY = 5, "Friday"
        SATURDAY = 6, "Saturday"
        SUNDAY = 7, "Sunday"

    tenancy = Access(provider=WRITE, trust=READ, report=READ)
    catalogue = NotPersonal("opening times")

    cafe_id = models.UUIDField()
    cafe = TenantForeignKey("cafes.Cafe", "cafe_id", related_name="openings")
    weekday = models.PositiveSmallIntegerField(choices=Weekday.choices)
    opens = models.TimeField()
    closes = models.TimeField()
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects: ClassVar = TenantManager.from_queryset(OpeningPatternQuerySet)()

    class Meta(TenantModel.Meta):
        ordering = ["weekday", "opens"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "cafe_id", "weekday", "opens", "since"],
                condition=Q(until__isnull=True),
                name="cafes_opening_once",
            ),
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")),
                name="cafes_opening_times",
                violation_error_message="A café must close after it opens.",
            ),
            models.CheckConstraint(condition=Q(weekday__range=(1, 7)), name="cafes_opening_weekday"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since") - timedelta(days=1)),
                name="cafes_opening_dates",
                violation_error_message="An opening must end after it begins.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M} to {self.closes:%H:%M}"

    def holds_on(self, day: date) -> bool:
        return day.isoweekday() == self.weekday and self.since <= day and (self.until is None or day <= self.until)


class OpeningExceptionQuerySet(TenantQuerySet["OpeningException"]):
    def standing(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)


class OpeningException(TenantModel):
    """One day on which a café does not open as every week: closed all day, or one opening at other times.

    It reaches further ahead than planned sessions do. A single session that is planned already is cancelled instead.
    """

    class Kind(models.TextChoices):
        CLOSED = "closed", "Closed all day"
        OTHER_TIMES = "other_times", "Open at other times"

    tenancy = Access(provider=WRITE, trust=READ, report=READ)
    catalogue = NotPersonal("opening times of a single day", texts="reason")

    cafe_id = models.UUIDField()
    cafe = TenantForeignKey("cafes.Cafe", "cafe_id")
    day = models.DateField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    opening_pattern_id = models.UUIDField(null=True)
    opening_pattern = TenantForeignKey("cafes.OpeningPattern", "opening_pattern_id", null=True)
    opens = models.TimeField(null=True)
    closes = models.TimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.CharField(max_length=120)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=120, blank=True)

    objects: ClassVar = TenantManager.from_queryset(OpeningExceptionQuerySet)()

    class Meta(TenantModel.Meta):
        ordering = ["day", "opens"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "cafe_id", "day", "opening_pattern_id"],
                condition=Q(withdrawn_at__isnull=True),
                nulls_distinct=False,
                name="cafes_openingexception_once",
                violation_error_message="This day is changed already.",
            ),
            models.CheckConstraint(
                condition=Q(kind="closed", opening_pattern_id__isnull=True, opens__isnull=True, closes__isnull=True)
                | Q(kind="other_times", opening_pattern_id__isnull=False, closes__gt=F("opens")),
                name="cafes_openingexception_kind",
                violation_error_message="A café must close after it opens.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by="")
                | Q(withdrawn_at__isnull=False) & ~Q(withdrawn_by=""),
                name="cafes_openingexception_withdrawn",
                violation_error_message="Taking a change back has a time and a person.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.day}"

"""A café: where, in which state since when, and when it opens."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from sutg.common.catalogue import NotPersonal
from sutg.tenancy.access import READ, WRITE, Access
from sutg.tenancy.fields import TenantForeignKey
from sutg.tenancy.models import TenantManager, TenantModel


class Cafe(TenantModel):
    """A place and offer with a name its community chose, in one neighbourhood."""

    tenancy = Access(provider=WRITE, trust=READ, report=READ)
    catalogue = NotPersonal("a place that the public is told about", texts="name")

    name = models.CharField(max_length=200)
    neighbourhood = models.ForeignKey("providers.Neighbourhood", on_delete=models.PROTECT, related_name="+")
    local_authority = models.ForeignKey("providers.LocalAuthority", on_delete=models.PROTECT, related_name="+")

    objects: ClassVar = TenantManager()

    class Meta(TenantModel.Meta):
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                "provider",
                Lower("name"),
                name="cafes_cafe_name",
                violation_error_message="You have a café of this name.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CafeStatus(TenantModel):
    """What a café's state is from one day on, until the next row."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        APPROVED = "approved", "Approved"
        OPEN = "open", "Open"
        PAUSED = "paused", "Paused"
        CLOSED = "closed", "Closed"

    tenancy = Access(provider=WRITE, trust=READ, report=READ)
    catalogue = NotPersonal("the state of a place", texts="reason")

    cafe_id = models.UUIDField()
    cafe = TenantForeignKey("cafes.Cafe", "cafe_id", related_name="statuses")
    state = models.CharField(max_length=20, choices=State.choices)
    since = models.DateField()
    reason = models.CharField(max_length=500, blank=True)

    objects: ClassVar = TenantManager()

    class Meta(TenantModel.Meta):
        ordering = ["since"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "cafe_id", "since"], name="cafes_cafestatus_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} from {self.since}"


class OpeningPattern(TenantModel):
    """One weekly opening. ``weekday`` 1 is Monday (ISO 8601); times are local."""

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

    objects: ClassVar = TenantManager()

    class Meta(TenantModel.Meta):
        ordering = ["weekday", "opens"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "cafe_id", "weekday", "opens", "since"], name="cafes_opening_once"
            ),
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")),
                name="cafes_opening_times",
                violation_error_message="A café must close after it opens.",
            ),
            models.CheckConstraint(condition=Q(weekday__range=(1, 7)), name="cafes_opening_weekday"),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M} to {self.closes:%H:%M}"

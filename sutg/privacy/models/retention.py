"""For how long each class is kept, what is held back from erasing, and what the next runs will erase."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from sutg.common.catalogue import NotPersonal
from sutg.common.ids import new_id


class RetentionPeriod(models.Model):
    """A period that information governance set for one class. The one that applies last stands; none is changed."""

    catalogue = NotPersonal("how long a class of records is kept, and why", texts="retention reason")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    retention = models.CharField(max_length=20)
    months = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=300)
    applies_from = models.DateField()
    set_at = models.DateTimeField()
    set_by = models.CharField(max_length=120)

    class Meta:
        ordering = ["set_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(months__range=(1, 1200)),
                name="privacy_period_months",
                violation_error_message="A period is from 1 to 1,200 months.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.retention}: {self.months} months"


class HoldQuerySet(models.QuerySet["RetentionHold"]):
    def standing(self, day: date) -> Self:
        """Holds that keep something from being erased on ``day``."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), released_at__isnull=True)


class RetentionHold(models.Model):
    """Something that is not erased whatever its age: all of one organisation's, or all that hangs on one record."""

    class Reason(models.TextChoices):
        LEGAL = "legal", "Legal claim or court order"
        SUBJECT_REQUEST = "subject_request", "Somebody asked for their data"
        SAFEGUARDING = "safeguarding", "Safeguarding enquiry"
        INVESTIGATION = "investigation", "Investigation or inquiry"

    catalogue = NotPersonal("an id, a code and a case number; no name", texts="reference")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(settings.TENANT_MODEL, on_delete=models.PROTECT, related_name="+")
    record_id = models.UUIDField(null=True, help_text="A visitor, visit, incident or return; none holds everything.")
    reason = models.CharField(max_length=20, choices=Reason.choices)
    reference = models.CharField(max_length=60, help_text="The number of the case.")
    until = models.DateField(null=True)
    placed_at = models.DateTimeField()
    placed_by = models.CharField(max_length=120)
    released_at = models.DateTimeField(null=True)
    released_by = models.CharField(max_length=120, blank=True)

    objects: ClassVar = HoldQuerySet.as_manager()

    class Meta:
        ordering = ["-placed_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(released_at__isnull=True, released_by="")
                | Q(released_at__isnull=False) & ~Q(released_by=""),
                name="privacy_hold_released",
                violation_error_message="A release has a time and a person.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} {self.reference}"


class RetentionForecast(models.Model):
    """What is due of one organisation's records of one kind within the coming days, as a dry run found."""

    catalogue = NotPersonal("counts of what is due, by kind of record", texts="retention kind")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(settings.TENANT_MODEL, on_delete=models.PROTECT, related_name="+")
    retention = models.CharField(max_length=20)
    kind = models.CharField(max_length=60)
    due = models.PositiveIntegerField()
    oldest = models.DateField()
    as_of = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "kind"], name="privacy_forecast_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.due}"

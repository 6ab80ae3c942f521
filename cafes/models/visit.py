"""One visitor at one session."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from sutg.common.catalogue import Catalogue, Retention
from sutg.tenancy.access import READ, WRITE, Access
from sutg.tenancy.fields import TenantForeignKey
from sutg.tenancy.models import TenantManager, TenantModel, TenantQuerySet


class VisitQuerySet(TenantQuerySet["Visit"]):
    def standing(self) -> Self:
        """Leaves out what a corrected return took back."""
        return self.filter(withdrawn_at__isnull=True)


class Visit(TenantModel):
    """What a café recorded of a visit. Nothing here identifies anyone.

    ``client_uuid`` decides whether two messages speak of the same visit, within a provider. A blank answer was not
    given or not asked; ``ethnic_category`` holds the NHS code, Z, 99, or ``review`` beside what was written.
    """

    tenancy = Access(provider=WRITE, report=READ)
    catalogue = Catalogue(
        Retention.VISIT,
        personal={
            "age_band gender ethnic_category ethnicity_as_written postcode_district": "whom the cafés reach, or do not",
            "reasons alternative is_new": "what people come with, and where they would have gone",
            "support onward_referral": "what was done",
            "distress_before distress_after": "whether it helped",
            "visited_on arrived_at": "how busy a café is, and when",
        },
        plain={
            "age_band gender ethnic_category ethnicity_as_written postcode_district reasons support onward_referral "
            "alternative": "counted by the database, code by code; the row names nobody",
        },
        other="client_uuid withdrawn_at",
    )

    client_uuid = models.UUIDField()
    session_id = models.UUIDField()
    session = TenantForeignKey("cafes.Session", "session_id")
    cafe_id = models.UUIDField()
    cafe = TenantForeignKey("cafes.Cafe", "cafe_id")
    visitor_id = models.UUIDField(null=True)
    visitor = TenantForeignKey("cafes.Visitor", "visitor_id", null=True)
    return_file_id = models.UUIDField(null=True)
    return_file = TenantForeignKey("cafes.ReturnFile", "return_file_id", null=True)
    visited_on = models.DateField()
    arrived_at = models.TimeField(null=True)
    is_new = models.BooleanField(null=True)
    age_band = models.TextField(blank=True)
    gender = models.CharField(max_length=20, blank=True)
    ethnic_category = models.CharField(max_length=6)
    ethnicity_as_written = models.TextField(blank=True)
    reasons = ArrayField(models.TextField(), default=list)
    support = ArrayField(models.TextField(), default=list)
    onward_referral = models.TextField(blank=True)
    alternative = models.TextField(blank=True)
    distress_before = models.PositiveSmallIntegerField(null=True)
    distress_after = models.PositiveSmallIntegerField(null=True)
    postcode_district = models.TextField(blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects: ClassVar = TenantManager.from_queryset(VisitQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["provider", "client_uuid"], name="cafes_visit_client_uuid"),
            models.CheckConstraint(
                condition=(Q(distress_before__isnull=True) | Q(distress_before__range=(0, 10)))
                & (Q(distress_after__isnull=True) | Q(distress_after__range=(0, 10))),
                name="cafes_visit_distress",
                violation_error_message="Distress is a whole number from 0 to 10.",
            ),
        ]
        indexes = [
            models.Index(fields=["provider", "-visited_on", "id"], name="cafes_visit_latest"),
            models.Index(fields=["provider", "cafe_id", "visited_on"], name="cafes_visit_cafe_day"),
        ]

    def __str__(self) -> str:
        return f"Visit of {self.visited_on}"

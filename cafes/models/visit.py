"""One visitor at one session, and how the record of it changed."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from cafes.codes import CameFor, Outcome, Reason, RouteIn, SupportKind
from sutg.common.catalogue import Catalogue, Erasure, Recode, Retention
from sutg.tenancy.access import READ, WRITE, Access
from sutg.tenancy.fields import TenantForeignKey
from sutg.tenancy.models import TenantManager, TenantModel, TenantQuerySet


class VisitQuerySet(TenantQuerySet["Visit"]):
    def standing(self) -> Self:
        """Leaves out what was withdrawn, by hand or by a corrected return."""
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
            "reasons alternative is_new came_for route_in": "what people come with, and where they would have gone",
            "support onward_referral outcome": "what was done",
            "helped": "what people say helped",
            "distress_before distress_after": "whether it helped",
            "visited_on arrived_at recorded_at": "how busy a café is, and when",
        },
        plain={
            "age_band gender ethnic_category ethnicity_as_written postcode_district reasons support onward_referral "
            "alternative helped": "counted by the database, by code; the row names nobody",
        },
        other="client_uuid content_digest withdrawn_at version",
        # What figures count stays, by code; when exactly, from where and in whose words goes.
        after=Erasure(
            "visited_on",
            clear="arrived_at recorded_at recorded_by ethnicity_as_written postcode_district onward_referral "
            "alternative came_for route_in helped outcome distress_before distress_after content_digest",
            recode={
                "reasons": Recode(frozenset([*Reason.values, *Reason.labels]), Reason.OTHER),
                "support": Recode(frozenset([*SupportKind.values, *SupportKind.labels]), "other"),
            },
        ),
    )

    client_uuid = models.UUIDField()
    # Of what was recorded first, so that a repeat is told from something else under one client UUID.
    content_digest = models.BinaryField(max_length=32, null=True)
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
    # Codes of cafes.codes, of visits recorded here; a return knows none of them. Where rows are inserted in bulk, the
    # database fills in what was left out.
    came_for = models.CharField(max_length=20, choices=CameFor.choices, blank=True, default="", db_default="")
    route_in = models.CharField(max_length=30, choices=RouteIn.choices, blank=True, default="", db_default="")
    helped = ArrayField(models.TextField(), default=list, db_default=[])
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True, default="", db_default="")
    recorded_at = models.DateTimeField(null=True)
    recorded_by = models.CharField(max_length=120, blank=True, default="", db_default="")
    version = models.PositiveIntegerField(default=1, db_default=1)
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
            models.CheckConstraint(
                condition=Q(recorded_at__isnull=True, recorded_by="")
                | Q(recorded_at__isnull=False) & ~Q(recorded_by=""),
                name="cafes_visit_recorded",
                violation_error_message="A record has a time and a person.",
            ),
        ]
        indexes = [
            models.Index(fields=["provider", "-visited_on", "id"], name="cafes_visit_latest"),
            models.Index(fields=["provider", "cafe_id", "visited_on"], name="cafes_visit_cafe_day"),
            models.Index(fields=["provider", "session_id"], name="cafes_visit_session"),
            models.Index(fields=["provider", "visitor_id"], name="cafes_visit_visitor"),
        ]

    def __str__(self) -> str:
        return f"Visit of {self.visited_on}"

"""What was done for a visitor at one visit, and for how long."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from cafes.codes import MOST_MINUTES, SupportKind
from sutg.common.catalogue import Catalogue, Erasure, Retention
from sutg.tenancy.access import READ, REPLACE, Access
from sutg.tenancy.fields import TenantForeignKey
from sutg.tenancy.models import TenantManager, TenantModel


class VisitSupport(TenantModel):
    """One kind of support at one visit. Its kinds stand in ``Visit.support`` as well, where figures count them."""

    tenancy = Access(provider=REPLACE, report=READ)
    catalogue = Catalogue(
        Retention.VISIT,
        personal={"kind minutes": "what was done, and what it takes to staff it"},
        after=Erasure("visit__visited_on", clear="minutes", held_by="visit__visitor_id"),
    )

    visit_id = models.UUIDField()
    visit = TenantForeignKey("cafes.Visit", "visit_id", related_name="supports")
    kind = models.CharField(max_length=20, choices=SupportKind.choices)
    minutes = models.PositiveSmallIntegerField(null=True)

    objects: ClassVar = TenantManager()

    class Meta(TenantModel.Meta):
        ordering = ["kind"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "visit_id", "kind"], name="cafes_support_once"),
            models.CheckConstraint(
                condition=Q(minutes__isnull=True) | Q(minutes__range=(1, MOST_MINUTES)),
                name="cafes_support_minutes",
                violation_error_message="Minutes of support are a whole number from 1 to 600.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.minutes} minutes" if self.minutes else str(self.get_kind_display())

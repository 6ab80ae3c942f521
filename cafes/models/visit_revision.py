"""How the record of a visit changed: what it said before, why, when and by whom. Nothing here is changed or removed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from cafes.codes import CorrectionReason
from sutg.common.catalogue import Catalogue, Erasure, Retention
from sutg.tenancy.access import FORGET, Access
from sutg.tenancy.fields import TenantForeignKey
from sutg.tenancy.models import TenantManager, TenantModel


class VisitRevision(TenantModel):
    """The state of a visit before one change. ``reason`` is blank while its session was open: additions are the rule.

    ``before`` holds codes and numbers of the visit, and whether it was of somebody else; no code, name or note.
    """

    class Kind(models.TextChoices):
        CHANGED = "changed", "Changed"
        WITHDRAWN = "withdrawn", "Withdrawn"

    tenancy = Access(provider=FORGET)
    catalogue = Catalogue(
        Retention.VISIT,
        personal={"before": "what was recorded first, so that a correction can be checked", "changed_at": "when"},
        plain={"before": "codes and numbers of a visit that names nobody"},
        other="version kind reason",
        after=Erasure("visit__visited_on", held_by="visit__visitor_id"),
    )

    visit_id = models.UUIDField()
    visit = TenantForeignKey("cafes.Visit", "visit_id", related_name="revisions")
    version = models.PositiveIntegerField(help_text="The version that stood before.")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    reason = models.CharField(max_length=20, choices=CorrectionReason.choices, blank=True)
    before = models.JSONField(default=dict)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=120)

    objects: ClassVar = TenantManager()

    class Meta(TenantModel.Meta):
        ordering = ["version"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "visit_id", "version"], name="cafes_revision_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} from version {self.version}"

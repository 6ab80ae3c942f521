"""That two return codes turned out to be one person's, and that they did not after all."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from sutg.common.catalogue import Catalogue, Kept, Retention
from sutg.tenancy.access import WRITE, Access
from sutg.tenancy.fields import TenantForeignKey
from sutg.tenancy.models import TenantManager, TenantModel, TenantQuerySet


class VisitorMergeQuerySet(TenantQuerySet["VisitorMerge"]):
    def standing(self) -> Self:
        return self.filter(undone_at__isnull=True)


class VisitorMerge(TenantModel):
    """``one`` and ``other`` are one person. Visits stay where they were recorded, so that undoing is exact.

    While it stands, ``merged`` is one of those whom it joined and ``kept`` who they all are: of whoever is joined, all
    but one are merged, each by one row. Services lay that out anew whenever a joining comes or goes.
    ``flipped``: visits that were somebody's first, and are not the first of the person they turned out to be.
    """

    tenancy = Access(provider=WRITE)
    catalogue = Catalogue(
        Retention.VISIT,
        personal={"flipped": "which first visits were not, so that parting puts them back", "merged_at": "when"},
        other="undone_at",
        after=Kept("people are counted by it; once the codes are erased it joins ids that nothing joins to anybody"),
    )

    cafe_id = models.UUIDField()
    cafe = TenantForeignKey("cafes.Cafe", "cafe_id")
    one_id = models.UUIDField()
    one = TenantForeignKey("cafes.Visitor", "one_id")
    other_id = models.UUIDField()
    other = TenantForeignKey("cafes.Visitor", "other_id")
    kept_id = models.UUIDField(null=True)
    kept = TenantForeignKey("cafes.Visitor", "kept_id", null=True)
    merged_id = models.UUIDField(null=True)
    merged = TenantForeignKey("cafes.Visitor", "merged_id", null=True)
    flipped = ArrayField(models.UUIDField(), default=list)
    merged_at = models.DateTimeField()
    merged_by = models.CharField(max_length=120)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=120, blank=True)

    objects: ClassVar = TenantManager.from_queryset(VisitorMergeQuerySet)()

    class Meta(TenantModel.Meta):
        ordering = ["merged_at", "id"]
        constraints = [
            # At the end of a transaction: who is merged by which row may go round in between.
            models.UniqueConstraint(
                fields=["provider", "merged_id"], name="cafes_merge_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(
                condition=~Q(one_id=F("other_id")) & (Q(kept_id__isnull=True) | ~Q(kept_id=F("merged_id"))),
                name="cafes_merge_two",
                violation_error_message="Two codes are joined, not one.",
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by="", kept_id__isnull=False, merged_id__isnull=False)
                | Q(undone_at__isnull=False, kept_id__isnull=True, merged_id__isnull=True) & ~Q(undone_by=""),
                name="cafes_merge_undone",
                violation_error_message="What was undone has a time and a person, and joins nobody.",
            ),
        ]
        indexes = [
            models.Index(fields=["provider", "kept_id"], name="cafes_merge_kept"),
        ]

    def __str__(self) -> str:
        return str(self.id)

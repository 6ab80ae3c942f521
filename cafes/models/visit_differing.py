"""What came under the client UUID of a visit and said something else: kept until a person says which stands."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from sutg.common.catalogue import Catalogue, Erasure, Retention
from sutg.privacy.fields import EncryptedBytesField
from sutg.tenancy.access import REPLACE, Access
from sutg.tenancy.fields import TenantForeignKey
from sutg.tenancy.models import TenantManager, TenantModel, TenantQuerySet


class DifferingVisitQuerySet(TenantQuerySet["DifferingVisit"]):
    def unsettled(self) -> Self:
        return self.filter(settled_at__isnull=True)


class DifferingVisit(TenantModel):
    """Another content of one visit. It changes nothing until somebody settles which of the two stands.

    ``content`` is what cafes.services.visit_contents writes; it may hold a return code or a name, so it is sealed.
    The same content again is the same row.
    """

    class Outcome(models.TextChoices):
        FIRST = "first", "The visit as it stands"
        SECOND = "second", "What came second"

    tenancy = Access(provider=REPLACE)
    catalogue = Catalogue(
        Retention.NAMED,
        personal={
            "content": "what somebody recorded of a visit, so that it is not lost",
            "digest": "finds the same content when it comes again",
            "received_at": "when it came",
        },
        plain={"digest": "a keyed hash, matched by the database and not to be read"},
        other="outcome settled_at",
        after=Erasure("settled_at", held_by="visit__visitor_id"),
    )

    visit_id = models.UUIDField()
    visit = TenantForeignKey("cafes.Visit", "visit_id", related_name="differing")
    digest = models.BinaryField(max_length=32)
    content = EncryptedBytesField()
    received_at = models.DateTimeField()
    received_by = models.CharField(max_length=120)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=120, blank=True)

    objects: ClassVar = TenantManager.from_queryset(DifferingVisitQuerySet)()

    class Meta(TenantModel.Meta):
        ordering = ["received_at"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "visit_id", "digest"], name="cafes_differing_once"),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by="", outcome="")
                | Q(settled_at__isnull=False) & ~Q(settled_by="") & ~Q(outcome=""),
                name="cafes_differing_settled",
                violation_error_message="What was settled has a time, a person and an outcome.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

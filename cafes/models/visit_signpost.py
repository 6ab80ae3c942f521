"""Which community services a visitor was pointed to, at one visit."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from cafes.models.community_service import OwnService, SharedService
from sutg.common.catalogue import Catalogue, Erasure, Retention
from sutg.tenancy.access import READ, REPLACE, Access
from sutg.tenancy.fields import TenantForeignKey
from sutg.tenancy.models import TenantManager, TenantModel


class VisitSignpost(TenantModel):
    """One service that somebody was pointed to: of the provider's own directory, or of the trust's."""

    tenancy = Access(provider=REPLACE, report=READ)
    catalogue = Catalogue(
        Retention.VISIT,
        personal={},  # where a visitor was pointed to: keys alone
        after=Erasure("visit__visited_on", held_by="visit__visitor_id"),
    )

    visit_id = models.UUIDField()
    visit = TenantForeignKey("cafes.Visit", "visit_id", related_name="signposts")
    own_service_id = models.UUIDField(null=True)
    own_service = TenantForeignKey("cafes.OwnService", "own_service_id", null=True)
    shared_service = models.ForeignKey(SharedService, on_delete=models.PROTECT, null=True, related_name="+")

    objects: ClassVar = TenantManager()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "visit_id", "own_service_id", "shared_service"],
                nulls_distinct=False,
                name="cafes_signpost_once",
            ),
            models.CheckConstraint(
                condition=Q(own_service_id__isnull=True) ^ Q(shared_service__isnull=True),
                name="cafes_signpost_where",
                violation_error_message="A visitor is pointed to a service of one directory.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.service_id)

    @property
    def service_id(self) -> uuid.UUID | None:
        return self.own_service_id or self.shared_service_id

    @property
    def service(self) -> OwnService | SharedService:
        found = self.own_service or self.shared_service
        assert found is not None  # noqa: S101  narrows the type: the database keeps exactly one
        return found

"""A signed review of who holds which role. What was signed is added and never changed."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from sutg.common.catalogue import Catalogue, Retention
from sutg.common.ids import new_id
from sutg.common.periods import Period
from sutg.tenancy.access import ADD, Access
from sutg.tenancy.models import TenantManager, TenantModel

_CATALOGUE = Catalogue(
    Retention.STAFF,
    personal={"kept_ids ended_ids": "which roles a reviewer found needed, and which not"},
    other="quarter signed_at",
)


class AccessReviewFields(models.Model):
    """What both kinds share. ``quarter`` as periods are written; the ids are of roles, which are never deleted."""

    quarter = models.CharField(max_length=7)
    kept_ids = ArrayField(models.UUIDField(), default=list, blank=True)
    ended_ids = ArrayField(models.UUIDField(), default=list, blank=True)
    signed_at = models.DateTimeField()
    signed_by = models.CharField(max_length=120)

    class Meta:
        abstract = True

    @property
    def period(self) -> Period:
        return Period.parse(self.quarter)


class AccessReview(AccessReviewFields, TenantModel):
    """A manager's review of the roles with their provider."""

    tenancy = Access(provider=ADD)
    catalogue = _CATALOGUE

    objects: ClassVar = TenantManager()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "quarter"],
                name="providers_accessreview_once",
                violation_error_message="The review of this quarter is signed already.",
            )
        ]

    def __str__(self) -> str:
        return f"Access review of {self.quarter}"


class TrustAccessReview(AccessReviewFields):
    """The service administrator's review of the roles for the trust, its teams and neighbourhoods."""

    catalogue = _CATALOGUE

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["quarter"],
                name="providers_trustaccessreview_once",
                violation_error_message="The review of this quarter is signed already.",
            )
        ]

    def __str__(self) -> str:
        return f"Access review of {self.quarter}"

"""One opening of a café."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from sutg.tenancy.access import READ, WRITE, Access
from sutg.tenancy.fields import TenantForeignKey
from sutg.tenancy.models import TenantManager, TenantModel, TenantQuerySet


class SessionQuerySet(TenantQuerySet["Session"]):
    def standing(self) -> Self:
        """Leaves out what a corrected return took back."""
        return self.filter(withdrawn_at__isnull=True)


class Session(TenantModel):
    """A café on one day. ``withdrawn_at`` is set when the return that reported it was replaced without it."""

    tenancy = Access(provider=WRITE, trust=READ, report=READ)

    cafe_id = models.UUIDField()
    cafe = TenantForeignKey("cafes.Cafe", "cafe_id", related_name="sessions")
    held_on = models.DateField()
    return_file_id = models.UUIDField(null=True)
    return_file = TenantForeignKey("cafes.ReturnFile", "return_file_id", null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects: ClassVar = TenantManager.from_queryset(SessionQuerySet)()

    class Meta(TenantModel.Meta):
        ordering = ["-held_on"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "cafe_id", "held_on"], name="cafes_session_once"),
        ]

    def __str__(self) -> str:
        return f"Session of {self.held_on}"

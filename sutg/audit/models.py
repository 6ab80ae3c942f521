"""What happened, who did it, on what. Ids and counts only: an event never quotes what somebody wrote."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from sutg.common.catalogue import Catalogue, Retention
from sutg.common.ids import new_id
from sutg.tenancy.access import ADD, Access
from sutg.tenancy.models import TenantManager, TenantModel


class ProviderEvent(TenantModel):
    """One thing that happened to what a provider holds. A trigger refuses every change and removal."""

    tenancy = Access(provider=ADD)
    catalogue = Catalogue(
        Retention.AUDIT,
        personal={"at name actor on_behalf_of subject detail": "who did or read what, and when: to answer for it"},
        plain={"name actor on_behalf_of detail": "ids, codes and counts; searched by them"},
    )

    at = models.DateTimeField(auto_now_add=True)
    name = models.CharField(max_length=60)
    actor = models.CharField(max_length=120)
    on_behalf_of = models.CharField(max_length=120, blank=True)
    subject = models.UUIDField(null=True)
    detail = models.JSONField(default=dict)

    objects: ClassVar = TenantManager()

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["provider", "-at"], name="audit_provider_event_at")]

    def __str__(self) -> str:
        return f"{self.name} by {self.actor}"


class TrustEvent(models.Model):
    """One thing that happened to what belongs to no provider."""

    catalogue = Catalogue(
        Retention.AUDIT,
        personal={"at name actor on_behalf_of subject detail": "who did or read what, and when: to answer for it"},
        plain={"name actor on_behalf_of detail": "ids, codes and counts; searched by them"},
    )
    # Made here, not by the database: whoever may only add cannot be asked to read the new row's id back.
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField(auto_now_add=True)
    name = models.CharField(max_length=60)
    actor = models.CharField(max_length=120)
    on_behalf_of = models.CharField(max_length=120, blank=True)
    subject = models.UUIDField(null=True)
    detail = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.name} by {self.actor}"

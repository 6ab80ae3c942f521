"""What happened, who did it, on what. Ids and counts only: an event never quotes what somebody wrote."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from sutg.common.catalogue import Catalogue, NotPersonal, Retention
from sutg.common.ids import new_id
from sutg.tenancy.access import ADD, READ, WRITE, Access
from sutg.tenancy.models import TenantManager, TenantModel

_HELD = Catalogue(
    Retention.AUDIT,
    personal={"at name actor on_behalf_of subject subjects detail": "who did or read what, and when: to answer for it"},
    plain={"name actor on_behalf_of detail": "ids, codes and counts; searched by them"},
    other="block",
)
_SEALS = NotPersonal("digests and ids of events", texts="event_digests heads previous digest")


class ProviderEvent(TenantModel):
    """One thing that happened to what a provider holds. A trigger refuses every change and removal, but sealing once.

    ``subject`` is what a service acted on, ``subjects`` are the rows that a statement touched. ``block`` is the number
    of the block that seals it.
    """

    # The trust's part is for information governance, which answers for the record: ids, codes and counts of everybody.
    tenancy = Access(provider=WRITE, trust=ADD)
    catalogue = _HELD

    at = models.DateTimeField(default=timezone.now)
    name = models.CharField(max_length=60)
    actor = models.CharField(max_length=120)
    on_behalf_of = models.CharField(max_length=120, blank=True)
    subject = models.UUIDField(null=True)
    subjects = ArrayField(models.UUIDField(), null=True)
    detail = models.JSONField(default=dict)
    block = models.PositiveIntegerField(null=True)

    objects: ClassVar = TenantManager()

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["provider", "-at", "-id"], name="audit_provider_event_at"),
            models.Index(fields=["-at", "-id"], name="audit_event_at"),
            models.Index(
                fields=["provider", "-at", "-id"], name="audit_provider_reads", condition=Q(name="record_read")
            ),
            models.Index(fields=["provider", "block"], name="audit_provider_sealed", condition=Q(block__isnull=False)),
            models.Index(fields=["provider", "subject"], name="audit_provider_event_subject"),
            models.Index(fields=["provider", "id"], name="audit_provider_unsealed", condition=Q(block__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.name} by {self.actor}"


class TrustEvent(models.Model):
    """One thing that happened to what belongs to no provider."""

    catalogue = _HELD

    # Made here, not by the database: whoever may only add cannot be asked to read the new row's id back.
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField(default=timezone.now)
    name = models.CharField(max_length=60)
    actor = models.CharField(max_length=120)
    on_behalf_of = models.CharField(max_length=120, blank=True)
    subject = models.UUIDField(null=True)
    subjects = ArrayField(models.UUIDField(), null=True)
    detail = models.JSONField(default=dict)
    block = models.PositiveIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["-at", "-id"], name="audit_trust_event_at"),
            models.Index(fields=["name", "-at"], name="audit_trust_event_name"),
            models.Index(fields=["block"], name="audit_trust_sealed", condition=Q(block__isnull=False)),
            models.Index(fields=["id"], name="audit_trust_unsealed", condition=Q(block__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.name} by {self.actor}"


class ProviderBlock(TenantModel):
    """A seal on some of a provider's events. Its digest covers theirs and the digest of the block before."""

    tenancy = Access(provider=ADD, trust=READ)
    catalogue = _SEALS

    number = models.PositiveIntegerField()
    event_ids = ArrayField(models.UUIDField())
    event_digests = models.BinaryField(help_text="32 bytes for each event, in the order of event_ids.")
    heads = models.JSONField(default=dict, help_text="Of the trust's chain alone: where every provider's chain stood.")
    previous = models.BinaryField(max_length=32)
    digest = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField(default=timezone.now)
    sealed_by = models.CharField(max_length=120)

    objects: ClassVar = TenantManager()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["provider", "number"], name="audit_providerblock_once")]

    def __str__(self) -> str:
        return f"Block {self.number}"


class TrustBlock(models.Model):
    """A seal on some of the trust's events, and on where the chains of all providers stood."""

    catalogue = _SEALS

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveIntegerField(unique=True)
    event_ids = ArrayField(models.UUIDField())
    event_digests = models.BinaryField(help_text="32 bytes for each event, in the order of event_ids.")
    heads = models.JSONField(default=dict, help_text="Provider → number and digest of its last block.")
    previous = models.BinaryField(max_length=32)
    digest = models.BinaryField(max_length=32)
    sealed_at = models.DateTimeField(default=timezone.now)
    sealed_by = models.CharField(max_length=120)

    def __str__(self) -> str:
        return f"Block {self.number}"

"""One thing that must be told to the outside world."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from sutg.common.catalogue import NotPersonal
from sutg.tenancy.access import READ, WRITE, Access
from sutg.tenancy.models import TenantManager, TenantModel, TenantQuerySet


class OutboxQuerySet(TenantQuerySet["OutboxMessage"]):
    def undelivered(self) -> Self:
        return self.filter(delivered_at__isnull=True)

    def due(self, now: datetime) -> Self:
        return self.undelivered().filter(due_at__lte=now)


class OutboxMessage(TenantModel):
    """What must be told (``kind`` and ``subject``), and how far its telling has come.

    It holds ids and codes; what a recipient reads is made when it is delivered, from what is then true. ``id`` is the
    idempotency key. ``not_before`` is when it was first wanted, ``due_at`` when it may be tried next: while somebody
    tries, that is the end of their lease.
    """

    # The sweeper looks through every provider's at once; there is nothing about anybody in it.
    tenancy = Access(provider=WRITE, trust=READ)
    catalogue = NotPersonal("ids and codes of what must be told", texts="kind acknowledgement last_error detail")

    kind = models.CharField(max_length=60)
    subject = models.UUIDField()
    detail = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=120)
    not_before = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=100, blank=True)
    delivered_at = models.DateTimeField(null=True)
    acknowledgement = models.CharField(max_length=500, blank=True)

    objects: ClassVar = TenantManager.from_queryset(OutboxQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(delivered_at__isnull=True, acknowledgement="")
                | Q(delivered_at__isnull=False) & ~Q(acknowledgement=""),
                name="outbox_delivered_is_acknowledged",
                violation_error_message="A message is delivered when its acknowledgement is stored.",
            ),
        ]
        indexes = [
            models.Index(F("due_at"), condition=Q(delivered_at__isnull=True), name="outbox_due"),
            models.Index(fields=["provider", "subject"], name="outbox_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}, from {self.created_at:%Y-%m-%d %H:%M}"

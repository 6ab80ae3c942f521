"""How a locked figure changed: a ledger that is only ever added to."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from cafes.codes import REASONS_TO_COUNT_ANEW
from sutg.common.catalogue import NotPersonal
from sutg.tenancy.access import ADD, Access
from sutg.tenancy.fields import TenantForeignKey
from sutg.tenancy.models import TenantManager, TenantModel


class Adjustment(TenantModel):
    """One dated change of one locked figure: ``delta`` more or fewer, which makes it ``value_after``.

    ``number`` counts the adjustments of one figure from 1. ``reason`` is a ``CorrectionReason`` or an ``Occasion`` of
    :mod:`cafes.codes`; ``subject`` the session or the return whose change it was. Exact, so for the provider alone: no
    other role has a right to this table.
    """

    tenancy = Access(provider=ADD)
    catalogue = NotPersonal(
        "changes of counts, for the provider whose counts they are", texts="period_kind measure category reason"
    )

    cafe_id = models.UUIDField()
    cafe = TenantForeignKey("cafes.Cafe", "cafe_id")
    period_kind = models.CharField(max_length=10)
    period_start = models.DateField()
    measure = models.CharField(max_length=40)
    category = models.CharField(max_length=100, blank=True)
    number = models.PositiveIntegerField()
    delta = models.IntegerField()
    value_after = models.PositiveIntegerField()
    reason = models.CharField(max_length=30)
    subject = models.UUIDField(null=True)
    adjusted_at = models.DateTimeField()
    adjusted_by = models.CharField(max_length=120)

    objects: ClassVar = TenantManager()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "cafe_id", "period_kind", "period_start", "measure", "category", "number"],
                name="reports_adjustment_once",
            ),
            models.CheckConstraint(condition=~Q(delta=0), name="reports_adjustment_changes"),
        ]
        indexes = [models.Index(fields=["provider", "period_start", "-adjusted_at"], name="reports_adjustment_period")]

    def __str__(self) -> str:
        return f"{self.measure} {self.category} {self.period_start}: {self.delta:+d}"

    @property
    def because(self) -> str:
        """The reason in words."""
        return REASONS_TO_COUNT_ANEW.get(self.reason, self.reason)

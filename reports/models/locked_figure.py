"""What a figure said when its period was locked. Nothing here is changed or removed: the grants do not allow it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from reports.models.month_lock import MonthLock
from sutg.common.catalogue import NotPersonal
from sutg.tenancy.access import ADD, Access
from sutg.tenancy.fields import TenantForeignKey
from sutg.tenancy.models import TenantManager, TenantModel


class LockedFigure(TenantModel):
    """A figure as it was first published; one that is not here was 0.

    A month is locked by itself; a quarter and a financial year with the last of their months, which ``month_lock`` is.
    ``published`` is what readers outside the provider were shown figures from (see :mod:`reports.models.figure`).
    """

    tenancy = Access(provider=ADD)
    catalogue = NotPersonal(
        "counts; what may leave is decided by disclosure control", texts="period_kind measure category"
    )

    month_lock_id = models.UUIDField()
    month_lock = TenantForeignKey(MonthLock, "month_lock_id")
    cafe_id = models.UUIDField()
    cafe = TenantForeignKey("cafes.Cafe", "cafe_id")
    period_kind = models.CharField(max_length=10)
    period_start = models.DateField()
    measure = models.CharField(max_length=40)
    category = models.CharField(max_length=100, blank=True)
    value = models.PositiveIntegerField()
    published = models.PositiveIntegerField()

    objects: ClassVar = TenantManager()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "cafe_id", "period_kind", "period_start", "measure", "category"],
                name="reports_locked_figure_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.category} {self.period_start}"

"""Figures prepared when visits change, so that reading a report costs the same however many visits there are."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from sutg.common.catalogue import NotPersonal
from sutg.tenancy.access import READ, REPLACE, Access
from sutg.tenancy.fields import TenantForeignKey
from sutg.tenancy.models import TenantManager, TenantModel


class Figure(TenantModel):
    """The exact value of one measure, for one café, one period and one category (blank: the total).

    People are counted anew for quarters and years, since a person who comes in two months is one person. These
    numbers are exact; nothing but :mod:`reports.disclosure` may hand them on.

    ``value`` is what is known now. ``published`` is the number from which readers outside the provider are shown
    figures: the same until a month is locked, and from then on moved by five or more at once, so that no change of
    theirs tells of one visit. ``first_value`` and ``first_published`` repeat what :class:`LockedFigure` says of a
    locked period, and are null before.
    """

    tenancy = Access(provider=REPLACE, report=READ)
    catalogue = NotPersonal(
        "counts; what may leave is decided by disclosure control", texts="period_kind measure category"
    )

    cafe_id = models.UUIDField()
    cafe = TenantForeignKey("cafes.Cafe", "cafe_id")
    period_kind = models.CharField(max_length=10)
    period_start = models.DateField()
    measure = models.CharField(max_length=40)
    category = models.CharField(max_length=100, blank=True)
    value = models.PositiveIntegerField()
    published = models.PositiveIntegerField()
    first_value = models.PositiveIntegerField(null=True)
    first_published = models.PositiveIntegerField(null=True)

    objects: ClassVar = TenantManager()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "cafe_id", "period_kind", "period_start", "measure", "category"],
                name="reports_figure_once",
            ),
            models.CheckConstraint(
                condition=Q(first_value__isnull=True, first_published__isnull=True)
                | Q(first_value__isnull=False, first_published__isnull=False),
                name="reports_figure_first",
            ),
        ]
        indexes = [models.Index(fields=["period_kind", "period_start", "measure"], name="reports_figure_period")]

    def __str__(self) -> str:
        return f"{self.measure} {self.category} {self.period_start}"

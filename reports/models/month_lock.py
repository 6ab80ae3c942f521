"""A month that is closed: from then on its figures stand, and what changes them is dated."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from sutg.common.catalogue import NotPersonal
from sutg.tenancy.access import ADD, READ, Access
from sutg.tenancy.models import TenantManager, TenantModel


class MonthLock(TenantModel):
    """One month of one provider, locked for good: there is no way back, in the services or in the database's grants.

    ``not_held`` is how many planned sessions the signer says were not held, or left no record; ``left_open`` how many
    were still open when the trust locked the month after its deadline.
    """

    class LockedAs(models.TextChoices):
        PROVIDER = "provider", "The provider’s manager"
        TRUST = "trust", "The trust, after the deadline"

    tenancy = Access(provider=ADD, trust=READ)
    catalogue = NotPersonal("which month of an organisation is closed, and who signed for it")

    month = models.DateField(help_text="Its first day.")
    locked_at = models.DateTimeField()
    locked_by = models.CharField(max_length=120)
    locked_as = models.CharField(max_length=20, choices=LockedAs.choices)
    not_held = models.PositiveSmallIntegerField(default=0)
    left_open = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar = TenantManager()

    class Meta(TenantModel.Meta):
        ordering = ["month"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "month"],
                name="reports_month_locked_once",
                violation_error_message="This month is locked.",
            ),
            models.CheckConstraint(
                condition=Q(month__day=1),
                name="reports_month_lock_first_day",
                violation_error_message="A month is named by its first day.",
            ),
            models.CheckConstraint(
                condition=Q(locked_as="trust") | Q(left_open=0),
                name="reports_month_lock_left_open",
                violation_error_message="A provider closes its sessions before it locks a month.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"

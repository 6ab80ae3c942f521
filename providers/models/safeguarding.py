"""The safeguarding lead of a provider and their deputy, over time.

Two tables: the trust sees that there is somebody and since when, and has no way to who it is.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from sutg.common.catalogue import Catalogue, NotPersonal, Retention
from sutg.tenancy.access import ADD, READ, WRITE, Access
from sutg.tenancy.fields import TenantForeignKey
from sutg.tenancy.models import TenantManager, TenantModel, TenantQuerySet


class SafeguardingPostQuerySet(TenantQuerySet["SafeguardingPost"]):
    def held_on(self, day: date) -> Self:
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)


class SafeguardingPost(TenantModel):
    """Somebody is lead or deputy, from one day to another. A post that ended before it began was held on no day."""

    class Kind(models.TextChoices):
        LEAD = "lead", "Safeguarding lead"
        DEPUTY = "deputy", "Deputy safeguarding lead"

    tenancy = Access(provider=WRITE, trust=READ)
    catalogue = NotPersonal("that an organisation has a safeguarding lead; who it is stands elsewhere")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    since = models.DateField()
    until = models.DateField(null=True)
    named_at = models.DateTimeField()
    named_by = models.CharField(max_length=120)

    objects: ClassVar = TenantManager.from_queryset(SafeguardingPostQuerySet)()

    class Meta(TenantModel.Meta):
        ordering = ["-since", "-named_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "kind"],
                condition=Q(until=None),
                name="providers_safeguardingpost_one",
                violation_error_message="There is one lead and one deputy at a time.",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since") - timedelta(days=1)),
                name="providers_safeguardingpost_dates",
                violation_error_message="The last day must not be before the first.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, from {self.since}"


class SafeguardingHolder(TenantModel):
    """Who holds a post: somebody with an account, who can be told of incidents and read them."""

    tenancy = Access(provider=ADD)
    catalogue = Catalogue(
        Retention.ORGANISATION,
        personal={"phone": "staff ring the lead when somebody is at risk"},
        plain={"phone": "a number at work, shown to everybody who works for the organisation"},
    )

    safeguarding_post_id = models.UUIDField()
    safeguarding_post = TenantForeignKey("providers.SafeguardingPost", "safeguarding_post_id", related_name="holders")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    phone = models.CharField(max_length=40, blank=True)

    objects: ClassVar = TenantManager()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "safeguarding_post_id"], name="providers_safeguardingholder_one"
            ),
        ]

    def __str__(self) -> str:
        return str(self.safeguarding_post_id)

"""A role held for a provider, from one day to another."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.roles import PROVIDER_ROLES, Role
from sutg.common.catalogue import Catalogue, Retention
from sutg.tenancy.access import READ, WRITE, Access
from sutg.tenancy.models import TenantManager, TenantModel, TenantQuerySet


class MembershipQuerySet(TenantQuerySet["Membership"]):
    def held_on(self, day: date) -> Self:
        return self.lasting(day).filter(since__lte=day)

    def lasting(self, day: date) -> Self:
        """Held on ``day`` or yet to begin: neither ended nor run out."""
        return self.standing().filter(Q(until__isnull=True) | Q(until__gte=day))

    def standing(self) -> Self:
        """Leaves out what somebody ended; what has run out or is yet to begin is not left out."""
        return self.filter(ended_at__isnull=True)


class Membership(TenantModel):
    """``cafe_ids`` limits a café role to those cafés; empty means every café of the provider.

    ``since`` and ``until`` are both included; no ``until`` means until further notice.
    ``ended_at`` ends a role at that moment, whatever its dates say.
    """

    # A person is found before an organisation is chosen, and finds then nothing but what is their own.
    tenancy = Access(provider=WRITE, identity=READ)
    catalogue = Catalogue(
        Retention.STAFF,
        personal={"role cafe_ids since until": "what a person may do for a provider, from when to when"},
        other="ended_at",
    )

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=40, choices=[(r.value, r.label) for r in PROVIDER_ROLES])
    cafe_ids = ArrayField(models.UUIDField(), default=list, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=120, blank=True)

    objects: ClassVar = TenantManager.from_queryset(MembershipQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "user", "role", "since"],
                condition=Q(ended_at__isnull=True),
                name="providers_membership_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) ^ ~Q(ended_by=""),
                name="providers_membership_ended",
                violation_error_message="An end has a time and a person.",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="providers_membership_dates",
                violation_error_message="The last day must not be before the first.",
            ),
        ]

    def __str__(self) -> str:
        return f"{Role(self.role).label}, from {self.since}"

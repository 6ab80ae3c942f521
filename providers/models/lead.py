"""Who answers for a neighbourhood."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from providers.models.area import Neighbourhood
from sutg.common.catalogue import Catalogue, Retention
from sutg.common.ids import new_id


class NeighbourhoodLeadQuerySet(models.QuerySet["NeighbourhoodLead"]):
    def held_on(self, day: date) -> Self:
        return self.lasting(day).filter(since__lte=day)

    def lasting(self, day: date) -> Self:
        """Held on ``day`` or yet to begin: neither ended nor run out."""
        return self.standing().filter(Q(until__isnull=True) | Q(until__gte=day))

    def standing(self) -> Self:
        """Leaves out what somebody ended; what has run out or is yet to begin is not left out."""
        return self.filter(ended_at__isnull=True)


class NeighbourhoodLead(models.Model):
    """A person of the trust or a council who leads for one neighbourhood, from one day to another.

    ``ended_at`` ends it at that moment, whatever its dates say.
    """

    catalogue = Catalogue(
        Retention.STAFF,
        personal={"since until": "for which neighbourhood a person answers, from when to when"},
        other="ended_at",
    )
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    neighbourhood = models.ForeignKey(Neighbourhood, on_delete=models.PROTECT, related_name="leads")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=120, blank=True)

    objects = NeighbourhoodLeadQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "neighbourhood", "since"],
                condition=Q(ended_at__isnull=True),
                name="providers_lead_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) ^ ~Q(ended_by=""),
                name="providers_lead_ended",
                violation_error_message="An end has a time and a person.",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="providers_lead_dates",
                violation_error_message="The last day must not be before the first.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.neighbourhood}, from {self.since}"

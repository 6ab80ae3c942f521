"""A role held for the trust or for a receiving team, from one day to another."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.roles import PATHWAY_ROLES, TRUST_ROLES, Role
from sutg.common.catalogue import Catalogue, Retention
from sutg.common.ids import new_id


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def held_on(self, day: date) -> Self:
        return self.lasting(day).filter(since__lte=day)

    def lasting(self, day: date) -> Self:
        """Held on ``day`` or yet to begin: neither ended nor run out."""
        return self.standing().filter(Q(until__isnull=True) | Q(until__gte=day))

    def standing(self) -> Self:
        """Leaves out what somebody ended; what has run out or is yet to begin is not left out."""
        return self.filter(ended_at__isnull=True)


class Appointment(models.Model):
    """``since`` and ``until`` are both included; no ``until`` means until further notice.

    ``ended_at`` ends a role at that moment, whatever its dates say.
    """

    catalogue = Catalogue(
        Retention.STAFF,
        personal={"role since until": "what a person may do, from when to when"},
        other="team ended_at",
    )
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=40, choices=[(r.value, r.label) for r in (*TRUST_ROLES, *PATHWAY_ROLES)])
    team = models.CharField(max_length=100, blank=True, help_text="The receiving team, for roles of the pathway.")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=120, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="accounts_appointment_dates",
                violation_error_message="The last day must not be before the first.",
            ),
            models.CheckConstraint(
                condition=Q(role__in=[r.value for r in PATHWAY_ROLES]) ^ Q(team=""),
                name="accounts_appointment_team",
                violation_error_message="A pathway role is held for a team; a trust role is not.",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "team", "since"],
                condition=Q(ended_at__isnull=True),
                name="accounts_appointment_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) ^ ~Q(ended_by=""),
                name="accounts_appointment_ended",
                violation_error_message="An end has a time and a person.",
            ),
        ]

    def __str__(self) -> str:
        return f"{Role(self.role).label}, from {self.since}"

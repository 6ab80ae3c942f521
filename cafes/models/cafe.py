"""A café: what it is called and offers, for whom, and in which state since when."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from sutg.common.catalogue import NotPersonal
from sutg.common.ids import new_id
from sutg.tenancy.access import READ, WRITE, Access
from sutg.tenancy.fields import TenantForeignKey
from sutg.tenancy.models import TenantManager, TenantModel, TenantQuerySet


class Cafe(TenantModel):
    """A place and offer with a name its community chose, in one neighbourhood. Everything here is public."""

    class Feature(models.TextChoices):
        """What helps people come in and stay; what is not named is not promised."""

        STEP_FREE = "step_free", "Step-free entrance"
        LIFT = "lift", "Lift to every floor that is used"
        ACCESSIBLE_TOILET = "accessible_toilet", "Accessible toilet"
        CHANGING_PLACE = "changing_place", "Changing Places toilet"
        HEARING_LOOP = "hearing_loop", "Hearing loop"
        QUIET_ROOM = "quiet_room", "Quiet room"
        PARKING = "parking", "Parking"
        BLUE_BADGE = "blue_badge", "Blue Badge parking"
        BUS_STOP = "bus_stop", "Bus stop within five minutes’ walk"
        ASSISTANCE_DOGS = "assistance_dogs", "Water for assistance dogs"
        CHILDREN = "children", "Room for children who come along"

    class BankHolidays(models.TextChoices):
        CLOSED = "closed", "Closed on bank holidays"
        AS_USUAL = "as_usual", "Open as usual on bank holidays"

    tenancy = Access(provider=WRITE, trust=READ, report=READ)
    catalogue = NotPersonal(
        "a place that the public is told about", texts="name for_whom access_notes languages phone email website"
    )

    name = models.CharField(max_length=200)
    neighbourhood = models.ForeignKey("providers.Neighbourhood", on_delete=models.PROTECT, related_name="+")
    local_authority = models.ForeignKey("providers.LocalAuthority", on_delete=models.PROTECT, related_name="+")
    for_whom = models.CharField(max_length=500, blank=True)
    features = ArrayField(models.CharField(max_length=30, choices=Feature.choices), default=list, blank=True)
    access_notes = models.CharField(max_length=500, blank=True)
    languages = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(max_length=200, blank=True)
    website = models.URLField(max_length=300, blank=True)
    bank_holidays = models.CharField(max_length=20, choices=BankHolidays.choices, default=BankHolidays.CLOSED)
    # Changes with every edit of the facts above, so that the second of two people is told what the first one changed.
    version = models.UUIDField(default=new_id, editable=False)

    objects: ClassVar = TenantManager()

    class Meta(TenantModel.Meta):
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                "provider",
                Lower("name"),
                name="cafes_cafe_name",
                violation_error_message="You have a café of this name.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CafeName(TenantModel):
    """What a café was called, from one day to another, both included. Its present name stands at the café."""

    tenancy = Access(provider=WRITE, trust=READ, report=READ)
    catalogue = NotPersonal("what a place was called", texts="name")

    cafe_id = models.UUIDField()
    cafe = TenantForeignKey("cafes.Cafe", "cafe_id", related_name="earlier_names")
    name = models.CharField(max_length=200)
    since = models.DateField(null=True, help_text="None where nobody wrote down when the name was chosen.")
    until = models.DateField()

    objects: ClassVar = TenantManager()

    class Meta(TenantModel.Meta):
        ordering = ["-until", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__gte=F("since")),
                name="cafes_cafename_dates",
                violation_error_message="A name's last day must not be before its first.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CafeStatusQuerySet(TenantQuerySet["CafeStatus"]):
    def standing(self) -> Self:
        """Leaves out moves that were called off before their day."""
        return self.filter(withdrawn_at__isnull=True)


class CafeStatus(TenantModel):
    """What a café's state is from one day on, until the next row. A day still to come is a move planned ahead."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        APPROVED = "approved", "Approved"
        OPEN = "open", "Open"
        PAUSED = "paused", "Paused"
        CLOSED = "closed", "Closed"

    tenancy = Access(provider=WRITE, trust=READ, report=READ)
    catalogue = NotPersonal("the state of a place", texts="reason")

    cafe_id = models.UUIDField()
    cafe = TenantForeignKey("cafes.Cafe", "cafe_id", related_name="statuses")
    state = models.CharField(max_length=20, choices=State.choices)
    since = models.DateField()
    reason = models.CharField(max_length=500, blank=True)
    moved_at = models.DateTimeField(default=timezone.now)
    moved_by = models.CharField(max_length=120, default="job:migration")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=120, blank=True)

    objects: ClassVar = TenantManager.from_queryset(CafeStatusQuerySet)()

    class Meta(TenantModel.Meta):
        # Moves of one day (proposed and approved; paused, opened and paused again) stand as they were made.
        ordering = ["since", "moved_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by="")
                | Q(withdrawn_at__isnull=False) & ~Q(withdrawn_by=""),
                name="cafes_cafestatus_withdrawn",
                violation_error_message="Calling a move off has a time and a person.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} from {self.since}"

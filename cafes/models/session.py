"""One opening of a café: planned, cancelled, held."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from sutg.common.catalogue import NotPersonal
from sutg.tenancy.access import READ, WRITE, Access
from sutg.tenancy.fields import TenantForeignKey
from sutg.tenancy.models import TenantManager, TenantModel, TenantQuerySet


class SessionQuerySet(TenantQuerySet["Session"]):
    def standing(self) -> Self:
        """Leaves out what a corrected return took back."""
        return self.filter(withdrawn_at__isnull=True)

    def held(self) -> Self:
        """Sessions at which a café was open: what figures count."""
        return self.standing().filter(state__in=Session.HELD)


class Session(TenantModel):
    """A café open on one day, or meant to be. Times are local; a session that a return reported has none.

    Planned sessions come from the weekly pattern or are added by hand. ``door_tally`` is how many people were counted
    at the door; ``unrecorded_visits`` is how many of them nobody wrote down one by one, signed for at closing.
    ``withdrawn_at`` is set when the return that reported it was replaced without it.
    """

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        CANCELLED = "cancelled", "Cancelled"
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"
        REPORTED = "reported", "Reported in a return"

    class CancelReason(models.TextChoices):
        STAFFING = "staffing", "Not enough staff or volunteers"
        VENUE = "venue", "The building could not be used"
        WEATHER = "weather", "Weather"
        BANK_HOLIDAY = "bank_holiday", "Bank holiday"
        SAFETY = "safety", "It would not have been safe"
        PATTERN = "pattern", "The weekly opening changed"
        OTHER = "other", "Another reason"

    class TallyReason(models.TextChoices):
        """Why the count at the door and the records differ. Only the first makes further visits of the difference."""

        UNRECORDED = "unrecorded", "People came who were not recorded one by one"
        MISCOUNTED = "miscounted", "The count at the door was wrong"
        STAFF_COUNTED = "staff_counted", "Staff or volunteers were counted at the door"
        CAME_TWICE = "came_twice", "Somebody left and came back"

    HELD = (State.OPEN, State.CLOSED, State.REPORTED)

    tenancy = Access(provider=WRITE, trust=READ, report=READ)
    catalogue = NotPersonal("when a café was open, and a count")

    cafe_id = models.UUIDField()
    cafe = TenantForeignKey("cafes.Cafe", "cafe_id", related_name="sessions")
    held_on = models.DateField()
    opens = models.TimeField(null=True)
    closes = models.TimeField(null=True)
    state = models.CharField(max_length=20, choices=State.choices, default=State.REPORTED)
    opening_pattern_id = models.UUIDField(null=True)
    opening_pattern = TenantForeignKey("cafes.OpeningPattern", "opening_pattern_id", null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.CharField(max_length=120, blank=True)
    cancel_reason = models.CharField(max_length=20, choices=CancelReason.choices, blank=True)
    opened_at = models.DateTimeField(null=True)
    opened_by = models.CharField(max_length=120, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=120, blank=True)
    door_tally = models.PositiveSmallIntegerField(null=True)
    unrecorded_visits = models.PositiveSmallIntegerField(default=0)
    tally_reason = models.CharField(max_length=20, choices=TallyReason.choices, blank=True)
    return_file_id = models.UUIDField(null=True)
    return_file = TenantForeignKey("cafes.ReturnFile", "return_file_id", null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects: ClassVar = TenantManager.from_queryset(SessionQuerySet)()

    class Meta(TenantModel.Meta):
        ordering = ["-held_on", "opens"]
        constraints = [
            # A café may open twice a day; a return knows days only, and reports each once.
            models.UniqueConstraint(
                fields=["provider", "cafe_id", "held_on", "opens"],
                nulls_distinct=False,
                name="cafes_session_once",
                violation_error_message="This café has a session at that time already.",
            ),
            models.CheckConstraint(
                condition=Q(opens__isnull=True, closes__isnull=True) | Q(closes__gt=F("opens")),
                name="cafes_session_times",
                violation_error_message="A session must end after it begins.",
            ),
            models.CheckConstraint(
                condition=Q(state="cancelled", cancelled_at__isnull=False) & ~Q(cancelled_by="") & ~Q(cancel_reason="")
                | ~Q(state="cancelled") & Q(cancelled_at__isnull=True, cancelled_by="", cancel_reason=""),
                name="cafes_session_cancelled",
                violation_error_message="A cancellation has a time, a person and a reason.",
            ),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True, opened_by="") | Q(opened_at__isnull=False) & ~Q(opened_by=""),
                name="cafes_session_opened",
                violation_error_message="An opening has a time and a person.",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by="") | Q(closed_at__isnull=False) & ~Q(closed_by=""),
                name="cafes_session_closed",
                violation_error_message="A closing has a time and a person.",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_at__isnull=False, door_tally__isnull=False),
                name="cafes_session_closed_with_tally",
                violation_error_message="A session is closed with the count at the door.",
            ),
            models.CheckConstraint(
                condition=~Q(state="open") | Q(opened_at__isnull=False, closed_at__isnull=True),
                name="cafes_session_open",
                violation_error_message="An open session was opened and not closed.",
            ),
            models.CheckConstraint(
                condition=Q(unrecorded_visits=0) | Q(tally_reason="unrecorded"),
                name="cafes_session_unrecorded",
                violation_error_message="Visits that nobody recorded are explained.",
            ),
        ]
        indexes = [
            models.Index(fields=["provider", "held_on", "cafe_id"], name="cafes_session_day"),
        ]

    def __str__(self) -> str:
        return f"Session of {self.held_on}"

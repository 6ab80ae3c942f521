"""The register of people who work or volunteer in a provider's cafés, and what was checked of each.

Nobody needs an account to stand in it. What says who somebody is, is sealed; the trust has no right to either table.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from sutg.common.catalogue import Catalogue, Erasure, Retention
from sutg.privacy.fields import EncryptedTextField
from sutg.tenancy.access import REPLACE, WRITE, Access
from sutg.tenancy.fields import TenantForeignKey
from sutg.tenancy.models import TenantManager, TenantModel, TenantQuerySet


class StaffMemberQuerySet(TenantQuerySet["StaffMember"]):
    def here_on(self, day: date) -> Self:
        """Whoever works or volunteers on ``day``."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)

    def left_before(self, day: date) -> Self:
        return self.filter(until__lt=day)


class StaffMember(TenantModel):
    """``cafe_ids`` are the cafés where they work; empty means every café. ``until`` is a leaver's last day.

    ``version`` counts the states of the row: whoever saves against an earlier one is shown the difference.
    """

    class Kind(models.TextChoices):
        PAID = "paid", "Paid"
        VOLUNTEER = "volunteer", "Volunteer"

    class Post(models.TextChoices):
        WORKER = "worker", "Café worker"
        LEAD = "lead", "Café lead"
        PEER = "peer", "Peer supporter"
        GROUPS = "groups", "Runs groups or activities"
        HOST = "host", "Welcome, kitchen or practical help"
        OTHER = "other", "Other"

    tenancy = Access(provider=WRITE)
    catalogue = Catalogue(
        Retention.STAFF,
        personal={
            "name": "who may be on duty, and whose checks are in date",
            "phone": "to ring them when a session is short of people",
            "lived_experience": "counted in what a café offers, where they choose to say",
            "kind post cafe_ids since until written_at": "in which role they worked where, from when to when",
        },
        other="version",
        after=Erasure("until", clear="name phone lived_experience user"),
    )

    name = EncryptedTextField(max_length=200, null=True, help_text="Null once it is erased.")
    phone = EncryptedTextField(max_length=40, null=True)
    lived_experience = EncryptedTextField(max_length=10, null=True, help_text="“yes” or “no”; null: chose not to say.")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    post = models.CharField(max_length=10, choices=Post.choices)
    cafe_ids = ArrayField(models.UUIDField(), default=list, blank=True)
    since = models.DateField()
    until = models.DateField(null=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    version = models.PositiveIntegerField(default=1)
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=120)

    objects: ClassVar = TenantManager.from_queryset(StaffMemberQuerySet)()

    class Meta(TenantModel.Meta):
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "user"],
                condition=Q(until=None, user__isnull=False),
                name="providers_staffmember_user",
                violation_error_message="This account is linked to somebody on the register already.",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="providers_staffmember_dates",
                violation_error_message="The last day must not be before the first.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_post_display()}, from {self.since}"


class StaffCheckQuerySet(TenantQuerySet["StaffCheck"]):
    def standing(self) -> Self:
        """Without those that were written down by mistake."""
        return self.filter(withdrawn_at__isnull=True)


class StaffCheck(TenantModel):
    """A check or training of one person. A renewal is a new row. No certificate and no number of one is kept.

    ``until`` is the last day it counts; null where it does not run out.
    """

    class Kind(models.TextChoices):
        DBS_BASIC = "dbs_basic", "DBS check, basic"
        DBS_STANDARD = "dbs_standard", "DBS check, standard"
        DBS_ENHANCED = "dbs_enhanced", "DBS check, enhanced"
        DBS_BARRED = "dbs_barred", "DBS check, enhanced with barred lists"
        REFERENCES = "references", "References"
        RIGHT_TO_WORK = "right_to_work", "Right to work"
        SAFEGUARDING = "safeguarding", "Safeguarding training"
        SUICIDE_PREVENTION = "suicide_prevention", "Suicide prevention training"
        MENTAL_HEALTH_FIRST_AID = "mental_health_first_aid", "Mental health first aid"
        FIRST_AID = "first_aid", "First aid"
        DATA_PROTECTION = "data_protection", "Data protection training"
        FOOD_HYGIENE = "food_hygiene", "Food hygiene"

    DBS = (Kind.DBS_BASIC, Kind.DBS_STANDARD, Kind.DBS_ENHANCED, Kind.DBS_BARRED)

    tenancy = Access(provider=REPLACE)
    catalogue = Catalogue(
        Retention.STAFF,
        personal={"kind since until added_at withdrawn_at": "that whoever works with people at risk was checked"},
        after=Erasure("staff_member__until"),
    )

    staff_member_id = models.UUIDField()
    staff_member = TenantForeignKey("providers.StaffMember", "staff_member_id", related_name="checks")
    kind = models.CharField(max_length=30, choices=Kind.choices)
    since = models.DateField(help_text="The day of the check or training.")
    until = models.DateField(null=True)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=120)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=120, blank=True)

    objects: ClassVar = TenantManager.from_queryset(StaffCheckQuerySet)()

    class Meta(TenantModel.Meta):
        ordering = ["kind", "-since", "-added_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "staff_member_id", "kind", "since"],
                condition=Q(withdrawn_at=None),
                name="providers_staffcheck_once",
                violation_error_message="This is written down already.",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="providers_staffcheck_dates",
                violation_error_message="The last day must not be before the first.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) ^ ~Q(withdrawn_by=""),
                name="providers_staffcheck_withdrawn",
                violation_error_message="What was withdrawn has a time and a person.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.since}"

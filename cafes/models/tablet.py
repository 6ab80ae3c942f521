"""A café's tablet, and what it brought: docs/tablet-sync.md."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from sutg.common.catalogue import Catalogue, Erasure, NotPersonal, Retention
from sutg.privacy.fields import EncryptedBytesField
from sutg.tenancy.access import REPLACE, WRITE, Access
from sutg.tenancy.fields import TenantForeignKey
from sutg.tenancy.models import TenantManager, TenantModel, TenantQuerySet

PIN_MAY_BE_SET_FOR = timedelta(minutes=15)


class TabletQuerySet(TenantQuerySet["Tablet"]):
    def standing(self) -> Self:
        """Leaves out what was revoked."""
        return self.filter(revoked_at__isnull=True)


class Tablet(TenantModel):
    """One tablet of one café: how it proves itself, and how it was when it was last heard of.

    ``code_digest`` is of the enrolment link, until it is used; ``token_digest`` of the token that it was exchanged for.
    ``secrets``: the private key that opens its envelopes (32 bytes), then the key of its receipts (32 bytes).
    ``last_number`` is how many records it says that it ever made; all up to ``accounted_to`` have arrived, and those
    ``missing`` are neither here nor there.
    ``recovery_share`` is the tablet's data key under its device key, which never leaves that browser: it is given back
    once, after somebody allowed the person ``pin_for`` a new PIN.
    """

    tenancy = Access(provider=WRITE)
    catalogue = NotPersonal(
        "which tablet stands in which café, and how far it is",
        texts="name code_digest token_digest app_version secrets recovery_share",
    )

    cafe_id = models.UUIDField()
    cafe = TenantForeignKey("cafes.Cafe", "cafe_id", related_name="tablets")
    name = models.CharField(max_length=60)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=120)
    code_digest = models.CharField(max_length=64, blank=True)
    code_expires_at = models.DateTimeField(null=True)
    enrolled_at = models.DateTimeField(null=True)
    token_digest = models.CharField(max_length=64, blank=True)
    secrets = EncryptedBytesField(null=True)
    recovery_share = EncryptedBytesField(null=True)
    share_kept_at = models.DateTimeField(null=True)
    pin_for = models.UUIDField(null=True)
    pin_allowed_at = models.DateTimeField(null=True)
    pin_allowed_by = models.CharField(max_length=120, blank=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=120, blank=True)
    last_seen_at = models.DateTimeField(null=True)
    app_version = models.CharField(max_length=40, blank=True)
    is_persistent = models.BooleanField(null=True)
    last_number = models.PositiveIntegerField(default=0)
    accounted_to = models.PositiveIntegerField(default=0)
    missing = ArrayField(models.PositiveIntegerField(), default=list)
    held = models.PositiveIntegerField(default=0, help_text="Records that it has and that have not arrived.")
    oldest_held_at = models.DateTimeField(null=True)

    objects: ClassVar = TenantManager.from_queryset(TabletQuerySet)()

    class Meta(TenantModel.Meta):
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "cafe_id", "name"],
                condition=Q(revoked_at__isnull=True),
                name="cafes_tablet_name",
                violation_error_message="This café has a tablet of that name.",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) ^ ~Q(revoked_by=""),
                name="cafes_tablet_revoked",
                violation_error_message="A revocation has a time and a person.",
            ),
            models.CheckConstraint(
                condition=Q(enrolled_at__isnull=True, token_digest="", secrets__isnull=True)
                | Q(enrolled_at__isnull=False, secrets__isnull=False) & ~Q(token_digest=""),
                name="cafes_tablet_enrolled",
                violation_error_message="An enrolled tablet has its keys.",
            ),
            models.CheckConstraint(
                condition=Q(pin_for__isnull=True, pin_allowed_at__isnull=True, pin_allowed_by="")
                | Q(pin_for__isnull=False, pin_allowed_at__isnull=False) & ~Q(pin_allowed_by=""),
                name="cafes_tablet_pin_allowed",
                violation_error_message="A new PIN is allowed to a person, by a person, at a time.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def allows_pin(self, now: datetime) -> bool:
        """Whether the share may be fetched at ``now``."""
        return self.pin_until is not None and now < self.pin_until

    @property
    def pin_until(self) -> datetime | None:
        return self.pin_allowed_at + PIN_MAY_BE_SET_FOR if self.pin_allowed_at is not None else None


class TabletRecordQuerySet(TenantQuerySet["TabletRecord"]):
    def outstanding(self) -> Self:
        """What a person has to look at."""
        return self.filter(state=TabletRecord.State.ATTENTION)

    def waiting(self) -> Self:
        return self.filter(state=TabletRecord.State.WAITING)


class TabletRecord(TenantModel):
    """One record of a tablet, as it arrived: the proof that it did, and what became of it.

    Two contents under one id are two rows. ``payload`` is kept, sealed, for as long as it has not been applied.
    ``applied_to`` is the session or visit that it became part of.
    """

    class State(models.TextChoices):
        APPLIED = "applied", "Applied"
        WAITING = "waiting", "Waits for an earlier record"
        ATTENTION = "attention", "Needs attention"
        SET_ASIDE = "set_aside", "Set aside"

    class WhyAside(models.TextChoices):
        """Why a record counts nowhere. Codes, so that nobody writes here who came."""

        STANDS = "stands", "What is recorded already is right"
        BY_HAND = "by_hand", "It was entered by hand instead"
        TWICE = "twice", "The same thing was recorded twice"
        TRIAL = "trial", "Somebody was trying the tablet out"
        LOST = "lost", "It cannot be read, and nobody knows what it said"

    tenancy = Access(provider=REPLACE)
    catalogue = Catalogue(
        Retention.VISIT,
        personal={"payload": "what a tablet recorded and nobody could apply yet; it must not be lost"},
        other="record_id hash number kind state reason set_aside_because applied_to received_at settled_at",
        # What is applied keeps no payload, and what waits for a person is not settled.
        after=Erasure("settled_at"),
    )

    tablet_id = models.UUIDField()
    tablet = TenantForeignKey("cafes.Tablet", "tablet_id", related_name="records")
    record_id = models.UUIDField()
    hash = models.CharField(max_length=43, help_text="SHA-256 of the payload, base64url.")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=30, blank=True)
    state = models.CharField(max_length=20, choices=State.choices)
    reason = models.CharField(max_length=300, blank=True)
    set_aside_because = models.CharField(max_length=20, choices=WhyAside.choices, blank=True)
    payload = EncryptedBytesField(null=True)
    applied_to = models.UUIDField(null=True)
    received_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=120, blank=True)

    objects: ClassVar = TenantManager.from_queryset(TabletRecordQuerySet)()

    class Meta(TenantModel.Meta):
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "record_id", "hash"], name="cafes_tabletrecord_once"),
            models.CheckConstraint(
                condition=Q(state="applied") | Q(payload__isnull=False),
                name="cafes_tabletrecord_kept",
                violation_error_message="What is not applied is kept.",
            ),
            models.CheckConstraint(
                condition=Q(state="set_aside") ^ Q(set_aside_because=""),
                name="cafes_tabletrecord_aside",
                violation_error_message="What is set aside has a reason.",
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True) ^ ~Q(settled_by=""),
                name="cafes_tabletrecord_settled",
                violation_error_message="A settlement has a time and a person.",
            ),
        ]
        indexes = [
            models.Index(fields=["provider", "tablet_id", "number"], name="cafes_tabletrecord_number"),
            models.Index(
                fields=["provider", "tablet_id"],
                condition=~Q(state="applied"),
                name="cafes_tabletrecord_unsettled",
            ),
        ]

    def __str__(self) -> str:
        return f"Record {self.number}"

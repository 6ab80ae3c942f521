"""Something went wrong, or somebody may be at risk: what kind, how grave, and who has it in hand."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from sutg.common.catalogue import Catalogue, Erasure, NotPersonal, Retention
from sutg.privacy.fields import EncryptedTextField
from sutg.tenancy.access import READ, REPLACE, WRITE, Access
from sutg.tenancy.fields import TenantForeignKey
from sutg.tenancy.models import TenantManager, TenantModel, TenantQuerySet


class IncidentQuerySet(TenantQuerySet["Incident"]):
    def unacknowledged(self) -> Self:
        return self.filter(acknowledged_at__isnull=True)

    def open(self) -> Self:
        return self.filter(closed_at__isnull=True)


class Incident(TenantModel):
    """The facts of an incident that may be counted. What happened, in words, is in :class:`IncidentNote`.

    ``client_uuid`` is made of the form that was sent and of what it said, so that a double click stores it once.
    """

    class Kind(models.TextChoices):
        SAFEGUARDING_ADULT = "safeguarding_adult", "An adult may be at risk of abuse or neglect"
        SAFEGUARDING_CHILD = "safeguarding_child", "A child may be at risk"
        RISK_TO_SELF = "risk_to_self", "Somebody may harm themselves"
        VIOLENCE = "violence", "Violence, threats or harassment"
        MEDICAL = "medical", "Illness or injury"
        PROPERTY = "property", "Theft or damage"
        DATA = "data", "Somebody’s details were lost or seen by the wrong person"
        OTHER = "other", "Something else"

    class Severity(models.TextChoices):
        NO_HARM = "no_harm", "Nobody was harmed"
        SOME_HARM = "some_harm", "Somebody was harmed or very upset"
        SERIOUS = "serious", "Serious harm, or life in danger"

    class Told(models.TextChoices):
        """Who has been told outside the organisation by the time it is written down."""

        EMERGENCY = "999", "999"
        CENTRAL_ACCESS_POINT = "CAP", "Central Access Point"
        POLICE = "police", "Police (not 999)"
        ADULT_SOCIAL_CARE = "adult_social_care", "Adult social care"
        CHILDRENS_SOCIAL_CARE = "childrens_social_care", "Children’s social care"
        GP = "gp", "Their GP"

    SAFEGUARDING = (Kind.SAFEGUARDING_ADULT, Kind.SAFEGUARDING_CHILD)

    tenancy = Access(provider=WRITE, report=READ)
    catalogue = NotPersonal("what kind of thing happened at a café, and who has it in hand", texts="told")

    client_uuid = models.UUIDField()
    cafe_id = models.UUIDField()
    cafe = TenantForeignKey("cafes.Cafe", "cafe_id")
    session_id = models.UUIDField(null=True)
    session = TenantForeignKey("cafes.Session", "session_id", null=True)
    happened_at = models.DateTimeField()
    kind = models.CharField(max_length=30, choices=Kind.choices)
    severity = models.CharField(max_length=20, choices=Severity.choices)
    told = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    raised_at = models.DateTimeField()
    raised_by = models.CharField(max_length=120)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.CharField(max_length=120, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=120, blank=True)

    objects: ClassVar = TenantManager.from_queryset(IncidentQuerySet)()

    class Meta(TenantModel.Meta):
        ordering = ["-raised_at"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "client_uuid"], name="cafes_incident_client_uuid"),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True) ^ ~Q(acknowledged_by=""),
                name="cafes_incident_acknowledged",
                violation_error_message="An acknowledgement has a time and a person.",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by="")
                | Q(closed_at__isnull=False, acknowledged_at__isnull=False) & ~Q(closed_by=""),
                name="cafes_incident_closed",
                violation_error_message="An incident is closed by a person, after somebody has taken it in hand.",
            ),
        ]
        indexes = [models.Index(fields=["provider", "-raised_at"], name="cafes_incident_latest")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.happened_at:%Y-%m-%d}"


class IncidentNote(TenantModel):
    """What was written of an incident. Notes are added and never changed: the account of an incident is evidence."""

    class Kind(models.TextChoices):
        HAPPENED = "happened", "What happened"
        DONE = "done", "What was done straight away"
        FOLLOW_UP = "follow_up", "What was done since"
        OUTCOME = "outcome", "How it ended"

    tenancy = Access(provider=REPLACE)
    catalogue = Catalogue(
        Retention.INCIDENT,
        personal={"text": "an account of what happened may name who it happened to, and is evidence"},
        other="kind written_at",
        after=Erasure("incident__closed_at"),
    )

    incident_id = models.UUIDField()
    incident = TenantForeignKey("cafes.Incident", "incident_id")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    text = EncryptedTextField(max_length=5000)
    written_at = models.DateTimeField()
    written_by = models.CharField(max_length=120)

    objects: ClassVar = TenantManager()

    class Meta(TenantModel.Meta):
        ordering = ["written_at", "id"]
        indexes = [models.Index(fields=["provider", "incident_id"], name="cafes_incidentnote_incident")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.written_at:%Y-%m-%d %H:%M}"

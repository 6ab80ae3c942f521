"""Invitations: by a provider's manager to their provider; by the service administrator to everything else.

The secret of the link is never kept: it is made when the mail is sent, and only its hash stays.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from accounts.roles import PROVIDER_ROLES, Role
from providers.models.provider import Provider
from sutg.common.catalogue import Catalogue, Retention
from sutg.common.ids import new_id
from sutg.tenancy.access import WRITE, Access
from sutg.tenancy.models import TenantManager, TenantModel, TenantQuerySet


class InvitationState(models.TextChoices):
    """How an invitation stands at a moment."""

    PENDING = "pending", "Waiting"
    ACCEPTED = "accepted", "Accepted"
    EXPIRED = "expired", "Expired"
    REVOKED = "revoked", "Revoked"


class MailState(models.TextChoices):
    """How far its mail has come."""

    QUEUED = "queued", "Being sent"
    SENT = "sent", "Sent"
    FAILED = "failed", "Could not be sent"


_WHERE_TO = "where the invitation goes, and by what its addressee is known"
_UNTIL_ACCEPTED = "the invitation is found by it and written to it before there is an account; a work address"
_NOBODY = "expires_at digest invited_at accepted_at revoked_at mail mail_attempts mail_due_at"


class InvitationFields(models.Model):
    """What both kinds share. ``since`` and ``until`` are of the role; no ``until`` means until further notice."""

    email = models.EmailField(max_length=254)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    expires_at = models.DateTimeField()
    digest = models.CharField(max_length=64, blank=True)  # SHA-256 of the secret in the last mail; empty before it
    invited_at = models.DateTimeField()
    invited_by = models.CharField(max_length=120)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.CharField(max_length=120, blank=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=120, blank=True)
    mail = models.CharField(max_length=10, choices=MailState, default=MailState.QUEUED)
    mail_attempts = models.PositiveSmallIntegerField(default=0)
    mail_due_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def state_at(self, now: datetime) -> InvitationState:
        if self.accepted_at:
            return InvitationState.ACCEPTED
        if self.revoked_at:
            return InvitationState.REVOKED
        return InvitationState.EXPIRED if self.expires_at <= now else InvitationState.PENDING


def _rules(name: str) -> list[models.BaseConstraint]:
    return [
        models.CheckConstraint(
            condition=Q(until__isnull=True) | Q(until__gte=F("since")),
            name=f"{name}_dates",
            violation_error_message="The last day must not be before the first.",
        ),
        models.CheckConstraint(condition=Q(accepted_at=None) | Q(revoked_at=None), name=f"{name}_ended_once"),
        models.CheckConstraint(condition=Q(accepted_at=None) ^ ~Q(accepted_by=""), name=f"{name}_accepted_by"),
        models.CheckConstraint(condition=Q(revoked_at=None) ^ ~Q(revoked_by=""), name=f"{name}_revoked_by"),
    ]


_OPEN = Q(accepted_at=None, revoked_at=None)


class InvitationQuerySet(TenantQuerySet["Invitation"]):
    def open(self) -> InvitationQuerySet:
        return self.filter(_OPEN)

    def with_mail_due(self, now: datetime) -> InvitationQuerySet:
        return self.open().filter(mail=MailState.QUEUED, mail_due_at__lte=now, expires_at__gt=now)


class Invitation(InvitationFields, TenantModel):
    """A provider's invitation of one address to one role. ``cafe_ids`` as in a membership."""

    tenancy = Access(provider=WRITE)
    catalogue = Catalogue(
        Retention.STAFF,
        personal={"email": _WHERE_TO, "role cafe_ids since until": "what the person is asked to do, from when to when"},
        plain={"email": _UNTIL_ACCEPTED},
        other=_NOBODY,
    )

    role = models.CharField(max_length=40, choices=[(r.value, r.label) for r in PROVIDER_ROLES])
    cafe_ids = ArrayField(models.UUIDField(), default=list, blank=True)

    objects: ClassVar = TenantManager.from_queryset(InvitationQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "email", "role"], condition=_OPEN, name="providers_invitation_open_once"
            ),
            *_rules("providers_invitation"),
        ]

    def __str__(self) -> str:
        return f"{Role(self.role).label}, invited {self.invited_at:%Y-%m-%d}"


class TrustInvitationQuerySet(models.QuerySet["TrustInvitation"]):
    def open(self) -> TrustInvitationQuerySet:
        return self.filter(_OPEN)

    def with_mail_due(self, now: datetime) -> TrustInvitationQuerySet:
        return self.open().filter(mail=MailState.QUEUED, mail_due_at__lte=now, expires_at__gt=now)


# Besides the trust's own roles: who leads a neighbourhood, and who first manages a provider.
INVITED_BY_TRUST = tuple(role for role in Role if role not in PROVIDER_ROLES or role is Role.PROVIDER_MANAGER)


class TrustInvitation(InvitationFields):
    """The service administrator's invitation; ``team``, ``neighbourhood_codes`` or ``organisation`` as the role asks.

    ``organisation`` and not ``provider``: the row is the trust's own, not that provider's.
    """

    catalogue = Catalogue(
        Retention.STAFF,
        personal={
            "email": _WHERE_TO,
            "role team neighbourhood_codes since until": "what the person is asked to do, and for whom",
        },
        plain={
            "email": _UNTIL_ACCEPTED,
            "team": "the name of a receiving team",
            "neighbourhood_codes": "codes of areas",
        },
        other=_NOBODY,
    )

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    role = models.CharField(max_length=40, choices=[(r.value, r.label) for r in INVITED_BY_TRUST])
    team = models.CharField(max_length=100, blank=True)
    neighbourhood_codes = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    organisation = models.ForeignKey(Provider, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = TrustInvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["email", "role", "team", "organisation"],
                condition=_OPEN,
                nulls_distinct=False,
                name="providers_trustinvitation_open_once",
            ),
            models.CheckConstraint(
                condition=Q(role=Role.PROVIDER_MANAGER) ^ Q(organisation=None),
                name="providers_trustinvitation_organisation",
            ),
            *_rules("providers_trustinvitation"),
        ]

    def __str__(self) -> str:
        return f"{Role(self.role).label}, invited {self.invited_at:%Y-%m-%d}"

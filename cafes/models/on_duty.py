"""Who is on duty at a session."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from sutg.common.catalogue import Catalogue, Erasure, Retention
from sutg.tenancy.access import REPLACE, Access
from sutg.tenancy.fields import TenantForeignKey
from sutg.tenancy.models import TenantManager, TenantModel


class OnDuty(TenantModel):
    """One member of staff or volunteer at one session: by account, by the provider's register, or by initials."""

    tenancy = Access(provider=REPLACE)
    catalogue = Catalogue(
        Retention.STAFF,
        personal={"initials": "who was there, where they have no account"},
        plain={"initials": "no more than initials, and shown on the session’s page"},
        after=Erasure("session__held_on"),
    )

    session_id = models.UUIDField()
    session = TenantForeignKey("cafes.Session", "session_id", related_name="on_duty")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    staff_member_id = models.UUIDField(null=True)
    staff_member = TenantForeignKey("providers.StaffMember", "staff_member_id", null=True)
    initials = models.CharField(max_length=6, blank=True)

    objects: ClassVar = TenantManager()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "session_id", "user"], name="cafes_onduty_user", condition=Q(user__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["provider", "session_id", "initials"], name="cafes_onduty_initials", condition=~Q(initials="")
            ),
            models.UniqueConstraint(
                fields=["provider", "session_id", "staff_member_id"],
                name="cafes_onduty_staff",
                condition=Q(staff_member_id__isnull=False),
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False, staff_member_id__isnull=True, initials="")
                | Q(user__isnull=True, staff_member_id__isnull=False, initials="")
                | (Q(user__isnull=True, staff_member_id__isnull=True) & ~Q(initials="")),
                name="cafes_onduty_who",
                violation_error_message="Somebody on duty has an account, stands on the register or has initials.",
            ),
        ]

    def __str__(self) -> str:
        return self.initials or str(self.user_id or self.staff_member_id)

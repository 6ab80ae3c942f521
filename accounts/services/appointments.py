"""Giving people roles with the trust and with receiving teams."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from accounts.models import Appointment, User
from accounts.roles import HeldFor, Role
from sutg.audit.services import record
from sutg.common.errors import DomainError
from sutg.tenancy.scope import Actor


@transaction.atomic
def appoint(
    *, user: User, role: Role, since: date, by: Actor, until: date | None = None, team: str = ""
) -> Appointment:
    """Give ``user`` a trust role, or a pathway role in ``team``, under the trust's scope."""
    if role.held_for not in (HeldFor.TRUST, HeldFor.PATHWAY):
        raise DomainError(f"{role.label} is held for {role.held_for.label}, not for the trust.", field="role")
    if (role.held_for is HeldFor.PATHWAY) != bool(team):
        raise DomainError("A pathway role is held for a team; a trust role is not.", field="team")
    appointment = Appointment.objects.create(user=user, role=role, since=since, until=until, team=team)
    record("appointed", by=by, subject=appointment.id, role=role.value)
    return appointment

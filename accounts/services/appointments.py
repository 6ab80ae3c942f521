"""Giving people roles with the trust and with receiving teams."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import Appointment, User
from accounts.roles import HeldFor, Role
from sutg.audit.services import record
from sutg.common.errors import DomainError, NotFound
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


@transaction.atomic
def end_appointment(*, appointment_id: uuid.UUID, by: Actor, now: datetime) -> Appointment:
    """End a trust or pathway role at once, under the trust's scope. Refused for the last service administrator."""
    administrators = _lock_administrators(now)
    appointment = Appointment.objects.standing().select_for_update().filter(id=appointment_id).first()
    if appointment is None:
        raise NotFound
    if appointment.role == Role.SERVICE_ADMINISTRATOR and not administrators - {appointment.user_id}:
        raise DomainError("This is the last service administrator. Appoint another before this one leaves.")
    appointment.ended_at, appointment.ended_by = now, str(by)
    appointment.save(update_fields=["ended_at", "ended_by"])
    record("appointment_ended", by=by, subject=appointment.id, role=str(appointment.role))
    return appointment


def _lock_administrators(now: datetime) -> set[uuid.UUID]:
    """The service administrators of today, held until the transaction ends.

    Locked first and in one order, so that the last two who end each other neither wait for ever nor both go.
    """
    held = Appointment.objects.held_on(timezone.localdate(now)).filter(role=Role.SERVICE_ADMINISTRATOR)
    found = held.order_by("id").select_for_update(of=("self",)).filter(user__is_active=True)
    return set(found.values_list("user_id", flat=True))

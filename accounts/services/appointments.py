"""Giving people roles with the trust and with receiving teams."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from accounts.endings import EndReason
from accounts.leaving import Departure, end_what_follows
from accounts.models import Appointment, User
from accounts.models.appointment import AppointmentQuerySet
from accounts.roles import HeldFor, Role
from sutg.audit.services import record
from sutg.common.errors import DomainError, NotFound
from sutg.tenancy.scope import Actor

LAST_ADMINISTRATOR = (
    "This is the last service administrator: without one nobody could give or end a role of the trust. "
    "Invite another service administrator first."
)


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
def end_appointment(
    *, appointment_id: uuid.UUID, by: Actor, now: datetime, reason: EndReason = EndReason.LEFT
) -> Appointment:
    """End a trust or pathway role at once, and with the last for the trust or that team what else it gave.

    Under the trust's scope. Refused for the last service administrator.
    """
    administrators = lock_administrators(now)
    appointment = Appointment.objects.standing().select_for_update().filter(id=appointment_id).first()
    if appointment is None:
        raise NotFound
    if appointment.role == Role.SERVICE_ADMINISTRATOR and not administrators - {appointment.user_id}:
        raise DomainError(LAST_ADMINISTRATOR)
    appointment.ended_at, appointment.ended_by = now, str(by)
    appointment.save(update_fields=["ended_at", "ended_by"])
    record("appointment_ended", by=by, subject=appointment.id, role=str(appointment.role), reason=reason.value)
    lasting = Appointment.objects.lasting(timezone.localdate(now)).filter(user_id=appointment.user_id)
    if not lasting.filter(team=appointment.team).exists():
        end_what_follows(departure_from(appointment.user, appointment.team), by=by, now=now)
    return appointment


def departure_from(user: User, team: str) -> Departure:
    """Of somebody whose last role ended for ``team``, or for the trust itself where it is ""."""
    return Departure(user, f"team:{team}" if team else "trust", None)


def lock_administrators(now: datetime) -> set[uuid.UUID]:
    """The service administrators of today, held until the transaction ends.

    Locked first and in one order, so that the last two who end each other neither wait for ever nor both go.
    """
    found = _administrators_on(timezone.localdate(now)).order_by("id").select_for_update(of=("self",))
    return set(found.values_list("user_id", flat=True))


def _administrators_on(day: date) -> AppointmentQuerySet:
    return Appointment.objects.held_on(day).filter(role=Role.SERVICE_ADMINISTRATOR, user__is_active=True)


def refusal_of_last_administrator(leaving: uuid.UUID, roles: Collection[str], day: date) -> str:
    """Why this person cannot stop being a service administrator on ``day``; "" when they can."""
    if Role.SERVICE_ADMINISTRATOR not in roles or _administrators_on(day).exclude(user_id=leaving).exists():
        return ""
    return LAST_ADMINISTRATOR

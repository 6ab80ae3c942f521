"""Ending roles, and a person's leaving of a provider or of everything: at once, and whole or not at all."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date, datetime

from allauth.idp.oidc.models import Client
from django.db import transaction
from django.utils import timezone

from accounts.endings import EndReason
from accounts.leaving import Departure, end_what_follows
from accounts.models import Appointment, User
from accounts.roles import Role
from accounts.services.appointments import end_appointment
from accounts.services.factors import remove_factors
from providers.models import Membership, NeighbourhoodLead, StaffMember, TrustInvitation
from providers.models.membership import MembershipQuerySet
from providers.services.invitations import revoke_invitation
from providers.services.staff import record_leaving
from sutg.audit.services import record
from sutg.common.errors import DomainError, NotFound
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Actor, Scope

YOURSELF = "You cannot remove yourself. Ask another service administrator."


@transaction.atomic
def end_membership(
    *, membership_id: uuid.UUID, by: Actor, now: datetime, reason: EndReason = EndReason.LEFT
) -> Membership:
    """End one role with the provider of the scope, and with the person's last role whatever else they had there.

    Refused for the last manager.
    """
    managers = lock_managers(now)
    membership = Membership.objects.standing().select_for_update().filter(id=membership_id).first()
    if membership is None:
        raise NotFound
    if membership.role == Role.PROVIDER_MANAGER:
        _refuse_last_manager(managers, membership.user_id)
    _end(membership, by, now, reason)
    if not _standing_of(membership.user_id).lasting(timezone.localdate(now)).exists():
        end_what_follows(_departure(membership.user, membership.provider_id), by=by, now=now)
    return membership


@transaction.atomic
def leave_provider(
    *,
    user_id: uuid.UUID,
    by: Actor,
    now: datetime,
    reason: EndReason = EndReason.LEFT,
    may_be_last: bool = False,
) -> User:
    """End every role that the person holds, or will hold, with the provider of the scope, and their register entry.

    Refused for the last manager unless the trust decides so (``may_be_last``). :class:`NotFound` for anybody who is
    not of this provider.
    """
    managers = lock_managers(now)
    held = list(_standing_of(user_id).order_by("id").select_for_update())
    if not held:
        raise NotFound
    if not may_be_last and any(membership.role == Role.PROVIDER_MANAGER for membership in held):
        _refuse_last_manager(managers, user_id)
    for membership in held:
        _end(membership, by, now, reason)
    provider_id = held[0].provider_id
    user = User.objects.get(id=user_id)
    _leave_register(user_id, by, now)
    end_what_follows(_departure(user, provider_id), by=by, now=now)
    record("person_left", by=by, subject=user_id, provider_id=provider_id, roles=len(held), reason=reason.value)
    return user


@transaction.atomic
def end_lead(*, lead_id: uuid.UUID, by: Actor, now: datetime, reason: EndReason = EndReason.LEFT) -> NeighbourhoodLead:
    """End a neighbourhood lead's role at once, under the trust's scope."""
    lead = NeighbourhoodLead.objects.standing().select_for_update().filter(id=lead_id).first()
    if lead is None:
        raise NotFound
    lead.ended_at, lead.ended_by = now, str(by)
    lead.save(update_fields=["ended_at", "ended_by"])
    record("neighbourhood_lead_ended", by=by, subject=lead.id, reason=reason.value)
    if not NeighbourhoodLead.objects.lasting(timezone.localdate(now)).filter(user_id=lead.user_id).exists():
        end_what_follows(Departure(lead.user, "neighbourhoods", None), by=by, now=now)
    return lead


@transaction.atomic
def leave_everywhere(*, user_id: uuid.UUID, by: Actor, now: datetime, reason: EndReason = EndReason.LEFT) -> User:
    """End all that the person may do, with every organisation, and close the account; under the trust's scope.

    One transaction: a person is never half removed. Every session of theirs is signed out, second factors and programs
    are gone, and invitations of their address are taken back. Refused for oneself and for the last service
    administrator; that a provider is left without a manager is the trust's to decide.
    """
    if str(by) == str(Actor.user(user_id)):
        raise DomainError(YOURSELF)
    user = User.objects.select_for_update().filter(id=user_id).first()
    if user is None:
        raise NotFound
    for provider_id in providers_of(user):
        with scopes.enter(Scope.provider(by, provider_id)):
            leave_provider(user_id=user.id, by=by, now=now, reason=reason, may_be_last=True)
    teams = _end_trust_roles(user, by, now, reason)
    for hat_key in sorted({"trust", "neighbourhoods", *(f"team:{team}" for team in teams if team)}):
        end_what_follows(Departure(user, hat_key, None), by=by, now=now)
    for invitation in TrustInvitation.objects.open().filter(email=user.email.lower()).order_by("invited_at", "id"):
        revoke_invitation(kind=TrustInvitation, invitation_id=invitation.id, by=by, now=now)
    user.is_active = False  # whoever is inactive is signed in nowhere, from the next request on
    user.save(update_fields=["is_active"])
    with scopes.enter(None):
        Client.objects.filter(owner_id=user.id).delete()
    remove_factors(user_id=user.id, by=by)
    record("person_left_everywhere", by=by, subject=user.id, reason=reason.value)
    return user


def providers_of(user: User) -> list[uuid.UUID]:
    """The providers with which the person has a role that nobody ended."""
    with scopes.enter(Scope.identity(user.id)), transaction.atomic():
        found = Membership.objects.standing().values_list("provider_id", flat=True)
        return sorted(set(found))


def _standing_of(user_id: uuid.UUID) -> MembershipQuerySet:
    found: MembershipQuerySet = Membership.objects.standing()
    return found.filter(user_id=user_id)


def _departure(user: User, provider_id: uuid.UUID) -> Departure:
    return Departure(user, f"provider:{provider_id}", provider_id)


def _end(membership: Membership, by: Actor, now: datetime, reason: EndReason) -> None:
    membership.ended_at, membership.ended_by = now, str(by)
    membership.save(update_fields=["ended_at", "ended_by"])
    facts = {"role": str(membership.role), "reason": reason.value}
    record("membership_ended", by=by, subject=membership.id, provider_id=membership.provider_id, **facts)


def _leave_register(user_id: uuid.UUID, by: Actor, now: datetime) -> None:
    """Today is the last day on the register of staff; whoever was yet to begin there never came."""
    for member in StaffMember.objects.filter(user_id=user_id, until__isnull=True).order_by("id"):
        record_leaving(staff_member_id=member.id, until=max(member.since, timezone.localdate(now)), by=by, now=now)


def _managers_on(day: date) -> MembershipQuerySet:
    held: MembershipQuerySet = Membership.objects.held_on(day)
    return held.filter(role=Role.PROVIDER_MANAGER)


def lock_managers(now: datetime) -> set[uuid.UUID]:
    """Whoever manages the scope's provider today, held until the transaction ends.

    Locked before anything else and in one order: two managers who end each other at once neither wait for each other
    for ever nor both go.
    """
    return set(
        _managers_on(timezone.localdate(now)).order_by("id").select_for_update().values_list("user_id", flat=True)
    )


def refusal_of_last_manager(leaving: uuid.UUID, roles: Collection[str], day: date) -> str:
    """Why this person cannot stop being a manager of the scope's provider on ``day``; "" when they can."""
    if Role.PROVIDER_MANAGER not in roles:
        return ""
    return _refusal(set(_managers_on(day).values_list("user_id", flat=True)), leaving)


def _refusal(managers: set[uuid.UUID], leaving: uuid.UUID) -> str:
    if User.objects.filter(id__in=managers - {leaving}, is_active=True).exists():
        return ""
    return (
        "This is the organisation’s last manager: without one nobody could invite people, enrol tablets or answer "
        "for it. Invite another manager first, or ask the trust’s service administrator."
    )


def _refuse_last_manager(managers: set[uuid.UUID], leaving: uuid.UUID) -> None:
    if refusal := _refusal(managers, leaving):
        raise DomainError(refusal)


def _end_trust_roles(user: User, by: Actor, now: datetime, reason: EndReason) -> list[str]:
    """End appointments and neighbourhoods; the teams that were left."""
    held = list(Appointment.objects.standing().filter(user=user).order_by("id"))
    for appointment in held:
        end_appointment(appointment_id=appointment.id, by=by, now=now, reason=reason)
    for lead in NeighbourhoodLead.objects.standing().filter(user=user).order_by("id"):
        end_lead(lead_id=lead.id, by=by, now=now, reason=reason)
    return [appointment.team for appointment in held]

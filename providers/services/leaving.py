"""Ending roles, and a person's leaving of a provider or of everything: at once, and whole or not at all."""

from __future__ import annotations

import uuid
from datetime import datetime

from allauth.idp.oidc.models import Client
from django.db import transaction
from django.utils import timezone

from accounts.leaving import Departure, end_what_follows
from accounts.models import Appointment, User
from accounts.roles import Role
from accounts.services.appointments import end_appointment
from accounts.services.factors import remove_factors
from providers.models import Membership, NeighbourhoodLead, TrustInvitation
from providers.models.membership import MembershipQuerySet
from providers.services.invitations import revoke_invitation
from sutg.audit.services import record
from sutg.common.errors import DomainError, NotFound
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Actor, Scope


@transaction.atomic
def end_membership(*, membership_id: uuid.UUID, by: Actor, now: datetime) -> Membership:
    """End one role with the provider of the scope, and with the person's last role whatever else they had there.

    Refused for the last manager.
    """
    managers = _lock_managers(now)
    membership = Membership.objects.standing().select_for_update().filter(id=membership_id).first()
    if membership is None:
        raise NotFound
    if membership.role == Role.PROVIDER_MANAGER:
        _refuse_last_manager(managers, membership.user_id)
    _end(membership, by, now)
    if not _standing_of(membership.user_id).exists():
        end_what_follows(_departure(membership.user, membership.provider_id), by=by, now=now)
    return membership


@transaction.atomic
def leave_provider(*, user_id: uuid.UUID, by: Actor, now: datetime, may_be_last: bool = False) -> User:
    """End every role that the person holds, or will hold, with the provider of the scope.

    Refused for the last manager unless the trust decides so (``may_be_last``). :class:`NotFound` for anybody who is
    not of this provider.
    """
    managers = _lock_managers(now)
    held = list(_standing_of(user_id).order_by("id").select_for_update())
    if not held:
        raise NotFound
    if not may_be_last and any(membership.role == Role.PROVIDER_MANAGER for membership in held):
        _refuse_last_manager(managers, user_id)
    for membership in held:
        _end(membership, by, now)
    provider_id = held[0].provider_id
    user = User.objects.get(id=user_id)
    end_what_follows(_departure(user, provider_id), by=by, now=now)
    record("person_left", by=by, subject=user_id, provider_id=provider_id, roles=len(held))
    return user


@transaction.atomic
def end_lead(*, lead_id: uuid.UUID, by: Actor, now: datetime) -> NeighbourhoodLead:
    """End a neighbourhood lead's role at once, under the trust's scope."""
    lead = NeighbourhoodLead.objects.standing().select_for_update().filter(id=lead_id).first()
    if lead is None:
        raise NotFound
    lead.ended_at, lead.ended_by = now, str(by)
    lead.save(update_fields=["ended_at", "ended_by"])
    record("neighbourhood_lead_ended", by=by, subject=lead.id)
    return lead


@transaction.atomic
def leave_everywhere(*, user_id: uuid.UUID, by: Actor, now: datetime) -> User:
    """End all that the person may do, with every organisation, and close the account; under the trust's scope.

    One transaction: a person is never half removed. Every session of theirs is signed out, second factors and programs
    are gone, and invitations of their address are taken back. Refused for oneself and for the last service
    administrator; that a provider is left without a manager is the trust's to decide.
    """
    if str(by) == str(Actor.user(user_id)):
        raise DomainError("You cannot remove yourself. Ask another service administrator.")
    user = User.objects.select_for_update().filter(id=user_id).first()
    if user is None:
        raise NotFound
    for provider_id in providers_of(user):
        with scopes.enter(Scope.provider(by, provider_id)):
            leave_provider(user_id=user.id, by=by, now=now, may_be_last=True)
    teams = _end_trust_roles(user, by, now)
    for hat_key in sorted({"trust", "neighbourhoods", *(f"team:{team}" for team in teams if team)}):
        end_what_follows(Departure(user, hat_key, None), by=by, now=now)
    for invitation in TrustInvitation.objects.open().filter(email=user.email.lower()).order_by("invited_at", "id"):
        revoke_invitation(kind=TrustInvitation, invitation_id=invitation.id, by=by, now=now)
    user.is_active = False  # whoever is inactive is signed in nowhere, from the next request on
    user.save(update_fields=["is_active"])
    with scopes.enter(None):
        Client.objects.filter(owner_id=user.id).delete()
    remove_factors(user_id=user.id, by=by)
    record("person_left_everywhere", by=by, subject=user.id)
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


def _end(membership: Membership, by: Actor, now: datetime) -> None:
    membership.ended_at, membership.ended_by = now, str(by)
    membership.save(update_fields=["ended_at", "ended_by"])
    record("membership_ended", by=by, subject=membership.id, provider_id=membership.provider_id)


def _lock_managers(now: datetime) -> set[uuid.UUID]:
    """Whoever manages the scope's provider today, held until the transaction ends.

    Locked before anything else and in one order: two managers who end each other at once neither wait for each other
    for ever nor both go.
    """
    managers = Membership.objects.held_on(timezone.localdate(now)).filter(role=Role.PROVIDER_MANAGER)
    return set(managers.order_by("id").select_for_update().values_list("user_id", flat=True))


def _refuse_last_manager(managers: set[uuid.UUID], leaving: uuid.UUID) -> None:
    if not User.objects.filter(id__in=managers - {leaving}, is_active=True).exists():
        raise DomainError(
            "This is the organisation’s last manager. Invite another first, or ask the trust’s service administrator."
        )


def _end_trust_roles(user: User, by: Actor, now: datetime) -> list[str]:
    """End appointments and neighbourhoods; the teams that were left."""
    held = list(Appointment.objects.standing().filter(user=user).order_by("id"))
    for appointment in held:
        end_appointment(appointment_id=appointment.id, by=by, now=now)
    for lead in NeighbourhoodLead.objects.standing().filter(user=user).order_by("id"):
        end_lead(lead_id=lead.id, by=by, now=now)
    return [appointment.team for appointment in held]

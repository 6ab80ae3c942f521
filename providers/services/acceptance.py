"""Accepting an invitation: before any scope exists, by whoever holds its link."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from accounts.roles import HeldFor, Role
from accounts.services.appointments import appoint
from accounts.services.people import create_person, find_person
from providers.links import Link
from providers.models import Invitation, InvitationState, Neighbourhood, TrustInvitation
from providers.services.invitations import AnyInvitation, Kind, lock_invitation, record_of
from providers.services.providers import appoint_lead, grant_membership
from sutg.common.errors import DomainError, NotFound
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Actor, Scope

JOB = Actor.job("accept an invitation")


@dataclass(frozen=True, slots=True)
class Offer:
    """What the holder of a link is shown; they alone learn whether the address has an account."""

    email: str
    role: Role
    held_for: str
    state: InvitationState
    has_account: bool


def find_offer(*, link: Link, now: datetime) -> Offer:
    """What ``link`` offers; :class:`NotFound` unless it is the last one sent for an invitation that exists."""
    with scopes.enter(_scope_of(link)), transaction.atomic():
        invitation = _opened_by(link)
        held_for = held_for_in_words(invitation)
    return Offer(
        email=invitation.email,
        role=Role(invitation.role),
        held_for=held_for,
        state=invitation.state_at(now),
        has_account=find_person(invitation.email) is not None,
    )


def accept_invitation(
    *, link: Link, now: datetime, user: User | None = None, full_name: str = "", password: str = ""
) -> User:
    """Give what was offered to ``user``, signed in under the invited address, or to a new person; once.

    Refused when the invitation has ended, when ``user`` is somebody else, and when the address has an account and
    nobody is signed in to it: a link alone never opens an account that exists.
    """
    with scopes.enter(_scope_of(link)), transaction.atomic():
        invitation = _opened_by(link)
        if invitation.state_at(now) is not InvitationState.PENDING:
            raise DomainError("This invitation has ended. Ask for a new one.")
        person = _person(invitation, user, full_name, password)
        by = Actor.user(person.id)
        try:
            with transaction.atomic():
                _grant(invitation, person, by)
        except IntegrityError as error:
            msg = "You have this role from that day already."
            raise DomainError(msg) from error
        invitation.accepted_at, invitation.accepted_by, invitation.digest = now, str(by), ""
        invitation.save(update_fields=["accepted_at", "accepted_by", "digest"])
        record_of(invitation, "invitation_accepted", by)
    return person


def held_for_in_words(invitation: AnyInvitation) -> str:
    """What the offered role is held for: an organisation, a team or neighbourhoods; empty for the trust."""
    if isinstance(invitation, Invitation):
        return str(invitation.provider.name)
    if invitation.organisation:
        return invitation.organisation.name
    if invitation.neighbourhood_codes:
        names = Neighbourhood.objects.filter(code__in=invitation.neighbourhood_codes).values_list("name", flat=True)
        return ", ".join(names)
    return invitation.team


def kind_of(link: Link) -> Kind:
    return Invitation if link.provider_id else TrustInvitation


def _scope_of(link: Link) -> Scope:
    return Scope.provider(JOB, link.provider_id) if link.provider_id else Scope.trust(JOB)


def _opened_by(link: Link) -> AnyInvitation:
    invitation = lock_invitation(kind_of(link), link.row_id)
    if not link.opens(invitation.digest):
        raise NotFound
    return invitation


def _person(invitation: AnyInvitation, user: User | None, full_name: str, password: str) -> User:
    if user is not None:
        if user.email.lower() != invitation.email:
            raise DomainError("This invitation is for another email address than the one you are signed in with.")
        return user
    if find_person(invitation.email):
        raise DomainError("This address has an account. Sign in to accept.")
    return create_person(email=invitation.email, full_name=full_name, password=password, by=JOB)


def _grant(invitation: AnyInvitation, person: User, by: Actor) -> None:
    role, until = Role(invitation.role), invitation.until
    since = max(invitation.since, timezone.localdate())
    if isinstance(invitation, Invitation):
        cafes: list[uuid.UUID] = invitation.cafe_ids
        grant_membership(
            provider=invitation.provider, user=person, role=role, since=since, until=until, cafe_ids=cafes, by=by
        )
    elif role.held_for is HeldFor.NEIGHBOURHOODS:
        for neighbourhood in Neighbourhood.objects.filter(code__in=invitation.neighbourhood_codes):
            appoint_lead(neighbourhood=neighbourhood, user=person, since=since, until=until, by=by)
    elif role.held_for is HeldFor.PROVIDER:
        organisation = invitation.organisation
        if organisation is None:  # a constraint of the table; for the reader of types
            raise NotFound
        with scopes.enter(Scope.provider(by, organisation.id)), transaction.atomic():
            grant_membership(provider=organisation, user=person, role=role, since=since, until=until, by=by)
    else:
        appoint(user=person, role=role, since=since, until=until, team=invitation.team, by=by)

"""What becomes of the invitations of a person who leaves: those they sent, and those that would let them back in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from accounts.leaving import Departure
from accounts.roles import Role
from providers.models import Invitation, TrustInvitation
from providers.services.invitations import AnyInvitation, Kind, revoke_invitation
from sutg.tenancy.scope import Actor


def describe_invitations(departure: Departure) -> Iterable[str]:
    for invitation in _open(departure):
        yield f"The invitation of {invitation.email} as {Role(invitation.role).label.lower()} is taken back."


def end_invitations(departure: Departure, by: Actor, now: datetime) -> None:
    for invitation in _open(departure):
        revoke_invitation(kind=_kind(departure), invitation_id=invitation.id, by=by, now=now)


def _kind(departure: Departure) -> Kind:
    return Invitation if departure.provider_id else TrustInvitation


def _open(departure: Departure) -> list[AnyInvitation]:
    """A team or a neighbourhood invites nobody: those stand, also for the person who moves on from it."""
    if departure.provider_id is None and departure.hat_key != "trust":
        return []
    sent = Q(invited_by=str(Actor.user(departure.user.id)))
    received = Q(email=departure.user.email.lower())
    return list(_kind(departure).objects.open().filter(sent | received).order_by("invited_at", "id"))

"""Inviting people, sending an invitation again, and taking it back.

Whether the address has an account already is never looked up here, so that nothing can tell the inviter.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.roles import HeldFor, Role
from providers.cafe_names import cafe_names
from providers.models import Invitation, InvitationState, MailState, Neighbourhood, Provider, TrustInvitation
from providers.models.invitation import INVITED_BY_TRUST
from sutg.audit.services import record
from sutg.common.errors import DomainError, NotFound
from sutg.tenancy.scope import Actor

Kind = type[Invitation] | type[TrustInvitation]
AnyInvitation = Invitation | TrustInvitation
_Row = TypeVar("_Row", Invitation, TrustInvitation)
CAFE_ROLES = frozenset({Role.CAFE_WORKER, Role.CAFE_LEAD})


@transaction.atomic
def invite(
    *,
    provider: Provider,
    email: str,
    role: Role,
    since: date,
    by: Actor,
    now: datetime,
    until: date | None = None,
    cafe_ids: Sequence[uuid.UUID] = (),
) -> Invitation:
    """Invite ``email`` to a role with ``provider``, under its scope. Refused while the same invitation is open."""
    if role.held_for is not HeldFor.PROVIDER:
        raise DomainError(f"{role.label} is not a role with a provider.", field="role")
    if cafe_ids and role not in CAFE_ROLES:
        raise DomainError(f"{role.label} is held for every café.", field="cafes")
    if not set(cafe_ids) <= set(cafe_names()):
        raise DomainError("Choose cafés from the list.", field="cafes")
    same = {"email": email.strip().lower(), "role": role}
    _make_room(Invitation, same, by, now)
    invitation = Invitation(provider=provider, since=since, until=until, cafe_ids=list(cafe_ids), **same)
    return _opened(invitation, by, now)


@transaction.atomic
def invite_for_trust(
    *,
    email: str,
    role: Role,
    since: date,
    by: Actor,
    now: datetime,
    until: date | None = None,
    team: str = "",
    neighbourhoods: Sequence[Neighbourhood] = (),
    organisation: Provider | None = None,
) -> TrustInvitation:
    """Invite ``email`` to a role of the trust, a team, neighbourhoods, or as a provider's manager; the trust's scope.

    Refused when what the role is held for is missing or too much, and while the same invitation is open.
    """
    if role not in INVITED_BY_TRUST:
        raise DomainError(f"{role.label} is invited by the provider.", field="role")
    for wanted, given, field, sentence in (
        (HeldFor.PATHWAY, bool(team), "team", "Enter the receiving team"),
        (HeldFor.NEIGHBOURHOODS, bool(neighbourhoods), "neighbourhoods", "Select at least one neighbourhood"),
        (HeldFor.PROVIDER, organisation is not None, "organisation", "Select a provider"),
    ):
        if given != (role.held_for is wanted):
            raise DomainError(f"{role.label} is not held for that." if given else sentence, field=field)
    same = {"email": email.strip().lower(), "role": role, "team": team, "organisation": organisation}
    _make_room(TrustInvitation, same, by, now)
    codes = sorted(neighbourhood.code for neighbourhood in neighbourhoods)
    return _opened(TrustInvitation(since=since, until=until, neighbourhood_codes=codes, **same), by, now)


@transaction.atomic
def resend_invitation(*, kind: Kind, invitation_id: uuid.UUID, by: Actor, now: datetime) -> AnyInvitation:
    """Send it again with a new link and its full time; the link sent before stops working."""
    invitation = lock_invitation(kind, invitation_id)
    if invitation.accepted_at or invitation.revoked_at:
        raise DomainError("This invitation was accepted or taken back. Invite the person anew if needed.")
    _queue_mail(invitation, now)
    invitation.digest = ""
    invitation.save(update_fields=["expires_at", "digest", "mail", "mail_attempts", "mail_due_at"])
    record_of(invitation, "invitation_resent", by)
    return invitation


@transaction.atomic
def revoke_invitation(*, kind: Kind, invitation_id: uuid.UUID, by: Actor, now: datetime) -> AnyInvitation:
    """Take an invitation back; its link stops working at once. Taking it back twice changes nothing."""
    invitation = lock_invitation(kind, invitation_id)
    if invitation.accepted_at:
        raise DomainError("This invitation was accepted. End the person’s role instead.")
    if not invitation.revoked_at:
        _revoke(invitation, by, now)
    return invitation


def lock_invitation(kind: Kind, invitation_id: uuid.UUID) -> AnyInvitation:
    """The scope's invitation, held until the transaction ends; :class:`NotFound` when there is none."""
    invitation: AnyInvitation | None = kind.objects.select_for_update().filter(id=invitation_id).first()
    if invitation is None:
        raise NotFound
    return invitation


def record_of(invitation: AnyInvitation, name: str, by: Actor, **detail: Any) -> None:
    """Record ``name`` where the invitation belongs: the provider's record or the trust's."""
    provider_id = invitation.provider_id if isinstance(invitation, Invitation) else None
    record(name, by=by, subject=invitation.id, provider_id=provider_id, role=str(invitation.role), **detail)


def _make_room(kind: Kind, same: dict[str, Any], by: Actor, now: datetime) -> None:
    """Put an expired invitation of the same aside; refuse when one is still open."""
    for earlier in kind.objects.open().select_for_update().filter(**same):
        if earlier.state_at(now) is InvitationState.PENDING:
            raise DomainError("This address has an open invitation to this role. You can send it again.", field="email")
        _revoke(earlier, by, now)


def _opened(invitation: _Row, by: Actor, now: datetime) -> _Row:
    if invitation.until and invitation.until < max(invitation.since, now.date()):
        raise DomainError("The last day must not be before the first, or in the past.", field="until")
    invitation.invited_at, invitation.invited_by = now, str(by)
    _queue_mail(invitation, now)
    try:
        with transaction.atomic():
            invitation.save(force_insert=True)
    except IntegrityError as error:  # two inviters at once: the database decides
        msg = "Somebody has just invited this address to this role."
        raise DomainError(msg, field="email") from error
    record_of(invitation, "invited", by)
    return invitation


def _queue_mail(invitation: AnyInvitation, now: datetime) -> None:
    invitation.expires_at = now + timedelta(days=settings.INVITATION_DAYS)
    invitation.mail, invitation.mail_attempts, invitation.mail_due_at = MailState.QUEUED, 0, now


def _revoke(invitation: AnyInvitation, by: Actor, now: datetime) -> None:
    invitation.revoked_at, invitation.revoked_by, invitation.digest = now, str(by), ""
    invitation.save(update_fields=["revoked_at", "revoked_by", "digest"])
    record_of(invitation, "invitation_revoked", by)

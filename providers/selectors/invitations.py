"""Finding invitations."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from providers.models import Invitation, InvitationState, MailState, TrustInvitation

_OPEN = Q(accepted_at=None, revoked_at=None)


def invitations(kind: type[Invitation] | type[TrustInvitation]) -> QuerySet[Any]:
    """The scope's invitations of one kind, the latest first."""
    found = kind.objects.order_by("-invited_at")
    return found.select_related("organisation" if kind is TrustInvitation else "provider")


def in_state(found: QuerySet[Any], state: InvitationState, now: datetime) -> QuerySet[Any]:
    """Those that stand so at ``now``."""
    match state:
        case InvitationState.ACCEPTED:
            return found.filter(accepted_at__isnull=False)
        case InvitationState.REVOKED:
            return found.filter(revoked_at__isnull=False)
        case InvitationState.EXPIRED:
            return found.filter(_OPEN, expires_at__lte=now)
        case _:
            return found.filter(_OPEN, expires_at__gt=now)


def count_unsent(kind: type[Invitation] | type[TrustInvitation], now: datetime) -> int:
    """How many open invitations lie here because their mail could not be sent."""
    return in_state(kind.objects.all(), InvitationState.PENDING, now).filter(mail=MailState.FAILED).count()

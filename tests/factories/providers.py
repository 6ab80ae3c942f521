from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from providers.models import (
    AccessReview,
    Invitation,
    MailState,
    Membership,
    Neighbourhood,
    NeighbourhoodLead,
    Provider,
    TrustAccessReview,
    TrustInvitation,
)
from tests.factories.accounts import make_user
from tests.factories.scoped import TESTS, acting_for, acting_for_trust

_numbers = itertools.count(1)


def make_provider(*, name: str = "", slug: str = "") -> Provider:
    number = next(_numbers)
    with acting_for_trust():
        return Provider.objects.create(name=name or f"Provider {number}", slug=slug or f"provider-{number}")


def make_membership(
    *, provider: Provider, user: User | None = None, role: Role = Role.PROVIDER_MANAGER, **fields: Any
) -> Membership:
    user = user or make_user()
    with acting_for(provider):
        return Membership.objects.create(
            provider=provider, user=user, role=role, **{"since": date(2024, 1, 1), **fields}
        )


def make_invitation(*, provider: Provider, **fields: Any) -> Invitation:
    """An open invitation whose mail was sent a day ago; ``secret`` opens it."""
    with acting_for(provider):
        return Invitation.objects.create(provider=provider, **_invitation_fields(Role.CAFE_WORKER, fields))


def make_access_review(*, provider: Provider, **fields: Any) -> AccessReview:
    with acting_for(provider):
        return AccessReview.objects.create(provider=provider, **_review_fields(fields))


def make_trust_access_review(**fields: Any) -> TrustAccessReview:
    with acting_for_trust():
        return TrustAccessReview.objects.create(**_review_fields(fields))


def _review_fields(given: dict[str, Any]) -> dict[str, Any]:
    """Of a quarter long ago, about no role."""
    return {"quarter": "2024-Q1", "signed_at": timezone.now(), "signed_by": str(TESTS), **given}


def make_trust_invitation(**fields: Any) -> TrustInvitation:
    with acting_for_trust():
        return TrustInvitation.objects.create(**_invitation_fields(Role.GRANT_OFFICER, fields))


def _invitation_fields(role: Role, given: dict[str, Any]) -> dict[str, Any]:
    now = timezone.now()
    return {
        "email": f"invited{next(_numbers)}@example.org",
        "role": role,
        "since": timezone.localdate(),
        "expires_at": now + timedelta(days=6),
        "invited_at": now - timedelta(days=1),
        "invited_by": str(TESTS),
        "mail": MailState.SENT,
        **given,
    }


def make_lead(*, user: User | None = None, neighbourhood_code: str = "LEI01", **fields: Any) -> NeighbourhoodLead:
    user = user or make_user()
    with acting_for_trust():
        neighbourhood = Neighbourhood.objects.get(code=neighbourhood_code)
        return NeighbourhoodLead.objects.create(
            user=user, neighbourhood=neighbourhood, **{"since": date(2024, 1, 1), **fields}
        )

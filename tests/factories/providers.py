from __future__ import annotations

import itertools
from datetime import date
from typing import Any

from accounts.models import User
from accounts.roles import Role
from providers.models import Membership, Neighbourhood, NeighbourhoodLead, Provider
from tests.factories.accounts import make_user
from tests.factories.scoped import acting_for, acting_for_trust

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


def make_lead(*, user: User | None = None, neighbourhood_code: str = "LEI01", **fields: Any) -> NeighbourhoodLead:
    user = user or make_user()
    with acting_for_trust():
        neighbourhood = Neighbourhood.objects.get(code=neighbourhood_code)
        return NeighbourhoodLead.objects.create(
            user=user, neighbourhood=neighbourhood, **{"since": date(2024, 1, 1), **fields}
        )

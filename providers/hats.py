"""The hats that this room knows of: a provider's members and a neighbourhood's leads."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db import transaction

from accounts.hats import Hat
from accounts.models import User
from accounts.roles import HeldFor, Role
from providers.models import Membership, NeighbourhoodLead, Provider
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Scope


def hats_of_memberships(user: User, day: date) -> Iterable[Hat]:
    """One hat for each provider that the user belongs to on ``day``."""
    with scopes.enter(Scope.identity(user.id)), transaction.atomic():
        memberships = list(Membership.objects.held_on(day))
    names = dict(Provider.objects.filter(id__in={m.provider_id for m in memberships}).values_list("id", "name"))
    held: defaultdict[uuid.UUID, list[Membership]] = defaultdict(list)
    for membership in memberships:
        held[membership.provider_id].append(membership)
    for provider_id, mine in held.items():
        yield Hat(
            key=f"provider:{provider_id}",
            label=names[provider_id],
            held_for=HeldFor.PROVIDER,
            roles=frozenset(Role(membership.role) for membership in mine),
            provider_id=provider_id,
            cafe_ids=_limits(mine),
        )


def _limits(memberships: list[Membership]) -> dict[Role, frozenset[uuid.UUID]]:
    """The cafés of each role that is held for some only; one membership for every café lifts the limit of its role."""
    limits: defaultdict[Role, set[uuid.UUID]] = defaultdict(set)
    for membership in memberships:
        limits[Role(membership.role)].update(membership.cafe_ids)
    unlimited = {Role(membership.role) for membership in memberships if not membership.cafe_ids}
    return {role: frozenset(cafes) for role, cafes in limits.items() if role not in unlimited}


def hats_of_leads(user: User, day: date) -> Iterable[Hat]:
    """One hat for all the neighbourhoods that the user leads on ``day``."""
    led = list(NeighbourhoodLead.objects.held_on(day).filter(user=user).select_related("neighbourhood"))
    if led:
        yield Hat(
            key="neighbourhoods",
            label=", ".join(sorted(lead.neighbourhood.name for lead in led)),
            held_for=HeldFor.NEIGHBOURHOODS,
            roles=frozenset({Role.NEIGHBOURHOOD_LEAD}),
            neighbourhood_codes=frozenset(lead.neighbourhood_id for lead in led),
        )

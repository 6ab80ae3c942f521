"""For whom a signed-in person acts: one organisation, the trust, a team or neighbourhoods, at a time.

Rooms above this one know of further hats (a provider's members, a neighbourhood's leads) and register where to look
them up: the arrow from here to them stays down.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from accounts.models import Appointment, User
from accounts.permissions import Permission
from accounts.roles import HeldFor, Role
from sutg.tenancy.scope import Actor, Scope

TRUST_NAME = "Leicestershire Partnership NHS Trust"


@dataclass(frozen=True, slots=True)
class Hat:
    """One thing a person may act for, and the roles they hold there today.

    ``cafe_ids`` names, for each role that is held for some cafés only, which; a role left out is held for every café of
    the provider. ``neighbourhood_codes`` is what a neighbourhood lead answers for.
    """

    key: str
    label: str
    held_for: HeldFor
    roles: frozenset[Role]
    provider_id: uuid.UUID | None = None
    cafe_ids: Mapping[Role, frozenset[uuid.UUID]] = field(default_factory=dict)
    neighbourhood_codes: frozenset[str] = field(default_factory=frozenset)

    def can(self, permission: Permission) -> bool:
        return not self.roles.isdisjoint(permission.roles)

    def cafes_for(self, permission: Permission) -> frozenset[uuid.UUID] | None:
        """The cafés for which ``permission`` is held; None when it is held for every café of the provider.

        Only the roles that give the permission count: whoever leads one café and does the books of all of them sees
        as a lead what a lead of that one sees.
        """
        cafes: frozenset[uuid.UUID] = frozenset()
        for role in self.roles & permission.roles:
            if role not in self.cafe_ids:
                return None
            cafes |= self.cafe_ids[role]
        return cafes


HatSource = Callable[[User, date], Iterable[Hat]]
_SOURCES: list[HatSource] = []


def register_hat_source(source: HatSource) -> None:
    if source not in _SOURCES:
        _SOURCES.append(source)


def hats_of(user: User, day: date) -> list[Hat]:
    """Every hat the user may wear on ``day``, in the order of their labels."""
    return sorted((hat for source in _SOURCES for hat in source(user, day)), key=lambda hat: (hat.label, hat.key))


def scope_of(user: User, hat: Hat) -> Scope:
    """The scope under which requests of this person, wearing this hat, run."""
    actor = Actor.user(user.id)
    match hat.held_for:
        case HeldFor.PROVIDER:
            assert hat.provider_id is not None  # noqa: S101  narrows the type
            return Scope.provider(actor, hat.provider_id)
        case HeldFor.NEIGHBOURHOODS:
            return Scope.report(actor, neighbourhood_codes=hat.neighbourhood_codes)
        case HeldFor.PATHWAY:
            return Scope.pathway(actor)
        case _:
            return Scope.trust(actor)


def hats_of_appointments(user: User, day: date) -> Iterable[Hat]:
    """The trust's hat, and one for each receiving team."""
    roles: dict[str, set[Role]] = {}
    for appointment in Appointment.objects.held_on(day).filter(user=user):
        roles.setdefault(appointment.team, set()).add(Role(appointment.role))
    for team, held in roles.items():
        if team:
            yield Hat(f"team:{team}", team, HeldFor.PATHWAY, frozenset(held))
        else:
            yield Hat("trust", TRUST_NAME, HeldFor.TRUST, frozenset(held))


register_hat_source(hats_of_appointments)

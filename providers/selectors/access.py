"""Who holds which role and who held one: of a provider's own people, or of everybody."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Appointment, User
from accounts.roles import Role
from providers.models import Membership, NeighbourhoodLead, Provider
from sutg.common.errors import NotFound
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Scope


class Kind(StrEnum):
    """In which table a role is held."""

    MEMBERSHIP = "membership"
    APPOINTMENT = "appointment"
    LEAD = "lead"


@dataclass(frozen=True, slots=True)
class HeldRole:
    """One role of one person. ``where``: the team, neighbourhood or provider, "" for the trust itself."""

    kind: Kind
    id: uuid.UUID
    user: User
    role: Role
    since: date
    until: date | None
    ended_at: datetime | None
    ended_by: str
    where: str = ""
    cafe_ids: tuple[uuid.UUID, ...] = ()

    def stands_on(self, day: date) -> bool:
        """Whether it is held on ``day`` or will be: neither ended nor run out."""
        return self.ended_at is None and (self.until is None or self.until >= day)

    @property
    def last_day(self) -> date | None:
        """The day after which it was no longer held, by its dates or by somebody who ended it."""
        if self.ended_at is None:
            return self.until
        ended = timezone.localtime(self.ended_at).date()
        return min(ended, self.until) if self.until else ended


@dataclass(frozen=True, slots=True)
class PersonAccess:
    """A person with every role of theirs, standing or not, the latest first."""

    user: User
    roles: tuple[HeldRole, ...]

    def standing(self, day: date) -> list[HeldRole]:
        return [held for held in self.roles if held.stands_on(day)]

    def over(self, day: date) -> list[HeldRole]:
        return [held for held in self.roles if not held.stands_on(day)]


def people_of_provider() -> list[PersonAccess]:
    """Everybody who has or had a role with the scope's provider, by name. One query."""
    return _by_person(_held(row) for row in Membership.objects.select_related("user"))


def person_of_provider(membership_id: uuid.UUID) -> PersonAccess:
    """The person who holds or held this role, with all of their roles there; :class:`NotFound` for nobody here."""
    user_id = Membership.objects.filter(id=membership_id).values_list("user_id", flat=True).first()
    if user_id is None:
        raise NotFound
    return _by_person(_held(row) for row in Membership.objects.filter(user_id=user_id).select_related("user"))[0]


def people_of_trust() -> list[PersonAccess]:
    """Everybody who has or had a role for the trust, a team or a neighbourhood, by name. Two queries."""
    return _by_person(_trust_roles())


def accounts_like(text: str) -> QuerySet[User]:
    """Every account whose name or address has ``text`` in it, by name."""
    found = User.objects.filter(Q(full_name__icontains=text) | Q(email__icontains=text)) if text else User.objects.all()
    return found.order_by("full_name", "id")


def trust_access_of(users: Sequence[User]) -> list[PersonAccess]:
    """What each of ``users`` may do for the trust, a team or a neighbourhood, in their order. Two queries."""
    found = {person.user.id: person for person in _by_person(_trust_roles(user__in=users))}
    return [found.get(user.id) or PersonAccess(user, ()) for user in users]


def person_with_role(kind: Kind, role_id: uuid.UUID) -> PersonAccess:
    """Whose trust role or neighbourhood it is, with their roles everywhere; :class:`NotFound` for nobody's."""
    model = Appointment if kind is Kind.APPOINTMENT else NeighbourhoodLead
    row = model.objects.filter(id=role_id).first()
    if row is None:
        raise NotFound
    return person_anywhere(row.user_id)


def person_anywhere(person_id: uuid.UUID) -> PersonAccess:
    """Anybody with an account, with their roles everywhere; under the trust's scope. :class:`NotFound` for nobody.

    The trust's role reads no provider's memberships: those of one person are read as that person finds them.
    """
    user = User.objects.filter(id=person_id).first()
    if user is None:
        raise NotFound
    with scopes.enter(Scope.identity(user.id)), transaction.atomic():
        memberships = list(Membership.objects.all())
    names = dict(Provider.objects.filter(id__in={row.provider_id for row in memberships}).values_list("id", "name"))
    there = [_held(row, user=user, where=names[row.provider_id]) for row in memberships]
    found = _by_person([*_trust_roles(user=user), *there])
    return found[0] if found else PersonAccess(user, ())


def _trust_roles(**whose: Any) -> list[HeldRole]:
    appointments = Appointment.objects.filter(**whose).select_related("user")
    leads = NeighbourhoodLead.objects.filter(**whose).select_related("user", "neighbourhood")
    return [
        *(_held(row, where=row.team) for row in appointments),
        *(_held(row, where=row.neighbourhood.name) for row in leads),
    ]


def _held(row: Membership | Appointment | NeighbourhoodLead, *, user: User | None = None, where: str = "") -> HeldRole:
    return HeldRole(
        kind=_KIND[type(row)],
        id=row.id,
        user=user or row.user,
        role=Role.NEIGHBOURHOOD_LEAD if isinstance(row, NeighbourhoodLead) else Role(row.role),
        since=row.since,
        until=row.until,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
        where=where,
        cafe_ids=tuple(row.cafe_ids) if isinstance(row, Membership) else (),
    )


_KIND = {Membership: Kind.MEMBERSHIP, Appointment: Kind.APPOINTMENT, NeighbourhoodLead: Kind.LEAD}


def _by_person(roles: Iterable[HeldRole]) -> list[PersonAccess]:
    found: dict[uuid.UUID, list[HeldRole]] = {}
    for held in roles:
        found.setdefault(held.user.id, []).append(held)
    people = [
        PersonAccess(mine[0].user, tuple(sorted(mine, key=lambda one: (one.since, one.id), reverse=True)))
        for mine in found.values()
    ]
    return sorted(people, key=lambda one: (one.user.full_name.casefold(), one.user.id))

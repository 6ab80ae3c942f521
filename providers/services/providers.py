"""Taking on a provider and its people."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.text import slugify

from accounts.models import User
from accounts.roles import HeldFor, Role
from providers.models import Membership, Neighbourhood, NeighbourhoodLead, Provider
from sutg.audit.services import record
from sutg.common.errors import DomainError
from sutg.tenancy.scope import Actor


@transaction.atomic
def create_provider(*, name: str, by: Actor) -> Provider:
    """Take on a provider, under the trust's scope. Refused when the name is taken."""
    slug = slugify(name)
    if Provider.objects.filter(slug=slug).exists():
        raise DomainError("There is a provider of this name.", field="name")
    provider = Provider.objects.create(name=name, slug=slug)
    record("provider_created", by=by, subject=provider.id)
    return provider


@transaction.atomic
def grant_membership(
    *,
    provider: Provider,
    user: User,
    role: Role,
    since: date,
    by: Actor,
    until: date | None = None,
    cafe_ids: Sequence[uuid.UUID] = (),
) -> Membership:
    """Give ``user`` a role with ``provider``, under that provider's scope."""
    if role.held_for is not HeldFor.PROVIDER:
        raise DomainError(f"{role.label} is not a role with a provider.", field="role")
    membership = Membership.objects.create(
        provider=provider, user=user, role=role, since=since, until=until, cafe_ids=list(cafe_ids)
    )
    record("membership_granted", by=by, subject=membership.id, provider_id=provider.id)
    return membership


@transaction.atomic
def appoint_lead(
    *, neighbourhood: Neighbourhood, user: User, since: date, by: Actor, until: date | None = None
) -> NeighbourhoodLead:
    """Make ``user`` lead for ``neighbourhood``, under the trust's scope."""
    lead = NeighbourhoodLead.objects.create(neighbourhood=neighbourhood, user=user, since=since, until=until)
    record("neighbourhood_lead_appointed", by=by, subject=lead.id)
    return lead

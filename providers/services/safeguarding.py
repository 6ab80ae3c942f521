"""Naming the safeguarding lead and their deputy."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from providers.models import Membership, Provider, SafeguardingHolder, SafeguardingPost
from providers.selectors.safeguarding import people_who_may_lead
from sutg.audit.services import record
from sutg.common.errors import DomainError
from sutg.tenancy.scope import Actor

Kind = SafeguardingPost.Kind


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody named by their membership, and the number at which staff reach them."""

    membership_id: uuid.UUID
    phone: str = ""


@transaction.atomic
def name_safeguarding_lead(
    *, provider: Provider, lead: Named, deputy: Named | None, today: date, by: Actor, now: datetime
) -> None:
    """Name the lead, and the deputy if there is one, from ``today`` on, under the provider's scope.

    Refused for somebody who may not handle the incidents of every café, and for one person as both.
    """
    # Two people who name at once come one after the other: the rows that they end are held, and so are the members.
    may = {member.id: member for member in people_who_may_lead(today).select_for_update(of=("self",))}
    wanted = {Kind.LEAD: lead, Kind.DEPUTY: deputy}
    members: dict[str, Membership | None] = {}
    for kind, named in wanted.items():
        if named is not None and named.membership_id not in may:
            raise DomainError("Select somebody who manages the organisation or leads all its cafés.", field=kind.value)
        members[kind] = may[named.membership_id] if named else None
    chosen, second = members[Kind.LEAD], members[Kind.DEPUTY]
    if chosen and second and chosen.user_id == second.user_id:
        raise DomainError("The deputy must be somebody else than the lead.", field="deputy")
    for kind, named in wanted.items():
        _name(provider, kind, members[kind], named.phone if named else "", today, by, now)


def _name(
    provider: Provider, kind: str, member: Membership | None, phone: str, today: date, by: Actor, now: datetime
) -> None:
    current = SafeguardingPost.objects.select_for_update().filter(kind=kind, until=None).first()
    if current is not None:
        holder = SafeguardingHolder.objects.get(safeguarding_post_id=current.id)
        if member is not None and (holder.user_id, holder.phone) == (member.user_id, phone):
            return
        current.until = today - timedelta(days=1)
        current.save(update_fields=["until"])
        record("safeguarding_post_ended", by=by, subject=current.id, provider_id=provider.id, kind=str(kind))
    if member is None:
        return
    post = SafeguardingPost.objects.create(provider=provider, kind=kind, since=today, named_at=now, named_by=str(by))
    SafeguardingHolder.objects.create(
        provider=provider, safeguarding_post_id=post.id, user_id=member.user_id, phone=phone
    )
    record("safeguarding_post_named", by=by, subject=post.id, provider_id=provider.id, kind=str(kind))

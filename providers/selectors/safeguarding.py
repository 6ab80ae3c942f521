"""Who the safeguarding lead and the deputy are."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.roles import Role
from providers.models import Membership, SafeguardingHolder, SafeguardingPost


@dataclass(frozen=True, slots=True)
class HeldPost:
    """``is_here``: the person still has a role in which incidents of every café can be read and taken in hand."""

    post: SafeguardingPost
    user: User
    phone: str
    is_here: bool


def people_who_may_lead(day: date) -> QuerySet[Membership]:
    """Members who may handle the incidents of every café on ``day``, by name; somebody with two roles comes once."""
    held: QuerySet[Membership] = Membership.objects.held_on(day)
    allowed = held.filter(Q(role=Role.PROVIDER_MANAGER) | Q(role=Role.CAFE_LEAD, cafe_ids=[]))
    # By id within a person, so that a form offers the same membership each time.
    return allowed.filter(user__is_active=True).select_related("user").order_by("user__full_name", "id")


def safeguarding_posts(day: date) -> dict[str, HeldPost]:
    """“lead” and “deputy” → who holds it on ``day``, in the scope's provider."""
    holders = SafeguardingHolder.objects.select_related("user", "safeguarding_post").filter(
        safeguarding_post__in=SafeguardingPost.objects.held_on(day)
    )
    here = {member.user_id for member in people_who_may_lead(day)}
    return {
        holder.safeguarding_post.kind: HeldPost(
            holder.safeguarding_post, holder.user, holder.phone, holder.user_id in here
        )
        for holder in holders
    }


def safeguarding_user_ids(day: date) -> set[uuid.UUID]:
    """The accounts of lead and deputy, of those who may still read what they are told of."""
    return {held.user.id for held in safeguarding_posts(day).values() if held.is_here}


def providers_with_a_lead(provider_ids: Iterable[uuid.UUID], day: date) -> set[uuid.UUID]:
    """Those of the providers that have named a lead; for the trust, who does not see whom."""
    posts = SafeguardingPost.objects.held_on(day).filter(kind=SafeguardingPost.Kind.LEAD)
    return set(posts.filter(provider_id__in=list(provider_ids)).values_list("provider_id", flat=True))

"""Whether a person may still act as they did when they asked for something: asked when a worker takes up their task."""

from __future__ import annotations

import uuid

from django.utils import timezone

from accounts.hats import Hat, hats_of, scope_of
from accounts.models import User
from accounts.roles import HeldFor
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import ActorKind, Scope


def may_still_act(scope: Scope) -> bool:
    """Whether the person in ``scope`` still wears a hat under which it may be entered; True for jobs and devices."""
    if scope.actor.kind is not ActorKind.USER:
        return True
    with scopes.enter(None):
        user = User.objects.filter(id=uuid.UUID(scope.actor.id), is_active=True).first()
        hats = hats_of(user, timezone.localdate()) if user else []
    return any(_allows(hat, scope_of(user, hat), scope) for hat in hats if user)


def _allows(hat: Hat, held: Scope, asked: Scope) -> bool:
    if asked.provider_id is not None and hat.held_for is HeldFor.TRUST:
        return True  # the trust's officers act in a provider's scope for a return or a café, in their own name
    same = (held.role, held.provider_id, held.user_id) == (asked.role, asked.provider_id, asked.user_id)
    return same and asked.neighbourhood_codes <= held.neighbourhood_codes

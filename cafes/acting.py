"""Acting for a provider: its own people on its return and cafés, and the trust's officer in that provider's scope."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from accounts.permissions import Permission
from accounts.principal import Principal
from cafes.models import Cafe
from cafes.permissions import APPROVE_CAFE, LOAD_ANY_RETURN, LOAD_OWN_RETURN
from providers.models import Provider
from sutg.common.errors import NotFound
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Scope


def may_handle(principal: Principal, provider_id: uuid.UUID) -> bool:
    """Whether the person may handle returns of this provider, there being such a provider."""
    if principal.can(LOAD_ANY_RETURN):
        return Provider.objects.filter(id=provider_id).exists()
    return principal.can(LOAD_OWN_RETURN) and principal.hat is not None and principal.hat.provider_id == provider_id


@contextmanager
def handling_returns_of(principal: Principal, provider_id: uuid.UUID) -> Iterator[None]:
    """A transaction in the provider's scope, in the person's own name. :class:`NotFound` for anybody else's provider.

    The officer's own role has no right to a table that holds people; for one provider's return it takes that
    provider's scope, and every act is recorded there.
    """
    if not may_handle(principal, provider_id):
        raise NotFound
    with scopes.enter(Scope.provider(principal.actor, provider_id)), transaction.atomic():
        yield


@contextmanager
def deciding_on_cafes_of(principal: Principal, provider_id: uuid.UUID) -> Iterator[None]:
    """A transaction in the provider's scope, for the trust's officer who decides on one of its cafés.

    The trust's own role reads café facts and writes none: the decision is written where the café is, and is recorded
    there in the officer's name.
    """
    if not principal.can(APPROVE_CAFE) or not Provider.objects.filter(id=provider_id).exists():
        raise NotFound
    with scopes.enter(Scope.provider(principal.actor, provider_id)), transaction.atomic():
        yield


def refuse_others_cafe(principal: Principal, permission: Permission, cafe: Cafe) -> None:
    """:class:`NotFound` when the person holds ``permission`` for some cafés of the provider and not for this one."""
    limit = principal.hat.cafes_for(permission) if principal.hat else frozenset()
    if limit is not None and cafe.id not in limit:
        raise NotFound

"""Acting for a provider on its months: its own manager, and the trust's officer in that provider's scope."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from accounts.principal import Principal
from providers.models import Provider
from reports.permissions import LOCK_OVERDUE_MONTHS, LOCK_OWN_MONTHS
from sutg.common.errors import NotFound
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Scope


@contextmanager
def handling_months_of(principal: Principal, provider_id: uuid.UUID) -> Iterator[Provider]:
    """A transaction in the provider's scope, in the person's own name. :class:`NotFound` for anybody else's provider.

    What the trust's own role may not count, the officer does not see here either: they lock what the provider left.
    """
    if not _may_handle(principal, provider_id):
        raise NotFound
    provider = Provider.objects.filter(id=provider_id).first()
    if provider is None:
        raise NotFound
    with scopes.enter(Scope.provider(principal.actor, provider_id)), transaction.atomic():
        yield provider


def _may_handle(principal: Principal, provider_id: uuid.UUID) -> bool:
    if principal.can(LOCK_OVERDUE_MONTHS):
        return True
    return principal.can(LOCK_OWN_MONTHS) and principal.hat is not None and principal.hat.provider_id == provider_id

"""Which provider a person acts for, and the trust's officer in one provider's scope."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from accounts.principal import Principal
from providers.models import Provider
from providers.permissions import READ_ANY_DOCUMENT
from sutg.common.errors import NotFound
from sutg.tenancy import scope as scopes
from sutg.tenancy.scope import Scope


def own_provider(principal: Principal) -> Provider:
    """The provider of the person's hat; :class:`NotFound` under any other hat."""
    if principal.hat is None or principal.hat.provider_id is None:
        raise NotFound
    return Provider.objects.get(id=principal.hat.provider_id)


@contextmanager
def reading_documents_of(principal: Principal, provider_id: uuid.UUID) -> Iterator[None]:
    """A transaction in the provider's scope, for the trust's officer who reads one of its documents.

    The trust's own role reads that there is a document and not what it says; the reading is recorded with the provider.
    """
    if not principal.can(READ_ANY_DOCUMENT) or not Provider.objects.filter(id=provider_id).exists():
        raise NotFound
    with scopes.enter(Scope.provider(principal.actor, provider_id)), transaction.atomic():
        yield

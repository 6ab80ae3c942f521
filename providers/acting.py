"""Which provider a person acts for."""

from __future__ import annotations

from accounts.principal import Principal
from providers.models import Provider
from sutg.common.errors import NotFound


def own_provider(principal: Principal) -> Provider:
    """The provider of the person's hat; :class:`NotFound` under any other hat."""
    if principal.hat is None or principal.hat.provider_id is None:
        raise NotFound
    return Provider.objects.get(id=principal.hat.provider_id)

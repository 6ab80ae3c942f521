"""A provider's own key for keyed hashes."""

from __future__ import annotations

import os
import uuid

from sutg.privacy.keys import KEY_BYTES
from sutg.privacy.models import ProviderKey


def provider_key(provider_id: uuid.UUID, purpose: str) -> bytes:
    """The provider's key for ``purpose``, made on first use, in the provider's scope and the present transaction.

    Never cached: a key made in a transaction that rolled back must not be used again.
    """
    found = ProviderKey.objects.filter(purpose=purpose).first()
    if found is None:
        # Two at once: one row wins, and both read that one.
        fresh = ProviderKey(provider_id=provider_id, purpose=purpose, key=os.urandom(KEY_BYTES))
        ProviderKey.objects.bulk_create([fresh], ignore_conflicts=True)
        found = ProviderKey.objects.get(purpose=purpose)
    opened: bytes = found.key.open()
    return opened

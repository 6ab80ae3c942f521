"""How a visitor's reference is matched without being kept: by a keyed hash, with a key of the provider's own."""

from __future__ import annotations

import hashlib
import hmac
import uuid

from sutg.privacy.provider_keys import provider_key


def reference_key(provider_id: uuid.UUID) -> bytes:
    """The provider's key, which a rotation of the ring leaves as it is. Asks the database, in the provider's scope."""
    return provider_key(provider_id, "visitor reference")


def digest_of(key: bytes, cafe_id: uuid.UUID, reference: str) -> bytes:
    """32 bytes by which ``reference``, as the café writes it, is found again. Case and spaces make no difference."""
    written = " ".join(reference.split()).upper()
    return hmac.digest(key, cafe_id.bytes + written.encode(), hashlib.sha256)

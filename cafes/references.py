"""How a visitor's reference is matched without being kept: by a keyed hash, with a key of the provider's own."""

from __future__ import annotations

import hashlib
import hmac
import uuid

from django.conf import settings


def reference_key(provider_id: uuid.UUID) -> bytes:
    """The provider's key, derived (HKDF-Expand, RFC 5869, one block) from the key that is kept outside the database."""
    return hmac.digest(settings.FIELD_KEY, b"visitor reference" + provider_id.bytes + b"\x01", hashlib.sha256)


def digest_of(key: bytes, cafe_id: uuid.UUID, reference: str) -> bytes:
    """32 bytes by which ``reference``, as the café writes it, is found again. Case and spaces make no difference."""
    written = " ".join(reference.split()).upper()
    return hmac.digest(key, cafe_id.bytes + written.encode(), hashlib.sha256)

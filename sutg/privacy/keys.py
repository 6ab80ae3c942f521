"""The keys of encrypted fields: a ring kept outside the database, and from each key one of every provider's own.

Imports nothing of Django, so that settings can read the ring.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

KEY_BYTES = 32
# The id of the one key that SUTG_FIELD_KEY gives, from before there was a ring.
FIRST_KEY_ID = "0"
_ID = re.compile(r"^[A-Za-z0-9_-]{1,16}$")
_SHARED = uuid.UUID(int=0)


class KeyRingError(ValueError):
    """The ring cannot be used; the sentence names ids and never a key."""


@dataclass(frozen=True, repr=False)
class KeyRing:
    """Keys by id. New values are written under ``current``; every other key only opens what was written before."""

    current: str
    keys: Mapping[str, bytes]

    def __contains__(self, key_id: object) -> bool:
        return key_id in self.keys

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys)

    def data_key(self, key_id: str, provider_id: uuid.UUID | None) -> bytes:
        """The key of one provider (None: of what belongs to no provider). KeyError when the ring lacks ``key_id``."""
        return derive(self.keys[key_id], b"field" + (provider_id or _SHARED).bytes)

    def __repr__(self) -> str:
        return f"<KeyRing of {', '.join(self.keys)}>"


@lru_cache(maxsize=4096)
def derive(key: bytes, purpose: bytes) -> bytes:
    """32 bytes for one ``purpose`` (HKDF-Expand, RFC 5869, one block: the key is random already)."""
    return hmac.digest(key, purpose + b"\x01", hashlib.sha256)


def read_ring(written: str, first: str = "") -> KeyRing:
    """The ring of ``id:base64,id:base64``, the first being current; ``first`` is the key of id 0, behind all others."""
    entries = [entry.strip() for entry in written.split(",") if entry.strip()]
    keys: dict[str, bytes] = {}
    for entry in entries:
        key_id, _, encoded = entry.partition(":")
        _check_id(key_id)
        if key_id in keys:
            msg = f"The key {key_id} is in the ring twice."
            raise KeyRingError(msg)
        keys[key_id] = _decoded(key_id, encoded)
    if first and FIRST_KEY_ID not in keys:
        keys[FIRST_KEY_ID] = _decoded(FIRST_KEY_ID, first)
    if not keys:
        msg = "The ring holds no key."
        raise KeyRingError(msg)
    return KeyRing(next(iter(keys)), keys)


def _check_id(key_id: str) -> None:
    if not _ID.match(key_id):
        # Not quoted: who forgets the id has written the key in its place.
        msg = "A key of the ring has no id of 1 to 16 letters, digits, - or _ before its colon."
        raise KeyRingError(msg)


def _decoded(key_id: str, encoded: str) -> bytes:
    try:
        key = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != KEY_BYTES:
        msg = f"The key {key_id} is not {KEY_BYTES} bytes in base64."
        raise KeyRingError(msg)
    return key

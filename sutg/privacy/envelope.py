"""One sealed value: AES-256-GCM under the provider's key, bound to the very cell that it lies in.

Layout: version (1 byte) · length of the key's id (1 byte) · the id · IV (12 bytes) · ciphertext and tag. Version and id
are authenticated, and with them the place: a value moved to another row, column, table or provider does not open.
"""

from __future__ import annotations

import os
import uuid
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from sutg.privacy.keys import KeyRing

VERSION = 1
_IV_BYTES = 12


class CannotOpen(Exception):
    """A value that is no sealed value, was altered or moved, or whose key is gone. Says where, never what."""


@dataclass(frozen=True, slots=True)
class Place:
    """The cell of one value."""

    table: str
    column: str
    provider_id: uuid.UUID | None
    row_id: uuid.UUID

    def __str__(self) -> str:
        return f"{self.table}.{self.column} of {self.row_id}"

    def as_bytes(self) -> bytes:
        """The place, unambiguously: each part with its length before it."""
        parts = (
            self.table.encode(),
            self.column.encode(),
            self.provider_id.bytes if self.provider_id else b"",
            self.row_id.bytes,
        )
        return b"".join(len(part).to_bytes(2, "big") + part for part in parts)


def ring() -> KeyRing:
    keys: KeyRing = settings.FIELD_KEYS
    return keys


def header_of(key_id: str) -> bytes:
    """What every value begins with that is sealed under ``key_id``."""
    return bytes([VERSION, len(key_id)]) + key_id.encode()


def seal(value: bytes, place: Place, *, keys: KeyRing | None = None) -> bytes:
    """``value`` sealed for ``place`` under the current key."""
    keys = keys or ring()
    header, iv = header_of(keys.current), os.urandom(_IV_BYTES)
    cipher = AESGCM(keys.data_key(keys.current, place.provider_id))
    return header + iv + cipher.encrypt(iv, value, header + place.as_bytes())


def unseal(sealed: bytes, place: Place, *, keys: KeyRing | None = None) -> bytes:
    """What was sealed for ``place``; :class:`CannotOpen` otherwise."""
    keys = keys or ring()
    key_id = key_id_of(sealed)
    if key_id is None:
        msg = f"{place} is not a sealed value."
        raise CannotOpen(msg)
    if key_id not in keys:
        msg = f"{place} is sealed under the key {key_id}, which is not in the ring."
        raise CannotOpen(msg)
    header = header_of(key_id)
    iv, rest = sealed[len(header) : len(header) + _IV_BYTES], sealed[len(header) + _IV_BYTES :]
    try:
        return AESGCM(keys.data_key(key_id, place.provider_id)).decrypt(iv, rest, header + place.as_bytes())
    except (InvalidTag, ValueError) as error:
        msg = f"{place} was altered or moved, or sealed under another key of the same id."
        raise CannotOpen(msg) from error


def key_id_of(sealed: bytes) -> str | None:
    """The id of the key that ``sealed`` names; None when it is not a sealed value."""
    if len(sealed) < 2 or sealed[0] != VERSION:
        return None
    written = sealed[2 : 2 + sealed[1]]
    return written.decode() if len(written) == sealed[1] and written.isascii() and written else None

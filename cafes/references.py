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


FEWEST_CHARACTERS = 4
LONGEST = 60
_COMMON = frozenset(
    ("1234", "12345", "123456", "ABCD", "TEST", "ANON", "NONE", "NAME", "CODE", "CAFE", "CAFÉ", "QWERTY")
)


def fault_of(code: str) -> str:
    """Why a return code can’t be used, as a sentence for the person who chose it; blank when it can.

    Two people with one code would be one person from then on. Codes of returns are taken as they are written.
    """
    characters = [character for character in code.upper() if character.isalnum()]
    if len(characters) < FEWEST_CHARACTERS:
        return f"Choose a code of at least {FEWEST_CHARACTERS} letters or numbers: shorter ones are shared too easily"
    if len(code) > LONGEST:
        return f"Choose a return code of {LONGEST} characters or fewer"
    if len(set(characters)) == 1 or "".join(characters) in _COMMON:
        return "Choose a return code that somebody else would not think of"
    return ""


def name_key(provider_id: uuid.UUID) -> bytes:
    """The provider's key for names, which are found by the whole name alone."""
    return provider_key(provider_id, "visitor name")

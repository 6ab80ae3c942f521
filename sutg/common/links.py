"""Text that says whose row it means, with a secret and our own seal: links of invitations, tokens of tablets.

Whoever brings one belongs to nobody yet, so nothing but the text can say in whose table the row lies. The seal shows
that the answer is ours: a scope is entered on our own word, never on a stranger's (docs/adr/0008).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import uuid
from dataclasses import dataclass

from django.utils.crypto import salted_hmac

_SECRET, _SEAL, _ID = 32, 16, 16
_TRUST = uuid.UUID(int=0)


@dataclass(frozen=True, slots=True)
class Link:
    """``provider_id`` is None for what is the trust's own. Sealed for one ``purpose``, it is nothing for another."""

    purpose: str
    provider_id: uuid.UUID | None
    row_id: uuid.UUID
    secret: bytes

    @property
    def digest(self) -> str:
        """What is kept of the secret: 256 random bits need no slow hash."""
        return hashlib.sha256(self.secret).hexdigest()

    def opens(self, digest: str) -> bool:
        return bool(digest) and hmac.compare_digest(digest, self.digest)

    def as_text(self) -> str:
        body = (self.provider_id or _TRUST).bytes + self.row_id.bytes + self.secret
        return base64.urlsafe_b64encode(body + _seal(self.purpose, body)).rstrip(b"=").decode()


def new_link(purpose: str, provider_id: uuid.UUID | None, row_id: uuid.UUID) -> Link:
    return Link(purpose, provider_id, row_id, secrets.token_bytes(_SECRET))


def read_link(purpose: str, text: str) -> Link | None:
    """The link that ``text`` is; None for anything that we did not make for this ``purpose``."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return None
    body, seal = raw[:-_SEAL], raw[-_SEAL:]
    if len(body) != 2 * _ID + _SECRET or not hmac.compare_digest(seal, _seal(purpose, body)):
        return None
    provider_id = uuid.UUID(bytes=body[:_ID])
    return Link(
        purpose,
        None if provider_id == _TRUST else provider_id,
        uuid.UUID(bytes=body[_ID : 2 * _ID]),
        body[2 * _ID :],
    )


def _seal(purpose: str, body: bytes) -> bytes:
    return salted_hmac(purpose, body, algorithm="sha256").digest()[:_SEAL]

"""The server's half of what a tablet seals and believes: docs/tablet-sync.md. Knows neither Django nor the database."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import uuid
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_CURVE = ec.SECP256R1()
_PRIVATE_BYTES = _RECEIPT_BYTES = 32


class CannotOpen(ValueError):
    """An envelope that was damaged, or made for another device, café or record."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """As it travels: the public key of the run that sealed it, IV and ciphertext, each base64url."""

    key: str
    iv: str
    data: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What lets a record leave a tablet's queue. ``received_at`` is text: it is signed as it is written."""

    id: uuid.UUID
    hash: str
    received_at: str
    mac: str


class DeviceKeys:
    """The keys of one device: the private half that opens envelopes, and that of its receipts."""

    def __init__(self, private: ec.EllipticCurvePrivateKey, receipt: bytes) -> None:
        self._private, self.receipt_key = private, receipt
        self._shared: dict[str, AESGCM] = {}

    @classmethod
    def generate(cls) -> DeviceKeys:
        return cls(ec.generate_private_key(_CURVE), os.urandom(_RECEIPT_BYTES))

    @classmethod
    def from_bytes(cls, stored: bytes) -> DeviceKeys:
        number = int.from_bytes(stored[:_PRIVATE_BYTES], "big")
        return cls(ec.derive_private_key(number, _CURVE), stored[_PRIVATE_BYTES:])

    def as_bytes(self) -> bytes:
        number = self._private.private_numbers().private_value
        return number.to_bytes(_PRIVATE_BYTES, "big") + self.receipt_key

    @property
    def public_key(self) -> str:
        """The uncompressed point, base64url: what the device seals for."""
        return to_text(self._private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    def open(self, envelope: Envelope, *, device_id: uuid.UUID, cafe_id: uuid.UUID, record_id: uuid.UUID) -> bytes:
        """The payload's bytes; :class:`CannotOpen` for an envelope that is not one of this device, café and record."""
        try:
            cipher = self._shared.get(envelope.key) or self._agree(envelope.key, device_id)
            context = f"sutg-tablet-1\n{cafe_id}\n{record_id}".encode()
            return cipher.decrypt(from_text(envelope.iv), from_text(envelope.data), context)
        except (InvalidTag, ValueError) as error:
            raise CannotOpen from error

    def _agree(self, key: str, device_id: uuid.UUID) -> AESGCM:
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, from_text(key))
        secret = self._private.exchange(ec.ECDH(), theirs)
        derive = HKDF(algorithm=hashes.SHA256(), length=32, salt=b"", info=f"sutg-tablet-1 {device_id}".encode())
        # A run of the app seals everything under one key pair: it is agreed on once for each message.
        self._shared[key] = AESGCM(derive.derive(secret))
        return self._shared[key]

    def receipt(self, *, device_id: uuid.UUID, record_id: uuid.UUID, content_hash: str, received_at: str) -> Receipt:
        """The receipt of a record: the same each time it is asked for."""
        said = "\n".join(["sutg-receipt-1", str(device_id), str(record_id), content_hash, received_at])
        mac = hmac.digest(self.receipt_key, said.encode(), hashlib.sha256)
        return Receipt(record_id, content_hash, received_at, to_text(mac))


def hash_of(payload: bytes) -> str:
    return to_text(hashlib.sha256(payload).digest())


def to_text(value: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def from_text(text: str) -> bytes:
    """ValueError for anything that is not base64url."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError from error

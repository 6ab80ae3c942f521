"""A tablet, in Python: seals and numbers records as static/tablet does, written from docs/tablet-sync.md."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client
from django.utils import timezone

SYNC = "/api/v1/tablet/sync"


def to_text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def from_text(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


Record = dict[str, Any]


@dataclass
class SimulatedTablet:
    """``enrolment`` is what the server answered when it was enrolled. ``clock_ahead``: how wrong its clock is."""

    enrolment: dict[str, str]
    clock_ahead: timedelta = timedelta()
    staff_id: str = ""
    last_number: int = 0
    # Records without a receipt, by number.
    held: dict[int, Record] = field(default_factory=dict)

    def __post_init__(self) -> None:
        pair = ec.generate_private_key(ec.SECP256R1())
        server = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), from_text(self.enrolment["server_key"]))
        info = f"sutg-tablet-1 {self.enrolment['device_id']}".encode()
        secret = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(
            pair.exchange(ec.ECDH(), server)
        )
        self._cipher = AESGCM(secret)
        self._public = to_text(pair.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    def now(self) -> datetime:
        return timezone.now() + self.clock_ahead

    def record(self, kind: str, body: dict[str, Any], *, record_id: uuid.UUID | None = None, **said: Any) -> Record:
        """Make a record and keep it, as saving on the tablet does."""
        payload = {
            "version": 1,
            "salt": to_text(os.urandom(16)),
            "kind": kind,
            "recordedAt": self.now().isoformat(),
            "recordedBy": self.staff_id,
            "body": body,
            **said,
        }
        return self.keep(json.dumps(payload).encode(), record_id or uuid.uuid4())

    def keep(self, payload: bytes, record_id: uuid.UUID) -> Record:
        self.last_number += 1
        iv = os.urandom(12)
        context = f"sutg-tablet-1\n{self.enrolment['cafe_id']}\n{record_id}".encode()
        envelope = {"key": self._public, "iv": to_text(iv), "data": to_text(self._cipher.encrypt(iv, payload, context))}
        hashed = to_text(hashlib.sha256(payload).digest())
        made = {"id": str(record_id), "number": self.last_number, "hash": hashed, "envelope": envelope}
        self.held[self.last_number] = made
        return made

    def message(self, records: list[Record] | None = None) -> dict[str, Any]:
        return {
            "protocol": 1,
            "sent_at": self.now().isoformat(),
            "app_version": "test",
            "is_persistent": True,
            "manifest": {
                "last_number": self.last_number,
                "held": [[number, number] for number in sorted(self.held)],
                "oldest_saved_at": self.now().isoformat() if self.held else None,
            },
            "records": list(self.held.values()) if records is None else records,
        }

    def export(self, **changes: Any) -> bytes:
        """The file that it saves of what has no receipt."""
        clock_ahead_ms = self.clock_ahead.total_seconds() * 1000
        file = {
            "format": "sutg-tablet-export-1",
            "device_id": self.enrolment["device_id"],
            "made_at": self.now().isoformat(),
            "app_version": "test",
            "clock_ahead_ms": clock_ahead_ms,
            "records": list(self.held.values()),
        }
        return json.dumps(file | changes).encode()

    def post(self, records: list[Record] | None = None) -> Any:
        """Send, and leave everything as it was: the answer is lost."""
        return self.post_message(self.message(records))

    def post_message(self, message: dict[str, Any]) -> Any:
        headers = {"Authorization": f"Tablet {self.enrolment['token']}"}
        return Client().post(SYNC, message, content_type="application/json", headers=headers)

    def sync(self, records: list[Record] | None = None) -> dict[str, Any]:
        """Send, and let go of what has a receipt that proves."""
        response = self.post(records)
        assert response.status_code == 200, response.content
        answer: dict[str, Any] = response.json()
        for result in answer["results"]:
            receipt = result["receipt"]
            for number, record in list(self.held.items()):
                if (record["id"], record["hash"]) == (receipt["id"], receipt["hash"]) and self.proves(receipt):
                    del self.held[number]
        return answer

    def proves(self, receipt: dict[str, str]) -> bool:
        said = ["sutg-receipt-1", self.enrolment["device_id"], receipt["id"], receipt["hash"], receipt["received_at"]]
        key = from_text(self.enrolment["receipt_key"])
        return hmac.compare_digest(to_text(hmac.digest(key, "\n".join(said).encode(), hashlib.sha256)), receipt["mac"])

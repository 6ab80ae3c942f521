"""Passwords and keys of the embedded set-up: random, made once, kept in a file that only this user can read."""

from __future__ import annotations

import base64
import json
import os
import secrets
from dataclasses import asdict, dataclass, fields
from pathlib import Path


@dataclass(frozen=True, repr=False)
class Credentials:
    """Everything secret that the embedded set-up needs."""

    superuser_password: str
    owner_password: str
    app_password: str
    secret_key: str
    field_key: str

    @classmethod
    def generate(cls) -> Credentials:
        """Return fresh random values; URL-safe, so that they fit into an address unquoted."""
        return cls(
            superuser_password=secrets.token_urlsafe(24),
            owner_password=secrets.token_urlsafe(24),
            app_password=secrets.token_urlsafe(24),
            secret_key=secrets.token_urlsafe(48),
            field_key=base64.b64encode(secrets.token_bytes(32)).decode("ascii"),
        )


def load_or_create(path: Path) -> Credentials:
    """Return the stored credentials, making them on first use. The caller holds the setup lock."""
    if path.exists():
        stored = json.loads(path.read_text(encoding="utf-8"))
        return Credentials(**{field.name: str(stored[field.name]) for field in fields(Credentials)})
    credentials = Credentials.generate()
    write_private(path, json.dumps(asdict(credentials), indent=2) + "\n")
    return credentials


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all even if the power fails."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)

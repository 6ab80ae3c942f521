"""How the secrets of API clients are stored."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib.auth.hashers import BasePasswordHasher
from django.utils.crypto import constant_time_compare


class RandomSecretHasher(BasePasswordHasher):
    """SHA-256, for secrets of 256 random bits that we made ourselves.

    A password hash is slow so that guessing a person's password is; nobody guesses 256 bits, and half a second of
    processor time for each token would let anybody stop the service. Never used for what a person chooses.
    """

    algorithm = "random_secret_sha256"

    def salt(self) -> str:
        return "-"

    def encode(self, password: str, salt: str) -> str:
        return f"{self.algorithm}${salt}${hashlib.sha256(password.encode()).hexdigest()}"

    def decode(self, encoded: str) -> dict[str, str]:
        algorithm, salt, digest = encoded.split("$", 2)
        return {"algorithm": algorithm, "salt": salt, "hash": digest}

    def verify(self, password: str, encoded: str) -> bool:
        return constant_time_compare(encoded, self.encode(password, "-"))

    def safe_summary(self, encoded: str) -> dict[Any, Any]:
        return {"algorithm": self.algorithm}

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Nothing to even out: the work does not depend on the secret."""

    def must_update(self, encoded: str) -> bool:
        return False

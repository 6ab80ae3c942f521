"""The folder of facts and invented returns that the project's workshop keeps beside the clone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[3] / "shared"


def shared_file(name: str) -> Path:
    """A file of ../shared; without that folder the test is skipped, and fails in CI."""
    path = SHARED / name
    if not path.exists():
        sentence = f"../shared/{name} is not beside this clone; it holds what this test compares with."
        if os.environ.get("CI"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    return path

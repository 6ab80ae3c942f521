"""The superuser of the test cluster: for tests that weaken a lock on purpose, and look whether anybody notices."""

from __future__ import annotations

import os
from typing import Any

import psycopg
import pytest
from django.db import connections

from sutg.local import environment
from sutg.local.credentials import load_or_create
from sutg.local.paths import current_state


def superuser_connection(**options: Any) -> psycopg.Connection[Any]:
    """A direct connection of the superuser to the test database; skips where there is none, and in CI fails."""
    name = connections["default"].settings_dict["NAME"]
    if address := os.environ.get("SUPERUSER_DATABASE_URL"):
        return psycopg.connect(address, dbname=name, **options)
    if _is_embedded():
        return psycopg.connect(environment.superuser_url(name), **options)
    reason = "Set SUPERUSER_DATABASE_URL: locks cannot be weakened on this server without a superuser."
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def _is_embedded() -> bool:
    """Whether the tests run on the server that this clone carries: its password is known to nobody else."""
    file = current_state().credentials
    return file.exists() and load_or_create(file).app_password == connections["default"].settings_dict["PASSWORD"]

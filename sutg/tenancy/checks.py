"""Django system checks: ``manage.py check --database default`` and every ``migrate`` say when a lock is open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections

from sutg.tenancy.catalogue import find_faults, tenant_tables
from sutg.tenancy.roles import LOGIN_APP


def check_locks(*, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """An error for each weakened lock of a migrated database. An empty database has nothing to lock yet."""
    messages: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        existing = set(connection.introspection.table_names())
        if not existing.issuperset(tenant_tables()):
            continue
        login = LOGIN_APP if alias == "owner" else None
        messages += [Error(str(fault), id="tenancy.E001") for fault in find_faults(connection, login=login)]
    return messages

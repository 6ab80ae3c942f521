"""A database for one benchmark: created, used and dropped."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

DURABILITY = ("fsync", "synchronous_commit", "full_page_writes", "shared_buffers", "wal_sync_method")


@contextmanager
def throw_away() -> Iterator[tuple[str, str]]:
    """The owner's and the application's address of an empty database on the server that DATABASE_URL names."""
    owner, application = os.environ["OWNER_DATABASE_URL"], os.environ["DATABASE_URL"]
    name = f"benchmark_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        try:
            # The owner's address goes to the server itself: a pooler must not answer for it.
            yield make_conninfo(owner, dbname=name), make_conninfo(application, dbname=name)
        finally:
            connection.execute(f"DROP DATABASE {name}".encode())


def describe(connection: psycopg.Connection[Any]) -> str:
    """Version, durability and size, so that a figure can be compared with another."""
    version = connection.info.server_version // 10000
    settings = ", ".join(
        f"{name}={connection.execute(f'SHOW {name}'.encode()).fetchone()[0]}"  # type: ignore[index]
        for name in DURABILITY
    )
    size = connection.execute("SELECT pg_size_pretty(pg_database_size(current_database()))").fetchone()
    return f"PostgreSQL {version}; {settings}; {size[0] if size else '?'};"

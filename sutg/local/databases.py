"""Roles and the database of the embedded cluster. The roles themselves belong to sutg.tenancy.roles."""

from __future__ import annotations

import hashlib
from pathlib import Path

import psycopg

from sutg.local.cluster import SUPERUSER
from sutg.local.credentials import Credentials
from sutg.tenancy.roles import LOGIN_APP, LOGIN_OWNER, cluster_sql

NAME = "sutg"


def address(login: str, password: str, port: int, name: str = NAME) -> str:
    """Return the address of a database on the embedded server."""
    return f"postgresql://{login}:{password}@127.0.0.1:{port}/{name}"


def addresses(credentials: Credentials, port: int) -> dict[str, str]:
    """Return the addresses of the application's and the owner's login."""
    return {
        "DATABASE_URL": address(LOGIN_APP, credentials.app_password, port),
        "OWNER_DATABASE_URL": address(LOGIN_OWNER, credentials.owner_password, port),
    }


def superuser_address(credentials: Credentials, port: int, name: str = NAME) -> str:
    """Return the superuser's address: for set-up, and for tests that weaken a lock on purpose."""
    return address(SUPERUSER, credentials.superuser_password, port, name)


def set_up(credentials: Credentials, port: int, stamp: Path) -> None:
    """Create roles and database unless that was done with these very statements; harmless again."""
    statements = cluster_sql(credentials.owner_password, credentials.app_password)
    digest = hashlib.sha256("\n".join(statements).encode()).hexdigest()
    if stamp.exists() and stamp.read_text(encoding="ascii") == digest:
        return
    with psycopg.connect(superuser_address(credentials, port, "postgres"), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())
        if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [NAME]).fetchone():
            connection.execute(f"CREATE DATABASE {NAME} OWNER {LOGIN_OWNER}".encode())
        connection.execute(f"REVOKE ALL ON DATABASE {NAME}, postgres FROM PUBLIC".encode())
        connection.execute(f"GRANT CONNECT ON DATABASE {NAME} TO {LOGIN_APP}".encode())
        # The owner's test databases are created through this one.
        connection.execute(f"GRANT CONNECT ON DATABASE postgres TO {LOGIN_OWNER}".encode())
    for name in (NAME, "template1"):
        with psycopg.connect(superuser_address(credentials, port, name), autocommit=True) as connection:
            connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    stamp.write_text(digest, encoding="ascii")


def recreate(credentials: Credentials, port: int) -> None:
    """Drop the database with everything in it and create it empty: what ``make demo-reset`` asks for."""
    with psycopg.connect(superuser_address(credentials, port, "postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)".encode())

"""The environment that settings read, with the embedded set-up as the default.

Whatever the environment already says wins. Only when it names no database is the embedded server set up and started.
"""

from __future__ import annotations

import os

from sutg.local import cluster as clusters
from sutg.local import databases, locks, server
from sutg.local.credentials import Credentials, load_or_create
from sutg.local.errors import explain
from sutg.local.paths import State, current_state


def ensure() -> dict[str, str]:
    """Return the variables to run with; starts the embedded server when no DATABASE_URL is set.

    The server then stays up at least as long as this process. Safe to call from several processes at once, and again.
    Raises LocalError with a sentence when it cannot be had.
    """
    try:
        return _ensure(current_state())
    except OSError as error:
        raise explain(error) or error from error


def superuser_url(name: str = databases.NAME) -> str:
    """Return the superuser's address: for tests that weaken a lock on purpose.

    SUPERUSER_DATABASE_URL says it for a server that is not the embedded one.
    """
    given = os.environ.get("SUPERUSER_DATABASE_URL")
    if given:
        return f"{given.rpartition('/')[0]}/{name}"
    state = current_state()
    credentials, port = start(state)
    return databases.superuser_address(credentials, port, name)


def start(state: State) -> tuple[Credentials, int]:
    """Have the embedded server running with its roles and database; return its credentials and port."""
    server.hold(state)
    with locks.exclusive(state.lock("setup")):
        credentials = load_or_create(state.credentials)
        cluster = clusters.locate(state)
        if not cluster.exists:
            # Stamps of an earlier cluster say nothing about this one.
            for stamp in state.stamps.iterdir():
                stamp.unlink()
        with (state.logs / "initdb.log").open("ab") as log:
            clusters.create(cluster, credentials.superuser_password, log)
        port = server.start(state, cluster).port
        databases.set_up(credentials, port, state.stamps / "roles")
    return credentials, port


def _ensure(state: State) -> dict[str, str]:
    if os.environ.get("DATABASE_URL"):
        with locks.exclusive(state.lock("setup")):
            credentials = load_or_create(state.credentials)
        database: dict[str, str] = {}
    else:
        credentials, port = start(state)
        database = databases.addresses(credentials, port)
    defaults = database | {
        "CELERY_BROKER_URL": "filesystem://",
        "SECRET_KEY": credentials.secret_key,
        "SUTG_FIELD_KEY": credentials.field_key,
        "SUTG_ENV": "demo",
        "SUTG_STATE_DIR": str(state.root),
        "PORT": "8000",
    }
    return {name: os.environ.get(name) or value for name, value in defaults.items()} | {
        name: os.environ[name] for name in ("DATABASE_URL", "OWNER_DATABASE_URL") if os.environ.get(name)
    }

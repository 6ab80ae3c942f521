"""Using the embedded server: count this process among its users, and have it running."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from sutg.local import locks, postmaster
from sutg.local.cluster import Cluster
from sutg.local.errors import LocalError
from sutg.local.paths import REPOSITORY, State
from sutg.local.postmaster import Postmaster

_PATIENCE = 300  # crash recovery after a long run may take minutes; a server that gives up says so at once


_KEEPERS_TRIED = 4
# The same search path as here, so that the keeper finds what this process found.
_ENTRY = "import sys; sys.path[:] = sys.argv[2:]; from sutg.local.keeper import main; sys.exit(main(sys.argv[1]))"

_held: dict[Path, int] = {}
_spawned: set[int] = set()


def hold(state: State) -> None:
    """Count this process among the users until it ends; waits while a keeper is stopping the server."""
    if state.root not in _held:
        descriptor = locks.acquire(state.lock("users"), shared=True)
        if descriptor is not None:
            _held[state.root] = descriptor


def release(state: State, *, patience: float = 30) -> bool:
    """Stop using the server; if nobody else does, wait for its stop. True when it has stopped."""
    descriptor = _held.pop(state.root, None)
    if descriptor is not None:
        os.close(descriptor)
    deadline = time.monotonic() + patience
    while locks.is_held(state.lock("keeper")) and time.monotonic() < deadline:
        if _has_users(state.lock("users")):
            return False
        time.sleep(0.05)
    return not locks.is_held(state.lock("keeper"))


def running(state: State, cluster: Cluster) -> Postmaster | None:
    """Return the server when it is kept and answers."""
    found = postmaster.find(cluster)
    return found if found and found.is_ready and locks.is_held(state.lock("keeper")) else None


def start(state: State, cluster: Cluster) -> Postmaster:
    """Return the server, started by a new keeper if there is none. The caller holds the setup lock and is a user."""
    state.failure.unlink(missing_ok=True)
    deadline = time.monotonic() + _PATIENCE
    spawned = 0
    while time.monotonic() < deadline and spawned <= _KEEPERS_TRIED:
        found = running(state, cluster)
        if found:
            return found
        if state.failure.exists():
            raise LocalError(state.failure.read_text(encoding="utf-8").strip())
        if not _is_keeper_starting() and not locks.is_held(state.lock("keeper")):
            _spawn_keeper(state)
            spawned += 1
        time.sleep(0.02)
    msg = f"The embedded database did not come up; postgres.log and keeper.log in {state.logs} say why."
    raise LocalError(msg)


def _has_users(lock: Path) -> bool:
    # Sharing is refused only while a keeper that is stopping the server has the lock to itself.
    alone = locks.acquire(lock, wait=False)
    company = None if alone is not None else locks.acquire(lock, shared=True, wait=False)
    for descriptor in (alone, company):
        if descriptor is not None:
            os.close(descriptor)
    return company is not None


def _spawn_keeper(state: State) -> None:
    log = os.fsencode(state.logs / "keeper.log")
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]
    environment = {name: os.environ[name] for name in ("PATH", "SUTG_SERVER_ROOT") if name in os.environ}
    # A session of its own, so that Ctrl-C in the terminal of whoever came first does not reach it.
    command = [sys.executable, "-c", _ENTRY, str(state.root), str(REPOSITORY), *filter(None, sys.path)]
    _spawned.add(os.posix_spawn(sys.executable, command, environment, file_actions=actions, setsid=True))


def _is_keeper_starting() -> bool:
    """Whether a keeper that this process spawned still lives; takes note of those that have ended."""
    for pid in tuple(_spawned):
        try:
            ended, _ = os.waitpid(pid, os.WNOHANG)
        except ChildProcessError:
            ended = pid
        if ended:
            _spawned.discard(pid)
    return bool(_spawned)

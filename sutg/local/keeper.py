"""The keeper: the one process that starts and stops the embedded server, and lives as long as somebody uses it.

Whoever uses the server holds a shared lock on ``users.lock``. The keeper restarts the server when it dies, and stops
it when it can take that lock for itself, which is when the last user has gone, whether by exit or by kill -9. A keeper
that is killed leaves the server running; the next one finds and adopts it.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import IO

from sutg.local import locks, postmaster
from sutg.local.cluster import Cluster, locate
from sutg.local.credentials import write_private
from sutg.local.errors import DISK_FULL, LocalError
from sutg.local.paths import State
from sutg.local.processes import end_marked

_TICK = 0.1
_BACK_OFF = (0.2, 0.5, 1.0, 2.0, 5.0)
_FIRST_START_ATTEMPTS = 4
_PORTS = (20000, 32000)  # below the range from which the kernel takes ports for outgoing connections
_LOG_LIMIT = 20_000_000

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "password_encryption": "scram-sha-256",
    "max_connections": "100",
    "shared_buffers": "256MB",
    # What is acknowledged is on disk: the defaults, said aloud because a test machine tempts one to turn them off.
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
}


class Keeper:
    """Keeps one cluster's server running while it has users."""

    def __init__(self, state: State, cluster: Cluster, log: IO[bytes]) -> None:
        self.state = state
        self.cluster = cluster
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None
        self.failures = 0
        self.was_ready = False
        self.is_told_to_stop = False

    def run(self) -> None:
        """Return when the last user has gone and the server is stopped."""
        while not self.is_told_to_stop and self.cluster.exists:
            if self.process is not None:
                self.process.poll()
            if self._nobody_uses():
                break
            running = postmaster.find(self.cluster)
            if running is None:
                self._start()
            elif running.is_ready:
                self.was_ready, self.failures = True, 0
            time.sleep(_TICK)
        postmaster.stop(self.cluster)

    def _nobody_uses(self) -> bool:
        # Held until this process ends, so that a newcomer waits for the stop to finish and then starts afresh.
        if locks.acquire(self.state.lock("users"), wait=False) is None:
            return False
        # A run on a database of its own is no user of this one, and its parts are no leftovers.
        if not locks.is_held(self.state.lock("run")):
            end_marked(self.state.identity(), grace=5)
        return True

    def _start(self) -> None:
        if self.failures >= _FIRST_START_ATTEMPTS and not self.was_ready:
            raise LocalError(self._reason())
        if self.failures:
            time.sleep(_BACK_OFF[min(self.failures, len(_BACK_OFF)) - 1])
        self.failures += 1
        postmaster.clear_stale(self.cluster)
        port = choose_port(self.state.root / "port")
        options = [f"--{name}={value}" for name, value in SETTINGS.items()]
        self.process = self.cluster.popen(
            "postgres",
            "-D",
            str(self.cluster.data),
            f"--port={port}",
            *options,
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=subprocess.STDOUT,
            # A session of its own: Ctrl-C at the terminal must reach the server last, from us.
            start_new_session=True,
        )
        while self.process.poll() is None and not self._is_up():
            time.sleep(0.02)

    def _is_up(self) -> bool:
        # "Starting" counts: recovery after a crash may take minutes and must not be interrupted by a second start.
        return postmaster.find(self.cluster) is not None

    def _reason(self) -> str:
        said = Path(self.log.name).read_bytes()[-4000:].decode("utf-8", "replace")
        if "No space left on device" in said:
            return DISK_FULL
        fatal = [line for line in said.splitlines() if "FATAL" in line or "PANIC" in line]
        detail = fatal[-1].split("] ", 1)[-1] if fatal else f"{self.log.name} says why"
        return f"The embedded database does not start: {detail}."


def choose_port(record: Path) -> int:
    """Return a free loopback port, the recorded one if possible, so that running parts find a restarted server."""
    candidates = random.SystemRandom().sample(range(*_PORTS), 50)
    with contextlib.suppress(OSError, ValueError):
        candidates.insert(0, int(record.read_text(encoding="ascii")))
    for port in candidates:
        with socket.socket() as probe:
            # As PostgreSQL does: connections of the last server that are still winding down do not block the port.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        write_private(record, f"{port}\n")
        return port
    msg = "No free port was found on 127.0.0.1 for the embedded database."
    raise LocalError(msg)


def main(root: str) -> int:
    """Keep the server of one state folder; return at once when another keeper already does."""
    os.chdir("/")
    state = State(Path(root))
    if locks.acquire_soon(state.lock("keeper")) is None:
        return 0
    try:
        _keep(state)
    except LocalError as error:
        state.failure.write_text(f"{error}\n", encoding="utf-8")
        return 1
    return 0


def _keep(state: State) -> None:
    path = state.logs / "postgres.log"
    if path.exists() and path.stat().st_size > _LOG_LIMIT:
        path.rename(path.with_suffix(".log.1"))
    with path.open("ab") as log:
        keeper = Keeper(state, locate(state), log)

        def stop(*_: object) -> None:
            keeper.is_told_to_stop = True

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        keeper.run()

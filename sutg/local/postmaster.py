"""The running server as its data folder tells of it: PostgreSQL's ``postmaster.pid``, believed only after a check."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass

from sutg.local.cluster import Cluster
from sutg.local.processes import command_line, pids_in_folder


@dataclass(frozen=True)
class Postmaster:
    """A live server process of the cluster."""

    pid: int
    port: int
    is_ready: bool


def find(cluster: Cluster) -> Postmaster | None:
    """Return the cluster's live server, or None; a pid file that outlived its process is not believed."""
    try:
        lines = (cluster.data / "postmaster.pid").read_text(encoding="utf-8", errors="surrogateescape").splitlines()
        pid, port = int(lines[0]), int(lines[3])
    except (OSError, ValueError, IndexError):
        return None
    if not _is_ours(pid, cluster):
        return None
    return Postmaster(pid=pid, port=port, is_ready=len(lines) > 7 and lines[7].strip() == "ready")


def clear_stale(cluster: Cluster, *, patience: float = 30) -> None:
    """Make way for a start: wait for the backends of a killed server, then drop a pid file that names a stranger.

    PostgreSQL drops a stale file itself, except when the number in it has been given to another process meanwhile,
    which after a reboot or in a container is common. The caller is the only one who may start this cluster.
    """
    deadline = time.monotonic() + patience
    while (leftover := pids_in_folder(cluster.data)) and time.monotonic() < deadline:
        if find(cluster):
            return
        time.sleep(0.05)
    path = cluster.data / "postmaster.pid"
    if leftover or not path.exists():
        return
    try:
        pid = int(path.read_text(errors="surrogateescape").split("\n", 1)[0])
    except ValueError:
        pid = 0
    if pid <= 0 or not _is_ours(pid, cluster):
        path.unlink(missing_ok=True)


def stop(cluster: Cluster, *, patience: float = 20) -> None:
    """Stop the server: ``fast`` first (transactions are rolled back, a checkpoint is written), then ``immediate``."""
    for number in (signal.SIGINT, signal.SIGQUIT):
        running = find(cluster)
        if running is None:
            return
        os.kill(running.pid, number)
        deadline = time.monotonic() + patience
        while find(cluster) and time.monotonic() < deadline:
            _reap(running.pid)
            time.sleep(0.02)


def _is_ours(pid: int, cluster: Cluster) -> bool:
    command = command_line(pid)
    return "postgres" in command and f"-D {cluster.data} " in command


def _reap(pid: int) -> None:
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return

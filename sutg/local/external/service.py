"""What the throw-away servers have in common: an unprivileged user, a folder, a port, a start and an end."""

from __future__ import annotations

import os
import pwd
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from sutg.local.errors import LocalError
from sutg.local.parts import signal_group, tail
from sutg.local.processes import die_with_parent

_START_PATIENCE = 90.0
_STOP_PATIENCE = 15.0


class Missing(LocalError):
    """A program that the system does not have."""


class Service:
    """One server process in a scratch folder of its own."""

    def __init__(self, name: str, scratch: Path, *users: str) -> None:
        self.name = name
        self.user = unprivileged_user(*users)
        self.folder = scratch / name
        self.folder.mkdir(mode=0o700)
        self.own(self.folder)
        self.port = free_port()
        self.log = scratch / f"{name}.log"
        self.process: subprocess.Popen[bytes] | None = None

    def own(self, path: Path) -> None:
        """Give a file to the server's user."""
        if self.user:
            os.chown(path, self.user.pw_uid, self.user.pw_gid)

    def write(self, name: str, text: str) -> Path:
        """Write a private file for the server to read."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
        self.own(path)
        return path

    def popen(self, command: list[str], environment: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Start a program as the server's user, with none of our secrets in its environment."""
        basics = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "HOME": str(self.folder)}
        with self.log.open("ab") as log:
            return subprocess.Popen(
                command,
                cwd=self.folder,
                env=basics | (environment or {}),
                user=self.user.pw_uid if self.user else None,
                group=self.user.pw_gid if self.user else None,
                extra_groups=[] if self.user else None,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent,
            )

    def start(self, command: list[str], is_up: Callable[[], bool], environment: dict[str, str] | None = None) -> None:
        """Start the server and return when it answers."""
        self.process = self.popen(command, environment)
        deadline = time.monotonic() + _START_PATIENCE
        while not is_up():
            if self.process.poll() is not None or time.monotonic() > deadline:
                msg = f"{self.name} did not start:\n{tail(self.log, 20)}"
                raise LocalError(msg)
            time.sleep(0.05)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Stop the server, gently at first."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            self.process.wait(_STOP_PATIENCE)
        except subprocess.TimeoutExpired:
            signal_group(self.process.pid, signal.SIGKILL)
            self.process.wait()


def unprivileged_user(*names: str) -> pwd.struct_passwd | None:
    """Return whom to run as: this user unless it is root, else the first of the names that exists."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in (*names, "nobody"):
        if name in known:
            return known[name]
    msg = "There is no unprivileged user to run a server as."
    raise Missing(msg)


def find_program(package: str, *candidates: str) -> str:
    """Return the first path that is a program."""
    for candidate in candidates:
        if os.access(candidate, os.X_OK):
            return candidate
    msg = f"{package} is not installed (apt install {package})."
    raise Missing(msg)


def free_port() -> int:
    """A loopback port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def accepts(port: int) -> bool:
    """Whether something listens on that loopback port."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True

"""A supervised run of a stand-in clone, watched from outside."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from sutg.local.processes import marked_pids
from tests.integration.local.standin import Clone, free_port, wait_for


class Run:
    """``python -m sutg.local run`` in a clone."""

    def __init__(self, clone: Clone) -> None:
        self.clone = clone
        self.port = free_port()
        self.process = clone.start("-m", "sutg.local", "run", PORT=str(self.port))
        self.said: list[str] = []

    def wait_until_ready(self) -> None:
        """Read what it says until it says ready and lists the personas."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.said.append(line.rstrip())
            if "A persona to sign in as" in line:
                self.said.append(self.process.stdout.readline().rstrip())
                return
        pytest.fail("the run ended before it was ready:\n" + "\n".join(self.said))

    def get(self) -> dict[str, Any]:
        """Ask the web part who it is; empty while it does not answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
            connection.request("GET", "/readyz")
            response = connection.getresponse()
            if response.status == 200:
                return dict(json.loads(response.read()))
        return {}

    def pid_of(self, word: str) -> int:
        """The direct child of the supervisor whose command line has the word; 0 when there is none."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii")
        for pid in children.split():
            with contextlib.suppress(OSError):
                if word in Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0"):
                    return int(pid)
        return 0

    def wait_for_another(self, word: str, pid: int) -> None:
        """Return once a process other than ``pid`` has that word in its command line."""
        wait_for(lambda: self.pid_of(word) not in (0, pid), f"a new {word}")


@contextmanager
def started(clone: Clone) -> Iterator[Run]:
    """A run that is ready; nothing of it is left afterwards."""
    run = Run(clone)
    try:
        run.wait_until_ready()
        yield run
    finally:
        run.process.kill()
        run.process.communicate()
        for pid in marked_pids(clone.state.identity()):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

"""The parts of a running platform: web, worker, beat. Each is one process with descendants of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from sutg.local.paths import REPOSITORY, State
from sutg.local.processes import die_with_parent

_FIRST_WAIT = 0.5
_LONGEST_WAIT = 15.0
_HEALTHY_AFTER = 20.0  # seconds a part must live for its earlier deaths to be forgotten
_LOG_LIMIT = 20_000_000


@dataclass
class Part:
    """One supervised process, started again when it dies, with a growing pause between tries."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    deaths: int = 0
    started_at: float = 0.0
    due_at: float = 0.0

    @property
    def pid(self) -> int | None:
        """Process number while it lives."""
        return self.process.pid if self.process else None

    def start(self) -> None:
        """Start the part, its output going to its own log."""
        with self.log.open("ab") as log:
            self.process = spawn(self.command, self.environment, log)
        self.started_at = time.monotonic()

    def collect_death(self) -> str | None:
        """Return how the part ended when it did since last asked, having cleared up its descendants; else None."""
        if self.process is None or not _has_ended(self.process.pid):
            return None
        # Before the number is given back: descendants share the group, and no stranger can.
        signal_group(self.process.pid, signal.SIGKILL)
        code = self.process.wait()
        self.process = None
        now = time.monotonic()
        self.deaths = 1 if now - self.started_at > _HEALTHY_AFTER else self.deaths + 1
        self.due_at = now + self.pause
        return f"signal {-code}" if code < 0 else f"exit code {code}"

    @property
    def pause(self) -> float:
        """Seconds between the last death and the next start."""
        return float(min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** max(0, self.deaths - 1)))

    def keep_log_small(self) -> None:
        """Move a long log aside; parts append, so that emptying the file under them loses nothing written later."""
        if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT:
            self.log.with_suffix(".log.1").write_bytes(self.log.read_bytes())
            os.truncate(self.log, 0)

    def last_words(self, lines: int = 12) -> str:
        """The end of the log, indented."""
        return tail(self.log, lines)


def spawn(command: list[str], environment: dict[str, str], log: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start a process in a group of its own, that ends when this process does."""
    return subprocess.Popen(
        command,
        cwd=REPOSITORY,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        # Of its own, so that Ctrl-C reaches this process alone, which then stops the parts in order.
        start_new_session=True,
        preexec_fn=die_with_parent,
    )


def signal_group(pid: int, number: signal.Signals) -> None:
    """Send a signal to a process and its descendants."""
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):
        return


def tail(log: Path, lines: int) -> str:
    """Last lines of a log file, indented."""
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 20_000))
        said = file.read().decode("utf-8", "replace").splitlines()
    return "\n".join(f"    {line}" for line in said[-lines:])


def build_parts(state: State, environment: dict[str, str]) -> list[Part]:
    """Return the parts in the order in which they start."""
    # Always through the interpreter: console scripts name it in a first line that spaces and long paths break.
    python = [sys.executable, "-m"]
    celery = [*python, "celery", "-A", "sutg"]
    commands = {
        "web": [
            *[*python, "granian", "--interface", "wsgi", "sutg.wsgi:application"],
            *["--host", "127.0.0.1", "--port", environment["PORT"], "--no-ws"],
            *["--workers", "2", "--blocking-threads", "4", "--backpressure", "64"],
            *["--respawn-failed-workers", "--respawn-interval", "1", "--workers-kill-timeout", "4"],
        ],
        "worker": [
            *celery,
            "worker",
            "--loglevel",
            "INFO",
            "--concurrency",
            "2",
            "--hostname",
            "worker@localhost",
        ],
        # No pid file: one left by kill -9 would keep the scheduler from starting, and the run lock does its job.
        "beat": [*celery, "beat", "--loglevel", "INFO", "--pidfile="],
    }
    return [
        Part(name=name, command=command, environment=environment, log=state.logs / f"{name}.log")
        for name, command in commands.items()
    ]


def stop_all(parts: list[Part], *, patience: float) -> None:
    """Ask every part to finish what it is doing; insist after ``patience`` seconds."""
    living = [part for part in parts if part.process]
    for part in living:
        _signal(part, signal.SIGTERM)
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and any(part.process for part in living):
        for part in living:
            part.collect_death()
        time.sleep(0.02)
    for part in living:
        if part.process:
            signal_group(part.process.pid, signal.SIGKILL)
            part.process.wait()
            part.process = None


def _signal(part: Part, number: signal.Signals) -> None:
    if part.process and not _has_ended(part.process.pid):
        part.process.send_signal(number)


def _has_ended(pid: int) -> bool:
    # Looked at without reaping, so that the number stays ours until the group has been dealt with.
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

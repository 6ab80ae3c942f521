"""Other processes: who they are, and ending the right ones.

A process number alone proves nothing, because numbers are used again. A process of ours is known by a marker in its
environment, which its descendants inherit however they are re-parented.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

MARKER = "SUTG_SUPERVISED_BY"
_PR_SET_PDEATHSIG = 1
_PROC = Path("/proc")


def command_line(pid: int) -> str:
    """Return the command line of a running process, or an empty string when there is none."""
    try:
        return (_PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "surrogateescape")
    except OSError:
        if _PROC.is_dir():
            return ""
    command = ["ps", "-ww", "-p", str(pid), "-o", "command="]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def pids_in_folder(folder: Path) -> list[int]:
    """Processes whose working directory is the folder: the postmaster and its backends, for a data folder."""
    return [pid for pid in _all_pids() if _link(_PROC / str(pid) / "cwd") == str(folder)]


def marked_pids(marker: str) -> list[int]:
    """Processes that a supervisor with this marker started, and their descendants; never this process itself."""
    wanted = f"{MARKER}={marker}".encode()
    found = []
    for pid in _all_pids():
        try:
            environment = (_PROC / str(pid) / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if wanted in environment and pid != os.getpid():
            found.append(pid)
    return found


def end_marked(marker: str, *, grace: float) -> int:
    """Ask the marked processes to end, insist after ``grace`` seconds, and return how many there were."""
    leftovers = marked_pids(marker)
    for pid in leftovers:
        _signal(pid, signal.SIGTERM)
    deadline = time.monotonic() + grace
    while marked_pids(marker) and time.monotonic() < deadline:
        time.sleep(0.05)
    for pid in marked_pids(marker):
        _signal(pid, signal.SIGKILL)
    return len(leftovers)


def die_with_parent() -> None:
    """Ask the kernel to end this process when the one that started it ends; Linux only, elsewhere nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)


def _all_pids() -> list[int]:
    if not _PROC.is_dir():
        return []
    return [int(entry) for entry in os.listdir(_PROC) if entry.isdigit()]


def _link(path: Path) -> str:
    try:
        return os.readlink(path)
    except OSError:
        return ""


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return

"""What must hold before anything is started; each refusal is one sentence that says what to do."""

from __future__ import annotations

import errno
import os
import shutil
import socket
from pathlib import Path

from sutg.local import locks
from sutg.local.errors import LocalError
from sutg.local.paths import State

NEEDED_SPACE = 500_000_000


def free_space(folder: Path) -> int:
    """Bytes free on the disk of a folder."""
    return shutil.disk_usage(folder).free


def require_space(folder: Path) -> None:
    """Refuse when the disk is nearly full: PostgreSQL stops hard when it cannot write."""
    free = free_space(folder)
    if free < NEEDED_SPACE:
        msg = (
            f"The disk is full: {folder} has {free // 1_000_000} MB free and {NEEDED_SPACE // 1_000_000} MB "
            "are needed; free some and run it again."
        )
        raise LocalError(msg)


def require_port(text: str) -> int:
    """Return the port to serve on, once it is known to be free."""
    if not text.isdigit() or not 0 < int(text) < 65536:
        msg = f"PORT is “{text}”; it must be a number from 1 to 65535."
        raise LocalError(msg)
    port = int(text)
    fault = _try_port(port)
    if fault == errno.EADDRINUSE:
        another = next((other for other in range(port + 1, port + 50) if not _try_port(other)), port + 1)
        msg = f"Port {port} is taken by another program: stop that, or choose another with PORT={another} make run."
        raise LocalError(msg)
    if fault:
        msg = f"Port {port} cannot be used ({os.strerror(fault)}): choose another, such as PORT=8000 make run."
        raise LocalError(msg)
    return port


def require_single_run(state: State) -> int:
    """Return the run lock's descriptor; refuse when another run holds this state folder."""
    path = state.lock("run")
    descriptor = locks.acquire_soon(path)
    if descriptor is None:
        holder = locks.read_holder(path) or "of unknown number"
        msg = (
            f"Another run (process {holder}) holds the data in {state.root}: stop it first, "
            "or give this one a folder of its own with SUTG_STATE_DIR=…"
        )
        raise LocalError(msg)
    locks.note_holder(descriptor)
    return descriptor


def _try_port(port: int) -> int:
    """Return 0 when the port can be bound, else the error number."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OverflowError:
            return errno.EADDRNOTAVAIL
        except OSError as error:
            return error.errno or errno.EADDRNOTAVAIL
    return 0

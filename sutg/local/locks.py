"""Advisory file locks. The kernel lets go of them when a process ends, however it ends, so none is ever stale."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def acquire(path: Path, *, shared: bool = False, wait: bool = True) -> int | None:
    """Take the lock and return its descriptor, to be kept open; None when it is taken and ``wait`` is false."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    mode = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    try:
        fcntl.flock(descriptor, mode if wait else mode | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def acquire_soon(path: Path, *, patience: float = 1.0) -> int | None:
    """Take the lock within a moment: whoever looks whether it is held holds it for the instant of looking."""
    deadline = time.monotonic() + patience
    while (descriptor := acquire(path, wait=False)) is None and time.monotonic() < deadline:
        time.sleep(0.02)
    return descriptor


def is_held(path: Path) -> bool:
    """Whether some process holds the lock exclusively at this moment."""
    descriptor = acquire(path, shared=True, wait=False)
    if descriptor is None:
        return True
    os.close(descriptor)
    return False


def note_holder(descriptor: int) -> None:
    """Write this process's number into the lock file, for the sentence that the next one will say."""
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode("ascii"), 0)


def read_holder(path: Path) -> str:
    """Return the number that the holder noted, or an empty string."""
    try:
        return path.read_text(encoding="ascii").strip()
    except OSError:
        return ""


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold the lock for a block."""
    descriptor = acquire(path)
    try:
        yield
    finally:
        if descriptor is not None:
            os.close(descriptor)

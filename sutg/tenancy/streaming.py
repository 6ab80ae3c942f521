"""Answers too long to hold in memory, read inside a scoped transaction of their own."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from typing import Self

from django.db import transaction

from sutg.tenancy import scope as scopes

_IN_MEMORY = 1 << 20
_CHUNK = 1 << 16


def stream(scope: scopes.Scope, lines: Callable[[], Iterable[bytes]], *, using: str = "default") -> Iterator[bytes]:
    """Write what ``lines()`` yields to a temporary file inside one scoped transaction, then hand it out in chunks.

    A streaming response is read after the view has returned, when its transaction and scope are gone, and at the speed
    of the slowest client. So the rows are read first, in one snapshot, and neither connection nor scope waits for the
    client. The file has no name and vanishes with the process.
    """
    spool = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  closed when it has been read
    try:
        with scopes.enter(scope), transaction.atomic(using=using):
            for line in lines():
                spool.write(line)
        spool.seek(0)
    except BaseException:
        spool.close()
        raise
    return _Chunks(spool)


class _Chunks:
    """The file in chunks; closed when it was read or given up, even by a client that left before the first chunk."""

    def __init__(self, spool: tempfile.SpooledTemporaryFile[bytes]) -> None:
        self._spool = spool

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        chunk = b"" if self._spool.closed else self._spool.read(_CHUNK)
        if not chunk:
            self.close()
            raise StopIteration
        return chunk

    def close(self) -> None:
        """Called by Django's response, too."""
        self._spool.close()

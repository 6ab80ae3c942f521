"""What can go wrong on one machine, as sentences for the person at the keyboard."""

from __future__ import annotations

import errno


class LocalError(Exception):
    """Something the person can put right; the message is one sentence that says what and how."""


DISK_FULL = "The disk is full: free some space, then run the same command again; nothing stored is lost."


def explain(error: OSError) -> LocalError | None:
    """Return the sentence for an operating system error that has a plain cause, else None."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return LocalError(DISK_FULL)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS) and error.filename:
        return LocalError(
            f"{error.filename} cannot be written by this user: give it back to the user you are, "
            "or set SUTG_STATE_DIR to a folder of your own."
        )
    return None
